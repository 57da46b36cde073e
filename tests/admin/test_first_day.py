"""What a new curator meets on the first day: two tabs, pasted identifiers, words for refusals."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from evidence.models import Approval, Condition, Finding, Intervention, Publication, Topic, Trial
from tests.admin.pages import faults, form_of, send, url
from tests.admin.rows import fill, make_publication, make_topic, make_trial

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("model", "field", "mine", "theirs"),
    [
        (Trial, "title", "Mine", "Theirs"),
        (Publication, "summary", "Mine", "Theirs"),
        (Approval, "indication", "Mine", "Theirs"),
        (Condition, "definition", "Mine", "Theirs"),
        (Topic, "trials", [], None),
    ],
)
def test_the_second_of_two_tabs_sees_what_was_saved_meanwhile(
    model: Any, field: str, mine: Any, theirs: Any, curator: Client
) -> None:
    fill()
    if theirs is None:
        theirs = [make_trial(7).pk]
    page = url(model, "change", model.objects.get().pk)
    late = form_of(curator, page)
    assert send(curator, page, **{field: theirs}).status_code == 302
    answer = curator.post(page, late | {field: mine})
    said = " ".join(faults(answer)["__all__"])
    assert "anna saved this" in said
    assert ("Theirs" in said) or ("TRIAL7" in said)
    row = model.objects.get() if model is not Trial else model.objects.get(slug="trial-1")
    stored = [one.pk for one in row.trials.all()] if field == "trials" else getattr(row, field)
    assert stored == theirs
    again = late | {field: mine, "opened": answer.context["adminform"].form.stands_at}
    assert curator.post(page, again).status_code == 302


def test_a_date_that_is_none_is_quoted_as_it_was_typed(curator: Client) -> None:
    page = url(Trial, "change", make_trial().pk)
    assert 'name="start" maxlength' not in curator.get(page).text
    said = faults(send(curator, page, start="November 2008"))
    assert [line[:30] for line in said["start"]] == ["“November 2008” is not a date."]


@pytest.mark.parametrize(
    "pasted", ["https://doi.org/10.1/aB", "doi: 10.1/aB", "http://dx.doi.org/10.1/aB", " 10.1/aB "]
)
def test_pasted_identifiers_of_a_paper_are_taken_as_meant(pasted: str, curator: Client) -> None:
    page = url(Publication, "change", make_publication().pk)
    send(curator, page, doi=pasted, pmcid="pmc2869083 ")
    paper = Publication.objects.get()
    assert (paper.doi, paper.pmcid) == ("10.1/aB", "PMC2869083")


def test_a_terms_name_has_one_blank_between_words(curator: Client) -> None:
    condition = make_topic().condition
    send(curator, url(Condition, "change", condition.pk), name="Lupus   \t nephritis ")
    assert Condition.objects.get().name == "Lupus nephritis"


def test_a_trial_without_a_slug_takes_its_first_identifier_as_pasted(curator: Client) -> None:
    values = {"title": "A study", "acronym": "ESPRIT", "identifiers-0-registry": "NCT"}
    send(curator, url(Trial, "add"), **values, **{"identifiers-0-value": " nct00004978"})
    trial = Trial.objects.get()
    assert (trial.slug, trial.identifiers.get().value) == ("NCT00004978", "NCT00004978")


def test_a_trial_without_any_number_takes_its_acronym(curator: Client) -> None:
    send(curator, url(Trial, "add"), title="A study", acronym="ESPRIT 2")
    assert Trial.objects.get().slug == "esprit-2"


def test_a_doi_given_twice_is_said_at_the_doi(curator: Client) -> None:
    make_publication(1, doi="10.1/ab")
    second = make_publication(2)
    said = faults(send(curator, url(Publication, "change", second.pk), doi="10.1/AB"))
    assert said == {"doi": ["A publication with this DOI exists already."]}


def test_another_trials_number_is_said_at_the_number(curator: Client) -> None:
    make_trial(1)
    page = url(Trial, "change", make_trial(2).pk)
    answer = send(curator, page, **{"identifiers-0-value": "nct00000001"})
    rows = answer.context["inline_admin_formsets"][0].formset
    assert rows.errors == [{"value": ["Another trial has this identifier."]}]


def test_a_row_given_twice_is_said_in_our_words(curator: Client) -> None:
    rows = {"phase_rows-TOTAL_FORMS": "2", "phase_rows-1-phase": "PHASE3", "phase_rows-1-id": ""}
    answer = send(curator, url(Trial, "change", make_trial().pk), **rows)
    # Django 5.2 asks the rows among each other first, 6.1 the constraint of each row.
    ours = ("Two of these rows have the same phase", "That phase is given already.")
    assert any(sentence in answer.text for sentence in ours)
    assert "Please correct the duplicate" not in answer.text


def test_why_a_published_finding_is_not_deleted(curator: Client) -> None:
    fill()
    row = Finding.objects.public().get()
    chosen = {"action": "delete_selected", "_selected_action": [row.pk]}
    for answer in (
        curator.get(url(Finding, "delete", row.pk)),
        curator.post(url(Finding, "changelist"), chosen),
    ):
        assert answer.status_code == 403
        assert "never deleted; it is withdrawn by two people" in answer.text


def test_a_filter_by_a_state_that_there_is_not_is_refused(curator: Client) -> None:
    answer = curator.get(url(Finding, "changelist") + "?state__exact=bogus")
    assert answer.status_code == 400
    assert "There is no state “bogus”" in answer.text


def test_of_half_an_interval_one_thing_is_said(curator: Client) -> None:
    fill()
    page = url(Finding, "change", Finding.objects.get(state="draft").pk)
    figures = {"estimate": "3", "ci_low": "1", "ci_high": "2", "effect_measure": "hazard-ratio"}
    said = faults(send(curator, page, **figures))
    assert said == {"ci_level": ["An interval has a low end, a high end and a level, in order."]}
    assert "needs one before it can be submitted" in curator.get(page).text


def test_papers_are_told_apart_where_one_is_chosen(curator: Client) -> None:
    paper = make_publication(authors="Abrams D\nLévy Y")
    query = {"app_label": "evidence", "model_name": "finding", "field_name": "publication"}
    found = curator.get("/admin/autocomplete/", query | {"term": "Paper"}).json()["results"]
    label = f"{paper.code}: Paper 1 (2009), Abrams D, PMID 1001"
    assert [row["text"] for row in found] == [label]
    assert label in curator.get(url(Finding, "add") + f"?publication={paper.pk}").text


@pytest.mark.parametrize(
    ("model", "words"),
    [(Finding, "Proleukin"), (Topic, "NCT00000001"), (Publication, "NCT00000001")],
)
def test_a_search_finds_by_other_names(model: Any, words: str, curator: Client) -> None:
    fill()
    Intervention.objects.update(synonyms="Proleukin")
    found = curator.get(url(model, "changelist"), {"q": words}).context["cl"].result_list
    assert len(found) == model.objects.count()
