"""The sentences of a trace and of what it rests on, for readers who know medicine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from functools import lru_cache

from evidence.assess.facts import FindingFacts
from evidence.assess.trace import Pivot
from evidence.vocab import (
    Analysis,
    Certainty,
    Comparison,
    Direction,
    Ground,
    OutcomeKind,
    Phase,
    Population,
    RecruitmentStatus,
    Role,
    Status,
    Subjects,
)

# A sentence names this many; the ids beside it name all.
NAMED = 3
NUMBERS = {2: "two", 3: "three"}
WORDS_OF_A_TITLE = 5

SHOWS = {
    Direction.FAVOURS.value: "favours IL-2",
    Direction.NO_DIFFERENCE.value: "shows no difference",
    Direction.HARM.value: "shows harm",
}

NOT_COMPARABLE = (
    "These point different ways, but none of them can be compared with one of another study."
)


@lru_cache(maxsize=256)
def label(vocabulary: type[Enum], word: str) -> str:
    """Give a vocabulary's label for a word, or the word where it is not in it."""
    try:
        return str(getattr(vocabulary(word), "label", word))
    except ValueError:
        return word


def population(word: str) -> str:
    """Name a population as its label does, without the ages in brackets."""
    return label(Population, word).partition(" (")[0]


def role(word: str) -> str:
    """Name a role as its label does."""
    return label(Role, word)


def listed(items: Iterable[str], *, named: int = NAMED) -> str:
    """Join different names by commas, and count those beyond the first few."""
    return joined(list(dict.fromkeys(items)), named=named)


def joined(ordered: Sequence[str], *, named: int = NAMED) -> str:
    """Do the same with names that may be the same: two studies may share one."""
    shown, more = ordered[:named], len(ordered) - named
    if more > 0:
        return f"{', '.join(shown)} and {more} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)


def counted(number: int, one: str, many: str) -> str:
    """Give "1 finding" or "2 findings"."""
    return f"{number:,} {one if number == 1 else many}"


def shows(study: str, direction: str, outcomes: Iterable[str]) -> str:
    """Say "ESPRIT shows no difference (AIDS or death; death)"."""
    return f"{study} {SHOWS[direction]} ({side(list(dict.fromkeys(outcomes)))})"


def outcome_in(finding: FindingFacts) -> str:
    """Say "cure in pulmonary tuberculosis", where a line spans several conditions."""
    if not finding.condition:
        return finding.outcome
    place = finding.condition_name or finding.condition.replace("-", " ")
    return f"{finding.outcome} in {place}"


def side(told: Sequence[str]) -> str:
    """Join what is told by semicolons, and count what lies beyond the first few."""
    shown, more = list(told[:NAMED]), len(told) - NAMED
    if more > 0:
        shown.append(f"and {more} more")
    return "; ".join(shown)


def comparison(word: str) -> str:
    """Name a comparison as its label does."""
    return label(Comparison, word)


def certainty(word: str) -> str:
    """Name a certainty as its label does."""
    return label(Certainty, word)


def phase(phases: Iterable[str]) -> str:
    """Say "phase 3" or "phase 3/4"."""
    numbers = sorted(label(Phase, p).lower().removeprefix("phase ") for p in phases)
    return f"phase {'/'.join(numbers)}"


def source(finding: FindingFacts) -> str:
    """Say "a randomised phase 3 trial of 4,111 people", or which sort of review."""
    if finding.is_review:
        what = "a review of randomised trials" if finding.of_randomised else "a review"
        return f"{what} with {certainty(finding.certainty)} certainty"
    treats = finding.comparison != Comparison.GROUPS
    said = [
        "a",
        "randomised" if finding.randomised else "",
        phase(finding.phases) if finding.phases else "",
        "trial" if treats else "study",
        f"of {finding.people:,} people" if finding.people else "",
    ]
    return " ".join(word for word in said if word)


def borrowed(populations: Iterable[str]) -> str:
    """Say that all findings of treatment are of other ages, and of which."""
    others = sorted({population(word) for word in populations})
    return f"All findings of treatment are of other ages: {listed(others)}."


# --- What the word rests on -----------------------------------------------------------------------


