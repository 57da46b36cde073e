"""What always holds of the evidence, whatever was killed and whoever was at it at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from evidence.ledger import derivation, version
from evidence.models import (
    Assessment,
    Consideration,
    Edition,
    Finding,
    HarmReport,
    Record,
    Step,
    Topic,
)
from evidence.models.base import OPEN_STATES, SHOWN_STATES
from evidence.vocab import Origin, State, Verb

JUDGEMENTS: tuple[type[Edition], ...] = (Assessment, Finding, HarmReport, Consideration)
# Where a step leaves its edition.
LEADS_TO = {
    Verb.SUBMITTED: State.IN_REVIEW,
    Verb.RETURNED: State.DRAFT,
    Verb.PUBLISHED: State.PUBLISHED,
    Verb.WITHDRAWN: State.WITHDRAWN,
}
PROPOSALS = (Verb.PROPOSED_WITHDRAWAL, Verb.KEPT)
# A move of an edition as the steps have it, and as the audit log has it: where to, by whom, why.
Told = tuple[str, int | None, str]


def faults(*, others: int = 0) -> list[str]:
    """Say what is half done or does not agree with something else: nothing, ever.

    `others` is how often readers saw a change that was no move: a load, a saved fact or word.
    """
    found = [*_gate(), *_rule(), *_version(others), *_file()]
    for model in JUDGEMENTS:
        records = model._default_manager.order_by("record", "number")
        by_record: dict[int, list[Any]] = {
            key: [] for key in Record.objects.filter(kind=model.KIND).values_list("pk", flat=True)
        }
        for edition in records:
            by_record[edition.record_id].append(edition)
        logged = _logged(model)
        for record, editions in by_record.items():
            steps = [*Step.objects.filter(record=record)]
            found += [f"{model.KIND}{record}: {said}" for said in _record(editions, steps)]
            for edition in editions:
                what = f"{edition.code}, edition {edition.number}, {edition.state}"
                entries = logged.pop(str(edition.pk), [])
                found += [f"{what}: {said}" for said in _edition(edition, steps, entries)]
    return found


def _record(editions: list[Any], steps: list[Step]) -> Iterator[str]:
    """At most one edition is public and one open, and none is missing but the discarded."""
    states = [edition.state for edition in editions]
    if states.count(State.PUBLISHED) > 1:
        yield "two editions are published"
    if len([state for state in states if state in OPEN_STATES]) > 1:
        yield "two editions are open"
    for place, state in enumerate(states):
        followed = not {*states[place + 1 :]}.isdisjoint(SHOWN_STATES)
        if state == State.SUPERSEDED and not followed:
            yield f"edition {place + 1} was superseded by none"
        if state == State.PUBLISHED and followed:
            yield f"edition {place + 1} is published still, though a later one was"
    discarded = {step.number for step in steps if step.verb == Verb.DISCARDED}
    numbers = {edition.number for edition in editions} | discarded
    if not numbers or numbers != {*range(1, max(numbers) + 1)}:
        yield f"its editions are {sorted(numbers)}"


def _edition(edition: Any, steps: list[Step], entries: list[LogEntry]) -> Iterator[str]:
    """Its columns, its steps and its audit entries tell the same story."""
    own = [step for step in steps if step.number == edition.number]
    told = [
        (str(LEADS_TO[Verb(step.verb)]), step.by_id, step.note)
        for step in own
        if step.verb in LEADS_TO
    ]
    if edition.state == State.SUPERSEDED:
        later = [s for s in steps if s.verb == Verb.PUBLISHED and s.number > edition.number]
        told += [(str(State.SUPERSEDED), later[0].by_id, later[0].note)] if later else []
    if edition.origin == Origin.STARTER:
        told = []  # it came with the load, as it is
    elif edition.state != (told[-1][0] if told else State.DRAFT):
        yield f"its steps say {told}"
    if _moves_in(entries) != told:
        yield f"its steps say {told}, the audit log {_moves_in(entries)}"
    if len([one for one in entries if one.action == LogEntry.Action.CREATE]) != 1:
        yield "the audit log does not say once that it was created"
    if edition.number > 1 and len([step for step in own if step.verb == Verb.BEGAN]) != 1:
        yield "its steps do not say once that it was begun"
    yield from _signed(edition, own)


def _signed(edition: Any, own: list[Step]) -> Iterator[str]:
    """Whoever the columns name took the step, and nobody else is named."""
    for verb, person, at in (
        (Verb.PUBLISHED, edition.reviewer_id, edition.reviewed_at),
        (Verb.WITHDRAWN, edition.withdrawn_by_id, edition.withdrawn_at),
    ):
        by = [step.by_id for step in own if step.verb == verb]
        if by != ([] if person is None else [person]) or (person is None) != (at is None):
            yield f"{verb} by {person} at {at}, as its steps say by {by}"
    proposals = [step for step in own if step.verb in PROPOSALS]
    proposer = proposals[-1].by_id if proposals else None
    if proposals and proposals[-1].verb == Verb.KEPT:
        proposer = None
    if edition.withdrawal_proposed_by_id != proposer:
        yield f"its withdrawal was proposed by {proposer}, as its steps say"


def _logged(model: type[Edition]) -> dict[str, list[LogEntry]]:
    entries: dict[str, list[LogEntry]] = {}
    kind = ContentType.objects.get_for_model(model)
    for entry in LogEntry.objects.filter(content_type=kind).order_by("pk"):
        entries.setdefault(entry.object_pk, []).append(entry)
    return entries


def _moves_in(entries: list[LogEntry]) -> list[Told]:
    updates = [one for one in entries if one.action == LogEntry.Action.UPDATE]
    return [
        (one.changes["state"][1], one.actor_id, (one.additional_data or {}).get("reason", ""))
        for one in updates
        if "state" in one.changes
    ]


def _gate() -> Iterator[str]:
    """No public finding or harm report stands on a topic that readers do not see."""
    for model in (Finding, HarmReport):
        rows = model._default_manager.public().filter(topic__isnull=False)
        for row in rows.exclude(topic__in=Topic.objects.public()):
            yield f"{row.code} is public, and its topic T{row.topic_id} is not"


def _rule() -> Iterator[str]:
    """What is stored of every topic is what a fresh look at the evidence gives."""
    with transaction.atomic():
        before = _stored()
        derivation.rederive()
        after = _stored()
        transaction.set_rollback(True)
    for topic, stored in before.items():
        for column, value in stored.items():
            if after[topic][column] != value:
                yield f"T{topic}: {column} is {value}, and ought to be {after[topic][column]}"


def _stored() -> dict[int, dict[str, object]]:
    return {
        topic.pk: {
            **{column: getattr(topic, column) for column in derivation.STORED},
            "reads": {*topic.reads.values_list("pk", flat=True)},
            "read_trials": {*topic.read_trials.values_list("pk", flat=True)},
        }
        for topic in Topic.objects.order_by("pk")
    }


def _version(others: int) -> Iterator[str]:
    """The data version has moved once with every change that readers saw."""
    seen = Step.objects.filter(verb__in=(Verb.PUBLISHED, Verb.WITHDRAWN)).count() + others
    if version.current().number != seen:
        yield f"the data version is {version.current().number} after {seen} public changes"


def _file() -> Iterator[str]:
    """SQLite finds nothing wrong with its file."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for check, sound in (("integrity_check", [("ok",)]), ("foreign_key_check", [])):
            cursor.execute(f"PRAGMA {check}")
            if (said := cursor.fetchall()) != sound:
                yield f"{check}: {said[:3]}"
