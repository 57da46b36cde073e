"""References as programs for literature read them: RIS and BibTeX, from plain values to text."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

from evidence.templatetags.names import GENERATIONS, family_name


class Medium(StrEnum):
    """What sort of thing is referred to."""

    ARTICLE = "article"
    PAGE = "page"
    DATA = "data"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """One thing that can be cited; empty and None stand for what is not known of it.

    `authors` are as printed. `key` names it among others; of it only letters, digits, hyphens and
    full stops are written. `edition` and `read_on` are of what we publish ourselves.
    """

    medium: Medium
    key: str
    title: str
    authors: tuple[str, ...] = ()
    container: str = ""
    year: int | None = None
    published_on: dt.date | None = None
    volume: str = ""
    first_page: str = ""
    doi: str = ""
    pmid: int | None = None
    pmcid: str = ""
    registered_as: str = ""
    url: str = ""
    publisher: str = ""
    edition: str = ""
    note: str = ""
    read_on: dt.date | None = None


RIS_TYPES = {
    Medium.ARTICLE: "JOUR",
    Medium.PAGE: "ELEC",
    Medium.DATA: "DATA",
    Medium.OTHER: "GEN",
}
BIBTEX_TYPES = {Medium.ARTICLE: "article"}
AND = re.compile(r"\band\b", re.IGNORECASE)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
BIBTEX_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        # BibTeX counts braces, also those that TeX would not see: `\{` alone swallows what follows.
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "%": r"\%",
        "&": r"\&",
        "_": r"\_",
        "$": r"\$",
        "#": r"\#",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)
NOT_IN_KEYS = re.compile(r"[^A-Za-z0-9.-]+")
# All that RFC 3986 lets stand in an address, so that only what it does not is written otherwise.
IN_ADDRESSES = ":/?#[]@!$&'()*+,;=%"


def as_ris(references: Iterable[Reference]) -> str:
    """Write references as RIS: a tag and a value a line, lines ended by CR and LF."""
    return "".join(_ris(one) for one in references)


def as_bibtex(references: Iterable[Reference]) -> str:
    """Write references as BibTeX in UTF-8; a key that comes again gets a number."""
    seen: Counter[str] = Counter()
    written = []
    for one in references:
        key = _key(one)
        seen[key] += 1
        again = f"-{seen[key]}" if seen[key] > 1 else ""
        written.append(_bibtex(one, key=key + again))
    return "\n".join(written)


def _key(one: Reference) -> str:
    """Give the key of a reference; registries' numbers may hold what would end it."""
    return NOT_IN_KEYS.sub("-", one.key).strip("-")


def inverted(author: str) -> str:
    """Put the family name before a comma: "Abrams DI" is "Abrams, D. I."; a group stays whole."""
    family = family_name(author)
    if "," in author or family == author.strip():
        return author.strip()
    parts = author.split()
    after = parts.pop() if parts[-1] in GENERATIONS else ""
    name = " ".join(parts)
    given = name.removeprefix(family).strip() if name.startswith(f"{family} ") else ""
    if given:
        given = " ".join(f"{letter}." for letter in re.sub(r"[^\w]", "", given))
    else:
        given = name.removesuffix(family).strip()
    return ", ".join(part for part in (family, given, after) if part)


def is_group(author: str) -> bool:
    """Say whether an author is a group of people or an institution, and has no given name."""
    return "," not in inverted(author)


def _ris(one: Reference) -> str:
    lines = [("TY", RIS_TYPES[one.medium]), ("ID", _key(one))]
    lines += [("AU", inverted(author)) for author in one.authors]
    lines += [
        ("TI", one.title),
        ("T2", one.container),
        ("PY", str(one.year or "")),
        ("DA", _slashed(one.published_on)),
        ("VL", one.volume),
        ("SP", _page(one)),
        ("ET", one.edition),
        ("PB", one.publisher),
        ("DO", one.doi),
        ("AN", str(one.pmid or one.registered_as)),
        ("DB", "PubMed" if one.pmid else ""),
        ("C2", one.pmcid),
        ("UR", one.url),
        ("Y2", _slashed(one.read_on)),
        ("N1", one.note),
    ]
    written = [f"{tag}  - {text}" for tag, value in lines if (text := in_one_line(value))]
    return "\r\n".join([*written, "ER  - ", "", ""])


def _page(one: Reference) -> str:
    """Give the first page; a repository's handle, which stands for one with us, is none."""
    return "" if "/" in one.first_page else one.first_page


def _slashed(day: dt.date | None) -> str:
    """Write a day as RIS does: year, month and day, and nothing after the last slash."""
    return f"{day:%Y/%m/%d}/" if day else ""


def _bibtex(one: Reference, *, key: str) -> str:
    kind = BIBTEX_TYPES.get(one.medium, "misc") if one.container else "misc"
    fields = [f"  {name} = {value}" for name, value in _fields(one, kind=kind)]
    return f"@{kind}{{{key},\n" + ",\n".join(fields) + "\n}\n"


def _fields(one: Reference, *, kind: str) -> Iterator[tuple[str, str]]:
    # A second pair of braces keeps the capitals of "IL-2" and "HIV".
    yield "title", f"{{{{{_escaped(one.title)}}}}}"
    if one.authors:
        yield "author", f"{{{' and '.join(map(_author, one.authors))}}}"
    said = [
        ("journal" if kind == "article" else "howpublished", one.container),
        ("year", str(one.year or "")),
        ("volume", one.volume),
        ("pages", _page(one)),
        ("edition", one.edition),
        ("publisher", one.publisher),
    ]
    for name, value in said:
        if value:
            yield name, f"{{{_escaped(value)}}}"
    if one.published_on:
        yield "month", MONTHS[one.published_on.month - 1]
    # Addresses stand as they are: whoever prints them reads them letter by letter.
    for name, value in (("doi", one.doi), ("url", one.url)):
        if value:
            yield name, f"{{{_address(value)}}}"
    for name, value in (
        ("pmid", str(one.pmid or "")),
        ("pmcid", one.pmcid),
        ("urldate", one.read_on.isoformat() if one.read_on else ""),
        ("note", one.note),
    ):
        if value:
            yield name, f"{{{_escaped(value)}}}"


def _author(author: str) -> str:
    name = _escaped(inverted(author))
    # Without braces "and" would begin the next author.
    return f"{{{name}}}" if is_group(author) or AND.search(name) else name


def _address(text: str) -> str:
    return quote(in_one_line(text), safe=IN_ADDRESSES)


def _escaped(text: str) -> str:
    return in_one_line(text).translate(BIBTEX_ESCAPES)


def in_one_line(text: str) -> str:
    """Write a text in one line, without the characters that only steer a machine."""
    kept = "".join(" " if _only_steers(one) else one for one in text)
    return " ".join(kept.split())


def _only_steers(character: str) -> bool:
    # XML has no place for the last two either, and feeds are made of the same lines.
    return unicodedata.category(character) in ("Cc", "Cs") or character in "\ufffe\uffff"
