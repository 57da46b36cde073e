"""What is held of records, and what stands here of their trials, read for many at once."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from evidence import vocab
from evidence.models import Arm, Trial, TrialIdentifier, TrialPhase
from evidence.sync import fields, tables
from evidence.sync.comparing import Card

Key = tuple[str, str]
"""Whose record: its source and its number there."""
Number = tuple[str, str]
"""A registry and a number of it."""
OURS_OF_AN_ARM = (
    *("intervention", "dose_low", "dose_text", "frequency", "cycle", "route", "people"),
)
"""What only people here say of an arm."""
NOT_GIVEN = (None, "", "None", fields.NOT_STATED, vocab.Route.NOT_REPORTED.value)


@dataclass(frozen=True, slots=True)
class Last:
    """What tells whether a payload says anything new of a record that is held."""

    pk: int
    sha256: str | None
    reader: int
    checked_on: dt.date | None
    vanished_on: dt.date | None
    trial: int | None


def not_after(day: dt.date | None, today: dt.date) -> dt.date | None:
    """Return a day; None for one that is still to come, of which no data can be."""
    return None if day is not None and day > today else day


def last_of(keys: Collection[Key], today: dt.date) -> dict[Key, Last]:
    """Return what is held of some records, of days up to today; one query."""
    found = tables.rows(
        "SELECT one.source, one.value, one.id, kept.sha256, one.reader, one.checked_on,"
        " one.vanished_on, one.trial_id FROM evidence_registryrecord one"
        " LEFT JOIN evidence_snapshot kept ON kept.id = one.snapshot_id WHERE one.value IN {keys}",
        {value for _, value in keys},
    )
    return {
        (source, value): Last(pk, sha256, reader, not_after(checked_on, today), *others)
        for source, value, pk, sha256, reader, checked_on, *others in found
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A record as it is held."""

    pk: int
    trial: int | None
    verdict: str
    reason: str
    by_a_person: bool
    values: dict[str, str]
    checked_on: dt.date | None
    cards: dict[str, tuple[int, Card]] = field(default_factory=dict)


def held(keys: Collection[Key], today: dt.date) -> dict[Key, Held]:
    """Return some records as they are held, with their open cards by field; two queries."""
    rows = tables.rows(
        "SELECT source, value, id, trial_id, verdict, reason, decided_by_id, values_, checked_on"
        " FROM evidence_registryrecord WHERE value IN {keys}".replace("values_", '"values"'),
        {value for _, value in keys},
    )
    found = {
        (source, value): Held(
            pk=pk,
            trial=trial,
            verdict=verdict,
            reason=reason,
            by_a_person=person is not None,
            values=json.loads(values),
            checked_on=not_after(checked_on, today),
        )
        for source, value, pk, trial, verdict, reason, person, values, checked_on in rows
        if (source, value) in keys
    }
    by_key = {one.pk: one for one in found.values()}
    drifts = tables.rows(
        "SELECT record_id, field, id, ours, before, after, applied FROM evidence_drift"
        " WHERE decided_at IS NULL AND record_id IN {keys}",
        by_key,
    )
    for record, name, pk, ours, before, after, applied in drifts:
        shown = Card(ours=ours, before=before, after=after, applied=bool(applied))
        by_key[record].cards[name] = (pk, shown)
    return found


@dataclass(kw_only=True, slots=True)
class Here:
    """A trial as it stands here: the texts of its columns, and its rows where they were read."""

    pk: int
    slug: str
    accepted: bool
    by_hand: bool
    checked_on: dt.date | None
    texts: dict[str, str]
    numbers: set[Number] = field(default_factory=set)
    typed_by_people: set[str] = field(default_factory=set)
    """The fields that a person wrote, or emptied."""
    bare_arms: dict[str, int] = field(default_factory=dict)
    """Arms of which nothing is said but what a record says: their texts and keys."""
    # The records of it: of one of them it has its fields, the others only fill what is empty.
    records: list[tuple[str, int]] = field(default_factory=list)

    def is_owned_by(self, source: str, record: int | None) -> bool:
        """Say whether a record is the one that the trial's fields come from."""
        if (source, record) in self.records:
            return min(self.records, key=_rank) == (source, record)
        own = vocab.Source.CTGOV
        return not self.records or (source == own and all(one[0] != own for one in self.records))


def _rank(one: tuple[str, int]) -> tuple[bool, int]:
    return one[0] != vocab.Source.CTGOV, one[1]


