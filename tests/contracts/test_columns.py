"""Columns of one's own: named in the address, obeyed by the page and by its file."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from evidence.catalogue import CATALOGUE
from evidence.listing.core import Column, Kind, Listing
from evidence.templatetags.words import day_words
from tests.contracts import asking
from tests.web.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("varied_world")]

LISTINGS = pytest.mark.parametrize("listing", CATALOGUE.values(), ids=CATALOGUE.keys())
NOTHING = {"not reported", "not assessed", "none held", "none entered", "not given"}
NOTHING |= {"not yet", "not noted", "none noted"}


def named(keys: list[str]) -> str:
    return asking.query({"columns": keys})


def heads(html: str) -> list[str]:
    """The heads of the first table, without units and arrows."""
    cells = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', html.partition("</thead>")[0])
    return [unescape(re.sub(r"<[^>]+>| [▲▼]", "", cell)) for cell in cells]


def labels(listing: Listing, keys: list[str]) -> list[str]:
    columns = [listing.column(key) for key in keys]
    return [f"{c.label}, {c.unit}" if c.unit else c.label for c in columns]


def some_keys(listing: Listing, seed: str) -> list[str]:
    apart = {"id", listing.shown[0]}
    keys = [column.key for column in listing.columns if column.key not in apart]
    return asking.luck(seed).sample(keys, 5)


@LISTINGS
def test_a_page_and_its_file_have_the_columns_that_were_asked_in_their_order(
    client: Client, listing: Listing
) -> None:
    everything = asking.csv_rows(asking.get(client, listing.csv_path))
    for seed in ("one", "two"):
        keys = some_keys(listing, f"{listing.name} {seed}")
        html = asking.get(client, f"{listing.path}?{named(keys)}")
        # What heads the rows, with their link, stands on a page always.
        assert heads(html) == labels(listing, [listing.shown[0], *keys])
        rows = asking.csv_rows(asking.get(client, f"{listing.csv_path}?{named(keys)}"))
        # And in a file the row's id: without it two rows may read the same.
        taken = ["id", *keys]
        assert list(rows[0]) == taken
        assert rows == [{key: row[key] for key in taken} for row in everything]
        assert f"{len(rows)} rows \N{MULTIPLICATION SIGN} 6 columns" in words(html)


@LISTINGS
def test_all_columns_and_the_usual_ones_are_a_link_away(client: Client, listing: Listing) -> None:
    usual = asking.get(client, listing.path)
    assert heads(usual) == labels(listing, [*listing.shown])
    assert 'href="' + f'{listing.path}?columns=all"' in usual
    every = asking.get(client, f"{listing.path}?columns=all")
    keys = [column.key for column in listing.columns if column.key != listing.shown[0]]
    assert heads(every) == labels(listing, [listing.shown[0], *keys])
    assert f'<a class="button" href="{listing.path}">As usual</a>' in every
    assert asking.get(client, f"{listing.csv_path}?columns=all") == asking.get(
        client, listing.csv_path
    )


@LISTINGS
def test_the_form_sends_the_columns_that_are_shown(client: Client, listing: Listing) -> None:
    keys = some_keys(listing, f"{listing.name} form")
    html = asking.get(client, f"{listing.path}?{named(keys)}&sort=-id&size=25&q=il-2")
    form = html.partition('id="columns"')[2].partition("</form>")[0]
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)
    assert ("columns", listing.shown[0]) in hidden
    carried = {("q", "il-2"), ("size", "25"), ("sort", "-id")}
    assert {*hidden} == carried | {("columns", listing.shown[0])}
    assert re.findall(r'value="(\w+)" checked>', form) == keys
    assert len(re.findall(r'type="checkbox"', form)) == len(listing.columns) - 1
    fields = html.partition('id="fields"')[2].partition("</form>")[0]
    assert re.findall(r'name="columns" value="(\w+)"', fields) == keys


@LISTINGS
def test_every_link_that_stays_on_the_page_keeps_its_columns(
    client: Client, listing: Listing
) -> None:
    keys = ["id", "url"]
    facet = listing.facets[0].filter
    word = next(iter(asking.words_of(listing, facet)))
    html = asking.get(client, f"{listing.path}?{named(keys)}&{facet}={word}&size=25")
    live = html.partition('id="panel"')[2].partition('id="columns"')[0]
    live += html.partition('id="heads"')[2].partition("</thead>")[0]
    live += html.partition('id="pages"')[2].partition("</nav>")[0]
    links = re.findall(rf'href="((?:{listing.path})?\?[^"]*|{listing.path})"', live)
    assert len(links) > 10
    assert all("columns=id&amp;columns=url" in link for link in links)
    chips = html.partition('id="chips"')[2].partition("</ul>")[0]
    assert "columns" not in words(chips)


@LISTINGS
def test_rows_can_be_sorted_by_a_column_that_is_not_shown(client: Client, listing: Listing) -> None:
    hidden = next(c.key for c in listing.sortable if c.key not in listing.shown)
    usual = asking.get(client, f"{listing.path}?sort=-{hidden}&size=500")
    shown = asking.get(client, f"{listing.path}?sort=-{hidden}&columns={hidden}&size=500")
    assert asking.page_ids(usual) == asking.page_ids(shown)


@LISTINGS
def test_a_column_that_there_is_not_is_refused_with_those_that_there_are(
    client: Client, listing: Listing
) -> None:
    for path in (listing.path, listing.csv_path):
        for wrong in ("nothing", "id,url", "ID", "pk", "*", "x" * 300):
            said = asking.get(client, f"{path}?columns=id&columns={wrong}", status=400)
            said = unescape(words(said))
            assert "is not a column." in said
            assert len(said) < 8_000
            for column in listing.columns:
                assert column.key in said
        said = unescape(words(asking.get(client, f"{path}?columns=all&columns=id", status=400)))
        assert "columns=all stands for every column, so it is given alone." in said
    near = f"{listing.path}?columns={listing.columns[1].key}s"
    if f"{listing.columns[1].key}s" not in {column.key for column in listing.columns}:
        assert "Did you mean" in asking.get(client, near, status=400)


@LISTINGS
def test_a_column_that_is_named_twice_stands_once_and_an_empty_one_asks_nothing(
    client: Client, listing: Listing
) -> None:
    twice = f"{listing.csv_path}?columns=url&columns=id&columns=url"
    assert list(asking.csv_rows(asking.get(client, twice))[0]) == ["id", "url"]
    assert heads(asking.get(client, f"{listing.path}?columns=")) == labels(
        listing, [*listing.shown]
    )


@LISTINGS
def test_every_column_says_on_a_page_what_its_file_holds(client: Client, listing: Listing) -> None:
    keys = [column.key for column in listing.columns]
    rows = asking.csv_rows(asking.get(client, f"{listing.csv_path}?raw=1"))
    html = asking.get(client, f"{listing.path}?{named(keys)}&size=500")
    shown = [spaced(row.cells) for row in asking.FirstTable(html).rows]
    assert len(shown) == len(rows) > 0
    order = [listing.shown[0], *(key for key in keys if key != listing.shown[0])]
    for cells, row in zip(shown, rows, strict=True):
        for key, cell in zip(order[1:], cells[1:], strict=True):
            assert agrees(listing.column(key), cell, row[key]), (key, cell, row[key])


def spaced(cells: list[str]) -> list[str]:
    return [" ".join(cell.split()) for cell in cells]


def agrees(column: Column, cell: str, held: str) -> bool:
    """Whether a cell of a page says what a file's cell holds."""
    kind, _, _ = column.show.partition(":")
    if not held:
        return cell in NOTHING or kind not in {"text", "many", "identifier", "number", "date"}
    match column.kind:
        case Kind.CODE | Kind.URL | Kind.YESNO:
            return cell == held
        case Kind.DATE:
            return cell == day_words(held)
        case Kind.NUMBER:
            return float(cell.replace(",", "").removesuffix(" planned")) == float(held)
        case Kind.WORD if kind == "word":
            return cell == dict(column.words)[held].partition(" (")[0]
        case Kind.LIST if kind == "many":
            return cell == " ".join(held.split())
        case Kind.TEXT if kind in {"text", "identifier"}:
            return cell == " ".join(held.split())
    return bool(cell)
