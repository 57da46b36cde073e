"""Posted adverse events in the admin: mapped, ticked, drafted; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evidence import vocab
from evidence.curation import NotAllowed, duties, moves
from evidence.curation.queue import queue
from evidence.models import (
    AdverseEffect,
    Assessment,
    HarmReport,
    Intervention,
    Publication,
    Topic,
    Trial,
    TrialPublication,
)
from tests.admin.pages import form_of, send, url
from tests.models.rows import make
from tests.sync.posted import event, hold, study, world

pytestmark = pytest.mark.django_db
FEVER = event("Pyrexia", (6, 20), (2, 21))
LOW = event("Hypotension", (3, 20), (0, 21))


def page_of(trial: Trial) -> str:
    """Give the address of a trial's posted adverse events."""
    return url(Trial, "adverse_events", trial.pk)


def groups(**more: Any) -> dict[str, Any]:
    """Give what a curator says of the two groups."""
    return {
        "g0-use": "il2",
        "g0-intervention": Intervention.objects.get(slug="sc-il-2").pk,
        "g0-dose_class": "low",
        "g0-given": "alone",
        "g1-use": "no-il2",
    } | more


def rows_shown(browser: Client, trial: Trial, **more: Any) -> Any:
    """Say what the groups received and give the page with its rows."""
    sent = form_of(browser, page_of(trial)) | groups(show="1", **more)
    return browser.post(page_of(trial), sent, follow=True)


def keys(page: Any, *terms: str) -> list[str]:
    """Give the keys of the rows of some terms on a page."""
    offered = page.context["page"].plan.proposals
    return [one.key for term in terms for one in offered if one.event.term == term]


def draft(browser: Client, trial: Trial, *terms: str, **more: Any) -> Any:
    """Make drafts of the rows of some terms as they are shown."""
    page = rows_shown(browser, trial)
    told = {"shown": page.context["page"].shown, "offered": "1", "row": keys(page, *terms)}
    sent = form_of(browser, page_of(trial)) | groups(make="1", **told | more)
    return browser.post(page_of(trial), sent)


def test_what_is_ticked_becomes_drafts_and_nothing_else(curator: Client) -> None:
    trial = world(FEVER, LOW)
    answer = draft(curator, trial, "Hypotension")
    assert answer.status_code == 302
    report = HarmReport.objects.get()
    assert (report.adverse_effect.slug, report.affected) == ("hypotension", 3)
    assert report.intervention.slug == "sc-il-2"
    assert (report.author, report.origin) == (None, vocab.Origin.IMPORT)
    listed = curator.get(answer.url)
    assert "1 draft was made." in listed.text
    assert report.code in listed.text


def test_a_row_is_ticked_until_its_report_is_held(curator: Client) -> None:
    trial = world(FEVER, LOW)
    assert rows_shown(curator, trial).text.count(" checked>") == 2
    draft(curator, trial, "Pyrexia")
    again = rows_shown(curator, trial)
    assert again.text.count(" checked>") == 1
    assert f'held already: <a href="{url(HarmReport, "change", HarmReport.objects.get().pk)}' in (
        again.text
    )


def test_a_draft_is_in_the_queue_of_whoever_made_it(
    curator: Client, person: Callable[..., Any]
) -> None:
    trial = world(FEVER)
    draft(curator, trial, "Pyrexia")
    report = HarmReport.objects.get()
    (section,) = [one for one in queue(report.assignee) if one.key == "drafts"]
    assert [row.about for row in section.rows] == [report]
    others = queue(person("berta", duties.CURATOR))
    assert "drafts" not in {one.key for one in others}
    page = curator.get(url(HarmReport, "submit", report.pk)).text
    assert "Assigned to</dt><dd>anna" in page


def test_making_what_may_be_held_already_says_so(curator: Client) -> None:
    trial = world(FEVER, LOW)
    draft(curator, trial, "Pyrexia")
    held = HarmReport.objects.get()
    held.arm, held.comparator_affected = "IL-2, twice daily", 3
    held.save()
    page = rows_shown(curator, trial)
    assert page.context["page"].ticked == {*keys(page, "Hypotension")}
    assert "2 rows, 1 ticked" in page.text
    listed = curator.get(draft(curator, trial, "Pyrexia", "Hypotension").url).text
    assert "2 drafts were made." in listed
    assert f"Look at these again: “Pyrexia” may be {held.code}." in listed


