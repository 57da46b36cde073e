"""What the evidence gives of a topic: the rule's word today and at the end of each year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

from evidence.assess import Derivation, Pivot, Reason
from evidence.ledger.evidence_of import REVIEWS, Evidence, Gathered, study_key
from evidence.models import Finding, Topic, Trial
from evidence.models.periods import FIRST_YEAR, LAST_YEAR
from evidence.vocab import DISCORDANT, NEVER_BEGUN, Rule

Columns = dict[str, Any]
# In an as-of these were not there to be left out.
NOT_THERE = frozenset({Reason.LATER, Reason.NO_YEAR})


@dataclass(frozen=True, kw_only=True)
class Period:
    """The columns of the rule's word that stood at the end of each year from one to another."""

    from_year: int
    to_year: int
    word: Columns


@dataclass(frozen=True, kw_only=True)
class Reading:
    """All that is stored of a topic because its evidence says so.

    `columns` are the topic's own; `reads` and `trials` the keys of the topics and the trials that
    were read.
    """

    topic: int
    columns: Columns
    reads: frozenset[int]
    trials: frozenset[int]
    periods: tuple[Period, ...]

    def to_json(self) -> dict[str, Any]:
        """Give plain lists and dictionaries."""
        return {
            "topic": self.topic,
            "columns": self.columns,
            "reads": sorted(self.reads),
            "trials": sorted(self.trials),
            "periods": [[one.from_year, one.to_year, one.word] for one in self.periods],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(
            topic=data["topic"],
            columns=data["columns"],
            reads=frozenset(data["reads"]),
            trials=frozenset(data["trials"]),
            periods=tuple(
                Period(from_year=first, to_year=last, word=word)
                for first, last, word in data["periods"]
            ),
        )


def read(topic: Topic, gathered: Gathered, *, today: dt.date) -> Reading:
    """Read the gathered evidence for one topic."""
    reads = gathered.reads(topic)
    keys = [other.pk for other in reads]
    findings = [finding for key in keys for finding in gathered.findings[key]]
    trials = [trial for key in keys for trial in gathered.trials[key]]
    evidence = gathered.evidence(topic)
    derivation, pivots = evidence.word(on=today)
    read_trials = _trials(findings, trials)
    return Reading(
        topic=topic.pk,
        columns=_word(derivation, pivots)
        | _counts(findings, read_trials)
        | {
            "rule_version": derivation.version,
            "rule_trace": derivation.trace.to_json(),
            "rule_rests_on": [pivot.to_json() for pivot in pivots],
            "harms_count": sum(gathered.harms[key] for key in keys),
        },
        reads=frozenset(keys),
        trials=read_trials,
        periods=tuple(_periods(evidence, findings, trials, today=today)),
    )


def end_of(year: int, *, today: dt.date) -> dt.date:
    """Return the last day of a year; of the year that has not ended, today."""
    return min(dt.date(year, 12, 31), today)


def _periods(
    evidence: Evidence, findings: Sequence[Finding], trials: Sequence[Trial], *, today: dt.date
) -> Iterator[Period]:
    """Give the word of each run of years in which it is the same."""
    begun, word = FIRST_YEAR, _as_of(FIRST_YEAR, evidence, findings, trials, today=today)
    for year in evidence.years(until=today.year):
        if year <= FIRST_YEAR:
            continue
        then = _as_of(year, evidence, findings, trials, today=today)
        if then != word:
            yield Period(from_year=begun, to_year=year - 1, word=word)
            begun, word = year, then
    yield Period(from_year=begun, to_year=LAST_YEAR, word=word)


def _as_of(
    year: int,
    evidence: Evidence,
    findings: Iterable[Finding],
    trials: Iterable[Trial],
    *,
    today: dt.date,
) -> Columns:
    on = end_of(year, today=today)
    derivation, pivots = evidence.word(on=on, as_of=True)
    known = [one for one in findings if one.year is not None and one.year <= year]
    begun = [
        one
        for one in trials
        if one.start and one.start <= on.isoformat() and one.recruitment_status not in NEVER_BEGUN
    ]
    return _word(derivation, pivots) | _counts(known, _trials(known, begun))


def _word(derivation: Derivation, pivots: Sequence[Pivot]) -> Columns:
    trace = derivation.trace
    held = {line.rule for line in trace.lines}
    return {
        "rule": str(derivation.rule),
        "rule_status": str(derivation.status),
        "rule_ground": str(derivation.ground),
        "approved": Rule.I2 in held,
        "robust": not pivots,
        "borrowed": trace.borrowed,
        "discordant": not held.isdisjoint(DISCORDANT),
        "studies_for": len({result.study for result in trace.studies_for}),
        "studies_against": len({result.study for result in trace.studies_against}),
        "left_out": sum(one.reason not in NOT_THERE for one in trace.left_out),
    }


def _trials(findings: Iterable[Finding], trials: Iterable[Trial]) -> frozenset[int]:
    """Return the keys of the trials that address a topic or that its findings are of."""
    found = {finding.trial_id for finding in findings if finding.trial_id is not None}
    return frozenset(found | {trial.pk for trial in trials})


def _counts(findings: Sequence[Finding], trials: frozenset[int]) -> Columns:
    studies = {study_key(finding) for finding in findings if finding.design not in REVIEWS}
    return {
        "findings_count": len(findings),
        "studies_count": len(studies | {f"trial:{trial}" for trial in trials}),
        "trials_count": len(trials),
        "publications_count": len({f.publication_id for f in findings} - {None}),
    }
