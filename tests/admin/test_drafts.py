"""A judgement entered here is a draft and stays one, whatever is sent by whomever."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from evidence import vocab
from evidence.curation import duties
from evidence.ledger import version
from evidence.models import Condition, Finding, Publication, Record, Topic
from tests.admin.pages import faults, form_of, send, url
from tests.admin.rows import fill, make_finding, shown

pytestmark = pytest.mark.django_db
EVERYBODY = (duties.VIEWER, duties.CURATOR, duties.REVIEWER, duties.ADMINISTRATOR, "superuser")
DELETE = {"action": "delete_selected", "post": "yes"}

each_person = pytest.mark.parametrize("duty", EVERYBODY)


@pytest.fixture
def browser(signed_in: Callable[..., Client]) -> Callable[[str], Client]:
    """The browser of a person with one duty, or of a superuser."""
    return lambda duty: signed_in("eve", duty, is_superuser=duty == "superuser")


def new_finding() -> dict[str, Any]:
    """Give what a form sends for a whole finding."""
    return {
        "topic": Topic.objects.get().pk,
        "publication": Publication.objects.get().pk,
        "outcome": "Death from any cause",
        "outcome_kind": "clinical",
        "analysis": "primary",
        "comparison": "adds-il2",
        "subjects": "patients",
        "population": "adult",
        "direction": "no-difference",
        "design": "randomised",
        "risk_of_bias": "low",
        "certainty": "not-assessed",
        "statement": "As many died with IL-2 as without.",
    }


def public_finding() -> Finding:
    """Give the published finding."""
    return Finding.objects.public().get()


def draft() -> Finding:
    """Give the draft."""
    return Finding.objects.get(state=vocab.State.DRAFT)


# --- What is entered ------------------------------------------------------------------------------


def test_a_new_finding_is_a_draft_of_the_person_who_entered_it(curator: Client) -> None:
    fill()
    answer = send(curator, url(Finding, "add"), **new_finding())
    assert answer.status_code == 302
    made = Finding.objects.latest("pk")
    assert (made.state, made.origin, made.number) == ("draft", "curator", 1)
    assert made.author == made.last_editor == get_user_model().objects.get(username="anna")
    assert made.reviewer is None
    assert made.record.kind == "F"


@each_person
def test_a_state_that_is_sent_with_a_form_is_ignored(
    duty: str, browser: Callable[[str], Client]
) -> None:
    fill()
    client = browser(duty)
    smuggled = {
        "state": "published",
        "origin": "starter",
        "published_at_0": "2026-01-01",
        "published_at_1": "00:00",
        "published_at": timezone.now().isoformat(),
        "reviewer": get_user_model().objects.get().pk,
        "author": "",
        "record": public_finding().record_id,
        "number": "7",
    }
    page = url(Finding, "change", draft().pk)
    client.post(url(Finding, "add"), new_finding() | smuggled)
    client.post(page, new_finding() | smuggled | {"opened": "0"})
    assert Finding.objects.public().count() == 1
    assert not Finding.objects.exclude(reviewer=None).exists()
    assert {row.number for row in Finding.objects.all()} == {1}


@each_person
def test_a_form_cannot_start_with_a_state(duty: str, browser: Callable[[str], Client]) -> None:
    fill()
    answer = browser(duty).get(url(Finding, "add") + "?state=published")
    assert answer.status_code in {400, 403}


@each_person
def test_saving_as_new_copies_nothing(duty: str, browser: Callable[[str], Client]) -> None:
    fill()
    before = Finding.objects.count()
    answer = browser(duty).post(
        url(Finding, "change", public_finding().pk), new_finding() | {"_saveasnew": "1"}
    )
    assert answer.status_code == 400
    assert Finding.objects.count() == before


def test_a_finding_from_a_popup_is_a_draft_too(curator: Client) -> None:
    fill()
    send(curator, url(Finding, "add") + "?_popup=1", **new_finding(), _popup="1")
    made = Finding.objects.latest("pk")
    assert (made.state, made.author.username) == ("draft", "anna")


def test_a_change_says_who_made_it_last_and_keeps_the_author(
    curator: Client, signed_in: Callable[..., Client]
) -> None:
    fill()
    send(curator, url(Finding, "add"), **new_finding())
    made = Finding.objects.latest("pk")
    berta = signed_in("berta", duties.CURATOR)
    assert send(berta, url(Finding, "change", made.pk), outcome="Death").status_code == 302
    made.refresh_from_db()
    assert (made.author.username, made.last_editor.username) == ("anna", "berta")
    assert made.outcome == "Death"


def test_a_draft_without_an_author_gets_none_by_being_changed(curator: Client) -> None:
    fill()
    assert draft().author is None
    send(curator, url(Finding, "change", draft().pk), outcome="Death")
    assert draft().author is None
    assert draft().last_editor.username == "anna"


def test_drafts_move_nothing_that_readers_see(curator: Client) -> None:
    fill()
    version.bump()
    before = version.current()
    send(curator, url(Finding, "add"), **new_finding())
    send(curator, url(Finding, "change", draft_of("anna").pk), outcome="Death")
    assert version.current() == before  # number, time and token: not the row's key alone


def draft_of(name: str) -> Finding:
    """Give the draft of a person."""
    return Finding.objects.get(author__username=name)


# --- What is public -------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["in-review", "published", "superseded", "withdrawn"])
@each_person
def test_what_is_no_draft_cannot_be_changed_or_deleted(
    state: str, duty: str, browser: Callable[[str], Client]
) -> None:
    fill()
    client = browser(duty)
    one = get_user_model().objects.create_user("one")
    two = get_user_model().objects.create_user("two")
    fields: dict[str, Any] = {"state": state}
    if state == "in-review":
        fields |= {"submitted_by": one, "submitted_at": timezone.now()}
    else:
        fields |= shown() | {"state": state}
    if state == "withdrawn":
        fields |= {
            "withdrawal_proposed_by": one,
            "withdrawal_proposed_at": timezone.now(),
            "withdrawal_reason": "Wrong table.",
            "withdrawn_by": two,
            "withdrawn_at": timezone.now(),
        }
    edition = make_finding(Topic.objects.get(), Publication.objects.get(), **fields)
    page = url(Finding, "change", edition.pk)
    assert 'name="_save"' not in client.get(page).text
    assert client.post(page, new_finding()).status_code == 403
    assert client.get(url(Finding, "delete", edition.pk)).status_code == 403
    assert client.post(url(Finding, "delete", edition.pk), {"post": "yes"}).status_code == 403
    rows = {"_selected_action": [edition.pk, draft().pk]}
    client.post(url(Finding, "changelist"), DELETE | rows)
    assert Finding.objects.filter(pk=edition.pk).exists()
    edition.refresh_from_db()
    assert (edition.state, edition.outcome) == (state, "CD4 count at week 24")


def test_a_published_edition_says_why_it_cannot_be_changed(curator: Client) -> None:
    fill()
    page = curator.get(url(Finding, "change", public_finding().pk)).text
    assert "This edition is published" in page
    assert "View finding" in page


def test_a_bulk_deletion_that_holds_a_published_row_deletes_nothing(curator: Client) -> None:
    fill()
    rows = {"_selected_action": [row.pk for row in Finding.objects.all()]}
    assert curator.post(url(Finding, "changelist"), DELETE | rows).status_code == 403
    assert Finding.objects.count() == 2


def test_a_curator_deletes_drafts_and_their_number_is_not_used_again(curator: Client) -> None:
    fill()
    number = draft().record_id
    rows = {"_selected_action": [draft().pk]}
    assert curator.post(url(Finding, "changelist"), DELETE | rows).status_code == 302
    assert not Finding.objects.filter(state="draft").exists()
    assert Record.objects.filter(pk=number).exists()
    send(curator, url(Finding, "add"), **new_finding())
    assert Finding.objects.latest("pk").record_id > number


def test_a_term_in_use_cannot_be_deleted_by_anybody(root: Client) -> None:
    fill()
    condition = Condition.objects.get()
    answer = root.post(url(Condition, "delete", condition.pk), {"post": "yes"})
    assert "would require deleting the following protected" in answer.text
    assert Condition.objects.filter(pk=condition.pk).exists()


# --- Two people at one draft ----------------------------------------------------------------------


def test_of_two_saves_the_second_gets_its_form_back_with_both_values(
    curator: Client, signed_in: Callable[..., Client]
) -> None:
    fill()
    page = url(Finding, "change", draft().pk)
    berta = signed_in("berta", duties.CURATOR)
    hers = form_of(berta, page)
    assert send(curator, page, outcome="From Anna").status_code == 302
    answer = berta.post(page, hers | {"outcome": "From Berta", "p_value": "0.5"})
    said = " ".join(faults(answer)["__all__"])
    assert "anna saved this draft while you had it open" in said
    assert "stored is “From Anna”" in said
    assert 'value="From Berta"' in answer.text
    assert 'value="0.5"' in answer.text
    assert draft().outcome == "From Anna"


def test_a_second_save_with_both_values_seen_goes_through(
    curator: Client, signed_in: Callable[..., Client]
) -> None:
    fill()
    page = url(Finding, "change", draft().pk)
    berta = signed_in("berta", duties.CURATOR)
    hers = form_of(berta, page)
    send(curator, page, outcome="From Anna")
    answer = berta.post(page, hers | {"outcome": "From Berta"})
    again = answer.context["adminform"].form.data
    assert berta.post(page, again).status_code == 302
    assert draft().outcome == "From Berta"


@pytest.mark.parametrize("opened", ["", "99", "x", "-1", "9" * 30])
def test_a_form_without_its_version_is_not_saved(opened: str, curator: Client) -> None:
    fill()
    answer = curator.post(url(Finding, "change", draft().pk), new_finding() | {"opened": opened})
    assert faults(answer)
    assert draft().outcome == "CD4 count at week 24"
