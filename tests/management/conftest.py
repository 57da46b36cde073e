"""A backup of the starter evidence, made once by a program of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from evidence.management.keeping import back_up
from tests.management.backups import ROOT, environment

# One program, because each would spend a second on starting.
MAKE = """
import json, sys
from pathlib import Path
import django
django.setup()
from django.contrib.auth.models import Group, User
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from evidence.ledger import version
from evidence.ledger.reasons import because
from django.utils import timezone
from evidence.models import Condition, Record, RegistryRecord, Snapshot
from tests.management.backups import exports, log
call_command("migrate", verbosity=0)
call_command("load_starter", verbosity=0, stdout=sys.stderr)
ann = User.objects.create_user("ann", password="long enough to keep", is_staff=True)
ann.groups.set(Group.objects.filter(name="Curator"))
SessionStore().create()
with because("A spelling was wrong."):
    condition = Condition.objects.order_by("pk").first()
    condition.name += " \\u03b2\\t\\\\N"
    condition.save()
RegistryRecord.objects.create(
    source="ctgov",
    value="NCT00000001",
    values={"title": '\u03b2 "quoted"', "phases": ""},
    snapshot=Snapshot.objects.create(
        source="ctgov",
        value="NCT00000001",
        sha256="44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        payload="{}",
        received_at=timezone.now(),
    ),
)
version.bump()
gone = Record.objects.create(kind="F")
number = gone.pk
gone.delete()
room = Path(sys.argv[1])
call_command("backup", room / "starter.sqlite3", stdout=sys.stderr)
(room / "told.json").write_text(json.dumps({
    "exports": exports(),
    "log": log(),
    "highest": number,
}))
"""


@dataclass(frozen=True)
class Source:
    """A backup of an SQLite database with the starter evidence, and what was true of that."""

    backup: Path
    exports: dict[str, str]
    log: list[list[str]]
    highest: int


@pytest.fixture(scope="session")
def source(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any
) -> Source:
    """The starter evidence with a person, an edit and a record that is gone, backed up."""
    room = tmp_path_factory.mktemp("source")
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock():  # the empty tables: quicker than every migration again
            back_up(room / "live.sqlite3")
    made = subprocess.run(
        [sys.executable, "-c", MAKE, str(room)],
        cwd=ROOT,
        env=environment(room / "live.sqlite3"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return Source(backup=room / "starter.sqlite3", **json.loads((room / "told.json").read_text()))
