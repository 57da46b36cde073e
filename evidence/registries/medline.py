"""MEDLINE text, as PubMed saves and exports it, to payloads of the shape that its XML has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from evidence.registries import as_printed, pubmed, texts
from evidence.registries.records import Fault, Payload, Unreadable

LINE = re.compile(r"([A-Z]{2,4}) {0,2}- ?(.*)")
BREAK = re.compile(r"\r\n?|\n")
TOLD_PMID = re.compile(r"PMID: *([0-9]{1,8})")
KIND_OF_ID = re.compile(r"(.+?) *\[(doi|pmc)\]", re.IGNORECASE)

# What a tag says of corrections, in the words of the XML.
CORRECTIONS: Mapping[str, str] = {
    "RIN": "RetractionIn",
    "RRI": "RetractedandRepublishedIn",
    "PRIN": "PartialRetractionIn",
    "ECI": "ExpressionOfConcernIn",
    "EIN": "ErratumIn",
    "CRI": "CorrectedandRepublishedIn",
    "ROF": "RetractionOf",
    "PROF": "PartialRetractionOf",
    "RRF": "RetractedandRepublishedFrom",
    "EFR": "ErratumFor",
    "ECF": "ExpressionOfConcernFor",
}

Lines = list[tuple[str, str]]


def payloads(data: bytes) -> Iterator[Payload | Fault]:
    """Yield a payload for every record of a file, or a fault in its place."""
    try:
        text = as_printed.decoded(data)
    except Unreadable as error:
        yield Fault(about="", sentence=str(error))
        return
    number = 0
    for number, (line, record) in enumerate(_records(text), start=1):  # noqa: B007
        try:
            yield pubmed.payload(_data(record))
        except Unreadable as error:
            yield Fault(about=f"line {line}", sentence=str(error))
    if not number:
        yield Fault(about="", sentence="It holds no MEDLINE record.")


def _records(text: str) -> Iterator[tuple[int, Lines]]:
    """Yield each record's tags and values in order, after the line on which it begins."""
    record: Lines = []
    start = 0
    for number, line in enumerate(BREAK.split(text), start=1):
        found = LINE.fullmatch(line)
        if found and found[1] == "PMID":
            if record:
                yield start, record
            record, start = [("PMID", found[2])], number
        elif found and (record or not start):
            start = start or number
            record.append((found[1], found[2]))
        elif line.startswith("  ") and record:  # a value that goes on
            tag, value = record[-1]
            record[-1] = (tag, f"{value} {line.strip()}")
        elif not line.strip() and record:
            yield start, record
            record, start = [], 0
    if record:
        yield start, record


def _data(record: Lines) -> dict[str, object]:
    values: dict[str, list[str]] = {}
    for tag, value in record:
        values.setdefault(tag, []).append(value)

    def first(*tags: str) -> str | None:
        held = (as_printed.printed(value) for tag in tags for value in values.get(tag, ()))
        return next((value for value in held if value), None)

    title = first("TI")
    data = {
        "pmid": first("PMID"),
        "title": first("TT") or title if title == "[Not Available]." else title or first("BTI"),
        "authors": _authors(record),
        "journal": first("TA", "JT", "BTI"),
        "published": first("DP"),
        "volume": first("VI"),
        "pages": first("PG"),
        "ids": _ids(values),
        "types": [text for value in values.get("PT", ()) if (text := texts.line(value))],
        "trials": [number for value in values.get("SI", ()) if (number := _number(value))],
        "corrections": [_correction(tag, value) for tag, value in record if tag in CORRECTIONS],
        "revised": _day(first("LR")),
    }
    return {name: value for name, value in data.items() if value}


def _authors(record: Lines) -> list[str]:
    return [
        name for tag, value in record if tag in {"AU", "CN"} and (name := as_printed.printed(value))
    ]


def _ids(values: Mapping[str, list[str]]) -> dict[str, str]:
    held: dict[str, str] = {}
    for value in (*values.get("AID", ()), *values.get("LID", ())):
        if found := KIND_OF_ID.fullmatch(value.strip()):
            held.setdefault(found[2].lower(), found[1])
    for value in values.get("PMC", ()):
        held.setdefault("pmc", value.strip())
    return held


def _number(value: str) -> str | None:
    """Return the number of `ClinicalTrials.gov/NCT01245062`."""
    return texts.line(value.partition("/")[2])


def _correction(tag: str, value: str) -> dict[str, str]:
    found = TOLD_PMID.search(value)
    source = texts.line(TOLD_PMID.sub("", value)) or ""
    held = {"kind": CORRECTIONS[tag], "pmid": found[1] if found else "", "source": source}
    return {name: text for name, text in held.items() if text}


def _day(value: str | None) -> str | None:
    """Return `20041117` as the XML's date is kept."""
    day = texts.partial_date(value)
    return day.replace("-", " ") if day else None
