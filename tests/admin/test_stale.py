"""Two people at one thing: rows inside a page, deletions, and what one of them removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from evidence.curation import duties, moves
from evidence.models import (
    Approval,
    Arm,
    CellTarget,
    Condition,
    Finding,
    Publication,
    Topic,
    Trial,
    TrialIdentifier,
    TrialPhase,
    TrialPublication,
)
from tests.admin.pages import _Form, faults, form_of, send, url
from tests.admin.rows import fill, make_finding, make_publication, make_topic, make_trial
from tests.admin.working import hers, user
from tests.models.together import at_once

pytestmark = pytest.mark.django_db
DELETE = {"action": "delete_selected"}


@pytest.fixture
def berta(signed_in: Callable[..., Client]) -> Client:
    """Another curator's browser."""
    return signed_in("berta", duties.CURATOR)


def sent_again(answer: Any) -> dict[str, Any]:
    """Give what a page that came back would send."""
    form = _Form()
    form.feed(answer.text)
    return {name: text for name, text in form.values.items() if name not in {"q", "_save"}}


def said_of_rows(answer: Any) -> str:
    """Give what a page that came back says above its rows."""
    assert answer.status_code == 200, answer
    formsets = [inline.formset for inline in answer.context["inline_admin_formsets"]]
    return " ".join(str(said) for formset in formsets for said in formset.non_form_errors())


# --- Rows inside a page ---------------------------------------------------------------------------


def test_a_row_that_both_changed_comes_back_with_both_values_and_is_then_hers(
    curator: Client, berta: Client
) -> None:
    page = url(Trial, "change", make_trial().pk)
    hers = form_of(berta, page)
    assert send(curator, page, **{"arms-0-label": "From Anna"}).status_code == 302
    answer = berta.post(page, hers | {"arms-0-label": "From Berta", "title": "New title"})
    said = said_of_rows(answer)
    assert "anna changed the arm “From Anna” while you had this page open (" in said
    assert "UTC)" in said
    assert "Stored is: label “From Anna”." in said
    assert 'value="From Berta"' in answer.text
    assert 'value="New title"' in answer.text
    assert (Arm.objects.get().label, Trial.objects.get().title) == ("From Anna", "Trial 1")
    assert berta.post(page, sent_again(answer)).status_code == 302
    assert (Arm.objects.get().label, Trial.objects.get().title) == ("From Berta", "New title")


def test_a_row_that_only_the_other_changed_keeps_the_others_value(
    curator: Client, berta: Client
) -> None:
    page = url(Trial, "change", make_trial().pk)
    hers = form_of(berta, page)
    send(curator, page, **{"arms-0-label": "From Anna"})
    answer = berta.post(page, hers | {"title": "New title"})
    assert "It stands below as it is stored now." in said_of_rows(answer)
    assert berta.post(page, sent_again(answer)).status_code == 302
    assert (Arm.objects.get().label, Trial.objects.get().title) == ("From Anna", "New title")


def test_a_row_that_the_other_removed_can_be_saved_again_with_what_was_typed(
    curator: Client, berta: Client
) -> None:
    page = url(Trial, "change", make_trial().pk)
    hers = form_of(berta, page)
    send(curator, page, **{"arms-0-DELETE": "on"})
    assert not Arm.objects.exists()
    answer = berta.post(page, hers | {"arms-0-label": "From Berta"})
    assert "anna removed the arm “IL-2”" in said_of_rows(answer)
    assert "as a new row" in said_of_rows(answer)
    assert not Arm.objects.exists()
    assert berta.post(page, sent_again(answer)).status_code == 302
    assert Arm.objects.get().label == "From Berta"


def test_a_row_that_the_other_removed_and_nobody_changed_stays_removed(
    curator: Client, berta: Client
) -> None:
    page = url(Trial, "change", make_trial().pk)
    hers = form_of(berta, page)
    send(curator, page, **{"arms-0-DELETE": "on"})
    answer = berta.post(page, hers | {"title": "New title"})
    assert "It is no longer below." in said_of_rows(answer)
    assert berta.post(page, sent_again(answer)).status_code == 302
    assert (Arm.objects.count(), Trial.objects.get().title) == (0, "New title")


def test_a_row_that_both_removed_is_no_conflict(curator: Client, berta: Client) -> None:
    page = url(Trial, "change", make_trial().pk)
    hers = form_of(berta, page)
    send(curator, page, **{"arms-0-DELETE": "on"})
    assert berta.post(page, hers | {"arms-0-DELETE": "on"}).status_code == 302


