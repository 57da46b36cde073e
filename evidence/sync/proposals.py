"""From the tables of posted results to rows that may become harm reports, each with its faults."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from evidence.models import AdverseEffect, HarmReport
from evidence.registries import adverse
from evidence.registries.records import AdverseEvent, AdverseEvents, EventCount, EventGroup
from evidence.sync.record_texts import cut, quoted
from evidence.vocab import Collected, State


def longest(model: type[models.Model], name: str) -> int:
    """Return how many characters a column holds."""
    length: int | None = getattr(model._meta.get_field(name), "max_length", None)
    return length or 0


LONGEST_TERM = longest(HarmReport, "term_as_printed")
LONGEST_ARM = longest(HarmReport, "arm")
LONGEST_NOTE = longest(HarmReport, "collected_note")
LONGEST_TIME = longest(HarmReport, "follow_up")
LONGEST_LOCATOR = longest(HarmReport, "locator")

NOT_REPORTED = "How many were affected is not reported."
NOBODY = "Nobody was at risk in this group, so there is nothing to report."
TOO_MANY = "The record has more people affected than at risk ({affected:,} of {at_risk:,})."
FIGURES = ("affected", "at_risk", "comparator_affected", "comparator_at_risk")
SAYS = "The record says:"
HOW_COLLECTED: Mapping[str, str] = {
    "SYSTEMATIC_ASSESSMENT": "Asked for systematically.",
    "NON_SYSTEMATIC_ASSESSMENT": "As it was told, not asked for systematically.",
}


@dataclass(frozen=True, kw_only=True)
class Term:
    """A term of the record that is none of our effects, with the most people it affected."""

    term: str
    organ_system: str
    serious: bool
    affected: int | None


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """One effect in one group: the values of a draft, and what stands against making one.

    `held` is a report that says the same already, `near` one that may; `fault` says what is wrong
    with the figures.
    """

    key: str
    group: EventGroup
    event: AdverseEvent
    effect: AdverseEffect
    compared_with: str
    values: Mapping[str, Any]
    held: HarmReport | None = None
    near: HarmReport | None = None
    fault: str = ""

    @property
    def may_be_drafted(self) -> bool:
        """Whether a draft can be made of it."""
        return not self.fault and self.held is None

    @property
    def is_ticked(self) -> bool:
        """Whether it is proposed unless somebody says otherwise."""
        return self.may_be_drafted and self.near is None


def terms_of(
    events: AdverseEvents, names: Mapping[str, int]
) -> tuple[list[tuple[int, AdverseEvent, int]], tuple[Term, ...]]:
    """Return the terms that are our effects, with their place and effect, then the others."""
    matched, others = [], []
    for place, event in enumerate(events.events):
        effect = adverse.match(event.term, names)
        if effect is not None:
            matched.append((place, event, effect))
            continue
        known = [count.affected for count in event.counts if count.affected is not None]
        others.append(
            Term(
                term=event.term,
                organ_system=event.organ_system or "",
                serious=event.serious,
                affected=max(known, default=None),
            )
        )
    return matched, tuple(others)


def propose(
    events: AdverseEvents,
    matched: Sequence[tuple[int, AdverseEvent, int]],
    *,
    given_il2: Collection[str],
    compared_with: str,
    attribution: Mapping[bool, str],
    effects: Mapping[int, AdverseEffect],
    held: Sequence[HarmReport],
) -> tuple[Proposal, ...]:
    """Return a row for each term in each group that received IL-2, the serious ones first."""
    found = []
    names = _names(events)
    counted = _counted(events, matched, leave_out=compared_with)
    for group in (one for one in events.groups if one.id in given_il2):
        for place, event, effect in sorted(matched, key=lambda one: not one[1].serious):
            count = _count(event, group.id)
            against = _count(event, compared_with) if compared_with else None
            values = _values(events, event, group, count, against) | {
                "attribution": attribution[event.serious]
            }
            rivals = [
                other.term
                for other in counted[effect, event.serious, _figures(count)]
                if (other.group, other.place) != (group.id, place)
            ]
            same, near = _known(held, effect, values, rivals=rivals)
            found.append(
                Proposal(
                    key=f"{group.id}.{names[place]}",
                    group=group,
                    event=event,
                    effect=effects[effect],
                    compared_with=compared_with,
                    values=values,
                    held=same,
                    near=near,
                    fault=_fault(count),
                )
            )
    return tuple(found)


def _names(events: AdverseEvents) -> list[str]:
    """Name each event by what it is, so that a row is known again in the record's next version."""
    seen: Counter[str] = Counter()
    found = []
    for event in events.events:
        said = "\n".join((event.term, event.organ_system or "", str(event.serious)))
        name = hashlib.sha256(said.encode()).hexdigest()[:10]
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return found


@dataclass(frozen=True, kw_only=True)
class _Counted:
    """A term as it was counted in one group, whatever that group received."""

    group: str
    place: int
    term: str


