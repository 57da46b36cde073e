"""Facet counts are worked out once for each data version, and never kept without one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evidence.ledger import derivation, version
from evidence.listing import facets
from evidence.listing.search import ask
from evidence.models import Assessment, Condition
from tests.listing import made_up
from tests.web import examples

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    facets._kept.clear()
    yield
    facets._kept.clear()


def counts(query: str = "", *, token: str = "") -> facets.Counts:
    search = ask(made_up.listing(), QueryDict(query), paged=True)
    return facets.count(search, facets.index_of(made_up.listing(), token))


@pytest.fixture
def five() -> None:
    wide = made_up.condition("Infection", area="infectious", mesh_id="D000001")
    made_up.condition("HIV", parent=wide, area="infectious")
    made_up.condition("Sepsis", parent=wide, area="neonatal", mesh_id="D000002")
    made_up.condition("Melanoma", area="oncology")
    made_up.condition("Glioma", area="oncology")


@pytest.mark.usefixtures("five")
def test_each_value_is_counted_as_if_it_were_its_filters_only_one() -> None:
    found = counts("area=infectious&coded=yes")
    assert (found.matched, found.total) == (1, 5)
    assert found.facets["area"] == {"infectious": 1, "neonatal": 1, "oncology": 0}
    assert found.facets["coded"] == {"yes": 1, "no": 1}
    assert found.facets["condition"]["infection"] == 1
    assert found.facets["condition"]["sepsis"] == 0


@pytest.mark.usefixtures("five")
def test_a_term_counts_what_stands_under_it_and_text_narrows_all() -> None:
    assert counts().facets["condition"]["infection"] == 3
    found = counts("q=sepsis")
    assert found.matched == 1
    assert found.facets["condition"]["infection"] == 1
    assert found.facets["area"] == {"infectious": 0, "neonatal": 1, "oncology": 0}
    assert found.used["area"] == {"infectious", "neonatal", "oncology"}


def test_nothing_at_all_is_counted_too() -> None:
    found = counts("area=oncology")
    assert (found.matched, found.total, found.facets["area"]) == (0, 0, {})


def test_with_a_token_the_sets_are_kept_and_with_another_they_are_made_anew() -> None:
    made_up.condition("One")
    assert counts(token="a").total == 1
    made_up.condition("Two")
    with CaptureQueriesContext(connection) as captured:
        assert counts(token="a").total == 1
    assert len(captured) == 0
    assert counts(token="b").total == 2


def test_without_a_token_nothing_is_kept() -> None:
    made_up.condition("One")
    assert counts().total == 1
    made_up.condition("Two")
    assert counts().total == 2
    assert facets._kept == {}


def test_a_page_counts_anew_after_every_change_that_readers_see(client: Client) -> None:
    question = examples.world()
    version.bump()
    for number, population in enumerate(("child", "any", "neonate"), start=1):
        assert f"<strong>{number} of {number} " in client.get("/evidence/").content.decode()
        made = examples.assessment(examples.topic(population=population))
        derivation.after_change(made)
    assert Assessment.objects.public().filter(topic=question).count() == 1


def test_a_change_that_is_taken_back_leaves_no_counts_behind(client: Client) -> None:
    examples.world()
    version.bump()
    before = client.get("/conditions/").content
    with transaction.atomic():
        derivation.after_change(Condition.objects.create(name="N", slug="n", area="other"))
        assert client.get("/conditions/").content != before
        transaction.set_rollback(True)
    assert client.get("/conditions/").content == before


@pytest.mark.parametrize("values", [1, 2, facets.FEW, facets.FEW + 1])
def test_the_places_of_each_value_are_its_rows_however_many_values_there_are(values: int) -> None:
    column = [None if place % values == 1 else place % values for place in range(1_000)]
    found = facets._of_each(column)
    assert found.keys() == set(column)
    for value, rows in found.items():
        assert [place for place in range(1_000) if rows >> place & 1] == [
            place for place, one in enumerate(column) if one == value
        ]


def test_a_column_of_no_rows_has_no_values() -> None:
    assert facets._of_each(()) == {}