def here(keys: Collection[int], today: dt.date) -> dict[int, Here]:
    """Return some trials as they stand here, locked until the transaction ends; two queries."""
    columns = ", ".join(("id", "slug", "accepted_at", "origin", "checked_on", *fields.PLAIN))
    locked = " FOR NO KEY UPDATE" if connection.vendor == "postgresql" else ""
    rows = tables.rows(
        f"SELECT {columns} FROM evidence_trial WHERE id IN {{keys}} ORDER BY id{locked}",  # noqa: S608
        keys,
    )
    found = {
        pk: Here(
            pk=pk,
            slug=slug,
            accepted=accepted_at is not None,
            by_hand=origin == vocab.Origin.CURATOR,
            checked_on=not_after(checked_on, today),
            texts={
                name: fields.as_text(name, value)
                for name, value in zip(fields.PLAIN, values, strict=True)
            },
        )
        for pk, slug, accepted_at, origin, checked_on, *values in rows
    }
    records = tables.rows(
        "SELECT trial_id, source, id FROM evidence_registryrecord WHERE trial_id IN {keys}", found
    )
    for trial, source, pk in records:
        found[trial].records.append((source, pk))
    return found


def add_rows(several: Iterable[Here]) -> None:
    """Read the phases, arms and numbers of some trials; three queries."""
    found = {one.pk: one for one in several}
    if not found:
        return
    phases: dict[int, list[str]] = defaultdict(list)
    order = vocab.Phase.values
    told = TrialPhase.objects.filter(trial__in=found).order_by()
    for trial, phase in told.values_list("trial_id", "phase"):
        phases[trial].append(phase)
    arms: dict[int, list[str]] = defaultdict(list)
    groups = Arm.objects.filter(trial__in=found).order_by("pk")
    columns = ("pk", "trial_id", "label", "kind", "given", *OURS_OF_AN_ARM)
    for pk, trial, label, kind, given, *ours in groups.values_list(*columns):
        text = fields.TAB.join((label, kind, given))
        arms[trial].append(text)
        if not any(each not in NOT_GIVEN for each in ours):
            found[trial].bare_arms[text] = pk
    for pk, one in found.items():
        one.texts["phases"] = "\n".join(sorted(phases[pk], key=order.index))
        one.texts["arms"] = "\n".join(arms[pk])
    numbers = TrialIdentifier.objects.filter(trial__in=found).order_by()
    for trial, *number in numbers.values_list("trial_id", "registry", "value"):
        found[trial].numbers.add((number[0], number[1]))


def owners(numbers: Iterable[Number]) -> dict[Number, int]:
    """Return which trial has each of some numbers, where any has; one query."""
    found = tables.rows(
        "SELECT registry, value, trial_id FROM evidence_trialidentifier WHERE value IN {keys}",
        {value for _, value in numbers},
    )
    return {(registry, value): trial for registry, value, trial in found}


def seen(values: Collection[str]) -> set[str]:
    """Return those of some numbers whose trial readers see; one query."""
    found = tables.rows(
        "SELECT one.value FROM evidence_trialidentifier one JOIN evidence_trial of_it"
        " ON of_it.id = one.trial_id WHERE of_it.accepted_at IS NOT NULL AND one.value IN {keys}",
        values,
    )
    return {value for (value,) in found}


def add_what_people_typed(trials: Sequence[Here]) -> None:
    """Note the fields that a person wrote or emptied, as the audit log has it; four queries."""
    by_key = {one.pk: one for one in trials}
    for one in trials:
        if one.by_hand:
            one.typed_by_people |= {name for name, text in one.texts.items() if text}
    for pk, changes in _logged(Trial, by_key):
        told = (changes or {}).items()
        by_key[pk].typed_by_people |= {name for name, each in told if _says(each)}
    for changes in _deleted_phases(by_key):
        by_key[int(changes["trial"][0])].typed_by_people.add("phases")
    phases = dict(TrialPhase.objects.filter(trial__in=by_key).values_list("pk", "trial"))
    for pk, _ in _logged(TrialPhase, phases):
        by_key[phases[pk]].typed_by_people.add("phases")


def _says(change: Any) -> bool:
    """Say whether a text was written or taken away: a form writes empty ones of its own."""
    return not isinstance(change, list) or any(each not in NOT_GIVEN for each in change)


def _deleted_phases(trials: Collection[int]) -> Iterable[dict[str, list[str]]]:
    """Give the audit entries of phases that a person took from some trials."""
    rows = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(TrialPhase),
        action=LogEntry.Action.DELETE,
        actor__isnull=False,
        changes__trial__0__in=[str(pk) for pk in trials],
    )
    found: Iterable[dict[str, list[str]]] = rows.order_by().values_list("changes", flat=True)
    return found


def _logged(model: Any, keys: Collection[int]) -> Iterable[tuple[int, Any]]:
    """Give key and changed fields of the audit entries of some rows that name a person."""
    rows = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(model),
        object_id__in=[*keys],
        actor__isnull=False,
    )
    found: Iterable[tuple[int, Any]] = rows.order_by().values_list("object_id", "changes")
    return found
