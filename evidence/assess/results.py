"""From findings to results: what each study showed on each outcome, and which results argue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from evidence.assess import words
from evidence.assess.facts import FindingFacts, by_number
from evidence.assess.trace import LeftOut, Reason, StudyResult
from evidence.vocab import Analysis, Direction, OutcomeKind

DECIDED = frozenset({Direction.FAVOURS, Direction.NO_DIFFERENCE, Direction.HARM})
AGAINST = frozenset({Direction.NO_DIFFERENCE, Direction.HARM})
MARKERS = frozenset({OutcomeKind.SURROGATE, OutcomeKind.MICROBIOLOGICAL})


class Question(NamedTuple):
    """What a study's analyses have in common when they give one result.

    The comparison belongs to it: a trial of several arms answers one question per comparison.
    """

    study: str
    is_review: bool
    kind: str
    comparison: str
    # The group, or the outcome's own text where it has none.
    outcome: tuple[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """A decided result of one study, and the findings that decided it (never none)."""

    direction: str
    findings: tuple[FindingFacts, ...]

    @property
    def one(self) -> FindingFacts:
        """The first of the findings, which all share study, outcome and comparison."""
        return self.findings[0]

    @property
    def people_of(self) -> frozenset[str]:
        """The studies whose people are in this result: a review's own trials with it."""
        return frozenset({self.one.study}) | (self.one.includes if self.one.is_review else set())

    def shares_people_with(self, other: Result) -> bool:
        """Say whether two results come from the same study, or from reviews of the same people."""
        if self.one.is_review or other.one.is_review:
            return not self.people_of.isdisjoint(other.people_of)
        return self.one.study == other.one.study

    def as_told(self) -> StudyResult:
        """Give the result as the trace tells it."""
        one = self.one
        return StudyResult(
            study=one.study,
            label=one.study_label,
            is_review=one.is_review,
            outcome=one.outcome,
            outcome_group=one.outcome_group,
            outcome_kind=str(one.outcome_kind),
            comparison=str(one.comparison),
            direction=str(self.direction),
            condition=one.condition,
            year=one.year,
            people=one.people if one.analysed is None else one.analysed,
            findings=tuple(f.id for f in self.findings),
        )


def read_results(findings: Iterable[FindingFacts]) -> tuple[list[Result], list[LeftOut]]:
    """Read the results that argue out of findings that may, and name every other finding."""
    found = decide(findings)
    arguing = let_reviews_yield(found.decided)
    left_out = [_not_deciding(f) for f in found.not_deciding]
    left_out += _yielding(found.decided)
    left_out += [_silent(f, arguing) for f in found.silent]
    return sorted(arguing, key=_in_time), left_out


class Decided(NamedTuple):
    """The decided results of single studies and of reviews, before reviews yield."""

    decided: list[Result]
    # Analyses beside the ones that decided, and the analyses that decided nothing.
    not_deciding: list[FindingFacts]
    silent: list[FindingFacts]


def decide(findings: Iterable[FindingFacts]) -> Decided:
    """Decide each question in each study by itself: no other study bears on its result."""
    found = Decided([], [], [])
    for analyses in _by_question(findings):
        direction, deciding = _result_of(analyses)
        if direction not in DECIDED:
            found.silent.extend(analyses)
            continue
        found.decided.append(Result(direction=direction, findings=tuple(deciding)))
        found.not_deciding.extend(f for f in analyses if f not in deciding)
    return found


def let_reviews_yield(decided: Sequence[Result]) -> list[Result]:
    """Keep single studies, and reviews of kinds of outcome on which no single study decided."""
    spoken = {r.one.outcome_kind for r in decided if not r.one.is_review}
    return [r for r in decided if not (r.one.is_review and r.one.outcome_kind in spoken)]


def _by_question(findings: Iterable[FindingFacts]) -> list[list[FindingFacts]]:
    """Gather the analyses that answer the same question in the same study."""
    groups: defaultdict[Question, list[FindingFacts]] = defaultdict(list)
    for f in findings:
        named = ("group", f.outcome_group) if f.outcome_group else ("text", _plain(f.outcome))
        groups[Question(f.study, f.is_review, f.outcome_kind, f.comparison, named)].append(f)
    return [sorted(group, key=lambda f: by_number(f.id)) for group in groups.values()]


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _result_of(analyses: Sequence[FindingFacts]) -> tuple[str, list[FindingFacts]]:
    """Take the primary analysis; where absent or unclear, the secondary ones if they agree.

    An analysis whose place is not stated is read as a secondary one: it may not overrule a
    primary. A primary that is mixed is an answer, so the secondary ones do not mend it.
    """
    primary = [f for f in analyses if f.analysis == Analysis.PRIMARY]
    direction = _agreed(primary)
    if direction not in {None, Direction.UNCLEAR}:
        return str(direction), primary
    others = [f for f in analyses if f.analysis != Analysis.PRIMARY]
    return _agreed(others) or Direction.UNCLEAR.value, others


def _agreed(findings: Sequence[FindingFacts]) -> str | None:
    """Give the direction that all share, `mixed` where they do not, None where there are none."""
    directions = {str(f.direction) for f in findings}
    if len(directions) > 1:
        return Direction.MIXED.value
    return directions.pop() if directions else None


def _yielding(decided: Sequence[Result]) -> list[LeftOut]:
    """Name the reviews that yield, and the single studies to which they do."""
    speakers: defaultdict[str, set[str]] = defaultdict(set)
    for result in decided:
        if not result.one.is_review:
            speakers[result.one.outcome_kind].add(result.one.study_label)
    return [
        _left_out(f, Reason.REVIEW_YIELDS, words.review_yields(labels, kind=f.outcome_kind))
        for result in decided
        if result.one.is_review and (labels := speakers.get(result.one.outcome_kind))
        for f in result.findings
    ]


def _not_deciding(finding: FindingFacts) -> LeftOut:
    """Say why an analysis did not decide although its study has a result."""
    if finding.direction not in DECIDED:
        return _left_out(finding, Reason.UNDECIDED, words.points_neither_way(finding))
    return _left_out(
        finding,
        Reason.ANOTHER_ANALYSIS,
        "The study's primary analysis of this outcome stands in its place.",
    )


def _silent(finding: FindingFacts, arguing: Sequence[Result]) -> LeftOut:
    """Say why a study has no result for the outcome of this finding."""
    reviews = {
        r.one.study_label
        for r in arguing
        if r.one.is_review
        and r.one.outcome_kind == finding.outcome_kind
        and finding.study in r.one.includes
    }
    if reviews and not finding.is_review:
        return _left_out(finding, Reason.IN_REVIEW, words.counted_within(reviews))
    if finding.direction not in DECIDED:
        return _left_out(finding, Reason.UNDECIDED, words.points_neither_way(finding))
    return _left_out(
        finding, Reason.UNDECIDED, "The study's analyses of this outcome do not agree."
    )


def _left_out(finding: FindingFacts, reason: Reason, sentence: str) -> LeftOut:
    return LeftOut(id=finding.id, reason=reason.value, sentence=sentence)


def _in_time(result: Result) -> tuple[int, str, tuple[tuple[int | str, ...], str]]:
    """Order results by year, then study; the first finding's id settles every tie."""
    one = result.one
    return one.year or 9999, one.study_label, by_number(one.id)
