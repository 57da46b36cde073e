"""Parts of the legacy public XML of ClinicalTrials.gov, in the words and shapes of its API v2."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from evidence.registries.texts import line, number, partial_date, text

# Words that are not simply the old ones in capitals.
WORDS: Mapping[str, str] = {
    "N/A": "NA",
    "Anticipated": "ESTIMATED",
    "Estimate": "ESTIMATED",
    "Unknown status": "UNKNOWN",
    "U.S. Fed": "FED",
    "Other Gov": "OTHER_GOV",
    "Individual": "INDIV",
    "Educational/Counseling/Training": "OTHER",
    "Observational [Patient Registry]": "OBSERVATIONAL",
}
_ASIDE = re.compile(r" Assignment$| \(.*$")
_NO_WORD = re.compile(r"[^A-Z0-9]+")
_EMPTY_LINES = re.compile(r"\n{3,}")
_ITEM = re.compile(r"(?:[-*•]|\(?[0-9A-Za-z]{1,3}[.)])\s")


def filled(**parts: object) -> dict[str, object]:
    """Give the parts that say something."""
    return {key: value for key, value in parts.items() if value not in (None, "", [], {})}


def said(element: Element | None, path: str) -> str | None:
    """Give the text at a path on one line."""
    return None if element is None else line(element.findtext(path))


def all_said(element: Element, path: str) -> list[str]:
    """Give the texts at a path, each on one line."""
    return [found for each in element.findall(path) if (found := line(each.text))]


def told(element: Element | None, path: str) -> str | None:
    """Give the text at a path with its line breaks."""
    return None if element is None else text(element.findtext(path))


def block(element: Element | None, path: str) -> str | None:
    """Give a text that was broken at the right margin: a line for each paragraph and item."""
    found = None if element is None else text(element.findtext(path))
    if found is None:
        return None
    paragraphs: list[list[str]] = []
    goes_on = False
    for each in (each.strip() for each in found.split("\n")):
        if goes_on and each and not _ITEM.match(each):
            paragraphs[-1].append(each)
        else:
            paragraphs.append([each])
        goes_on = bool(each)
    return _EMPTY_LINES.sub("\n\n", "\n".join(" ".join(each) for each in paragraphs))


def code(value: str | None) -> str | None:
    """Give an old word as the API writes it: "Active, not recruiting" in capitals and as one."""
    if value is None:
        return None
    bare = _ASIDE.sub("", value)
    return WORDS.get(value) or _NO_WORD.sub("_", bare.upper()).strip("_") or None


def phases(value: str | None) -> list[str]:
    """Give the phases: "Phase 1/Phase 2" is two, and "N/A" is one of its own."""
    if value is None:
        return []
    if value == "N/A":
        return ["NA"]
    return [each.upper().replace("PHASE ", "PHASE").replace(" ", "_") for each in value.split("/")]


def yes_or_no(value: str | None) -> bool | None:
    """Give Yes and No as JSON has them; older records say "Accepts Healthy Volunteers"."""
    known = {"Yes": True, "No": False, "Accepts Healthy Volunteers": True}
    return known.get(value or "")


def struct(study: Element, tag: str) -> dict[str, object]:
    """Give a date with what is said of it; one that cannot be read as it is written."""
    found = study.find(tag)
    if found is None:
        return {}
    date = partial_date(found.text) or line(found.text)
    return filled(date=date, type=code(line(found.get("type"))))


def age(value: str | None) -> str | None:
    """Give a limit of age; N/A is none."""
    return None if value == "N/A" else value


def outcomes(study: Element, tag: str) -> list[dict[str, object]]:
    """Give the registered outcomes of one rank."""
    return [
        filled(
            measure=said(each, "measure"),
            description=told(each, "description"),
            timeFrame=said(each, "time_frame"),
        )
        for each in study.findall(tag)
    ]


def places(study: Element) -> Iterator[dict[str, object]]:
    """Give the sites; where none is named, the countries."""
    locations = study.findall("location")
    for each in locations:
        yield filled(
            facility=said(each, "facility/name"),
            status=code(said(each, "status")),
            city=said(each, "facility/address/city"),
            state=said(each, "facility/address/state"),
            zip=said(each, "facility/address/zip"),
            country=said(each, "facility/address/country"),
        )
    if not locations:
        for country in all_said(study, "location_countries/country"):
            yield {"country": country}


def references(study: Element) -> Iterator[dict[str, object]]:
    """Give the papers; the legacy format knows background and results alone."""
    for tag, kind in (("reference", "BACKGROUND"), ("results_reference", "RESULT")):
        for each in study.findall(tag):
            yield filled(pmid=said(each, "PMID"), type=kind, citation=said(each, "citation"))


def count(element: Element, attribute: str) -> int | None:
    """Give a count of people or events; None where there is none."""
    return number(element.get(attribute))
