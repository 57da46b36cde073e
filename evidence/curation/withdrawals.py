"""Taking a published judgement back: proposed by one person, confirmed by another."""

from __future__ import annotations

from typing import Any, TypeVar

from django.utils import timezone

from evidence.curation.allowed import Move
from evidence.curation.errors import NotAllowed
from evidence.curation.handling import handled, keep_step, needed
from evidence.ledger import derivation
from evidence.models import Assessment, Edition, Finding, HarmReport, Record
from evidence.vocab import State, Verb

AnEdition = TypeVar("AnEdition", bound=Edition)


def propose_withdrawal(
    edition: AnEdition,
    *,
    by: Any,
    note: str = "",
    successor: Record | Edition | None = None,
    seen: int | None = None,
) -> AnEdition:
    """Propose to take a published edition back, with the reason that readers will see.

    It stays published until another person confirms. `successor` is the published record, of the
    same kind, that takes its place.
    """
    with handled(edition, move=Move.PROPOSE_WITHDRAWAL, by=by, note=note, seen=seen) as (shown,):
        shown.withdrawal_reason = needed(note)
        shown.withdrawal_proposed_by = by
        shown.withdrawal_proposed_at = timezone.now()
        shown.successor = successor.record if isinstance(successor, Edition) else successor
        _check_successor(shown)
        _save(shown, Verb.PROPOSED_WITHDRAWAL, by=by, note=note)
    edition.refresh_from_db()
    return edition


def withdraw(edition: AnEdition, *, by: Any, note: str = "", seen: int | None = None) -> AnEdition:
    """Confirm a proposed withdrawal: its address then says when it went, why, and what follows."""
    with handled(edition, move=Move.WITHDRAW, by=by, note=note, seen=seen) as (shown,):
        _check_successor(shown)
        shown.state = State.WITHDRAWN
        shown.withdrawn_by, shown.withdrawn_at = by, timezone.now()
        _save(shown, Verb.WITHDRAWN, by=by, note=note)
        derivation.after_change(shown)
    edition.refresh_from_db()
    return edition


def keep(edition: AnEdition, *, by: Any, note: str = "", seen: int | None = None) -> AnEdition:
    """Turn a proposed withdrawal down, with a note; its proposer may take it back so."""
    with handled(edition, move=Move.KEEP, by=by, note=note, seen=seen) as (shown,):
        shown.withdrawal_reason = ""
        shown.withdrawal_proposed_by = shown.withdrawal_proposed_at = shown.successor = None
        _save(shown, Verb.KEPT, by=by, note=needed(note))
    edition.refresh_from_db()
    return edition


def _save(edition: Edition, verb: Verb, *, by: Any, note: str) -> None:
    edition.lock_version += 1
    edition.save()
    keep_step(edition, verb, by=by, note=note)


def _check_successor(edition: Any) -> None:
    """No public row may be left pointing at a page that is gone without a word of what follows."""
    successor = edition.successor
    if successor is None:
        _check_nothing_hangs_on(edition)
        return
    if successor.pk == edition.record_id:
        raise NotAllowed(f"{edition.code} cannot take its own place.")
    if not type(edition)._default_manager.public().filter(record=successor).exists():
        kind = edition._meta.verbose_name
        raise NotAllowed(f"{successor} is no published {kind}: a successor is one.")


def _check_nothing_hangs_on(edition: Any) -> None:
    if not isinstance(edition, Assessment):
        return
    model: Any
    for model in (Finding, HarmReport):
        rows = model.objects.public().filter(topic__in=_left_to(edition))
        if found := list(rows.order_by("pk")[:5]):
            topics = ", ".join(sorted({f"T{row.topic_id}" for row in found}))
            codes = ", ".join(row.code for row in found)
            raise NotAllowed(
                f"Published {model._meta.verbose_name_plural} stand on {topics} ({codes}): "
                "withdraw or move them first, or name a successor."
            )


def _left_to(edition: Assessment) -> set[int]:
    """Give the topic of an assessment, with those whose withdrawn assessments it came after."""
    topics, records = {edition.topic_id}, {edition.record_id}
    withdrawn = Assessment.objects.withdrawn()
    while True:
        before = withdrawn.filter(successor__in=records).exclude(record__in=records)
        found = list(before.values_list("topic", "record"))
        if not found:
            return topics
        topics |= {topic for topic, _ in found}
        records |= {record for _, record in found}
