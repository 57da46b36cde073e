"""Towards which side of no difference a result is better, where that is certain."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from evidence.vocab import Comparison, Direction, EffectMeasure


class Family(StrEnum):
    """Measures that are drawn alike; all others compare nothing, and are not drawn."""

    RATIO = "ratio"
    DIFFERENCE = "difference"


class Side(StrEnum):
    """Which figures are better with IL-2: the low ones, the high ones, or nobody can tell."""

    LOW = "low"
    HIGH = "high"
    UNKNOWN = "unknown"


FAMILIES: Mapping[str, Family] = {
    EffectMeasure.HAZARD_RATIO: Family.RATIO,
    EffectMeasure.RISK_RATIO: Family.RATIO,
    EffectMeasure.ODDS_RATIO: Family.RATIO,
    EffectMeasure.RATE_RATIO: Family.RATIO,
    EffectMeasure.RISK_DIFFERENCE: Family.DIFFERENCE,
    EffectMeasure.MEAN_DIFFERENCE: Family.DIFFERENCE,
    EffectMeasure.STANDARDISED_MEAN_DIFFERENCE: Family.DIFFERENCE,
}
NO_DIFFERENCE: Mapping[Family, float] = {Family.RATIO: 1.0, Family.DIFFERENCE: 0.0}

# Only beside people without IL-2, or with something else, does a figure speak for or against it.
CONCURRENT = frozenset({Comparison.ADDS_IL2, Comparison.PACKAGE, Comparison.ACTIVE})
# Measures of how often something happens; a mean tells nothing of whether more of it is better.
COUNTING = frozenset({*FAMILIES}) - {
    EffectMeasure.MEAN_DIFFERENCE,
    EffectMeasure.STANDARDISED_MEAN_DIFFERENCE,
}
# A hazard ratio of survival without something is, by convention, that of losing it.
SURVIVAL = frozenset(
    {
        "all-cause-death",
        "distant-metastasis-free-survival",
        "event-free-survival",
        "progression-free-survival",
        "relapse-free-survival",
    }
)
# Outcome groups that are events which nobody wants, and those which everybody does. A group that
# is not named here, as HIV RNA, may be counted either way round: "below 50 copies" or above.
UNWANTED = frozenset(
    {
        "acute-gvhd",
        "adverse-events",
        "aids-or-death",
        "all-cause-death",
        "fever",
        "infection",
        "rejection",
        "severe-adverse-events",
        "venous-thromboembolism",
    }
)
# Where the outcome says that it counts people below a number of copies, it is one that all want.
VIRAL_LOAD = "hiv-rna"
SUPPRESSED = re.compile(
    r"\b(?:below|under|less than|undetect\w*|suppress\w*)|[<\u2264]", re.IGNORECASE
)
WANTED = frozenset({"cure", "remission", "response", "sputum-conversion", "sri-4"})
# Words that may turn an outcome round: "alive at 2 years", "no response".
TURNED = re.compile(
    r"\b(?:surviv\w*|alive|free\w*|without|not?|non-?(?:respon|conver|remi)\w*|fail\w*|lack\w*"
    r"|loss|lost|avoid\w*|absen\w*|prevent\w*|relaps\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What is known of a finding when its side is asked for; `group` is a slug or nothing."""

    measure: str
    comparison: str
    direction: str
    outcome: str
    group: str = ""
    estimate: float | None = None
    low: float | None = None
    high: float | None = None


def side(result: Result) -> Side:
    """Say which side favours IL-2: by the outcome, by what the reader coded, else unknown.

    Where the two disagree, or IL-2 is not what differs between the people, nothing is claimed.
    """
    if result.comparison not in CONCURRENT or result.measure not in FAMILIES:
        return Side.UNKNOWN
    said = {_of_outcome(result), _of_direction(result)} - {Side.UNKNOWN}
    return said.pop() if len(said) == 1 else Side.UNKNOWN


def _of_outcome(result: Result) -> Side:
    """Read the side from the name of the outcome, where it cannot be meant the other way round."""
    if result.measure == EffectMeasure.HAZARD_RATIO and result.group in SURVIVAL:
        return Side.LOW
    if result.measure not in COUNTING or TURNED.search(result.outcome):
        return Side.UNKNOWN
    if result.group in UNWANTED:
        return Side.LOW
    is_suppressed = result.group == VIRAL_LOAD and SUPPRESSED.search(result.outcome)
    return Side.HIGH if is_suppressed or result.group in WANTED else Side.UNKNOWN


def _of_direction(result: Result) -> Side:
    """Read the side from a finding that favours IL-2, or shows harm, on one side of the line."""
    figures = [one for one in (result.estimate, result.low, result.high) if one is not None]
    null = NO_DIFFERENCE[FAMILIES[result.measure]]
    tested = [result.estimate] if result.estimate is not None else figures
    is_above, is_below = all(one > null for one in tested), all(one < null for one in tested)
    if not tested or is_above == is_below:
        return Side.UNKNOWN
    if result.direction == Direction.FAVOURS:
        return Side.HIGH if is_above else Side.LOW
    if result.direction == Direction.HARM:
        return Side.LOW if is_above else Side.HIGH
    return Side.UNKNOWN
