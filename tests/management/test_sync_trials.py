"""The operator looks at the registry again: a tally, faults by the line, and exit codes."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from evidence.models import SyncFault, SyncRun, Trial
from evidence.vocab import RunKind, RunState
from tests.journeys.killing import stand
from tests.management.backups import ROOT, environment
from tests.registries.fake import FakeRegistry, Fault, FaultPlan, nobody
from tests.sync.registry import CHANGED, KNOWN, MENTIONING, NEW, begin, serving, study

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 30  # seconds
TALLY = "7 created, 2 changed, 5 the same, 3 not IL-2, 0 failed.\n"


@pytest.fixture
def registry(settings: Any) -> Iterator[FakeRegistry]:
    """What the registry holds now, when the known studies are known."""
    begin()
    with serving() as one:
        settings.IL2TRACKER_CTGOV_URL = one.base
        yield one


def said(*arguments: str) -> tuple[str, str]:
    """What the command prints: on standard output, and on standard error with its last words."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("sync_trials", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        err.write(f"{error}\n")
    return out.getvalue(), err.getvalue()


def test_the_command_prints_a_tally_and_in_a_pipe_nothing_else(registry, capfd) -> None:
    assert said() == (TALLY, "")
    assert capfd.readouterr() == ("", "")
    assert said() == ("0 created, 0 changed, 17 the same, 0 not IL-2, 0 failed.\n", "")


def test_a_dry_run_says_what_would_be_and_writes_nothing(registry) -> None:
    before = stand()
    assert said("--dry-run") == (f"Nothing was written. It would be: {TALLY}", "")
    assert stand() == before


def test_known_ones_alone_are_looked_at_if_that_is_asked(registry) -> None:
    assert said("--known-only")[0] == "0 created, 2 changed, 5 the same, 0 not IL-2, 0 failed.\n"
    assert SyncRun.objects.latest("pk").arguments == "known ones only"
    assert not Trial.objects.filter(slug__in=NEW).exists()


def test_what_failed_is_named_line_by_line_and_the_command_fails(registry) -> None:
    for number in (NEW[0], MENTIONING[0]):
        protocol = registry.studies[number]["protocolSection"]
        protocol["identificationModule"]["briefTitle"] = ""
    out, err = said()
    assert out == "6 created, 2 changed, 5 the same, 2 not IL-2, 2 failed.\n"
    *lines, last = err.splitlines()
    assert [line.partition(":")[0] for line in lines] == [NEW[0], MENTIONING[0]]
    assert last == "2 records failed."


def test_each_study_that_vanished_is_named_once_and_is_no_failure(registry) -> None:
    del registry.studies[KNOWN[2]]
    line = f"{KNOWN[2]}: ClinicalTrials.gov does not know it any more."
    tally = "7 created, 2 changed, 4 the same, 3 not IL-2, 1 vanished, 0 failed.\n"
    assert said("--dry-run") == (f"Nothing was written. It would be: {tally}", f"{line}\n")
    assert said() == (tally, f"{line}\n")
    assert str(SyncFault.objects.get()) == line
    assert said() == ("0 created, 0 changed, 17 the same, 0 not IL-2, 0 failed.\n", "")
    assert SyncFault.objects.count() == 1


def test_what_became_of_each_record_is_said_if_that_is_asked(registry) -> None:
    old, new = KNOWN[0], "NCT00000555"
    del registry.studies[old]
    registry.studies[new] = study(new, aliases=[old])
    registry.aliases[old] = new
    dry = said("-v", "2", "--dry-run")[0].splitlines()
    lines = said("-v", "2")[0].splitlines()
    assert lines[-1] == "7 created, 3 changed, 4 the same, 3 not IL-2, 0 failed."
    assert dry[-1] == f"Nothing was written. It would be: {lines[-1]}"
    told, would_be = ([one.partition(": ")[0] for one in each[:-1]] for each in (lines, dry))
    assert would_be == told
    assert {*NEW, *CHANGED, *MENTIONING, "IL-2"} <= {*told}
    assert f"{old}: ClinicalTrials.gov has it as {new} now." in lines
    assert "IL-2: It finds 17 studies." in lines
    assert len(said()[0].splitlines()) == 1


def test_a_registry_that_lost_much_is_not_believed_unless_that_is_accepted(registry) -> None:
    for number in KNOWN[:4]:
        del registry.studies[number]
    out, err = said()
    assert out.startswith("So far: 0 created")
    assert err.startswith("ClinicalTrials.gov returned 3 of 7 known studies; nothing was changed. ")
    assert "4 vanished" in said("--accept-fewer")[0]


