"""Parts of a citation as they are printed: authors, pages, years and dates."""

from __future__ import annotations

import re

from evidence.registries import texts
from evidence.registries.ids import doi
from evidence.registries.records import Unreadable

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

E_MAIL = re.compile(r"\S+@\S+\.\S+")
YEAR = re.compile(r"(?<![0-9])(?:1[89]|20|21)[0-9]{2}(?![0-9])")
PMCID = re.compile(r"(?:PMC)?([0-9]{1,9})(?:\.[0-9]+)?", re.IGNORECASE)
PAGE = re.compile(r"[^\s,;\u2010-\u2015-]+")
DOI = re.compile(r"10\.[0-9]{4,9}/\S+")
INITIAL = re.compile(r"[^\W\d_]")
# "N Engl J Med. 2012 Jul 12;367(2):171" and "Lancet. 2010 Feb 6"
PRINTED_DATE = re.compile(
    r"(?<![0-9])((?:19|20|21)[0-9]{2})"
    r"(?:[ /-]([A-Za-z]{3}|[0-9]{1,2})(?:[ /-]([0-9]{1,2}))?)?(?![0-9])"
)


def printed(value: object) -> str | None:
    """Return one line of text without e-mail addresses; None for nothing."""
    found = texts.line(value)
    return texts.line(E_MAIL.sub("", found)) if found and "@" in found else found


def decoded(data: bytes) -> str:
    """Return text that is UTF-8, with or without a byte order mark; Unreadable for any other."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"Line {line} is not UTF-8 text.") from None


def author(family: object, given: object = None, suffix: object = None) -> str | None:
    """Return an author as PubMed prints one: `Davey RT Jr`; given names or initials alike."""
    name = printed(family)
    if name is None:
        return None
    parts = (name, initials(printed(given) or ""), printed(suffix))
    return " ".join(part for part in parts if part)


def initials(given: str) -> str:
    """Return the initials of given names: `Jean-David F.` has JDF; initials stay as they are."""
    if given.isupper() and given.isalpha() and len(given) <= 4:
        return given
    words = re.split(r"[\s.\u2010-]+", given)
    return "".join(found[0].upper() for word in words if (found := INITIAL.search(word)))


def first_page(pages: object) -> str | None:
    """Return the first page of `113-25`, `e47506` or `S12; discussion S13`."""
    found = PAGE.search(texts.line(pages) or "")
    return found[0] if found else None


def year(value: object) -> int | None:
    """Return the first year in a text: of `1998 Dec-1999 Jan`, 1998."""
    found = YEAR.search(texts.line(value) or "")
    return int(found[0]) if found else None


def pmcid(value: object) -> str | None:
    """Return `PMC2869083`, given with or without its letters or a version; None for any other."""
    found = PMCID.fullmatch(texts.line(value) or "")
    return f"PMC{found[1]}" if found else None


def date(value: object) -> str | None:
    """Return the first date that a citation prints, as precise as it is; None for none."""
    found = PRINTED_DATE.search(texts.line(value) or "")
    if found is None:
        return None
    parts = (found[1], _month(found[2] or ""), (found[3] or "").zfill(2))
    for known in (3, 2, 1):
        if day := texts.partial_date("-".join(parts[:known])):
            return day
    return None


def day(*parts: object) -> str | None:
    """Return the date of a year, a month and a day, the last two as far as they are known."""
    words = [str(part) for part in parts if part is not None]
    return date(" ".join(words)) if words else None


def doi_in(citation: str | None) -> str | None:
    """Return the first DOI that a citation prints; None for none."""
    found = DOI.search(citation or "")
    return doi(found[0].rstrip(".,;:)]>")) if found else None


def title(value: object) -> str | None:
    """Return a title without its last full stop, as the site prints titles."""
    found = printed(value)
    return found.removesuffix(".") if found and not found.endswith("..") else found


def _month(word: str) -> str:
    if word.isdigit():
        return word.zfill(2)
    name = word.lower()
    return f"{MONTHS.index(name) + 1:02}" if name in MONTHS else "00"
