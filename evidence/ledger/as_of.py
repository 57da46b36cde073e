"""What the rule would have said of a topic at the end of a year, worked out when it is asked."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from evidence.assess import Derivation, Pivot, Reason
from evidence.ledger.evidence_of import batches, common, gather_topics
from evidence.ledger.readings import end_of
from evidence.models import Topic
from evidence.models.periods import FIRST_YEAR


@dataclass(frozen=True, kw_only=True)
class Said:
    """The rule's word as of a year, from today's published findings, and what has no date.

    `undated_findings` are codes such as F12, `undated_trials` words in addresses.
    """

    year: int
    derivation: Derivation
    pivots: tuple[Pivot, ...]
    undated_findings: tuple[str, ...]
    undated_trials: tuple[str, ...]
    undated_approvals: int


def this_year() -> int:
    """Return the last year that can be asked about: its end is today."""
    return timezone.now().year


def year_in(text: str) -> int:
    """Return the year that was asked for; ValueError says what is wrong with it."""
    last = this_year()
    if len(text) == 4 and text.isascii() and text.isdigit() and FIRST_YEAR <= int(text) <= last:
        return int(text)
    raise ValueError(f"“{text[:80]}” is not a year from {FIRST_YEAR} to {last}.")


def said(topic: Topic, *, year: int) -> Said:
    """Work out what the rule would have said of a topic at the end of a year; of this one, today.

    What appeared later stays out, and so does all that has no date.
    """
    shared = common()
    (keys,) = batches(shared, [topic.pk])
    evidence = gather_topics(keys, common=shared).evidence(topic)
    on = end_of(year, today=timezone.now().date())
    derivation, pivots = evidence.word(on=on, as_of=True)
    trace = derivation.trace
    undated = {one.id for one in trace.set_aside if one.reason == Reason.NO_YEAR}
    approvals = {approval.id for approval in evidence.approvals}
    return Said(
        year=year,
        derivation=derivation,
        pivots=pivots,
        undated_findings=tuple(one.id for one in trace.left_out if one.reason == Reason.NO_YEAR),
        undated_trials=tuple(sorted(undated - approvals)),
        undated_approvals=len(undated & approvals),
    )