def robustness(*, status: str, ground: str, pivots: Sequence[Pivot]) -> str:
    """Say what a word rests on, without a full stop.

    "stays variable without any one study"; "rests on ESPRIT alone: without it, experimental".
    """
    if not pivots:
        return f"stays {status_and_ground(status, ground)} without any one study"
    without: dict[str, list[str]] = {}
    for pivot in pivots:
        said = status_and_ground(pivot.status, pivot.ground)
        without.setdefault(said, []).append(_study(pivot.label))
    if len(without) == 1:
        (said,) = without
        which = {1: "it", 2: "either"}.get(len(pivots), "any one of them")
        return f"rests on {_pillars(pivots)}: without {which}, {said}"
    each = (f"without {_any_of(labels)}, {said}" for said, labels in without.items())
    return f"rests on {_pillars(pivots)}: {'; '.join(each)}"


def status_and_ground(status: str, ground: str) -> str:
    """Give "experimental", or "investigated (an approved use)"."""
    return f"{label(Status, status)} ({label(Ground, ground)})" if ground else label(Status, status)


def _pillars(pivots: Sequence[Pivot]) -> str:
    """Say "ESPRIT alone", "two trials (A and B)" or "two studies (A and the review R)"."""
    reviews = sum(pivot.is_review for pivot in pivots)
    if len(pivots) == 1:
        return f"{'the review ' if reviews else ''}{_study(pivots[0].label)} alone"
    many = "studies"
    if reviews == len(pivots):
        many = "reviews"
    elif not reviews and all(pivot.study.startswith("trial:") for pivot in pivots):
        many = "trials"
    told = (
        f"{'the review ' if pivot.is_review and many == 'studies' else ''}{_study(pivot.label)}"
        for pivot in pivots
    )
    number = NUMBERS.get(len(pivots), f"{len(pivots):,}")
    return f"{number} {many} ({joined([*told])})"


def _study(name: str) -> str:
    """Put a title into quotation marks, which an acronym or a name with a year needs none of."""
    return f"“{name}”" if len(name.split()) >= WORDS_OF_A_TITLE else name


def _any_of(labels: Sequence[str]) -> str:
    if len(labels) == 1:
        return labels[0]
    return f"{'either' if len(labels) == 2 else 'any one'} of {joined(labels)}"


# --- Why a finding has no voice -------------------------------------------------------------------


def other_population(word: str) -> str:
    """Say whose evidence it is instead."""
    return f"It is of another population: {population(word)}."


def not_patients(finding: FindingFacts) -> str:
    """Say what it comes from instead of patients."""
    return f"It does not come from patients: {label(Subjects, finding.subjects)}."


def kind_is_silent(finding: FindingFacts) -> str:
    """Say that outcomes of this kind are shown only."""
    return f"Outcomes of this kind are shown and do not argue: {kind(finding.outcome_kind)}."


def no_comparison(finding: FindingFacts) -> str:
    """Say what stands in place of a concurrent comparison."""
    return {
        Comparison.NONE.value: "It has no concurrent comparison.",
        Comparison.DOSE.value: "It compares doses of IL-2 with one another, and with nothing else.",
        Comparison.GROUPS.value: "It compares groups of people, not treatments.",
    }.get(str(finding.comparison), "Its comparison is not one that argues.")


def never_decides(finding: FindingFacts) -> str:
    """Say that a subgroup or post-hoc analysis is shown only."""
    place = label(Analysis, finding.analysis)
    return f"It is a {place} analysis, which is shown and never decides."


def points_neither_way(finding: FindingFacts) -> str:
    """Say that the direction is none that decides."""
    return f"It points neither way: {label(Direction, finding.direction)}."


def counted_within(reviews: Iterable[str]) -> str:
    """Say which review speaks for a trial that does not by itself."""
    return f"By itself it points neither way; it is counted within {listed(sorted(reviews))}."


def review_yields(studies: Iterable[str], *, kind: str) -> str:
    """Say which single studies a review yields to."""
    return (
        f"A review yields to single studies where they have {kind} results: "
        f"{listed(sorted(studies))}."
    )


def kind(word: str) -> str:
    """Name an outcome kind as its label does."""
    return label(OutcomeKind, word)


def status_does_not_say(word: str) -> str:
    """Say that neither date nor status shows that a trial began."""
    if not word:
        return "It has neither a start date nor a status, so nothing shows that it began."
    status = label(RecruitmentStatus, word)
    return f"It has no start date, and its status ({status}) does not show that it began."
