"""What decisions about the inbox share: who may, what still waits, and what is remembered of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format

from evidence.ledger import actors, reasons, version
from evidence.models import Edition, Publication, RegistryRecord, Topic, Trial
from evidence.sync.errors import Refused
from evidence.sync.refusals import in_words
from evidence.vocab import Verdict

DAY = "j F Y"
NOT_YOURS = "Your duties do not include deciding on {kind}."
GONE = "It is not in the inbox any more: it was joined to another entry, turned down or deleted."
# How many of the things that stand in the way are named.
MOST_NAMED = 3


@contextmanager
def deciding(by: Any, *, on: type[Any], reason: str = "") -> Iterator[None]:
    """Decide in a person's name, alone, all of it or nothing."""
    if not by.has_perm(f"evidence.change_{on._meta.model_name}"):
        raise Refused(NOT_YOURS.format(kind=on._meta.verbose_name_plural))
    with actors.acting(by), reasons.because(reason), transaction.atomic():
        version.hold()
        yield


@contextmanager
def in_plain_words() -> Iterator[None]:
    """Refuse in words what the database refuses; nothing of the decision stands then."""
    try:
        yield
    except (IntegrityError, DataError, OverflowError) as error:
        raise Refused(in_words(error)) from error


def locked(fact: Trial | Publication) -> Any:
    """Return the row as it stands now, locked; refuse one on which somebody has decided."""
    rows = type(fact)._default_manager.select_for_update(of=("self",))
    row = rows.select_related("accepted_by").filter(pk=fact.pk).first()
    if row is None:
        raise Refused(what_became_of(getattr(fact, "slug", "")) or GONE)
    refuse_if_accepted(row)
    return row


def refuse_if_accepted(fact: Trial | Publication) -> None:
    """Refuse to decide again on what somebody has accepted."""
    if fact.accepted_at is not None:
        who = fact.accepted_by or "The starter evidence"
        raise Refused(f"{who} accepted it already, on {day(fact.accepted_at)}.")


def records_of(fact: Trial | Publication) -> list[RegistryRecord]:
    """Return what registries and the literature hold of a thing, locked."""
    return list(fact.registry_records.select_for_update(of=("self",)).order_by("pk"))


def decided(record: RegistryRecord, *, by: Any, verdict: str, reason: str) -> None:
    """Write down what a person decided of a record; from then on it is not asked again."""
    record.verdict, record.reason = verdict, reason
    record.decided_by, record.decided_at = by, timezone.now()
    record.save()


def what_became_of(number: str) -> str:
    """Say who decided what of a number that does not wait any more; empty where nobody did."""
    rows = RegistryRecord.objects.exclude(decided_by=None).select_related("decided_by")
    record = rows.filter(value=number).select_related("trial", "publication").first()
    if record is None or record.decided_at is None:
        return ""
    who = f"{record.decided_by} decided on {number} on {day(record.decided_at)}"
    thing = record.trial or record.publication
    if thing is None:
        return f"{who}: turned down, because “{record.reason}”."
    if record.verdict == Verdict.GIVES:
        return f"{who}: it belongs to {thing} now."
    return f"{who}."


def refuse_if_used(fact: Trial | Publication) -> None:
    """Refuse to take away what topics or judgements stand on already."""
    listed = used_by(fact)
    if listed:
        raise Refused(f"It is used already ({listed}): accept it, or join it to another entry.")


def used_by(fact: Trial | Publication) -> str:
    """Name the first judgements and topics that stand on a thing; empty where none does."""
    named = [
        str(getattr(row, "code", row))
        for relation in fact._meta.related_objects
        if issubclass(relation.related_model, (Edition, Topic))
        for row in relation.related_model._default_manager.filter(
            **{relation.field.name: fact.pk}
        ).order_by("pk")[:MOST_NAMED]
    ]
    return ", ".join(dict.fromkeys(named[:MOST_NAMED]))


def day(at: Any) -> str:
    """Write a day as sentences do."""
    return date_format(timezone.localtime(at), DAY)
