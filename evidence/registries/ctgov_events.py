"""The adverse events of posted results, counted per arm and term, from all causes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evidence.registries.parts import parts
from evidence.registries.records import AdverseEvent, AdverseEvents, EventCount, EventGroup
from evidence.registries.texts import line, number, text, unescaped


def adverse_events(module: Mapping[str, object]) -> AdverseEvents | None:
    """Read the adverse events module of a v2 study; None where it counts nothing."""
    groups = tuple(_groups(module))
    events = (
        *_events(module, "seriousEvents", serious=True),
        *_events(module, "otherEvents", serious=False),
    )
    if not groups and not events:
        return None
    return AdverseEvents(
        threshold=line(module.get("frequencyThreshold")),
        time_frame=text(module.get("timeFrame")),
        description=unescaped(module.get("description")),
        groups=groups,
        events=events,
    )


def _groups(module: Mapping[str, object]) -> Iterator[EventGroup]:
    """Read the groups that have an id; a group without a title has its id for one."""
    for group in parts(module, "eventGroups"):
        if known := line(group.get("id")):
            yield EventGroup(
                id=known,
                title=line(group.get("title")) or known,
                description=unescaped(group.get("description")),
                deaths_affected=number(group.get("deathsNumAffected")),
                deaths_at_risk=number(group.get("deathsNumAtRisk")),
                serious_affected=number(group.get("seriousNumAffected")),
                serious_at_risk=number(group.get("seriousNumAtRisk")),
                other_affected=number(group.get("otherNumAffected")),
                other_at_risk=number(group.get("otherNumAtRisk")),
            )


def _events(module: Mapping[str, object], key: str, *, serious: bool) -> Iterator[AdverseEvent]:
    """Read the events that have a term."""
    for event in parts(module, key):
        if term := line(event.get("term")):
            yield AdverseEvent(
                term=term,
                organ_system=line(event.get("organSystem")),
                serious=serious,
                assessment=line(event.get("assessmentType")),
                vocabulary=line(event.get("sourceVocabulary")),
                notes=text(event.get("notes")),
                counts=tuple(_counts(event)),
            )


def _counts(event: Mapping[str, object]) -> Iterator[EventCount]:
    """Read what was counted in each group: a number that is missing is not reported, never 0."""
    for stats in parts(event, "stats"):
        if group := line(stats.get("groupId")):
            yield EventCount(
                group=group,
                affected=number(stats.get("numAffected")),
                at_risk=number(stats.get("numAtRisk")),
                events=number(stats.get("numEvents")),
            )
