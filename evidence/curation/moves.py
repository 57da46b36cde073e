"""The moves of a judgement: the only way in which its state changes.

Every move is one transaction that locks the record first. `by` is the person who moves, `note` the
reason that the logs keep, `seen` the edition's lock version as that person had it before her
(None: not asked). A move that may not be made raises NotAllowed and changes nothing; one that was
made brings the instance that it was given up to date.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar, cast

from django.db.models import Max
from django.utils import timezone

from evidence.curation import ready
from evidence.curation.allowed import Move, has_duty, why_no_reader
from evidence.curation.errors import NotAllowed
from evidence.curation.handling import handled, keep_step, needed
from evidence.curation.withdrawals import keep, propose_withdrawal, withdraw
from evidence.ledger import derivation
from evidence.ledger.hands import has_written
from evidence.models import Assessment, Edition, Topic
from evidence.vocab import Origin, State, Verb

__all__ = [
    "assign",
    "comment",
    "discard",
    "keep",
    "propose_withdrawal",
    "publish",
    "publish_together",
    "return_to_author",
    "revise",
    "submit",
    "withdraw",
]

AnEdition = TypeVar("AnEdition", bound=Edition)

OWN_WORDS = "You have changed what {name} says. Someone who has not must publish it."
NO_STATEMENT = "State your conflict of interest: “none”, or what it is."
# What belongs to one edition and not to the next.
OF_ONE_EDITION = frozenset(field.name for field in Edition._meta.local_fields) - {"record"}


def submit(edition: AnEdition, *, by: Any, note: str = "", seen: int | None = None) -> AnEdition:
    """Hand a draft to a second reader; a draft without an author becomes that of its submitter."""
    with handled(edition, move=Move.SUBMIT, by=by, note=note, seen=seen) as (draft,):
        refuse(ready.faults(draft))
        if draft.author_id is None:
            draft.author = by
        if draft.origin == Origin.STARTER:
            draft.origin = Origin.CURATOR  # whoever submits it answers for it from now on
        draft.last_editor = draft.last_editor or draft.author
        draft.state = State.IN_REVIEW
        draft.submitted_by, draft.submitted_at = by, timezone.now()
        _keep(draft, Verb.SUBMITTED, by=by, note=note)
    edition.refresh_from_db()
    return edition


def return_to_author(
    edition: AnEdition, *, by: Any, note: str = "", seen: int | None = None
) -> AnEdition:
    """Send what is in review back with a note; whoever submitted it may take it back so too."""
    with handled(edition, move=Move.RETURN, by=by, note=note, seen=seen) as (draft,):
        draft.state = State.DRAFT
        draft.submitted_by = draft.submitted_at = None
        _keep(draft, Verb.RETURNED, by=by, note=needed(note))
    edition.refresh_from_db()
    return edition


def publish(
    edition: AnEdition,
    *,
    by: Any,
    note: str = "",
    conflict_of_interest: str = "none",
    seen: int | None = None,
) -> AnEdition:
    """Show an edition to readers in place of the one before it, as its second reader."""
    with handled(edition, move=Move.PUBLISH, by=by, note=note, seen=seen) as fresh:
        _publish(fresh, by=by, note=note, conflict_of_interest=conflict_of_interest)
    edition.refresh_from_db()
    return edition


def publish_together(
    editions: Sequence[Edition], *, by: Any, note: str = "", conflict_of_interest: str = "none"
) -> list[Edition]:
    """Publish some editions in one go, all or none: an assessment and the findings it rests on."""
    with handled(*editions, move=Move.PUBLISH, by=by, note=note) as fresh:
        _publish(fresh, by=by, note=note, conflict_of_interest=conflict_of_interest)
    for one in editions:
        one.refresh_from_db()
    return [*editions]


def revise(edition: AnEdition, *, by: Any, note: str = "", seen: int | None = None) -> AnEdition:
    """Begin the next edition as a draft with this one's content, and return it."""
    draft: Any
    with handled(edition, move=Move.REVISE, by=by, note=note, seen=seen) as (shown,):
        editions = type(shown)._default_manager.filter(record=shown.record_id)
        last = editions.aggregate(last=Max("number"))["last"]
        values = {
            field.name: getattr(shown, field.name)
            for field in shown._meta.concrete_fields
            if field.name not in OF_ONE_EDITION and not field.primary_key
        }
        draft = type(shown)(**values, number=last + 1, author=by, last_editor=by)
        draft.save()
        for relation in shown._meta.local_many_to_many:
            getattr(draft, relation.name).set(getattr(shown, relation.name).all())
        keep_step(draft, Verb.BEGAN, by=by, note=note)
    return cast("AnEdition", type(edition)._default_manager.get(pk=draft.pk))


