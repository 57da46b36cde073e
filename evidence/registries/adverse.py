"""When two terms for an adverse event are one: the same words in another spelling or order.

Nothing is guessed by likeness. A term has one normal form, or two where a comma turns it round, and
two terms are one where they share a form: `Infection, viral` and `Viral infections`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

# British into American, part by part, in every word alike: neither side is left as it was.
SPELLINGS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), american)
    for pattern, american in (
        ("[ao]e", "e"),  # oedema, haemorrhage, diarrhoea, anaemia
        ("our$", "or"),  # tumour
        ("is(e|ed|ing|ation)$", r"iz\1"),  # generalised
        ("sulph", "sulf"),
        ("leuc", "leuk"),  # leucopenia
    )
)
# The plural's ending and what stands in its place, the first that fits.
PLURALS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), singular)
    for pattern, singular in (
        ("(ss|us|is)$", r"\1"),  # illness, thrombus, thrombosis: none of them is a plural
        ("oses$", "osis"),
        ("ies$", "y"),
        ("(ss|sh|ch|x)es$", r"\1"),
        ("s$", ""),
    )
)
WORD = re.compile(r"[^\W_]+")
# CTCAE's own way to say "none of the above": it names no effect.
CATCH_ALL = re.compile(r"\bother,\s*specify\s*$", re.IGNORECASE)
APOSTROPHES = re.compile("['\u2019\u02bc]")


def forms(term: str) -> tuple[str, ...]:
    """Return the normal forms of a term: as it stands and, around one comma, turned round.

    None of CTCAE's `… - Other, specify`, which may be anything.
    """
    if CATCH_ALL.search(term):
        return ()
    found = [normal(term)]
    head, comma, tail = term.partition(",")
    if comma and "," not in tail:
        found.append(normal(f"{tail} {head}"))
    return tuple(form for form in dict.fromkeys(found) if form)


def normal(text: str) -> str:
    """Return a text without case, accents, hyphens, blanks, plurals and British spelling."""
    folded = unicodedata.normalize("NFKD", APOSTROPHES.sub("", text).casefold())
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    # Without blanks: flu-like, flu like and flulike are one word.
    return "".join(_word(word) for word in WORD.findall(plain))


def names_of(effects: Iterable[tuple[int, Iterable[str]]]) -> dict[str, int]:
    """Return the effect of each normal form, from the key of each effect with its names.

    A form that two effects share names neither.
    """
    found: dict[str, int | None] = {}
    for key, names in effects:
        for form in {form for name in names for form in forms(name)}:
            found[form] = key if found.get(form, key) == key else None
    return {form: key for form, key in found.items() if key is not None}


def match(term: str, names: Mapping[str, int]) -> int | None:
    """Return the effect that a term names, by the forms of `names_of`; None for none or several."""
    found = {names[form] for form in forms(term) if form in names}
    return found.pop() if len(found) == 1 else None


def _word(word: str) -> str:
    for pattern, singular in PLURALS:
        if pattern.search(word):
            word = pattern.sub(singular, word)
            break
    for pattern, american in SPELLINGS:
        word = pattern.sub(american, word)
    return word
