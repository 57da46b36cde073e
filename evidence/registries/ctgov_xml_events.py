"""Adverse events in the legacy public XML of ClinicalTrials.gov, as its API v2 shapes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from evidence.registries.ctgov_xml_parts import code, count, filled, said, told
from evidence.registries.texts import line

TOTAL = "Total"
# The rows of totals, and what the API calls the counts of a group in them.
TOTALS: Mapping[str, str] = {
    "Total, all-cause mortality": "deaths",
    "Total, serious adverse events": "serious",
    "Total, other adverse events": "other",
}


def adverse_events(reported: Element) -> dict[str, object]:
    """Give the adverse events module of `reported_events`."""
    ids = {
        line(group.get("group_id")) or "": f"EG{at:03}"
        for at, group in enumerate(reported.findall("group_list/group"))
    }
    return filled(
        frequencyThreshold=said(reported, "other_events/frequency_threshold"),
        timeFrame=said(reported, "time_frame"),
        description=told(reported, "desc"),
        eventGroups=list(_groups(reported, ids)),
        seriousEvents=list(_events(reported.find("serious_events"), ids)),
        otherEvents=list(_events(reported.find("other_events"), ids)),
    )


def _groups(reported: Element, ids: Mapping[str, str]) -> Iterator[dict[str, object]]:
    """Give the groups with their totals, which the legacy format has as rows of events."""
    totals: dict[str, dict[str, object]] = {}
    for row in reported.iterfind("*/category_list/category/event_list/event"):
        kind = TOTALS.get(said(row, "sub_title") or "")
        for stats in row.findall("counts") if kind else ():
            of_group = totals.setdefault(line(stats.get("group_id")) or "", {})
            of_group[f"{kind}NumAffected"] = count(stats, "subjects_affected")
            of_group[f"{kind}NumAtRisk"] = count(stats, "subjects_at_risk")
    for group in reported.findall("group_list/group"):
        known = line(group.get("group_id")) or ""
        yield filled(
            id=ids[known],
            title=said(group, "title"),
            description=told(group, "description"),
            **totals.get(known, {}),
        )


def _events(element: Element | None, ids: Mapping[str, str]) -> Iterator[dict[str, object]]:
    """Give the events of one list, without its totals."""
    if element is None:
        return
    vocabulary = said(element, "default_vocab")
    assessment = said(element, "default_assessment")
    for category in element.findall("category_list/category"):
        system = said(category, "title")
        for event in category.findall("event_list/event") if system != TOTAL else ():
            name = event.find("sub_title")
            own = line(name.get("vocab")) if name is not None else None
            yield filled(
                term=said(event, "sub_title"),
                organSystem=system,
                sourceVocabulary=own or vocabulary,
                assessmentType=code(said(event, "assessment") or assessment),
                notes=told(event, "description"),
                stats=[_stats(stats, ids) for stats in event.findall("counts")],
            )


def _stats(stats: Element, ids: Mapping[str, str]) -> dict[str, object]:
    """Give what was counted in one group."""
    known = line(stats.get("group_id")) or ""
    return filled(
        groupId=ids.get(known, known),
        numEvents=count(stats, "events"),
        numAffected=count(stats, "subjects_affected"),
        numAtRisk=count(stats, "subjects_at_risk"),
    )
