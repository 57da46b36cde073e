"""Deciding on a publication that came in: take it, join it to another one, or leave it out."""

from __future__ import annotations

from typing import Any

from django.db.models import ProtectedError
from django.utils import timezone

from evidence.ledger import derivation
from evidence.ledger.derivation import Change
from evidence.models import Publication, RegistryRecord, TrialPublication
from evidence.sync.errors import Refused
from evidence.sync.taking_back import (
    TAKEN_BACK,
    accepted,
    put_back,
    refuse_if_stood_on,
    undecided,
)
from evidence.sync.waiting import decided, deciding, locked, records_of, refuse_if_used

WHY_NEEDED = "Say why it is not wanted here, so that nobody is asked again."
NOTHING_HELD = (
    "Nothing is held of it from the literature, so that it cannot be remembered. An administrator "
    "can delete it."
)
# A publication is known by any of these; the first is a number, the others texts.
NUMBERS = ("pmid", "doi", "pmcid")


def accept_publication(publication: Publication, *, by: Any) -> list[Change]:
    """Let readers see a publication; say of which topics the rule moved."""
    with deciding(by, on=Publication):
        row = locked(publication)
        row.accepted_by, row.accepted_at = by, timezone.now()
        row.save()
        for record in records_of(row):
            decided(record, by=by, verdict="", reason="")
        return derivation.after_change(row)


def take_back_publication(publication: Publication, *, by: Any) -> list[Change]:
    """Put an accepted publication back into the inbox; say what the rule says now.

    Refused where judgements stand on it, or somebody has tied a trial to it since.
    """
    with deciding(by, on=Publication, reason=TAKEN_BACK):
        row = accepted(publication)
        refuse_if_stood_on(row)
        for record in records_of(row):
            undecided(record, verdict="", reason="")
        return put_back(row)


def join_publication(publication: Publication, *, into: Publication, by: Any) -> list[Change]:
    """Give a publication's numbers, trials and records to another one, which is the same text."""
    if publication.pk == into.pk:
        raise Refused("That is this very entry: name the other one.")
    with deciding(by, on=Publication, reason=f"The same text as {into.code}."):
        row = locked(publication)
        rows = Publication.objects.select_for_update(of=("self",))
        other = rows.filter(pk=into.pk).first()
        if other is None:
            raise Refused(f"{into.code} is not there any more.")
        refuse_if_used(row)
        for record in records_of(row):
            record.publication = other
            decided(record, by=by, verdict="", reason=f"The same text as {into.code}.")
        numbers = {name: getattr(row, name) for name in NUMBERS}
        told = set(other.trial_rows.values_list("trial", flat=True))
        for tie in TrialPublication.objects.filter(publication=row).exclude(trial__in=told):
            tie.publication = other
            tie.save()
        _delete(row)  # first: no two publications have one number
        for name, number in numbers.items():
            if number and not getattr(other, name):
                setattr(other, name, number)
        other.save()
        return derivation.after_change(other)


def turn_down_publication(
    publication: Publication, *, by: Any, reason: str
) -> list[RegistryRecord]:
    """Remember that a publication is not wanted here, and why."""
    if not reason.strip():
        raise Refused(WHY_NEEDED)
    with deciding(by, on=Publication, reason=reason):
        row = locked(publication)
        records = records_of(row)
        if not records:
            raise Refused(NOTHING_HELD)
        refuse_if_used(row)
        for record in records:
            record.publication = None
            decided(record, by=by, verdict="", reason=reason.strip())
        _delete(row)
        return records


def _delete(publication: Publication) -> None:
    try:
        # Read again: what was moved is not its any more.
        Publication.objects.get(pk=publication.pk).delete()
    except ProtectedError as error:
        raise Refused("It is used already: accept it instead.") from error
