"""A command that brings records in says what is wrong with the database, and hides nothing."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder

from evidence.management import bringing
from evidence.models import SyncRun
from evidence.vocab import RunKind
from tests.management.backups import environment, manage

COMMANDS: dict[str, tuple[str, ...]] = {
    "import_trials": ("a.json",),
    "import_publications": ("a.xml",),
    "sync_trials": (),
    "check_standing": (),
}


def old_tables() -> None:
    """Leave the database as one of an older program."""
    migrations = MigrationRecorder.Migration.objects.filter(app="evidence")  # type: ignore[attr-defined]
    migrations.latest("pk").delete()


@pytest.mark.django_db
@pytest.mark.parametrize("more", [(), ("--dry-run",)], ids=["write", "dry"])
@pytest.mark.parametrize("command", COMMANDS)
def test_old_tables_are_told_of_in_one_sentence(command: str, more: tuple[str, ...]) -> None:
    old_tables()
    with pytest.raises(CommandError) as refusal:
        call_command(command, *COMMANDS[command], *more, stdout=io.StringIO())
    assert str(refusal.value) == (
        "The database has no tables yet, or old ones: run manage.py migrate."
    )
    assert refusal.value.returncode == 1
    assert not SyncRun.objects.exists()


def test_so_is_a_database_without_tables(tmp_path: Path) -> None:
    done = manage(environment(tmp_path / "empty.sqlite3"), "check_standing")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"CommandError: {bringing.NO_TABLES}\n"


@pytest.mark.django_db
def test_another_fault_of_the_database_is_not_taken_for_that() -> None:
    def breaks(*_: Any) -> None:
        raise OperationalError("no such table: of_another_program")

    out = io.StringIO()
    with (
        pytest.raises(OperationalError, match="of_another_program"),
        bringing.bringing(BaseCommand(stdout=out), RunKind.CHECK_STANDING),
    ):
        breaks()
    assert "OperationalError" in SyncRun.objects.get().sentence
