"""Many rows of one table in one go, past the models: for what registries own and nobody typed.

SQLite takes them one by one in a prepared statement; PostgreSQL by COPY into a table of the
transaction's own, and one statement from there. Constraints hold all the same; no audit entry is
written, as what comes from registries is logged by its snapshots.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection, models

Row = Sequence[Any]
KEYS = "{keys}"


def rows(sql: str, keys: Collection[int] | Collection[str]) -> list[tuple[Any, ...]]:
    """Return what a query finds, in which `{keys}` stands for a set of keys of any number.

    JSON comes as text. One parameter for all keys: a thousand cost as much as the query itself.
    """
    if not keys:
        return []
    several = list(keys)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            kind = "text" if isinstance(several[0], str) else "bigint"
            cursor.execute(sql.replace(KEYS, f"(SELECT unnest(%s::{kind}[]))"), [several])
        else:
            one = "(SELECT value FROM json_each(%s))"
            cursor.execute(sql.replace(KEYS, one), [json.dumps(several)])
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def insert(
    model: type[models.Model],
    columns: Sequence[str],
    values: Sequence[Row],
    *,
    or_leave: str = "",
    by: Mapping[str, str] | None = None,
) -> None:
    """Insert rows of so many columns, named by their fields; JSON as text.

    `or_leave` names a unique column: what stands there already is left as it is. `by` names, for a
    column that points to another table, the unique column of that by which a row is told.
    """
    if not values:
        return
    told = by or {}
    fields = [model._meta.get_field(name) for name in columns]
    names = ", ".join(map(_quoted, fields))
    conflict = f" ON CONFLICT ({_name(or_leave)}) DO NOTHING" if or_leave else ""
    table = _name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            heap = _copied(cursor, fields, values, told)
            given = ", ".join(_given(one, f"{heap}.{_quoted(one)}", told) for one in fields)
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {given} FROM {heap} "  # noqa: S608
                f"ORDER BY il2tracker_row{conflict}"
            )
            cursor.execute(f"DROP TABLE {heap}")
        else:
            marks = ", ".join(_given(one, "%s", told) for one in fields)
            sql = f"INSERT INTO {table} ({names}) VALUES ({marks}){conflict}"  # noqa: S608
            cursor.executemany(sql, _adapted(fields, values))


def update(
    model: type[models.Model],
    columns: Sequence[str],
    values: Sequence[Row],
    *,
    by: Mapping[str, str] | None = None,
) -> None:
    """Update rows that are there: each gives the columns' values, as for insert, its key last."""
    if not values:
        return
    told = by or {}
    fields = [model._meta.get_field(name) for name in columns]
    key = model._meta.pk
    table, key_name = _name(model._meta.db_table), _quoted(key)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            heap = _copied(cursor, [*fields, key], values, told)
            sets = ", ".join(
                f"{_quoted(one)} = {_given(one, f'{heap}.{_quoted(one)}', told)}" for one in fields
            )
            cursor.execute(
                f"UPDATE {table} SET {sets} FROM {heap} "  # noqa: S608
                f"WHERE {table}.{key_name} = {heap}.{key_name}"
            )
            cursor.execute(f"DROP TABLE {heap}")
        else:
            sets = ", ".join(f"{_quoted(one)} = {_given(one, '%s', told)}" for one in fields)
            sql = f"UPDATE {table} SET {sets} WHERE {key_name} = %s"  # noqa: S608
            cursor.executemany(sql, _adapted([*fields, key], values))


def delete(model: type[models.Model], column: str, keys: Collection[int]) -> None:
    """Delete the rows that have one of some keys in a column; nothing may hang on them."""
    if keys:
        table, name = _name(model._meta.db_table), _quoted(model._meta.get_field(column))
        marks = ", ".join(["%s"] * len(keys))
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE {name} IN ({marks})", [*keys])  # noqa: S608


def _given(field: Any, value: str, by: Mapping[str, str]) -> str:
    """Return what stands for a value: itself, or the key of the row that it tells of."""
    if field.name not in by:
        return value
    other = field.related_model._meta
    unique = _quoted(other.get_field(by[field.name]))
    table, key = _name(other.db_table), _quoted(other.pk)
    return f"(SELECT {table}.{key} FROM {table} WHERE {table}.{unique} = {value})"  # noqa: S608


def _copied(
    cursor: Any, fields: Sequence[Any], values: Sequence[Row], by: Mapping[str, str]
) -> str:
    """Copy rows into a table of this transaction's own, in order; return its name."""
    heap = _name("il2tracker_rows")
    told = ", ".join(
        f"{_quoted(one)} {'text' if one.name in by else one.db_type(connection)}" for one in fields
    )
    cursor.execute(f"CREATE TEMPORARY TABLE {heap} (il2tracker_row serial, {told}) ON COMMIT DROP")
    names = ", ".join(map(_quoted, fields))
    with cursor.copy(f"COPY {heap} ({names}) FROM STDIN") as copy:
        for row in values:
            copy.write_row(row)
    return heap


def _adapted(fields: Sequence[Any], values: Sequence[Row]) -> Sequence[Row]:
    """Give days and times as the database keeps them."""
    ops = connection.ops
    adapters = {
        at: ops.adapt_datetimefield_value
        if isinstance(one, models.DateTimeField)
        else ops.adapt_datefield_value
        for at, one in enumerate(fields)
        if isinstance(one, models.DateField)
    }
    if not adapters:
        return values
    return [
        [adapters[at](value) if at in adapters else value for at, value in enumerate(row)]
        for row in values
    ]


def _quoted(field: Any) -> str:
    return _name(field.column)


def _name(name: str) -> str:
    return connection.ops.quote_name(name)
