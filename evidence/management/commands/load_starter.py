"""Load the starter evidence, or only look at it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.starter import check_starter, load_starter
from evidence.starter.faults import StarterFault


class Command(BaseCommand):
    """Print what was created and what was there; faults go to standard error, each by its line."""

    help = "Load what the database lacks of the starter evidence; run it as often as you like."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the folder and --check."""
        parser.add_argument(
            "folder", nargs="?", type=Path, help="a folder of starter files (default: our own)"
        )
        parser.add_argument("--check", action="store_true", help="look for faults and keep nothing")

    def handle(self, *, folder: Path | None, check: bool, **_: Any) -> None:
        """Load or check, and print the tally."""
        try:
            tally = check_starter(folder) if check else load_starter(folder)
        except StarterFault as fault:
            self.stderr.write(str(fault))
            count = len(fault.faults)
            raise CommandError(
                f"{count} fault{'s' if count != 1 else ''} in the starter evidence; nothing was "
                "loaded."
            ) from fault
        self.stdout.write(("No faults; nothing was kept. " if check else "") + tally.summary)