def discard(edition: Edition, *, by: Any, note: str = "", seen: int | None = None) -> None:
    """Throw a draft away; the audit log keeps what it held. Another's draft takes a note."""
    with handled(edition, move=Move.DISCARD, by=by, note=note, seen=seen) as (draft,):
        if draft.author_id != by.pk:
            needed(note)
        keep_step(draft, Verb.DISCARDED, by=by, note=note)
        draft.delete()


def assign(
    edition: AnEdition, *, by: Any, to: Any = None, note: str = "", seen: int | None = None
) -> AnEdition:
    """Give a draft to a writer, or what is in review to a second reader; to nobody with None."""
    with handled(edition, move=Move.ASSIGN, by=by, note=note, seen=seen) as (one,):
        if to is not None:
            _check_assignee(one, to, by=by)
        if one.assignee_id != (to.pk if to is not None else None):
            one.assignee = to
            one.save()
            keep_step(one, Verb.ASSIGNED, by=by, note=note, to=to)
    edition.refresh_from_db()
    return edition


def comment(edition: AnEdition, *, by: Any, note: str = "") -> AnEdition:
    """Say something about an edition to colleagues."""
    with handled(edition, move=Move.COMMENT, by=by, note=note) as (one,):
        keep_step(one, Verb.COMMENTED, by=by, note=needed(note))
    return edition


def _keep(edition: Edition, verb: Verb, *, by: Any, note: str) -> None:
    """Save a moved edition, which nobody has in hand any more, with its step."""
    edition.assignee = None
    edition.lock_version += 1
    edition.save()
    keep_step(edition, verb, by=by, note=note)


def refuse(faults: Sequence[ready.Fault]) -> None:
    """Raise NotAllowed with every fault, each once, where there is one."""
    if faults:
        raise NotAllowed(" ".join(dict.fromkeys(fault.sentence for fault in faults)))


def _publish(editions: Sequence[Any], *, by: Any, note: str, conflict_of_interest: str) -> None:
    """Publish locked editions, assessments first: what stands on a topic needs it to be public."""
    if not conflict_of_interest.strip():
        raise NotAllowed(NO_STATEMENT)
    assessments = [edition for edition in editions if isinstance(edition, Assessment)]
    topics = {assessment.topic_id for assessment in assessments}
    now = timezone.now()
    for edition in sorted(editions, key=lambda one: not isinstance(one, Assessment)):
        if has_written(edition, person=by):
            raise NotAllowed(OWN_WORDS.format(name=edition.code))
        refuse(ready.obstacles(edition, published_with=topics))
        _supersede(edition)
        edition.state = State.PUBLISHED
        edition.reviewer, edition.reviewed_at = by, now
        edition.published_at = now
        edition.conflict_of_interest = conflict_of_interest.strip()
        _keep(edition, Verb.PUBLISHED, by=by, note=note)
    for edition in editions:
        derivation.after_change(edition)
    derivation.rederive(topics)  # trials start with time: the stored rule may be of another day
    for assessment in assessments:
        if reason := ready.needs_a_reason(assessment):
            raise NotAllowed(reason)
        _note_what_it_answers(assessment)


def _note_what_it_answers(assessment: Assessment) -> None:
    """Keep with a reason the line of the rule that it was written against."""
    rule = Topic.objects.values_list("rule", flat=True).get(pk=assessment.topic_id)
    answered = rule if assessment.reason else ""
    if assessment.rule_answered != answered:
        assessment.rule_answered = answered
        assessment.save(update_fields=["rule_answered"])


def _supersede(edition: Edition) -> None:
    before = type(edition)._default_manager.filter(record=edition.record_id)
    for shown in before.filter(state=State.PUBLISHED):
        shown.state = State.SUPERSEDED
        shown.lock_version += 1
        shown.save()


def _check_assignee(edition: Edition, person: Any, *, by: Any) -> None:
    reading = edition.state == State.IN_REVIEW
    if not person.is_active or not has_duty(edition, "publish" if reading else "change", by=person):
        raise NotAllowed(f"{person} has no duty to {'publish' if reading else 'write'} this.")
    if reading and (why := why_no_reader(edition, person=person)):
        said = why if person.pk == by.pk else f"{person} wrote, changed or submitted this."
        raise NotAllowed(said)
