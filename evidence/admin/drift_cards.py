"""The cards of changes at the registries: what waits, by trial, and what was ticked of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import Min, QuerySet
from django.http import HttpRequest

from evidence.admin.cards import key_of
from evidence.admin.meanwhile import digest
from evidence.admin.panels import address
from evidence.models import Drift, Publication, RegistryRecord, Trial
from evidence.sync import drifts, earlier
from evidence.sync.errors import Refused
from evidence.sync.waiting import day

MOST_FIELDS = 200
CHOOSE = "Choose one of the two: accept what is ticked, or keep ours where ticked."
EMPTY_FIRST = (
    "“Keep ours, because” holds “{text}”. Empty it to accept theirs, or press “Keep ours where "
    "ticked”."
)
ROWS_OF_A_TRIAL = ("identifiers", "phase_rows", "arms")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One field of a card in words; `value` is what its tick sends."""

    drift: Drift
    value: str
    label: str
    ours: str
    before: str
    after: str
    now: str
    ticked: bool
    kept: str


@dataclass(frozen=True, kw_only=True)
class Card:
    """What changed of one trial or publication."""

    thing: Any
    url: str
    name: str
    records: tuple[RegistryRecord, ...]
    lines: tuple[Line, ...]
    may_decide: bool
    after: str = ""
    reason: str = ""
    error: str = ""

    @property
    def key(self) -> str:
        """Its name within the page."""
        return _key(self.thing)


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What somebody sent of one card and is shown again, with why it was not carried out."""

    key: str
    ticked: frozenset[str]
    reason: str
    error: str


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """What was before the changes of a page: which were never read before, where ours was kept."""

    unread: frozenset[int]
    kept: Mapping[int, Drift]

    def nothing_before(self, row: Drift) -> str:
        """Say why there is nothing that the source said before."""
        return earlier.NOT_READ if row.pk in self.unread else earlier.NOT_GIVEN

    def of_ours(self, row: Drift) -> str:
        """Say who kept ours of this field when the source last changed it, and why."""
        one = self.kept.get(row.pk)
        if one is None or one.decided_at is None:
            return ""
        return f"Ours was kept by {one.decided_by} on {day(one.decided_at)}: “{one.reason}”"


# --- What waits -----------------------------------------------------------------------------------


def groups(request: HttpRequest) -> QuerySet[Any, Any]:
    """Return what waits, by trial and publication, the oldest first."""
    rows = Drift.objects.filter(decided_at=None)
    for name in ("trial", "publication"):
        if request.GET.get(name):
            rows = rows.filter(**{name: key_of(request.GET[name], what=name)})
    found = rows.order_by().values("trial", "publication").annotate(since=Min("opened_at"))
    return found.order_by("since", "trial", "publication")


def cards(
    request: HttpRequest, groups: Sequence[Mapping[str, Any]], sent: Sent | None
) -> list[Card]:
    """Read the cards of a page; the number of queries does not depend on how many they are."""
    trials = [one["trial"] for one in groups if one["trial"]]
    papers = [one["publication"] for one in groups if one["publication"]]
    rows = Drift.objects.filter(decided_at=None).select_related("record").order_by("pk")
    things: dict[tuple[str, int], Any] = {}
    of_trials = Trial.objects.filter(pk__in=trials).prefetch_related(*ROWS_OF_A_TRIAL)
    things |= {("trial", one.pk): one for one in of_trials}
    of_papers = Publication.objects.filter(pk__in=papers)
    things |= {("publication", one.pk): one for one in of_papers}
    held: dict[tuple[str, int], list[Drift]] = {key: [] for key in things}
    for row in [*rows.filter(trial__in=trials), *rows.filter(publication__in=papers)]:
        key = ("trial", row.trial_id) if row.trial_id else ("publication", row.publication_id)
        if key in held:
            setattr(row, key[0], things[key])
            held[key].append(row)
    order = [
        ("trial", one["trial"]) if one["trial"] else ("publication", one["publication"])
        for one in groups
    ]
    every = [row for rows in held.values() for row in rows]
    told = Earlier(unread=earlier.unread_before(every), kept=earlier.kept_before(every))
    found = [_card(request, things[key], held[key], sent, told) for key in order if held.get(key)]
    after = [*_keys(found[1:]), ""]
    return [replace(card, after=key) for card, key in zip(found, after, strict=False)]


def _card(
    request: HttpRequest, thing: Any, rows: Sequence[Drift], sent: Sent | None, told: Earlier
) -> Card:
    again = sent if sent is not None and sent.key == _key(thing) else None
    is_trial = isinstance(thing, Trial)
    return Card(
        thing=thing,
        url=address(type(thing), "change", args=[thing.pk]),
        name=" ".join((thing.slug, thing.acronym)).strip() if is_trial else thing.code,
        records=tuple({row.record_id: row.record for row in rows}.values()),
        lines=tuple(_line(row, again, told) for row in rows),
        may_decide=may_decide(request, "trial" if is_trial else "publication"),
        reason=again.reason if again else "",
        error=again.error if again else "",
    )


def _line(row: Drift, again: Sent | None, told: Earlier) -> Line:
    value = _value(row)
    ticked = again is None or any(_drift_of(one) == row.pk for one in again.ticked)
    return Line(
        drift=row,
        value=value,
        label=drifts.label(row),
        ours=drifts.words(row, row.ours),
        before=drifts.words(row, row.before) or told.nothing_before(row),
        after=drifts.words(row, row.after),
        now=drifts.words(row, drifts.stands_now(row)),
        ticked=ticked,
        kept=told.of_ours(row),
    )


def _keys(cards: Iterable[Card]) -> list[str]:
    return [card.key for card in cards]


def _key(thing: Any) -> str:
    return f"{thing._meta.model_name}-{thing.pk}"


def is_shown(sent: Sent, cards: Iterable[Card]) -> bool:
    return any(card.key == sent.key for card in cards)


# --- What was sent --------------------------------------------------------------------------------


def _value(row: Drift) -> str:
    """Write a change with what it said and what stood, so that no tick is of what was not seen."""
    return f"{_said(row)}:{digest(drifts.stands_now(row))}"


def _said(row: Drift) -> str:
    return f"{row.pk}:{digest(row.after)}"


def _drift_of(value: str) -> int:
    return key_of(value.partition(":")[0], what="change")


def ticked(chosen: Iterable[str]) -> list[Drift]:
    keys = [_drift_of(value) for value in chosen]
    if len(keys) > MOST_FIELDS:
        raise BadRequest("A card has fewer fields than that.")
    found = Drift.objects.select_related("record", "trial", "publication").in_bulk(keys)
    if len(found) < len(set(keys)):
        raise Refused(drifts.GONE)
    return list(found.values())


def seen(rows: Iterable[Drift], chosen: Iterable[str]) -> dict[int, str]:
    """Return what stood of each field, by its change, for whoever ticked it.

    Refused where that is not what stands now, or the source says something else meanwhile.
    """
    ticks = set(chosen)
    said = {tick.rpartition(":")[0] for tick in ticks}
    stood = {}
    for row in rows:
        if row.decided_at is not None:
            continue
        stood[row.pk] = drifts.stands_now(row)
        if _said(row) not in said:
            raise Refused(drifts.ANOTHER)
        if _value(row) not in ticks:
            field, now = drifts.label(row).lower(), drifts.words(row, stood[row.pk])
            raise Refused(drifts.EDITED.format(field=field, now=now))
    return stood


def refuse_if_unclear(request: HttpRequest, reason: str) -> None:
    """Refuse what no button was pressed for, and to take theirs with a reason to keep ours."""
    pressed = [name for name in ("_accept", "_keep") if name in request.POST]
    if len(pressed) != 1:
        raise Refused(CHOOSE)
    if reason and pressed == ["_accept"]:
        raise Refused(EMPTY_FIRST.format(text=reason))


def may_decide(request: HttpRequest, kind: str) -> bool:
    if kind not in ("trial", "publication"):
        raise BadRequest("The form does not say what it is about.")
    return bool(request.user.has_perm(f"evidence.change_{kind}"))