def test_a_removal_of_a_row_that_the_other_changed_is_asked_about(
    curator: Client, berta: Client
) -> None:
    page = url(Trial, "change", make_trial().pk)
    hers = form_of(berta, page)
    send(curator, page, **{"arms-0-label": "From Anna"})
    answer = berta.post(page, hers | {"arms-0-DELETE": "on"})
    assert "Stored is: label “From Anna”." in said_of_rows(answer)
    assert Arm.objects.exists()
    assert berta.post(page, sent_again(answer)).status_code == 302
    assert not Arm.objects.exists()


def a_number(value: str) -> dict[str, str]:
    """Give what the page of a trial with one number sends for another one."""
    return {
        "identifiers-TOTAL_FORMS": "2",
        "identifiers-1-id": "",
        "identifiers-1-registry": "NCT",
        "identifiers-1-value": value,
    }


def test_a_row_that_the_other_added_is_shown_and_kept(curator: Client, berta: Client) -> None:
    page = url(Trial, "change", make_trial().pk)
    hers = form_of(berta, page)
    send(curator, page, **a_number("NCT00000007"))
    answer = berta.post(page, hers | a_number("NCT00000008"))
    assert "anna added the registry identifier “NCT00000007”" in said_of_rows(answer)
    assert berta.post(page, sent_again(answer)).status_code == 302
    numbers = sorted(TrialIdentifier.objects.values_list("value", flat=True))
    assert numbers == ["NCT00000001", "NCT00000007", "NCT00000008"]


def test_the_same_row_added_twice_is_there_once(curator: Client, berta: Client) -> None:
    page = url(Trial, "change", make_trial().pk)
    hers = form_of(berta, page)
    send(curator, page, **a_number("NCT00000007"))
    answer = berta.post(page, hers | a_number("NCT00000007") | {"title": "New title"})
    assert "anna added" in said_of_rows(answer)
    assert berta.post(page, sent_again(answer)).status_code == 302
    assert TrialIdentifier.objects.filter(value="NCT00000007").count() == 1
    assert Trial.objects.get().title == "New title"


def test_phases_changed_by_two_people_are_asked_about(curator: Client, berta: Client) -> None:
    page = url(Trial, "change", make_trial().pk)
    hers = form_of(berta, page)
    send(curator, page, **{"phase_rows-0-phase": "PHASE2"})
    answer = berta.post(page, hers | {"phase_rows-0-phase": "PHASE4"})
    assert "Stored is: phase “Phase 2”." in said_of_rows(answer)
    assert TrialPhase.objects.get().phase == "PHASE2"


def test_a_tie_changed_from_its_other_end_is_asked_about(curator: Client, berta: Client) -> None:
    trial, paper = make_trial(), make_publication()
    TrialPublication.objects.create(trial=trial, publication=paper)
    page = url(Publication, "change", paper.pk)
    hers = form_of(berta, page)
    send(curator, url(Trial, "change", trial.pk), **{"publication_rows-0-relation": "mentions"})
    answer = berta.post(page, hers | {"trial_rows-0-relation": "includes"})
    assert "Stored is: relation “mentions it”" in said_of_rows(answer)
    assert TrialPublication.objects.get().relation == "mentions"


def test_two_saves_of_ones_own_need_no_second_look(curator: Client) -> None:
    page = url(Trial, "change", make_trial().pk)
    for title in ("One", "Two"):
        assert send(curator, page, title=title, **{"arms-0-label": title}).status_code == 302


@pytest.mark.parametrize("opened", ["", "x", "=", "1=", "9" * 30 + "=a", "1=abc 2=def"])
def test_no_word_about_what_rows_were_opened_at_overwrites_them(
    opened: str, curator: Client
) -> None:
    page = url(Trial, "change", make_trial().pk)
    answer = send(curator, page, **{"arms-opened": opened, "arms-0-label": "Mine"})
    assert "Stored is: label “IL-2”." in said_of_rows(answer)
    assert Arm.objects.get().label == "IL-2"


