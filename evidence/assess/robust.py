"""What the rule's word rests on: each study left out in turn, and what would be said without it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from evidence.assess import admission, lines
from evidence.assess.facts import ApprovalFacts, FindingFacts, TrialFacts
from evidence.assess.results import Result, decide, let_reviews_yield
from evidence.assess.trace import Pivot
from evidence.vocab import RULE_GROUND, RULE_STATUS, TREATING_ROLES, Rule


def rests_on(
    *,
    role: str,
    population: str,
    findings: Iterable[FindingFacts],
    approvals: Iterable[ApprovalFacts] = (),
    trials: Iterable[TrialFacts] = (),
    on: date,
    as_of: bool = False,
) -> tuple[Pivot, ...]:
    """Return the studies without any one of which status or ground would be another.

    Each is left out in turn with its findings and its trial. A review that the word's own line
    rests on goes together with the trials in it; a review whose trials have all gone, with them.
    An empty answer means that the word stays without any one study. Approvals stay. The arguments
    are those of `derive`.
    """
    if role not in TREATING_ROLES:
        return ()
    current, _ = admission.current_findings(findings, on=on, as_of=as_of)
    counted, _ = admission.findings_of(current, population=population)
    started, _ = admission.trials_started(trials, population=population, on=on, as_of=as_of)
    in_force, _ = admission.approvals_in_force(approvals, population=population, on=on, as_of=as_of)
    voices, _ = admission.findings_that_may_argue(counted)
    treated = {f.study for f in counted if admission.is_treatment(f)}
    told = _Told(
        decided=decide(voices).decided,
        treated=frozenset(treated | {_study_of(t) for t in started}),
        approved=bool(in_force),
        included=_included(counted),
    )
    word, ground_of_it = told.line_without(frozenset())
    pivots = []
    for study in _that_may_matter(word, ground_of_it, told, counted):
        rule, _ = told.line_without(_going_with(study, word, ground_of_it, told.included))
        if (RULE_STATUS[rule], RULE_GROUND.get(rule)) != (RULE_STATUS[word], RULE_GROUND.get(word)):
            pivots.append((study, rule))
    return _named(pivots, counted, started)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Told:
    """What bears on the word: each study's own results, who treated, and what reviews include.

    What is admitted, and what a study shows, depends on no other study; so leaving one out is
    leaving out its part of this.
    """

    decided: list[Result]
    treated: frozenset[str]
    approved: bool
    included: Mapping[str, frozenset[str]]

    def line_without(self, gone: frozenset[str]) -> tuple[Rule, list[Result]]:
        """Give the first line that holds without some studies, and the results it rests on."""
        results = let_reviews_yield([r for r in self.decided if r.one.study not in gone])
        if clashes := lines.disagreeing(results):
            return Rule.V1, [result for _, clash in clashes for result in clash]
        if both := lines.markers_against_patients(results):
            return Rule.V2, both
        if self.approved:
            return Rule.I2, []
        if found := lines.confirming(results):
            return Rule.I3, found
        return (Rule.I1, []) if self.treated <= gone else (Rule.E1, [])


def _study_of(trial: TrialFacts) -> str:
    return trial.study or f"trial:{trial.id}"


def _included(counted: Iterable[FindingFacts]) -> dict[str, frozenset[str]]:
    """Give the trials in each review."""
    found: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    for finding in counted:
        if finding.is_review:
            found[finding.study] |= finding.includes
    return dict(found)


def _that_may_matter(
    word: Rule, resting: Iterable[Result], told: _Told, counted: Iterable[FindingFacts]
) -> set[str]:
    """Give the studies whose absence could change the word.

    Where there is no review, fewer studies make no line hold that did not. A review may speak
    once a single study is gone, so then each is tried.
    """
    if word == Rule.I1:
        return set()
    if told.included:
        return {f.study for f in counted} | told.treated
    if word == Rule.E1:
        return set(told.treated) if len(told.treated) == 1 else set()
    return {result.one.study for result in resting}


def _going_with(
    study: str, word: Rule, resting: Iterable[Result], included: Mapping[str, frozenset[str]]
) -> frozenset[str]:
    """Give a study and all that is left out with it."""
    gone = {study}
    if any(r.one.study == study and r.one.is_review for r in resting):
        gone |= included[study]
    gone |= {review for review, trials in included.items() if trials and trials <= gone}
    return frozenset(gone)


def _named(
    pivots: Iterable[tuple[str, Rule]],
    counted: Iterable[FindingFacts],
    started: Iterable[TrialFacts],
) -> tuple[Pivot, ...]:
    """Name the studies, in an order that does not depend on the order of the facts."""
    found = dict(pivots)
    if not found:
        return ()
    named: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for finding in counted:
        named[finding.study].append((finding.study_label, finding.is_review))
    for trial in started:
        if not named.get(_study_of(trial)):
            named[_study_of(trial)] = [(trial.label, False)]
    return tuple(
        sorted(
            (
                Pivot(
                    study=study,
                    label=min(label for label, _ in named[study]),
                    is_review=all(is_review for _, is_review in named[study]),
                    rule=rule.value,
                    status=RULE_STATUS[rule].value,
                    ground=str(RULE_GROUND[rule].value) if rule in RULE_GROUND else "",
                )
                for study, rule in found.items()
            ),
            key=lambda pivot: (pivot.label, pivot.study),
        )
    )
