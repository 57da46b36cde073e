"""The table of the search, as SQLite and as PostgreSQL keep and read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

# Statements below are made of these names and of figures; whatever is asked for is a parameter.
TABLE = "evidence_searchindex"
NEXT = "evidence_searchindex_next"
"""The table that a rebuild fills before it takes the other's place."""

KIND_BITS = 4
MOST_POSITIONS = 16_000
LAST_POSITION = 16_383
MOST_OF_ONE = 256
"""PostgreSQL keeps so many places of one token, and places up to the last."""

GAP = "_"
"""What stands between texts, so that no phrase reaches from one into the next."""


@dataclass(frozen=True, slots=True)
class Row:
    """One entry: its key, and the tokens of its title and of all of it, by place; "_" is a gap."""

    id: int
    title: tuple[str, ...]
    body: tuple[str, ...]


def row(key: int, title: Iterable[Sequence[str]], body: Iterable[Sequence[str]]) -> Row:
    """Lay sequences of tokens side by side, within what both engines keep.

    What is beyond that is still found as a word, in no phrase.
    """
    held: dict[str, int] = {}
    laid = [_lay(title, held), _lay(body, held)]
    return Row(key, tuple(laid[0]), tuple(laid[1]))


def _lay(several: Iterable[Sequence[str]], held: dict[str, int]) -> list[str]:
    laid: list[str] = []
    for tokens in several:
        for token in tokens:
            seen = held.get(token, 0)
            full = len(laid) + 1 >= MOST_POSITIONS // 2
            if seen and (full or seen >= MOST_OF_ONE):
                if laid and laid[-1] != GAP:
                    laid.append(GAP)
                continue
            held[token] = seen + 1
            laid += [token, GAP] if full else [token]
        if laid and laid[-1] != GAP:
            laid.append(GAP)
    return laid


def is_there(table: str) -> bool:
    """Say whether a table exists."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT 1 FROM sqlite_master WHERE name = %s", [table])
        else:
            cursor.execute("SELECT to_regclass(%s)::text", [table])
        found = cursor.fetchone()
        return found is not None and found[0] is not None


def drop(table: str) -> None:
    """Take a table away, if there is one."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")


def make(table: str) -> None:
    """Make an empty table, in place of one of that name."""
    drop(table)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                f"CREATE VIRTUAL TABLE {table} USING "
                "fts5(title, body, tokenize=\"ascii tokenchars '_'\")"
            )
        else:
            cursor.execute(
                f"CREATE TABLE {table} (id bigint PRIMARY KEY, tokens tsvector NOT NULL)"
            )


def finish(table: str) -> None:
    """Make a filled table quick to read."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")  # noqa: S608
        else:
            cursor.execute(f"CREATE INDEX {table}_tokens ON {table} USING gin (tokens)")


def put_in_place() -> None:
    """Let the table that was filled take the other's place; in a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
        cursor.execute(f"ALTER TABLE {NEXT} RENAME TO {TABLE}")
        if connection.vendor != "sqlite":
            cursor.execute(f"ALTER INDEX {NEXT}_tokens RENAME TO {TABLE}_tokens")
            cursor.execute(f"ALTER INDEX {NEXT}_pkey RENAME TO {TABLE}_pkey")


