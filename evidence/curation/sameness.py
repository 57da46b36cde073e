"""When two names or titles are the same: case, punctuation, hyphens and spellings left aside."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from evidence.listing.text import SAME

KEPT_IN_MIND = 8192
SPELLINGS = tuple(
    (
        re.compile(
            "|".join(
                rf"(?<!\w){re.escape(spelling)}(?!\w)"
                for spelling in sorted(group, key=len, reverse=True)
            )
        ),
        re.sub(r"\W", "", min(group)),
    )
    for group in SAME
)
DASHES = re.compile("[\u2010-\u2015\u2212]")
# Words that a text may hold in another spelling.
SPELT_OTHERWISE = {*re.findall("[a-z]+", " ".join(word for group in SAME for word in group))}


@lru_cache(maxsize=KEPT_IN_MIND)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are compared: IL-2, IL2 and interleukin-2 are one."""
    folded = unicodedata.normalize("NFKD", DASHES.sub("-", text)).casefold()
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    for pattern, word in SPELLINGS:
        plain = pattern.sub(word, plain)
    return tuple(re.findall(r"[^\W_]+", plain))


def same_title(one: str, other: str) -> bool:
    """Say whether two texts are the same but for case, punctuation and hyphens."""
    joined = "".join(words(one))
    return joined != "" and joined == "".join(words(other))


def same_name(one: str, other: str) -> bool:
    """Say whether two names are the same, in whatever order their words stand."""
    mine, theirs = words(one), words(other)
    return mine != () and (sorted(mine) == sorted(theirs) or "".join(mine) == "".join(theirs))
