"""From a fact to what is written on it: jump links, forms filled ahead, topics within reach."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from evidence.models import (
    AdverseEffect,
    Finding,
    HarmReport,
    Publication,
    Topic,
    Trial,
    TrialPublication,
)
from tests.admin.pages import form_of, send, url
from tests.admin.rows import make_harm, make_publication, make_topic, make_trial

pytestmark = pytest.mark.django_db


def jumps(client: Client, page: str) -> dict[str, str]:
    """Give the links at the top of a form, by their words."""
    listed = client.get(page).text.partition('<ul class="counts">')[2].partition("</ul>")[0]
    found = re.findall(r'href="([^"]+)">(.+?)</a>', listed)
    return {re.sub(r"</?b>", "", words): way.replace("&amp;", "&") for way, words in found}


@pytest.fixture
def trial() -> Trial:
    """A trial with one condition and one intervention that addresses no topic."""
    topic, trial = make_topic(), make_trial(design="randomised")
    trial.conditions.add(topic.condition)
    trial.interventions.add(topic.intervention)
    return trial


def test_a_trial_without_a_topic_gets_one_from_its_page(trial: Trial, curator: Client) -> None:
    Topic.objects.all().delete()
    way = jumps(curator, url(Trial, "change", trial.pk))["Add topic with this trial"]
    assert send(curator, way, population="adult").status_code == 302
    topic = Topic.objects.get()
    assert [*topic.trials.all()] == [trial]
    assert topic.condition == trial.conditions.get()
    assert topic.intervention == trial.interventions.get()
    assert topic.role == "treatment"


def test_a_trial_leads_to_the_topics_on_its_condition_that_it_is_not_at(
    trial: Trial, curator: Client
) -> None:
    make_topic(2)
    topic = Topic.objects.order_by("pk").first()
    panel = curator.get(url(Trial, "change", trial.pk)).context["panels"][1]
    assert [row.url for row in panel.rows] == [url(Topic, "change", topic.pk)]
    topic.trials.add(trial)
    shown = curator.get(url(Trial, "change", trial.pk)).context["panels"]
    assert [panel.title for panel in shown][1] == "Findings of it"


def test_what_is_certain_of_a_trials_results_is_filled_in(trial: Trial, curator: Client) -> None:
    topic, paper = Topic.objects.get(), make_publication()
    topic.trials.add(trial)
    TrialPublication.objects.create(trial=trial, publication=paper)
    ways = jumps(curator, url(Trial, "change", trial.pk))
    started = form_of(curator, ways["Add finding"])
    certain = {
        "topic": [str(topic.pk)],
        "publication": [str(paper.pk)],
        "trial": [str(trial.pk)],
        "population": ["adult"],
        "design": ["randomised"],
    }
    assert started | certain == started
    harm = form_of(curator, ways["Add harm report"])
    assert harm["intervention"] == [str(topic.intervention_id)]


def test_what_is_not_certain_is_left_to_the_curator(trial: Trial, curator: Client) -> None:
    for number in (2, 3):
        make_topic(number).trials.add(trial)
        TrialPublication.objects.create(trial=trial, publication=make_publication(number))
    started = form_of(curator, jumps(curator, url(Trial, "change", trial.pk))["Add finding"])
    assert "topic" not in started or started["topic"] == [""]
    assert "publication" not in started or started["publication"] == [""]


def test_from_a_paper_of_one_trial_the_trial_is_filled_in(trial: Trial, curator: Client) -> None:
    paper = make_publication()
    TrialPublication.objects.create(trial=trial, publication=paper)
    page = url(Publication, "change", paper.pk)
    assert form_of(curator, jumps(curator, page)["Add finding"])["trial"] == [str(trial.pk)]
    TrialPublication.objects.create(trial=make_trial(2), publication=paper)
    assert "trial=" not in jumps(curator, page)["Add finding"]


def test_the_top_of_a_form_counts_what_hangs_on_it_and_leads_there(
    trial: Trial, curator: Client
) -> None:
    topic = Topic.objects.get()
    effect = AdverseEffect.objects.create(name="Fever", slug="fever", organ_system="General")
    for number in range(52):
        make_harm(topic, effect, publication=make_publication(number), trial=trial)
    page = url(Topic, "change", topic.pk)
    ways = jumps(curator, page)
    assert {"Findings 0", "Harm reports 52", "Add finding", "Add harm report"} <= {*ways}
    assert f'id="{ways["Harm reports 52"].removeprefix("#")}"' in curator.get(page).text


def test_a_viewer_is_led_to_what_is_there_and_not_to_adding(trial: Trial, viewer: Client) -> None:
    ways = jumps(viewer, url(Trial, "change", trial.pk))
    assert "Findings 0" in ways
    assert not [words for words in ways if words.startswith("Add")]


def test_a_term_made_beside_a_form_is_deleted_from_its_own_page(curator: Client) -> None:
    page = url(AdverseEffect, "add") + "?_to_field=id&_popup=1"
    sent: dict[str, Any] = {"name": "Loss of smell", "organ_system": "Nervous system", "_popup": 1}
    assert send(curator, page, **sent, slug="loss-of-smell").status_code == 200
    own = url(AdverseEffect, "change", AdverseEffect.objects.get().pk)
    assert f'href="{own}"' in curator.get(own + "?_to_field=id&_popup=1").text
    assert "Delete</a>" in curator.get(own).text
    assert "Word in the address" in curator.get(own).text


@pytest.mark.parametrize("model", [Finding, HarmReport])
def test_a_form_that_offers_lists_is_filled_ahead_as_ever(model: Any, curator: Client) -> None:
    topic = make_topic()
    started = form_of(curator, url(model, "add") + f"?topic={topic.pk}&_lists=1")
    assert started["topic"] == [str(topic.pk)]
    page = curator.get(url(model, "add") + f"?topic={topic.pk}").text
    assert f'<a href="?topic={topic.pk}&amp;_lists=1">choose from lists</a>' in page
