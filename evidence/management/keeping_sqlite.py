"""Backups of an SQLite database: one whole file, by the backup API, never by copying a live one."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from evidence.management.keeping_manifest import Contents, KeepingFault
from evidence.management.keeping_token import NEW_TOKEN, new_token

SUFFIX = ".sqlite3"
MAGIC = b"SQLite format 3\0"
PATIENCE = 20  # seconds to wait for whoever writes
SESSIONS = "django_session"


def copy_out(path: Path) -> None:
    """Write the live database, as it is at one moment, to an empty file; nobody has to wait."""
    refuse_missing()
    with _faults(), closing(_open(_live(), "rw")) as live, closing(sqlite3.connect(path)) as copy:
        # In one step: page by page it would begin anew with every write of another process.
        live.backup(copy)
        # One file with nothing beside it, and nobody's sign-in in it, not even in its free pages.
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.execute("PRAGMA secure_delete=ON")
        if SESSIONS in _tables(copy):
            with copy:
                copy.execute(f"DELETE FROM {SESSIONS}")  # noqa: S608


def contents(path: Path) -> Contents:
    """Read what a file holds; KeepingFault where it is not one of ours."""
    with sealed(path) as file:
        tables = _tables(file)
        if "django_migrations" not in tables or "evidence_dataversion" not in tables:
            raise KeepingFault("it is an SQLite file, but holds no il2tracker database.")
        count = "SELECT count(*) FROM {}"
        migrations = file.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
        version = file.execute("SELECT number FROM evidence_dataversion").fetchone()
        return Contents(
            rows={
                table: file.execute(count.format(connection.ops.quote_name(table))).fetchone()[0]
                for table in tables
            },
            migrations=tuple(name for (name,) in migrations),
            data_version=version[0] if version else 0,
        )


def faults(path: Path) -> Iterator[str]:
    """Give a sentence for each fault of a file: pages, indexes, constraints, foreign keys."""
    with sealed(path) as file:
        for (said,) in file.execute("PRAGMA integrity_check(20)").fetchall():
            if said != "ok":
                yield f"SQLite's integrity check: {said}."
        for table, row, target, _ in file.execute("PRAGMA foreign_key_check").fetchmany(20):
            yield f"Row {row} of {table} names a row of {target} that is not there."


def put_back(path: Path, _: Contents) -> None:
    """Put a checked file in the place of the live database, all at once or not at all."""
    live = _live().resolve()
    live.parent.mkdir(parents=True, exist_ok=True)
    made = not live.exists()
    try:
        _replace(live, path)
    except BaseException:
        if made:
            remove(live)
        raise


def refuse_missing() -> None:
    """Raise KeepingFault where there is no live database; to open it would make an empty one."""
    if is_missing():
        raise KeepingFault(f"there is no database: no file {_live()}.")


def is_missing() -> bool:
    """Tell whether the live database is a file that is not there."""
    return not _is_in_memory() and not _live().exists()


def remove(path: Path) -> None:
    """Remove a database that nobody uses, with what SQLite may have left beside it."""
    for ending in ("", "-journal", "-wal", "-shm"):
        with suppress(OSError):
            path.with_name(path.name + ending).unlink(missing_ok=True)


def _replace(live: Path, path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=live.parent, prefix=".restore-") as room, _faults():
        ready = Path(room) / "ready.sqlite3"
        shutil.copyfile(path, ready)
        with closing(sqlite3.connect(ready)) as copy, closing(_open(live, "rwc")) as target:
            with copy:
                copy.execute(NEW_TOKEN.format(new_token()))
            copy.backup(target, progress=_until(time.monotonic() + PATIENCE), sleep=0.1)


@contextmanager
def sealed(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a finished file for reading, without leaving anything beside it."""
    for leftover in ("-wal", "-journal"):
        other = path.with_name(path.name + leftover)
        if other.exists() and other.stat().st_size:
            raise KeepingFault(
                f"{other.name} stands beside it, so it is a database in use, or a copy of one made "
                "by other means. Only manage.py backup makes a whole one."
            )
    with _faults(), closing(_open(path, "ro&immutable=1")) as file:
        yield file


def uri(path: Path, mode: str) -> str:
    """Return the address by which SQLite opens a file in a mode: ro, rw or rwc."""
    return f"file:{quote(str(path.absolute()))}?mode={mode}"


def _open(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(uri(path, mode), uri=True, timeout=PATIENCE)


def _live() -> Path:
    if _is_in_memory():
        raise KeepingFault("the database is in memory alone, and ends with its process.")
    return Path(connection.settings_dict["NAME"])


def _is_in_memory() -> bool:
    name = str(connection.settings_dict["NAME"])
    return name == ":memory:" or "mode=memory" in name


def _tables(file: sqlite3.Connection) -> list[str]:
    named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite#_%'"
    return [name for (name,) in file.execute(f"{named} ESCAPE '#' ORDER BY name")]


def _until(end: float) -> Callable[[int, int, int], None]:
    def go_on(status: int, remaining: int, total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > end:
            raise KeepingFault("another program keeps the database busy. Stop it and try again.")

    return go_on


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise KeepingFault(f"SQLite says: {error}.") from error
