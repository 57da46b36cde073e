"""What looks like the same thing entered twice is found, however it is written."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evidence import vocab
from evidence.curation.alike import alike
from evidence.models import (
    Assessment,
    Condition,
    Consideration,
    Finding,
    HarmReport,
    Intervention,
    Publication,
    Trial,
    TrialIdentifier,
)
from tests.models.rows import BUILDERS, make

pytestmark = pytest.mark.django_db


def unsaved(model: Any, **fields: Any) -> Any:
    """Give a row as a form holds it before it is saved."""
    return model(**BUILDERS[model](9000) | fields)


def found(instance: Any) -> list[Any]:
    """Give the rows that look like another one."""
    return [one.row for one in alike(instance)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Chronic hepatitis B", "Hepatitis B, chronic"),
        ("IL-2", "interleukin-2"),
        ("IL2", "Interleukin 2"),
        ("Low-dose IL-2", "Low dose interleukin-2"),
        ("Anti-PD-1", "AntiPD1"),
        ("Behçet disease", "behcet DISEASE"),
        ("IL\u20112", "IL-2"),
        ("Proleukin", "Aldesleukin"),
    ],
)
def test_one_name_in_two_writings_is_found(one: str, other: str) -> None:
    there = make(Intervention, name=one)
    assert found(unsaved(Intervention, name=other)) == [there]
    assert alike(unsaved(Intervention, name=other))[0].sentence == f"“{one}” is there already."


@pytest.mark.parametrize("other", ["IL-21", "IL-2 receptor", "Hepatitis C", "", "·;", "%"])
def test_another_name_is_left_alone(other: str) -> None:
    make(Intervention, name="IL-2")
    make(Intervention, name="Hepatitis B")
    assert found(unsaved(Intervention, name=other)) == []


def test_synonyms_are_compared_with_names_both_ways() -> None:
    there = make(Condition, name="Systemic lupus erythematosus", synonyms="SLE\nLupus")
    assert found(unsaved(Condition, name="lupus")) == [there]
    assert found(unsaved(Condition, name="X", synonyms="Lupus erythematosus, systemic")) == [there]
    said = alike(unsaved(Condition, name="lupus"))[0].sentence
    assert said == "“Systemic lupus erythematosus” has the other name “Lupus”."


def test_a_row_does_not_look_like_itself() -> None:
    for model in (Condition, Publication, Trial, Finding, HarmReport, Assessment, Consideration):
        assert found(make(model)) == [], model


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ({"doi": "10.1056/NEJMoa1"}, {"doi": "https://doi.org/10.1056/NEJMOA1"}),
        ({"url": "https://doi.org/10.1056/nejmoa1"}, {"doi": "10.1056/NEJMoa1"}),
        ({"url": "https://pubmed.ncbi.nlm.nih.gov/424242/"}, {"pmid": 424242}),
        ({"pmcid": "PMC2869083"}, {"pmcid": "pmc 2869083"}),
        (
            {"title": "Anti-TNF and IL-2: a trial"},
            {"title": "Anti TNF and IL2, a Trial."},
        ),
        (
            {"container": "N. Engl. J. Med.", "year": 2009, "first_page": "1548"},
            {"container": "N Engl J Med", "year": 2009, "first_page": "1548"},
        ),
    ],
)
def test_one_paper_in_two_writings_is_found(stored: dict[str, Any], typed: dict[str, Any]) -> None:
    there = make(Publication, **stored)
    assert found(unsaved(Publication, **typed)) == [there]


def test_another_paper_of_the_same_journal_is_left_alone() -> None:
    place = {"container": "Lancet", "year": 2009, "first_page": "1"}
    make(Publication, **place)
    assert found(unsaved(Publication, **place | {"first_page": "2"})) == []
    assert found(unsaved(Publication, **place | {"year": 2010})) == []


def test_one_trial_under_a_number_written_otherwise_is_found() -> None:
    there = make(TrialIdentifier, registry="EUCTR", value="2004-000563-29").trial
    other = make(Trial)
    make(TrialIdentifier, trial=other, registry="other", value="2004/000563/29")
    assert found(other) == [there]


def test_one_trial_under_its_acronym_or_title_is_found() -> None:
    there = make(Trial, acronym="PREG-IL2", title="Low-dose IL-2 in lupus")
    assert found(unsaved(Trial, acronym="Preg IL-2")) == [there]
    assert found(unsaved(Trial, title="Low dose interleukin-2 in LUPUS")) == [there]
    assert found(unsaved(Trial, acronym="PREG")) == []


def test_one_result_of_one_source_is_found_in_another_record() -> None:
    there = make(Finding, outcome="CD4 count, week 24")
    same = {
        "topic": there.topic,
        "publication": there.publication,
        "outcome": "CD4 count (week 24)",
    }
    twin = unsaved(Finding, **same)
    assert found(twin) == [there]
    twin.outcome = "CD8 count, week 24"
    assert found(twin) == []
    elsewhere = same | {"topic": make(Finding).topic}
    assert found(unsaved(Finding, **elsewhere)) == []


def test_results_at_two_times_are_two() -> None:
    there = make(Finding, time_point="week 24")
    same = {"topic": there.topic, "publication": there.publication, "outcome": there.outcome}
    assert found(unsaved(Finding, **same, time_point="week 52")) == []
    assert found(unsaved(Finding, **same)) == [there]


def test_posted_results_are_a_source_too() -> None:
    posted = {"publication": None, "trial": make(Trial), "results_posted": "2015-09"}
    there = make(Finding, **posted)
    twin = unsaved(Finding, **posted, topic=there.topic, outcome=there.outcome)
    assert found(twin) == [there]
    twin.results_posted = "2016"
    assert found(twin) == []


def test_one_effect_in_one_group_of_one_source_is_found() -> None:
    there = make(HarmReport, arm="IL-2, 3 MIU")
    same = {
        "intervention": there.intervention,
        "adverse_effect": there.adverse_effect,
        "publication": there.publication,
    }
    assert found(unsaved(HarmReport, **same, arm="il-2 3 miu")) == [there]
    assert found(unsaved(HarmReport, **same, arm="Placebo")) == []
    serious = {"arm": there.arm, "collected": vocab.Collected.SERIOUS_ONLY}
    assert found(unsaved(HarmReport, **same, **serious)) == []


def test_a_second_assessment_of_a_topic_is_found() -> None:
    there = make(Assessment)
    found_rows = alike(unsaved(Assessment, topic=there.topic))
    assert [one.sentence for one in found_rows] == [
        f"{there.code} is an assessment of the same topic: draft."
    ]


def test_nearly_the_same_statement_of_one_source_is_found() -> None:
    there = make(Consideration, statement="IL-2 moves regulatory T cells and then effector T cells")
    same = {"publication": there.publication, "kind": there.kind}
    near = "IL-2 moves regulatory T cells, and then effector T cells."
    assert found(unsaved(Consideration, **same, statement=near)) == [there]
    assert found(unsaved(Consideration, **same, statement="IL-2 wakes natural killers.")) == []


@pytest.mark.parametrize(
    "model", [Condition, Publication, Trial, Finding, HarmReport, Assessment, Consideration]
)
def test_half_a_form_and_odd_text_are_no_error(model: Any) -> None:
    make(model)
    assert alike(model()) == ()
    texts = {
        field.name: "%_\\'\"“(*?" * 3
        for field in model._meta.fields
        if field.get_internal_type() in {"CharField", "TextField"} and not field.choices
    }
    assert alike(model(**texts)) == ()


@pytest.mark.parametrize(
    "model", [Condition, Publication, Trial, Finding, HarmReport, Assessment, Consideration]
)
def test_it_asks_no_more_than_five_questions_however_much_there_is(model: Any) -> None:
    row = make(model)
    for _ in range(30):
        make(model)
    row = model.objects.get(pk=row.pk)
    with CaptureQueriesContext(connection) as queries:
        alike(row)
    assert len(queries) <= 5
