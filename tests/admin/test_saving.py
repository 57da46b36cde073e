"""What the admin does on saving: words for every refusal, and what follows for readers."""

from __future__ import annotations

from typing import Any

import pytest
from auditlog.models import LogEntry
from django.contrib.auth import get_user_model
from django.test import Client

from evidence.models import (
    AdverseEffect,
    Approval,
    Condition,
    Consideration,
    DataVersion,
    Finding,
    HarmReport,
    Publication,
    Topic,
    Trial,
    TrialPublication,
)
from tests.admin.pages import faults, send, url
from tests.admin.rows import fill, make_harm, make_publication, make_topic, make_trial
from tests.models.rows import make

pytestmark = pytest.mark.django_db


def version() -> int:
    """Give the number of what readers see."""
    row = DataVersion.objects.first()
    return row.number if row else 0


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"estimate": "0.9"}, "effect_measure", "Say what the estimate is."),
        ({"ci_low": "1"}, "ci_high", "An interval has a low end"),
        (
            {"ci_low": "2", "ci_high": "1", "ci_level": "95", "effect_measure": "hazard-ratio"},
            "ci_low",
            "The low end (2) is above the high end (1).",
        ),
        (
            {
                "estimate": "3",
                "ci_low": "1",
                "ci_high": "2",
                "ci_level": "95",
                "effect_measure": "hazard-ratio",
            },
            "estimate",
            "The estimate lies within its interval.",
        ),
        ({"publication": ""}, "publication", "Name the publication, or else the trial"),
        ({"certainty": "high"}, "certainty", "Certainty is for reviews"),
        ({"results_posted": "soon"}, "results_posted", "is not a date"),
        ({"estimate": "nan"}, "estimate", "Enter a number."),
        ({"estimate": "1e999"}, "estimate", "Enter a number."),
        ({"direction": "cures"}, "direction", "Select a valid choice."),
        ({"statement": "x" * 1001}, "statement", "at most 1000 characters"),
        ({"topic": "abc"}, "topic", "Select a valid choice."),
        ({"topic": "9" * 20}, "topic", "Select a valid choice."),
    ],
)
def test_a_fault_in_a_finding_is_said_beside_a_field(
    changes: dict[str, str], field: str, sentence: str, curator: Client
) -> None:
    fill()
    draft = Finding.objects.get(state="draft")
    said = faults(send(curator, url(Finding, "change", draft.pk), **changes))
    assert any(sentence in line for line in said.get(field, [])), said


def test_more_people_affected_than_at_risk_is_said_beside_the_count(curator: Client) -> None:
    topic = fill()
    report = make_harm(topic, HarmReport.objects.get().adverse_effect, **source())
    said = faults(send(curator, url(HarmReport, "change", report.pk), affected="11"))
    assert said == {"affected": ["No more people can be affected than were at risk."]}


def source() -> dict[str, Any]:
    """Give where a report was read."""
    return {"publication": Publication.objects.get()}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"identifiers-0-value": "NCT123"}, "An NCT number is NCT and eight digits."),
        ({"arms-0-dose_low": "5"}, "A dose has a unit, and a unit a dose."),
        ({"min_age_days": "9", "max_age_days": "3"}, "The least age is at most the greatest."),
        ({"conditions": ["abc"]}, "is not a valid value"),
        ({"conditions": ["9" * 20]}, "is not a valid value"),
        ({"arms-0-intervention": "abc"}, "Select a valid choice."),
        ({"phase_rows-TOTAL_FORMS": "abc"}, "ManagementForm data is missing"),
        ({"phase_rows-0-id": "abc"}, "Please correct the error"),
    ],
)
def test_a_fault_in_a_trial_or_its_rows_is_said_in_words(
    changes: dict[str, Any], sentence: str, curator: Client
) -> None:
    trial = make_trial()
    answer = send(curator, url(Trial, "change", trial.pk), **changes)
    assert answer.status_code == 200
    assert sentence in answer.text


def test_another_trials_number_is_refused_in_words(curator: Client) -> None:
    first, second = make_trial(1), make_trial(2)
    number = {"identifiers-0-value": first.identifiers.get().value}
    answer = send(curator, url(Trial, "change", second.pk), **number)
    assert "Another trial has this identifier." in answer.text


