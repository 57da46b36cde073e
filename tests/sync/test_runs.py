"""A run is written down as it goes, and is taken up again where it was cut short."""

from __future__ import annotations

import datetime as dt
from contextlib import nullcontext
from typing import Any

import pytest
from django.db import transaction

from evidence.models import SyncFault, SyncRun
from evidence.registries.http import Unreachable
from evidence.registries.records import Fault
from evidence.sync import lock, runs
from evidence.sync.runs import AnotherRun, BrokenOff, Stopped, running
from evidence.sync.tally import Counts
from evidence.vocab import RunKind, RunState
from tests.journeys.killing import stand

pytestmark = pytest.mark.django_db

SYNC, IMPORT = RunKind.SYNC_TRIALS, RunKind.IMPORT_TRIALS


def cut_short(kind: str = SYNC, **fields: Any) -> SyncRun:
    """A run as a killed program leaves it."""
    now = dt.datetime.now(dt.UTC)
    given = {"kind": kind, "state": RunState.RUNNING, "started_at": now, "last_step_at": now}
    return SyncRun.objects.create(**given | fields)


def run_until(error: BaseException, *, cursor: str = "", **counts: int) -> None:
    """Do one step of a run, and end it with an error."""
    with running(SYNC) as run:
        run.step(Counts(**counts), cursor=cursor)
        raise error


def batch_that_fails(run: runs.Run) -> None:
    """Write a batch down and then lose it."""
    with transaction.atomic():
        run.step(Counts(failed=1), cursor="after", faults=[Fault(about="x", sentence="y")])
        raise ZeroDivisionError


def test_a_run_that_comes_to_its_end_is_finished_with_its_tally() -> None:
    with running(SYNC, arguments="these") as run:
        assert SyncRun.objects.get().state == RunState.RUNNING
        run.step(Counts(created=2), cursor="here")
        run.step(Counts(created=1, same=4), cursor="there")
        assert SyncRun.objects.get().cursor == "there"
    row = SyncRun.objects.get()
    assert (row.kind, row.arguments, row.state) == (SYNC, "these", RunState.FINISHED)
    assert (row.created, row.same, row.cursor, row.sentence) == (3, 4, "", "")
    assert row.finished_at is not None
    assert run.counts == Counts(created=3, same=4)


def test_a_step_is_written_down_with_its_batch_or_not_at_all() -> None:
    with running(SYNC) as run:
        run.step(Counts(same=1), cursor="before")
        with pytest.raises(ZeroDivisionError):
            batch_that_fails(run)
        assert SyncRun.objects.get().cursor == "before"
        assert run.counts == Counts(same=1)
    assert not SyncFault.objects.exists()


def test_a_run_of_the_same_kind_and_arguments_goes_on_where_a_killed_one_stood() -> None:
    row = cut_short(arguments="these", cursor="there", created=2)
    with running(SYNC, arguments="these") as run:
        assert (run.row.pk, run.cursor) == (row.pk, "there")
        run.step(Counts(created=1))
    row.refresh_from_db()
    assert (row.state, row.created) == (RunState.FINISHED, 3)


@pytest.mark.parametrize(("kind", "arguments"), [(IMPORT, "these"), (SYNC, "those")])
def test_a_run_of_another_kind_or_arguments_begins_anew_and_says_what_became_of_the_killed_one(
    kind: str, arguments: str
) -> None:
    row = cut_short(arguments="these", cursor="there")
    with running(kind, arguments=arguments) as run:
        assert (run.cursor, run.row.pk != row.pk) == ("", True)
    row.refresh_from_db()
    assert (row.state, row.sentence) == (RunState.BROKEN_OFF, runs.CUT_SHORT)
    assert row.finished_at == row.last_step_at


def test_what_was_cut_short_long_ago_is_begun_anew() -> None:
    long_ago = dt.datetime.now(dt.UTC) - runs.TAKEN_UP_FOR
    row = cut_short(cursor="there", started_at=long_ago, last_step_at=long_ago)
    with running(SYNC) as run:
        assert run.cursor == ""
    row.refresh_from_db()
    assert row.state == RunState.BROKEN_OFF
    assert SyncRun.objects.count() == 2


