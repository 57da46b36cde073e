"""A listing as of a year: the key that asks for it, and everything on the page that keeps it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.db.models import F, Value
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from evidence.listing import facets, words
from evidence.listing.core import Column, Kind, Listing
from evidence.listing.csv import as_csv
from evidence.listing.formats import as_html
from evidence.listing.search import BadQueryError, Search, ask
from evidence.listing.views import Page
from evidence.listing.years import AS_OF, AsOf
from evidence.models import Condition
from tests.listing import made_up

pytestmark = pytest.mark.django_db


def read(text: str) -> int:
    if not text.isdigit():
        raise ValueError(f"“{text}” is no year.")
    return int(text)


FILTERS = made_up.MadeUpFilters.having(
    {AS_OF: AsOf(read=read, about="A year.", offered=(1995, 2005))}
)


def columns(source: Any) -> tuple[Column, ...]:
    word = Column(key="word", label="Word", about="A word.", kind=Kind.TEXT, source=source)
    return (*made_up.listing().columns, word)


TODAY = made_up.listing(
    filterset=FILTERS, columns=columns("definition"), at=lambda year: then(year)
)


def then(year: int) -> Listing:
    return replace(
        TODAY,
        title=f"Made up as of {year}",
        columns=columns(Value(str(year))),
        shown=("name", "word"),
        # Of the years before 2000 nothing is known of the second half of the alphabet.
        rows=lambda: (
            Condition.objects.public()
            .filter(name__lt="M" if year < 2000 else "~")
            .annotate(n=F("pk"))
        ),
        year=year,
        today=TODAY,
        of_the_year=("word",),
        note=f"As it was in {year}.",
    )


@pytest.fixture(autouse=True)
def _rows() -> Iterator[None]:
    made_up.condition("HIV", area="infectious", definition="now")
    made_up.condition("Melanoma", area="oncology", definition="now")
    facets._kept.clear()
    yield
    facets._kept.clear()


def search(query: str, *, paged: bool = True) -> Search:
    return ask(TODAY, QueryDict(query), paged=paged)


def page(query: str, *, token: str = "") -> Page:
    return as_html(
        search(query),
        render=lambda show, value, row: str(value),
        base_url="https://x.org",
        token=token,
    )


def cells(query: str) -> list[list[str]]:
    return [[cell.html for cell in row.cells] for row in page(query).rows]


def test_a_year_changes_what_rows_hold_and_its_own_rows_are_asked() -> None:
    assert cells("") == [["HIV", "infectious diseases"], ["Melanoma", "oncology"]]
    assert cells("as_of=2005") == [["HIV", "2005"], ["Melanoma", "2005"]]
    assert cells("as_of=1995") == [["HIV", "1995"]]
    assert cells("as_of=2005&area=oncology") == [["Melanoma", "2005"]]


def test_a_file_has_the_same_header_whatever_year_is_asked() -> None:
    def taken(query: str) -> list[str]:
        return b"".join(as_csv(search(query, paged=False), base_url="")).decode().split("\r\n")

    assert taken("")[0] == taken("as_of=2005")[0]
    assert taken("")[1].endswith(",hiv/,now")
    assert taken("as_of=2005")[1].endswith(",hiv/,2005")


def test_a_bad_year_is_named_and_an_empty_one_asks_nothing() -> None:
    with pytest.raises(BadQueryError, match=r"as_of: “x” is no year\."):
        search("as_of=x")
    with pytest.raises(BadQueryError, match="as_of can be given once only"):
        search("as_of=1995&as_of=2005")
    assert search("as_of=").listing is TODAY
    with pytest.raises(BadQueryError, match="no filter called “as_of”"):
        ask(made_up.listing(), QueryDict("as_of=2005"), paged=True)


def links(asked: Page) -> list[str]:
    """Every link of a page that asks something more or less of the same year."""
    found = [value.url for one in asked.facets for value in (*one.values, *one.rest)]
    found += [head.sort_url for head in asked.columns if head.sort_url]
    found += [link.url for link in (*asked.pager.links, *asked.pager.sizes)]
    found += [chip.url for chip in asked.chips if chip.key != AS_OF]
    found += [way.url for way in asked.empty if way.label != "As of"]
    return [*found, asked.csv_url, asked.csv_raw_url, asked.csv_address]


@pytest.mark.parametrize("more", ["", "&area=oncology", "&area=oncology&q=hiv", "&size=1&page=2"])
def test_every_link_keeps_the_year(more: str) -> None:
    for url in links(page(f"as_of=2005{more}")):
        assert parse_qs(urlsplit(url).query)[AS_OF] == ["2005"], url


def test_the_chip_takes_the_year_away_and_the_panel_leads_to_others() -> None:
    asked = page("area=oncology&as_of=2005&sort=-name")
    (chip,) = (chip for chip in asked.chips if chip.key == AS_OF)
    assert (chip.label, chip.word) == ("As of", "2005")
    assert chip.url == asked.today_url == "/made-up/?area=oncology&sort=-name"
    assert [(year.number, year.current) for year in asked.years] == [(1995, False), (2005, True)]
    assert asked.years[0].url == "/made-up/?area=oncology&as_of=1995&sort=-name"
    assert (AS_OF, "2005") not in asked.hidden
    assert next(field.value for field in asked.fields if field.key == AS_OF) == "2005"
    assert page("").years[1].url == "/made-up/?as_of=2005"


def test_an_empty_list_says_what_today_would_leave() -> None:
    ways = {way.label: way for way in page("as_of=1995&area=oncology").empty}
    assert ways["As of"].count == 1
    assert ways["As of"].url == "/made-up/?area=oncology"
    assert ways["Area"].count == 1


def test_file_name_and_line_say_the_year() -> None:
    asked = search("area=oncology&as_of=2005")
    name = words.file_name(asked, on=dt.date(2026, 11, 21))
    assert name == "il2tracker-made-up-as-of-2005-oncology-2026-11-21.csv"
    assert "As of: 2005" in words.in_words(asked)


def test_counts_of_a_year_are_kept_apart_from_todays_and_of_a_few_years_only() -> None:
    assert page("", token="a").total == 2
    assert page("as_of=1995", token="a").total == 1
    for year in range(2000, 2000 + facets.MOST_YEARS):
        page(f"as_of={year}", token="a")
    years = [year for name, year in facets._kept if name == "made-up"]
    assert years == [None, *range(2000, 2000 + facets.MOST_YEARS)]
    with CaptureQueriesContext(connection) as captured:
        page("as_of=2000", token="a")
    kept = len(captured)
    page("as_of=1995", token="a")
    assert 2001 not in [year for _, year in facets._kept]
    assert 2000 in [year for _, year in facets._kept]
    with CaptureQueriesContext(connection) as captured:
        page("as_of=2001", token="a")
    assert len(captured) > kept