# --- What was deleted while it was open -----------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (Trial, "title"),
        (Publication, "summary"),
        (Approval, "indication"),
        (CellTarget, "definition"),
        (Finding, "statement"),
    ],
)
def test_what_was_typed_in_a_form_of_a_deleted_thing_makes_a_new_one(
    model: Any, field: str, administrator: Client, curator: Client
) -> None:
    fill()
    TrialPublication.objects.all().delete()
    Topic.objects.get().trials.clear()
    for row in Finding.objects.public():
        row.delete()
    rows = {
        Trial: lambda: make_trial(8),
        Publication: lambda: make_publication(8),
        CellTarget: lambda: CellTarget.objects.create(name="Treg", slug="treg"),
        Finding: lambda: Finding.objects.get(state="draft"),
    }
    row = rows.get(model, lambda: model.objects.get())()
    page = url(model, "change", row.pk)
    hers = form_of(curator, page) | {field: "Typed by her."}
    if model is Finding:
        moves.discard(row, by=get_user_model().objects.get(username="ada"), note="Twice.")
    else:
        administrator.post(url(model, "delete", row.pk), {"post": "yes"})
    assert not model.objects.filter(pk=row.pk).exists()
    answer = curator.post(page, hers)
    assert "ada deleted this" in faults(answer)["__all__"][0]
    assert "Typed by her." in answer.text
    again = sent_again(answer)
    answer = curator.post(url(model, "add"), again)
    if answer.status_code == 200:  # a likeness is asked about once
        answer = curator.post(url(model, "add"), sent_again(answer))
    assert answer.status_code == 302
    assert model.objects.filter(**{field: "Typed by her."}).exists()


def test_the_rows_inside_a_deleted_thing_come_back_too(
    administrator: Client, curator: Client
) -> None:
    trial = make_trial()
    page = url(Trial, "change", trial.pk)
    hers = form_of(curator, page) | {"arms-0-label": "Typed by her"}
    administrator.post(url(Trial, "delete", trial.pk), {"post": "yes"})
    answer = curator.post(page, hers)
    assert f'action="{url(Trial, "add")}"' in answer.text
    assert curator.post(url(Trial, "add"), sent_again(answer)).status_code == 302
    made = Trial.objects.get()
    assert made.arms.get().label == "Typed by her"
    assert made.identifiers.get().value == "NCT00000001"


def test_the_form_of_what_never_was_opens_no_new_one_for_a_viewer(viewer: Client) -> None:
    assert viewer.post(url(Condition, "change", 999), {"name": "x"}).status_code in {302, 403, 404}
    assert not Condition.objects.exists()


# --- Deleting what is not what was shown ----------------------------------------------------------


def test_a_thing_that_changed_after_the_question_is_not_deleted(
    administrator: Client, curator: Client
) -> None:
    paper = make_publication()
    page = url(Publication, "delete", paper.pk)
    shown = form_of(administrator, page)
    send(curator, url(Publication, "change", paper.pk), summary="Read by Anna.")
    answer = administrator.post(page, shown)
    assert answer.status_code == 200
    assert "Nothing was deleted" in answer.text
    assert "anna changed summary (" in answer.text
    assert "became “Read by Anna.”" in answer.text
    assert Publication.objects.exists()
    assert administrator.post(page, sent_again(answer)).status_code == 302
    assert not Publication.objects.exists()


def test_a_row_inside_that_changed_after_the_question_stops_the_deletion(
    administrator: Client, curator: Client
) -> None:
    trial = make_trial()
    page = url(Trial, "delete", trial.pk)
    shown = form_of(administrator, page)
    send(curator, url(Trial, "change", trial.pk), **{"arms-0-label": "From Anna"})
    assert "Nothing was deleted" in administrator.post(page, shown).text
    assert Trial.objects.exists()


def test_a_bulk_deletion_of_rows_one_of_which_changed_deletes_none(
    administrator: Client, curator: Client
) -> None:
    papers = [make_publication(number) for number in range(1, 4)]
    rows = {"_selected_action": [paper.pk for paper in papers]}
    page = url(Publication, "changelist")
    shown = administrator.post(page, DELETE | rows)
    send(curator, url(Publication, "change", papers[1].pk), summary="Read by Anna.")
    answer = administrator.post(page, sent_again(shown) | rows)
    assert "Nothing was deleted" in answer.text
    assert "anna changed summary" in answer.text
    assert Publication.objects.count() == 3
    assert administrator.post(page, sent_again(answer) | rows).status_code == 302
    assert not Publication.objects.exists()


def test_a_bulk_deletion_of_rows_one_of_which_is_gone_asks_again(
    administrator: Client, signed_in: Callable[..., Client]
) -> None:
    papers = [make_publication(number) for number in range(1, 3)]
    rows = {"_selected_action": [paper.pk for paper in papers]}
    page = url(Publication, "changelist")
    shown = administrator.post(page, DELETE | rows)
    other = signed_in("adele", duties.ADMINISTRATOR)
    other.post(url(Publication, "delete", papers[0].pk), {"post": "yes"})
    answer = administrator.post(page, sent_again(shown) | rows)
    assert "adele deleted “Paper 1 (2009)”" in answer.text
    assert Publication.objects.get() == papers[1]


