"""The number of queries depends on what is asked and never on how much there is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evidence.catalogue import CATALOGUE
from evidence.ledger import derivation, version
from evidence.listing import facets
from tests.benchmarks import world
from tests.contracts import asking, varied
from tests.web import examples

ASKED = "q=il-2"


@pytest.fixture
def addresses() -> list[str]:
    pages = [f"{one.path}{query}" for one in CATALOGUE.values() for query in ("", f"?{ASKED}")]
    then = ["/evidence/?as_of=2010", "/evidence.csv?as_of=2010"]
    return pages + then + [one.csv_path for one in CATALOGUE.values()]


def queries(client: Client, addresses: list[str]) -> dict[str, int]:
    """How many queries each address takes when nothing was worked out before."""
    counted = {}
    for address in addresses:
        facets._kept.clear()
        with CaptureQueriesContext(connection) as captured:
            asking.get(client, address)
        counted[address] = len(captured)
    return counted


@pytest.mark.django_db
def test_one_row_takes_as_many_queries_as_fifty(client: Client, addresses: list[str]) -> None:
    examples.world()
    version.bump()
    few = queries(client, addresses)
    for listing in CATALOGUE.values():
        assert listing.rows().count() <= 2
    world.fill(topics=70, findings=60)
    varied.disagree(50)
    derivation.rederive()
    for listing in CATALOGUE.values():
        assert listing.rows().count() >= 40
    assert queries(client, addresses) == few
    # To ask for a year asks nothing more of the database.
    assert few["/evidence/?as_of=2010"] == few["/evidence/"]
