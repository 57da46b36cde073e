"""The six lines of the rule: each looks at what was admitted and says whether it holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain

from evidence.assess import words
from evidence.assess.facts import ApprovalFacts, FindingFacts, TrialFacts, by_number
from evidence.assess.results import AGAINST, MARKERS, Result
from evidence.assess.trace import Line
from evidence.vocab import Certainty, Direction, OutcomeKind, Phase, Rule

# A convention of version 1 of the rule: how many people make a late trial confirmatory.
CONFIRMATORY_PEOPLE = 100
CONFIRMATORY_PHASES = frozenset({Phase.PHASE3, Phase.PHASE4})
CONFIRMATORY_CERTAINTY = frozenset({Certainty.HIGH, Certainty.MODERATE})


def studies_disagree(results: Sequence[Result]) -> Line | None:
    """V1: comparable results of at least two studies, one in favour and another not."""
    clashes = disagreeing(results)
    if not clashes:
        return None
    told = " ".join(
        f"Studies that can be compared ({words.comparison(comparison)}) disagree: {_told(clash)}."
        for comparison, clash in clashes
    )
    return _line(Rule.V1, told, chain.from_iterable(clash for _, clash in clashes))


def disagreeing(results: Iterable[Result]) -> list[tuple[str, list[Result]]]:
    """Give the comparable results of different studies that clash, each with its comparison."""
    fields: defaultdict[tuple[str, str, str], list[Result]] = defaultdict(list)
    for result in results:
        one = result.one
        clinical = one.outcome_kind == OutcomeKind.CLINICAL
        # A marker without a group has nothing in other studies to be compared with.
        if clinical or one.outcome_group:
            group = "" if clinical else one.outcome_group
            fields[one.comparison, one.outcome_kind, group].append(result)
    return [(field[0], clash) for field, rs in sorted(fields.items()) if (clash := _clash(rs))]


def markers_and_patients_disagree(results: Sequence[Result]) -> Line | None:
    """V2: in favour on a marker, and no difference or harm on what patients experience."""
    both = markers_against_patients(results)
    return _line(Rule.V2, f"Markers and patients disagree: {_told(both)}.", both) if both else None


def markers_against_patients(results: Iterable[Result]) -> list[Result]:
    """Give markers in favour, then clinical results that are not; nothing without both."""
    markers: list[Result] = []
    patients: list[Result] = []
    for result in results:
        if result.one.outcome_kind in MARKERS and result.direction == Direction.FAVOURS:
            markers.append(result)
        elif result.one.outcome_kind == OutcomeKind.CLINICAL and result.direction in AGAINST:
            patients.append(result)
    return [*markers, *patients] if markers and patients else []


def approved_use(approvals: Sequence[ApprovalFacts]) -> Line | None:
    """I2: an approval in force, of the IL-2 agent itself, for this population."""
    if not approvals:
        return None
    ordered = sorted(approvals, key=lambda a: by_number(a.id))
    told = (
        f"{a.agency} ({words.population(a.population)}, "
        f"{f'from {a.from_year}' if a.from_year else 'year not seen'})"
        for a in ordered
    )
    return Line(
        rule=Rule.I2.value,
        sentence=f"This use is approved: {words.listed(told)}.",
        approvals=tuple(a.id for a in ordered),
    )


def confirmatory_evidence(results: Sequence[Result]) -> Line | None:
    """I3: a decided clinical result of a large late trial, or of a good review of such."""
    found = confirming(results)
    if not found:
        return None
    told = words.side([f"{_shows(rs)}, {_confirmer(rs[0])}" for rs in _by_study(found)])
    sentence = f"There is confirmatory evidence: {told}."
    both_ways = {r.direction == Direction.FAVOURS for r in found} == {True, False}
    if both_ways and not disagreeing(found):
        sentence += f" {words.NOT_COMPARABLE}"
    return _line(Rule.I3, sentence, found)


def confirming(results: Iterable[Result]) -> list[Result]:
    """Give the clinical results that a confirmatory source has decided."""
    return [
        r
        for r in results
        if r.one.outcome_kind == OutcomeKind.CLINICAL and any(map(is_confirmatory, r.findings))
    ]


def is_confirmatory(finding: FindingFacts) -> bool:
    """Say whether a finding's source is large and late, or a review with enough certainty."""
    if finding.is_review:
        return finding.of_randomised and finding.certainty in CONFIRMATORY_CERTAINTY
    # A phase 2/3 trial counts as phase 2, so every phase must be a late one.
    late = bool(finding.phases) and CONFIRMATORY_PHASES.issuperset(finding.phases)
    return finding.randomised and late and (finding.people or 0) >= CONFIRMATORY_PEOPLE


