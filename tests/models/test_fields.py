"""Partial dates are no more precise than their source, and lists are kept one per line."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from evidence.models import Trial
from evidence.models.fields import LinesField, PartialDateField, lines, validate_partial_date
from tests.models.violations.kit import DATES, NOT_DATES

DAYS = st.dates(min_value=dt.date(1800, 1, 1), max_value=dt.date(2199, 12, 31))
ALMOST = st.text(alphabet="0123456789-/ \n٢", min_size=1, max_size=11)


def is_date(text: str) -> bool:
    try:
        validate_partial_date(text)
    except ValidationError:
        return False
    return True


@given(DAYS)
def test_a_year_a_month_and_a_day_are_dates(day: dt.date):
    for length in (4, 7, 10):
        validate_partial_date(day.isoformat()[:length])


@given(ALMOST)
def test_nothing_else_is_a_date(text: str):
    shape = re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", text)
    whole = text + "0000-01-01"[len(text) :]
    try:
        expected = bool(shape) and 1800 <= dt.date.fromisoformat(whole).year < 2200
    except ValueError:
        expected = False
    assert is_date(text) == expected


@given(DAYS, DAYS)
def test_dates_sort_as_texts(one: dt.date, other: dt.date):
    assert (one < other) == (one.isoformat() < other.isoformat())


@pytest.mark.parametrize("text", ["2015-02-29", "2015-04-31", "1900-02-29"])
def test_a_day_that_no_calendar_has_is_not_a_date(text: str):
    assert not is_date(text)


def test_python_and_the_database_draw_the_same_line():
    # The database's side of it: the violations of every partial date.
    assert not any(is_date(text) for text in NOT_DATES)
    assert all(is_date(text) for text in DATES if text)


def test_the_sentence_names_the_fault_and_the_cure():
    with pytest.raises(ValidationError) as refusal:
        validate_partial_date("May 2015")
    assert refusal.value.messages == [
        "“May 2015” is not a date. Write it as far as it is known: 2015, 2015-09 or 2015-09-03."
    ]


def test_a_partial_date_may_be_unknown_and_a_form_refuses_a_wrong_one():
    Trial(title="A trial", slug="a", start="").clean_fields()
    with pytest.raises(ValidationError) as refusal:
        Trial(title="A trial", slug="a", start="2015-13").clean_fields()
    assert list(refusal.value.message_dict) == ["start"]


def test_a_field_says_in_a_migration_only_what_is_its_own():
    for field in (PartialDateField(help_text="When."), LinesField(help_text="Which.")):
        _, _, arguments, options = field.deconstruct()
        assert arguments == []
        again = type(field)(**options)
        assert (again.blank, again.default, again.validators) == (True, "", field.validators)


LINE = st.text(
    alphabet=st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]), min_size=1
)


@given(st.lists(LINE))
def test_lines_come_back_as_they_were_written(written: list[str]):
    assert lines("\n".join(written)) == written


def test_lines_are_trimmed_and_empty_ones_left_out():
    assert lines("  one \r\n\r\n\ttwo\n   \nthree; still three") == [
        "one",
        "two",
        "three; still three",
    ]
    assert lines("") == []
