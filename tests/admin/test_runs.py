"""Runs: what each did and what went wrong, what is due, and what is asked of the registry."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from auditlog.models import LogEntry
from django.test import Client
from django.utils import timezone

from evidence.models import Publication, SavedSearch, SyncFault, SyncRun, Trial, TrialIdentifier
from evidence.vocab import Origin, RunKind, RunState
from tests.admin.pages import faults, send, url
from tests.models.rows import make

pytestmark = pytest.mark.django_db
LIST = "/admin/evidence/syncrun/"
NOW = timezone.now()


def finished(kind: str, at: dt.datetime, **fields: object) -> SyncRun:
    """Make a run that is over."""
    ended = {"state": RunState.FINISHED, "started_at": at, "last_step_at": at, "finished_at": at}
    run: SyncRun = make(SyncRun, kind=kind, **ended | fields)
    return run


def known(number: str, checked_on: dt.date | None) -> Trial:
    """Make an accepted trial of ClinicalTrials.gov."""
    trial: Trial = make(
        Trial, origin=Origin.STARTER, accepted_at=timezone.now(), checked_on=checked_on
    )
    TrialIdentifier.objects.create(trial=trial, registry="NCT", value=number)
    return trial


def test_a_run_shows_its_tally_why_it_stopped_and_every_fault(viewer: Client) -> None:
    run = finished(
        RunKind.SYNC_TRIALS,
        NOW,
        state=RunState.STOPPED,
        created=3,
        not_il2=12,
        sentence="It knows 12 % fewer of our studies.",
    )
    make(SyncFault, run=run, about="NCT00000009", sentence="It has no title.")
    page = viewer.get(url(SyncRun, "change", run.pk)).text
    for words in ("look at the registry", "stopped", "It knows 12 % fewer", "NCT00000009"):
        assert words in page
    assert "It has no title." in page
    listed = viewer.get(LIST).text
    assert re.search(r'field-created">3<', listed)
    assert "<h1>Runs</h1>" in listed
    assert re.search(r'field-not_il2">12<', listed)


def test_above_the_list_stands_when_each_kind_was_last_finished(viewer: Client) -> None:
    finished(RunKind.SYNC_TRIALS, NOW - dt.timedelta(days=9))
    finished(RunKind.SYNC_TRIALS, NOW - dt.timedelta(days=3))
    finished(RunKind.SYNC_TRIALS, NOW, state=RunState.BROKEN_OFF)
    make(SyncRun, kind=RunKind.CHECK_STANDING)
    page = viewer.get(LIST).text
    row = page.partition("Look at the registry</a>")[2].partition("</tr>")[0]
    assert "3\xa0days ago" in row
    assert "python manage.py sync_trials" in row
    row = page.partition("Look for retractions</a>")[2].partition("</tr>")[0]
    assert "not yet" in row
    assert "one is running since" in row


def test_what_was_not_looked_at_for_thirty_days_is_counted_and_listed(viewer: Client) -> None:
    today = timezone.localdate()
    late = known("NCT00000011", today - dt.timedelta(days=31))
    never = known("NCT00000012", None)
    known("NCT00000013", today - dt.timedelta(days=29))
    make(Trial, origin=Origin.STARTER, accepted_at=NOW)  # no number to look at
    make(Publication, pmid=7, origin=Origin.STARTER, accepted_at=NOW)
    make(Publication, origin=Origin.STARTER, accepted_at=NOW, standing_checked_on=today)
    page = viewer.get(LIST).text
    assert "<b>2</b> trials not looked at" in page
    assert "<b>1</b> publications whose standing" in page
    listed = viewer.get(f"{url(Trial, 'changelist')}?checked=due").text
    assert {late.slug, never.slug} == {*re.findall(r'field-slug"><a[^>]*>([^<]+)', listed)}
    assert "1 publication" in viewer.get(f"{url(Publication, 'changelist')}?checked=due").text
    assert viewer.get(f"{url(Trial, 'changelist')}?checked=x").status_code == 400


def test_every_trial_says_when_it_was_last_checked(viewer: Client) -> None:
    trial = known("NCT00000011", dt.date(2026, 3, 9))
    assert re.search(
        r'field-checked_on[^>]*">9 Mar 2026', viewer.get(url(Trial, "changelist")).text
    )
    form = viewer.get(url(Trial, "change", trial.pk)).text
    assert "At the registry" in form


def test_a_saved_search_is_kept_in_the_log(curator: Client) -> None:
    answer = send(curator, url(SavedSearch, "add"), name="IL-2", intervention="aldesleukin")
    assert answer.status_code == 302
    entry = LogEntry.objects.get_for_object(SavedSearch.objects.get()).get()
    assert entry.actor.username == "anna"


def test_other_words_of_a_search_are_compared_with_no_older_count(curator: Client) -> None:
    search = make(SavedSearch, last_total=90)
    page = url(SavedSearch, "change", search.pk)
    send(curator, page, name="Another name")
    search.refresh_from_db()
    assert search.last_total == 90
    send(curator, page, intervention="aldesleukin AND lupus")
    search.refresh_from_db()
    assert search.last_total is None


def test_a_saved_search_without_terms_is_refused_in_words(curator: Client) -> None:
    answer = send(curator, url(SavedSearch, "add"), name="Everything")
    assert faults(answer) == {"intervention": ["Give intervention terms, condition terms or both."]}
