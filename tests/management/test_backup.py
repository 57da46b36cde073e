"""A backup is a whole new file that only its owner reads, or there is none."""

from __future__ import annotations

import json
import re
import signal
import stat
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import CommandError
from django.db import connection

from evidence.management import keeping, keeping_postgres
from evidence.models import Publication
from tests.management.backups import ROOT, environment, manage, only_sqlite, room_for, said
from tests.models.rows import make, someone

pytestmark = pytest.mark.django_db

# What other programs are to see.
committed = pytest.mark.django_db(transaction=True)


@committed
def test_it_is_named_by_the_time_and_only_its_owner_reads_it(settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    make(Publication)
    someone()
    printed = said("backup")
    backup, manifest = sorted((tmp_path / "backups").iterdir())
    assert re.fullmatch(r"il2tracker-\d{8}T\d{6}Z\.(sqlite3|dump)", backup.name)
    assert manifest.name == f"{backup.name}.json"
    assert {stat.S_IMODE(file.stat().st_mode) for file in (backup, manifest)} == {0o600}
    assert stat.S_IMODE(backup.parent.stat().st_mode) == 0o700
    assert f"Backed up to {backup} (" in printed
    assert "data version 0" in printed
    assert "1 publication, 1 user" in printed


@committed
def test_the_manifest_tells_what_the_file_holds(tmp_path: Path) -> None:
    make(Publication)
    path, manifest = keeping.back_up(tmp_path / "one")
    told = json.loads((tmp_path / "one.json").read_text())
    assert told["engine"] == connection.vendor
    assert told["program"].startswith("il2tracker ")
    assert told["size"] == path.stat().st_size
    assert "evidence.0001_initial" in told["contents"]["migrations"]
    assert told["contents"]["rows"]["evidence_publication"] == 1
    assert keeping.check(path).manifest == manifest
    assert said("verify", path).startswith(f"No faults in {path}")


@committed
def test_nobodys_sign_in_is_in_it(tmp_path: Path) -> None:
    session = SessionStore()
    session.create()
    path, manifest = keeping.back_up(tmp_path / "one")
    assert not manifest.contents.rows.get("django_session")
    assert session.session_key.encode() not in path.read_bytes()


@pytest.mark.parametrize("taken", ["one", "one.json"])
def test_nothing_is_written_over(tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).write_text("mine")
    with pytest.raises(CommandError, match=f"{taken} exists already"):
        said("backup", tmp_path / "one")
    assert (tmp_path / taken).read_text() == "mine"
    assert len([*tmp_path.iterdir()]) == 1


def test_a_folder_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file" / "one", tmp_path / "missing" / "one", Path("/proc/one")):
        with pytest.raises(CommandError, match="No backup was made: "):
            said("backup", path)


# At the second, SQLite leaves a journal behind.
@pytest.mark.parametrize("room", [20_000, pytest.param(100_000, marks=only_sqlite)])
def test_a_full_disk_is_a_sentence_and_leaves_nothing(tmp_path: Path, room: int) -> None:
    with room_for(room), pytest.raises(CommandError, match="No backup was made: "):
        said("backup", tmp_path / "one")
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize(
    ("name", "sentence"), [("", "name of the file is empty"), ("a\udcff", "not valid UTF-8")]
)
@pytest.mark.parametrize("command", ["backup", "verify", "restore"])
def test_a_name_that_no_file_can_have_is_a_sentence(
    command: str, name: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match=sentence):
        said(command, name)
    assert not [*tmp_path.iterdir()]


def test_where_there_is_no_database_none_is_made(tmp_path: Path) -> None:
    for command in (("backup", tmp_path / "one"), ("verify",)):
        done = manage(environment(tmp_path / "missing.sqlite3"), *command)
        assert done.returncode == 1
        assert "there is no database: no file" in done.stderr
        assert "Traceback" not in done.stderr
        assert not [*tmp_path.iterdir()]


def test_a_database_without_tables_is_not_backed_up(tmp_path: Path) -> None:
    (tmp_path / "empty.sqlite3").touch()
    env = environment(tmp_path / "empty.sqlite3")
    done = manage(env, "backup", tmp_path / "one")
    assert done.returncode == 1
    assert "holds no il2tracker database" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "one").exists()


def test_a_killed_backup_leaves_nothing_under_the_final_name(
    tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    times = 30 if pytestconfig.getoption("long") else 3
    finished = 0
    for number in range(times):
        path = tmp_path / f"one-{number}"
        program = subprocess.Popen(
            [sys.executable, "manage.py", "backup", str(path)],
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            while program.poll() is None and not [*tmp_path.glob(f".{path.name}.*.part")]:
                time.sleep(0.001)
            time.sleep(number * 0.005)  # a moment of its own for each
        finally:
            with suppress(ProcessLookupError):
                program.send_signal(signal.SIGKILL)
            program.wait()
        if path.exists():
            finished += 1
            assert keeping.check(path).faults == ()
            assert keeping.check(path).manifest is not None
    assert finished < times


@pytest.mark.usefixtures("postgres")
def test_the_password_is_no_argument() -> None:
    given = settings.DATABASES["default"] | {"PASSWORD": "very-secret"}
    kept, connection.settings_dict["PASSWORD"] = (
        connection.settings_dict["PASSWORD"],
        given["PASSWORD"],
    )
    try:
        assert "very-secret" not in " ".join(keeping_postgres._where())
        assert keeping_postgres._environment()["PGPASSWORD"] == "very-secret"
    finally:
        connection.settings_dict["PASSWORD"] = kept
