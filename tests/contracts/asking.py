"""How contracts ask listings: query strings from what a listing knows, and answers read apart."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

from django.http import QueryDict
from django.test import Client

from evidence.listing.core import Column, Kind, Listing
from evidence.listing.filters import Bound, PanelFilter
from evidence.listing.numbers import Numbers
from evidence.listing.search import Search, ask
from evidence.listing.text import Text
from evidence.listing.things import Things
from evidence.listing.years import AsOf
from evidence.models import Publication, Topic, Trial

Asked = Mapping[str, Sequence[str]]
WORDS = ("count", "survival", "il-2", "condition 00", "S1", "NCT00000007", "baseline", "12")


def luck(seed: str) -> random.Random:
    """Chance that falls out the same every time."""
    return random.Random(seed)  # noqa: S311 - repeatable, not secret


def query(asked: Asked) -> str:
    """Write a query string, keys repeated for several values."""
    return urlencode([(key, value) for key, values in asked.items() for value in values])


def search(listing: Listing, asked: Asked, *, paged: bool = True) -> Search:
    return ask(listing, QueryDict(query(asked)), paged=paged)


def matched(listing: Listing, asked: Asked) -> int:
    """How many rows a query leaves, counted by the rows themselves."""
    return search(listing, asked).filterset.qs.count()


def filters_of(listing: Listing) -> dict[str, PanelFilter]:
    return {
        name: one
        for name, one in listing.filterset.base_filters.items()
        if isinstance(one, PanelFilter)
    }


def words_of(listing: Listing, name: str) -> list[str]:
    """Every value that a filter knows; of numbers, those that occur."""
    one = listing.filterset.base_filters[name]
    if isinstance(one, Numbers):
        found = listing.rows().order_by().values_list(one.field_name, flat=True).distinct()
        return [str(number) for number in sorted(set(found) - {None})]
    return [option.value for option in search(listing, {}).options(name)]


def names_of_things() -> dict[str, list[str]]:
    """The names of the things that filters lead to."""
    return {
        "topic": [topic.code for topic in Topic.objects.public()],
        "publication": [publication.code for publication in Publication.objects.public()],
        "trial": [trial.slug for trial in Trial.objects.public()],
    }


def some_of(listing: Listing, name: str, chance: random.Random) -> list[str]:
    """One or more values for a filter, of those that it knows."""
    one = listing.filterset.base_filters[name]
    if isinstance(one, Bound):
        return [str(chance.randint(1990, 2010) + (12 if name == "year_max" else 0))]
    if isinstance(one, AsOf):
        return [str(chance.randint(1985, 2015))]
    if isinstance(one, Text):
        return [chance.choice(WORDS)]
    if isinstance(one, Things):
        return chance.sample(sorted(names_of_things()[name]), chance.choice([1, 2]))
    known = words_of(listing, name)
    return chance.sample(known, min(len(known), chance.choice([1, 1, 1, 2, 3])))


def random_asked(listing: Listing, chance: random.Random) -> dict[str, list[str]]:
    """A random question: some filters, and perhaps a sort."""
    names = list(listing.filterset.base_filters)
    asked = {
        name: some_of(listing, name, chance)
        for name in chance.sample(names, chance.choice([0, 1, 1, 1, 2, 2, 3]))
    }
    if "year_min" in asked and "year_max" in asked:
        years = sorted([*asked["year_min"], *asked["year_max"]])
        asked |= {"year_min": years[:1], "year_max": years[1:]}
    if chance.random() < 0.7:
        sort = chance.choice(listing.sortable).key
        asked["sort"] = [chance.choice(["", "-"]) + sort]
    return asked


@dataclass
class Row:
    """One row of a table: what its cells say and where they link to."""

    cells: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


class FirstTable(HTMLParser):
    """The body rows of the first table of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.tables = 0
        self.in_body = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tables += tag == "table"
        if self.tables != 1:
            return
        if tag == "tbody":
            self.in_body = True
        if self.in_body and tag == "tr":
            self.rows.append(Row())
        if self.in_body and tag in {"td", "th"}:
            self.rows[-1].cells.append("")
        if self.in_body and tag == "a":
            self.rows[-1].links.append(dict(attrs)["href"] or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "tbody":
            self.in_body = False

    def handle_data(self, data: str) -> None:
        if self.in_body and self.rows and self.rows[-1].cells:
            self.rows[-1].cells[-1] += data


def get(client: Client, address: str, *, status: int = 200) -> str:
    """The text of a page or of a whole stream."""
    response = client.get(address)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code == status, f"{address}: {response.status_code} {body[:2000]!r}"
    return body.decode()


def page_ids(html: str) -> list[str]:
    """The last word of the address of each row's thing."""
    links = [row.links[0].partition("?")[0] for row in FirstTable(html).rows]
    return [link.strip("/").rpartition("/")[2] for link in links]


def last_page(html: str) -> int:
    found = re.search(r"Page \d+ of (\d+)", html)
    return int(found[1]) if found else 1


def csv_rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def word_columns(listing: Listing) -> list[Column]:
    return [column for column in listing.columns if column.kind is Kind.WORD]