def test_drafts_that_changed_after_the_question_are_not_deleted_in_bulk(
    curator: Client, berta: Client
) -> None:
    fill()
    draft = Finding.objects.get(state="draft")
    rows = {"_selected_action": [draft.pk]}
    page = url(Finding, "changelist")
    shown = curator.post(page, DELETE | rows)
    send(berta, url(Finding, "change", draft.pk), outcome="From Berta")
    answer = curator.post(page, sent_again(shown) | rows)
    assert "Nothing was deleted" in answer.text
    assert Finding.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize("opened", ["x", "=", "1=", "log=x", "log=" + "9" * 40, "²=a"])
def test_no_word_about_what_was_shown_breaks_a_deletion(opened: str, administrator: Client) -> None:
    paper = make_publication()
    sent = {"post": "yes", "opened": opened}
    assert administrator.post(url(Publication, "delete", paper.pk), sent).status_code in {200, 302}


# --- One's own mistakes ---------------------------------------------------------------------------


def new_paper(curator: Client) -> Publication:
    """Enter a publication."""
    assert send(curator, url(Publication, "add"), title="A slip", pmid="77").status_code == 302
    return Publication.objects.get(pmid=77)


def test_a_curator_deletes_what_she_entered_herself_and_nothing_uses(curator: Client) -> None:
    paper = new_paper(curator)
    assert "deletelink" in curator.get(url(Publication, "change", paper.pk)).text
    page = url(Publication, "delete", paper.pk)
    assert curator.post(page, form_of(curator, page)).status_code == 302
    assert not Publication.objects.exists()


def test_a_curator_deletes_her_own_topic_trial_and_term(curator: Client) -> None:
    send(curator, url(Condition, "add"), name="Slip", slug="slip", area="infectious")
    send(curator, url(Trial, "add"), title="A slip", acronym="SLIP")
    intervention = make_topic().intervention
    condition = Condition.objects.get(slug="slip")
    topic = {"condition": condition.pk, "intervention": intervention.pk, "role": "treatment"}
    send(curator, url(Topic, "add"), **topic, population="adult")
    made = Topic.objects.get(condition=condition)
    # Narrow to wide: a term cannot go while a topic is about it.
    assert curator.get(url(Condition, "delete", condition.pk)).status_code == 403
    for row in (made, Trial.objects.get(), condition):
        assert curator.post(url(type(row), "delete", row.pk), {"post": "yes"}).status_code == 302
        assert not type(row).objects.filter(pk=row.pk).exists()


def test_what_is_used_is_not_deleted_and_the_page_says_by_what(curator: Client) -> None:
    paper = new_paper(curator)
    finding = make_finding(make_topic(), paper)
    answer = curator.get(url(Publication, "delete", paper.pk))
    assert answer.status_code == 403
    assert f"It is used by {finding.code}." in answer.text
    page = curator.get(url(Publication, "change", paper.pk)).text
    assert f"it cannot be deleted: It is used by {finding.code}." in page
    assert curator.post(url(Publication, "delete", paper.pk), {"post": "yes"}).status_code == 403
    assert Publication.objects.filter(pk=paper.pk).exists()


def test_a_tie_from_a_trial_keeps_a_paper(curator: Client) -> None:
    paper = new_paper(curator)
    TrialPublication.objects.create(trial=make_trial(), publication=paper)
    assert curator.get(url(Publication, "delete", paper.pk)).status_code == 403


def test_a_term_in_use_says_that_it_can_be_merged(curator: Client) -> None:
    send(curator, url(Condition, "add"), name="Slip", slug="slip", area="infectious")
    slip = Condition.objects.get()
    Condition.objects.create(name="Narrow", slug="narrow", area="infectious", parent=slip)
    answer = curator.get(url(Condition, "delete", slip.pk))
    assert "It is used by Narrow. An administrator can merge it" in answer.text


def test_what_another_entered_is_hers_to_delete(curator: Client, berta: Client) -> None:
    paper = new_paper(curator)
    answer = berta.get(url(Publication, "delete", paper.pk))
    assert answer.status_code == 403
    assert "It was entered by anna: they or an administrator can delete it." in answer.text
    assert "deletelink" not in berta.get(url(Publication, "change", paper.pk)).text
    assert "merged_into" not in form_of(berta, url(Condition, "add"))


