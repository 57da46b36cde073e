"""Any course is drawn whole, readable and within its sheet."""

from __future__ import annotations

import datetime as dt
import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.charts.steps import Edition, Steps, steps
from tests.charts.courses import (
    AGREES,
    APPROVED,
    EXPERIMENTAL,
    HIV,
    NOTHING,
    VARIABLE,
    WORDS,
    course,
    editions,
    found_in,
    periods,
)
from tests.charts.drawn import SVG, Box, boxes, parsed, parts, texts, walked

LANES = {"variable": 22, "experimental": 56, "investigated": 90}
SIZES = pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
UNTIL = 2026


@st.composite
def courses(draw: st.DrawFn) -> Steps:
    """A course of any words, findings of any years, and editions of any days."""
    years = sorted(draw(st.sets(st.integers(1971, UNTIL + 3), max_size=12)))
    words = draw(st.lists(st.sampled_from(WORDS), min_size=13, max_size=13))
    often = draw(st.sampled_from([4, 15, 60]))
    days = draw(st.lists(st.dates(dt.date(1990, 1, 1), dt.date(UNTIL, 12, 31)), max_size=6))
    said = draw(st.lists(st.sampled_from(WORDS), min_size=6, max_size=6))
    return Steps(
        name="course",
        title=draw(st.text(max_size=40)),
        until=UNTIL,
        periods=periods(*zip([1970, *years], words, strict=False)),
        findings=tuple(draw(st.lists(st.integers(1950, UNTIL + 2), max_size=often))),
        editions=tuple(
            Edition(on=day, number=number, status=status, ground=ground)
            for number, (day, (status, ground)) in enumerate(
                zip(sorted(days), said, strict=False), start=1
            )
        ),
    )


def meet(one: Box, other: Box) -> bool:
    apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    return not apart


def meeting_words(svg: str) -> list[tuple[str | None, str | None]]:
    """The words that cover other words, or a mark."""
    drawn = list(boxes(svg))
    said = [(part.text, box) for part, box in drawn if part.tag == f"{SVG}text"]
    marks = [("", box) for part, box in drawn if part.get("class") in ("open", "ours")]
    pairs = [*itertools.combinations(said, 2), *itertools.product(said, marks)]
    return [(words, other) for (words, one), (other, two) in pairs if meet(one, two)]


@given(chart=courses(), narrow=st.booleans())
def test_nothing_of_any_course_stands_outside_its_sheet(chart: Steps, narrow: bool) -> None:
    svg = steps(chart, narrow=narrow)
    width = 328 if narrow else 760
    assert parsed(svg).get("viewBox") == f"0 0 {width} 156"
    for part, (left, upper, right, lower) in boxes(svg):
        inside = left >= 0 and upper >= 0 and right <= width and lower <= 156
        assert inside, (part.tag, part.attrib, part.text)


@given(chart=courses(), narrow=st.booleans())
def test_no_words_of_any_course_cover_other_words_or_marks(chart: Steps, narrow: bool) -> None:
    assert meeting_words(steps(chart, narrow=narrow)) == []


@given(chart=courses(), narrow=st.booleans())
def test_the_line_of_any_course_reaches_from_end_to_end(chart: Steps, narrow: bool) -> None:
    (line,) = parts(steps(chart, narrow=narrow), "line")
    corners = list(walked(line.get("d", "")))
    assert corners[0][0] == (92 if narrow else 112)
    assert corners[-1][0] == (314 if narrow else 748)
    assert [x for x, _ in corners] == sorted(x for x, _ in corners)
    last = [period for period in chart.periods if period.from_year <= UNTIL][-1]
    assert corners[-1][1] == LANES[last.status]


@SIZES
def test_a_mark_stands_at_each_change_on_the_lane_it_leads_to(narrow: bool) -> None:
    svg = steps(course((1970, NOTHING), (1991, EXPERIMENTAL), (1992, APPROVED)), narrow=narrow)
    (circle,) = [part for part in parts(svg, "open") if part.tag == f"{SVG}circle"]
    (square,) = [part for part in parts(svg, "open") if part.tag == f"{SVG}rect"]
    assert circle.get("cy") == "56"
    assert float(square.get("y", "0")) + float(square.get("height", "0")) / 2 == 90
    assert len(parts(svg, "open")) == 2


def test_another_ground_has_a_mark_and_words_of_its_own() -> None:
    svg = steps(course((1970, NOTHING), (2010, AGREES), findings=(1992,)))
    assert len(parts(svg, "open")) == 1
    assert {"no treatment of people found", "confirmatory evidence agrees"} <= set(texts(svg))


def test_a_ground_that_stands_beside_its_years_points_at_them() -> None:
    assert "← no treatment of people found" in texts(steps(HIV))


def test_a_ground_without_room_is_left_to_the_table() -> None:
    changes = [(1970, EXPERIMENTAL), (2012, APPROVED), (2013, EXPERIMENTAL)]
    changes += [(2024, APPROVED), (2025, EXPERIMENTAL)]
    chart = course(*changes, findings=(1992,), editions=())
    said = [words for words in texts(steps(chart)) if "approved" in words]
    assert said == ["← an approved use"]
    assert meeting_words(steps(chart)) == []


