"""Promises of texts, dates, ages and numbers as registries write them."""

from __future__ import annotations

import pytest

from evidence.registries import texts


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("  aldesleukin \n", "aldesleukin"),
        ("one\r\ntwo\rthree  \nfour", "one\ntwo\nthree\nfour"),
        ("nul\x00 bell\x07 escape\x1b[31m", "nul bell escape[31m"),
        ("half \ud83d of a pair", "half  of a pair"),
        ("\ufeffmark, and \u202eturned", "mark, and turned"),
        ("Größe 5 µg/m² 白介素", "Größe 5 µg/m² 白介素"),
        ("   ", None),
        ("\x00", None),
        ("", None),
        (None, None),
        (7, None),
        (["a text"], None),
        ({"a": "text"}, None),
    ],
)
def test_a_text_is_plain_or_nothing(written, plain):
    assert texts.text(written) == plain


def test_a_text_of_very_many_blanks_is_read_once():
    assert texts.text(f"IL-2{' ' * 1_000_000}x\n") == f"IL-2{' ' * 1_000_000}x"
    assert texts.line(f"IL-2{' ' * 1_000_000}x\n") == "IL-2 x"


def test_a_line_is_one_line_with_single_blanks():
    assert texts.line(" Low-dose\r\n  IL-2\tin\xa0lupus \x00") == "Low-dose IL-2 in lupus"
    assert texts.line("Low-dose  IL-2 ") == "Low-dose IL-2"
    assert texts.line(5) is None


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2015", "2015"),
        ("2015-09", "2015-09"),
        ("2015-09-03", "2015-09-03"),
        ("2026-02-04T09:00:05", "2026-02-04"),
        ("January 2010", "2010-01"),
        ("January 5, 2010", "2010-01-05"),
        ("February 03, 2023", "2023-02-03"),
        ("17 February 2020", "2020-02-17"),
        ("3 Sept 2020", "2020-09-03"),
        ("20200217", "2020-02-17"),
        (" 2015-09 \r", "2015-09"),
        ("29 February 2020", "2020-02-29"),
        ("29 February 2021", None),
        ("2021-02-29", None),
        ("2015-13", None),
        ("2015-00", None),
        ("2015-9", None),
        ("03/04/2020", None),
        ("06/02/2020", None),
        ("0000-01-01", None),
        ("9999", None),
        ("Juneteenth 2020", None),
        ("Ma 2020", None),
        ("\u0662\u0660\u0661\u0665", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        (2015, None),
        ({"date": "2015"}, None),
    ],
)
def test_a_date_is_as_precise_as_it_was_written_and_never_guessed(written, date):
    assert texts.partial_date(written) == date


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("18 Years", 6574),
        ("3 Years", 1096),
        ("1 Year", 365),
        ("6 Months", 183),
        ("1 Month", 30),
        ("8 Weeks", 56),
        ("1 Week", 7),
        ("28 Days", 28),
        ("1 Day", 1),
        ("36 Hours", 2),
        ("1 Hour", 0),
        ("1 Minute", 0),
        ("0 Years", 0),
        ("N/A", None),
        ("18", None),
        ("-1 Years", None),
        ("1.5 Years", None),
        ("999999 Years", None),
        ("99999999999999999999 Years", None),
        (None, None),
        (18, None),
    ],
)
def test_an_age_is_days(written, days):
    assert texts.age_days(written) == days


def test_limits_of_age_that_contradict_each_other_say_nothing():
    assert texts.ages("18 Years", None) == (6574, None)
    assert texts.ages("18 Years", "12 Years") == (None, None)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (0, 0),
        (4150, 4150),
        (4150.0, 4150),
        ("4150", 4150),
        ("4,150", 4150),
        (" 36 ", 36),
        ("41,50", None),
        ("-1", None),
        (-1, None),
        (1.5, None),
        (float("nan"), None),
        (float("inf"), None),
        (True, None),
        (10**30, None),
        ("9999999999", None),
        ("\u0663", None),
        ("about 40", None),
        (None, None),
        ([], None),
    ],
)
def test_a_number_is_whole_and_fits_a_database(written, number):
    assert texts.number(written) == number


def test_a_text_of_commonmark_loses_its_backslashes_and_nothing_else():
    assert texts.unescaped(r"CD4 \> 300 and \*more\*") == "CD4 > 300 and *more*"
    assert texts.unescaped(r"C:\new \\ \n") == r"C:\new \ \n"
    assert texts.unescaped(None) is None
