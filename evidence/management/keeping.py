"""Nothing is lost: backups that are whole or absent, and restores that are whole or undone."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from evidence.curation.duties import grant_after_migrate
from evidence.ledger import index
from evidence.ledger.whole import rederive_all
from evidence.management import keeping_across, keeping_postgres, keeping_sqlite
from evidence.management.keeping_manifest import (
    Contents,
    KeepingFault,
    Manifest,
    beside,
    describe,
    in_a_sentence,
    manifest_of,
    refuse_irregular,
    unknown_migrations,
)
from evidence.models import DataVersion

ENGINES: dict[str, ModuleType] = {"sqlite": keeping_sqlite, "postgresql": keeping_postgres}
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A backup that was read from end to end, with a sentence for each fault found in it."""

    path: Path
    engine: str
    contents: Contents
    manifest: Manifest | None
    faults: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What became of a restore: where from, and the migrations that were applied after it."""

    backup: Checked
    migrated: tuple[str, ...]


def back_up(path: Path | None = None) -> tuple[Path, Manifest]:
    """Write the live database to a new file, with its manifest; KeepingFault if it cannot be done.

    Both get their names when they are whole. The default is a file in `data/backups` that is named
    by the time in UTC.
    """
    with in_a_sentence("No backup was made"):
        engine = ENGINES[connection.vendor]
        path = _default(engine.SUFFIX) if path is None else path
        for taken in (path, beside(path)):
            if taken.exists() or taken.is_symlink():
                raise KeepingFault(f"{taken} exists already, and is not written over.")
        with _parts(path) as (part, told):
            engine.copy_out(part)
            manifest = describe(part, engine=connection.vendor, contents=engine.contents(part))
            told.write_text(manifest.to_json(), encoding="utf-8")
            for file in (part, told):
                _to_disk(file)
            _name(told, beside(path))
            _name(part, path)
            _to_disk(path.parent)
    return path, manifest


def check(path: Path) -> Checked:
    """Read a backup from end to end; KeepingFault where it is none of ours or cannot be read."""
    with in_a_sentence(f"{path} is no backup that can be used"):
        vendor = _engine_of(path)
        engine = ENGINES[vendor]
        contents = engine.contents(path)
        manifest = manifest_of(path)
        faults = [*engine.faults(path)]
        if unknown := unknown_migrations(contents):
            faults.append(
                "It was made by a newer version of the program, whose migrations are not known "
                f"here: {', '.join(unknown[:5])}."
            )
        if manifest is not None:
            faults += manifest.differences(path, contents)
        return Checked(
            path=path, engine=vendor, contents=contents, manifest=manifest, faults=tuple(faults)
        )


def restore(path: Path, *, force: bool = False) -> Restored:
    """Put a backup in the place of the live database; KeepingFault leaves that as it was.

    A database that holds evidence or people is replaced only by `force`. An SQLite backup can be
    restored to PostgreSQL too. Migrations that the backup lacks are applied after it.
    """
    backup = check(path)
    with in_a_sentence("Nothing was restored"):
        if backup.faults:
            raise KeepingFault(" ".join(backup.faults))
        if not force and not is_empty():
            raise KeepingFault(
                "the database holds evidence or people already. Restore to an empty one, or add "
                "--force to replace all that it holds."
            )
        put_back = _way(backup.engine, connection.vendor)
        put_back(path, backup.contents)
    ContentType.objects.clear_cache()
    with in_a_sentence("The backup was restored, but its tables could not be brought up to date"):
        return Restored(backup=backup, migrated=_migrate())


def is_empty() -> bool:
    """Tell whether the database holds neither evidence nor people; it may have no tables yet."""
    if connection.vendor == "sqlite" and keeping_sqlite.is_missing():
        return True  # to ask it would make the file
    there = {*connection.introspection.table_names()}
    held = [m for m in apps.get_app_config("evidence").get_models() if m is not DataVersion]
    return not any(
        model._meta.db_table in there and model._base_manager.exists()
        for model in [*held, get_user_model()]
    )


def _way(of_backup: str, of_database: str) -> Callable[[Path, Contents], None]:
    if of_backup == of_database:
        put_back: Callable[[Path, Contents], None] = ENGINES[of_backup].put_back
        return put_back
    if (of_backup, of_database) == ("sqlite", "postgresql"):
        return keeping_across.load
    raise KeepingFault(
        f"this is a backup of {NAMES[of_backup]}, and DATABASE_URL names a database of "
        f"{NAMES[of_database]}."
    )


def _migrate() -> tuple[str, ...]:
    """Bring an older version's rows up to date; return the migrations that were applied.

    The grants follow every migration, and a newer program may read the evidence otherwise.
    """
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        call_command("migrate", interactive=False, verbosity=0)
        rederive_all()
    else:
        grant_after_migrate()
    if not index.is_built():
        with suppress(index.Overtaken):  # another run builds it
            index.rebuild()
    return tuple(f"{migration.app_label}.{migration.name}" for migration, _ in plan)


def _engine_of(path: Path) -> str:
    refuse_irregular(path)
    with path.open("rb") as file:
        start = file.read(16)
    for vendor, engine in ENGINES.items():
        if start.startswith(engine.MAGIC):
            return vendor
    raise KeepingFault("it is neither an SQLite file nor a dump of PostgreSQL in custom format.")


def _default(suffix: str) -> Path:
    folder = Path(settings.DATA_DIR) / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"il2tracker-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}{suffix}"


@contextmanager
def _parts(path: Path) -> Iterator[tuple[Path, Path]]:
    """Give two empty files beside a path that only their owner reads; they are gone afterwards."""
    made = []
    try:
        for name in (path.name, beside(path).name):
            handle, part = tempfile.mkstemp(prefix=f".{name}.", suffix=".part", dir=path.parent)
            os.close(handle)
            made.append(Path(part))
        yield made[0], made[1]
    finally:
        for file in made:
            keeping_sqlite.remove(file)


def _name(part: Path, path: Path) -> None:
    """Give a whole file its name, unless that was taken meanwhile."""
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        part.rename(path)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