@SIZES
def test_each_status_has_a_shape_of_its_own_in_the_line_and_in_editions(narrow: bool) -> None:
    chart = course(
        (1970, NOTHING),
        (1980, EXPERIMENTAL),
        (1990, VARIABLE),
        (2000, AGREES),
        editions=editions(
            ("2005-01-01", EXPERIMENTAL), ("2010-01-01", VARIABLE), ("2015-01-01", AGREES)
        ),
    )
    svg = steps(chart, narrow=narrow)
    for look in ("open", "ours"):
        assert sorted(part.tag for part in parts(svg, look)) == [
            f"{SVG}circle",
            f"{SVG}path",
            f"{SVG}rect",
        ]


def test_a_finding_is_a_square_of_six_by_five_on_its_year() -> None:
    svg = steps(HIV)
    squares = parts(svg, "finding")
    assert len(squares) == len(HIV.findings)
    assert {(square.get("width"), square.get("height")) for square in squares} == {("6", "5")}
    assert len({square.get("x") for square in squares}) == len(set(HIV.findings))
    assert "findings" in texts(svg)
    assert not any("a year" in words for words in texts(svg))


@SIZES
@pytest.mark.parametrize("most", [5, 8, 13])
def test_many_findings_in_a_year_stand_closer_and_say_their_scale(most: int, narrow: bool) -> None:
    chart = course(findings=(*found_in(2011, most), 2012))
    svg = steps(chart, narrow=narrow)
    assert len(parts(svg, "finding")) == most + 1
    assert f"up to {most} a year" in texts(svg)


def test_a_hundred_findings_in_a_year_are_a_bar_beside_which_one_is_still_seen() -> None:
    svg = steps(course(findings=(*found_in(2011, 100), 2012)))
    heights = sorted(float(bar.get("height", "0")) for bar in parts(svg, "finding"))
    assert heights == [1.5, 33]
    assert "up to 100 a year" in texts(svg)


def test_no_finding_is_said_in_words() -> None:
    svg = steps(course(findings=()))
    assert parts(svg, "finding") == []
    assert "none dated" in texts(svg)


@SIZES
def test_a_change_in_the_year_that_has_not_ended_is_seen(narrow: bool) -> None:
    svg = steps(course((1970, NOTHING), (1993, EXPERIMENTAL), (2026, VARIABLE)), narrow=narrow)
    (line,) = parts(svg, "line")
    corners = list(walked(line.get("d", "")))
    assert corners[-1][1] == LANES["variable"]
    assert corners[-1][0] > corners[-2][0]
    assert len(parts(svg, "half")) == 1


def test_an_edition_stands_on_the_lane_of_its_own_word() -> None:
    svg = steps(course(editions=editions(("2026-11-21", EXPERIMENTAL))))
    (stem,) = parts(svg, "stem")
    corners = list(walked(stem.get("d", "")))
    assert corners[0][1] == LANES["experimental"]
    # Late in the last year, and not in its middle.
    assert 745 < corners[0][0] < 748


def test_editions_that_would_cover_each_other_are_one_mark_where_they_say_the_same() -> None:
    said = [("2026-11-21", VARIABLE), ("2026-12-03", VARIABLE), ("2026-12-20", EXPERIMENTAL)]
    assert len(parts(steps(course(editions=editions(*said))), "ours")) == 2


@SIZES
def test_the_drawing_says_what_it_shows(narrow: bool) -> None:
    root = parsed(steps(HIV, narrow=narrow))
    assert root.get("role") == "img"
    named = (root.get("aria-labelledby") or "").split()
    held = {part.get("id"): part.text for part in root if part.get("id")}
    assert list(held) == named
    title, told = held.values()
    assert title == HIV.title
    assert "experimental from 1993 to 2010 and variable since 2011" in (told or "")
    assert "7 findings have a year, from 1996 to 2017" in (told or "")


def test_the_two_drawings_share_no_identifier() -> None:
    wide, narrow = (set(re.findall(r' id="([^"]+)"', steps(HIV, narrow=n))) for n in (False, True))
    assert len(wide) == len(narrow) == 2
    assert wide.isdisjoint(narrow)


@SIZES
def test_no_drawing_carries_a_style_of_its_own(narrow: bool) -> None:
    svg = steps(HIV, narrow=narrow)
    assert "style" not in svg
    assert "#" not in svg


def test_what_is_written_in_a_title_stays_text() -> None:
    title = 'IL-2 <script>alert("1")</script> & \x0b\x00]]>'
    svg = steps(course(title=title))
    assert "<script" not in svg
    assert parsed(svg).findtext(f"{SVG}title") == 'IL-2 <script>alert("1")</script> & ]]>'


@SIZES
def test_text_is_eleven_or_twelve_pixels_high(narrow: bool) -> None:
    root = parsed(steps(HIV, narrow=narrow))
    assert root.get("width") == ("328" if narrow else "760")
    assert {part.get("font-size", root.get("font-size")) for part in root.iter(f"{SVG}text")} <= {
        "11",
        "12",
    }
