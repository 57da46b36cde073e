"""What the map promises of any evidence: each cell leads to the list of just its topics."""

from __future__ import annotations

from itertools import product
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evidence.catalogue.evidence import EVIDENCE
from evidence.catalogue.grid import EXACTLY, STRONGEST, ask_map, grid
from evidence.catalogue.united import united
from evidence.charts.cells import Cell
from evidence.ledger import derivation, version
from evidence.listing.search import Search, ask
from evidence.models import Condition, Intervention, Publication, Topic
from tests.contracts import asking
from tests.web import examples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("crowded_world")]

QUESTIONS = 8
FORMATS = ("/map/", "/map.svg", "/map.csv")


@pytest.fixture(scope="module")
def crowded_world(varied_world: None, django_db_blocker: Any) -> None:
    """Put more topics into some cells of the uneven world, and into the cells above them."""
    with django_db_blocker.unblock():
        papers = list(Publication.objects.public()[:3])
        for narrow in Condition.objects.filter(parent__isnull=False).order_by("pk")[:3]:
            for intervention in Intervention.objects.order_by("pk")[:3]:
                for condition, population in product((narrow, narrow.parent), ("adult", "child")):
                    given = {"condition": condition, "intervention": intervention}
                    question, _ = Topic.objects.get_or_create(
                        role="treatment", population=population, **given
                    )
                    if not question.assessments.exists():
                        examples.assessment(question)
                        for paper in papers:
                            examples.finding(question, paper)
        derivation.rederive()
        version.bump()


def list_behind(cell: Cell) -> Search:
    return ask(EVIDENCE, QueryDict(urlsplit(cell.url).query), paged=True)


def questions() -> list[dict[str, list[str]]]:
    """Nothing, years, terms with others under them, and any filters together."""
    chance = asking.luck("map")
    wider = Condition.objects.filter(children__isnull=False).earliest("pk").slug
    asked = [{}, {"as_of": ["2004"]}, {"as_of": ["1985"], "condition": [wider]}]
    asked += [{"condition": [wider]}, {"exact_condition": [wider]}, {"q": ["relapse"]}]
    for _ in range(QUESTIONS):
        one = asking.random_asked(EVIDENCE, chance)
        one.pop("sort", None)
        asked.append(one)
    return asked


def mapped(asked: asking.Asked) -> Search:
    return ask_map(QueryDict(asking.query(asked)))


def test_every_cell_leads_to_as_many_topics_as_it_counts() -> None:
    seen = 0
    for asked in questions():
        search = mapped(asked)
        cells = grid(search).cells
        # Together they hold every topic that matches, and each of them once.
        assert sum(cell.topics for cell in cells) == search.filterset.qs.count(), asked
        for cell in cells:
            listed = list_behind(cell)
            assert listed.filterset.qs.count() == cell.topics, (asked, cell.url)
            assert listed.listing.year == search.listing.year
            seen += 1
    assert seen > 150


def test_some_cells_need_to_ask_for_exactly_their_terms_and_some_do_not() -> None:
    keys = [parse_qs(urlsplit(cell.url).query).keys() for cell in grid(mapped({})).cells]
    exact = [set(EXACTLY) <= found for found in keys]
    assert any(exact)
    assert not all(exact)


def test_a_cell_has_the_strongest_word_of_the_topics_in_its_list() -> None:
    order = [(str(status), str(ground)) for status, ground in STRONGEST]
    for year, columns in (("", ("status", "ground")), ("2004", ("then_rule_status",))):
        asked = {"as_of": [year]} if year else {}
        for cell in grid(mapped(asked)).cells:
            rows = list(list_behind(cell).filterset.qs.values_list(*columns))
            if not year:
                assert min(rows, key=order.index) == (cell.status, cell.ground)
            assert cell.status in {row[0] for row in rows}


def test_studies_of_several_topics_are_counted_once() -> None:
    for year in (None, 2004, 2015):
        search = mapped({"as_of": [str(year)]} if year else {})
        before = "then_" if year else "topic__"
        columns = ("topic_id", f"{before}studies_count")
        stored = dict(search.filterset.qs.order_by().values_list(*columns))
        # One topic alone has the number that is stored with it.
        alone = united({topic: (topic, 0) for topic in stored}, year=year)
        assert {topic: alone[topic, 0] for topic in stored} == stored
        together = united(dict.fromkeys(stored, (0, 0)), year=year)[0, 0]
        assert max(stored.values()) <= together < sum(stored.values())


def test_many_topics_are_counted_as_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    topics = dict.fromkeys(Topic.objects.public().values_list("pk", flat=True), (0, 0))
    few = [united(topics, year=year) for year in (None, 2004)]
    monkeypatch.setattr("evidence.catalogue.united.FEW", 0)
    assert [united(topics, year=year) for year in (None, 2004)] == few


@pytest.mark.parametrize("address", FORMATS)
def test_a_key_that_the_map_does_not_know_is_named_in_every_format(
    client: Client, address: str
) -> None:
    for key in ("populaton", "page", "size", "sort", "columns", "raw"):
        told = asking.get(client, f"{address}?{key}=1", status=400)
        assert f"no filter called “{key}”" in told
        assert "exact_condition" in told
    for asked in ("population=neonat", "as_of=1066", "year_min=x", "exact_condition=nothing"):
        assert asked.partition("=")[0] in asking.get(client, f"{address}?{asked}", status=400)
    assert asking.get(client, f"{address}?utm_source=x&status=") == asking.get(client, address)


def test_the_table_holds_every_cell_as_the_drawing_does(client: Client) -> None:
    for asked in questions()[:4]:
        search = mapped(asked)
        rows = asking.csv_rows(asking.get(client, f"/map.csv?{asking.query(asked)}"))
        cells = grid(search).cells
        assert [(row["condition"], row["intervention"]) for row in rows] == [
            (cell.condition.name, cell.intervention.name) for cell in cells
        ]
        for row, cell in zip(rows, cells, strict=True):
            assert row["url"].endswith(cell.url)
            year = search.listing.year
            word, other = ("status", "rule_status") if year is None else ("rule_status", "status")
            assert (row[word], row[other]) == (cell.status, "")
            assert row["studies"] == str(cell.studies)
            assert row["as_of"] == str(year or "")


def test_the_map_asks_as_often_for_many_cells_as_for_few(client: Client) -> None:
    def asked(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    several = max(grid(mapped({})).cells, key=lambda cell: cell.topics)
    assert several.topics > 1
    few = f"/map.csv?exact_condition={several.condition.slug}"
    few += f"&exact_intervention={several.intervention.slug}"
    # A filter by terms reads its terms, once to know its words and once more for the links.
    assert asked("/map.csv") <= asked(few) <= asked("/map.csv") + 4