def test_a_draft_made_here_can_be_edited_submitted_and_published(
    curator: Client, person: Callable[..., Any]
) -> None:
    trial = world(FEVER)
    draft(curator, trial, "Pyrexia")
    report = HarmReport.objects.get()
    answer = send(curator, url(HarmReport, "change", report.pk), grades_as_printed="3-4")
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    report.refresh_from_db()
    assert (report.grades_as_printed, str(report.last_editor)) == ("3-4", "anna")
    Assessment.objects.create(
        topic=Topic.objects.get(),
        status=vocab.Status.EXPERIMENTAL,
        direction=vocab.TopicDirection.UNCLEAR,
        summary="Too early to say.",
        state=vocab.State.PUBLISHED,
        origin=vocab.Origin.STARTER,
        published_at=timezone.now(),
    )
    berta, rita = person("berta", duties.CURATOR), person("rita", duties.REVIEWER)
    moves.submit(report, by=berta)
    assert (report.author, report.origin) == (berta, vocab.Origin.IMPORT)
    with pytest.raises(NotAllowed):
        moves.publish(report, by=berta)
    moves.publish(report, by=rita)
    assert HarmReport.objects.public().get() == report


def test_whoever_brought_a_draft_in_does_not_publish_it(
    signed_in: Callable[..., Client], person: Callable[..., Any]
) -> None:
    trial = world(FEVER)
    both = signed_in("olga", duties.CURATOR, duties.REVIEWER)
    draft(both, trial, "Pyrexia")
    report = HarmReport.objects.get()
    report.topic = None
    report.save()
    moves.submit(report, by=person("berta", duties.CURATOR))
    olga = both.get("/admin/").wsgi_request.user
    with pytest.raises(NotAllowed, match="changed what"):
        moves.publish(report, by=olga)


def test_what_a_group_received_has_to_be_said(curator: Client) -> None:
    trial = world(FEVER)
    answer = rows_shown(curator, trial, **{"g0-intervention": ""})
    assert answer.status_code == 200
    assert "Say which form of IL-2 this group received." in answer.text
    assert "checkbox" not in answer.text
    nobody = rows_shown(curator, trial, **{"g0-use": "", "g1-use": ""})
    assert "at least one group that it received IL-2" in nobody.text


def test_what_was_said_of_the_groups_stays_when_something_is_wrong(curator: Client) -> None:
    trial = world(FEVER)
    answer = draft(curator, trial)
    assert "Tick the rows" in answer.text
    assert '<option value="il2" selected>' in answer.text
    assert '<option value="low" selected>' in answer.text


def test_rows_are_looked_at_again_where_what_they_follow_from_was_changed(curator: Client) -> None:
    trial = world(FEVER)
    answer = draft(curator, trial, "Pyrexia", **{"g0-dose_class": "high"})
    assert "was changed since these rows were shown" in answer.text
    hold(trial, study([event("Hypotension", (1, 20), (1, 21)), FEVER], []))
    shown = rows_shown(curator, trial).context["page"].shown
    hold(trial, study([FEVER, LOW], []))
    sent = form_of(curator, page_of(trial)) | groups(make="1", shown=shown, row=["EG000.0"])
    assert "was changed since these rows were shown" in curator.post(page_of(trial), sent).text
    assert not HarmReport.objects.exists()


def test_two_who_tick_the_same_row_make_one_draft(
    curator: Client, signed_in: Callable[..., Client]
) -> None:
    trial = world(FEVER)
    berta = signed_in("berta", duties.CURATOR)
    shown = rows_shown(berta, trial).context["page"].shown
    draft(curator, trial, "Pyrexia")
    sent = form_of(berta, page_of(trial)) | groups(make="1", shown=shown, row=["EG000.0"])
    answer = berta.post(page_of(trial), sent, follow=True)
    assert "0 drafts were made. Left out, as held already: 1." in answer.text
    assert HarmReport.objects.count() == 1


def test_a_term_becomes_a_synonym_and_its_rows_appear(curator: Client) -> None:
    trial = world(event("Febrile episode", (3, 20), (1, 21)))
    sent = form_of(curator, page_of(trial)) | groups(teach="1")
    fever = AdverseEffect.objects.get(slug="fever")
    empty = curator.post(page_of(trial), sent)
    assert "Choose the term and the effect" in empty.text
    chosen = {"teach-term": "Febrile episode", "teach-effect": fever.pk}
    answer = curator.post(page_of(trial), sent | chosen)
    fever.refresh_from_db()
    assert fever.synonym_list == ["Pyrexia", "Febrile episode"]
    assert answer.text.count('type="checkbox"') == 1
    assert "terms of the record" not in answer.text


