"""How these tests ask a listing: a query string in, ids or rows out."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from evidence.catalogue import CATALOGUE
from evidence.ledger import index
from evidence.listing.core import Listing
from evidence.listing.csv import as_csv
from evidence.listing.search import ask
from tests.contracts import asking


def ids(name: str, query: str = "") -> list[str]:
    """The ids of the rows, in order, as addresses have them."""
    return [row["id"] for row in rows(name, query)]


def rows(name: str, query: str = "") -> list[dict[str, str]]:
    """The rows of a listing as its CSV gives them."""
    if "q=" in query:  # what a test makes without moves has no entry in the search
        index.rebuild()
    search = ask(listing(name), QueryDict(query), paged=False)
    return asking.csv_rows(b"".join(as_csv(search, base_url="")).decode())


def row(name: str, query: str = "") -> dict[str, str]:
    (only,) = rows(name, query)
    return only


def listing(name: str) -> Listing:
    return CATALOGUE[name]


def codes(*things: Any) -> list[str]:
    return [thing.code for thing in things]
