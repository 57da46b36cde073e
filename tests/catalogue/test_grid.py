"""The cells of the map: what a cell says of several topics."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from evidence import vocab
from evidence.catalogue.grid import ask_map, grid, row_of
from evidence.charts.cells import Cell, Grid
from evidence.ledger import derivation
from evidence.models import Condition
from tests.web import examples

pytestmark = pytest.mark.django_db


def cells(query: str = "") -> Grid:
    return grid(ask_map(QueryDict(query)))


def only(query: str = "") -> Cell:
    (cell,) = cells(query).cells
    return cell


def topic(status: str, ground: str = "", **given: object) -> object:
    question = examples.topic(**given)
    examples.assessment(question, status=status, ground=ground)
    return question


def test_a_study_on_two_topics_is_counted_once() -> None:
    first = topic("experimental")
    second = topic("experimental", population="child")
    shared, paper = examples.trial(), examples.publication()
    for question in (first, second):
        examples.finding(question, paper, trial=shared)
    examples.finding(second, examples.publication(pmid=7))
    derivation.rederive()
    assert (only().topics, only().studies) == (2, 2)
    assert only("population=adult").studies == 1


def test_a_review_is_no_study() -> None:
    for pmid, population in enumerate(("adult", "child"), start=1):
        question = topic("experimental", population=population)
        examples.finding(question, examples.publication(pmid=pmid), design=vocab.Design.REVIEW)
    derivation.rederive()
    assert only().studies == 0


@pytest.mark.parametrize(
    ("statuses", "said"),
    [
        (("experimental", "variable", "investigated"), "variable"),
        (("experimental", "investigated"), "investigated"),
        (("experimental",), "experimental"),
    ],
)
def test_a_cell_has_the_status_of_the_strongest_disagreement(
    statuses: tuple[str, ...], said: str
) -> None:
    for status, population in zip(statuses, ("adult", "child", "neonate"), strict=False):
        ground = "confirmatory-evidence-agrees" if status == "investigated" else ""
        topic(status, ground, population=population)
    assert only().status == said


def test_no_treatment_found_is_not_said_of_a_cell_where_people_were_treated() -> None:
    topic("experimental")
    topic("investigated", "no-treatment-found", role="biomarker")
    assert (only().status, only().ground) == ("experimental", "")
    assert only().roles == ("treatment", "biomarker")
    assert "treatment and biomarker" in only().in_words


def test_a_cell_leads_past_narrower_conditions_only_where_these_have_topics() -> None:
    topic("experimental")
    narrower = examples.condition("AIDS", "aids")
    Condition.objects.filter(pk=narrower.pk).update(parent=examples.condition())
    assert "exact" not in only().url
    topic("experimental", condition=narrower)
    wide, narrow = sorted(cells().cells, key=lambda cell: "exact" not in cell.url)
    assert wide.condition.slug == "hiv-infection"
    assert narrow.url == "/evidence/?condition=aids&intervention=intermittent-sc"


def test_a_cell_keeps_the_other_filters_in_its_link() -> None:
    topic("experimental")
    asked = "area=infectious&area=oncology&condition=hiv-infection&as_of=2005&reviewed=no"
    assert only(asked).url == (
        "/evidence/?condition=hiv-infection&intervention=intermittent-sc"
        "&area=infectious&area=oncology&as_of=2005&reviewed=no"
    )


def test_a_cell_of_a_term_that_was_merged_away_leads_to_its_topic() -> None:
    question = topic("experimental")
    other = examples.condition("AIDS", "aids")
    Condition.objects.filter(slug="hiv-infection").update(merged_into=other)
    assert only().url == f"/evidence/T{question.pk}/"


def test_the_row_of_a_condition_holds_it_and_all_narrower_ones() -> None:
    topic("experimental")
    narrower = examples.condition("AIDS", "aids")
    Condition.objects.filter(pk=narrower.pk).update(parent=examples.condition())
    topic("variable", condition=narrower)
    topic("variable", condition=examples.condition("Fever", "fever"))
    assert {cell.condition.slug for cell in row_of("hiv-infection").cells} == {
        "hiv-infection",
        "aids",
    }
    assert row_of("aids").places == 1


def test_as_of_a_year_a_cell_says_what_the_rule_would_have_said() -> None:
    question = topic("variable")
    examples.finding(question, examples.publication(year=2009))
    derivation.rederive()
    assert only().status == "variable"
    before, after = only("as_of=1999"), only("as_of=2010")
    assert (before.ground, before.studies) == ("no-treatment-found", 0)
    assert (after.status, after.studies) == ("experimental", 1)


def test_without_topics_there_is_no_map() -> None:
    assert cells().cells == ()
    assert cells().places == 0
