"""What tests of backups share: a source of starter evidence, exports, and the commands."""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from auditlog.models import LogEntry
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from evidence.catalogue import CATALOGUE

ROOT = Path(__file__).parents[2]

only_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="DATABASE_URL names no SQLite database"
)


def said(command: str, *arguments: object, **options: object) -> str:
    """Call a command and return what it prints."""
    out = io.StringIO()
    call_command(command, *map(str, arguments), stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


def exports() -> dict[str, str]:
    """Every listing's CSV, by its name."""
    return {name: said("export_listing", name) for name in CATALOGUE}


def log() -> list[list[str]]:
    """The audit log, each entry as texts that are the same on both databases."""
    rows = LogEntry.objects.order_by("pk").values_list(
        "pk", "content_type__model", "object_pk", "actor__username", "timestamp", "changes"
    )
    more = LogEntry.objects.order_by("pk").values_list("additional_data", flat=True)
    return [
        [*map(str, row), json.dumps([changes, other], sort_keys=True)]
        for (*row, changes), other in zip(rows, more, strict=True)
    ]


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let no file grow beyond a number of bytes, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # it would be cut, and kept
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        sys.dont_write_bytecode = writes


def environment(database: Path | None = None) -> dict[str, str]:
    """The environment of a program of its own, on an SQLite file or on the tests' database."""
    if database is not None:
        url = f"sqlite:///{database}"
    elif (given := settings.DATABASES["default"])["ENGINE"].endswith("sqlite3"):
        url = f"sqlite:///{given['NAME']}"
    else:
        secret = f":{given['PASSWORD']}" if given["PASSWORD"] else ""
        where = f"{given['USER']}{secret}@{given['HOST']}:{given['PORT']}"
        url = f"postgres://{where}/{given['NAME']}"
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}


def manage(env: dict[str, str], *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a command as a program."""
    command = [sys.executable, "-W", "error", "manage.py", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
