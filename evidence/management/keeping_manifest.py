"""What a backup holds, and the manifest beside it that says so."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import CommandError
from django.db import Error as DatabaseFault
from django.db.migrations.loader import MigrationLoader

# What the tally names; every table is counted.
NAMED = (
    "evidence.topic",
    "evidence.record",
    "evidence.assessment",
    "evidence.finding",
    "evidence.harmreport",
    "evidence.consideration",
    "evidence.trial",
    "evidence.publication",
    "auth.user",
    "auditlog.logentry",
)

KINDS = {dict: "an object", list: "a list", str: "a text", int: "a whole number"}


class KeepingFault(Exception):
    """Why a backup was not made, not believed or not restored, in a sentence."""


@contextmanager
def in_a_sentence(what: str) -> Iterator[None]:
    """Turn what files, databases and programs raise into a fault that begins with `what`."""
    try:
        yield
    except KeepingFault as fault:
        raise KeepingFault(f"{what}: {fault}") from fault
    except (OSError, DatabaseFault, CommandError, ValueError, LookupError) as error:
        said = " ".join(str(error).split()) or type(error).__name__
        raise KeepingFault(f"{what}: {said}.") from error


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a database holds: rows by table, migrations as `evidence.0001_initial`, data version."""

    rows: Mapping[str, int]
    migrations: tuple[str, ...]
    data_version: int

    @property
    def tally(self) -> str:
        """The counts that people ask for, in words."""
        models = [apps.get_model(label)._meta for label in NAMED]
        counts = [(self.rows.get(model.db_table, 0), model) for model in models]
        return ", ".join(
            f"{count:,} {model.verbose_name if count == 1 else model.verbose_name_plural}"
            for count, model in counts
        )


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What was true of a backup when it was made; `size` in bytes, `made_at` in UTC."""

    program: str
    made_at: str
    engine: str
    size: int
    sha256: str
    contents: Contents

    def to_json(self) -> str:
        """Return the text of the manifest."""
        return json.dumps(asdict(self), indent=1, sort_keys=True) + "\n"

    def differences(self, path: Path, contents: Contents) -> Iterator[str]:
        """Give a sentence for each thing in which a file differs from its manifest."""
        if self.size != (size := path.stat().st_size):
            yield f"The file has {size:,} bytes; its manifest says {self.size:,}."
        elif self.sha256 != digest(path):
            yield "The file is not the one that the manifest was made for: its SHA-256 differs."
        if self.contents.migrations != contents.migrations:
            yield "The manifest names other migrations than the file holds."
        if self.contents.data_version != contents.data_version:
            yield (
                f"The file holds data version {contents.data_version}; its manifest says "
                f"{self.contents.data_version}."
            )
        for table in sorted({*self.contents.rows, *contents.rows}):
            said, found = self.contents.rows.get(table, 0), contents.rows.get(table, 0)
            if said != found:
                yield f"{table} has {found:,} rows; the manifest says {said:,}."


def describe(path: Path, *, engine: str, contents: Contents) -> Manifest:
    """Return the manifest of a file that was just made."""
    return Manifest(
        program=f"il2tracker {_version()}",
        made_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        engine=engine,
        size=path.stat().st_size,
        sha256=digest(path),
        contents=contents,
    )


def beside(path: Path) -> Path:
    """Return where the manifest of a backup stands: `name.sqlite3.json`."""
    return path.with_name(f"{path.name}.json")


def manifest_of(path: Path) -> Manifest | None:
    """Read the manifest beside a backup, if there is one; KeepingFault where it is not one."""
    place = beside(path)
    if not place.exists() and not place.is_symlink():
        return None
    with in_a_sentence(f"The manifest {place} cannot be read"):
        refuse_irregular(place)
        try:
            told = json.loads(place.read_text(encoding="utf-8"))
        except RecursionError:
            raise KeepingFault("its lists are too deep.") from None
        return _manifest(told)


def refuse_irregular(path: Path) -> None:
    """Raise KeepingFault for a folder, a pipe or a device: none of these is read or waited for."""
    if path.exists() and not path.is_file():
        raise KeepingFault("it is no regular file.")


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unknown_migrations(contents: Contents) -> list[str]:
    """Return the migrations that this program does not have: those of a newer one."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    known = {key for m in loader.disk_migrations.values() for key in m.replaces}
    known |= loader.disk_migrations.keys()
    return sorted({*contents.migrations} - {f"{app}.{name}" for app, name in known})


def missing_migrations(contents: Contents) -> list[str]:
    """Return the migrations that the file lacks: this program is newer than its backup."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    needed = {f"{app}.{name}" for app, name in loader.graph.nodes}
    return sorted(needed - {*contents.migrations})


def _manifest(told: Any) -> Manifest:
    inner = _part(told, "contents", dict)
    rows, migrations = _part(inner, "rows", dict), _part(inner, "migrations", list)
    for table in rows:
        _part(rows, table, int)
    if not all(isinstance(name, str) for name in migrations):
        raise KeepingFault("one of its “migrations” is no text.")
    return Manifest(
        program=_part(told, "program", str),
        made_at=_part(told, "made_at", str),
        engine=_part(told, "engine", str),
        size=_part(told, "size", int),
        sha256=_part(told, "sha256", str),
        contents=Contents(
            rows=rows, migrations=tuple(migrations), data_version=_part(inner, "data_version", int)
        ),
    )


def _part(told: Any, name: str, kind: type) -> Any:
    """Return a part of a manifest; KeepingFault where it is missing or of another kind."""
    if not isinstance(told, dict) or name not in told:
        raise KeepingFault(f"it has no “{name}”.")
    value = told[name]
    if not isinstance(value, kind) or isinstance(value, bool):
        raise KeepingFault(f"its “{name}” is not {KINDS[kind]}.")
    return value


def _version() -> str:
    try:
        return metadata.version("il2tracker")
    except metadata.PackageNotFoundError:
        return "(not installed)"