def test_a_registry_that_is_down_is_said_in_one_sentence(registry, settings) -> None:
    settings.IL2TRACKER_CTGOV_URL = nobody()
    err = said()[1]
    assert "gave no good answer in 5 tries" in err
    assert err.count("\n") == 1
    assert SyncRun.objects.latest("pk").state == RunState.BROKEN_OFF


def test_the_second_of_two_at_once_is_refused_and_the_first_may_be_killed(registry) -> None:
    """Two real programs: the first waits for an answer that never comes, and is then killed."""
    registry.plan = FaultPlan(always=Fault.HANG)
    before = stand()
    first = program(registry)
    try:
        until(lambda: SyncRun.objects.filter(kind=RunKind.SYNC_TRIALS).exists())
        during = stand()
        second = program(registry)
        err = second.communicate(timeout=PATIENCE)[1]
        assert second.returncode == 1
        assert err.startswith("CommandError: A look at the registry has been running since ")
        assert err.endswith(" UTC; try again when it has ended.\n")
        assert stand() == during
    finally:
        os.kill(first.pid, signal.SIGKILL)
        first.communicate()
    registry.plan = FaultPlan()
    assert said() == (TALLY, "")
    assert SyncRun.objects.latest("pk").state == RunState.FINISHED
    assert len(stand()["evidence_syncrun"]) == len(before["evidence_syncrun"]) + 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_interrupts_it_reads_one_sentence_and_the_next_run_goes_on(registry, number) -> None:
    registry.plan = FaultPlan(always=Fault.HANG)
    running = program(registry)
    try:
        until(lambda: registry.asked)
        running.send_signal(number)
        out, err = running.communicate(timeout=PATIENCE)
    finally:
        running.kill()
    assert running.returncode == 128 + number
    assert out == "So far: 0 created, 0 changed, 0 the same, 0 not IL-2, 0 failed.\n"
    assert err == ("CommandError: Interrupted; the next run goes on where this one stood.\n")
    row = SyncRun.objects.latest("pk")
    assert (row.state, row.sentence) == (RunState.BROKEN_OFF, "It was interrupted.")
    registry.plan = FaultPlan()
    assert said() == (TALLY, "")


@pytest.mark.parametrize("more", [(), ("--dry-run",), ("-v", "2")], ids=str)
def test_an_output_that_nobody_reads_is_said_in_one_sentence(registry, more) -> None:
    nobody_reads, output = os.pipe()
    os.close(nobody_reads)
    try:
        running = program(registry, *more, output=output)
        err = running.communicate(timeout=PATIENCE)[1]
    finally:
        os.close(output)
    assert err == "CommandError: Nobody reads the output any more.\n"
    assert running.returncode == 1


def test_a_database_that_another_program_writes_to_is_said_in_one_sentence(registry) -> None:
    is_sqlite = connection.vendor == "sqlite"
    other = connection.copy()
    with other.cursor() as theirs, connection.cursor() as ours:
        if is_sqlite:
            ours.execute("PRAGMA busy_timeout = 50")
            theirs.execute("BEGIN IMMEDIATE")
        else:
            other.set_autocommit(False)
            ours.execute("SET lock_timeout = 50")
            theirs.execute("LOCK TABLE evidence_syncrun")
        try:
            out, err = said()
            assert (out, err.count("\n")) == ("", 1)
            assert err.startswith("Another program has been writing to the database for too long")
        finally:
            theirs.execute("ROLLBACK")
            other.close()
            connection.close()
    assert said() == (TALLY, "")


def program(
    registry: FakeRegistry, *more: str, output: int = subprocess.PIPE
) -> subprocess.Popen[str]:
    """The command as a program of its own, on the tests' database."""
    settings = {"DJANGO_SETTINGS_MODULE": "il2tracker.settings", "IL2TRACKER_ENV_FILE": ""}
    settings |= {"SECRET_KEY": "x" * 50, "IL2TRACKER_CTGOV_URL": registry.base}
    return subprocess.Popen(
        [sys.executable, "manage.py", "sync_trials", *more],
        cwd=ROOT,
        env=environment() | settings,
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
    )


def until(is_so: Any) -> None:
    """Wait for something that another program does."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)
        connection.close()