def test_what_is_ticked_stays_so_when_a_synonym_is_added(curator: Client) -> None:
    trial = world(FEVER, LOW, event("Febrile episode", (3, 20), (1, 21)))
    page = rows_shown(curator, trial)
    sent = form_of(curator, page_of(trial)) | groups(
        teach="1", offered="1", **{"g0-given": "package"}
    )
    sent["row"] = [*keys(page, "Hypotension"), "EG000.gone"]
    chosen = {
        "teach-term": "Febrile episode",
        "teach-effect": AdverseEffect.objects.get(slug="fever").pk,
    }
    for more, terms in (({}, ["Hypotension"]), (chosen, ["Hypotension", "Febrile episode"])):
        answer = curator.post(page_of(trial), sent | more)
        assert answer.context["page"].ticked == {*keys(answer, *terms)}
        assert '<option value="package" selected>' in answer.text


def test_what_is_ticked_stays_so_when_the_record_was_changed(curator: Client) -> None:
    trial = world(FEVER, LOW)
    page = rows_shown(curator, trial)
    told = {"shown": page.context["page"].shown, "offered": "1", "row": keys(page, "Hypotension")}
    other = event("Edema limbs", (1, 20), (1, 21))
    hold(trial, study([other, LOW, FEVER], []))
    answer = curator.post(
        page_of(trial), form_of(curator, page_of(trial)) | groups(make="1", **told)
    )
    assert "was changed since these rows were shown" in answer.text
    assert answer.context["page"].ticked == {*keys(answer, "Hypotension")}


# --- What the groups received stands in the address ---------------------------------------------


def test_the_rows_have_an_address_of_their_own(curator: Client) -> None:
    trial = world(FEVER, LOW)
    sent = form_of(curator, page_of(trial)) | groups(
        show="1", **{"cause-other": "treatment-related"}
    )
    moved = curator.post(page_of(trial), sent)
    assert moved.status_code == 302
    assert moved.url.endswith("#rows")
    again = curator.get(moved.url)
    assert again.status_code == 200
    assert '<h2 id="rows"' in again.text
    assert "2 rows, 2 ticked" in again.text
    for said in ("il2", "low", "alone", "no-il2", "treatment-related"):
        assert f'<option value="{said}" selected>' in again.text
    assert 'data-head="Affected / at risk"' in again.text
    form = form_of(curator, moved.url) | {"make": "1"}
    form["row"] = keys(again, "Pyrexia")
    listed = curator.post(page_of(trial), form, follow=True).text
    assert moved.url.replace("&", "&amp;") in listed


BAD_ADDRESSES = (
    {"g0-use": "nonsense"},
    {"g0-use": "il2", "g0-intervention": "9" * 40},
    {"g0-use": "no-il2"},
    {"g7-use": "il2"},
    {"g" + "9" * 500 + "-use": "il2"},
    {"cause-serious": "perhaps"},
    {"record": "NCT99999999"},
)


@pytest.mark.parametrize("query", BAD_ADDRESSES, ids=lambda query: "-".join(query)[:20])
def test_an_address_that_says_nonsense_is_refused_in_words(
    curator: Client, query: dict[str, str]
) -> None:
    answer = curator.get(page_of(world(FEVER)), query)
    assert answer.status_code == 400
    assert "errornote" in answer.text
    assert not answer.context["page"].tables


def test_of_an_address_too_long_for_a_server_the_rows_are_shown_at_once(curator: Client) -> None:
    trial = world()
    many = tuple(f"Group {n}" for n in range(60))
    hold(trial, study([event("Fever", *[(1, 20)] * 60)], [], groups=many))
    form = str(Intervention.objects.get(slug="sc-il-2").pk)
    sent = {f"g{n}-use": "il2" for n in range(60)} | {f"g{n}-intervention": form for n in range(60)}
    answer = curator.post(page_of(trial), sent | {"show": "1"})
    assert answer.status_code == 200
    assert "60 rows" in answer.text


def test_a_word_for_anything_else_is_no_synonym(curator: Client) -> None:
    trial = world(event("General disorders - Other, specify", (3, 20), (1, 21)))
    fever = AdverseEffect.objects.get(slug="fever")
    chosen = {"teach-term": "General disorders - Other, specify", "teach-effect": fever.pk}
    sent = form_of(curator, page_of(trial)) | groups(teach="1") | chosen
    assert "cannot be another name" in curator.post(page_of(trial), sent).text


