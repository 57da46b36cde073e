"""One spelling for each word: no accents, Greek letters spelt, one English, the stem alone."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache
from typing import Any

import snowballstemmer

LONGEST = 64
"""So many letters of a word are looked at."""

GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψω",
        (
            "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi "
            "rho sigma tau upsilon phi chi psi omega"
        ).split(),
        strict=True,
    )
) | {"ς": "sigma"}
# Letters that no decomposition takes apart.
LETTERS = {"ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ł": "l", "\u0131": "i", "þ": "th", "ð": "d"}
DASHES = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d")
APOSTROPHES = frozenset("'\u2019\u02bc\uff07")
MICRO = "\u00b5"
SPACE = " "

_ENGLISH = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        # British letters that American English leaves out.
        (r"haem(?!as)", "hem"),
        (r"aemi", "emi"),
        (r"aemc", "emc"),
        (r"oedem", "edem"),
        (r"oesoph", "esoph"),
        (r"oestr", "estr"),
        (r"p(a)ed(i|o)", r"ped\2"),
        (r"rrhoe", "rrhe"),
        (r"pnoe", "pne"),
        (r"f(?:o)et(us|al|o)", r"fet\1"),
        (r"coeli", "celi"),
        (r"(^|an|gyn)aest", r"\1est"),
        (r"gynaec", "gynec"),
        (r"aetiol", "etiol"),
        (r"c(a)es(ar|iu)", r"ces\2"),
        (r"f(a)ec", "fec"),
        (r"homoeo", "homeo"),
        (r"manoeuv(re|er)", "maneuver"),
        (r"leuc(?=[ao])", "leuk"),
        (r"sulph", "sulf"),
        (r"(tum|col|fav|behavi|lab|neighb|hon|vap|od|rig|vig|arm)our", r"\1or"),
        (r"^(cent|lit|tit|fib|millilit|microlit|decilit)re(s|d)?$", r"\1er\2"),
        (r"(anal|catal|dial|homol)ogue", r"\1og"),
        (r"(label|model|channel|signal|cancel|counsel|travel)l(ed|ing|er)", r"\1\2"),
        (r"^(re)?enrol(?!l)", r"\1enroll"),
        (r"^programme", "program"),
        (r"^defence", "defense"),
        (r"^age(?=ing$)", "ag"),
        (r"([a-z]{2})is(e[sdr]?|ing|ations?|able)$", r"\1iz\2"),
        # Greek plurals.
        (r"^(\w*)analy[sz](?:e[sdr]?|ing|is)$", r"\1analysis"),
        (r"(diagn|progn|thromb|psych|neur|cirrh|fibr|necr|sten|apopt|tubercul)oses$", r"\1osis"),
        (r"metastases$", "metastasis"),
    )
)
# None of these patterns bears on a word without one of these: most words are not looked at twice.
_BRITISH = re.compile(
    r"[ao]e|oe|leuc|sulph|our|re[sd]?$|ogue|ll(?:ed|ing|er)|enrol|programme|defence|ageing"
    r"|[iy][sz]|oses$|ases$"
)

_stemmers = threading.local()


@lru_cache(maxsize=100_000)
def spell(word: str) -> str:
    """Return the one English spelling of a word of [a-z0-9]."""
    if _BRITISH.search(word):
        for pattern, instead in _ENGLISH:
            word = pattern.sub(instead, word)
    return word


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return the stem of a word of [a-z0-9] in its one spelling; one with digits is its own."""
    if not word.isalpha():
        return word
    return str(_stemmer().stemWord(word))


def _stemmer() -> Any:
    # A stemmer keeps the word that it works on: each thread has its own.
    found = getattr(_stemmers, "english", None)
    if found is None:
        found = _stemmers.english = snowballstemmer.stemmer("english")
    return found


@lru_cache(maxsize=4096)
def _folded(letter: str) -> str:
    """Return what a character is read as: [a-z0-9]*, a hyphen, an apostrophe or a space.

    A Greek letter stands between hyphens; what only marks the letter before it is nothing.
    """
    if letter in DASHES:
        return "-"
    if letter in APOSTROPHES:
        return "'"
    if letter == MICRO:
        return "u"
    plain = ""
    for one in unicodedata.normalize("NFKD", letter.casefold()):
        if one in GREEK:
            plain += f"-{GREEK[one]}-"
        elif one in LETTERS:
            plain += LETTERS[one]
        elif one.isascii():
            plain += one.lower()
        elif not _is_silent(one):
            plain += SPACE
    return plain if plain or _is_silent(letter) or _is_marked(letter) else SPACE


def _is_silent(letter: str) -> bool:
    """Say whether a character only marks the one before it, or is not seen."""
    return unicodedata.category(letter) in {"Mn", "Me", "Cf"}


def _is_marked(letter: str) -> bool:
    return all(_is_silent(one) for one in unicodedata.normalize("NFKD", letter.casefold()))


def fold(text: str) -> tuple[str, list[int] | None]:
    """Return a text in ASCII's lower case, and where in the text each character of it stood.

    None in place of the places: each where it stands now.
    """
    if text.isascii():
        return text.lower(), None
    folded: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        one = letter.lower() if letter.isascii() else _folded(letter)
        folded.append(one)
        places.extend([place] * len(one))
    return "".join(folded), places
