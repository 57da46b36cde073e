"""Deciding on what a source changed: take theirs, or keep ours and say why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst

from evidence.ledger import derivation
from evidence.ledger.derivation import Change
from evidence.models import Drift, Publication, Trial
from evidence.registries.records import PublicationRecord, Unreadable
from evidence.sync import fields, notices, payloads, publication_fields, together
from evidence.sync.errors import Refused
from evidence.sync.publication_fields import STANDING
from evidence.sync.waiting import day, deciding, in_plain_words
from evidence.vocab import DriftDecision

WHY_NEEDED = "Say why ours is kept: whoever meets the next change needs it."
NOTHING_CHOSEN = "Tick at least one field."
ANOTHER = (
    "The registry has said something else of it meanwhile. Look at how it stands now and decide "
    "again."
)
EDITED = "Somebody here has changed {field} since: “{now}” stands now. Look at it and decide again."
GONE = "The registry has gone back to what stands here: there is nothing to decide any more."


def accept(
    drifts: Iterable[Drift], *, by: Any, seen: Mapping[int, str] | None = None
) -> list[Change]:
    """Let the source's values stand here; what stands already is thereby seen.

    Refused where somebody has decided on one of them, or the source has moved on since they were
    read, or what stands here is not what was `seen` of each, by its key.
    """
    return _decide(list(drifts), by=by, decision=DriftDecision.ACCEPTED, stood=seen)


def keep(
    drifts: Iterable[Drift], *, by: Any, reason: str, seen: Mapping[int, str] | None = None
) -> list[Change]:
    """Let ours stand; what the source's value has replaced is put back, with the reason.

    What a person has changed since stays as it is.
    """
    why = reason.strip()
    if not why:
        raise Refused(WHY_NEEDED)
    return _decide(list(drifts), by=by, decision=DriftDecision.KEPT, reason=why, stood=seen)


def label(drift: Drift) -> str:
    """Return the words for the field that a change is about."""
    if drift.trial_id is not None:
        return fields.label(drift.field)
    column: Any = Publication._meta.get_field(drift.field)
    return str(capfirst(column.verbose_name))


def words(drift: Drift, text: str) -> str:
    """Return a text of that field for people."""
    if drift.trial_id is not None:
        return together.words(drift.field, text)
    column: Any = Publication._meta.get_field(drift.field)
    return str(dict(column.choices or ()).get(text, text))


def stands_now(drift: Drift) -> str:
    """Return what stands here of that field, as text."""
    thing = drift.trial or drift.publication
    return _text_of(thing, drift.field) if thing is not None else ""


def _text_of(thing: Trial | Publication, name: str) -> str:
    if isinstance(thing, Trial):
        return together.text_of(thing, name)
    return publication_fields.text_of(thing, name)


def _decide(
    drifts: Sequence[Drift],
    *,
    by: Any,
    decision: DriftDecision,
    reason: str = "",
    stood: Mapping[int, str] | None = None,
) -> list[Change]:
    if not drifts:
        raise Refused(NOTHING_CHOSEN)
    changes: list[Change] = []
    of_trials = [one for one in drifts if one.trial_id is not None]
    on: type[Any] = Trial if of_trials else Publication
    if of_trials and len(of_trials) != len(drifts):
        raise Refused("Trials and publications are decided on one after the other.")
    said = reason or f"As {drifts[0].record} says now."
    with deciding(by, on=on, reason=said):
        rows = list(_locked(drifts))
        for key, group in groupby(rows, key=lambda row: (row.trial_id, row.publication_id)):
            thing = on.objects.select_for_update(of=("self",)).get(pk=next(pk for pk in key if pk))
            changes += _write(thing, list(group), decision, stood or {})
        for row in rows:
            row.decision, row.reason = decision, reason
            row.decided_by, row.decided_at = by, timezone.now()
            row.save()
    return changes


def _locked(drifts: Sequence[Drift]) -> Iterator[Drift]:
    """Give the rows as they stand now, refusing those that are not what this person has seen."""
    rows = Drift.objects.select_for_update(of=("self",)).select_related("decided_by")
    now = rows.order_by("trial", "publication", "pk").in_bulk([one.pk for one in drifts])
    for seen in sorted(drifts, key=lambda one: (one.trial_id or 0, one.publication_id or 0)):
        row = now.get(seen.pk)
        if row is None:
            raise Refused(GONE)
        if row.decided_at is not None:
            word = row.get_decision_display()
            raise Refused(
                f"{row.decided_by} decided on {label(row).lower()} already, on "
                f"{day(row.decided_at)}: {word}."
            )
        if row.after != seen.after:
            raise Refused(ANOTHER)
        yield row


def _write(
    row: Trial | Publication,
    drifts: Sequence[Drift],
    decision: DriftDecision,
    stood: Mapping[int, str],
) -> list[Change]:
    """Put what was decided into one trial or publication, where that is not what stands."""
    wanted = {}
    for drift in drifts:
        now = _text_of(row, drift.field)
        if stood.get(drift.pk, now) != now:
            raise Refused(EDITED.format(field=label(drift).lower(), now=words(drift, now)))
        if decision == DriftDecision.ACCEPTED and now != drift.after:
            wanted[drift.field] = drift.after
        elif decision == DriftDecision.KEPT and drift.applied and now == drift.after:
            wanted[drift.field] = drift.ours
    if not wanted:
        return []
    with in_plain_words():
        for name, text in wanted.items():
            if isinstance(row, Trial):
                together.put(row, name, text)
            else:
                publication_fields.put(row, name, text)
        if isinstance(row, Publication) and STANDING in wanted:
            _explain_standing(row, drifts, decision)
        row.save()
    return derivation.after_change(row, changed=[*wanted])


def _explain_standing(
    publication: Publication, drifts: Sequence[Drift], decision: DriftDecision
) -> None:
    """Let the note say what the standing rests on, where the one that stands is of our words."""
    if not notices.is_ours(publication.standing_note):
        return
    publication.standing_note = ""
    snapshot = next(one.record.snapshot for one in drifts if one.field == STANDING)
    if decision == DriftDecision.ACCEPTED and snapshot is not None:
        with suppress(Unreadable):
            record = payloads.read(snapshot.source, snapshot.payload)
            if isinstance(record, PublicationRecord):
                publication.standing_note = notices.note_of(record)
