"""What waits of drafts and of what is in review: to mend, to read, to finish, to check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import shorten
from typing import Any

from django.utils.text import capfirst

from evidence.curation import ready
from evidence.curation.allowed import Move
from evidence.curation.forecasts import in_rows
from evidence.curation.queue_desk import MOVE_NOTHING, Desk, Entry, Open
from evidence.curation.queue_rows import LONGEST, Row, Why, quoted, what, word_of
from evidence.ledger import what_if
from evidence.models import Assessment, Finding, HarmReport, Step
from evidence.templatetags import names, words
from evidence.vocab import State, Verb

READY = "Ready: every required field is filled"
YOURS = "You have taken this on. "


def returned(desk: Desk) -> list[Entry]:
    """Return what another sent back to her, drafts and proposals to withdraw, the oldest first."""
    back = _entries(draft for draft in _drafts(desk) if _is_sent_back(draft, desk))
    return sorted([*back, *desk.turned_down], key=lambda entry: str(entry.since))


def drafts(desk: Desk) -> list[Entry]:
    """Return her other drafts, those that she touched last first."""
    others = [draft for draft in _drafts(desk) if not _is_sent_back(draft, desk)]
    return _entries(others, newest_first=True)


def in_review(desk: Desk) -> list[Entry]:
    """Return what waits for a second reader: given to her first, then the longest waiting."""
    waiting = [one for one in _to_read(desk) if one.assignee_id in (None, desk.user.pk)]
    own = [one for one in waiting if one.assignee_id is not None]
    return [*_entries(own), *_entries(one for one in waiting if one.assignee_id is None)]


def with_others(desk: Desk) -> str:
    """Say how many more another second reader has taken on."""
    count = sum(one.assignee_id not in (None, desk.user.pk) for one in _to_read(desk))
    return f"{count} more with another second reader." if count else ""


def unchecked(desk: Desk) -> list[Entry]:
    """Return the drafts, whosesoever, that hold figures nobody has seen in the source."""
    return _entries(
        one
        for one in desk.open
        if one.unchecked and one.state == State.DRAFT and one.model in desk.writes
    )


def tell_returned(desk: Desk, editions: Sequence[Any]) -> Iterator[Row]:
    """Say who sent each back or turned a withdrawal down, and with which words."""
    last = _last_steps(editions)
    for edition in editions:
        step = last[edition.record_id, edition.number]
        if step.verb == Verb.KEPT:
            said = f"{step.by} turned your withdrawal down: “{step.note}”"
            yield _row(edition, (said,), verb="Read", since=step.at)
        else:
            yield _row(edition, (quoted(step.by, step.note),), verb="Edit", since=step.at)


def tell_in_review(desk: Desk, editions: Sequence[Any]) -> Iterator[Row]:
    """Say what publishing each would make of the rule, or else what it says."""
    findings = [edition for edition in editions if isinstance(edition, Finding)]
    changes = in_rows(what_if.if_published(findings))
    for edition in editions:
        mine = edition.assignee_id == desk.user.pk
        told = changes.get(edition.pk) if isinstance(edition, Finding) else ()
        says = told or _says(edition)
        yield _row(
            edition,
            (YOURS, *says) if mine else says,
            verb="Read",
            page="review",
            since=edition.submitted_at,
            assignable=not mine,
        )


def tell_drafts(desk: Desk, editions: Sequence[Any]) -> Iterator[Row]:
    """Say what each lacks, or that it is ready; of what she took back herself, why she did."""
    last = _last_steps(editions)
    for edition in editions:
        back = last.get((edition.record_id, edition.number))
        faults = ready.faults(edition)
        others = edition.assignee if edition.assignee_id not in (None, desk.user.pk) else None
        given = f"Given to {others}. " if others is not None else ""
        if back is not None and back.verb == Verb.RETURNED and back.by_id == desk.user.pk:
            given += f"You took it back: “{back.note}”. "
        if faults:
            yield _row(edition, (given + faults[0].sentence,), verb="Edit")
        elif differs := _differs(edition):
            yield _row(edition, (given, *differs), verb="Edit")
        else:
            yield _row(edition, (given + READY,), verb="Submit", page=Move.SUBMIT)


def tell_unchecked(desk: Desk, editions: Sequence[Any]) -> Iterator[Row]:
    """Say where the figures of each are to be looked up."""
    for edition in editions:
        source = edition.publication
        place = names.publication_label(source) if source is not None else str(edition.trial)
        where = f"{place}, {edition.locator}" if edition.locator else place
        who = f"{edition.assignee} has taken this on. " if edition.assignee_id else ""
        mine = edition.assignee_id == desk.user.pk
        why = (
            YOURS if mine else who,
            f"Its figures were not seen in the source itself, {where}",
        )
        yield _row(edition, why, verb="Check", assignable=not mine)


def _is_sent_back(draft: Open, desk: Desk) -> bool:
    return draft.last_move == Verb.RETURNED and draft.moved_by != desk.user.pk


def _last_steps(editions: Sequence[Any]) -> dict[tuple[int, int], Step]:
    """Return the last move of each edition, by record and number."""
    steps = Step.objects.filter(record__in=[edition.record_id for edition in editions])
    moved = steps.exclude(verb__in=MOVE_NOTHING).order_by("pk").select_related("by")
    return {(step.record_id, step.number): step for step in moved}


def _drafts(desk: Desk) -> Iterator[Open]:
    person = desk.user.pk
    return (one for one in desk.open if one.state == State.DRAFT and one.is_of(person))


def _to_read(desk: Desk) -> Iterator[Open]:
    return (one for one in desk.open if one.state == State.IN_REVIEW)


def _entries(found: Any, *, newest_first: bool = False) -> list[Entry]:
    entries = [
        Entry(model=one.model, pk=one.pk, since=one.submitted_at or one.modified_at)
        for one in found
    ]
    return sorted(entries, key=lambda entry: str(entry.since), reverse=newest_first)


def _row(edition: Any, why: Why, *, verb: str, page: str = "change", **more: Any) -> Row:
    told = {"since": edition.modified_at} | more
    return Row(
        what=what(edition),
        model=type(edition),
        about=edition,
        why=why,
        verb=verb,
        page=page,
        **told,
    )


def _differs(edition: Any) -> Why:
    """Say what it takes that an assessment differs from the rule; nothing where it does not."""
    if not isinstance(edition, Assessment) or edition.reason:
        return ()
    if not edition.topic.rule_status or edition.agrees:
        return ()
    takes = ": to differ takes a reason and a date to look again"
    return ("The rule says ", *_of_the_rule(edition), takes)


def _of_the_rule(edition: Assessment) -> Why:
    topic = edition.topic
    return word_of(topic.rule_status, topic.rule_ground, line=topic.rule)


def _says(edition: Any) -> Why:
    """Put in a few words what an edition says."""
    if isinstance(edition, Assessment):
        says: Why = ("Says ", *word_of(edition.status, edition.ground))
        if not edition.topic.rule_status:
            return says
        return (*says, "; the rule says ", *_of_the_rule(edition))
    if isinstance(edition, HarmReport):
        counts = _counts(edition)
        return (counts or shorten(edition.term_as_printed, LONGEST, placeholder="…"),)
    said = shorten(edition.statement, LONGEST, placeholder="…")
    if isinstance(edition, Finding):
        return (f"{capfirst(edition.get_direction_display())}: {said}",)
    return (said,)


def _counts(harm: HarmReport) -> str:
    """Write the counts of both groups: "10 of 2,071 and 2 of 2,040"."""
    groups = (
        (harm.affected, harm.at_risk),
        (harm.comparator_affected, harm.comparator_at_risk),
    )
    return " and ".join(
        f"{words.number(affected)} of {words.number(at_risk)}"
        for affected, at_risk in groups
        if affected is not None and at_risk is not None
    )
