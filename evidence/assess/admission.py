"""What the rule may read: findings of this population, approvals in force, trials that started."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from evidence.assess import words
from evidence.assess.facts import ApprovalFacts, FindingFacts, TrialFacts
from evidence.assess.trace import LeftOut, Reason
from evidence.vocab import (
    Analysis,
    Comparison,
    OutcomeKind,
    RecruitmentStatus,
    Subjects,
    covers,
)

PEOPLE = frozenset({Subjects.PATIENTS, Subjects.HEALTHY})
ARGUING_KINDS = frozenset(
    {OutcomeKind.CLINICAL, OutcomeKind.SURROGATE, OutcomeKind.MICROBIOLOGICAL}
)
CONCURRENT = frozenset({Comparison.ADDS_IL2, Comparison.PACKAGE, Comparison.ACTIVE})
NEVER_DECIDES = {Analysis.SUBGROUP: Reason.SUBGROUP, Analysis.POST_HOC: Reason.POST_HOC}
# Without a date only these say that people were treated; "unknown" may hide a trial that was last
# heard of before it recruited.
SAYS_STARTED = frozenset(
    {
        RecruitmentStatus.ACTIVE_NOT_RECRUITING,
        RecruitmentStatus.COMPLETED,
        RecruitmentStatus.ENROLLING_BY_INVITATION,
        RecruitmentStatus.RECRUITING,
        RecruitmentStatus.SUSPENDED,
        RecruitmentStatus.TERMINATED,
        RecruitmentStatus.AVAILABLE,
        RecruitmentStatus.NO_LONGER_AVAILABLE,
        RecruitmentStatus.TEMPORARILY_NOT_AVAILABLE,
        RecruitmentStatus.APPROVED_FOR_MARKETING,
    }
)

Why = tuple[Reason, str]
Fact = TypeVar("Fact", FindingFacts, ApprovalFacts, TrialFacts)


def current_findings(
    findings: Iterable[FindingFacts], *, on: date, as_of: bool
) -> tuple[list[FindingFacts], list[LeftOut]]:
    """Keep what stands: not retracted, not superseded, and in an as-of known by then."""
    return _sift(findings, lambda f: _not_current(f, on=on, as_of=as_of))


def findings_of(
    findings: Iterable[FindingFacts], *, population: str
) -> tuple[list[FindingFacts], list[LeftOut]]:
    """Keep what the topic's population covers."""
    return _sift(
        findings,
        lambda f: (
            None
            if covers(population, f.population)
            else (Reason.OTHER_POPULATION, words.other_population(f.population))
        ),
    )


def findings_that_may_argue(
    findings: Iterable[FindingFacts],
) -> tuple[list[FindingFacts], list[LeftOut]]:
    """Keep what comes from patients, of a kind that argues, compared, and not a subgroup."""
    return _sift(findings, _may_not_argue)


def approvals_in_force(
    approvals: Iterable[ApprovalFacts], *, population: str, on: date, as_of: bool
) -> tuple[list[ApprovalFacts], list[LeftOut]]:
    """Keep approvals of the IL-2 agent itself, for this population, in force on the day.

    A year is all that is known, so an approval holds from its first day on and is gone from the
    first day of the year of its withdrawal.
    """
    return _sift(approvals, lambda a: _not_in_force(a, population=population, on=on, as_of=as_of))


def trials_started(
    trials: Iterable[TrialFacts], *, population: str, on: date, as_of: bool
) -> tuple[list[TrialFacts], list[LeftOut]]:
    """Keep trials in this population that have begun by the day.

    A partial start has passed once the earliest day that it allows has come: "2015" on 1 January.
    A trial that addresses the question in several populations or conditions is one trial: it
    counts where it does in any of them.
    """
    kept, set_aside = _sift(
        trials, lambda t: _not_started(t, population=population, on=on, as_of=as_of)
    )
    once = {trial.id: trial for trial in kept}
    # What holds it back in its own population says more than that there are others.
    set_aside.sort(key=lambda one: (one.reason != Reason.OTHER_POPULATION, one.sentence))
    aside = {one.id: one for one in set_aside if one.id not in once}
    return [*once.values()], [*aside.values()]


