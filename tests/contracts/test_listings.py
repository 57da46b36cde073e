"""What every listing promises: the same rows everywhere, in every order, all of it documented."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from itertools import pairwise
from types import MappingProxyType

import pytest
from django.test import Client

from evidence.catalogue import CATALOGUE
from evidence.listing import facets
from evidence.listing.core import Kind, Listing
from evidence.listing.filters import Flag, Words
from evidence.listing.numbers import Numbers
from evidence.web import listings as view
from tests.contracts import asking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("varied_world")]

LISTINGS = pytest.mark.parametrize("listing", CATALOGUE.values(), ids=CATALOGUE.keys())
RANDOM_ADDRESSES = 30
WITH_FACETS = 3
YEARS = ("1980", "1995", "2010")


@pytest.fixture
def without_facets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the side panel, which takes most of the time and changes no row."""
    plain = {name: dataclasses.replace(one, facets=()) for name, one in CATALOGUE.items()}
    monkeypatch.setattr(view, "CATALOGUE", MappingProxyType(plain))
    monkeypatch.setattr(facets, "_kept", {})


def page_and_csv(client: Client, listing: Listing, asked: asking.Asked, size: int) -> int:
    """Compare all pages of a question with its CSV; give the number of rows."""
    taken = asking.csv_rows(asking.get(client, f"{listing.csv_path}?{asking.query(asked)}"))
    address = f"{listing.path}?{asking.query({**asked, 'size': [str(size)]})}"
    shown, number, last = [], 1, 1
    while number <= last:
        html = asking.get(client, f"{address}&page={number}")
        last = asking.last_page(html)
        shown += asking.page_ids(html)
        number += 1
    assert shown == [row["id"] for row in taken], address
    return len(taken)


@LISTINGS
def test_page_and_csv_hold_the_same_rows_in_the_same_order(
    client: Client, listing: Listing, without_facets: None
) -> None:
    chance = asking.luck(f"{listing.name} 1")
    rows = [
        page_and_csv(client, listing, asking.random_asked(listing, chance), size)
        for size in chance.choices([40, 100, 500], k=RANDOM_ADDRESSES)
    ]
    assert sum(count > 0 for count in rows) > RANDOM_ADDRESSES / 4
    assert len(set(rows)) > 5


def test_page_and_csv_hold_the_same_rows_as_of_any_year(
    client: Client, without_facets: None
) -> None:
    evidence = CATALOGUE["evidence"]
    chance = asking.luck("years")
    rows = []
    for year in ("1970", *map(str, chance.sample(range(1985, 2026), 12))):
        asked = {**asking.random_asked(evidence, chance), "as_of": [year]}
        rows.append(page_and_csv(client, evidence, asked, 40))
    assert sum(count > 0 for count in rows) > 4
    with_rule = [page_and_csv(client, evidence, {"as_of": [y], "for": ["0"]}, 500) for y in YEARS]
    assert with_rule == sorted(with_rule, reverse=True)
    assert len(set(with_rule)) == len(YEARS)


@LISTINGS
def test_the_panel_changes_no_row(client: Client, listing: Listing) -> None:
    chance = asking.luck(f"{listing.name} 2")
    for _ in range(WITH_FACETS):
        page_and_csv(client, listing, asking.random_asked(listing, chance), 500)


@LISTINGS
def test_no_text_query_gives_a_row_twice(listing: Listing) -> None:
    for word in asking.WORDS:
        keys = list(asking.search(listing, {"q": [word]}).rows().values_list("pk", flat=True))
        assert [pk for pk, times in Counter(keys).items() if times > 1] == [], word


def order_of(listing: Listing, sort: str) -> list[tuple[int, object]]:
    """Keys of all rows in their order, each with the value that it is sorted by."""
    search = asking.search(listing, {"sort": [sort]})
    return list(search.rows().values_list("pk", search.sort_column.expression))


@LISTINGS
def test_every_sortable_column_sorts_both_ways_and_what_is_not_reported_stands_last(
    listing: Listing,
) -> None:
    everything = set(listing.rows().values_list("pk", flat=True))
    for column in listing.sortable:
        up, down = order_of(listing, column.key), order_of(listing, f"-{column.key}")
        for rows in (up, down):
            assert len(rows) == len(everything) > 0, column.key
            assert {pk for pk, _ in rows} == everything, column.key
            reported = [value not in (None, "") for _, value in rows]
            assert reported == sorted(reported, reverse=True), column.key
        rank = ranking(column.kind, dict(column.words))
        ascending = [rank(value) for _, value in up if value not in (None, "")]
        if rank is not unknown:
            assert ascending == sorted(ascending), column.key
            descending = [rank(value) for _, value in down if value not in (None, "")]
            assert descending == sorted(ascending, reverse=True), column.key
        assert ties_by_key(up), column.key
        assert ties_by_key(down), column.key


