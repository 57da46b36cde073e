"""What the rule's word rests on: each study left out in turn, and what would be said without it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
    read = _read(counted, started, approved=bool(in_force))
    word, resting = read.line_without(frozenset())
    if word == Rule.I1:
        return ()
    holding = _holding(word, resting, read)
    pivots = {}
    for study in {f.study for f in counted} | read.treated:
        gone = _going_with(study, resting, read.included)
        if holding.isdisjoint(gone) and not read.treated <= gone:
            continue
        without, _ = read.line_without(gone)
        if _says(without) != _says(word):
            pivots[study] = without
    return _named(pivots, counted, started)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Read:
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


def _read(
    counted: Sequence[FindingFacts], started: Iterable[TrialFacts], *, approved: bool
) -> _Read:
    voices, _ = admission.findings_that_may_argue(counted)
    treated = {f.study for f in counted if admission.is_treatment(f)}
    return _Read(
        decided=decide(voices).decided,
        treated=frozenset(treated | {_study_of(t) for t in started}),
        approved=approved,
        included=_included(counted),
    )


def _says(rule: Rule) -> tuple[str, str | None]:
    return RULE_STATUS[rule], RULE_GROUND.get(rule)


def _study_of(trial: TrialFacts) -> str:
    return trial.study or f"trial:{trial.id}"


def _included(counted: Iterable[FindingFacts]) -> dict[str, frozenset[str]]:
    """Give the trials in each review."""
    found: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    for finding in counted:
        if finding.is_review:
            found[finding.study] |= finding.includes
    return dict(found)


def _holding(word: Rule, resting: Sequence[Result], read: _Read) -> set[str]:
    """Give studies of which one must go for another line of treatment to be the first.

    Fewer studies make a line hold only where a review speaks once those that silence it are gone;
    and the line that holds goes on doing so while two results that clash, or one that confirms,
    are left. So the answer is short however many studies there are.
    """
    if word == Rule.V1:
        one = resting[0]
        return {one.one.study, next(r for r in resting if lines.disagreeing([one, r])).one.study}
    if word == Rule.V2:
        return {resting[0].one.study, resting[-1].one.study}
    reviewed = {r.one.outcome_kind for r in read.decided if r.one.is_review}
    silencing = {
        r.one.study for r in read.decided if not r.one.is_review and r.one.outcome_kind in reviewed
    }
    return silencing | {r.one.study for r in resting[:1]}


def _going_with(
    study: str, resting: Sequence[Result], included: Mapping[str, frozenset[str]]
) -> frozenset[str]:
    """Give a study and all that is left out with it.

    Only a review among what the word rests on takes its trials along: elsewhere they speak for
    themselves, and a review of everything would make no topic robust.
    """
    gone = {study}
    if any(r.one.study == study and r.one.is_review for r in resting):
        gone |= included[study]
    gone |= {review for review, trials in included.items() if trials and trials <= gone}
    return frozenset(gone)


def _named(
    pivots: Mapping[str, Rule], counted: Iterable[FindingFacts], started: Iterable[TrialFacts]
) -> tuple[Pivot, ...]:
    """Name the studies, in an order that does not depend on the order of the facts."""
    if not pivots:
        return ()
    found: defaultdict[str, list[tuple[str, bool]]] = defaultdict(list)
    for finding in counted:
        found[finding.study].append((finding.study_label, finding.is_review))
    for trial in started:
        found[_study_of(trial)] = found[_study_of(trial)] or [(trial.label, False)]
    named = (
        Pivot(
            study=study,
            label=min(label for label, _ in found[study]),
            is_review=all(is_review for _, is_review in found[study]),
            rule=rule.value,
            status=RULE_STATUS[rule].value,
            ground=RULE_GROUND[rule].value if rule in RULE_GROUND else "",
        )
        for study, rule in pivots.items()
    )
    return tuple(sorted(named, key=lambda pivot: (pivot.label, pivot.study)))
