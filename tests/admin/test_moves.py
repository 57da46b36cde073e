"""Each move has its button, its page and its words, for exactly those who may make it now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from evidence.curation import duties, moves
from evidence.curation.allowed import Move
from evidence.models import (
    Assessment,
    Consideration,
    Edition,
    Finding,
    HarmReport,
    Publication,
    Step,
    Topic,
)
from tests.admin.pages import form_of, send, url
from tests.admin.rows import fill, make_finding
from tests.admin.working import hers, move, published, said, submitted, user

pytestmark = pytest.mark.django_db
KINDS = (Assessment, Finding, HarmReport, Consideration)
SEPARATE = ("submit", "publish", "return", "revise", "discard", "withdraw", "keep")


@pytest.fixture
def people(signed_in: Callable[..., Client]) -> dict[str, Client]:
    """One of everything, and the browsers of a team."""
    fill()
    return {
        "anna": signed_in("anna", duties.CURATOR),
        "berta": signed_in("berta", duties.CURATOR),
        "rita": signed_in("rita", duties.REVIEWER),
        "ada": signed_in("ada", duties.ADMINISTRATOR),
        "victor": signed_in("victor", duties.VIEWER),
    }


def proposed() -> Finding:
    """Give a published finding that Anna proposes to withdraw."""
    return moves.propose_withdrawal(published(), by=user("anna"), note="Wrong table.")


STATES: dict[str, Callable[[], Finding]] = {
    "draft": hers,
    "in review": submitted,
    "published": published,
    "proposed": proposed,
}


# --- Which moves are offered ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "name", "offered"),
    [
        ("draft", "anna", {"submit", "assign", "discard"}),
        ("draft", "berta", {"submit", "assign", "discard"}),
        ("draft", "rita", {"assign"}),
        ("draft", "victor", set()),
        ("in review", "anna", {"return", "assign"}),
        ("in review", "berta", {"assign"}),
        ("in review", "rita", {"publish", "return", "assign"}),
        ("in review", "ada", {"publish", "return", "assign"}),
        ("in review", "victor", set()),
        ("published", "anna", {"revise", "propose_withdrawal"}),
        ("published", "rita", {"propose_withdrawal"}),
        ("published", "victor", set()),
        ("proposed", "anna", {"revise", "keep"}),
        ("proposed", "rita", {"withdraw", "keep"}),
        ("proposed", "victor", set()),
    ],
)
def test_a_page_offers_exactly_the_moves_of_who_looks_at_it(
    state: str, name: str, offered: set[str], people: dict[str, Client]
) -> None:
    page = people[name].get(url(Finding, "change", STATES[state]().pk))
    shown = {str(button.move) for button in page.context["buttons"]}
    shown |= {"submit"} if 'name="_submit"' in page.text else set()
    shown |= {"discard"} if page.context["may_discard"] else set()
    assert shown == offered


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", ["anna", "berta", "rita", "victor"])
def test_a_move_that_is_not_offered_is_refused_in_words_and_moves_nothing(
    state: str, name: str, people: dict[str, Client]
) -> None:
    edition = STATES[state]()
    page = people[name].get(url(Finding, "change", edition.pk))
    offered = {str(button.move) for button in page.context["buttons"]}
    if page.context["saves_drafts"]:
        offered |= {"submit", "discard"}
    before = Finding.objects.filter(pk=edition.pk).values().get()
    steps = Step.objects.count()
    for one in set(SEPARATE) - offered:
        address = url(Finding, one, edition.pk)
        asked = people[name].get(address)
        assert asked.status_code == 403, one
        assert "<p>" in asked.text
        answer = move(people[name], edition, one, note="So be it.", conflict="none")
        # What was the last step of this very person is done already.
        assert answer.status_code in {403, 409} or "already" in said(people[name], answer), one
    assert Finding.objects.filter(pk=edition.pk).values().get() == before
    assert Step.objects.count() == steps


def test_an_author_is_told_why_she_cannot_publish(people: dict[str, Client]) -> None:
    page = people["anna"].get(url(Finding, "change", submitted().pk))
    assert "You wrote this, so someone else must publish it." in page.text
    edition = submitted("ada")
    page = people["ada"].get(url(Finding, "change", edition.pk))
    assert "Someone other than the author must publish it." in page.text


def test_a_published_edition_leads_to_the_one_being_worked_on(people: dict[str, Client]) -> None:
    draft = moves.revise(published(), by=user("anna"))
    page = people["berta"].get(url(Finding, "change", published().pk)).text
    assert url(Finding, "change", draft.pk) in page
    assert "Start a new edition" not in page


# --- Making a move --------------------------------------------------------------------------------


def test_a_draft_is_submitted_published_and_stands_in_the_place_of_the_old_one(
    people: dict[str, Client],
) -> None:
    old = published()
    answer = move(people["anna"], old, "revise")
    draft = Finding.objects.get(record=old.record, number=2)
    assert answer.url == url(Finding, "change", draft.pk)
    assert move(people["anna"], draft, "submit", note="Page 4.").status_code == 302
    draft.refresh_from_db()
    answer = move(people["rita"], draft, "publish", conflict="none")
    assert f"{draft.code} is published." in said(people["rita"], answer)
    draft.refresh_from_db()
    old.refresh_from_db()
    assert (draft.state, old.state) == ("published", "superseded")
    assert (draft.author, draft.reviewer) == (user("anna"), user("rita"))
    assert draft.conflict_of_interest == "none"
    verbs = [step.verb for step in Step.objects.filter(record=old.record)]
    assert verbs == ["began", "submitted", "published"]


def test_what_is_returned_shows_the_readers_note_beside_the_draft(
    people: dict[str, Client],
) -> None:
    edition = submitted()
    assert move(people["rita"], edition, "return", note="Which table?").status_code == 302
    page = people["anna"].get(url(Finding, "change", edition.pk))
    assert page.context["returned"].note == "Which table?"
    assert page.text.count("Which table?") == 2  # beside the form and in its history


@pytest.mark.parametrize("name", ["return", "propose_withdrawal", "keep"])
def test_a_move_that_needs_a_note_is_not_made_without_one(
    name: str, people: dict[str, Client]
) -> None:
    edition = {"return": submitted, "propose_withdrawal": published, "keep": proposed}[name]()
    before = Finding.objects.filter(pk=edition.pk).values().get()
    answer = move(people["rita"], edition, name)
    assert answer.status_code == 200
    assert answer.context["form"].errors["note"]
    assert "(required)" in answer.text
    assert Finding.objects.filter(pk=edition.pk).values().get() == before


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "conflict"),
        ({"conflict": "what"}, "conflict_words"),
        ({"conflict": "none", "conflict_words": "A grant."}, "conflict"),
        ({"conflict": "maybe"}, "conflict"),
    ],
)
def test_nothing_is_published_without_a_statement_of_interests(
    sent: dict[str, str], field: str, people: dict[str, Client]
) -> None:
    edition = submitted()
    answer = move(people["rita"], edition, "publish", note="Read.", **sent)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert "Read." in answer.text
    edition.refresh_from_db()
    assert edition.state == "in-review"


def test_a_conflict_that_is_named_is_kept_with_the_edition(people: dict[str, Client]) -> None:
    edition = submitted()
    sent = {"conflict": "what", "conflict_words": "I was an author of the trial."}
    assert move(people["rita"], edition, "publish", **sent).status_code == 302
    edition.refresh_from_db()
    assert edition.conflict_of_interest == "I was an author of the trial."


def test_a_withdrawal_takes_two_people_and_may_name_what_follows(
    people: dict[str, Client],
) -> None:
    edition = published()
    other = moves.publish(submitted(), by=user("rita"))
    sent = {"note": "Wrong table.", "successor": other.code.lower()}
    assert move(people["anna"], edition, "propose_withdrawal", **sent).status_code == 302
    edition.refresh_from_db()
    assert edition.state == "published"
    assert "Wrong table." in people["rita"].get(url(Finding, "withdraw", edition.pk)).text
    assert move(people["anna"], edition, "withdraw").status_code == 403
    assert move(people["rita"], edition, "withdraw").status_code == 302
    edition.refresh_from_db()
    assert (edition.state, edition.successor) == ("withdrawn", other.record)


@pytest.mark.parametrize("successor", ["F999999", "H1", "34", "x" * 41, "F" + "9" * 30, "F0"])
def test_a_successor_that_is_none_is_refused_beside_its_field(
    successor: str, people: dict[str, Client]
) -> None:
    sent = {"note": "Wrong table.", "successor": successor}
    answer = move(people["anna"], published(), "propose_withdrawal", **sent)
    assert answer.status_code == 200
    assert answer.context["form"].errors["successor"]
    assert published().withdrawal_proposed_by is None


def test_an_edition_is_assigned_to_one_who_may_read_it(people: dict[str, Client]) -> None:
    edition = submitted()
    answer = move(people["anna"], edition, "assign", to=user("rita").pk)
    assert "is assigned" in said(people["anna"], answer)
    edition.refresh_from_db()
    assert edition.assignee == user("rita")
    answer = move(people["rita"], edition, "assign", to=user("anna").pk)
    assert answer.status_code == 409
    assert "no duty" in answer.text
    assert move(people["rita"], edition, "assign", to=user("victor").pk).status_code == 200


@pytest.mark.parametrize("state", ["superseded", "withdrawn"])
def test_what_readers_no_longer_see_is_brought_back_and_the_page_says_what_differs(
    state: str, people: dict[str, Client]
) -> None:
    old = published()
    if state == "superseded":
        draft = moves.revise(old, by=user("anna"))
        draft.time_point = "week 24"
        draft.save()
        moves.submit(draft, by=user("anna"))
        moves.publish(draft, by=user("rita"))
    else:
        moves.withdraw(proposed(), by=user("rita"))
    old.refresh_from_db()
    page = people["anna"].get(url(Finding, "change", old.pk)).text
    assert "Bring this edition back as a new draft" in page
    assert "Start a new edition" not in page
    asked = people["anna"].get(url(Finding, "revise", old.pk))
    if state == "superseded":
        assert "Readers see edition 2, the current one," in asked.text
        (change,) = asked.context["differences"]
        assert (change.before, change.after) == ("week 24", "not reported")
    else:
        assert f"Readers see no edition of {old.code}" in asked.text
    assert move(people["anna"], old, "revise").status_code == 302


def test_a_proposal_and_its_reason_stand_on_top_of_the_edition(
    people: dict[str, Client],
) -> None:
    answer = move(people["anna"], published(), "propose_withdrawal", note="Wrong table.")
    told = f"The withdrawal of {published().code} is proposed."
    assert told in said(people["anna"], answer)
    page = people["victor"].get(url(Finding, "change", published().pk)).text
    top = page.partition("What was asked")[0]
    assert "Proposed to be withdrawn" in top
    assert "Wrong table." in top


def test_people_are_named_without_ways_to_their_accounts(people: dict[str, Client]) -> None:
    edition = moves.publish(submitted(), by=user("rita"))
    page = people["anna"].get(url(Finding, "change", edition.pk))
    assert "/admin/auth/user/" not in page.text
    for name in ("author_name", "last_editor_name", "reviewer_name"):
        assert f"field-{name}" in page.text


# --- Twice, late and from elsewhere ---------------------------------------------------------------


def test_a_second_click_says_that_it_is_done_already(people: dict[str, Client]) -> None:
    edition = hers()
    for _ in range(2):
        answer = move(people["anna"], edition, "submit")
    assert "You have done that already" in said(people["anna"], answer)
    assert Step.objects.filter(record=edition.record, verb="submitted").count() == 1
    edition.refresh_from_db()
    for _ in range(2):
        answer = move(people["rita"], edition, "publish", conflict="none")
    assert "You have done that already" in said(people["rita"], answer)
    for _ in range(2):
        answer = move(people["anna"], Finding.objects.get(pk=edition.pk), "revise")
    assert Finding.objects.filter(record=edition.record).count() == 2
    draft = Finding.objects.get(record=edition.record, state="draft")
    assert answer.url == url(Finding, "change", draft.pk)
    for _ in range(2):
        answer = move(people["anna"], draft, "discard")
        assert answer.status_code == 302


def test_a_move_over_a_change_not_seen_is_not_made_and_loses_no_word(
    people: dict[str, Client],
) -> None:
    edition = hers()
    page = url(Finding, "submit", edition.pk)
    opened = form_of(people["anna"], page)
    send(people["berta"], url(Finding, "change", edition.pk), outcome="Death")
    answer = people["anna"].post(page, opened | {"note": "Long thought about."})
    assert answer.status_code == 409
    assert "was changed meanwhile" in answer.text
    assert "last changed by berta" in answer.text
    assert "Long thought about." in answer.text
    edition.refresh_from_db()
    assert edition.state == "draft"
    again = answer.context["form"].data
    assert people["anna"].post(page, again).status_code == 302


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30, "1.5"])
def test_a_form_that_does_not_say_what_was_seen_moves_nothing(
    seen: str, people: dict[str, Client]
) -> None:
    edition = hers()
    answer = move(people["anna"], edition, "submit", seen=seen)
    assert answer.status_code == 200
    assert "did not say at which save" in answer.text
    edition.refresh_from_db()
    assert edition.state == "draft"


@pytest.mark.parametrize("to", ["x", "0", "9" * 30, "-1", "1.5"])
def test_nobody_is_no_person_to_assign_to(to: str, people: dict[str, Client]) -> None:
    answer = move(people["anna"], hers(), "assign", to=to)
    assert answer.status_code == 200
    assert answer.context["form"].errors["to"]


@pytest.mark.parametrize("key", ["0", "x", "9" * 30, "-1", "1%00"])
def test_an_edition_that_is_not_there_is_said_not_to_be(
    key: str, people: dict[str, Client]
) -> None:
    for page in ("submit", "review", "preview", "comment"):
        answer = people["anna"].get(f"/admin/evidence/finding/{key}/{page}/")
        assert answer.status_code in {302, 400, 404}, page


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/admin/", "/admin/"),
        ("https://elsewhere.example/", None),
        ("//elsewhere.example/", None),
        ("javascript:alert(1)", None),
    ],
)
def test_a_move_leads_back_on_this_site_only(
    wanted: str, led_to: str | None, people: dict[str, Client]
) -> None:
    edition = hers()
    answer = move(people["anna"], edition, "submit", next=wanted)
    assert answer.url == (led_to or url(Finding, "change", edition.pk))


@pytest.mark.parametrize("model", KINDS)
def test_who_has_not_signed_in_sees_no_page_about_an_edition(
    model: type[Edition], stranger: Client
) -> None:
    fill()
    edition = model.objects.order_by("-pk")[0]
    for page in (*Move, "review", "preview"):
        address = url(model, page, edition.pk)
        assert stranger.get(address).url.startswith("/admin/login/"), page
        assert stranger.post(address, {"seen": "0"}).status_code in {302, 405}, page
    assert not Step.objects.exists()


def test_no_page_about_an_edition_is_stored(people: dict[str, Client]) -> None:
    edition = submitted()
    for page in ("change", "publish", "review", "preview"):
        answer = people["rita"].get(url(Finding, page, edition.pk))
        assert "no-store" in answer["Cache-Control"], page


def test_a_finding_on_a_topic_without_a_page_says_what_comes_first(
    people: dict[str, Client],
) -> None:
    topic = Topic.objects.get()
    bare = Topic.objects.create(
        condition=topic.condition,
        intervention=topic.intervention,
        role="prevention",
        population="adult",
    )
    by = user("anna")
    edition = make_finding(bare, Publication.objects.get(), author=by, last_editor=by)
    moves.submit(edition, by=by)
    answer = move(people["rita"], edition, "publish", conflict="none", note="Read.")
    assert answer.status_code == 409
    assert "publish an assessment of it first" in answer.text
    assert "Read." in answer.text


def test_a_draft_is_opened_with_few_questions_to_the_database(
    people: dict[str, Client], django_assert_max_num_queries: Any
) -> None:
    edition = hers()
    with django_assert_max_num_queries(70):
        people["anna"].get(url(Finding, "change", edition.pk))
