"""Deciding on a trial that came in: take it, join it to another, or remember that it is none."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import ProtectedError
from django.utils import timezone

from evidence.ledger import derivation
from evidence.ledger.derivation import Change
from evidence.models import (
    Condition,
    Intervention,
    Publication,
    RegistryRecord,
    Topic,
    Trial,
    TrialIdentifier,
    TrialPublication,
)
from evidence.registries import il2
from evidence.registries.records import TrialRecord, Unreadable
from evidence.sync import fields, payloads, publications, together, trials
from evidence.sync.errors import Refused
from evidence.sync.taking_back import (
    TAKEN_BACK,
    accepted,
    put_back,
    refuse_if_stood_on,
    undecided,
)
from evidence.sync.waiting import (
    decided,
    deciding,
    in_plain_words,
    locked,
    records_of,
    refuse_if_used,
)
from evidence.vocab import Verdict

WHY_NEEDED = "Say why it does not give IL-2, so that nobody is asked again."
NO_FORM = "Say which form of IL-2 it gives, or turn it down."
ACCEPTED = "A person accepted it."
LEFT_OUT = "At first it was left out: {reason}"
NOTHING_HELD = (
    "Nothing is held of it from a registry, so that it cannot be remembered. An administrator can "
    "delete it."
)


def accept(
    trial: Trial,
    *,
    by: Any,
    conditions: Collection[Condition],
    interventions: Collection[Intervention],
) -> list[Change]:
    """Let readers see a trial, under the terms given; say of which topics the rule moved."""
    with deciding(by, on=Trial):
        row = locked(trial)
        if not interventions:
            raise Refused(NO_FORM)
        row.accepted_by, row.accepted_at = by, timezone.now()
        row.save()
        row.conditions.set(conditions)
        row.interventions.set(interventions)
        for record in records_of(row):
            reason = record.reason if record.verdict == Verdict.GIVES else ACCEPTED
            decided(record, by=by, verdict=Verdict.GIVES, reason=reason)
        return derivation.after_change(row)


def take_back(trial: Trial, *, by: Any) -> list[Change]:
    """Put an accepted trial back into the inbox, its terms as they are; say what the rule says now.

    Refused where judgements or topics stand on it, or somebody has tied a publication to it since.
    """
    with deciding(by, on=Trial, reason=TAKEN_BACK):
        row = accepted(trial)
        refuse_if_stood_on(row)
        for record in records_of(row):
            verdict, reason = _as_read(record)
            if verdict == Verdict.NOT_IL2:
                left_out = LEFT_OUT.format(reason=reason)
                decided(record, by=by, verdict=Verdict.GIVES, reason=left_out)
            else:
                undecided(record, verdict=verdict, reason=reason)
        return put_back(row)


def join(trial: Trial, *, into: Trial, by: Any) -> list[Change]:
    """Give a trial's numbers and records to another one, which is the same study.

    What is empty there is filled in from its record; the entry that waited goes.
    """
    if trial.pk == into.pk:
        raise Refused("That is this very entry: name the other one.")
    with deciding(by, on=Trial, reason=f"The same study as {into.slug}."):
        row = locked(trial)
        other = Trial.objects.select_for_update(of=("self",)).filter(pk=into.pk).first()
        if other is None:
            raise Refused(f"{into.slug} is not there any more.")
        for record in records_of(row):
            record.trial = other
            decided(record, by=by, verdict=Verdict.GIVES, reason=f"The same study as {into.slug}.")
            _fill(other, record)
        for topic in Topic.objects.filter(trials=row):
            topic.trials.add(other)
        _move_rows(row, other)
        _delete(row)
        with in_plain_words():
            other.save()
        return derivation.after_change(other)


def turn_down(trial: Trial, *, by: Any, reason: str) -> list[RegistryRecord]:
    """Remember that a study does not give IL-2, and why; it is no trial here any more."""
    if not reason.strip():
        raise Refused(WHY_NEEDED)
    with deciding(by, on=Trial, reason=reason):
        row = locked(trial)
        records = records_of(row)
        if not records:
            raise Refused(NOTHING_HELD)
        refuse_if_used(row)
        for record in records:
            record.trial = None
            decided(record, by=by, verdict=Verdict.NOT_IL2, reason=reason.strip())
        _delete(row)
        return records


def take_in(record: RegistryRecord, *, by: Any) -> Trial | Publication:
    """Put what was left out into the inbox after all, as its last payload has it."""
    of_trial = record.source in payloads.OF_TRIALS
    with deciding(by, on=Trial if of_trial else Publication):
        row = RegistryRecord.objects.select_for_update(of=("self",)).get(pk=record.pk)
        there = row.trial or row.publication
        if there is not None:
            raise Refused(f"It is here already, as {there}.")
        if row.snapshot is None:
            raise Refused("No payload of it is held: import it again.")
        verdict, said = _as_read(row) if of_trial else ("", "")
        if verdict == Verdict.NOT_IL2:
            verdict, said = Verdict.GIVES, LEFT_OUT.format(reason=said)
        decided(row, by=by, verdict=verdict, reason=said)
        try:
            found = payloads.read(row.source, row.snapshot.payload)
            if isinstance(found, TrialRecord):
                _refuse_if_known(row.value)
                with in_plain_words():
                    return trials.make_trial(row, found)
            return publications.make_publication(row, found)
        except Unreadable as error:
            raise Refused(f"Its payload cannot be read: {error}") from error


def _as_read(record: RegistryRecord) -> tuple[str, str]:
    """Return the verdict that a record's last payload has, and what it rests on."""
    found = payloads.record_of(record)
    if found is None:
        return record.verdict, record.reason
    judged = il2.verdict(found)
    return judged.verdict, judged.reason


def _refuse_if_known(value: str) -> None:
    known = TrialIdentifier.objects.filter(value=value).select_related("trial").first()
    if known is not None:
        raise Refused(f"{known.trial} has this number already.")


def _fill(trial: Trial, record: RegistryRecord) -> None:
    """Fill in what is empty, as the record that joins has it, where it fits what is ours."""
    for name in together.ASKED:
        if not all(each in record.values for each in together.parts(name)):
            continue
        text = together.joined(name, record.values)
        if text and not together.text_of(trial, name) and not _contradicts(trial, name, text):
            together.put(trial, name, text)


def _contradicts(trial: Trial, name: str, text: str) -> bool:
    """Say whether an age cannot stand beside the other one, which is ours."""
    if name not in together.AGES:
        return False
    low, high = (text if each == name else fields.text_of(trial, each) for each in together.AGES)
    return bool(low and high) and int(low) > int(high)


def _move_rows(trial: Trial, into: Trial) -> None:
    held = set(into.identifiers.values_list("registry", "value"))
    for number in trial.identifiers.all():
        if (number.registry, number.value) not in held:
            number.trial = into
            number.save()
    told = set(into.publication_rows.values_list("publication", flat=True))
    for row in TrialPublication.objects.filter(trial=trial).exclude(publication__in=told):
        row.trial = into
        row.save()


def _delete(trial: Trial) -> None:
    try:
        # Read again: what was moved is not its any more.
        Trial.objects.get(pk=trial.pk).delete()
    except ProtectedError as error:
        named = ", ".join(str(getattr(row, "code", row)) for row in list(error.protected_objects))
        raise Refused(f"It is used already ({named[:200]}): accept it instead.") from error