def test_starter_evidence_is_nobodys_mistake(curator: Client) -> None:
    paper = make_publication()
    assert curator.post(url(Publication, "delete", paper.pk), {"post": "yes"}).status_code == 403
    assert Publication.objects.exists()


def test_her_own_term_is_not_hers_to_merge(curator: Client) -> None:
    send(curator, url(Condition, "add"), name="Slip", slug="slip", area="infectious")
    page = url(Condition, "change", Condition.objects.get().pk)
    assert "merged_into" not in form_of(curator, page)


def test_a_curator_deletes_nothing_of_facts_in_bulk(curator: Client) -> None:
    paper = new_paper(curator)
    sent = DELETE | {"post": "yes", "_selected_action": [paper.pk]}
    curator.post(url(Publication, "changelist"), sent)
    assert Publication.objects.filter(pk=paper.pk).exists()


# --- At the same moment ---------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_several_at_once_exactly_one_changes_a_row(signed_in: Callable[..., Client]) -> None:
    trial = make_trial()
    page = url(Trial, "change", trial.pk)
    people = [signed_in(f"person{number}", duties.CURATOR) for number in range(4)]
    forms = [form_of(client, page) for client in people]
    answers: list[int] = []

    def save(client: Client, form: dict[str, Any], number: int) -> None:
        sent = form | {"arms-0-label": f"Arm of {number}"}
        answers.append(client.post(page, sent).status_code)

    raised = at_once(
        *(
            lambda c=client, f=form, n=number: save(c, f, n)
            for number, (client, form) in enumerate(zip(people, forms, strict=True))
        )
    )
    assert not any(raised), raised
    assert sorted(answers) == [200, 200, 200, 302]


@pytest.mark.django_db(transaction=True)
def test_two_ends_of_a_tie_saved_at_once_break_nothing(signed_in: Callable[..., Client]) -> None:
    trial, paper = make_trial(), make_publication()
    TrialPublication.objects.create(trial=trial, publication=paper)
    anna, berta = (signed_in(name, duties.CURATOR) for name in ("anna", "berta"))
    pages = [url(Trial, "change", trial.pk), url(Publication, "change", paper.pk)]
    forms = [form_of(anna, pages[0]), form_of(berta, pages[1])]
    forms[0]["publication_rows-0-relation"] = "mentions"
    forms[1]["trial_rows-0-relation"] = "includes"
    answers: list[int] = []
    raised = at_once(
        lambda: answers.append(anna.post(pages[0], forms[0]).status_code),
        lambda: answers.append(berta.post(pages[1], forms[1]).status_code),
    )
    assert not any(raised), raised
    assert sorted(answers) == [200, 302]


def test_what_was_typed_on_a_draft_that_was_submitted_meanwhile_is_handed_back(
    curator: Client,
) -> None:
    fill()
    draft = hers()
    page = url(Finding, "change", draft.pk)
    typed = form_of(curator, page) | {"statement": "Typed for an hour."}
    moves.submit(draft, by=user("anna"))
    answer = curator.post(page, typed, headers={"Origin": "http://testserver"})
    assert answer.status_code == 403
    assert "is with a second reader" in answer.text
    assert '<input type="hidden" name="statement" value="Typed for an hour.">' in answer.text
    assert "<dd>Typed for an hour.</dd>" in answer.text
    draft.refresh_from_db()
    assert draft.statement != "Typed for an hour."
    moves.return_to_author(draft, by=user("anna"), note="I was not done.")
    again = typed | {"opened": str(draft.lock_version)}
    assert curator.post(page, again).status_code == 302
    draft.refresh_from_db()
    assert draft.statement == "Typed for an hour."


def test_nothing_is_handed_back_to_a_form_that_another_site_sent(curator: Client) -> None:
    fill()
    draft = hers()
    moves.submit(draft, by=user("anna"))
    sent = {"statement": "Theirs"}
    page = url(Finding, "change", draft.pk)
    answer = curator.post(page, sent, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert "Theirs" not in answer.text


def test_a_note_typed_for_a_draft_that_was_discarded_meanwhile_is_handed_back(
    curator: Client,
) -> None:
    fill()
    draft = hers()
    page = url(Finding, "comment", draft.pk)
    moves.discard(draft, by=user("anna"))
    sent = {"said": "An hour of thought.", "note": ""}
    answer = curator.post(page, sent, headers={"Origin": "http://testserver"})
    assert answer.status_code == 403
    assert "An hour of thought." in answer.text
    assert curator.get(page).status_code == 302
