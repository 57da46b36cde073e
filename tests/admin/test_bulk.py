"""Many editions are moved at once with one note: each by itself, none unseen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evidence.admin import bulk
from evidence.curation import duties, moves
from evidence.models import Assessment, Consideration, Edition, Finding, HarmReport, Step
from evidence.templatetags.words import day_words
from tests.admin.pages import send, url
from tests.admin.rows import fill
from tests.admin.working import hers, said, submitted, user

pytestmark = pytest.mark.django_db
SOON = str(timezone.now().date() + dt.timedelta(days=180))


@pytest.fixture
def people(signed_in: Callable[..., Client]) -> dict[str, Client]:
    """Two of everything, and the browsers of a team."""
    fill(1)
    fill(2)
    return {
        "anna": signed_in("anna", duties.CURATOR),
        "berta": signed_in("berta", duties.CURATOR),
        "rita": signed_in("rita", duties.REVIEWER),
        "victor": signed_in("victor", duties.VIEWER),
    }


def choose(client: Client, job: str, editions: Iterable[Edition]) -> Any:
    """Choose rows of a list for a job."""
    rows = list(editions)
    chosen = {"action": f"bulk_{job}", "_selected_action": [row.pk for row in rows]}
    return client.post(url(type(rows[0]), "changelist"), chosen)


def confirm(client: Client, shown: Any, **sent: Any) -> Any:
    """Confirm a job on the page that lists its rows."""
    assert shown.status_code in {200, 409}, shown
    given = {"rows": shown.context["written"], "note": ""} | sent
    return client.post(shown.context["page"], given)


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ("anna", {"assign", "submit", "take_over", "revise", "review_date"}),
        ("rita", {"assign", "publish"}),
        ("victor", set()),
    ],
)
def test_a_list_offers_the_jobs_of_ones_duties(
    name: str, offered: set[str], people: dict[str, Client]
) -> None:
    page = people[name].get(url(Assessment, "changelist")).text
    jobs = ("assign", "submit", "publish", "take_over", "revise", "review_date")
    assert {job for job in jobs if f'value="bulk_{job}"' in page} == offered


@pytest.mark.parametrize("job", ["assign", "submit", "publish", "take-over", "revise"])
def test_a_job_that_is_not_among_ones_duties_is_refused(
    job: str, people: dict[str, Client]
) -> None:
    rows = {"rows": f"{submitted().pk}:1", "conflict": "none"}
    assert people["victor"].post(url(Finding, "bulk", job), rows).status_code == 403
    if job == "publish":
        assert people["anna"].post(url(Finding, "bulk", job), rows).status_code == 403
    if job in {"submit", "take-over", "revise"}:
        assert people["rita"].post(url(Finding, "bulk", job), rows).status_code == 403
    assert people["anna"].get(url(Finding, "bulk", "assign")).status_code == 302


def test_starter_evidence_is_taken_over_by_one_and_published_by_another(
    people: dict[str, Client],
) -> None:
    starters = list(Finding.objects.public().order_by("pk"))
    shown = choose(people["anna"], "take_over", starters)
    answer = confirm(people["anna"], shown, note="Read beside the papers.")
    assert "2 findings taken over and submitted." in said(people["anna"], answer)
    waiting = Finding.objects.filter(state="in-review")
    assert {one.number for one in waiting} == {2}
    assert Finding.objects.public().filter(number=1).count() == 2
    shown = choose(people["rita"], "publish", waiting)
    answer = confirm(people["rita"], shown, conflict="none", note="Read too.")
    assert "2 findings published." in said(people["rita"], answer)
    for one in Finding.objects.public():
        assert (one.number, one.author, one.reviewer) == (2, user("anna"), user("rita"))
    assert Step.objects.filter(note="Read too.").count() == 2


def test_what_is_not_ready_is_named_and_stops_no_other(people: dict[str, Client]) -> None:
    bare, ready = Finding.objects.public().order_by("pk")
    bare.locator = ""
    bare.save()
    shown = choose(people["anna"], "take_over", [bare, ready])
    assert "Say where in the source it stands" in shown.text
    answer = confirm(people["anna"], shown)
    assert answer.status_code == 200
    assert "1 finding taken over and submitted." in answer.text
    assert "Say where in the source it stands" in answer.text
    assert Finding.objects.get(state="in-review").record == ready.record
    assert Finding.objects.filter(record=bare.record).count() == 1


def test_of_many_rows_her_own_are_left_out_by_name(
    people: dict[str, Client], signed_in: Callable[..., Client]
) -> None:
    client = signed_in("dora", duties.CURATOR, duties.REVIEWER)
    mine, other = submitted("dora"), submitted("anna", outcome="Another")
    shown = choose(client, "publish", [mine, other])
    assert "Someone other than the author must publish it." in shown.text
    answer = confirm(client, shown, conflict="none")
    assert "1 finding published." in answer.text
    assert mine.code in answer.text
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.state, other.state) == ("in-review", "published")


def test_where_one_row_was_changed_meanwhile_nothing_is_done(people: dict[str, Client]) -> None:
    drafts = [hers(), hers(outcome="Another")]
    shown = choose(people["anna"], "submit", drafts)
    send(people["berta"], url(Finding, "change", drafts[1].pk), outcome="Death")
    answer = confirm(people["anna"], shown, note="All read.")
    assert answer.status_code == 409
    assert f"Nothing was done: {drafts[1].code} was changed meanwhile." in answer.text
    assert "All read." in answer.text
    assert not Finding.objects.filter(state="in-review").exists()
    assert confirm(people["anna"], answer).status_code == 302
    assert Finding.objects.filter(state="in-review").count() == 2


def test_where_one_row_is_gone_nothing_is_done(people: dict[str, Client]) -> None:
    drafts = [hers(), hers(outcome="Another")]
    shown = choose(people["anna"], "submit", drafts)
    moves.discard(drafts[0], by=user("anna"))
    answer = confirm(people["anna"], shown)
    assert answer.status_code == 409
    assert "not there any more" in answer.text
    assert not Finding.objects.filter(state="in-review").exists()


def test_many_are_assigned_to_one_person(people: dict[str, Client]) -> None:
    drafts = [hers(), hers(outcome="Another")]
    shown = choose(people["anna"], "assign", drafts)
    answer = confirm(people["anna"], shown, to=user("berta").pk, note="You know this trial.")
    assert answer.status_code == 302
    assert set(Finding.objects.filter(assignee=user("berta"))) == set(drafts)
    listed = people["berta"].get(url(Finding, "changelist") + "?assignee=me")
    assert {row.pk for row in listed.context["cl"].result_list} == {one.pk for one in drafts}


def test_a_review_date_is_given_to_drafts_and_to_the_next_edition_of_the_published(
    people: dict[str, Client],
) -> None:
    for one in Assessment.objects.public():
        mine = moves.revise(one, by=user("anna"))
        mine.reason, mine.review_by = "Early.", SOON
        mine.save()
        moves.publish(moves.submit(mine, by=user("anna")), by=user("rita"))
    shown = choose(people["anna"], "review_date", Assessment.objects.public())
    assert confirm(people["anna"], shown, on="sometime").status_code == 200
    answer = confirm(people["anna"], shown, on=SOON, note="In a while.")
    told = f"2 assessments given the review date {day_words(SOON, full=True)}."
    assert told in said(people["anna"], answer)
    drafts = Assessment.objects.filter(state="draft")
    assert {str(one.next_review) for one in drafts} == {SOON}
    assert not Assessment.objects.public().exclude(next_review=None).exists()


def test_a_review_date_that_is_past_is_refused(people: dict[str, Client]) -> None:
    draft = moves.revise(Assessment.objects.public().first(), by=user("anna"))
    shown = choose(people["anna"], "review_date", [draft])
    answer = confirm(people["anna"], shown, on="2020-02-01", note="In half a year.")
    assert "That day is past" in answer.text
    assert "In half a year." in answer.text
    draft.refresh_from_db()
    assert draft.next_review is None


def test_a_review_date_of_the_next_century_is_asked_about(people: dict[str, Client]) -> None:
    draft = moves.revise(Assessment.objects.public().first(), by=user("anna"))
    answer = confirm(
        people["anna"], choose(people["anna"], "review_date", [draft]), on="2107-02-01"
    )
    assert "1 February 2107 is more than ten years away." in answer.text
    draft.refresh_from_db()
    assert draft.next_review is None


def test_starter_evidence_is_taken_over_before_it_gets_a_review_date(
    people: dict[str, Client],
) -> None:
    shown = choose(people["anna"], "review_date", Assessment.objects.public())
    assert "Take A" in shown.text
    answer = confirm(people["anna"], shown, on=SOON)
    assert "setting a date would make its words yours" in answer.text
    assert not Assessment.objects.filter(state="draft").exists()


def test_what_is_published_or_taken_over_at_once_is_shown_with_what_it_says(
    people: dict[str, Client], django_assert_max_num_queries: Any
) -> None:
    draft = moves.revise(Finding.objects.public().first(), by=user("anna"))
    draft.value_il2, draft.locator = "12 of 176", "Table 2, row 3"
    draft.save()
    rows = [moves.submit(draft, by=user("anna")), submitted(outcome="A new outcome")]
    with django_assert_max_num_queries(40):
        shown = choose(people["rita"], "publish", rows)
    first, second = shown.context["rows"]
    assert (first.what, first.figures) == (draft.outcome, "Favours IL-2: 12 of 176")
    assert "Table 2, row 3" in first.source
    assert first.changed.startswith("2 fields: ")
    assert "Locator" in first.changed
    assert (second.what, second.changed) == ("A new outcome", "readers see none yet")
    for row in (first, second):
        assert people["rita"].get(row.review_url).status_code == 200
        assert row.review_url in shown.text
    starters = Finding.objects.filter(origin="starter", state="published")
    assert starters[0].outcome in choose(people["anna"], "take_over", starters).text


@pytest.mark.parametrize("model", [Assessment, HarmReport, Consideration])
def test_every_kind_of_judgement_says_what_it_is_before_it_is_published(
    model: type[Edition], people: dict[str, Client]
) -> None:
    one = model.objects.first()
    if one.state == "published":
        one = moves.revise(one, by=user("anna"))
    one.author = one.last_editor = user("anna")
    one.save()
    shown = choose(people["rita"], "publish", [moves.submit(one, by=user("anna"))])
    (row,) = shown.context["rows"]
    assert row.what
    assert row.figures
    assert row.source or model is Assessment


def test_next_editions_of_many_begin_as_drafts(people: dict[str, Client]) -> None:
    starters = list(Finding.objects.public().order_by("pk"))
    starters[0].locator = ""
    starters[0].save()
    listed = url(Finding, "changelist") + "?locator=missing"
    found = people["anna"].get(listed).context["cl"].result_list
    assert [one.pk for one in found] == [starters[0].pk]
    shown = choose(people["anna"], "revise", starters)
    answer = confirm(people["anna"], shown, note="To be completed.")
    assert "2 findings begun as drafts." in said(people["anna"], answer)
    drafts = Finding.objects.filter(state="draft", number=2)
    assert {one.author for one in drafts} == {user("anna")}
    assert drafts.count() == 2


@pytest.mark.parametrize("model", [Finding, HarmReport, Consideration])
def test_a_list_is_filtered_by_whether_a_locator_is_given(
    model: Any, people: dict[str, Client]
) -> None:
    one = model.objects.filter(state="draft").first() or moves.revise(
        model.objects.first(), by=user("anna")
    )
    one.locator = ""
    one.save()
    page = url(model, "changelist") + "?locator="
    listed = [people["anna"].get(page + word).context["cl"] for word in ("missing", "given")]
    assert [row.pk for row in listed[0].result_list] == [one.pk]
    assert listed[1].result_count == model.objects.count() - 1


def test_a_job_leads_back_to_the_list_with_its_filters(people: dict[str, Client]) -> None:
    here = url(Finding, "changelist")
    chosen = {"action": "bulk_assign", "_selected_action": [hers().pk]}
    shown = people["anna"].post(f"{here}?state__exact=draft&o=1", chosen)
    sent = {"next": shown.context["list_url"]}
    assert f'name="next" value="{here}?state__exact=draft&amp;o=1"' in shown.text
    assert confirm(people["anna"], shown, **sent).url == f"{here}?state__exact=draft&o=1"
    elsewhere = confirm(people["anna"], shown, next="https://elsewhere.example/")
    assert elsewhere.status_code == 409 or elsewhere.url == here


def test_all_rows_of_a_list_are_chosen_and_what_there_is_no_time_for_goes_on(
    people: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = {
        "action": "bulk_take_over",
        "_selected_action": [Finding.objects.public().first().pk],
        "select_across": "1",
    }
    shown = people["anna"].post(url(Finding, "changelist") + "?starter=unread", chosen)
    assert len(shown.context["rows"]) == 2
    monkeypatch.setattr(bulk, "PATIENCE", -1.0)
    answer = confirm(people["anna"], shown, note="Read.")
    assert "Go on with the other 1" in answer.text
    assert Finding.objects.filter(state="in-review").count() == 1
    sent = {"rows": answer.context["rows_left"], "note": "Read."}
    assert people["anna"].post(answer.context["page"], sent).status_code == 302
    assert Finding.objects.filter(state="in-review").count() == 2


def test_more_rows_than_are_moved_at_once_are_refused(
    people: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST_AT_ONCE", 1)
    assert choose(people["anna"], "take_over", Finding.objects.public()).status_code == 400


@pytest.mark.parametrize(
    "rows", ["", "x", "1", "1:", ":1", "1:1;2:2", "9" * 19 + ":0", "1:" + "9" * 10, "1:0 " * 9999]
)
def test_rows_that_cannot_be_read_are_refused(rows: str, people: dict[str, Client]) -> None:
    answer = people["anna"].post(url(Finding, "bulk", "submit"), {"rows": rows})
    assert answer.status_code in {400, 409}
    assert people["anna"].post(url(Finding, "bulk", "nothing"), {"rows": rows}).status_code == 404


def test_the_list_of_unread_starter_evidence_empties_as_it_is_read(
    people: dict[str, Client],
) -> None:
    page = url(Finding, "changelist") + "?starter=unread"
    assert people["anna"].get(page).context["cl"].result_count == 2
    for one in Finding.objects.public():
        taken = moves.submit(moves.revise(one, by=user("anna")), by=user("anna"))
        moves.publish(taken, by=user("rita"))
    assert people["anna"].get(page).context["cl"].result_count == 0
    other = people["anna"].get(url(Finding, "changelist") + "?starter=other")
    assert other.context["cl"].result_count == Finding.objects.count()


@pytest.mark.parametrize("query", ["starter=x", "assignee=x", "assignee=" + "9" * 30])
def test_a_word_that_these_filters_do_not_know_is_refused(
    query: str, people: dict[str, Client]
) -> None:
    answer = people["anna"].get(f"{url(Finding, 'changelist')}?{query}")
    assert answer.status_code == 400
