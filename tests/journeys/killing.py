"""Having programs killed, and the state of the database afterwards."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection

ROOT = Path(__file__).parents[2]
KILLED = -9
PATIENCE = 30  # seconds: PostgreSQL notices a dead client within milliseconds


@dataclass(frozen=True, kw_only=True)
class Death:
    """What became of a victim: whether it was killed, and the statements it got done."""

    killed: bool
    said: list[str]

    @property
    def first_write(self) -> int:
        """Which statement was the first that changed a row, counted from 1."""
        words = tuple(f"inside {word}" for word in ("INSERT", "UPDATE", "DELETE"))
        return next(n for n, sql in enumerate(self.said, 1) if sql.startswith(words))

    @property
    def last_before_the_commit(self) -> int:
        """Which statement was the last inside the transaction, counted from 1."""
        return max(n for n, sql in enumerate(self.said, 1) if sql.startswith("inside"))


class Killer:
    """A process that forks victims on the database of this test, and has them killed."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.journeys.victim"]
        self.process = subprocess.Popen(
            [*command, str(connection.settings_dict["NAME"])],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()

    def let(
        self,
        act: str,
        *,
        statement: int | None = None,
        seconds: float | None = None,
        **given: Any,
    ) -> Death:
        """Let a victim act; kill it once a statement is done or after some seconds, or neither."""
        before = _sessions()
        order = {"act": act, "given": given, "statement": statement, "seconds": seconds}
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self._answer())
        assert answer["ending"] in {0, KILLED}, answer["said"][-3:]
        wait_for_the_end(before)
        return Death(killed=answer["ending"] == KILLED, said=answer["said"])

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(PATIENCE)

    def _answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()


def wait_for_the_end(before: set[int]) -> None:
    """Open the database anew; on PostgreSQL wait until the server has let go of the dead.

    `before` are the sessions that there were: servers of earlier tests may have theirs still.
    """
    connection.close()
    deadline = time.monotonic() + PATIENCE
    while _sessions() - before:
        assert time.monotonic() < deadline, "a killed program's session is still there"
        time.sleep(0.005)


def _sessions() -> set[int]:
    """Give the server's sessions on this database but our own; none on SQLite."""
    if connection.vendor != "postgresql":
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        return {pid for (pid,) in cursor.fetchall()}


def stand() -> dict[str, list[Any]]:
    """Return every row of every table of ours and of the audit log, to compare with later."""
    tables = [
        name
        for name in connection.introspection.table_names()
        if name.startswith(("evidence_", "auditlog_"))
    ]
    with connection.cursor() as cursor:
        found = {}
        for name in tables:
            cursor.execute(f"SELECT * FROM {name} ORDER BY 1")  # noqa: S608
            found[name] = cursor.fetchall()
    return found
