"""What looks like the same thing entered twice is found, however it is written."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evidence import vocab
from evidence.curation.alike import alike
from evidence.curation.sameness import same_time
from evidence.models import (
    AdverseEffect,
    Assessment,
    Condition,
    Consideration,
    Finding,
    HarmReport,
    Intervention,
    Outcome,
    Publication,
    Topic,
    Trial,
    TrialIdentifier,
)
from tests.models.rows import BUILDERS, make

pytestmark = pytest.mark.django_db
TWINS: dict[Any, tuple[str, ...]] = {
    Finding: ("topic", "outcome"),
    HarmReport: ("intervention", "adverse_effect"),
}


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
    assert "the same topic, source and outcome" in alike(twin)[0].sentence


# --- One trial in two sources ---------------------------------------------------------------------


def posted_result(**fields: Any) -> Any:
    """Make a finding of ESPRIT's posted results, on deaths."""
    return make(
        Finding,
        publication=None,
        trial=make(Trial, acronym="ESPRIT"),
        results_posted="2011-04-25",
        outcome="Death from any cause",
        outcome_group=make(Outcome),
        time_point="median 7.6 years",
        **fields,
    )


def in_a_paper(there: Any, **fields: Any) -> Any:
    """Give a finding of the same trial from a paper, in a form."""
    same = {name: getattr(there, name) for name in ("topic", "trial", "outcome", "time_point")}
    return unsaved(Finding, **same | fields)


def test_one_outcome_of_one_trial_is_found_in_another_source() -> None:
    there = posted_result()
    (one,) = alike(in_a_paper(there))
    assert one.row == there
    assert one.sentence == (
        f"{there.code} holds this outcome of the same trial (ESPRIT), read from the registry's "
        "posted results."
    )
    assert found(in_a_paper(there, trial=make(Trial))) == []
    assert found(in_a_paper(there, topic=make(Topic))) == []


def test_posted_results_find_the_paper_and_name_it() -> None:
    there = make(Finding, trial=make(Trial, acronym="ESPRIT"))
    paper = there.publication
    paper.authors, paper.year = "Abrams D\nLévy Y", 2009
    paper.save()
    posted = in_a_paper(there, publication=None, results_posted="2011-04-25")
    assert alike(posted)[0].sentence.endswith(f"{paper.code} (Abrams and others, 2009).")


def test_an_outcome_in_other_words_is_found_by_its_group() -> None:
    there = posted_result()
    deaths = in_a_paper(there, outcome="All-cause mortality")
    assert found(deaths) == []
    deaths.outcome_group = there.outcome_group
    assert found(deaths) == [there]
    deaths.analysis = vocab.Analysis.SUBGROUP
    assert found(deaths) == [], "a subgroup's result is another one"
    deaths.outcome_group = make(Outcome)
    assert found(deaths) == []


def test_outcomes_of_one_group_in_one_source_are_several() -> None:
    there = posted_result()
    posted = {"publication": None, "results_posted": "2011-04-25"}
    group = {"outcome_group": there.outcome_group, "outcome": "AIDS or death"}
    assert found(in_a_paper(there, **posted, **group)) == []


@pytest.mark.parametrize("when", ["", "7 years (median)", "91 months", "Median 7.6 years", "later"])
def test_of_two_sources_times_are_compared_roughly(when: str) -> None:
    there = posted_result()
    expected = [] if when == "later" else [there]
    assert found(in_a_paper(there, time_point=when)) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("week 24", "24 weeks", True),
        ("week 24", "6 months", True),
        ("24-week visit", "week 24", True),
        ("week 24", "week 12", False),
        ("1 year", "2 years", False),
        ("day 24", "week 24", False),
        ("0 weeks", "week 24", False),
        ("24 widgets", "24 weeks", False),
    ],
)
def test_times_are_told_apart(one: str, other: str, same: bool) -> None:
    assert same_time(one, other) is same
    assert same_time(other, one) is same


def test_two_trials_in_one_paper_have_a_result_each() -> None:
    there = make(Finding, trial=make(Trial))
    same = {"publication": there.publication}
    assert found(in_a_paper(there, **same)) == [there]
    assert found(in_a_paper(there, **same, trial=make(Trial))) == []


def test_one_effect_in_one_group_of_one_trial_is_found_in_another_source() -> None:
    there = make(
        HarmReport,
        publication=None,
        trial=make(Trial, acronym="ESPRIT"),
        results_posted="2011-04-25",
        arm="rIL-2, 7.5 MIU twice daily",
    )
    same = {
        name: getattr(there, name)
        for name in ("trial", "adverse_effect", "intervention", "dose_class", "collected")
    }
    (one,) = alike(unsaved(HarmReport, **same, arm="IL-2"))
    assert one.row == there
    assert one.sentence == (
        f"{there.code} holds this effect of the same trial (ESPRIT), read from the registry's "
        "posted results, printed as “Fever”."
    )
    for other in (
        {"dose_class": vocab.DoseClass.LOW},
        {"collected": vocab.Collected.SERIOUS_ONLY},
        {"adverse_effect": make(AdverseEffect)},
        {"trial": make(Trial)},
        {"intervention": make(Intervention)},
    ):
        assert found(unsaved(HarmReport, **same | other)) == [], other
    by_arm = {"arm": there.arm, "dose_class": vocab.DoseClass.NOT_REPORTED}
    assert found(unsaved(HarmReport, **same | by_arm)) == [there]
    there.attribution = vocab.Attribution.ALL_CAUSE
    there.save()
    blamed = {"attribution": vocab.Attribution.TREATMENT_RELATED}
    assert found(unsaved(HarmReport, **same | blamed)) == []


def test_two_lines_of_one_table_are_two_reports() -> None:
    there = make(HarmReport, term_as_printed="Bacterial infections", affected=20, at_risk=2071)
    same = {
        name: getattr(there, name) for name in ("intervention", "adverse_effect", "publication")
    }
    counts = {"affected": 19, "at_risk": 2071}
    assert found(unsaved(HarmReport, **same, **counts, term_as_printed="Viral infections")) == []
    assert found(unsaved(HarmReport, **same, **counts, term_as_printed="Bacterial Infections"))
    counts["affected"] = 20
    assert found(unsaved(HarmReport, **same, **counts, term_as_printed="Bacteria")) == [there]


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
    for _ in range(9 if model in (Finding, HarmReport) else 0):
        one_study = {name: getattr(row, name) for name in TWINS[model]}
        row = make(model, trial=row.trial or make(Trial), **one_study)
    row = model.objects.get(pk=row.pk)
    with CaptureQueriesContext(connection) as queries:
        alike(row)
    assert len(queries) <= 5