def empty(table: str) -> None:
    """Take all entries out."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608


def replace(table: str, gone: Sequence[int], rows: Sequence[Row]) -> None:
    """Take entries out by their keys, and put others in."""
    column = "rowid" if connection.vendor == "sqlite" else "id"
    with connection.cursor() as cursor:
        if gone:
            cursor.executemany(
                f"DELETE FROM {table} WHERE {column} = %s",  # noqa: S608
                [(key,) for key in gone],
            )
        if not rows:
            return
        if connection.vendor == "sqlite":
            cursor.executemany(
                f"INSERT INTO {table}(rowid, title, body) VALUES (%s, %s, %s)",  # noqa: S608
                [(one.id, " ".join(one.title), " ".join(one.body)) for one in rows],
            )
        else:
            cursor.executemany(
                f"INSERT INTO {table}(id, tokens) VALUES (%s, %s::tsvector)",  # noqa: S608
                [(one.id, _vector(one)) for one in rows],
            )


def _vector(one: Row) -> str:
    """Write tokens with their places as PostgreSQL reads them: its parser never sees a text."""
    places: dict[str, list[str]] = {}
    for at, token in enumerate(one.title, start=1):
        places.setdefault(token, []).append(f"{at}A")
    for at, token in enumerate(one.body, start=len(one.title) + 2):
        places.setdefault(token, []).append(str(at if at <= MOST_POSITIONS else LAST_POSITION))
    places.pop(GAP, None)
    return " ".join(f"'{token}':{','.join(at)}" for token, at in places.items())


def holds(table: str, key: int) -> bool:
    """Say whether there is such a table, and an entry of this key in it."""
    if not is_there(table):
        return False
    column = "rowid" if connection.vendor == "sqlite" else "id"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table} WHERE {column} = %s", [key])  # noqa: S608
        return cursor.fetchone() is not None


def held(table: str = TABLE) -> set[int]:
    """Return the keys of all entries."""
    column = "rowid" if connection.vendor == "sqlite" else "id"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")  # noqa: S608
        return {key for (key,) in cursor.fetchall()}


def contents() -> list[tuple[Any, ...]]:
    """Return all entries as they are kept, in order of their keys."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"SELECT rowid, title, body FROM {TABLE} ORDER BY rowid")  # noqa: S608
        else:
            cursor.execute(f"SELECT id, tokens::text FROM {TABLE} ORDER BY id")  # noqa: S608
        return cursor.fetchall()


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens side by side; `open`: the one token may go on."""

    tokens: tuple[str, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """What an entry must hold: one of each of `wanted`, in its title or not, and no `unwanted`."""

    kind: str
    wanted: tuple[tuple[Phrase, ...], ...]
    unwanted: tuple[Phrase, ...]
    in_title: bool = False


def keys(condition: Condition) -> RawSQL:
    """Return the expression of the keys of the entries that meet a condition."""
    sql, asked = _question(condition)
    return RawSQL(sql, (asked,))  # noqa: S611 - the tables are ours, the question a parameter


def any_of(conditions: Sequence[Condition]) -> list[bool]:
    """Say of each condition whether an entry meets it; one query."""
    if not conditions:
        return []
    asked = [_question(condition) for condition in conditions]
    parts = ", ".join(f"EXISTS ({sql} LIMIT 1)" for sql, _ in asked)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {parts}", [text for _, text in asked])
        return [bool(found) for found in cursor.fetchone()]


def _question(condition: Condition) -> tuple[str, str]:
    if connection.vendor == "sqlite":
        sql = f"SELECT rowid >> {KIND_BITS} FROM {TABLE} WHERE {TABLE} MATCH %s"  # noqa: S608
        return sql, _match(condition)
    sql = f"SELECT id >> {KIND_BITS} FROM {TABLE} WHERE tokens @@ %s::tsquery"  # noqa: S608
    return sql, _tsquery(condition)


def _match(condition: Condition) -> str:
    """Write a condition for FTS5: every token in quotes, so that none is an operator."""
    where = "title : " if condition.in_title else ""
    parts = [f'"{condition.kind}"']
    parts += [
        f"{where}({' OR '.join(_quoted(one) for one in phrases)})" for phrases in condition.wanted
    ]
    asked = " AND ".join(parts)
    if condition.unwanted:
        asked = f"({asked}) NOT ({' OR '.join(_quoted(one) for one in condition.unwanted)})"
    return asked


def _quoted(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.tokens)}"' + ("*" if phrase.open else "")


def _tsquery(condition: Condition) -> str:
    parts = [f"'{condition.kind}'"]
    weight = "A" if condition.in_title else ""
    parts += [
        f"({' | '.join(_arrows(one, weight) for one in phrases)})" for phrases in condition.wanted
    ]
    parts += [f"!{_arrows(one)}" for one in condition.unwanted]
    return " & ".join(parts)


def _arrows(phrase: Phrase, weight: str = "") -> str:
    mark = ("*" if phrase.open else "") + weight
    ending = f":{mark}" if mark else ""
    spelt = " <-> ".join(f"'{token}'{ending}" for token in phrase.tokens)
    return f"({spelt})"
