"""A made-up topic for each line of the rule, worked by the rule itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from evidence.assess import words
from evidence.assess.facts import ApprovalFacts, FindingFacts, TrialFacts
from evidence.assess.rule import Derivation, derive
from evidence.vocab import (
    Analysis,
    Certainty,
    Comparison,
    Direction,
    OutcomeKind,
    Phase,
    Population,
    RecruitmentStatus,
    Role,
    Rule,
    Subjects,
)

ON = date(2020, 12, 31)


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One fact of an example in plain words; empty where something does not apply.

    `aside` says why it has no voice in the rule.
    """

    study: str
    year: str
    measured: str
    comparison: str
    result: str
    aside: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """A made-up topic of treatment for which a line of the rule is the first that holds."""

    rule: Rule
    title: str
    population: str = Population.ADULT.value
    findings: tuple[FindingFacts, ...] = ()
    approvals: tuple[ApprovalFacts, ...] = ()
    trials: tuple[TrialFacts, ...] = ()

    @property
    def derivation(self) -> Derivation:
        """What the rule says of it."""
        return derive(
            role=Role.TREATMENT.value,
            population=self.population,
            findings=self.findings,
            approvals=self.approvals,
            trials=self.trials,
            on=ON,
        )

    @property
    def told(self) -> tuple[Told, ...]:
        """Tell the facts that the rule is given, in their order."""
        return tuple(self._each())

    def _each(self) -> Iterator[Told]:
        trace = self.derivation.trace
        asides = {one.id: one.sentence for one in (*trace.left_out, *trace.set_aside)}
        for finding in self.findings:
            whose = words.population(finding.population)
            yield Told(
                study=f"{finding.study_label}, {words.source(finding)} ({whose})",
                year=str(finding.year or ""),
                measured=f"{finding.outcome} ({words.kind(finding.outcome_kind)})",
                comparison=words.comparison(finding.comparison),
                result=words.label(Direction, finding.direction),
                aside=asides.get(finding.id, ""),
            )
        for approval in self.approvals:
            yield Told(
                study=f"{approval.agency}, an approval for {words.population(approval.population)}",
                year=str(approval.from_year or ""),
                measured="",
                comparison="",
                result="" if approval.id in asides else "in force",
                aside=asides.get(approval.id, ""),
            )
        for trial in self.trials:
            yield Told(
                study=f"{trial.label}, a registered trial in {words.population(trial.population)}",
                year=trial.start[:4],
                measured="",
                comparison="",
                result=words.label(RecruitmentStatus, trial.status).lower(),
                aside=asides.get(trial.id, ""),
            )


def _finding(
    number: int,
    study: str,
    *,
    year: int,
    outcome: str,
    direction: Direction,
    outcome_group: str = "",
    kind: OutcomeKind = OutcomeKind.CLINICAL,
    comparison: Comparison = Comparison.ADDS_IL2,
    population: Population = Population.ADULT,
    randomised: bool = True,
    phases: tuple[Phase, ...] = (Phase.PHASE2,),
    people: int = 60,
) -> FindingFacts:
    """Give the primary result of a made-up study, on patients and current."""
    return FindingFacts(
        id=f"F{number}",
        study=study,
        study_label=study,
        year=year,
        outcome=outcome,
        outcome_group=outcome_group,
        outcome_kind=kind.value,
        analysis=Analysis.PRIMARY.value,
        comparison=comparison.value,
        subjects=Subjects.PATIENTS.value,
        population=population.value,
        direction=direction.value,
        retracted=False,
        is_review=False,
        of_randomised=False,
        certainty=Certainty.NOT_ASSESSED.value,
        includes=frozenset(),
        randomised=randomised,
        phases=tuple(phase.value for phase in phases),
        people=people,
        condition="",
    )


_EACH = (
    Example(
        rule=Rule.V1,
        title="Two trials asked the same and found different things.",
        findings=(
            _finding(1, "Trial A", year=2005, outcome="Relapse", direction=Direction.FAVOURS),
            _finding(2, "Trial B", year=2011, outcome="Relapse", direction=Direction.NO_DIFFERENCE),
            _finding(
                3,
                "Trial C",
                year=2001,
                outcome="Relapse",
                direction=Direction.FAVOURS,
                comparison=Comparison.NONE,
                randomised=False,
                people=20,
            ),
        ),
    ),
    Example(
        rule=Rule.V2,
        title="A marker improves, and patients are no better off.",
        findings=(
            _finding(
                1,
                "Trial A",
                year=2004,
                outcome="T-cell count",
                outcome_group="t-cell-count",
                kind=OutcomeKind.SURROGATE,
                direction=Direction.FAVOURS,
            ),
            _finding(
                2,
                "Trial B",
                year=2010,
                outcome="Death",
                direction=Direction.NO_DIFFERENCE,
                phases=(Phase.PHASE3,),
                people=900,
            ),
        ),
    ),
    Example(
        rule=Rule.I2,
        title="An agency has approved this use, and no results clash.",
        findings=(
            _finding(
                1,
                "Trial A",
                year=1995,
                outcome="Tumour response",
                direction=Direction.FAVOURS,
                comparison=Comparison.NONE,
                randomised=False,
                people=150,
            ),
        ),
        approvals=(
            ApprovalFacts(
                id="1",
                agency="Agency A",
                population=Population.ADULT.value,
                from_year=1996,
                withdrawn_year=None,
                il2_is_the_substance=True,
            ),
        ),
    ),
    Example(
        rule=Rule.I3,
        title="A large late trial has decided it for patients: here, that IL-2 did not help.",
        findings=(
            _finding(
                1,
                "Trial A",
                year=2014,
                outcome="Survival",
                direction=Direction.NO_DIFFERENCE,
                phases=(Phase.PHASE3,),
                people=640,
            ),
            _finding(2, "Trial B", year=2008, outcome="Survival", direction=Direction.UNCLEAR),
        ),
    ),
    Example(
        rule=Rule.E1,
        title="People have been treated, in a study without a comparison and in a trial under way.",
        findings=(
            _finding(
                1,
                "Trial A",
                year=2016,
                outcome="Remission",
                direction=Direction.FAVOURS,
                comparison=Comparison.NONE,
                randomised=False,
                people=18,
            ),
        ),
        trials=(
            TrialFacts(
                id="Trial B",
                label="Trial B",
                start="2019-05",
                status=RecruitmentStatus.RECRUITING.value,
                population=Population.ADULT.value,
                study="Trial B",
            ),
        ),
    ),
    Example(
        rule=Rule.I1,
        title="In newborn babies only levels were measured; treatment was of adults.",
        population=Population.NEONATE.value,
        findings=(
            _finding(
                1,
                "Study A",
                year=2012,
                outcome="IL-2 in blood",
                kind=OutcomeKind.LEVEL,
                comparison=Comparison.GROUPS,
                direction=Direction.RAISED,
                population=Population.NEONATE,
                randomised=False,
                phases=(),
                people=80,
            ),
            _finding(2, "Trial B", year=2015, outcome="Death", direction=Direction.FAVOURS),
        ),
    ),
)

EXAMPLES: Mapping[Rule, Example] = MappingProxyType({example.rule: example for example in _EACH})
