"""A restore gives the evidence back as it was, or leaves the database as it is."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection

from evidence.ledger import version
from evidence.management import keeping, keeping_postgres
from evidence.management.keeping_manifest import KeepingFault, manifest_of
from evidence.models import Approval, Condition, Publication, Record, RegistryRecord
from tests.management.backups import environment, exports, log, manage, only_sqlite, room_for, said
from tests.management.conftest import Source
from tests.models.rows import make, someone
from tests.web import examples

pytestmark = pytest.mark.django_db

# What other programs are to see, or to replace.
committed = pytest.mark.django_db(transaction=True)


@committed
def test_the_starter_evidence_comes_back_from_sqlite_with_everything_that_people_did(
    source: Source, tmp_path: Path
) -> None:
    """On PostgreSQL this is the move from SQLite."""
    printed = said("restore", source.backup)
    assert "Restored " in printed
    assert exports() == source.exports
    assert log() == source.log
    ann = User.objects.get(username="ann")
    assert ann.check_password("long enough to keep")
    assert ann.has_perm("evidence.change_finding")
    assert said("verify").startswith("No faults in the database.")
    assert RegistryRecord.objects.get().values == {"title": 'β "quoted"', "phases": ""}
    assert make(Record).pk == source.highest + 1
    assert Condition.objects.order_by("pk").first().name.endswith(" β\t\\N")

    Record.objects.order_by("-pk").first().delete()
    path, _ = keeping.back_up(tmp_path / "again")
    Approval.objects.all().delete()
    make(Publication)
    version.bump()
    said("restore", path, force=True)
    assert exports() == source.exports
    assert log() == source.log
    assert make(Record).pk == source.highest + 2


@committed
def test_a_process_that_runs_drops_what_it_kept_and_readers_see_the_same_version(
    tmp_path: Path,
) -> None:
    version.bump()
    before = version.current()
    path, _ = keeping.back_up(tmp_path / "one")
    said("restore", path)
    after = version.current()
    assert after.token != before.token
    assert (after.number, after.as_of) == (before.number, before.as_of)


@committed
@pytest.mark.parametrize("act", [someone, lambda: make(Publication)])
def test_a_database_with_people_or_evidence_is_replaced_by_force_alone(tmp_path: Path, act) -> None:
    path, _ = keeping.back_up(tmp_path / "one")
    act()
    with pytest.raises(CommandError, match="holds evidence or people already"):
        said("restore", path)
    assert not keeping.is_empty()
    said("restore", path, force=True)
    assert keeping.is_empty()


def broken(backup: Path, how: str) -> None:
    whole = backup.read_bytes()
    if how == "cut":
        backup.write_bytes(whole[: len(whole) // 2])
    elif how == "changed":
        at = len(whole) * 2 // 3
        backup.write_bytes(
            whole[:at] + bytes(b ^ 0xFF for b in whole[at : at + 64]) + whole[at + 64 :]
        )
    elif how == "foreign":
        backup.write_text("id,condition\r\n")
    elif how == "empty":
        backup.write_bytes(b"")
    elif how == "gone":
        backup.unlink()


@pytest.mark.parametrize(
    ("how", "with_manifest"),
    [
        *((how, True) for how in ("cut", "changed", "foreign", "empty", "gone")),
        # A cell that was changed is known by the manifest alone.
        *((how, False) for how in ("cut", "foreign", "empty", "gone")),
    ],
)
def test_a_broken_file_is_refused_and_the_database_stays(
    tmp_path: Path, how: str, with_manifest: bool
) -> None:
    path, _ = keeping.back_up(tmp_path / "one")
    broken(path, how)
    if not with_manifest:
        (tmp_path / "one.json").unlink()
    kept = make(Publication)
    for command in ("verify", "restore"):
        with pytest.raises(CommandError):
            said(command, path, **({"force": True} if command == "restore" else {}))
    assert Publication.objects.get() == kept


def test_a_file_of_another_program_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other")) as other:
        other.execute("CREATE TABLE notes (id)")
    with pytest.raises(CommandError, match="holds no il2tracker database"):
        said("restore", tmp_path / "other")


def test_a_broken_manifest_is_a_sentence(tmp_path: Path) -> None:
    path, _ = keeping.back_up(tmp_path / "one")
    deep = "[" * 100_000
    for text in ("", "[]", "{}", "null", '"x"', '{"contents": 3}', "\0", "9" * 5_000, deep):
        (tmp_path / "one.json").write_text(text)
        for command in ("verify", "restore"):
            with pytest.raises(CommandError, match=r"The manifest .*one\.json cannot be read: "):
                said(command, path)


WHOLE = {"program": "x", "made_at": "x", "engine": "sqlite", "size": 1, "sha256": "x"}
CONTENTS = {"rows": {"a": 1}, "migrations": ["a.b"], "data_version": 1}


@pytest.mark.parametrize("part", [*WHOLE, *CONTENTS])
@pytest.mark.parametrize("value", [None, 1.5, float("inf"), True, {"a": None}, [1]])
def test_a_manifest_with_a_part_of_another_kind_is_a_sentence(
    tmp_path: Path, part: str, value: object
) -> None:
    told = {**WHOLE, "contents": dict(CONTENTS)}
    holder = told if part in told else told["contents"]
    place = tmp_path / "one.json"
    place.write_text(json.dumps(told))
    assert manifest_of(tmp_path / "one")
    holder[part] = value
    place.write_text(json.dumps(told))
    with pytest.raises(KeepingFault, match=r"The manifest .* cannot be read: .* is no"):
        manifest_of(tmp_path / "one")
    del holder[part]
    place.write_text(json.dumps(told))
    with pytest.raises(KeepingFault, match=f"cannot be read: it has no “{part}”"):
        manifest_of(tmp_path / "one")


@pytest.mark.parametrize("name", ["one", "one.json"])
@pytest.mark.parametrize("make_one", [os.mkfifo, os.mkdir])
def test_a_pipe_or_a_folder_is_a_sentence_and_not_waited_for(
    tmp_path: Path, name: str, make_one: Callable[[Path], None]
) -> None:
    path, _ = keeping.back_up(tmp_path / "one")
    (tmp_path / name).unlink()
    make_one(tmp_path / name)
    for command in ("verify", "restore"):
        with pytest.raises(CommandError, match="it is no regular file"):
            said(command, path)


def test_a_restore_to_a_full_disk_makes_no_database(source: Source, tmp_path: Path) -> None:
    env = environment(tmp_path / "new.sqlite3") | {"PYTHONDONTWRITEBYTECODE": "1"}
    with room_for(20_000):
        done = manage(env, "restore", source.backup)
    assert done.returncode == 1
    assert "Nothing was restored: " in done.stderr
    assert "Traceback" not in done.stderr
    assert not [*tmp_path.iterdir()]


def test_a_restore_that_fails_at_the_end_makes_no_database(source: Source, tmp_path: Path) -> None:
    (tmp_path / "new.sqlite3-journal").mkdir()
    done = manage(environment(tmp_path / "new.sqlite3"), "restore", source.backup)
    assert done.returncode == 1
    assert "Nothing was restored: SQLite says: " in done.stderr
    assert not (tmp_path / "new.sqlite3").exists()


def test_a_manifest_that_says_something_else_is_named(tmp_path: Path) -> None:
    path, _ = keeping.back_up(tmp_path / "one")
    told = json.loads((tmp_path / "one.json").read_text())
    told["contents"]["rows"]["evidence_topic"] = 5
    (tmp_path / "one.json").write_text(json.dumps(told))
    with pytest.raises(CommandError, match="evidence_topic has 0 rows; the manifest says 5"):
        said("restore", path)


@committed
def test_a_backup_alone_is_restored_with_a_word_and_is_a_fault_to_verify(tmp_path: Path) -> None:
    path, _ = keeping.back_up(tmp_path / "one")
    (tmp_path / "one.json").unlink()
    with pytest.raises(CommandError, match="1 fault found"):
        said("verify", path)
    assert "No manifest stands beside the backup" in said("restore", path)


@committed
def test_a_backup_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('evidence', '9999_later', '2026-11-21 00:00:00')"
        )
        try:
            path, _ = keeping.back_up(tmp_path / "one")
        finally:
            cursor.execute("DELETE FROM django_migrations WHERE name = '9999_later'")
    with pytest.raises(CommandError, match=r"newer version .*evidence\.9999_later"):
        said("restore", path)


@committed
def test_an_older_backup_is_brought_up_to_date_and_that_is_said(tmp_path: Path) -> None:
    """The tables that the newer program added are in the database already, and not in the file."""
    topic = examples.topic()
    topic.trials.add(examples.trial())
    call_command("migrate", "sessions", "zero", verbosity=0)
    try:
        path, _ = keeping.back_up(tmp_path / "one")
    finally:
        call_command("migrate", verbosity=0)
    printed = said("restore", path, "--force")
    assert "of an older version. Migrations applied to it: sessions.0001_initial." in printed
    topic.refresh_from_db()
    assert topic.rule == "E1"
    assert said("verify").startswith("No faults")


@committed
@pytest.mark.usefixtures("postgres")
@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("DELETE FROM django_migrations WHERE app = 'sessions'", "of an older version"),
        ("CREATE TABLE notes AS SELECT 1 AS id", "does not know: notes"),
        ("UPDATE evidence_celltarget SET name = printf('%0900d', id)", "too long"),
    ],
)
def test_a_move_that_would_lose_something_is_refused_and_undone(
    source: Source, tmp_path: Path, statement: str, refusal: str
) -> None:
    kept = make(Publication)
    other = tmp_path / "other.sqlite3"
    shutil.copyfile(source.backup, other)
    with closing(sqlite3.connect(other)) as file, file:
        file.execute("PRAGMA ignore_check_constraints = ON")
        file.execute(statement)
    with pytest.raises(CommandError, match=refusal):
        said("restore", other, force=True)
    assert Publication.objects.get() == kept


@committed
@pytest.mark.usefixtures("postgres")
def test_a_dump_that_fails_on_the_way_is_undone(tmp_path: Path) -> None:
    path, manifest = keeping.back_up(tmp_path / "one")
    held = manifest.contents
    more = dataclasses.replace(held, rows={**held.rows, "evidence_topic": 5})
    kept = make(Publication)
    with pytest.raises(KeepingFault, match="evidence_topic has another number of rows"):
        keeping_postgres.put_back(path, more)
    broken(path, "cut")
    with pytest.raises(KeepingFault, match="pg_restore ended with code 1"):
        keeping_postgres.put_back(path, held)
    assert Publication.objects.get() == kept


@only_sqlite
def test_a_live_file_that_was_only_copied_is_refused(tmp_path: Path) -> None:
    path, _ = keeping.back_up(tmp_path / "one")
    (tmp_path / "one-wal").write_bytes(b"rows that the copy lacks")
    with pytest.raises(CommandError, match="one-wal stands beside it"):
        said("restore", path)


@only_sqlite
def test_a_dump_of_postgresql_is_not_for_sqlite(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"PGDMP and more")
    with pytest.raises(CommandError, match="no backup that can be used"):
        said("restore", tmp_path / "one")
