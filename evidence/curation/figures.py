"""Figures that cannot be, and figures that contradict each other, said in sentences.

Sources do print the second sort: a person looks again, and enters what is printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evidence.vocab import Direction, EffectMeasure, Phase

Values = Mapping[str, Any]

RATIOS = (
    EffectMeasure.HAZARD_RATIO,
    EffectMeasure.RISK_RATIO,
    EffectMeasure.ODDS_RATIO,
    EffectMeasure.RATE_RATIO,
)
DIFFERENCES = (
    EffectMeasure.RISK_DIFFERENCE,
    EffectMeasure.MEAN_DIFFERENCE,
    EffectMeasure.STANDARDISED_MEAN_DIFFERENCE,
)
LEAST_LEVEL = 50
USUAL_LEVEL = 95
# Between the two, rounding and another test may tip either side.
SURELY_BELOW, SURELY_ABOVE = 0.04, 0.06
ROUNDED = 1.0
# Directions that say that there is a difference.
DIFFER = (Direction.FAVOURS, Direction.HARM, Direction.RAISED, Direction.LOWERED)
P_VALUE = re.compile(r"^\s*p?\s*([<>≤≥=]?)\s*([-\u2212]?\d*[.,·]?\d+)\s*$", re.IGNORECASE)
# What a statement calls a ratio; OR in small letters is no measure.
IN_WORDS = {
    EffectMeasure.HAZARD_RATIO: "[Hh]azard ratio|HR",
    EffectMeasure.RISK_RATIO: "[Rr]isk ratio|[Rr]elative risk|RR",
    EffectMeasure.ODDS_RATIO: "[Oo]dds ratio|OR",
    EffectMeasure.RATE_RATIO: "[Rr]ate ratio|RR",
}
NUMBER = r"((?>\d*[.,·]?\d+))(?!\s?%)"
AS_STATED = {
    measure: re.compile(rf"\b(?:{said})[\s=:,]+(?:(?:of|was|is)\s+)?{NUMBER}")
    for measure, said in IN_WORDS.items()
}


@dataclass(frozen=True)
class Odd:
    """A figure to look at again: where, why, and whether it can be at all."""

    field: str
    sentence: str
    impossible: bool = False
    # A person's judgement, which no source prints.
    judged: bool = False


def of_finding(values: Values) -> tuple[Odd, ...]:
    """Return what is odd in a finding's figures."""
    return (
        *_ratio(values),
        *_ends(values),
        *_level(values),
        *_people_analysed(values),
        *_p_value(values),
        *_direction(values),
        *_stated(values),
    )


def of_harm_report(values: Values) -> tuple[Odd, ...]:
    """Return what is odd in a harm report's counts, group by group."""
    return (
        *_counts(values, "affected", "at_risk", "percent"),
        *_counts(values, "comparator_affected", "comparator_at_risk", "comparator_percent"),
    )


def of_trial(values: Values) -> tuple[Odd, ...]:
    """Return what is odd in a trial's dates: compared as far as both are known."""
    pairs = (
        ("start", "primary_completion", "A trial starts before its primary completion."),
        ("start", "completion", "A trial starts before it is completed."),
        ("primary_completion", "completion", "The primary completion comes before the last one."),
        ("start", "results_posted", "Results are posted after a trial has started."),
    )
    return tuple(
        Odd(later, f"{sentence} Here it is {values[first]} and {values[later]}.")
        for first, later, sentence in pairs
        if _is_after(values.get(first), values.get(later))
    )


def of_phases(phases: Sequence[str]) -> str:
    """Say what is wrong with a trial's phases, if anything is."""
    if Phase.NA in phases and len({*phases}) > 1:
        return "“Not applicable” stands alone: a trial with a phase has phases that apply."
    return ""


CHECKS: Mapping[str, Callable[[Values], tuple[Odd, ...]]] = {
    "finding": of_finding,
    "harmreport": of_harm_report,
    "trial": of_trial,
}


def odd(model_name: str, values: Values) -> tuple[Odd, ...]:
    """Return what is odd in the values of a finding, harm report or trial; of others nothing."""
    check = CHECKS.get(model_name)
    return check(values) if check is not None else ()


def _ratio(values: Values) -> list[Odd]:
    if values.get("effect_measure") not in RATIOS:
        return []
    label = EffectMeasure(values["effect_measure"]).label
    article = "An" if label[0] in "aeiou" else "A"
    return [
        Odd(
            name,
            f"{article} {label} is never negative. A difference, or the logarithm of a ratio, has "
            "another measure.",
            impossible=True,
        )
        for name in ("estimate", "ci_low", "ci_high")
        if _number(values, name) is not None and values[name] < 0
    ]


def _ends(values: Values) -> list[Odd]:
    low, high = _number(values, "ci_low"), _number(values, "ci_high")
    if low is None or high is None or low <= high:
        return []
    said = f"The low end ({low:.12g}) is above the high end ({high:.12g})."
    return [Odd("ci_low", said, impossible=True)]


def _level(values: Values) -> list[Odd]:
    level = _number(values, "ci_level")
    if level is None or level >= LEAST_LEVEL:
        return []
    said = "An interval's level is a percent from 50 up, usually 95."
    if 0 < level < 1:
        said += f" Write {level * 100:g}, not {level:g}."
    return [Odd("ci_level", said, impossible=True)]


