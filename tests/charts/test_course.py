"""A course is told in words that leave nothing out."""

from __future__ import annotations

import pytest

from evidence.charts.course import findings_by_year, findings_in_words, in_words, runs
from evidence.charts.sheet import first_year
from tests.charts.courses import (
    AGREES,
    APPROVED,
    EXPERIMENTAL,
    HIV,
    NOTHING,
    VARIABLE,
    course,
    editions,
    found_in,
    periods,
)


def test_the_words_tell_the_whole_course() -> None:
    assert in_words(HIV) == (
        "From dated evidence the rule says investigated (no treatment of people found) until "
        "1992, experimental from 1993 to 2010 and variable since 2011. We have said variable "
        "since 21 November 2026 (edition 1)."
    )


def test_a_single_year_is_told_as_one() -> None:
    chart = course((1970, NOTHING), (1991, EXPERIMENTAL), (1992, APPROVED), editions=())
    assert in_words(chart) == (
        "From dated evidence the rule says investigated (no treatment of people found) until "
        "1990, experimental in 1991 and investigated (an approved use) since 1992."
    )


def test_a_word_that_never_changed_is_told_once() -> None:
    told = in_words(course((1970, NOTHING), editions=()))
    assert told == (
        "From dated evidence the rule says investigated (no treatment of people found) in every "
        "year."
    )


def test_an_edition_that_said_the_same_again_is_not_told() -> None:
    said = editions(
        ("2026-11-21", EXPERIMENTAL), ("2026-12-03", EXPERIMENTAL), ("2027-02-01", AGREES)
    )
    assert in_words(course(editions=said)).endswith(
        "We said experimental from 21 November 2026 (edition 1) and investigated (confirmatory "
        "evidence agrees) since 1 February 2027 (edition 3)."
    )


def test_the_same_status_on_another_ground_is_another_word() -> None:
    joined = runs(periods((1970, NOTHING), (1992, APPROVED), (2017, APPROVED)), until=2026)
    assert [(one.from_year, one.to_year) for one in joined] == [(1970, 1991), (1992, 2026)]


def test_what_has_not_come_yet_is_not_told() -> None:
    chart = course((1970, NOTHING), (1993, EXPERIMENTAL), (2027, VARIABLE), findings=(2027,))
    assert "variable since 2027" not in in_words(chart)
    assert "experimental since 1993" in in_words(chart)
    assert findings_by_year(chart) == {}


def test_a_finding_older_than_all_years_was_known_by_the_first() -> None:
    assert findings_by_year(course(findings=(1961, 1970, 1971))) == {1970: 2, 1971: 1}


@pytest.mark.parametrize(
    ("findings", "told"),
    [
        ((), "No finding has a year."),
        ((2003,), "1 finding has a year, 2003."),
        (found_in(2003, 2), "2 findings have a year, 2003."),
        ((2003, 2009), "2 findings have a year, from 2003 to 2009."),
        (
            (1996, *found_in(2011, 8)),
            "9 findings have a year, from 1996 to 2011; the most in one year are 8.",
        ),
    ],
)
def test_findings_are_counted_in_words(findings: tuple[int, ...], told: str) -> None:
    assert findings_in_words(course(findings=findings)) == told


@pytest.mark.parametrize(
    ("changes", "findings", "first"),
    [
        ([(1970, NOTHING), (1993, EXPERIMENTAL)], (), 1990),
        ([(1970, NOTHING), (1993, EXPERIMENTAL)], (1985,), 1980),
        ([(1970, NOTHING), (2000, EXPERIMENTAL)], (), 1995),
        ([(1970, NOTHING), (2026, EXPERIMENTAL)], (), 2015),
        ([(1970, NOTHING)], (), 2015),
        ([(1970, EXPERIMENTAL), (1971, VARIABLE)], (), 1970),
    ],
)
def test_the_years_begin_a_little_before_the_first_that_matters(
    changes: list, findings: tuple[int, ...], first: int
) -> None:
    assert first_year(course(*changes, findings=findings, editions=())) == first