def test_what_only_the_database_refuses_comes_back_in_words_with_all_that_was_typed(
    curator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two people enter the same topic at the same moment: both forms were valid."""
    topic = make_topic()
    monkeypatch.setattr(Topic, "validate_constraints", lambda *_, **__: None)
    answer = send(
        curator,
        url(Topic, "add"),
        condition=topic.condition_id,
        intervention=topic.intervention_id,
        role=topic.role,
        population=topic.population,
    )
    assert faults(answer)["condition"] == ["That topic exists already."]
    assert f'<option value="{topic.condition_id}" selected>' in answer.text
    assert Topic.objects.count() == 1


def test_a_refused_save_leaves_no_entry_in_the_audit_log(
    curator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = make_topic()
    monkeypatch.setattr(Topic, "validate_constraints", lambda *_, **__: None)
    before = LogEntry.objects.count()
    fields = {"condition": topic.condition_id, "intervention": topic.intervention_id}
    send(curator, url(Topic, "add"), **fields, role=topic.role, population=topic.population)
    assert LogEntry.objects.count() == before


def test_a_loop_of_parents_is_refused_beside_the_parent(curator: Client) -> None:
    wide = make_topic(1).condition
    narrow = make_topic(2).condition
    narrow.parent = wide
    narrow.save()
    said = faults(send(curator, url(Condition, "change", wide.pk), parent=narrow.pk))
    assert said == {"parent": ["That parent stands under this term already."]}


def test_a_fact_is_accepted_by_whoever_enters_it(curator: Client) -> None:
    send(curator, url(Publication, "add"), title="A paper", pmid="123")
    paper = Publication.objects.get()
    assert (paper.origin, paper.accepted_by.username) == ("curator", "anna")
    assert paper.accepted_at is not None
    assert Publication.objects.public().exists()


def test_a_change_of_a_fact_keeps_who_accepted_it(curator: Client) -> None:
    paper = make_publication()
    send(curator, url(Publication, "change", paper.pk), title="Another title")
    paper.refresh_from_db()
    assert (paper.title, paper.origin, paper.accepted_by) == ("Another title", "starter", None)


def test_a_change_that_readers_see_moves_the_data_version(curator: Client) -> None:
    paper = make_publication()
    before = version()
    send(curator, url(Publication, "change", paper.pk))
    assert version() == before, "nothing was changed"
    send(curator, url(Publication, "change", paper.pk), standing="retracted")
    assert version() > before


def test_an_approval_moves_the_rule_on_both_interventions_that_it_was_of(curator: Client) -> None:
    one, two = make_topic(1), make_topic(2)
    send(
        curator,
        url(Approval, "add"),
        intervention=one.intervention_id,
        condition=one.condition_id,
        population=one.population,
        agency="FDA",
        substance_is_il2="on",
    )
    one.refresh_from_db()
    assert (one.rule, one.rule_status) == ("I2", "investigated")
    approval = Approval.objects.get()
    moved = {"intervention": two.intervention_id, "condition": two.condition_id}
    send(curator, url(Approval, "change", approval.pk), **moved)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.rule, two.rule) == ("I1", "I2")


def test_trials_of_a_topic_move_its_rule(curator: Client) -> None:
    topic = make_topic()
    trial = make_trial(start="2001", recruitment_status="COMPLETED")
    send(curator, url(Topic, "change", topic.pk), trials=[trial.pk])
    topic.refresh_from_db()
    assert (topic.rule, topic.trials_count) == ("E1", 1)


def test_a_row_that_ties_a_paper_to_a_trial_can_be_added_and_taken_out(curator: Client) -> None:
    trial, paper = make_trial(), make_publication()
    before = version()
    page = url(Trial, "change", trial.pk)
    rows = {"publication_rows-TOTAL_FORMS": "1", "publication_rows-0-id": ""}
    rows |= {"publication_rows-0-trial": str(trial.pk), "publication_rows-0-relation": "reports"}
    assert send(curator, page, **rows, **{"publication_rows-0-publication": paper.pk})
    assert TrialPublication.objects.get().publication == paper
    assert version() > before
    before = version()
    send(curator, page, **{"publication_rows-0-DELETE": "on"})
    assert not TrialPublication.objects.exists()
    assert version() > before


def test_a_topics_question_is_fixed_once_something_was_written_on_it(curator: Client) -> None:
    topic, free = fill(), make_topic(2)
    other = make_topic(3).condition
    send(curator, url(Topic, "change", topic.pk), condition=other.pk)
    send(curator, url(Topic, "change", free.pk), condition=other.pk)
    topic.refresh_from_db()
    free.refresh_from_db()
    assert topic.condition != other
    assert free.condition == other


def test_the_address_of_a_term_is_fixed_and_merging_is_an_administrators(
    curator: Client, administrator: Client
) -> None:
    one, two = make_topic(1).condition, make_topic(2).condition
    Topic.objects.filter(condition=one).delete()
    page = url(Condition, "change", one.pk)
    send(curator, page, slug="elsewhere", merged_into=two.pk)
    one.refresh_from_db()
    assert (one.slug, one.merged_into) == ("condition-1", None)
    send(administrator, page, slug="elsewhere", merged_into=two.pk)
    one.refresh_from_db()
    assert (one.slug, one.merged_into) == ("condition-1", two)


def test_a_word_that_something_names_is_not_merged(administrator: Client) -> None:
    topic, two = fill(), make_topic(2).condition
    page = url(Condition, "change", topic.condition_id)
    (said,) = faults(send(administrator, page, merged_into=two.pk))["merged_into"]
    assert said.startswith("It is still used (")
    topic.condition.refresh_from_db()
    assert topic.condition.merged_into is None


def test_a_word_that_a_trial_or_a_consideration_names_is_not_deleted(
    administrator: Client,
) -> None:
    trial, named = make_trial(7), make(Condition, name="Named fever")
    trial.conditions.add(named)
    consideration = make(Consideration)
    consideration.conditions.add(named)
    page = url(Condition, "delete", named.pk)
    said = administrator.get(page).text
    assert "Trial: <a" in said
    assert str(trial) in said
    assert consideration.code in said
    administrator.post(page, {"post": "yes"})
    many = {"action": "delete_selected", "_selected_action": [named.pk], "post": "yes"}
    administrator.post(url(Condition, "changelist"), many)
    assert list(trial.conditions.all()) == [named]
    trial.conditions.clear()
    consideration.conditions.clear()
    administrator.post(page, {"post": "yes"})
    assert not Condition.objects.filter(pk=named.pk).exists()


def test_effects_that_lead_to_each_other_are_deleted_together(administrator: Client) -> None:
    first, second = make(AdverseEffect), make(AdverseEffect)
    first.leads_to.add(second)
    page = url(AdverseEffect, "changelist")
    chosen = {"action": "delete_selected", "post": "yes"}
    administrator.post(page, chosen | {"_selected_action": [second.pk]})
    assert AdverseEffect.objects.count() == 2
    administrator.post(page, chosen | {"_selected_action": [first.pk, second.pk]})
    assert not AdverseEffect.objects.exists()


def test_a_merged_term_is_offered_nowhere(curator: Client) -> None:
    one, two = make_topic(1).condition, make_topic(2).condition
    one.merged_into = two
    one.save()
    query = {"app_label": "evidence", "model_name": "topic", "field_name": "condition"}
    found = curator.get("/admin/autocomplete/", query | {"term": "Condition"}).json()["results"]
    assert [row["text"] for row in found] == ["Condition 2"]


def test_view_on_site_is_offered_only_where_readers_have_a_page(curator: Client) -> None:
    topic, empty = fill(), make_topic(2)
    assert f"/evidence/T{topic.pk}/" in curator.get(url(Topic, "change", topic.pk)).text
    assert "/evidence/T" not in curator.get(url(Topic, "change", empty.pk)).text
    public = Finding.objects.public().get()
    draft = Finding.objects.get(state="draft")
    assert f"/findings/{public.code}/" in curator.get(url(Finding, "change", public.pk)).text
    assert "/findings/F" not in curator.get(url(Finding, "change", draft.pk)).text


@pytest.mark.parametrize("letter", ["F", "f"])
def test_a_code_finds_its_record(letter: str, curator: Client) -> None:
    fill()
    draft = Finding.objects.get(state="draft")
    found = curator.get(url(Finding, "changelist") + f"?q={letter}{draft.record_id}")
    assert [row.pk for row in found.context["cl"].result_list] == [draft.pk]


def test_a_long_panel_ends_after_fifty_rows_with_a_way_to_all(curator: Client) -> None:
    topic = fill()
    from tests.admin.rows import make_finding

    for number in range(60):
        make_finding(topic, Publication.objects.get(), outcome=f"Outcome {number}")
    page = curator.get(url(Topic, "change", topic.pk)).text
    assert f"/admin/evidence/finding/?topic__id__exact={topic.pk}" in page
    assert page.count("/admin/evidence/finding/") < 60
    assert curator.get(f"/admin/evidence/finding/?topic__id__exact={topic.pk}").status_code == 200


def test_people_who_enter_are_named_by_their_account(curator: Client) -> None:
    send(curator, url(Publication, "add"), title="A paper", pmid="123")
    entry = LogEntry.objects.get_for_model(Publication).get()
    assert entry.actor == get_user_model().objects.get(username="anna")
