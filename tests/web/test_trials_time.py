"""Trials through time: drawn as far as their dates are known, and always said in words."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.test import Client

from evidence import vocab
from evidence.models import Trial, TrialPhase
from evidence.web.trials_time import MOST_DRAWN, MOST_UNDATED, trials_time
from tests.charts.drawn import parsed, texts
from tests.web import examples
from tests.web.reading import body, words

pytestmark = pytest.mark.django_db

PAGE = "/interventions/intermittent-sc/"
SVG = f"{PAGE}trials.svg"


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC), tick=False):
        yield


def trial(slug: str, **given: Any) -> Trial:
    made = examples.trial(slug, **{"acronym": "", "title": f"Trial {slug}"} | given)
    made.interventions.add(examples.intervention())
    made.conditions.add(examples.condition())
    return made


def row(client: Client, slug: str) -> str:
    """A trial's row in words."""
    html = body(client, PAGE)
    return words(html[html.index(f'href="/trials/{slug}/"') :].partition("</tr>")[0])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"start": "2000-03", "completion": "2008"}, "Mar 2000 to 2008"),
        (
            {"start": "2000-03-01", "primary_completion": "2008-11"},
            "1 Mar 2000 to Nov 2008 primary completion",
        ),
        ({"start": "2000"}, "from 2000 completion not reported"),
        ({"start": "2026", "completion": "2029-01"}, "2026 to Jan 2029 the end planned"),
        ({"start": "2027", "completion": "2029-01"}, "2027 to Jan 2029 planned"),
        (
            {"start": "2020", "completion": "2021", "recruitment_status": "WITHDRAWN"},
            "2020 to 2021 never begun",
        ),
        (
            {"start": "2020", "completion": "2024-10", "recruitment_status": "RECRUITING"},
            "2020 to Oct 2024 the registry's entry is old",
        ),
        (
            {"start": "2025-06", "completion": "2028", "recruitment_status": "NOT_YET_RECRUITING"},
            "Jun 2025 to 2028 planned, the registry's entry is old",
        ),
        (
            {"start": "2020-05", "completion": "2011"},
            "May 2020 to 2011 as registered, though it would end before it starts",
        ),
    ],
)
def test_a_row_says_the_dates_and_what_is_not_known_of_them(
    client: Client, given: dict[str, str], said: str
) -> None:
    trial("NCT00000001", **given)
    assert said in row(client, "NCT00000001")


def test_a_row_says_status_people_and_results(client: Client) -> None:
    trial(
        "NCT00000001",
        recruitment_status=vocab.RecruitmentStatus.TERMINATED,
        results_posted="2011-04-25",
        enrolment_type=vocab.EnrolmentType.ESTIMATED,
    )
    assert re.search(
        r"NCT00000001 Terminated results posted 25 Apr 2011 4,150 planned",
        row(client, "NCT00000001"),
    )


def test_trials_stand_by_phase_the_latest_first(client: Client) -> None:
    for number, phases in enumerate([[], ["PHASE1", "PHASE2"], ["NA"], ["PHASE2"], ["PHASE4"]]):
        made = trial(f"NCT0000000{number}")
        made.phase_rows.all().delete()
        for phase in phases:
            TrialPhase.objects.create(trial=made, phase=phase)
    drawn = trials_time(Trial.objects.public(), name="x")
    assert drawn is not None
    assert [phase.label for phase in drawn.phases] == [
        "Phase 4",
        "Phase 2",
        "Phase 1/2",
        "Phase not applicable",
        "Phase not reported",
    ]


def test_a_trial_without_a_start_is_named_and_not_drawn(client: Client) -> None:
    trial("NCT00000001", start="", completion="2004-03")
    html = body(client, PAGE)
    assert "1 trial: 0 drawn, the latest start first; 1 without a start date" in words(html)
    assert "No start reported : NCT00000001 (until Mar 2004 )." in words(html)
    assert 'class="strip' not in html


def test_of_many_trials_the_latest_are_drawn_and_the_others_counted(client: Client) -> None:
    for number in range(MOST_DRAWN + 3):
        trial(f"NCT000001{number:02}", start=str(1995 + number))
    for number in range(MOST_UNDATED + 2):
        trial(f"NCT000002{number:02}", start="")
    html = body(client, PAGE)
    text = words(html)
    assert f"{MOST_DRAWN} drawn, the latest start first; 3 counted" in text
    assert "3 earlier trials" in text
    assert "Started 1995 to 1997." in text
    assert f"and {2} more." in text
    assert html.count('<svg class="strip time"') == MOST_DRAWN + 1
    assert 'href="/trials/?intervention=intermittent-sc"' in html
    assert f'href="/trials/NCT000001{MOST_DRAWN + 2}/"' in html
    assert 'href="/trials/NCT00000100/"' not in html


def test_an_intervention_without_a_trial_says_so(client: Client) -> None:
    examples.intervention()
    assert "We hold no trial of it." in words(body(client, PAGE))
    text = words(body(client, SVG, status=404))
    assert "We hold no trial to be drawn: Intermittent subcutaneous IL-2." in text


@pytest.mark.parametrize("of", ["interventions/intermittent-sc", "conditions/hiv-infection"])
def test_the_drawing_stands_alone_with_its_source(client: Client, of: str) -> None:
    trial("NCT00000001", acronym="<ESPRIT>", completion="2008")
    trial("NCT00000002", start="")
    response = client.get(f"/{of}/trials.svg")
    assert response.status_code == 200
    assert response["Content-Type"] == "image/svg+xml"
    svg = response.content.decode()
    assert not re.search(r"<style|style=|<script|class=\"[^\"]*\" style", svg)
    said = texts(svg)
    assert "<ESPRIT>" in said
    assert any(f"/{of}/ · data version" in one for one in said)
    assert any("1 without a start date: NCT00000002." in one for one in said)
    assert parsed(svg).get("role") == "img"


def test_a_drawing_holds_what_stands_below_a_term_and_follows_a_merged_one(client: Client) -> None:
    wider = examples.intervention("Aldesleukin", "aldesleukin", kind="recombinant")
    narrower = examples.intervention()
    narrower.parent = wider
    narrower.save()
    trial("NCT00000001", acronym="ESPRIT")
    assert "ESPRIT" in texts(body(client, "/interventions/aldesleukin/trials.svg"))
    old = examples.intervention("Old name", "old-name")
    old.merged_into = wider
    old.save()
    moved = client.get("/interventions/old-name/trials.svg")
    assert (moved.status_code, moved["Location"]) == (301, "/interventions/aldesleukin/trials.svg")
    assert client.get("/interventions/none/trials.svg").status_code == 404


def test_a_draft_trial_is_in_no_drawing(client: Client) -> None:
    trial("NCT00000001")
    before = body(client, SVG)
    trial("NCT00000002", accepted_at=None)
    assert body(client, SVG) == before
