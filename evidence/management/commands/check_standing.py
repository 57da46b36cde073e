"""What has become of the publications held here: retracted, corrected, under concern."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from evidence.ledger.reasons import via
from evidence.management.bringing import bringing
from evidence.sync import literature_clients, standing
from evidence.vocab import RunKind


class Command(BaseCommand):
    """Print a tally; what failed or vanished goes to standard error, line by line."""

    help = "Ask PubMed and Crossref whether publications were retracted, corrected or questioned."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare --dry-run."""
        parser.add_argument(
            "--dry-run", action="store_true", help="count what would change, and write nothing"
        )

    def handle(self, *, dry_run: bool, verbosity: int, **_: Any) -> None:
        """Ask, with bars in a terminal, and print the tally."""
        with (
            via("check_standing"),
            bringing(self, RunKind.CHECK_STANDING, dry_run=dry_run, verbosity=verbosity) as (
                run,
                told,
            ),
        ):
            standing.check(
                run,
                pubmed=literature_clients.pubmed(),
                crossref=literature_clients.crossref(),
                today=timezone.localdate(),
                told=told,
            )
