"""The registry looked at again: what is known here, and what the saved searches find."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from evidence.management.bringing import bringing
from evidence.sync import clients, searches, wire
from evidence.vocab import RunKind

KNOWN_ONLY = "known ones only"


class Command(BaseCommand):
    """Print a tally; what failed or vanished goes to standard error, line by line."""

    help = "Look at ClinicalTrials.gov for every trial known here, and for new ones."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what to leave out, and what to accept."""
        parser.add_argument(
            "--known-only", action="store_true", help="look at known trials, search for no others"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="count what would change, and write nothing"
        )
        parser.add_argument(
            "--accept-fewer",
            action="store_true",
            help="go on although the registry has many studies fewer than it had",
        )

    def handle(self, *, known_only: bool, dry_run: bool, accept_fewer: bool, **given: Any) -> None:
        """Look, with bars in a terminal, and print the tally."""
        client = clients.ctgov()
        arguments = KNOWN_ONLY if known_only else ""
        with bringing(
            self,
            RunKind.SYNC_TRIALS,
            arguments=arguments,
            dry_run=dry_run,
            verbosity=given["verbosity"],
        ) as (run, told):
            looked = wire.sync_known(run, client, accept_fewer=accept_fewer, told=told)
            if not known_only:
                asked = searches.active(dry_run=dry_run)
                wire.search(run, client, asked, leave=looked, accept_fewer=accept_fewer, told=told)
