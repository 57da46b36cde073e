"""What the rule reads of the world: findings, approvals and trials, as plain frozen values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, kw_only=True, slots=True)
class FindingFacts:
    """What one source showed on one outcome, with what the rule must know of its study.

    Vocabulary fields hold the words of `evidence.vocab`; `year` is the source's year, `people`
    the number of people in the trial.
    """

    id: str
    # A trial under all its identifiers, or one series of people (its publication).
    study: str
    study_label: str
    year: int | None
    outcome: str
    # The slug of the outcome group; empty where the outcome belongs to none.
    outcome_group: str
    outcome_kind: str
    analysis: str
    comparison: str
    subjects: str
    population: str
    direction: str
    retracted: bool
    is_review: bool
    # Of a review: whether the trials in it are randomised ones, its GRADE word, and their keys.
    of_randomised: bool
    certainty: str
    includes: frozenset[str]
    # Of a trial.
    randomised: bool
    phases: tuple[str, ...]
    people: int | None
    # The slug of the condition, which may be narrower than the topic's.
    condition: str
    superseded: bool = False
    # How many of them this comparison is of: a trial may ask some of its people something else.
    analysed: int | None = None
    # The condition's name as within a sentence; empty where its slug will do.
    condition_name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovalFacts:
    """An approved use of this very intervention in this condition or a wider one."""

    id: str
    agency: str
    population: str
    from_year: int | None
    withdrawn_year: int | None
    # False where the agency approved something around the IL-2 agent, and not the agent.
    il2_is_the_substance: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class TrialFacts:
    """A registered trial that addresses the topic.

    `start` is a partial date as printed: "", "2015", "2015-09" or "2015-09-03".
    """

    id: str
    label: str
    start: str
    status: str
    population: str
    # The key of its study, as its findings have it.
    study: str = ""


# Each id is sorted several times in one derivation.
@lru_cache(maxsize=4096)
def by_number(identifier: str) -> tuple[tuple[int | str, ...], str]:
    """Sort F9 before F34, and any other text by itself."""
    pieces = re.split(r"([0-9]+)", identifier)
    # Text and digits alternate, so a number never meets a text in a comparison.
    return tuple(int(p) if i % 2 else p for i, p in enumerate(pieces)), identifier
