"""A backup in the place of the database, or the database as it was."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.management.keeping import restore
from evidence.management.keeping_manifest import KeepingFault
from evidence.management.typed import file_called


class Command(BaseCommand):
    """Print what was restored, and what was missing beside it."""

    help = "Restore a backup; an SQLite backup may go to PostgreSQL. Stop the site before it."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the file and --force."""
        parser.add_argument("file", help="what manage.py backup has written")
        parser.add_argument(
            "--force", action="store_true", help="replace a database that holds evidence or people"
        )

    def handle(self, *, file: str, force: bool, **_: Any) -> None:
        """Restore the file and print its tally."""
        path = file_called(file)
        try:
            restored = restore(path, force=force)
        except KeepingFault as fault:
            raise CommandError(str(fault)) from fault
        held = restored.backup.contents
        self.stdout.write(f"Restored {path}: data version {held.data_version}, {held.tally}.")
        if restored.backup.manifest is None:
            self.stdout.write(
                "No manifest stands beside the backup, so nobody can tell whether it is the file "
                "that was made."
            )
        if restored.migrated:
            self.stdout.write(
                "The backup was of an older version. Migrations applied to it: "
                f"{', '.join(restored.migrated)}."
            )
        self.stdout.write("Nobody is signed in any more. Check it with manage.py verify.")
