"""What the side panel promises of every listing: exact counts, and links that lead where they say.

A facet's count answers "how many rows, were this the facet's only value, all else as it is".
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from evidence.catalogue import CATALOGUE
from evidence.ledger import version
from evidence.listing.core import Listing
from evidence.listing.formats import as_html
from evidence.listing.search import SIZES
from evidence.listing.views import FacetValue, FacetView, Page
from evidence.listing.years import AS_OF
from tests.contracts import asking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("varied_world")]

LISTINGS = pytest.mark.parametrize("listing", CATALOGUE.values(), ids=CATALOGUE.keys())
QUESTIONS = 3
VALUES_EACH = 3


def page_of(listing: Listing, asked: asking.Asked) -> Page:
    return as_html(
        asking.search(listing, asked),
        render=lambda show, value, row: "",
        base_url="https://il2.example.org",
        token=version.current().token,
    )


def asked_by(url: str) -> dict[str, list[str]]:
    """What a link asks, as its query string says it."""
    return parse_qs(urlsplit(url).query, strict_parsing=bool(urlsplit(url).query))


def only_filters(listing: Listing, asked: asking.Asked) -> dict[str, set[str]]:
    return {k: set(vs) for k, vs in asked.items() if k in listing.filterset.base_filters}


def questions(listing: Listing, *, seed: str) -> Iterator[dict[str, list[str]]]:
    """Random questions, most of which leave rows."""
    chance = asking.luck(f"{listing.name} {seed}")
    yield {}
    for _ in range(QUESTIONS):
        asked = asking.random_asked(listing, chance)
        if not asking.matched(listing, asked):
            asked = asking.random_asked(listing, chance)
        yield asked
    if listing.at is not None:
        yield {AS_OF: ["2005"]}
        yield {**asking.random_asked(listing, chance), AS_OF: ["2015"]}


def joint_questions(listing: Listing) -> Iterator[dict[str, list[str]]]:
    """Questions that ask several filters of one and the same hanging row."""
    chance = asking.luck(listing.name)
    together: dict[str, list[str]] = {}
    for name, one in listing.filterset.base_filters.items():
        if getattr(one, "through", None) is not None:
            together.setdefault(one.through.name, []).append(name)
    for names in together.values():
        for _ in range(2):
            asked = {name: asking.some_of(listing, name, chance) for name in names}
            yield asked
            yield dict(chance.sample(sorted(asked.items()), min(2, len(asked))))


def values_of(facet: FacetView) -> tuple[FacetValue, ...]:
    return (*facet.values, *facet.rest)


def some_values(facet: FacetView, chance: random.Random) -> Iterable[FacetValue]:
    values = values_of(facet)
    chosen = [value for value in values if value.chosen]
    return chosen + chance.sample(values, min(VALUES_EACH, len(values)))


def check_counts(
    listing: Listing, asked: asking.Asked, chance: random.Random, *, hanging: bool = False
) -> int:
    """Compare counts with rows; `hanging` looks only at facets that ask hanging rows."""
    compared = 0
    for facet in page_of(listing, asked).facets:
        if hanging and listing.filterset.base_filters[facet.key].through is None:
            continue
        for value in some_values(facet, chance):
            alone = {**asked, facet.key: [value.value]}
            assert asking.matched(listing, alone) == value.count, (facet.key, value, asked)
            compared += 1
            if facet.key not in asked and value.count:
                led_to = asking.matched(listing, asked_by(value.url))
                assert led_to == value.count, (value.url, asked)
    return compared


@LISTINGS
def test_every_count_is_the_number_of_rows_that_its_value_would_leave(listing: Listing) -> None:
    chance = asking.luck(listing.name)
    assert sum(check_counts(listing, asked, chance) for asked in questions(listing, seed="a")) > 30


@LISTINGS
def test_counts_are_exact_for_filters_that_ask_the_same_hanging_row(listing: Listing) -> None:
    chance = asking.luck(listing.name)
    for asked in joint_questions(listing):
        check_counts(listing, asked, chance, hanging=True)


@LISTINGS
def test_every_used_value_stays_visible_whatever_else_is_chosen(listing: Listing) -> None:
    for asked in questions(listing, seed="b"):
        year = {key: values for key, values in asked.items() if key == AS_OF}
        # As of a year, the values that are used then.
        used = {
            facet.filter: {
                value
                for value in asking.words_of(asking.search(listing, year).listing, facet.filter)
                if asking.matched(listing, {**year, facet.filter: [value]})
            }
            for facet in listing.facets
        }
        for facet in page_of(listing, asked).facets:
            visible = {value.value for value in values_of(facet)}
            assert visible - set(asked.get(facet.key, ())) - {"yes", "no"} == (
                used[facet.key] - set(asked.get(facet.key, ())) - {"yes", "no"}
            ), (facet.key, asked)
            assert used[facet.key] <= visible


@LISTINGS
def test_a_value_links_to_the_same_question_with_it_or_without_it(listing: Listing) -> None:
    for asked in questions(listing, seed="c"):
        now = only_filters(listing, asked)
        for facet in page_of(listing, {**asked, "size": ["25"]}).facets:
            chosen = {value.value for value in values_of(facet) if value.chosen}
            assert chosen == now.get(facet.key, set())
            assert facet.chosen_count == len(chosen)
            for value in values_of(facet):
                wanted = (chosen ^ {value.value}) and {facet.key: chosen ^ {value.value}}
                kept = {key: words for key, words in now.items() if key != facet.key}
                led_to = asked_by(value.url)
                assert only_filters(listing, led_to) == {**kept, **(wanted or {})}
                assert led_to.get("sort", [listing.order]) == asked.get("sort", [listing.order])
                assert led_to["size"] == ["25"]
                assert "page" not in led_to


@LISTINGS
def test_a_chip_takes_its_filter_away_and_clear_all_keeps_the_year_alone(
    listing: Listing,
) -> None:
    for asked in questions(listing, seed="d"):
        page, now = page_of(listing, asked), only_filters(listing, asked)
        assert {(chip.key, chip.value) for chip in page.chips} == {
            (key, value) for key, values in now.items() for value in values
        }
        for chip in page.chips:
            left = {**now, chip.key: now[chip.key] - {chip.value}}
            assert only_filters(listing, asked_by(chip.url)) == {k: v for k, v in left.items() if v}
        cleared = asked_by(page.clear_url)
        assert only_filters(listing, cleared) == {k: v for k, v in now.items() if k == AS_OF}
        assert cleared.get("sort", [listing.order]) == asked.get("sort", [listing.order])


@LISTINGS
def test_an_empty_list_says_which_filter_taken_away_leaves_how_many(listing: Listing) -> None:
    chance = asking.luck(f"{listing.name} empty")
    seen = 0
    tried = [*joint_questions(listing)]
    tried += [asking.random_asked(listing, chance) for _ in range(60)]
    for asked in tried:
        if asking.matched(listing, asked):
            continue
        page = page_of(listing, asked)
        assert page.rows == ()
        now = only_filters(listing, asked)
        leaves = {}
        for key in now:
            without = {name: values for name, values in asked.items() if name != key}
            leaves[key] = asking.matched(listing, without)
        told = {}
        for way in page.empty:
            (gone,) = now.keys() - only_filters(listing, asked_by(way.url)).keys()
            told[gone] = way.count
        assert told == {key: count for key, count in leaves.items() if count}, asked
        seen += 1
    assert seen > 3


@LISTINGS
def test_the_pager_leads_to_neighbours_and_sizes(client: Client, listing: Listing) -> None:
    total = listing.rows().count()
    pages = -(-total // 10)
    for number in {1, 2, pages}:
        asked = {"sort": [f"-{listing.sortable[1].key}"], "size": ["10"], "page": [str(number)]}
        pager = page_of(listing, asked).pager
        assert (pager.number, pager.pages) == (number, pages)
        assert bool(pager.previous_url) == (number > 1)
        assert bool(pager.next_url) == (number < pages)
        for link in pager.links:
            wanted = {**asked, "page": [str(link.number)]}
            assert asked_by(link.url).get("page", ["1"]) == wanted["page"]
            assert asked_by(link.url)["size"] == ["10"]
            assert link.current == (link.number == number)
        assert [link.number for link in pager.sizes] == [*SIZES]
        for link in pager.sizes:
            assert asked_by(link.url).get("size", ["50"]) == [str(link.number)]
            assert asked_by(link.url)["sort"] == asked["sort"]
            assert "page" not in asked_by(link.url)


@LISTINGS
def test_headings_sort_and_turn_the_order_round(listing: Listing) -> None:
    for head in page_of(listing, {}).columns:
        column = listing.column(head.key)
        assert bool(head.sort_url) == (column in listing.sortable)
        if not head.sort_url:
            continue
        led_to = asked_by(head.sort_url).get("sort", [listing.order])
        assert led_to in ([head.key], [f"-{head.key}"])
        turned = next(
            h for h in page_of(listing, {"sort": [head.key]}).columns if h.key == head.key
        )
        assert turned.sorted == "ascending"
        assert asked_by(turned.sort_url).get("sort", [listing.order]) == [f"-{head.key}"]


@LISTINGS
def test_the_form_of_typed_filters_carries_the_rest_along(listing: Listing) -> None:
    for asked in questions(listing, seed="e"):
        page = page_of(listing, {**asked, "size": ["100"]})
        typed = {field.key: field.value for field in page.fields if field.value}
        sent = {}
        for key, value in (*typed.items(), *page.hidden):
            sent.setdefault(key, []).append(value)
        assert only_filters(listing, sent) == only_filters(listing, asked)
        assert sent.get("sort", [listing.order]) == asked.get("sort", [listing.order])
        assert sent["size"] == ["100"]
