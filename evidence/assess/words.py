"""The sentences of a trace, for readers who know medicine and not this program."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum

from evidence.assess.facts import FindingFacts
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
    Subjects,
)

# A sentence names this many; the ids beside it name all.
NAMED = 3

SHOWS = {
    Direction.FAVOURS.value: "favours IL-2",
    Direction.NO_DIFFERENCE.value: "shows no difference",
    Direction.HARM.value: "shows harm",
}


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
    """Join names by commas, and count those beyond the first few."""
    ordered = list(dict.fromkeys(items))
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
    return f"{finding.outcome} in {finding.condition.replace('-', ' ')}"


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
    status = f"status ({label(RecruitmentStatus, word)})" if word else "empty status"
    return f"It has no start date, and its {status} does not show that it began."
