"""PubMed and Crossref are asked politely, and a broken answer is never taken for a whole one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from evidence.registries.crossref_client import Crossref
from evidence.registries.http import NotFound, Unreachable
from evidence.registries.pubmed_client import MOST_FETCHED, PubMed
from tests.registries.fake import FakeRegistry, Fault, FaultPlan, wire_here
from tests.registries.papers import article, work

BROKEN = (Fault.HTML, Fault.CUT_JSON, Fault.MALFORMED, Fault.WRONG_TYPES, Fault.CHANGED_SCHEMA)


@pytest.fixture
def registry() -> Iterator[FakeRegistry]:
    """PubMed and Crossref with three papers."""
    papers = {number: article(number) for number in (1, 2, 3)}
    with FakeRegistry(papers=papers, works={"10.5555/a(1)": work("10.5555/A(1)")}) as served:
        yield served


def pubmed(registry: FakeRegistry, **said: str) -> PubMed:
    return PubMed(wire_here(), base=registry.pubmed, tool="il2tracker", **said)


def crossref(registry: FakeRegistry) -> Crossref:
    return Crossref(wire_here(), base=registry.crossref, mailto="me@site.example")


def test_a_search_gives_numbers_and_says_who_asks(registry: FakeRegistry) -> None:
    client = pubmed(registry, email="me@site.example", key="secret")
    found = client.search("fever", most=2)
    assert (found.pmids, found.total) == ((1, 2), 3)
    (asked,) = registry.asked
    assert asked.query == {
        "db": "pubmed",
        "term": "fever",
        "retmode": "json",
        "retmax": "2",
        "tool": "il2tracker",
        "email": "me@site.example",
        "api_key": "secret",
    }


def test_articles_come_in_one_answer_and_unknown_ones_are_not_in_it(registry: FakeRegistry) -> None:
    xml = pubmed(registry).fetch([1, 3, 9])
    assert xml.count(b"<PubmedArticle>") == 2
    assert registry.asked[0].query["id"] == "1,3,9"


@pytest.mark.parametrize("several", [[], [*range(1, MOST_FETCHED + 2)]])
def test_no_more_are_asked_for_than_one_address_takes(
    registry: FakeRegistry, several: list[int]
) -> None:
    with pytest.raises(ValueError, match="EFetch takes 1 to 200"):
        pubmed(registry).fetch(several)
    assert registry.asked == []


def test_a_work_is_found_by_its_doi_in_any_case_and_asked_in_our_name(
    registry: FakeRegistry,
) -> None:
    assert crossref(registry).work("https://doi.org/10.5555/a(1)")["DOI"] == "10.5555/A(1)"
    (asked,) = registry.asked
    assert asked.query == {"mailto": "me@site.example"}


@pytest.mark.parametrize("doi", ["10.5555/none", "../../admin", "10.5555/../x", "http://evil", ""])
def test_what_is_not_there_or_no_doi_is_not_found(registry: FakeRegistry, doi: str) -> None:
    with pytest.raises(NotFound):
        crossref(registry).work(doi)
    assert all(asked.path == "/works/10.5555%2Fnone" for asked in registry.asked)


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_answer_is_asked_for_again(registry: FakeRegistry, fault: Fault) -> None:
    for ask in (
        lambda: pubmed(registry).fetch([1]).count(b"<PubmedArticle>"),
        lambda: len(pubmed(registry).search("fever").pmids),
        lambda: len(crossref(registry).work("10.5555/a(1)")),
    ):
        registry.asked.clear()
        registry.plan = FaultPlan(faults={1: fault})
        assert ask() > 0
        assert len(registry.asked) == 2


def test_an_answer_that_stays_broken_is_unreachable_in_words(registry: FakeRegistry) -> None:
    registry.plan = FaultPlan(always=Fault.CUT_JSON)
    with pytest.raises(Unreachable) as error:
        pubmed(registry, key="secret").fetch([1])
    assert "efetch.fcgi" in error.value.sentence
    assert "cut short" in error.value.sentence
    assert "secret" not in error.value.sentence