def test_trouble_on_the_wire_breaks_a_run_off_with_its_sentence_and_the_next_one_goes_on() -> None:
    with pytest.raises(Unreachable):
        run_until(Unreachable("Nobody answers there."), cursor="there", same=5)
    row = SyncRun.objects.get()
    assert (row.state, row.sentence) == (RunState.BROKEN_OFF, "Nobody answers there.")
    assert row.finished_at is not None
    with running(SYNC) as run:
        assert run.cursor == "there"
        assert SyncRun.objects.get().sentence == ""
    row.refresh_from_db()
    assert (row.state, row.same) == (RunState.FINISHED, 5)


def test_a_run_that_is_stopped_says_why_and_the_next_one_begins_anew() -> None:
    with pytest.raises(Stopped, match="Too few"):
        run_until(Stopped("Too few came."), cursor="there")
    row = SyncRun.objects.get()
    assert (row.state, row.sentence) == (RunState.STOPPED, "Too few came.")
    with running(SYNC) as run:
        assert (run.cursor, SyncRun.objects.count()) == ("", 2)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ZeroDivisionError("by nothing"), "A fault of the program: ZeroDivisionError: by nothing"),
        (ValueError("a\x00b\ud800"), "A fault of the program: ValueError: ab"),
        (KeyboardInterrupt(), runs.INTERRUPTED),
    ],
)
def test_a_fault_of_the_program_breaks_a_run_off_and_is_named(
    error: BaseException, sentence: str
) -> None:
    with pytest.raises(type(error)), running(SYNC):
        raise error
    row = SyncRun.objects.get()
    assert (row.state, row.sentence) == (RunState.BROKEN_OFF, sentence)


def test_faults_are_kept_up_to_a_thousand_and_all_are_counted() -> None:
    with running(SYNC) as run:
        run.fault("NCT00000101", "It has no title.")
        many = [Fault(about=str(n), sentence="No.") for n in range(runs.MOST_FAULTS)]
        run.step(Counts(failed=len(many)), faults=many)
        run.fault("one.json", "One too many.")
    assert SyncRun.objects.get().failed == runs.MOST_FAULTS + 2
    assert SyncFault.objects.count() == runs.MOST_FAULTS
    assert len(run.faults) == runs.MOST_FAULTS
    assert str(SyncFault.objects.first()) == "NCT00000101: It has no title."


@pytest.mark.parametrize("about", ["a" * 400, "\ud800\x00.json", ""])
def test_whatever_a_fault_is_about_it_can_be_kept(about: str) -> None:
    with running(SYNC) as run:
        run.fault(about, "No\x00 \ud800title.\nNo number.")
        run.fault(about, "\x00")
    one, other = SyncFault.objects.all()
    assert one.sentence == "No title. No number."
    assert other.sentence == runs.UNSAID


def test_while_a_run_is_under_way_another_is_told_which_and_since_when() -> None:
    before = stand()
    with running(IMPORT):
        SyncRun.objects.update(started_at=dt.datetime.now(dt.UTC).replace(hour=14, minute=2))
        during = stand()
        with pytest.raises(AnotherRun) as refusal, running(SYNC):
            pytest.fail("two at once")
        assert stand() == during
    assert refusal.value.sentence == (
        "An import of trials has been running since 14:02 UTC; try again when it has ended."
    )
    assert stand() != before


def test_a_run_that_began_on_another_day_is_named_with_the_day() -> None:
    with running(SYNC):
        SyncRun.objects.update(started_at=dt.datetime(2026, 3, 5, 4, 30, tzinfo=dt.UTC))
        with pytest.raises(AnotherRun, match=r"^A look at .* since 5 March 2026, 04:30 UTC; "):
            running(SYNC).__enter__()


def test_the_lock_is_free_again_however_a_run_ends() -> None:
    for error in (Stopped("Enough."), Unreachable("Gone."), ZeroDivisionError()):
        with pytest.raises(type(error)), running(SYNC):
            raise error
    with running(SYNC):
        pass


def test_a_run_that_only_looks_writes_nothing_and_goes_on_beside_another() -> None:
    with running(IMPORT):
        before = stand()
        with running(SYNC, dry_run=True) as run:
            run.step(Counts(created=2), cursor="there")
            run.fault("NCT00000101", "It has no title.")
            assert run.cursor == ""
        assert run.counts == Counts(created=2, failed=1)
        assert [one.sentence for one in run.faults] == ["It has no title."]
        assert stand() == before


def test_a_run_that_lost_its_lock_writes_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "held", lambda: nullcontext(lambda: False))
    with pytest.raises(BrokenOff, match="lock"):
        run_until(AssertionError("it went on"), cursor="there", created=1)
    assert (SyncRun.objects.get().created, SyncRun.objects.get().cursor) == (0, "")
