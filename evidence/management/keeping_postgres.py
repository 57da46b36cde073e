"""Backups of a PostgreSQL database: one file by pg_dump, put back in one transaction."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.db import connection

from evidence.ledger import engines
from evidence.management.keeping_manifest import Contents, KeepingFault
from evidence.management.keeping_token import NEW_TOKEN, new_token

SUFFIX = ".dump"
MAGIC = b"PGDMP"
PROGRAMS = Path("/usr/lib/postgresql")
PATIENCE = 20  # seconds to wait for whoever uses the tables
COPY = re.compile(rb'COPY (?:\S+\.)?"?(\w+)"? \((.*)\) FROM stdin;\n')


def copy_out(path: Path) -> None:
    """Write the live database, as it is at one moment, to an empty file; nobody has to wait."""
    _run(
        "pg_dump",
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        "--exclude-table-data=*.django_session",  # nobody's sign-in in it
        f"--file={path}",
        *_where(),
    )


def contents(path: Path) -> Contents:
    """Read a dump from end to end, and say what it holds; needs no server."""
    rows: dict[str, int] = {}
    migrations: list[str] = []
    version = 0
    with _script(path, "--data-only") as lines:
        for table, columns, line in _rows(lines):
            rows[table] = rows.get(table, -1) + 1  # the first is the table's head
            if line and table in ("django_migrations", "evidence_dataversion"):
                cells = line.decode().rstrip("\n").split("\t")
                row = dict(zip(columns, cells, strict=True))
                if table == "django_migrations":
                    migrations.append(f"{row['app']}.{row['name']}")
                else:
                    version = int(row["number"])
    if "django_migrations" not in rows or "evidence_dataversion" not in rows:
        raise KeepingFault("it is a PostgreSQL dump, but holds no il2tracker database.")
    return Contents(rows=rows, migrations=tuple(sorted(migrations)), data_version=version)


def faults(_: Path) -> Iterator[str]:
    """Give no more faults: whatever of a dump is broken, reading it from end to end has met."""
    return iter(())


def put_back(path: Path, held: Contents) -> None:
    """Put a checked dump in the place of the live tables, all at once or not at all.

    The commit is sent only after the whole dump was read and its rows were counted again.
    """
    arguments = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", *_where()]
    with tempfile.TemporaryFile() as said:
        psql = subprocess.Popen(  # noqa: S603
            [_program("psql"), *arguments],
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        assert psql.stdin is not None  # noqa: S101 - a pipe was asked for
        try:
            with psql.stdin as script:
                script.write(_clearing(held))
                with _script(path, "--clean", "--if-exists") as dump:
                    shutil.copyfileobj(dump, script)
                # Only here is the dump known to be whole.
                script.write(_closing(held))
        except BrokenPipeError:  # psql has stopped, and says why
            pass
        except BaseException:
            psql.kill()
            raise
        finally:
            code = psql.wait()
        if code:
            raise KeepingFault(_reason("psql", said, code))


def _clearing(held: Contents) -> bytes:
    """Begin, and drop the tables of the dump and those that a newer schema has beside them."""
    ours = connection.introspection.django_table_names(only_existing=True, include_views=False)
    there = {*connection.introspection.table_names()}
    quote = connection.ops.quote_name
    search = {engines.TABLE, engines.NEXT}  # no model's, and made by a migration
    tables = sorted({*ours, *held.rows, *search, "django_session"} & there)
    drops = [f"DROP TABLE {quote(table)} CASCADE;" for table in tables]
    wait = f"SET LOCAL lock_timeout = '{PATIENCE}s';"
    return "\n".join(["BEGIN;", "SET client_min_messages = warning;", wait, *drops, ""]).encode()


def _closing(held: Contents) -> bytes:
    """Count the rows, give the data version another token, and commit."""
    quote = connection.ops.quote_name
    checks = [
        f"IF (SELECT count(*) FROM {quote(table)}) <> {int(count)} THEN "  # noqa: S608
        f"RAISE EXCEPTION '{table} has another number of rows than the backup'; END IF;"
        for table, count in held.rows.items()
    ]
    count = f"DO $count$ BEGIN {' '.join(checks)} END $count$;"
    return "\n".join(
        ["", "RESET search_path;", count, NEW_TOKEN.format(new_token()) + ";", "COMMIT;", ""]
    ).encode()


def _rows(lines: Iterable[bytes]) -> Iterator[tuple[str, list[str], bytes]]:
    """Give each row of a script with its table and columns; first an empty one for each table."""
    table, columns = "", [""]
    for line in lines:
        if table and line == b"\\.\n":
            table = ""
        elif table:
            yield table, columns, line
        elif found := COPY.fullmatch(line):
            table = found[1].decode()
            columns = [name.strip('"') for name in found[2].decode().split(", ")]
            yield table, columns, b""


@contextmanager
def _script(path: Path, *options: str) -> Iterator[IO[bytes]]:
    """Open the SQL that a dump stands for; KeepingFault where it cannot be read to its end."""
    arguments = ["--no-owner", "--no-privileges", *options, "--file=-", str(path.absolute())]
    with tempfile.TemporaryFile() as said:
        program = subprocess.Popen(  # noqa: S603
            [_program("pg_restore"), *arguments], stdout=subprocess.PIPE, stderr=said
        )
        assert program.stdout is not None  # noqa: S101 - a pipe was asked for
        try:
            with program.stdout as lines:
                yield lines
            code = program.wait()
        except BaseException:
            program.kill()
            program.wait()
            raise
        if code:
            raise KeepingFault(_reason("pg_restore", said, code))


def _run(name: str, *arguments: str) -> None:
    with tempfile.TemporaryFile() as said:
        code = subprocess.run(  # noqa: S603
            [_program(name), *arguments],
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            check=False,
        ).returncode
        if code:
            raise KeepingFault(_reason(name, said, code))


def _reason(name: str, said: IO[bytes], code: int) -> str:
    said.seek(0)
    text = " ".join(said.read().decode(errors="replace").split())
    help_ = " Stop the site and try again." if "lock timeout" in text else ""
    ending = f"ended by signal {-code}" if code < 0 else f"ended with code {code}"
    return f"{name} {ending}. {text[:600]}".strip() + help_


def _program(name: str) -> str:
    """Return the path of one of PostgreSQL's programs; the newest where PATH has none."""
    if found := shutil.which(name):
        return found
    kept = PROGRAMS.glob(f"*/bin/{name}")
    by_version = sorted(kept, key=lambda path: float(path.parts[-3]))
    if not by_version:
        raise KeepingFault(
            f"{name} was not found on PATH or in {PROGRAMS}. It comes with PostgreSQL's client "
            "programs (Debian: postgresql-client)."
        )
    return str(by_version[-1])


def _where() -> list[str]:
    """Return how the programs reach the database, without the password: arguments are public."""
    given = connection.settings_dict
    parts = {"--host": given["HOST"], "--port": given["PORT"], "--username": given["USER"]}
    reach = [f"{option}={value}" for option, value in parts.items() if value]
    return [*reach, "--no-password", f"--dbname={given['NAME']}"]


def _environment() -> dict[str, str]:
    _, given = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    return {**os.environ, **(given or {})}
