"""What waits of what readers see: withdrawals, sources that fell, reasons and dates run out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from evidence.curation.allowed import Move
from evidence.curation.forecasts import WITHDRAWING, in_rows
from evidence.curation.queue_desk import Desk, Entry, Shown
from evidence.curation.queue_rows import Row, Why, quoted, what, word_of
from evidence.ledger import what_if
from evidence.models import Assessment, Finding
from evidence.templatetags import names
from evidence.templatetags.words import day_words
from evidence.vocab import Rule, Standing, State

NO_REASON = (
    ", and no reason is given: the evidence has moved. Begin the next edition with a reason, or "
    "with another status"
)
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


def parted(desk: Desk) -> list[Entry]:
    """Return assessments that differ without a reason, or whose reason answers no longer."""
    return _sorted(
        Entry(model=one.model, pk=one.pk, since=None)
        for one in _assessments(desk)
        if _differs(one) or _is_to_settle(one)
    )


def reasons(desk: Desk) -> list[Entry]:
    """Return assessments whose reason to differ from the rule is due."""
    return _sorted(
        Entry(model=one.model, pk=one.pk, since=one.review_by)
        for one in _assessments(desk)
        if one.review_by is not None and one.review_by < desk.today and not _is_to_settle(one)
    )


def overdue(desk: Desk) -> list[Entry]:
    """Return assessments whose review is due."""
    return _sorted(
        Entry(model=one.model, pk=one.pk, since=one.next_review)
        for one in _assessments(desk)
        if one.next_review is not None and one.next_review < desk.today
    )


def tell_withdrawals(desk: Desk, editions: Sequence[Any]) -> Iterator[Row]:
    """Say who proposes it, why, and what it would change of the rule."""
    findings = [edition for edition in editions if isinstance(edition, Finding)]
    changes = in_rows(what_if.if_withdrawn(findings), deed=WITHDRAWING)
    for edition in editions:
        said = quoted(edition.withdrawal_proposed_by, edition.withdrawal_reason)
        told = changes.get(edition.pk) if isinstance(edition, Finding) else ()
        stop = " " if said[-2] in ".?" else ". "  # its note may end with one of its own
        why: Why = (said, stop, *told) if told else (said,)
        yield Row(
            what=what(edition),
            model=type(edition),
            about=edition,
            why=why,
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


def tell_parted(desk: Desk, editions: Sequence[Any]) -> Iterator[Row]:
    """Say what we and the rule say, and what that takes."""
    for edition in editions:
        yield _revise(desk, edition, _what_parts(edition), since=None)


def tell_reasons(desk: Desk, editions: Sequence[Any]) -> Iterator[Row]:
    """Say what we and the rule say, and until when the reason held."""
    for edition in editions:
        due = day_words(edition.review_by)
        says = (*_both(edition), f": our reason was to be looked at again by {due}")
        yield _revise(desk, edition, says, since=edition.review_by)


def tell_overdue(desk: Desk, editions: Sequence[Any]) -> Iterator[Row]:
    """Say since when the review is due."""
    for edition in editions:
        why = f"Its review was due on {day_words(edition.next_review)}"
        yield _revise(desk, edition, (why,), since=edition.next_review)


def _what_parts(edition: Any) -> Why:
    if not edition.reason:
        return (*_both(edition), NO_REASON)
    topic = edition.topic
    if edition.agrees:
        both = word_of(edition.status, edition.ground, line=topic.rule)
        return ("We and the rule say ", *both, " again: begin the next edition without the reason")
    then, now = _line(edition.rule_answered), _line(topic.rule)
    said = f"Its reason was written when the rule said {then}; it now says {now}"
    return (f"{said}: see whether it still fits",)


def _line(rule: str) -> str:
    """Give a line of the rule with what it says; it may have moved since the keys were read."""
    return f"{rule} ({Rule(rule).label})" if rule else "nothing yet"


def _both(edition: Any) -> Why:
    topic = edition.topic
    rule: Why = ("nothing yet",)
    if topic.rule_status:
        rule = word_of(topic.rule_status, topic.rule_ground, line=topic.rule)
    return ("We say ", *word_of(edition.status, edition.ground), ", the rule says ", *rule)


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
    return not one.reason and bool(one.rule_status) and not one.agrees


def _is_to_settle(one: Shown) -> bool:
    """Say whether its reason is needless now, or answers another line than the rule's."""
    return bool(one.reason) and (one.agrees or one.moved_on)


def _sorted(entries: Iterator[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (entry.since is None, str(entry.since), entry.pk))
