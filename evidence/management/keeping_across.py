"""From an SQLite backup into PostgreSQL: every row under its own number, and no number twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, connections, models, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper

from evidence.ledger import engines
from evidence.management import keeping_sqlite
from evidence.management.keeping_manifest import Contents, KeepingFault, missing_migrations
from evidence.management.keeping_token import NEW_TOKEN, new_token

SOURCE = "backup"
BATCH = 2000
PATIENCE = 20  # seconds to wait for whoever uses the tables
# Made by the programs of the new database, or by signing in.
NOT_MOVED = ("django_migrations", "django_session")


def load(path: Path, held: Contents) -> None:
    """Replace what the PostgreSQL database holds by the rows of an SQLite backup, all or nothing.

    Content types and permissions come along under the numbers that the audit log and the groups
    know, so nothing has to be translated.
    """
    if missing := missing_migrations(held):
        raise KeepingFault(
            f"its tables are of an older version: {', '.join(missing[:5])} not applied. Restore it "
            "to an SQLite database with this version, back that up, and move the new backup."
        )
    call_command("migrate", interactive=False, verbosity=0)
    tables = _models()
    _refuse_strangers(held, tables)
    with _source(path), transaction.atomic(), connection.cursor() as cursor:
        names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in tables)
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}s'")
        cursor.execute(f"TRUNCATE {names}, {Session._meta.db_table}")
        for model in tables:
            _copy(model, cursor)
        _count_again(held, tables)
        for model in tables:
            _number_on(model, cursor, _highest_ever(path))
        cursor.execute(NEW_TOKEN.format(new_token()))
        # The search is kept otherwise there: it is built from what was moved.
        cursor.execute("UPDATE evidence_dataversion SET search_version = 0")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _models() -> list[type[models.Model]]:
    """Return every model with a table of its own, but sign-ins."""
    every = apps.get_models(include_auto_created=True)
    return [m for m in every if m._meta.managed and not m._meta.proxy and m is not Session]


def _refuse_strangers(held: Contents, tables: list[type[models.Model]]) -> None:
    known = {model._meta.db_table for model in tables} | {*NOT_MOVED}
    if strangers := sorted(
        table
        for table, n in held.rows.items()
        if n and table not in known and not table.startswith(engines.TABLE)
    ):
        raise KeepingFault(
            f"it has rows in tables that this program does not know: {', '.join(strangers)}. They "
            "would be lost: take them out of the SQLite database first, or move them by hand."
        )


@contextmanager
def _source(path: Path) -> Iterator[None]:
    """Let the models read the backup, and only read, under the name of SOURCE."""
    name = keeping_sqlite.uri(path, "ro&immutable=1")
    settings = connection.settings_dict | {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "OPTIONS": {},
    }
    connections[SOURCE] = DatabaseWrapper(settings, alias=SOURCE)
    try:
        yield
    finally:
        connections[SOURCE].close()
        del connections[SOURCE]


def _copy(model: type[models.Model], cursor: Any) -> None:
    """Send the rows as they are: a save would write new times and audit entries."""
    fields = model._meta.concrete_fields
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    rows = model._base_manager.using(SOURCE).order_by("pk")
    values = rows.values_list(*(field.attname for field in fields))
    into = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
    with connection.wrap_database_errors, cursor.copy(into) as out:
        for row in values.iterator(chunk_size=BATCH):
            out.write_row(
                [
                    field.get_db_prep_save(value, connection)
                    for field, value in zip(fields, row, strict=True)
                ]
            )


def _count_again(held: Contents, tables: list[type[models.Model]]) -> None:
    for model in tables:
        expected, found = held.rows.get(model._meta.db_table, 0), model._base_manager.count()
        if expected != found:
            raise KeepingFault(
                f"{model._meta.db_table} received {found:,} of {expected:,} rows; nothing was kept."
            )


def _highest_ever(path: Path) -> dict[str, int]:
    """Return the highest number that each table ever gave, those of deleted rows among them."""
    with keeping_sqlite.sealed(path) as file:
        return dict(file.execute("SELECT name, seq FROM sqlite_sequence"))


def _number_on(model: type[models.Model], cursor: Any, highest: dict[str, int]) -> None:
    for sequence in connection.introspection.get_sequences(cursor, model._meta.db_table):
        last = highest.get(model._meta.db_table, 0)
        cursor.execute("SELECT setval(%s, %s, %s)", [sequence["name"], max(last, 1), last > 0])