def is_treatment(finding: FindingFacts) -> bool:
    """Say whether people were given IL-2 for what this finding shows.

    Patients and healthy people alike; an uncompared level of a biomarker is no treatment.
    """
    if finding.subjects not in PEOPLE or finding.comparison == Comparison.GROUPS:
        return False
    return not (finding.outcome_kind == OutcomeKind.LEVEL and finding.comparison == Comparison.NONE)


def _not_current(finding: FindingFacts, *, on: date, as_of: bool) -> Why | None:
    if finding.retracted:
        return Reason.RETRACTED, "Its source has been retracted."
    if finding.superseded:
        return Reason.SUPERSEDED, "A later one has taken its place."
    if as_of and finding.year is None:
        return Reason.NO_YEAR, "Its source has no year, so nobody can say when it was known."
    if as_of and finding.year is not None and finding.year > on.year:
        return Reason.LATER, f"It appeared later, in {finding.year}."
    return None


def _may_not_argue(finding: FindingFacts) -> Why | None:
    if finding.subjects != Subjects.PATIENTS:
        return Reason.NOT_PATIENTS, words.not_patients(finding)
    if finding.outcome_kind not in ARGUING_KINDS:
        return Reason.KIND, words.kind_is_silent(finding)
    if finding.comparison not in CONCURRENT:
        return Reason.NO_COMPARISON, words.no_comparison(finding)
    for analysis, reason in NEVER_DECIDES.items():
        if finding.analysis == analysis:
            return reason, words.never_decides(finding)
    return None


def _not_in_force(approval: ApprovalFacts, *, population: str, on: date, as_of: bool) -> Why | None:
    if not approval.il2_is_the_substance:
        sentence = "What was approved is something around the IL-2 agent, not the agent."
        return Reason.NOT_THE_SUBSTANCE, sentence
    if not covers(approval.population, population):
        return Reason.OTHER_POPULATION, words.other_population(approval.population)
    if as_of and approval.from_year is None:
        return Reason.NO_YEAR, "Its year was not seen, so nobody can say since when it holds."
    if approval.from_year is not None and approval.from_year > on.year:
        return Reason.LATER, f"It was given later, in {approval.from_year}."
    if approval.withdrawn_year is not None and approval.withdrawn_year <= on.year:
        return Reason.WITHDRAWN, f"It was withdrawn in {approval.withdrawn_year}."
    return None


def _not_started(trial: TrialFacts, *, population: str, on: date, as_of: bool) -> Why | None:
    if not covers(population, trial.population):
        return Reason.OTHER_POPULATION, words.other_population(trial.population)
    if trial.status == RecruitmentStatus.WITHDRAWN:
        return Reason.WITHDRAWN, "It was withdrawn before anybody took part."
    if trial.status == RecruitmentStatus.NOT_YET_RECRUITING:
        return Reason.NOT_STARTED, "It is not yet recruiting."
    if not trial.start and as_of:
        return Reason.NO_YEAR, "It has no start date, so it stays out of every year."
    if not trial.start and trial.status not in SAYS_STARTED:
        return Reason.NOT_STARTED, words.status_does_not_say(trial.status)
    # ISO text sorts like dates, and a partial date before every day in it.
    if trial.start > on.isoformat():
        return Reason.LATER, f"It starts later: {trial.start}."
    return None


def _sift(
    facts: Iterable[Fact], objection: Callable[[Fact], Why | None]
) -> tuple[list[Fact], list[LeftOut]]:
    """Part the facts to which there is no objection from the others, which keep theirs."""
    kept: list[Fact] = []
    left_out: list[LeftOut] = []
    for fact in facts:
        why = objection(fact)
        if why is None:
            kept.append(fact)
        else:
            left_out.append(LeftOut(id=fact.id, reason=why[0].value, sentence=why[1]))
    return kept, left_out
