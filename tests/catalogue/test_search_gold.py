"""The gold list: what researchers type finds what they mean, and the same on every database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest
from syrupy.extensions.json import JSONSnapshotExtension

from evidence.catalogue import CATALOGUE
from evidence.catalogue.results import SEARCHED
from evidence.catalogue.search import find, ranked
from evidence.listing.tokens import parse
from evidence.models import Publication, Trial
from tests.catalogue.gold import GOLD, names

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter_evidence")]

WORDS = {text: gold for text, gold in GOLD.items() if not gold.jump and not gold.meant}
# So many names of a kind are kept one by one; of more, the first and the sum of all.
WRITTEN_OUT = 5


def results(text: str, called: Mapping[str, Mapping[int, str]]) -> dict[str, list[str]]:
    """Name everything that a query finds, by kind, in the order of the search."""
    query = parse(text)
    return {
        kind: [called[kind][pk] for pk in ranked(kind, query).values_list("pk", flat=True)]
        for kind in SEARCHED
    }


@pytest.fixture(scope="module")
def found(
    starter_evidence: Any, django_db_blocker: Any
) -> Iterator[dict[str, dict[str, list[str]]]]:
    with django_db_blocker.unblock():
        called = names()
        yield {text: results(text, called) for text in WORDS}


def test_there_are_enough_of_them() -> None:
    assert len(GOLD) >= 45


@pytest.mark.parametrize("text", WORDS)
def test_what_is_meant_comes_first(text: str, found: Any) -> None:
    for kind, name in WORDS[text].first.items():
        assert found[text][kind][:1] == [name], kind


@pytest.mark.parametrize("text", WORDS)
def test_what_belongs_is_among_the_results(text: str, found: Any) -> None:
    for kind, expected in WORDS[text].among.items():
        assert [name for name in expected if name not in found[text][kind]] == [], kind


@pytest.mark.parametrize("text", WORDS)
def test_what_does_not_belong_is_not(text: str, found: Any) -> None:
    for kind, unwanted in WORDS[text].never.items():
        assert [name for name in unwanted if name in found[text][kind]] == [], kind


@pytest.mark.parametrize("text", [text for text, gold in WORDS.items() if gold.same_as])
def test_another_spelling_finds_the_same_in_the_same_order(text: str, found: Any) -> None:
    assert found[text] == found[WORDS[text].same_as]


@pytest.mark.parametrize("text", [text for text, gold in GOLD.items() if gold.jump])
def test_an_identifier_leads_straight_to_its_thing(text: str) -> None:
    kind, name = GOLD[text].jump.split()
    path = find(text).jump
    if kind == "publication":
        assert path == f"/publications/{Publication.objects.get(starter_key=name).code}/"
    else:
        slug = path.strip("/").removeprefix("trials/")
        assert Trial.objects.public().filter(slug=slug).exists()
        assert slug == name or name.endswith("*")


@pytest.mark.parametrize("text", [text for text, gold in GOLD.items() if gold.meant])
def test_what_is_misspelt_is_answered_with_what_was_meant(text: str) -> None:
    meant = GOLD[text].meant
    answer = find(text)
    assert answer.meant == meant
    assert answer.groups == find(meant).groups


@pytest.mark.parametrize("text", [*WORDS, "IL-2 in adults", "the", "retracted"])
def test_a_listing_of_the_same_words_has_as_many_rows(text: str) -> None:
    for group in find(text).groups:
        listing = CATALOGUE[SEARCHED[group.kind].listing]
        filtered = listing.filterset(data={"q": text}, queryset=listing.rows())
        assert group.total == filtered.qs.count(), group.kind


def shortened(found: list[str]) -> object:
    if len(found) <= WRITTEN_OUT:
        return found
    sum_of_all = hashlib.sha256("\n".join(found).encode()).hexdigest()
    return {"first": found[:WRITTEN_OUT], "number": len(found), "all": sum_of_all[:16]}


def test_every_database_gives_the_same_results_in_the_same_order(
    found: Any, snapshot: SnapshotAssertion
) -> None:
    """Written once, by `pytest --snapshot-update`, and compared on every database."""
    kept = {
        text: {kind: shortened(of_it) for kind, of_it in kinds.items() if of_it}
        for text, kinds in found.items()
    }
    assert kept == snapshot.use_extension(JSONSnapshotExtension)
