"""The interval of a share is Wilson's, also where nobody or everybody is affected."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.charts.wilson import Z, wilson


@pytest.mark.parametrize(
    ("affected", "at_risk", "low", "high"),
    [
        # Newcombe 1998, table I, method 3: the score method without continuity correction.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_the_published_one(
    affected: int, at_risk: int, low: float, high: float
) -> None:
    assert wilson(affected, at_risk) == pytest.approx((low, high), abs=5e-5)


def test_nobody_begins_at_nothing_and_everybody_ends_at_all() -> None:
    assert wilson(0, 7)[0] == 0
    assert wilson(7, 7)[1] == 1
    assert 0 < wilson(0, 7)[1] < wilson(1, 7)[1]
    assert wilson(6, 7)[0] < wilson(7, 7)[0] < 1


@st.composite
def parts(draw: st.DrawFn) -> tuple[int, int]:
    at_risk = draw(st.integers(1, 2**31 - 1))
    return draw(st.integers(0, at_risk)), at_risk


@given(part=parts())
def test_the_ends_are_those_at_which_the_score_test_just_rejects(part: tuple[int, int]) -> None:
    affected, at_risk = part
    share = affected / at_risk
    low, high = wilson(affected, at_risk)
    assert 0 <= low <= share <= high <= 1
    for end in (low, high):
        if 0 < end < 1:
            error = math.sqrt(end * (1 - end) / at_risk)
            assert abs(share - end) == pytest.approx(Z * error, rel=1e-4, abs=1e-9)


@given(part=parts())
def test_those_who_are_not_affected_have_the_mirrored_interval(part: tuple[int, int]) -> None:
    affected, at_risk = part
    low, high = wilson(affected, at_risk)
    mirrored = wilson(at_risk - affected, at_risk)
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-9)


@pytest.mark.parametrize("part", [(1, 0), (0, 0), (3, 2), (-1, 2)])
def test_what_is_no_part_of_a_number_of_people_has_none(part: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="is not a part of a number of people"):
        wilson(*part)
