"""Shares of people are drawn where they lie, and nothing is drawn that was not reported."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.charts.bars import Share, bars, percent_axis, scale, share
from evidence.charts.strips import LEFT, RIGHT, Scale
from evidence.charts.wilson import wilson
from tests.charts.drawn import boxes, parts, texts

NAMED = 'xmlns="http://www.w3.org/2000/svg" '
HUNDRED = Scale(low=0, high=100)


def whole(svg: str) -> str:
    """A strip as it would stand alone."""
    return svg.replace("<svg ", f"<svg {NAMED}", 1)


@st.composite
def shares(draw: st.DrawFn) -> Share | None:
    at_risk = draw(st.one_of(st.none(), st.integers(0, 5000)))
    affected = draw(st.one_of(st.none(), st.integers(0, at_risk or 0)))
    percent = draw(st.one_of(st.none(), st.floats(0, 100)))
    return share(affected, at_risk, percent)


def test_counts_are_drawn_with_their_interval() -> None:
    found = share(10, 2071, None)
    low, high = wilson(10, 2071)
    assert found == Share(percent=1000 / 2071, low=100 * low, high=100 * high)
    svg = whole(bars(found, share(2, 2040, None), scale([found])))
    assert len(parts(svg, "line")) == 2
    assert len(parts(svg, "filled")) == len(parts(svg, "hollow")) == 1


def test_a_printed_percent_is_never_worked_back_to_people() -> None:
    found = share(None, 137, 23)
    assert found == Share(percent=23)
    svg = whole(bars(found, None, HUNDRED))
    assert parts(svg, "line") == []
    (mark,) = parts(svg, "filled")
    assert mark.tag.endswith("rect")


def test_counts_are_drawn_where_a_percent_is_printed_too() -> None:
    assert share(10, 40, 26) == share(10, 40, None)


def test_what_is_not_reported_is_blank_and_a_printed_nought_is_drawn_at_nought() -> None:
    assert bars(share(None, None, None), share(None, 60, None), HUNDRED) == ""
    assert bars(share(3, None, None), share(3, 0, None), HUNDRED) == ""
    svg = whole(bars(share(0, 29, None), None, HUNDRED))
    (dot,) = parts(svg, "filled")
    assert float(dot.get("cx", "")) == LEFT
    assert share(None, None, 0.0) == Share(percent=0)


def test_the_group_with_il2_stands_above_the_other_and_alone_in_the_middle() -> None:
    one, other = share(5, 50, None), share(1, 50, None)
    both = whole(bars(one, other, HUNDRED))
    (filled,), (hollow,) = parts(both, "filled"), parts(both, "hollow")
    assert float(filled.get("cy", "")) < 13 < float(hollow.get("cy", ""))
    for alone in (bars(one, None, HUNDRED), bars(None, other, HUNDRED)):
        (dot,) = [part for part in parts(whole(alone), "bars")[0] if part.get("cy")]
        assert dot.get("cy") == "13"


def test_another_group_that_had_il2_too_is_not_drawn_as_a_control() -> None:
    one, other = share(5, 50, None), share(None, None, 19)
    control, too = (whole(bars(one, other, HUNDRED, too=said)) for said in (False, True))
    assert len(parts(control, "hollow")) == 1
    assert parts(control, "too") == parts(too, "hollow") == []
    (mark,) = parts(too, "too")
    assert mark.tag.endswith("rect")


@given(groups=st.lists(st.tuples(shares(), shares()), min_size=1, max_size=6))
def test_all_rows_of_a_collection_fit_the_scale_that_they_share(
    groups: list[tuple[Share | None, Share | None]],
) -> None:
    on = scale(each for pair in groups for each in pair)
    assert on.low == 0
    assert 0 < on.high <= 100
    for with_il2, control in groups:
        svg = bars(with_il2, control, on)
        assert bool(svg) == any(one is not None for one in (with_il2, control))
        for part, (left, upper, right, lower) in boxes(whole(svg)) if svg else ():
            edge = 4 if part.tag.endswith(("circle", "rect")) else 0
            assert left >= LEFT - edge - 0.1
            assert right <= RIGHT + edge + 0.1
            assert upper >= 0
            assert lower <= 26


@pytest.mark.parametrize("highest", [0.0, 0.3, 1.2, 7.0, 23.0, 64.0, 99.9, 100.0])
def test_the_axis_is_named_at_round_percents_and_says_what_it_counts(highest: float) -> None:
    on = scale([Share(percent=highest)])
    *ticks, unit = texts(whole(percent_axis(on)))
    assert unit == "per cent of people"
    assert ticks[0] == "0"
    assert len(ticks) <= 6
    assert math.isclose(on.high, min(100, max(float(ticks[-1]), on.high)))
    assert on.high >= highest