def unknown(value: object) -> object:
    return value


def ranking(kind: Kind, words: dict[str, str]):
    """How a kind of column is ordered; a text's order is the database's own."""
    if kind is Kind.WORD:
        return list(words).index
    return unknown if kind in {Kind.TEXT, Kind.LIST} else (lambda value: value)


def ties_by_key(rows: list[tuple[int, object]]) -> bool:
    """Whether rows of the same value stand in the order of their keys, whichever way it goes."""
    fold = [(str(value).lower() if value is not None else "", pk) for pk, value in rows]
    return all(one[1] < other[1] for one, other in pairwise(fold) if one[0] == other[0])


@LISTINGS
def test_pages_neither_repeat_nor_lose_rows_whatever_the_tie(
    client: Client, listing: Listing, without_facets: None
) -> None:
    for sort in asking.luck("ties").sample([column.key for column in listing.sortable], 3):
        assert page_and_csv(client, listing, {"sort": [sort]}, 17) == listing.rows().count()


@LISTINGS
def test_rows_are_in_the_first_table_with_the_link_to_their_thing_first(
    client: Client, listing: Listing
) -> None:
    html = asking.get(client, f"{listing.path}?size=25")
    rows = asking.FirstTable(html).rows
    assert 0 < len(rows) <= 25
    for row in rows:
        assert row.links[0].startswith(listing.things_path)
        # What a row tells may lead to the findings that say so.
        assert all(re.fullmatch(r"/findings/F\d+/", link) for link in row.links[1:])
        assert len(row.links) == 1 or listing.name == "discordances"
        assert len(row.cells) == len(listing.shown)
    for row in rows[:4]:
        assert asking.get(client, row.links[0])


@LISTINGS
def test_a_column_and_a_filter_of_the_same_name_agree(client: Client, listing: Listing) -> None:
    rows = asking.csv_rows(asking.get(client, listing.csv_path))
    compared = 0
    for name, one in asking.filters_of(listing).items():
        if not isinstance(one, Words | Flag | Numbers) or one.through or name not in rows[0]:
            continue
        if listing.column(name).kind is Kind.DATE:
            continue
        for word in {row[name] for row in rows} - {""}:
            found = asking.csv_rows(asking.get(client, f"{listing.csv_path}?{name}={word}"))
            assert found == [row for row in rows if row[name] == word], f"{name}={word}"
            compared += 1
    assert compared or listing.name == "adverse-effects"


@LISTINGS
def test_vocabulary_cells_hold_the_filters_own_words(client: Client, listing: Listing) -> None:
    rows = asking.csv_rows(asking.get(client, listing.csv_path))
    for column in asking.word_columns(listing):
        assert {row[column.key] for row in rows} <= {*dict(column.words), ""}, column.key
        if column.key in asking.filters_of(listing):
            known = asking.words_of(listing, column.key)
            assert {row[column.key] for row in rows} <= {*known, ""}, column.key


@LISTINGS
def test_what_a_page_shows_and_sorts_by_is_declared(listing: Listing) -> None:
    keys = {column.key for column in listing.columns}
    assert set(listing.shown) <= keys
    assert listing.order.removeprefix("-") in {column.key for column in listing.sortable}
    facets = [facet.filter for facet in listing.facets]
    assert set(facets) <= set(asking.filters_of(listing))
    assert len(set(facets)) == len(facets) >= 5


EVIDENCE_COLUMNS = (
    "id, condition, condition_slug, condition_area, intervention, intervention_slug, "
    "intervention_kind, dose_class, role, population, status, rule_status, rule, direction, "
    "certainty, ground, approval, summary, findings, studies, trials, publications, pmids, "
    "adverse_effects, first_published, last_reviewed, url, agrees, robust, borrowed, discordant, "
    "for, against, excluded, status_since, reviewed, as_of, rests_on, rule_ground"
)
EVIDENCE_FILTERS = (
    "condition, area, intervention, kind, selectivity, dose_class, role, population, status, "
    "ground, direction, certainty, approval, adverse_effect, phase, recruitment_status, year_min, "
    "year_max, has_trial, has_harm, reviewed, q, rule_status, rule, agrees, robust, borrowed, "
    "discordant, for, against, excluded, status_since, as_of, rule_ground"
)


def test_the_evidence_table_has_the_columns_and_filters_that_others_rely_on() -> None:
    evidence = CATALOGUE["evidence"]
    assert set(EVIDENCE_COLUMNS.split(", ")) <= {column.key for column in evidence.columns}
    assert set(EVIDENCE_FILTERS.split(", ")) <= set(evidence.filterset.base_filters)
    assert list(CATALOGUE) == [
        "evidence",
        "findings",
        "harms",
        "trials",
        "publications",
        "conditions",
        "interventions",
        "adverse-effects",
        "discordances",
    ]
