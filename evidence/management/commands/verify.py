"""Whether the database, or a backup of it, is whole and says what it should."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.management import keeping, keeping_checks
from evidence.management.keeping_manifest import KeepingFault
from evidence.management.typed import file_named


class Command(BaseCommand):
    """Print what was checked; faults go to standard error, and the exit code is 1."""

    help = "Check the live database, or a backup against its manifest; changes nothing."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the file."""
        parser.add_argument("file", nargs="?", help="a backup (default: the live database)")

    def handle(self, *, file: str | None, **_: Any) -> None:
        """Check, and print the tally or the faults."""
        path = file_named(file)
        try:
            faults, said = _of_the_live() if path is None else _of_a_backup(path)
        except KeepingFault as fault:
            raise CommandError(str(fault)) from fault
        for sentence in faults:
            self.stderr.write(sentence)
        if faults:
            count = len(faults)
            raise CommandError(f"{count} fault{'s' if count != 1 else ''} found.")
        self.stdout.write(said)


def _of_the_live() -> tuple[list[str], str]:
    if faults := keeping_checks.faults_of_the_live():
        return faults, ""
    counts = keeping_checks.public_counts()
    shown = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    return [], f"No faults in the database. Readers see {shown}."


def _of_a_backup(file: Path) -> tuple[list[str], str]:
    checked = keeping.check(file)
    faults = [*checked.faults]
    if checked.manifest is None:
        faults.append(f"The manifest {file.name}.json is missing, so nothing can be compared.")
    held = checked.contents
    return faults, f"No faults in {file}: data version {held.data_version}, {held.tally}."
