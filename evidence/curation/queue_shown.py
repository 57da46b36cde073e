"""What waits of what readers see: withdrawals, sources that fell, reasons and dates run out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from evidence.curation.allowed import Move
from evidence.curation.queue_desk import Desk, Entry, Shown
from evidence.curation.queue_rows import Row, Why, quoted, what
from evidence.models import Assessment
from evidence.templatetags import names
from evidence.templatetags.words import day_words
from evidence.vocab import Standing, State, Status

FELL = {
    Standing.RETRACTED: "{} was retracted after this was read",
    Standing.CORRECTED: "{} was corrected after this was read",
    Standing.CONCERN: "An expression of concern was published about {} after this was read",
}


def withdrawals(desk: Desk) -> list[Entry]:
    """Return what another person proposes to withdraw, the longest waiting first."""
    return _sorted(
        Entry(model=one.model, pk=one.pk, since=one.withdrawal_proposed_at)
        for one in desk.shown
        if one.withdrawal_proposed_by_id not in (None, desk.user.pk) and one.model in desk.reads
    )


def fallen(desk: Desk) -> list[Entry]:
    """Return what was read from a source before it was retracted, corrected or doubted."""
    return _sorted(
        Entry(model=one.model, pk=one.pk, since=one.noted_at)
        for one in desk.shown
        if one.noted_at is not None
        and one.noted_at > one.published_at
        and one.standing != Standing.CURRENT
        and one.model in desk.writes
    )


def reasons(desk: Desk) -> list[Entry]:
    """Return assessments whose reason to differ from the rule is due, or that have none."""
    return _sorted(
        Entry(model=one.model, pk=one.pk, since=one.review_by)
        for one in _assessments(desk)
        if (one.review_by is not None and one.review_by < desk.today) or _differs(one)
    )


def overdue(desk: Desk) -> list[Entry]:
    """Return assessments whose review is due."""
    return _sorted(
        Entry(model=one.model, pk=one.pk, since=one.next_review)
        for one in _assessments(desk)
        if one.next_review is not None and one.next_review < desk.today
    )


def tell_withdrawals(desk: Desk, editions: Sequence[Any]) -> Iterator[Row]:
    """Say who proposes it, and why."""
    for edition in editions:
        why = quoted(edition.withdrawal_proposed_by, edition.withdrawal_reason)
        yield Row(
            what=what(edition),
            model=type(edition),
            about=edition,
            why=(why,),
            since=edition.withdrawal_proposed_at,
            verb="Decide",
            page=Move.WITHDRAW,
        )


def tell_fallen(desk: Desk, editions: Sequence[Any]) -> Iterator[Row]:
    """Say what became of the source."""
    for edition in editions:
        source = edition.publication
        # Its standing may have changed again since the keys were read.
        said = FELL.get(source.standing, FELL[Standing.CORRECTED])
        said = said.format(names.publication_label(source))
        note = f": {source.standing_note}" if source.standing_note else ""
        yield _revise(desk, edition, (said + note,), since=source.standing_noted_at)


def tell_reasons(desk: Desk, editions: Sequence[Any]) -> Iterator[Row]:
    """Say what we and the rule say, and until when the reason held."""
    for edition in editions:
        topic = edition.topic
        rule = Status(topic.rule_status) if topic.rule_status else "nothing yet"
        says: Why = (
            "We say ",
            Status(edition.status),
            ", the rule says ",
            rule,
            f" ({topic.rule})",
        )
        if edition.reason:
            due = day_words(edition.review_by)
            says = (*says, f": our reason was to be looked at again by {due}")
        else:
            says = (*says, ", and no reason is given: the evidence has moved")
        yield _revise(desk, edition, says, since=edition.review_by)


def tell_overdue(desk: Desk, editions: Sequence[Any]) -> Iterator[Row]:
    """Say since when the review is due."""
    for edition in editions:
        why = f"Its review was due on {day_words(edition.next_review)}"
        yield _revise(desk, edition, (why,), since=edition.next_review)


def _revise(desk: Desk, edition: Any, why: Why, *, since: Any) -> Row:
    """Lead to a new edition, or to the one that somebody has begun."""
    about, verb, page = edition, "Revise", str(Move.REVISE)
    begun = desk.next_editions.get(edition.record_id)
    if begun is not None:
        pk, state = begun
        about = type(edition)(pk=pk)
        verb, page = "Open", "change"
        stands = "is with a second reader" if state == State.IN_REVIEW else "is begun"
        why = (*why, f". Its next edition {stands}")
    return Row(
        what=what(edition),
        model=type(edition),
        about=about,
        why=why,
        since=since,
        verb=verb,
        page=page,
    )


def _assessments(desk: Desk) -> Iterator[Shown]:
    return (one for one in desk.shown if one.model is Assessment and Assessment in desk.writes)


def _differs(one: Shown) -> bool:
    return not one.reason and one.rule_status not in ("", one.status)


def _sorted(entries: Iterator[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (entry.since is None, str(entry.since), entry.pk))