def test_only_who_may_add_harm_reports_sees_the_page(
    viewer: Client, signed_in: Callable[..., Client], stranger: Client
) -> None:
    trial = world(FEVER)
    reviewer = signed_in("rita", duties.REVIEWER)
    for browser in (viewer, reviewer):
        assert browser.get(page_of(trial)).status_code == 403
        assert browser.post(page_of(trial), {"make": "1"}).status_code == 403
    assert stranger.get(page_of(trial)).status_code == 302
    assert "adverse-events" not in reviewer.get(url(Trial, "change", trial.pk)).text


def test_the_trial_leads_there_where_events_are_posted(curator: Client) -> None:
    trial, other = world(FEVER), make(Trial)
    assert page_of(trial) in curator.get(url(Trial, "change", trial.pk)).text
    assert "adverse-events" not in curator.get(url(Trial, "change", other.pk)).text
    assert "No record that is held" in curator.get(page_of(other)).text
    assert "No record that is held" in curator.post(page_of(other), {"make": "1"}).text


HOSTILE: tuple[dict[str, Any], ...] = (
    {"g0-use": "nonsense"},
    {"g0-intervention": "9" * 40},
    {"g0-intervention": "\x00"},
    {"g0-dose_class": "huge"},
    {"cause-serious": ""},
    {"cause-other": "\ud83d\x00"[1:]},
    {"record": "NCT99999999"},
    {"shown": "\x00"},
    {"row": ["EG000.0"] * 900},
    {"row": ["' OR 1=1 --", "EG000.-1"]},
    {"teach": "1", "teach-term": "\x00", "teach-effect": "x"},
)


@pytest.mark.parametrize("sent", HOSTILE, ids=lambda sent: "-".join(sent))
def test_nothing_that_is_sent_breaks_the_page(curator: Client, sent: dict[str, Any]) -> None:
    trial = world(FEVER)
    answer = curator.post(page_of(trial), groups(make="1") | sent)
    assert answer.status_code < 500
    assert not HarmReport.objects.exists()


@pytest.mark.parametrize("key", ["0", "999999999", "x", "9" * 30])
def test_a_trial_that_is_not_there_leads_to_the_list(curator: Client, key: str) -> None:
    answer = curator.get(f"/admin/evidence/trial/{key}/adverse-events/", follow=True)
    assert answer.status_code == 200
    assert "This trial is not there any more." in answer.text


def test_the_page_costs_the_same_with_many_groups_and_terms(curator: Client) -> None:
    trial = world(FEVER)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert rows_shown(curator, trial).status_code == 200
        return len(caught)

    cost()
    few = cost()
    terms = [event(name, *[(1, 20)] * 12) for name in ("Fever", "Hypotension", "Edema limbs")]
    hold(trial, study(terms, terms, groups=tuple(f"Group {n}" for n in range(12))))
    assert cost() == few


# --- As published --------------------------------------------------------------------------------


def test_the_trials_page_sets_registry_and_paper_beside_each_other(curator: Client) -> None:
    trial = make(Trial, enrolment=4150)
    paper = make(Publication, title="The paper")
    tie = TrialPublication.objects.create(trial=trial, publication=paper, people=4111)
    page = curator.get(url(Trial, "change", trial.pk)).text
    assert "Registry and paper" in page
    tie.people = 4150
    tie.save()
    assert "Registry and paper" not in curator.get(url(Trial, "change", trial.pk)).text


def test_what_a_paper_says_of_a_trial_is_entered_on_the_trials_page(curator: Client) -> None:
    trial = make(Trial, enrolment=4150)
    tie = TrialPublication.objects.create(trial=trial, publication=make(Publication))
    answer = send(
        curator,
        url(Trial, "change", trial.pk),
        **{
            "publication_rows-0-people": "4111",
            "publication_rows-0-start": "2000-03",
            "publication_rows-0-completion": "soon",
        },
    )
    assert answer.status_code == 200
    assert "soon" in answer.text
    send(
        curator,
        url(Trial, "change", trial.pk),
        **{"publication_rows-0-people": "4111", "publication_rows-0-start": "2000-03"},
    )
    tie.refresh_from_db()
    assert (tie.people, tie.start) == (4111, "2000-03")
    send(curator, url(Publication, "change", tie.publication_id), title="Another title")
    tie.refresh_from_db()
    assert (tie.people, tie.start) == (4111, "2000-03")
