"""When two names, titles or times are the same, however they are spelt."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from django.db import models

from evidence.listing.synonyms import SAME

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

UNITS = {
    "day": 1.0,
    "week": 7.0,
    "wk": 7.0,
    "month": 30.4,
    "mo": 30.4,
    "year": 365.25,
    "yr": 365.25,
}
AMOUNT = r"(\d+(?:[.,]\d+)?)"
UNIT = rf"({'|'.join(UNITS)})s?\b"
TIMES = re.compile(rf"{AMOUNT}[\s-]*{UNIT}|\b{UNIT}[\s-]*{AMOUNT}", re.IGNORECASE)
# A median of 7 years in a paper is one of 7.6 in a later posting; week 24 is six months.
NEARLY_THEN = 0.9


@dataclass(frozen=True)
class Alike:
    """A row that may be the same thing, and the sentence that says in what."""

    row: models.Model
    sentence: str


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


def same_time(one: str, other: str) -> bool:
    """Say whether two time points may be one: nearly as long, worded alike, or one not given."""
    if not one or not other or same_name(one, other):
        return True
    return any(
        min(mine, theirs) >= NEARLY_THEN * max(mine, theirs)
        for mine in _days(one)
        for theirs in _days(other)
    )


def _days(text: str) -> list[float]:
    found = [match.groups("") for match in TIMES.finditer(text)]
    return [
        float((amount or later_amount).replace(",", ".")) * UNITS[(unit or first_unit).lower()]
        for amount, unit, first_unit, later_amount in found
    ]
