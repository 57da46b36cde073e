"""One run at a time, by a lock that ends with its process, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from django.db import connection

from evidence.sync import lock
from tests.management.backups import ROOT, environment

pytestmark = pytest.mark.django_db

HOLD = """
import sys, django
django.setup()
from evidence.sync import lock
with lock.held() as check:
    print("held" if check else "refused", flush=True)
    sys.stdin.read()
"""


def holder() -> subprocess.Popen[str]:
    """A program of its own that holds the lock for as long as it lives."""
    program = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "held\n"
    return program


def is_free() -> bool:
    with lock.held() as check:
        return check is not None


def test_of_two_in_one_process_one_holds_it() -> None:
    with lock.held() as check:
        assert check is not None
        assert check()
        assert not is_free()
    assert is_free()


def test_a_process_that_is_killed_leaves_no_lock() -> None:
    program = holder()
    try:
        assert not is_free()
    finally:
        os.kill(program.pid, signal.SIGKILL)
        program.communicate()
    assert is_free()


def test_the_lock_outlives_the_connection_that_writes(transactional_db: None) -> None:
    with lock.held() as check:
        connection.close()
        assert not is_free()
        assert check is not None
        assert check()


def test_a_lock_whose_session_ended_is_known_to_be_lost(
    postgres: None, transactional_db: None
) -> None:
    with lock.held() as check:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(one.pid) FROM pg_locks one JOIN pg_database ON"
                " pg_database.oid = one.database WHERE one.locktype = 'advisory'"
                " AND datname = current_database()"  # others test beside this on the same server
            )
        assert check is not None
        assert not check()
        assert is_free()


def test_databases_in_memory_have_each_a_lock_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("no database in memory")
    monkeypatch.setattr(connection, "is_in_memory_db", lambda: True)
    path = lock._path()
    assert str(os.getpid()) not in path.name
    monkeypatch.setattr(os, "getpid", lambda: 1)
    assert lock._path() != path
