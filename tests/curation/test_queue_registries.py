"""What came in, what changed there and what is gone from there waits in the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evidence.curation import queue
from evidence.models import Drift, HarmReport, Publication, RegistryRecord, Snapshot, Trial
from evidence.vocab import Origin, Source, Verdict
from tests.curation.test_queue import only, rows, section
from tests.models.rows import make

if TYPE_CHECKING:
    from django.contrib.auth.models import User

pytestmark = pytest.mark.django_db


def came_in(verdict: str = Verdict.GIVES) -> Trial:
    """Make a trial that came in and waits."""
    trial: Trial = make(Trial, origin=Origin.IMPORT)
    make(RegistryRecord, trial=trial, publication=None, verdict=verdict)
    return trial


def changed(trial: Trial, *, applied: bool = True) -> Drift:
    """Make a change at the registry that waits."""
    record = make(RegistryRecord, trial=trial, publication=None)
    fields = {"field": "sponsor", "applied": applied}
    drift: Drift = make(Drift, trial=trial, publication=None, record=record, **fields)
    return drift


def accepted() -> Trial:
    """Make a trial that readers see."""
    trial: Trial = make(Trial, origin=Origin.STARTER, accepted_at=timezone.now())
    return trial


def test_all_that_came_in_is_one_row_with_the_doubtful_ones_said(ann: User) -> None:
    came_in()
    came_in(Verdict.GREY)
    make(Publication, origin=Origin.IMPORT)
    found = section(ann, "inbox")
    assert found is not None
    trials, papers = found.rows
    assert (found.stands_for, trials.what, papers.what) == (
        3,
        "2 trials came in",
        "1 publication came in",
    )
    assert trials.sentence.endswith("1 may not give IL-2 after all")
    assert (trials.page, trials.model) == ("inbox", Trial)


def test_the_inbox_says_since_when_the_first_of_it_waits(ann: User) -> None:
    trial, at = came_in(), timezone.now()
    value = trial.registry_records.get().value
    make(Snapshot, value=value, received_at=at)
    assert only(ann, "inbox").since == at


def test_a_trial_of_which_fields_changed_is_one_row(ann: User) -> None:
    trial = accepted()
    changed(trial)
    changed(trial, applied=False)
    row = only(ann, "changes")
    assert row.sentence == (
        "1 field reads otherwise there, where ours was corrected here; "
        "1 field reads here now as there"
    )
    assert (row.model, row.page, row.query) == (Drift, "cards", {"trial": str(trial.pk)})


def test_what_was_decided_waits_no_more(ann: User) -> None:
    drift = changed(accepted())
    drift.decision, drift.decided_by, drift.decided_at = "accepted", ann, timezone.now()
    drift.save()
    assert rows(ann, "changes") == []


def test_what_its_registry_does_not_know_any_more_is_said_with_its_number(ann: User) -> None:
    trial = accepted()
    day = timezone.localdate()
    record = make(RegistryRecord, trial=trial, publication=None, vanished_on=day)
    make(RegistryRecord, trial=came_in(), publication=None, vanished_on=day)  # nobody accepted it
    row = only(ann, "gone")
    assert (row.about, row.since) == (trial, day)
    assert f"does not know {record.value} any more" in row.sentence


def test_posted_results_wait_until_a_harm_was_read_from_them(ann: User) -> None:
    trial = accepted()
    trial.results_posted = "2019-01-02"
    trial.save()
    assert rows(ann, "posted") == []  # no record is held to read
    make(RegistryRecord, trial=trial, publication=None, source=Source.CTGOV)
    row = only(ann, "posted")
    assert (row.about, row.page) == (trial, "adverse_events")
    make(HarmReport, trial=trial, results_posted="2019-01-02")
    assert rows(ann, "posted") == []


def test_who_may_not_decide_is_not_asked(ben: User, vic: User) -> None:
    came_in()
    changed(accepted())
    trial = make(
        Trial, origin=Origin.STARTER, accepted_at=timezone.now(), results_posted="2019-01-02"
    )
    make(RegistryRecord, trial=trial, publication=None, vanished_on=timezone.localdate())
    assert queue.queue(ben) == queue.queue(vic) == ()


def test_thirty_take_as_many_queries_as_three(ann: User) -> None:
    def asked() -> list[int]:
        counted = []
        for part in ("inbox", "changes", "gone"):
            with CaptureQueriesContext(connection) as queries:
                assert queue.queue(ann, only=part)
            counted.append(len(queries))
        return counted

    def fill(count: int) -> None:
        for _ in range(count):
            came_in()
            changed(accepted())
            trial = accepted()
            make(RegistryRecord, trial=trial, publication=None, vanished_on=timezone.localdate())

    fill(3)
    asked()
    once = asked()
    fill(27)
    assert asked() == once
