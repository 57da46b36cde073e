"""A CSV file parses to the same values in any reader, and runs no formula in any spreadsheet."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from evidence.catalogue import CATALOGUE
from evidence.listing.core import Column, Kind
from evidence.listing.csv import BATCH, _writer, as_cell, as_csv
from evidence.listing.search import ask
from evidence.models import Condition

NASTY = st.text(
    st.sampled_from("\"',;\r\n\t=+-@ 0159.%|!aé\u2212βﬀ\u2028\ufeff"), max_size=12
) | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


def column(kind: Kind, **given: Any) -> Column:
    return Column(key="a", label="A", about="A.", kind=kind, source="a", **given)


def parsed(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def cell(kind: Kind, value: Any, *, raw: bool = False, **given: Any) -> str:
    """One value, written and read again by Python's own reader; a second cell keeps it apart."""
    ((read, end),) = parsed(as_cell(column(kind, **given), value, raw=raw) + ",end\r\n")
    assert end == "end"
    return read


def unguarded(text: str) -> str:
    return text[1:] if re.match(r"'+[=+\-@\t\r\n]", text) else text


@given(NASTY)
def test_the_exact_text_comes_back_from_any_reader(text: str) -> None:
    assert cell(Kind.TEXT, text, raw=True) == text


@given(NASTY)
def test_a_guarded_text_starts_no_formula_and_the_guard_comes_off_again(text: str) -> None:
    written = cell(Kind.TEXT, text)
    assert unguarded(written) == text
    if written[:1] in set("=+-@\t\r\n"):
        assert re.fullmatch(r"[+-]?[\d,]+(\.\d+)?( ?%)?", written)


@given(st.lists(st.lists(NASTY | st.none(), min_size=3, max_size=3), min_size=1, max_size=8))
def test_columns_written_whole_make_the_same_rows(rows: list[list[str | None]]) -> None:
    writers = [_writer(column(Kind.TEXT), base_url="", raw=True) for _ in range(3)]
    across = [write(values) for write, values in zip(writers, zip(*rows, strict=True), strict=True)]
    written = "".join(",".join(line) + "\r\n" for line in zip(*across, strict=True))
    assert parsed(written) == [[value or "" for value in row] for row in rows]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1+1",
        "-1-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "=",
        "-",
        "+cmd|' /C calc'!A0",
        "-0.17x",
        "'=1",
        "''-",
        "\n=1",
    ],
)
def test_what_a_spreadsheet_would_run_is_guarded(text: str) -> None:
    assert cell(Kind.TEXT, text) == f"'{text}"
    assert cell(Kind.LIST, text, many=lambda keys: {text: text}) == f"'{text}"
    assert cell(Kind.TEXT, text, raw=True) == text


@pytest.mark.parametrize(
    "text", ["-0.17", "+359", "-5 %", "-1,200", "+0.5%", "plain", "a=b", "'tis"]
)
def test_a_number_as_printed_and_plain_words_are_left_alone(text: str) -> None:
    assert cell(Kind.TEXT, text) == text


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**63), 2**63 - 1))
def test_numbers_are_never_guarded_and_keep_their_value(value: float) -> None:
    assert float(cell(Kind.NUMBER, value)) == float(value)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (0, "0"),
        (0.0, "0"),
        (-0.17, "-0.17"),
        (159.0, "159"),
        (-3, "-3"),
        (0.94, "0.94"),
    ],
)
def test_a_number_is_written_as_it_is_printed(value: float | None, written: str) -> None:
    assert as_cell(column(Kind.NUMBER), value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        ("", ""),
        ("2015", "2015"),
        ("2015-09", "2015-09"),
        (dt.date(2026, 1, 2), "2026-01-02"),
        (dt.datetime(2026, 1, 2, 23, 59, tzinfo=dt.UTC), "2026-01-02"),
    ],
)
def test_a_date_is_as_partial_as_it_is_known(value: Any, written: str) -> None:
    assert as_cell(column(Kind.DATE), value) == written


def test_the_other_kinds_of_cell() -> None:
    assert as_cell(column(Kind.CODE, prefix="T"), 12) == "T12"
    assert as_cell(column(Kind.CODE, prefix="T"), None) == ""
    assert as_cell(column(Kind.URL, prefix="/evidence/T"), 12) == "/evidence/T12/"
    assert as_cell(column(Kind.URL, prefix="/evidence/T"), None) == ""
    then = column(Kind.URL, prefix="/evidence/T", suffix="?as_of=2005")
    assert as_cell(then, 12) == "/evidence/T12/?as_of=2005"
    assert as_cell(then, None) == ""
    assert [as_cell(column(Kind.YESNO), value) for value in (True, False)] == ["yes", "no"]
    assert [as_cell(column(Kind.WORD), value) for value in ("no-data", "", None)] == [
        "no-data",
        "",
        "",
    ]


def test_a_list_kept_in_lines_is_joined_by_semicolons() -> None:
    assert as_cell(column(Kind.LIST), "A; b\nC, d\n") == '"A; b; C, d"'
    assert as_cell(column(Kind.LIST), "") == ""


@pytest.mark.django_db
def test_more_rows_than_a_batch_are_all_written_once_and_the_header_comes_first() -> None:
    number = BATCH + 3
    Condition.objects.bulk_create(
        Condition(name=f"N{i:05}", slug=f"n{i:05}", area="other") for i in range(number)
    )
    search = ask(CATALOGUE["conditions"], QueryDict(""), paged=False)
    pieces = list(as_csv(search, base_url="https://il2.example.org"))
    assert len(pieces) == 3
    assert pieces[0].startswith(b"id,name,area,")
    rows = parsed(b"".join(pieces).decode())[1:]
    assert [row[0] for row in rows] == [f"n{i:05}" for i in range(number)]
    assert rows[-1][-1] == f"https://il2.example.org/conditions/n{number - 1:05}/"
