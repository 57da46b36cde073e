"""A trial is drawn as long as it is known to have run, and what is not known is drawn as such."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import vocab
from evidence.charts.runs import Day, Look, Run, known, look_of
from evidence.charts.timeline import (
    bar,
    counts,
    sample,
    sheet_of,
    sheet_of_years,
    strip,
    years_axis,
)
from tests.charts.drawn import boxes, parts, texts

TODAY = dt.date(2026, 11, 21)
DATES = st.dates(dt.date(1975, 1, 1), dt.date(2040, 12, 31))


def run(start: str, end: str = "", look: Look = Look.DONE) -> Run:
    begun = known(start)
    assert begun is not None
    return Run(start=begun, end=known(end), look=look)


def drawn(one: Run, *others: Run) -> str:
    """A run as it would stand alone, on the sheet that it shares with others."""
    sheet = sheet_of([one, *others], today=TODAY)
    svg = strip(bar(one, sheet, today=TODAY), sheet)
    return svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def reach(svg: str, look: str, *, height: float) -> tuple[float, float]:
    """From where to where parts of a look and height reach."""
    found = [
        (float(part.get("x", "")), float(part.get("x", "")) + float(part.get("width", "")))
        for part in parts(svg, look)
        if part.get("height") == f"{height:g}"
    ]
    return min(left for left, _ in found), max(right for _, right in found)


@st.composite
def runs(draw: st.DrawFn) -> Run:
    """A run of any dates, of any precision, even those that no registry should hold."""
    written = [str(draw(DATES))[: draw(st.sampled_from([4, 7, 10]))] for _ in range(2)]
    return run(written[0], draw(st.sampled_from(["", written[1]])), draw(st.sampled_from(Look)))


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2015", "2015-01-01", "2015-12-31"),
        ("2016-02", "2016-02-01", "2016-02-29"),
        ("2015-09-03", "2015-09-03", "2015-09-03"),
        # No day of any month, so that the month alone is known.
        ("2015-02-31", "2015-02-01", "2015-02-28"),
    ],
)
def test_a_date_reaches_as_far_as_it_is_not_known(written: str, first: str, last: str) -> None:
    day = Day(dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    assert known(written) == day


@pytest.mark.parametrize("written", ["", "2015-13", "soon", "20-15-x"])
def test_what_is_no_date_is_not_known(written: str) -> None:
    assert known(written) is None


def test_every_recruitment_status_has_a_look() -> None:
    assert {look_of(status) for status in vocab.RecruitmentStatus.values} == set(Look)
    assert look_of("") == Look.UNKNOWN
    assert {status for status in vocab.NEVER_BEGUN if look_of(status) != Look.NOT_BEGUN} == set()


def test_a_year_alone_is_drawn_as_a_thin_line_at_the_end_of_a_shorter_bar() -> None:
    whole = run("2016-01-01", "2019-12-31")
    vague = run("2016", "2019")
    sure, less = drawn(whole, vague), drawn(vague, whole)
    assert reach(sure, "filled", height=10)[0] == reach(less, "filled", height=3)[0]
    start, end = reach(less, "filled", height=10)
    assert start > reach(sure, "filled", height=10)[0]
    assert end < reach(sure, "filled", height=10)[1]
    assert reach(less, "filled", height=3)[1] == pytest.approx(
        reach(sure, "filled", height=10)[1], abs=0.2
    )


def test_a_completed_trial_without_a_completion_is_no_bar_that_goes_on() -> None:
    svg = drawn(run("2010-05"))
    assert not [part for part in parts(svg, "filled") if part.get("height") == "10"]
    sheet = sheet_of([run("2010-05")], today=TODAY)
    assert reach(svg, "filled", height=3)[1] == pytest.approx(sheet.at(TODAY), abs=0.1)
    assert parts(svg, "line")


def test_a_trial_that_goes_on_is_open_until_today_and_dashed_after() -> None:
    running = run("2020-03", "2029-06", Look.GOING)
    svg = drawn(running)
    sheet = sheet_of([running], today=TODAY)
    assert reach(svg, "open", height=9)[1] == pytest.approx(sheet.at(TODAY) - 0.5, abs=0.1)
    (planned,) = parts(svg, "planned")
    assert planned.get("d", "").startswith(f"M{sheet.at(TODAY):.1f}".removesuffix(".0"))


@pytest.mark.parametrize("look", Look)
def test_what_is_still_to_begin_is_dashed_whatever_its_status(look: Look) -> None:
    svg = drawn(run("2027-02", "2028", look))
    assert parts(svg, "planned")
    assert not parts(svg, "filled") + parts(svg, "open")


def test_what_never_began_is_dashed() -> None:
    svg = drawn(run("2011", "2014", Look.NOT_BEGUN))
    assert parts(svg, "planned")
    assert not parts(svg, "filled")


def test_stopped_and_unknown_are_told_apart_without_colour() -> None:
    stopped, unknown, done = (
        drawn(run("2011", "2014", look)) for look in (Look.STOPPED, Look.UNKNOWN, Look.DONE)
    )
    assert len(parts(stopped, "line")) == len(parts(done, "line")) + 1
    assert texts(unknown) == ["?"]
    assert len({sample(look) for look in Look}) == len(Look)


def test_a_trial_that_would_end_before_it_starts_is_a_line_at_its_start() -> None:
    backwards = run("2015-06", "2011", Look.DONE)
    assert backwards.reversed
    assert not run("2015-06", "2015").reversed
    assert not parts(drawn(backwards), "filled")


@given(found=st.lists(runs(), min_size=1, max_size=5))
def test_nothing_of_any_trial_stands_outside_its_strip(found: list[Run]) -> None:
    for one in found:
        svg = drawn(one, *found)
        for part, (left, upper, right, lower) in boxes(svg):
            inside = left >= 0 and right <= 300 and upper >= 0 and lower <= 26
            assert inside, (part.tag, part.attrib, one)
            assert left <= right
            assert upper <= lower


@given(found=st.lists(runs(), min_size=1, max_size=5))
def test_every_trial_is_seen(found: list[Run]) -> None:
    for one in found:
        svg = drawn(one, *found)
        assert any(parts(svg, look) for look in ("filled", "open", "planned", "line"))


@given(years=st.lists(st.integers(1960, 2040), min_size=1, max_size=30))
def test_the_axis_names_years_that_do_not_meet(years: list[int]) -> None:
    sheet = sheet_of_years(years)
    assert sheet.first <= min(years)
    assert max(years) <= sheet.last
    svg = strip(years_axis(sheet), sheet).replace(
        "<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1
    )
    places = sorted(float(part.get("x", "")) for part, _ in boxes(svg) if part.tag.endswith("text"))
    assert all(right - left >= 28 for left, right in itertools.pairwise(places))
    assert places[0] >= 14
    assert places[-1] <= 286


def test_columns_count_the_starts_of_each_year() -> None:
    sheet = sheet_of_years([1999, 2004])
    svg = strip(counts({1999: 1, 2004: 4}, sheet), sheet).replace(
        "<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1
    )
    one, four = (float(part.get("height", "")) for part in parts(svg, "filled"))
    assert four == 4 * one