def treatment_not_settled(
    treatment: Sequence[FindingFacts],
    trials: Sequence[TrialFacts],
    borrowed: Sequence[FindingFacts],
    *,
    population: str,
) -> Line | None:
    """E1: any other treatment of people in this population, published or under way."""
    if not treatment and not trials:
        return None
    findings = sorted(treatment, key=lambda f: by_number(f.id))
    ordered = sorted(trials, key=lambda t: by_number(t.id))
    told = []
    if findings:
        number = words.counted(len(findings), "finding", "findings")
        told.append(f"{number} ({words.listed(sorted({f.study_label for f in findings}))})")
    if ordered:
        number = words.counted(len(ordered), "trial", "trials")
        told.append(f"{number} begun ({words.listed(t.label for t in ordered)})")
    sentence = (
        f"People have been treated in this population ({words.population(population)}), and "
        f"nothing settles it: {'; '.join(told)}."
    )
    if borrowed:
        sentence += f" {words.borrowed(f.population for f in borrowed)}"
    return Line(
        rule=Rule.E1.value,
        sentence=sentence,
        findings=tuple(f.id for f in findings),
        trials=tuple(t.id for t in ordered),
    )


def no_treatment(
    counted: Sequence[FindingFacts], borrowed: Sequence[FindingFacts], *, population: str
) -> Line:
    """I1: nothing but levels, mechanisms, animals, proposals, or treatment in other ages."""
    sentences = [
        f"No treatment of people was found in this population ({words.population(population)})."
    ]
    if borrowed:
        sentences.append(words.borrowed(f.population for f in borrowed))
    return Line(
        rule=Rule.I1.value,
        sentence=" ".join(sentences),
        findings=_ids(counted),
    )


def not_a_treatment(counted: Sequence[FindingFacts], *, role: str) -> Line:
    """I1 at once: in this topic IL-2 is not given to people."""
    return Line(
        rule=Rule.I1.value,
        sentence=(
            f"In this topic IL-2 is not given to people (its role is {words.role(role)}), so the "
            "lines on treatment are not read."
        ),
        findings=_ids(counted),
    )


def _clash(results: Sequence[Result]) -> list[Result]:
    """Keep results that another study's comparable result opposes.

    Two reviews of the same people are not two studies.
    """
    favours = [r for r in results if r.direction == Direction.FAVOURS]
    others = [r for r in results if r.direction != Direction.FAVOURS]
    if not favours or not others:
        return []

    def opposed(one: Result) -> bool:
        opposite = others if one.direction == Direction.FAVOURS else favours
        return any(not one.shares_people_with(other) for other in opposite)

    return [result for result in results if opposed(result)]


def _told(results: Sequence[Result]) -> str:
    """Tell the results in favour, then the others."""
    favours = [r for r in results if r.direction == Direction.FAVOURS]
    against = [r for r in results if r.direction in AGAINST]
    with_condition = len({r.one.condition for r in results}) > 1
    return "; ".join(
        words.side([_shows(rs, with_condition) for rs in _by_study(side)])
        for side in (favours, against)
    )


def _by_study(results: Iterable[Result]) -> list[list[Result]]:
    """Gather what one study shows in one direction, in the order of the results."""
    groups: defaultdict[tuple[str, str], list[Result]] = defaultdict(list)
    for result in results:
        groups[result.one.study, result.direction].append(result)
    return list(groups.values())


def _shows(results: Sequence[Result], with_condition: bool = False) -> str:
    """Say what one study shows in one direction, on all its outcomes."""
    outcomes = (words.outcome_in(r.one) if with_condition else r.one.outcome for r in results)
    return words.shows(results[0].one.study_label, results[0].direction, outcomes)


def _confirmer(result: Result) -> str:
    return words.source(next(f for f in result.findings if is_confirmatory(f)))


def _line(rule: Rule, sentence: str, results: Iterable[Result]) -> Line:
    findings = chain.from_iterable(r.findings for r in results)
    return Line(rule=rule.value, sentence=sentence, findings=_ids(findings))


def _ids(findings: Iterable[FindingFacts]) -> tuple[str, ...]:
    return tuple(sorted({f.id for f in findings}, key=by_number))
