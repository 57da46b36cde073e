"""The SQLite file can be checked, copied and written by any tool, and refuses the same there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from tests.models.rows import BUILDERS, make

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "sqlite", reason="DATABASE_URL names no SQLite database"
    ),
]


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A copy of the file with a row in every table, opened without Django."""
    for model in BUILDERS:
        make(model)
    copy = tmp_path / "copy.sqlite3"
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as original:
        assert original.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert original.execute("PRAGMA foreign_key_check").fetchall() == []
        original.execute("VACUUM INTO ?", (str(copy),))
    with closing(sqlite3.connect(copy)) as again:
        yield again


def test_any_tool_can_check_the_copy_and_rewrite_every_row(bare: sqlite3.Connection):
    assert bare.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    for model in BUILDERS:
        table = model._meta.db_table
        count = bare.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
        assert count >= 1
        assert bare.execute(f"UPDATE {table} SET id = id").rowcount == count  # noqa: S608


INSERT = (
    "INSERT INTO evidence_condition"
    " (name, slug, synonyms, definition, area, mesh_id, icd10cm, doid, unknowns)"
    " VALUES ('sepsis', 'sepsis', '', '', ?, ?, '', '', '')"
)


def test_any_tool_can_insert_what_is_right_and_nothing_else(bare: sqlite3.Connection):
    for area, mesh_id in (("Infectious", ""), ("infectious", "d018805")):
        with pytest.raises(sqlite3.IntegrityError):
            bare.execute(INSERT, (area, mesh_id))
    bare.execute(INSERT, ("infectious", "D018805"))
