"""Publications from files, or from PubMed and Crossref, into the inbox or up to date."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from evidence.ledger.reasons import via
from evidence.management.bringing import bringing
from evidence.management.typed import paths_called, refuse_broken
from evidence.registries.opened import named
from evidence.registries.records import Unreadable
from evidence.sync import literature, literature_clients
from evidence.vocab import RunKind

ONE_WAY = "Give files, --search or --ids: one of the three."


class Command(BaseCommand):
    """Print a tally; what failed goes to standard error, line by line."""

    help = "Bring in publications: PubMed XML, MEDLINE, RIS or Crossref JSON, or over the wire."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare where they come from, and --dry-run."""
        parser.add_argument("paths", nargs="*", help="files, or folders of them")
        parser.add_argument("--search", help="what to ask PubMed, in its own language")
        parser.add_argument("--ids", nargs="+", help="PMIDs (PubMed) and DOIs (Crossref)")
        parser.add_argument(
            "--dry-run", action="store_true", help="count what would change, and write nothing"
        )

    def handle(self, **given: Any) -> None:
        """Bring them in, with bars in a terminal, and print the tally."""
        search, numbers = given["search"], given["ids"]
        paths = paths_called(given["paths"])
        if sum(map(bool, (paths, search, numbers))) != 1:
            raise CommandError(ONE_WAY, returncode=2)
        try:
            asked = literature.asked(numbers or ())
            if search:
                literature.refuse_search(search)
        except Unreadable as error:
            raise CommandError(str(error), returncode=2) from None
        refuse_broken(search=search, returncode=2)
        arguments = search or " ".join(numbers or map(named, paths))
        kind, dry_run, today = RunKind.IMPORT_PUBLICATIONS, given["dry_run"], timezone.localdate()
        with (
            via("import_publications"),
            bringing(
                self, kind, arguments=arguments, dry_run=dry_run, verbosity=given["verbosity"]
            ) as (run, told),
        ):
            if paths:
                literature.from_files(run, paths, told=told)
            elif search:
                literature.from_search(
                    run, literature_clients.pubmed(), search, today=today, told=told
                )
            else:
                pubmed, crossref = literature_clients.pubmed(), literature_clients.crossref()
                literature.from_pubmed(run, pubmed, asked.pmids, today=today, told=told)
                literature.from_crossref(run, crossref, asked.dois, today=today, told=told)
