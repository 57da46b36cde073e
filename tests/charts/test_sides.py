"""Which side of no difference favours IL-2: claimed only where it is certain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.charts.sides import FAMILIES, UNWANTED, WANTED, Result, Side, side
from evidence.vocab import Comparison, Direction, EffectMeasure

HR, RR, MD = (
    EffectMeasure.HAZARD_RATIO,
    EffectMeasure.RISK_RATIO,
    EffectMeasure.MEAN_DIFFERENCE,
)


def result(measure: str, outcome: str, group: str = "", **given_: object) -> Result:
    return Result(
        **{
            "measure": measure,
            "outcome": outcome,
            "group": group,
            "comparison": Comparison.ADDS_IL2,
            "direction": Direction.UNCLEAR,
        }
        | given_
    )


@pytest.mark.parametrize(
    ("measure", "outcome", "group", "said"),
    [
        (HR, "Death from any cause", "all-cause-death", Side.LOW),
        (RR, "Death from any cause, 6 trials", "all-cause-death", Side.LOW),
        (HR, "Overall survival", "all-cause-death", Side.LOW),
        (HR, "Recurrence-free survival", "relapse-free-survival", Side.LOW),
        (HR, "First serious non-AIDS event", "severe-adverse-events", Side.LOW),
        (RR, "Objective response", "response", Side.HIGH),
        (RR, "Sputum culture conversion", "sputum-conversion", Side.HIGH),
        # Alive, not dead; without an infection; no response: counted the other way round.
        (RR, "Overall survival at 2 years", "all-cause-death", Side.UNKNOWN),
        (RR, "Relapse-free survival at 2 years", "relapse-free-survival", Side.UNKNOWN),
        (RR, "Free of infection", "infection", Side.UNKNOWN),
        (RR, "No response", "response", Side.UNKNOWN),
        (RR, "Viral load not below 50 copies/mL", "hiv-rna", Side.UNKNOWN),
        (RR, "Viral load above 50 copies/mL", "hiv-rna", Side.UNKNOWN),
        (RR, "Viral load below 50 copies/mL", "hiv-rna", Side.HIGH),
        (MD, "Viral load below 50 copies/mL", "hiv-rna", Side.UNKNOWN),
        (RR, "Something else", "", Side.UNKNOWN),
        (MD, "Days of fever", "fever", Side.UNKNOWN),
    ],
)
def test_the_outcome_tells_the_side_where_it_cannot_be_turned_round(
    measure: str, outcome: str, group: str, said: Side
) -> None:
    assert side(result(measure, outcome, group)) == said


@pytest.mark.parametrize(
    ("direction", "estimate", "said"),
    [
        (Direction.FAVOURS, 159, Side.HIGH),
        (Direction.FAVOURS, -0.17, Side.LOW),
        (Direction.HARM, 12, Side.LOW),
        (Direction.HARM, -12, Side.HIGH),
        (Direction.NO_DIFFERENCE, 12, Side.UNKNOWN),
        (Direction.RAISED, 12, Side.UNKNOWN),
        (Direction.FAVOURS, 0, Side.UNKNOWN),
    ],
)
def test_a_direction_tells_the_side_on_which_its_estimate_stands(
    direction: str, estimate: float, said: Side
) -> None:
    assert side(result(MD, "A marker", direction=direction, estimate=estimate)) == said


def test_an_interval_alone_tells_the_side_where_it_lies_on_one() -> None:
    favours = {"direction": Direction.FAVOURS}
    assert side(result(MD, "CD4", low=51.3, high=181.2, **favours)) == Side.HIGH
    assert side(result(MD, "CD4", low=-3, high=181.2, **favours)) == Side.UNKNOWN


def test_nothing_is_claimed_where_outcome_and_direction_disagree() -> None:
    turned = result(RR, "Fever", "fever", direction=Direction.FAVOURS, estimate=1.8)
    assert side(turned) == Side.UNKNOWN


@pytest.mark.parametrize("comparison", [Comparison.DOSE, Comparison.NONE, Comparison.GROUPS])
def test_nothing_is_claimed_where_il2_is_not_what_differs(comparison: str) -> None:
    dead = result(HR, "Death from any cause", "all-cause-death", comparison=comparison)
    assert side(dead) == Side.UNKNOWN


def test_no_outcome_is_both_wanted_and_unwanted() -> None:
    assert not UNWANTED & WANTED


@given(
    st.sampled_from([*FAMILIES]),
    st.sampled_from([*sorted(UNWANTED | WANTED), "", "another"]),
    st.text(max_size=20),
    st.sampled_from(Direction),
    st.one_of(st.none(), st.floats(allow_nan=False)),
)
def test_any_finding_gets_a_word(
    measure: str, group: str, outcome: str, direction: str, estimate: float | None
) -> None:
    asked = result(measure, outcome, group, direction=direction, estimate=estimate)
    assert side(asked) in Side
