"""Nothing is undocumented: every column, filter and word, and every command."""

from __future__ import annotations

import argparse
import re
from html import unescape
from pathlib import Path

import pytest
from django.core.management import load_command_class
from django.test import Client

from evidence.catalogue import CATALOGUE
from evidence.listing.core import Listing
from evidence.listing.filters import Words
from tests.contracts import asking
from tests.web.reading import words

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
LISTINGS = pytest.mark.parametrize("listing", CATALOGUE.values(), ids=CATALOGUE.keys())
COMMANDS = sorted(
    path.stem
    for path in (ROOT / "evidence/management/commands").glob("*.py")
    if path.stem != "__init__"
)


def tables(client: Client, listing: Listing) -> list[dict[str, str]]:
    """The two tables of a listing in the dictionary, columns and filters, by key."""
    html = asking.get(client, "/data/")
    chapter = html.partition(f'<h2 id="{listing.name}">')[2].partition("<h2 ")[0]
    return [
        dict(re.findall(r"<tr.*?><th[^>]*><code>(\w+)</code></th>(.*?)</tr>", table, re.DOTALL))
        for table in chapter.split("<table")[1:]
    ]


def said(html: str) -> str:
    """The text as it is read: a span that keeps "IL-2" on one line parts no words."""
    return unescape(words(re.sub(r"</?span[^>]*>", "", html)))


@LISTINGS
def test_the_dictionary_has_every_column_with_its_label_and_meaning(
    client: Client, listing: Listing
) -> None:
    columns, _ = tables(client, listing)
    assert list(columns) == [column.key for column in listing.columns]
    for column in listing.columns:
        assert unescape(said(column.label)) in said(columns[column.key])
        assert column.about in said(columns[column.key])


@LISTINGS
def test_the_dictionary_has_every_filter_with_its_meaning_and_its_words(
    client: Client, listing: Listing
) -> None:
    _, filters = tables(client, listing)
    assert list(filters) == list(listing.filterset.base_filters)
    for name, one in listing.filterset.base_filters.items():
        assert one.about in said(filters[name])
        if isinstance(one, Words):
            for value in one.vocabulary.values:
                assert f"<code>{value}</code>" in filters[name], name


@LISTINGS
def test_every_column_and_filter_says_what_it_is_in_a_sentence(listing: Listing) -> None:
    keys = [column.key for column in listing.columns]
    assert len(keys) == len(set(keys))
    assert listing.columns[0] is listing.column("id")
    for column in listing.columns:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", column.key)
        assert column.label.strip()
        assert re.fullmatch(r"\S.*[.]", column.about), column.key
    for name, one in listing.filterset.base_filters.items():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
        assert str(one.label).strip()
        assert re.fullmatch(r"\S.*[.]", one.about), name
    with pytest.raises(KeyError):
        listing.column("nothing-of-the-kind")


@LISTINGS
def test_a_listing_says_what_its_rows_are_and_where_to_take_them(
    client: Client, listing: Listing
) -> None:
    html = asking.get(client, "/data/")
    assert listing.about in said(html)
    assert f'href="{listing.csv_path}"' in html
    assert f'href="{listing.path}"' in html
    assert listing.about in said(asking.get(client, listing.path))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does_and_what_its_options_are(name: str) -> None:
    command = load_command_class("evidence", name)
    assert command.help.strip()
    bare = argparse.ArgumentParser()
    command.add_arguments(bare)
    for action in bare._actions:
        assert action.help, action.dest
    documents = (ROOT / "README.md").read_text() + (ROOT / "CONTRIBUTING.md").read_text()
    assert re.search(rf"manage\.py {name}\b", documents)


def test_there_are_commands() -> None:
    assert {"export_listing", "load_starter", "quickstart"} <= set(COMMANDS)
