"""The inbox: every card says what came in and why, and one press decides on it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evidence.models import Condition, Intervention, Publication, RegistryRecord, Trial
from evidence.vocab import Verdict
from tests.admin.pages import url
from tests.models.rows import make
from tests.sync.came_in import (
    NUMBER,
    paper_that_came_in,
    record_of,
    study_that_only_mentions,
    trial_that_came_in,
)

pytestmark = pytest.mark.django_db
INBOX = "/admin/evidence/trial/inbox/"
PAPERS = "/admin/evidence/publication/inbox/"


def send(client: Client, thing: Any, action: str, *, at: str = INBOX, **more: Any) -> Any:
    """Send a card, as its form would; a trial is accepted under a form of IL-2."""
    if action == "accept" and at.startswith(INBOX) and "other_interventions" not in more:
        more["other_interventions"] = (Intervention.objects.first() or make(Intervention)).name
    name = getattr(thing, "slug", "") or thing.code
    return client.post(at, {"card": thing.pk, "name": name, f"_{action}": "1", **more})


def said(client: Client, answer: Any) -> str:
    """Give the sentences that the page shows to which an answer leads, as plain text."""
    page = client.get(answer["Location"])
    found = re.findall(r'<li class="(?:success|info|warning|error)">(.*?)</li>', page.text, re.S)
    return " ".join(re.sub(r"<[^>]+>", "", one).strip() for one in found)


# --- What a card shows ----------------------------------------------------------------------------


def test_a_card_says_what_the_registry_says_and_why_it_is_here(curator: Client) -> None:
    make(Condition, name="Systemic lupus erythematosus", slug="sle")
    trial_that_came_in()
    page = curator.get(INBOX).text
    for words in (
        NUMBER,
        f"https://clinicaltrials.gov/study/{NUMBER}",
        "Low-dose interleukin-2 in made-up disease 101",
        "Recruiting",
        "Phase 2",
        "60, estimated",
        "2020-01",
        "Example University",
        "Aldesleukin (drug)",
        "Placebo: Placebo",
        "Gives IL-2:",
        record_of(NUMBER).reason,
    ):
        assert words in page, words
    assert re.search(r'name="conditions" value="\d+" checked', page)


def test_a_grey_one_is_marked_and_can_be_asked_for_alone(curator: Client) -> None:
    grey, other = trial_that_came_in(), trial_that_came_in("NCT00000102")
    grey.registry_records.update(verdict=Verdict.GREY)
    page = curator.get(f"{INBOX}?verdict=grey").text
    assert "may give IL-2</span>" in page
    assert f'id="card-{grey.pk}"' in page
    assert f'id="card-{other.pk}"' not in page
    assert "May give IL-2 (1)" in curator.get(INBOX).text


def test_what_was_accepted_and_what_a_person_entered_is_not_in_the_inbox(curator: Client) -> None:
    make(Trial, slug="entered")
    assert "No trial waits." in curator.get(INBOX).text


def test_a_page_holds_twenty_five_cards_the_newest_first(curator: Client) -> None:
    trials = [make(Trial, origin="import") for _ in range(26)]
    first = re.findall(r'id="card-(\d+)"', curator.get(INBOX).text)
    assert first == [str(one.pk) for one in reversed(trials)][:25]
    last = curator.get(f"{INBOX}?page=2")
    assert re.findall(r'id="card-(\d+)"', last.text) == [str(trials[0].pk)]
    # Its only card goes; whoever comes back finds the last page there is.
    assert curator.get(f"{INBOX}?page=3").status_code == 200


def test_twenty_cards_take_as_many_queries_as_one(curator: Client) -> None:
    def asked(page: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert curator.get(page).status_code == 200
        return len(queries)

    def fill(start: int, count: int) -> None:
        for number in range(start, start + count):
            trial_that_came_in(f"NCT{number:08}")
            paper_that_came_in()

    fill(201, 1)
    asked(INBOX)  # the first answer fills caches of its own
    once = [asked(page) for page in (INBOX, PAPERS)]
    fill(301, 19)
    assert [asked(page) for page in (INBOX, PAPERS)] == once


def test_a_viewer_reads_the_cards_and_finds_no_form(viewer: Client) -> None:
    trial_that_came_in()
    page = viewer.get(INBOX).text
    assert NUMBER in page
    assert "_accept" not in page
    assert "Your duties do not include deciding on it" in page
    assert send(viewer, Trial.objects.get(), "accept").status_code == 403


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=x", "page=999999", "verdict=not-il2", "verdict=x", "sort=1", "q=" + "x" * 201],
)
def test_what_an_address_cannot_ask_is_refused_in_words(curator: Client, query: str) -> None:
    assert curator.get(f"{INBOX}?{query}").status_code == 400


def test_the_queue_the_list_and_the_search_lead_to_the_inbox(curator: Client) -> None:
    trial_that_came_in()
    assert f'href="{INBOX}"' in curator.get(reverse("admin:index")).text
    assert f'href="{INBOX}"' in curator.get(url(Trial, "changelist")).text
    found = curator.get(f"{INBOX}?q={NUMBER.lower()}").text
    assert "1 trial waits" in found
    assert "Nothing that waits is like that." in curator.get(f"{INBOX}?q=zzz").text


# --- Accepting ------------------------------------------------------------------------------------


def test_a_card_is_accepted_under_what_is_ticked_and_what_is_named(curator: Client) -> None:
    trial = trial_that_came_in()
    ticked, named = make(Condition), make(Condition, name="Lupus, any", synonyms="SLE")
    drug = make(Intervention, name="Low-dose IL-2")
    answer = send(
        curator,
        trial,
        "accept",
        conditions=[ticked.pk],
        other_conditions="sle",
        other_interventions="low-dose IL-2; ",
    )
    assert answer.status_code == 302
    trial.refresh_from_db()
    assert trial.accepted_by == get_user_model().objects.get(username="anna")
    assert {*trial.conditions.all()} == {ticked, named}
    assert [*trial.interventions.all()] == [drug]
    told = said(curator, answer)
    assert f"{NUMBER} is accepted, under {ticked}, Lupus, any and Low-dose IL-2." in told


def test_a_decision_leads_back_to_the_place_in_the_inbox(curator: Client) -> None:
    trial, after = trial_that_came_in(), trial_that_came_in("NCT00000102")
    at = f"{INBOX}?verdict=gives&page=1"
    answer = send(curator, trial, "accept", at=at, after=after.pk)
    assert answer["Location"] == f"{at}&at={after.pk}&accepted={trial.pk}#done"
    page = curator.get(answer["Location"]).text
    assert f"{NUMBER}</a> is accepted" in page.partition('id="done"')[2].partition("<section")[0]
    assert f'id="card-{after.pk}"' in page.partition('id="done"')[2]


def test_a_term_that_is_not_there_is_said_and_nothing_typed_is_lost(curator: Client) -> None:
    trial, condition = trial_that_came_in(), make(Condition)
    trial.conditions.add(condition)
    typed = {"other_conditions": "Luppus", "other_interventions": "Low-dose"}
    answer = send(curator, trial, "accept", **typed)
    assert answer.status_code == 409
    assert "There is no condition “Luppus”." in answer.text
    for words in typed.values():
        assert f'value="{words}"' in answer.text
    # Not ticked when it was sent, and not ticked again.
    assert f'name="conditions" value="{condition.pk}">' in answer.text
    assert Trial.objects.get().accepted_at is None


def test_the_second_of_two_people_is_told_and_loses_nothing(
    curator: Client, administrator: Client
) -> None:
    trial = trial_that_came_in()
    send(curator, trial, "turn_down", reason="It measures IL-2.")
    answer = send(administrator, trial, "turn_down", reason="It is IL-21.")
    assert answer.status_code == 409
    assert "anna decided on NCT00000101" in answer.text
    assert "turned down, because “It measures IL-2.”" in answer.text
    assert "You had typed: “It is IL-21.”" in answer.text


@pytest.mark.parametrize(
    "sent",
    [
        {"card": "x"},
        {"card": ""},
        {"card": "9" * 30},
        {"conditions": ["x"]},
        {"conditions": ["999999"]},
        {"after": "x"},
        {"into": "\x00"},
        {"other_conditions": "\x00;" * 5_000},
        {"name": "\ud800".encode("utf-8", "replace")},
    ],
    ids=str,
)
@pytest.mark.parametrize("action", ["accept", "join", "turn_down", "else"])
def test_whatever_is_sent_is_answered_in_words(
    curator: Client, sent: dict[str, Any], action: str
) -> None:
    trial = trial_that_came_in()
    answer = curator.post(INBOX, {"card": trial.pk, f"_{action}": "1"} | sent)
    assert answer.status_code in {302, 400, 409}


def test_enter_in_a_box_decides_nothing(curator: Client) -> None:
    trial = trial_that_came_in()
    form = curator.get(INBOX).text.partition('class="card-form"')[2]
    assert re.findall(r'<(?:button|input type="submit")[^>]* name="(_\w+)"', form)[0] == "_nothing"
    typed = {"reason": "It measures IL-2.", "into": "ESPRIT", "other_conditions": "Lupus"}
    for pressed in ("nothing", "else"):
        answer = send(curator, trial, pressed, **typed)
        assert answer.status_code == 409
        assert "Choose one of the three: accept it, “It is another number of”" in answer.text
        for words in typed.values():
            assert f'value="{words}"' in answer.text
    assert Trial.objects.get().accepted_at is None


@pytest.mark.parametrize(
    ("action", "typed"),
    [
        ("accept", {"reason": "It measures IL-2."}),
        ("accept", {"into": "ESPRIT"}),
        ("join", {"into": "ESPRIT", "reason": "It measures IL-2."}),
        ("turn_down", {"into": "ESPRIT", "reason": "It measures IL-2."}),
    ],
    ids=str,
)
@pytest.mark.parametrize("at", [INBOX, PAPERS])
def test_no_button_is_believed_against_what_another_box_holds(
    curator: Client, at: str, action: str, typed: dict[str, str]
) -> None:
    thing = trial_that_came_in() if at == INBOX else paper_that_came_in()
    answer = send(curator, thing, action, at=at, **typed)
    assert answer.status_code == 409
    assert "Empty it, or press the button beside it" in answer.text
    for words in typed.values():
        assert f'value="{words}"' in answer.text
    thing.refresh_from_db()
    assert thing.accepted_at is None


def test_no_trial_is_accepted_without_a_form_of_il2(curator: Client) -> None:
    trial = trial_that_came_in()
    answer = send(curator, trial, "accept", other_interventions="")
    assert answer.status_code == 409
    assert "Say which form of IL-2 it gives, or turn it down." in answer.text


def test_a_trial_without_a_condition_is_said_to_wait_in_the_queue(curator: Client) -> None:
    told = said(curator, send(curator, trial_that_came_in(), "accept"))
    assert "It is not mapped to a condition yet: the queue holds it until it is." in told


@pytest.mark.parametrize("at", [INBOX, PAPERS])
def test_an_acceptance_can_be_undone_on_the_next_page(curator: Client, at: str) -> None:
    thing = trial_that_came_in() if at == INBOX else paper_that_came_in()
    answer = send(curator, thing, "accept", at=at)
    assert 'name="_take_back"' in curator.get(answer["Location"]).text
    back = send(curator, thing, "take_back", at=answer["Location"].partition("#")[0])
    assert back["Location"] == f"{at}?at={thing.pk}#done"
    assert "waits in the inbox again." in said(curator, back)
    thing.refresh_from_db()
    assert thing.accepted_at is None
    assert 'name="_take_back"' not in curator.get(answer["Location"]).text


def test_a_card_that_is_gone_gives_all_that_was_typed_back(
    curator: Client, administrator: Client
) -> None:
    trial = trial_that_came_in()
    send(curator, trial, "accept")
    typed = {"other_conditions": "Lupus", "other_interventions": "Low-dose IL-2"}
    answer = send(administrator, trial, "accept", **typed)
    assert answer.status_code == 409
    assert "anna accepted it already" in answer.text
    assert "You had typed: “Lupus”; “Low-dose IL-2”." in answer.text


def test_a_grey_card_shows_first_what_it_is_grey_by(curator: Client) -> None:
    others = [{"type": "DRUG", "name": f"Drug {n}"} for n in range(15)]
    about = f"{'Before it. ' * 30}Cells are infused with low-dose IL-2 by vein. {'After it. ' * 30}"
    arms = [{"label": f"Arm {n}", "type": "OTHER"} for n in range(15)]
    cells = {"label": "Cells", "type": "EXPERIMENTAL", "description": about}
    trial = trial_that_came_in(interventions=others, armGroups=[*arms, cells])
    assert trial.registry_records.get().verdict == Verdict.GREY
    page = curator.get(INBOX).text
    first = page.partition("Arms, as registered")[2].partition("<li>")[2].partition("</li>")[0]
    assert first.startswith("Cells — “… ")
    assert "Cells are infused with low-dose IL-2 by vein." in first
    assert len(first) < 260


def test_a_card_says_which_trial_it_looks_like_and_offers_its_number(curator: Client) -> None:
    same = make(Trial, slug="esprit", title="Low dose Interleukin 2, in made-up disease 101")
    plan = {"sponsor": "Example University", "start": "2020-01", "enrolment": 60}
    plan_alike = make(Trial, slug="other", title="Aldesleukin, again", **plan)
    make(Trial, slug="else", title="Low-dose interleukin-2 in made-up disease 102")
    trial_that_came_in()
    page = curator.get(INBOX).text
    for one, because in (
        (same, "the same title"),
        (plan_alike, "the same sponsor, start and number of people"),
    ):
        assert f'<a href="{url(Trial, "change", one.pk)}">{one.slug}</a> ({because})' in page
        assert f'<option value="{one.slug}">{because}</option>' in page
    assert "else</a>" not in page
    assert re.search(r'name="into" value=""', page)


# --- Joining, turning down, and back --------------------------------------------------------------


def test_a_card_is_joined_to_the_trial_that_is_named(curator: Client) -> None:
    trial, other = trial_that_came_in(), make(Trial, acronym="ESPRIT", slug="esprit")
    answer = send(curator, trial, "join", into="ESPRIT")
    assert [*Trial.objects.all()] == [other]
    assert "esprit has NCT00000101 among its numbers now." in said(curator, answer)


def test_a_card_is_not_joined_to_what_nobody_knows(curator: Client) -> None:
    trial = trial_that_came_in()
    paper = make(Publication, pmid=19828532)
    for into, words in (
        ("", "Name the entry"),
        ("NOBODY", "No one trial is known by “NOBODY”"),
        (str(paper.pmid), "No one trial is known by"),
        (NUMBER, "this very entry"),
    ):
        answer = send(curator, trial, "join", into=into)
        assert answer.status_code == 409
        assert words in answer.text
    assert Trial.objects.filter(pk=trial.pk).exists()


def test_what_is_turned_down_can_be_undone_on_the_next_page(curator: Client) -> None:
    trial = trial_that_came_in()
    answer = send(curator, trial, "turn_down", reason="It measures IL-2.")
    assert f"{NUMBER} does not give IL-2: remembered." in said(curator, answer)
    page = curator.get(answer["Location"])
    undo = reverse("admin:evidence_registryrecord_take_in", args=[record_of(NUMBER).pk])
    assert f'action="{undo}"' in page.text
    back = curator.post(undo)
    assert Trial.objects.get().slug == NUMBER
    assert back["Location"] == f"{INBOX}?at={Trial.objects.get().pk}#done"
    assert f"{NUMBER} waits in the inbox." in said(curator, back)
    assert undo not in curator.get(answer["Location"]).text


def test_what_was_judged_not_to_give_il2_is_found_with_its_reason(curator: Client) -> None:
    record = study_that_only_mentions()
    trial_that_came_in()
    listed = curator.get(f"{url(RegistryRecord, 'changelist')}?verdict__exact=not-il2").text
    assert record.value in listed
    assert NUMBER not in listed
    assert record.value in curator.get(f"{url(RegistryRecord, 'changelist')}?q=methotrexate").text
    page = curator.get(url(RegistryRecord, "change", record.pk)).text
    assert record.reason in page
    assert "Take it in after all" in page
    person = f"{url(RegistryRecord, 'changelist')}?decided=person"
    assert record.value not in curator.get(person).text


def test_a_viewer_takes_nothing_in(viewer: Client) -> None:
    record = study_that_only_mentions()
    assert "Take it in" not in viewer.get(url(RegistryRecord, "change", record.pk)).text
    assert viewer.post(url(RegistryRecord, "take_in", record.pk)).status_code == 403


def test_what_cannot_be_taken_in_is_said_on_its_page(curator: Client) -> None:
    record = study_that_only_mentions()
    take_in = url(RegistryRecord, "take_in", record.pk)
    curator.post(take_in)
    assert "It is here already" in said(curator, curator.post(take_in))
    assert curator.post(url(RegistryRecord, "take_in", 987_654)).status_code == 404
    assert Trial.objects.count() == 1


def test_two_payloads_of_a_record_are_compared_field_by_field(curator: Client) -> None:
    trial_that_came_in()
    trial_that_came_in(overallStatus="TERMINATED", whyStopped="Slow accrual.")
    record = record_of(NUMBER)
    page = curator.get(url(RegistryRecord, "change", record.pk)).text
    changed = page.partition("What changed from")[2]
    assert re.search(r"Recruitment status</th><td[^>]*>Recruiting</td><td[^>]*>Terminated", changed)
    assert "Slow accrual." in changed
    assert "Sponsor" not in changed.partition("</table>")[0]


# --- Publications ---------------------------------------------------------------------------------


def test_publications_that_came_in_are_accepted_joined_or_left_out(curator: Client) -> None:
    first, second, third = (paper_that_came_in(pmid=1001 + n) for n in range(3))
    other = make(Publication, doi="10.1000/x", pmid=None)
    assert "3 publications wait" in curator.get(PAPERS).text
    send(curator, first, "accept", at=PAPERS)
    send(curator, second, "join", at=PAPERS, into=other.code)
    left = send(curator, third, "turn_down", at=PAPERS, reason="It is about IL-12.")
    assert [*Publication.objects.public()] == [first]
    other.refresh_from_db()
    assert other.pmid == second.pmid
    assert not Publication.objects.filter(pk=third.pk).exists()
    assert "1003 is left out: remembered." in said(curator, left)
    assert "No publication waits." in curator.get(PAPERS).text
