"""Any readings are drawn within their strip, on a scale that can be read."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.charts.strips import (
    LEFT,
    MOST_TICKS,
    RIGHT,
    Reading,
    Scale,
    Shape,
    axis,
    strip,
    tick_words,
)
from tests.charts.drawn import SVG, parsed, texts

FIGURES = st.one_of(
    st.floats(-1e4, 1e4), st.floats(allow_nan=False, allow_infinity=False), st.just(0.0)
)


def looks(svg: str) -> list[str]:
    """The classes of what is drawn, without the lines of the scale."""
    drawn = [part.get("class", "") for part in standing(svg) if part.tag != f"{SVG}svg"]
    return [look for look in drawn if look not in {"grid", "reference"}]


def standing(svg: str) -> list[object]:
    """The parts of a strip, which is a part of a page's own markup and names no namespace."""
    return list(parsed(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)).iter())


@st.composite
def readings(draw: st.DrawFn) -> list[Reading]:
    found = []
    for _ in range(draw(st.integers(0, 5))):
        value, *ends = (draw(FIGURES) for _ in range(3))
        low, high = sorted(ends)
        has_value, has_interval = draw(
            st.sampled_from([(True, True), (True, False), (False, True)])
        )
        found.append(
            Reading(
                value=value if has_value else None,
                low=low if has_interval else None,
                high=high if has_interval else None,
                shape=draw(st.sampled_from(Shape)),
            )
        )
    return found


@given(readings())
@pytest.mark.parametrize("fit", [Scale.of_ratios, Scale.of_differences], ids=["log", "linear"])
def test_any_figures_get_a_scale_that_can_be_read(fit: object, given_: list[Reading]) -> None:
    scale = fit(given_)
    ticks = scale.ticks()
    assert 1 <= len(ticks) <= MOST_TICKS + 1
    assert list(ticks) == sorted(set(ticks))
    assert scale.low < scale.high
    slack = (scale.high - scale.low) * 1e-9
    assert all(scale.low - slack <= tick <= scale.high + slack for tick in ticks)
    assert scale.low <= scale.reference <= scale.high
    for one in given_:
        for figure in one.figures:
            assert LEFT <= scale.at(figure) <= RIGHT
        standing(strip([one], scale))
    assert all(len(words) < 18 for words in texts(axis(scale)))


@given(st.lists(st.tuples(st.floats(0, 1e4), st.floats(0, 1e4)), max_size=5))
def test_a_scale_from_zero_holds_all_and_ends_round(pairs: list[tuple[float, float]]) -> None:
    given_ = [Reading(value=min(pair), low=min(pair), high=max(pair)) for pair in pairs]
    scale = Scale.from_zero(given_)
    assert scale.low == 0 < scale.high
    assert all(scale.holds(one) for one in given_)
    assert all(one.high is None or one.high <= scale.high * (1 + 1e-9) for one in given_)


def test_percent_never_passes_a_hundred() -> None:
    scale = Scale.from_zero([Reading(value=96, low=90, high=99.5)], most=100)
    assert scale.high == 100


def test_no_mark_stands_on_the_end_of_a_scale_that_could_be_longer() -> None:
    assert Scale.from_zero([Reading(value=4)], most=100).high == 5
    assert Scale.from_zero([Reading(value=3, low=1, high=4)], most=100).high == 4
    assert Scale.from_zero([Reading(value=100)], most=100).high == 100


def test_ratios_are_named_in_doublings() -> None:
    scale = Scale.of_ratios(
        [Reading(value=0.4, low=0.2, high=0.9), Reading(value=5, low=3, high=7)]
    )
    assert [tick_words(tick) for tick in scale.ticks()] == ["0.25", "0.5", "1", "2", "4", "8"]


def test_a_ratio_and_its_inverse_stand_equally_far_from_no_difference() -> None:
    scale = Scale.of_ratios([Reading(value=0.5), Reading(value=2)])
    middle = scale.at(1)
    assert math.isclose(middle - scale.at(0.5), scale.at(2) - middle)


def test_an_interval_that_reaches_beyond_the_scale_ends_in_an_arrow() -> None:
    cut, whole = Reading(value=5.84, low=0.59, high=43.57), Reading(value=1, low=0.6, high=1.7)
    scale = Scale.of_ratios([cut, whole])
    assert scale.high == 8
    assert "L292 13l-5 4" in strip([cut], scale)
    assert "L" not in strip([whole], scale).replace("LI", "")


def test_what_has_no_place_on_a_log_scale_is_not_drawn() -> None:
    scale = Scale.of_ratios([Reading(value=0, low=0, high=0.5)])
    assert not scale.holds(Reading(value=0, low=0, high=0.5))
    assert looks(strip([Reading(value=0, low=0, high=0.5)], scale)) == []


def test_an_interval_without_an_estimate_is_a_line_without_a_mark() -> None:
    reading = Reading(low=51.3, high=181.2)
    assert looks(strip([reading], Scale.of_differences([reading]))) == ["line"]


@pytest.mark.parametrize(
    ("shape", "tag", "look"),
    [
        (Shape.STUDY, "rect", "filled"),
        (Shape.REVIEW, "path", "hollow"),
        (Shape.DOUBTFUL, "rect", "hollow"),
        (Shape.WITH, "circle", "filled"),
        (Shape.WITHOUT, "circle", "quiet hollow"),
    ],
)
def test_each_shape_is_told_by_its_outline_and_filling(shape: Shape, tag: str, look: str) -> None:
    reading = Reading(value=1, low=0.8, high=1.3, shape=shape)
    mark = standing(strip([reading], Scale.of_ratios([reading])))[-1]
    assert (mark.tag, mark.get("class")) == (f"{SVG}{tag}", look)


def test_two_readings_stand_one_above_the_other() -> None:
    pair = [Reading(value=0.5, shape=Shape.WITH), Reading(value=0.1, shape=Shape.WITHOUT)]
    drawn = standing(strip(pair, Scale.from_zero(pair)))
    assert [part.get("cy") for part in drawn if part.tag == f"{SVG}circle"] == ["8", "19"]


def test_the_axis_says_what_lies_towards_its_ends() -> None:
    scale = Scale.of_ratios([])
    svg = axis(scale, below="favours IL-2", above="favours control")
    words = [part.text for part in standing(svg) if part.tag == f"{SVG}text"]
    assert words == ["0.5", "1", "2", "← favours IL-2", "favours control →"]


def test_a_strip_is_hidden_from_who_hears_the_table() -> None:
    assert all('aria-hidden="true"' in svg for svg in (strip([], SCALE), axis(SCALE)))
    assert "style" not in strip([], SCALE) + axis(SCALE)


SCALE = Scale(0, 10)
