"""A copy of the database that is whole, or none."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.defaultfilters import filesizeformat

from evidence.management.keeping import back_up
from evidence.management.keeping_manifest import KeepingFault
from evidence.management.typed import file_named


class Command(BaseCommand):
    """Print the path, the size and what the backup holds."""

    help = "Back up the database while the site runs, to a new file with its manifest beside it."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the file."""
        parser.add_argument(
            "file",
            nargs="?",
            help="a new file (default: named by the time in UTC, in data/backups)",
        )

    def handle(self, *, file: str | None, **_: Any) -> None:
        """Make the backup and print its tally."""
        try:
            path, manifest = back_up(file_named(file))
        except KeepingFault as fault:
            raise CommandError(str(fault)) from fault
        size = filesizeformat(manifest.size).replace("\xa0", " ")
        held = manifest.contents
        self.stdout.write(f"Backed up to {path} ({size}).")
        self.stdout.write(f"It holds data version {held.data_version}: {held.tally}.")