def _figures(count: EventCount | None) -> tuple[int | None, int | None]:
    return (count.affected, count.at_risk) if count else (None, None)


def _counted(
    events: AdverseEvents, matched: Sequence[tuple[int, AdverseEvent, int]], *, leave_out: str
) -> dict[tuple[int, bool, tuple[int | None, int | None]], list[_Counted]]:
    """Return the record's counts by effect, kind of event and figures, but for one group's."""
    found = defaultdict(list)
    for place, event, effect in matched:
        for group in (one.id for one in events.groups if one.id != leave_out):
            what = (effect, event.serious, _figures(_count(event, group)))
            found[what].append(_Counted(group=group, place=place, term=event.term))
    return found


def _count(event: AdverseEvent, group: str) -> EventCount | None:
    return next((count for count in event.counts if count.group == group), None)


def _fault(count: EventCount | None) -> str:
    """Say why no draft is made of a count; nothing where one can be."""
    if count is None or count.affected is None:
        return NOT_REPORTED
    if count.at_risk is None:
        return ""
    if count.at_risk == 0:
        return NOBODY
    if count.affected > count.at_risk:
        return TOO_MANY.format(affected=count.affected, at_risk=count.at_risk)
    return ""


def _values(
    events: AdverseEvents,
    event: AdverseEvent,
    group: EventGroup,
    count: EventCount | None,
    against: EventCount | None,
) -> dict[str, Any]:
    """Return what the record says of a term in a group, by the fields of a harm report."""
    told = against if against is not None and not _fault(against) else None
    word = "serious" if event.serious else "other"
    return {
        "term_as_printed": event.term[:LONGEST_TERM],
        "arm": group.title[:LONGEST_ARM],
        "collected": _collected(events, event),
        "collected_note": _note(events, event),
        "affected": count.affected if count else None,
        "at_risk": count.at_risk if count else None,
        "comparator_affected": told.affected if told else None,
        "comparator_at_risk": told.at_risk if told else None,
        "follow_up": quoted(events.time_frame or "", LONGEST_TIME, serious=event.serious),
        "locator": f"Posted results, adverse events, {word}: {group.id}"[:LONGEST_LOCATOR],
    }


def _collected(events: AdverseEvents, event: AdverseEvent) -> str:
    if event.serious:
        return Collected.SERIOUS_ONLY
    if events.threshold is None:
        return Collected.NOT_STATED
    return Collected.ALL_GRADES if _percent(events) == 0 else Collected.ABOVE_THRESHOLD


def _percent(events: AdverseEvents) -> float | None:
    """Return the threshold as a number; None for what is none."""
    try:
        return float((events.threshold or "").strip().rstrip("%"))
    except ValueError:
        return None


def _note(events: AdverseEvents, event: AdverseEvent) -> str:
    """Say how events were collected, then quote the record as far as there is room."""
    said = " ".join(_notes(events, event))
    if not events.description:
        return cut(said, LONGEST_NOTE)
    head = f"{cut(said, LONGEST_NOTE // 2)} {SAYS}".strip()
    room = LONGEST_NOTE - len(head) - 1
    return f"{head} {quoted(events.description, room, serious=event.serious)}"


def _notes(events: AdverseEvents, event: AdverseEvent) -> Iterable[str]:
    if not event.serious and events.threshold is not None and _percent(events) != 0:
        yield f"Other events above {events.threshold.strip().rstrip('% ')} % of an arm."
    if how := HOW_COLLECTED.get(event.assessment or ""):
        yield how
    if event.vocabulary:
        yield f"Terms of {event.vocabulary}."
    if event.notes:
        yield f"The record notes: {event.notes}"


def _known(
    held: Sequence[HarmReport], effect: int, values: Mapping[str, Any], *, rivals: Sequence[str]
) -> tuple[HarmReport | None, HarmReport | None]:
    """Return a report that says the same already, and one that may.

    The same figures say the same, in whatever words, unless a rival, another term or group of the
    record, has them too: `rivals` are the terms of those.
    """
    alike = near = None
    for report in held:
        if report.adverse_effect_id != effect or report.state == State.SUPERSEDED:
            continue
        same_kind = report.collected == values["collected"]
        same_arm = same_kind and _same(report.arm, values["arm"])
        same_term = _same(report.term_as_printed, values["term_as_printed"])
        if same_arm and same_term:
            return report, None
        others = [term for term in rivals if not same_term or _same(term, report.term_as_printed)]
        if same_kind and not others and _has_figures(report, values):
            alike = alike or report
        counted = (report.affected, report.at_risk) == (values["affected"], values["at_risk"])
        if same_arm or counted:
            near = near or report
    return alike, None if alike else near


def _has_figures(report: HarmReport, values: Mapping[str, Any]) -> bool:
    """Say whether a report has the very figures of a row, those of its comparator too."""
    known = values["affected"] is not None and values["at_risk"] is not None
    return known and all(getattr(report, name) == values[name] for name in FIGURES)


def _same(one: str, other: str) -> bool:
    return adverse.normal(one) == adverse.normal(other)
