"""Citation files (RIS) of reference managers and publishers to payloads, and these to records."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from evidence.registries import as_printed
from evidence.registries.ids import doi, identifier, pmid
from evidence.registries.parts import lines
from evidence.registries.records import (
    Fault,
    Identifier,
    Payload,
    PublicationRecord,
    StandingNotice,
    Unreadable,
)
from evidence.vocab import PublicationKind, Source, Standing

# "TY  - JOUR"; some programs write one blank or none, a lone carriage return, or "ER  -" alone.
LINE = re.compile(r"([A-Z][A-Z0-9]) {0,2}- ?(.*)")
BREAK = re.compile(r"\r\n?|\n")
PMCID = re.compile(r"PMC[0-9]{1,9}")
LABELLED_PMID = re.compile(r"(?:PMID|PubMed)\D{0,10}([0-9]{1,8})(?![0-9])", re.IGNORECASE)
TRIAL = re.compile(r"NCT[0-9]{8}")
RETRACTED = re.compile(r"\W*RETRACTED\b(?: ARTICLE\b)?", re.IGNORECASE)

# Abstracts, addresses (AD), notes and files are left behind.
KEPT = frozenset(
    "TY TI T1 T2 CT BT JO JF JA J1 J2 AU A1 PY Y1 DA VL SP M1 M2 DO L3 UR AN C2 C6 C7 ID DB".split()
)
KINDS: Mapping[str, str] = {
    "CONF": PublicationKind.CONFERENCE_ABSTRACT,
    "CPAPER": PublicationKind.CONFERENCE_ABSTRACT,
    "ABST": PublicationKind.CONFERENCE_ABSTRACT,
}

NAMELESS = (
    "It has no PMID, DOI or PMCID, nor all of journal, year and first page: add one of the numbers."
)

Fields = dict[str, list[str]]


def payloads(data: bytes) -> Iterator[Payload | Fault]:
    """Yield a payload for every reference of a file, or a fault in its place."""
    try:
        text = as_printed.decoded(data)
    except Unreadable as error:
        yield Fault(about="", sentence=str(error))
        return
    number = 0
    for number, (line, fields, whole) in enumerate(_references(text), start=1):  # noqa: B007
        if not whole:
            yield Fault(about=f"line {line}", sentence="It does not end with ER.")
            continue
        try:
            yield payload(fields)
        except Unreadable as error:
            yield Fault(about=f"line {line}", sentence=str(error))
    if not number:
        yield Fault(about="", sentence="It holds no reference that begins with TY.")


def payload(fields: Mapping[str, object]) -> Payload:
    """Return what is kept of a reference's fields; Unreadable where they make no publication."""
    record = read(fields)
    numbered = record.pmid or record.doi or record.pmcid
    if not numbered and not (record.container and record.year and record.first_page):
        raise Unreadable(NAMELESS)
    return Payload(source=Source.RIS, value=record.value, data=fields)


def _references(text: str) -> Iterator[tuple[int, Fields, bool]]:
    """Yield the line on which a reference begins, its fields, and whether it has an end."""
    fields: Fields | None = None
    start, last = 0, ""
    for number, line in enumerate(BREAK.split(text), start=1):
        found = LINE.fullmatch(line.rstrip())
        tag = found[1] if found else ""
        if tag == "TY":
            if fields is not None:
                yield start, fields, False
            fields, start = {}, number
        if fields is None:
            continue
        if tag == "ER":
            yield start, fields, True
            fields = None
        elif found:
            last = tag
            _keep(fields, tag, found[2])
        elif line.strip() and last in KEPT and fields.get(last):  # a value that goes on
            more = f"{fields[last][-1]} {as_printed.printed(line) or ''}"
            fields[last][-1] = more.strip()
    if fields is not None:
        yield start, fields, False


def _keep(fields: Fields, tag: str, value: str) -> None:
    if tag in KEPT and (text := as_printed.printed(value)):
        fields.setdefault(tag, []).append(text)


def read(data: Mapping[str, object]) -> PublicationRecord:
    """Return the publication that a payload holds; Unreadable where it holds none."""
    title = as_printed.title(_first(data, "TI", "T1", "CT", "BT"))
    if title is None:
        raise Unreadable("It has no title.")
    return PublicationRecord(
        source=Source.RIS,
        title=title,
        pmid=_pmid(data),
        doi=_doi(data),
        pmcid=_pmcid(data),
        kind=KINDS.get(_first(data, "TY") or "", PublicationKind.OTHER),
        authors=tuple(_author(name) for name in _all(data, "AU", "A1")),
        container=_first(data, "JO", "JA", "J2", "JF", "T2", "J1"),
        year=as_printed.year(_first(data, "PY", "Y1", "DA")),
        volume=_first(data, "VL"),
        first_page=as_printed.first_page(_first(data, "SP", "C7", "M1")),
        trial_ids=_trials(data),
        notices=(StandingNotice(standing=Standing.RETRACTED),) if RETRACTED.match(title) else (),
    )


def _all(data: Mapping[str, object], *tags: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for tag in tags for text in lines(data, tag)))


def _first(data: Mapping[str, object], *tags: str) -> str | None:
    return next(iter(_all(data, *tags)), None)


def _author(name: str) -> str:
    """Return an author as PubMed prints one: of `Davey, Richard T., Jr.`, Davey RT Jr."""
    family, comma, rest = name.partition(",")
    given, _, suffix = rest.partition(",")
    if not comma:
        return name
    return as_printed.author(family, given, suffix.strip().removesuffix(".")) or name


def _doi(data: Mapping[str, object]) -> str | None:
    for text in _all(data, "DO", "L3", "M2", "C6", "UR", "ID"):
        bare = re.sub(r"^doi:? *", "", text, flags=re.IGNORECASE)
        if found := doi(bare):
            return found
    return None


def _pmid(data: Mapping[str, object]) -> int | None:
    """Return a PMID where the file says that it is one: a bare number may be of any database."""
    from_pubmed = any("pubmed" in text.lower() for text in _all(data, "DB"))
    for text in _all(data, "AN", "C6", "C2", "ID", "UR"):
        bare = text if from_pubmed else ""
        labelled = LABELLED_PMID.search(text)
        if found := pmid(bare) or (pmid(labelled[1]) if labelled else None):
            return found
    return None


def _pmcid(data: Mapping[str, object]) -> str | None:
    for text in _all(data, "C2", "AN", "ID", "UR"):
        if found := PMCID.search(text):
            return as_printed.pmcid(found[0])
    return None


def _trials(data: Mapping[str, object]) -> tuple[Identifier, ...]:
    held = [identifier(found) for text in _all(data, "AN", "ID") for found in TRIAL.findall(text)]
    return tuple(dict.fromkeys(one for one in held if one is not None))