def _people_analysed(values: Values) -> list[Odd]:
    found = [
        Odd(name, "Nobody was analysed? Empty means not reported; 0 is for a printed 0.")
        for name in ("n_il2", "n_comparator", "n_total")
        if values.get(name) == 0
    ]
    groups = [values[n] for n in ("n_il2", "n_comparator") if _number(values, n) is not None]
    total = _number(values, "n_total")
    if total is None or not groups:
        return found
    if total < max(groups):
        said = f"One group alone has {max(groups):,}: no fewer can be analysed in all."
        found.append(Odd("n_total", said, impossible=True))
    elif total < sum(groups):
        said = (
            f"The groups together are {sum(groups):,}: fewer in all only where people were in both."
        )
        found.append(Odd("n_total", said))
    return found


def contradiction(values: Values) -> str:
    """Say how a finding's interval and its p cannot both be right; nothing where they can."""
    match = P_VALUE.match(str(values.get("p_value") or ""))
    if match is None or not 0 <= (p := _read(match[2])) <= 1:
        return ""
    holds, null = _holds_no_effect(values), _null(values.get("effect_measure"))
    if p <= SURELY_BELOW and match[1] not in {">", "≥"} and holds:
        return f"The interval holds {null:g}, no effect, and p says that there is one."
    if p >= SURELY_ABOVE and match[1] not in {"<", "≤"} and holds is False:
        return f"The interval leaves out {null:g}, no effect, and p says that there may be none."
    return ""


def _p_value(values: Values) -> list[Odd]:
    match = P_VALUE.match(str(values.get("p_value") or ""))
    if match is None:
        return []
    if not 0 <= _read(match[2]) <= 1:
        return [Odd("p_value", f"p lies between 0 and 1; here it is {match[2]}.")]
    said = contradiction(values)
    if not said:
        return []
    return [Odd("p_value", f"{said} If the source prints both, say so in the statement.")]


def _direction(values: Values) -> list[Odd]:
    direction, null = values.get("direction"), _null(values.get("effect_measure"))
    holds = _holds_no_effect(values)
    if holds and direction in DIFFER:
        said = f"The interval holds {null:g}, the value of no difference"
    elif holds is False and direction == Direction.NO_DIFFERENCE:
        said = f"The interval leaves out {null:g}, the value of no difference"
    else:
        return []
    return [Odd("direction", f"{said}; is the direction meant so?", judged=True)]


def _holds_no_effect(values: Values) -> bool | None:
    """Say whether a 95 % interval holds the value of no effect; None if it ends there."""
    low, high = _number(values, "ci_low"), _number(values, "ci_high")
    null = _null(values.get("effect_measure"))
    if low is None or high is None or low > high or null is None:
        return None
    if _number(values, "ci_level") != USUAL_LEVEL or null in (low, high):
        return None
    return low < null < high


def _stated(values: Values) -> list[Odd]:
    estimate, measure = _number(values, "estimate"), values.get("effect_measure")
    if estimate is None or measure not in AS_STATED:
        return []
    stated = AS_STATED[measure].findall(str(values.get("statement") or ""))
    # A statement may name several: one that is the estimate is enough.
    if not stated or any(_rounds_to(estimate, text) for text in stated):
        return []
    label = EffectMeasure(measure).label
    said = f"The statement gives {label} {stated[0]}, and the estimate is {estimate:.12g}."
    return [Odd("estimate", said, judged=True)]


def _rounds_to(value: float, printed: str) -> bool:
    decimals = len(re.split("[.,·]", printed)[1]) if re.search("[.,·]", printed) else 0
    return abs(value - _read(printed)) <= 0.5 * 10.0**-decimals + 1e-9


def _read(text: str) -> float:
    return float(text.replace(",", ".").replace("·", ".").replace("\u2212", "-"))


def _null(measure: object) -> float | None:
    if measure in RATIOS:
        return 1.0
    return 0.0 if measure in DIFFERENCES else None


def _counts(values: Values, part: str, whole: str, percent: str) -> list[Odd]:
    affected, at_risk = _number(values, part), _number(values, whole)
    printed = _number(values, percent)
    if at_risk == 0:
        said = "Nobody was at risk? Empty means not reported; a group has people in it."
        return [Odd(whole, said, impossible=True)]
    if affected is None or at_risk is None:
        return []
    if affected > at_risk:
        return [Odd(part, "No more people can be affected than were at risk.", impossible=True)]
    if printed is not None and abs(printed - 100 * affected / at_risk) > ROUNDED:
        said = (
            f"{affected:,.0f} of {at_risk:,.0f} is {100 * affected / at_risk:.1f} %, not "
            f"{printed:g} %. A percent is for sources without counts."
        )
        return [Odd(percent, said)]
    return []


def _is_after(first: object, later: object) -> bool:
    one, other = str(first or ""), str(later or "")
    known = min(len(one), len(other))
    return known > 0 and one[:known] > other[:known]


def _number(values: Values, name: str) -> float | None:
    value = values.get(name)
    return value if isinstance(value, int | float) else None
