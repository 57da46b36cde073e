"""One run at a time, whatever it brings in; a lock that ends with its process, however it ends."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, Error, connection, connections

KEY = 0x494C32  # of the advisory lock, which is the database's own: "IL2"
SUFFIX = ".run-lock"

Check = Callable[[], bool]


@contextmanager
def held() -> Iterator[Check | None]:
    """Hold the lock inside the block; None where another process has it.

    What is given otherwise says, whenever it is asked, whether the lock is held still: on
    PostgreSQL it goes with its session, which a server that is restarted ends.
    """
    with _advisory() if connection.vendor == "postgresql" else _file() as check:
        yield check


@contextmanager
def _file() -> Iterator[Check | None]:
    """Lock a file beside the database; it stays there, as to remove it would let two in."""
    # To read is enough for a lock, and lets in whoever runs the site after a command run as root.
    descriptor = os.open(_path(), os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield lambda: True
    finally:
        os.close(descriptor)


def _path() -> Path:
    name = str(connection.settings_dict["NAME"])
    if connection.is_in_memory_db():  # type: ignore[attr-defined]  # of SQLite's alone
        # Such a database ends with its process, and no other can write to it.
        told = hashlib.sha256(f"{name} {os.getpid()}".encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"il2tracker-{told}{SUFFIX}"
    database = Path(name).resolve()
    return database.with_name(database.name + SUFFIX)


@contextmanager
def _advisory() -> Iterator[Check | None]:
    """Take the lock in a session of its own: the one that writes may be closed in between."""
    own = connections.create_connection(DEFAULT_DB_ALIAS)

    def ask(sql: str) -> bool:
        with own.cursor() as cursor:
            cursor.execute(sql)
            return bool(cursor.fetchone()[0])

    def still() -> bool:
        try:
            return ask("SELECT true")
        except Error:
            return False

    try:
        yield still if ask(f"SELECT pg_try_advisory_lock({KEY})") else None
    finally:
        own.close()
