"""What a file holds, told from how it begins, never from its name."""

from __future__ import annotations

import re
from enum import Enum

from evidence.registries.opened import NotRead


class Kind(Enum):
    """The kinds of file that are read."""

    JSON = "JSON"
    LEGACY_XML = "legacy XML of ClinicalTrials.gov"
    ICTRP_XML = "XML of the WHO's ICTRP"
    PUBMED_XML = "XML of PubMed"
    MEDLINE = "MEDLINE text"
    RIS = "a citation file (RIS)"


ROOTS = {
    "clinical_study": Kind.LEGACY_XML,
    "Trials_downloaded_from_ICTRP": Kind.ICTRP_XML,
    "PubmedArticleSet": Kind.PUBMED_XML,
    "PubmedBookArticleSet": Kind.PUBMED_XML,
    "PubmedArticle": Kind.PUBMED_XML,
    "PubmedBookArticle": Kind.PUBMED_XML,
}

# How files begin that are no text, or text that has to be made anew.
SIGNS: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x1f\x8b", "a gzip file inside a gzip file"),
    (b"\xfd7zXZ\x00", "packed with xz"),
    (b"BZh", "packed with bzip2"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"(\xb5/\xfd", "packed with zstd"),
    (b"Rar!", "a rar archive"),
    (b"%PDF", "a PDF"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
)
UNPACK = ("packed", "archive", "gzip")
# A mark of four bytes begins with that of two.
WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
BOM = b"\xef\xbb\xbf"
TAR = (257, b"ustar")

_BEFORE_ROOT = re.compile(
    r"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>|\s+", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile(r"<([^\s<>/]+)")
_MEDLINE = re.compile(r"(?:[A-Z]{2,4} {0,2}- ?[^\n]*\n(?: +[^\n]*\n)*){0,30}?PMID {0,2}- ?[0-9]")
_RIS = re.compile(r"^TY {0,2}- ?[A-Z]{3,6}\s*$", re.MULTILINE)
MOST_IN_PROSE = 4
"""More commas, or the like, than a first line of text has."""
_SEPARATORS = (",", "\t", ";", "|")


def kind_of(beginning: bytes) -> Kind:
    """Tell what a file is by its first bytes; NotRead, in words, where it is nothing known."""
    head = beginning.removeprefix(BOM)
    if beginning.startswith(WIDE) or b"\x00" in head[:4].strip(b"\x00") or _is_wide(head):
        raise NotRead("It is written in UTF-16 or UTF-32; save it as UTF-8.")
    for sign, words in SIGNS:
        if head.startswith(sign):
            raise NotRead(_no(words))
    if head[TAR[0] :].startswith(TAR[1]):
        raise NotRead(_no("a tar archive"))
    if b"\x00" in head:
        raise NotRead("It is a binary file, not text.")
    text = head.decode(errors="replace").lstrip()
    if not text:
        raise NotRead("It is empty.")
    if text[0] == "<":
        return _of_xml(text)
    return Kind.JSON if text[0] in "{[" else _of_text(text)


def _is_wide(head: bytes) -> bool:
    """Say whether every other byte is nothing, as in UTF-16 without a mark."""
    first = head[:64]
    return len(first) > 3 and (not any(first[1::2]) or not any(first[::2]))


def _no(words: str) -> str:
    unpack = " Unpack it first." if any(word in words for word in UNPACK) else ""
    return f"It is {words}, which is not read.{unpack}"


def _of_xml(text: str) -> Kind:
    place = 0
    while found := _BEFORE_ROOT.match(text, place):
        place = found.end()
    if "<!ENTITY" in text[: place + 1000].upper():
        raise NotRead("This XML declares entities of its own; such XML is not read.")
    root = _TAG.match(text, place)
    name = root[1] if root else ""
    if name.lower() in {"html", "head", "body", "!doctype"}:
        raise NotRead("This is a web page (HTML), not a file of records.")
    if name not in ROOTS:
        about = f"XML of the kind “{name[:60]}”" if root else "XML without a beginning"
        raise NotRead(f"It is {about}, which is not read.")
    return ROOTS[name]


def _of_text(text: str) -> Kind:
    if _MEDLINE.match(text):
        return Kind.MEDLINE
    if _RIS.search(text[:4096]):
        return Kind.RIS
    raise NotRead(_looks_like(text))


def _looks_like(text: str) -> str:
    """Say what a text that is not read seems to be."""
    if "EudraCT Number:" in text:
        return "This is a download of the EU Clinical Trials Register, whose format is not read."
    first, _, rest = text.partition("\n")
    second = rest.partition("\n")[0]
    for separator in _SEPARATORS:
        cells = first.count(separator)
        if cells > MOST_IN_PROSE or 0 < cells <= second.count(separator):
            return (
                "It is a table (CSV), which leaves out what is needed; "
                "download the same as JSON or XML."
            )
    return "It is text in no format that is read."
