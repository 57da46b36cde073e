"""Registered studies from files, or from ClinicalTrials.gov, into the inbox or up to date."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.ledger.reasons import via
from evidence.management.bringing import bringing
from evidence.management.typed import paths_called, refuse_broken
from evidence.registries import ids
from evidence.registries.ctgov_client import refuse_words
from evidence.registries.http import Refused
from evidence.registries.opened import named
from evidence.sync import clients, trial_files, wire
from evidence.sync.searches import Search
from evidence.vocab import RunKind

ONE_WAY = "Give files, --search or --ids: one of the three."
CONDITION_OF_SEARCH = "--condition narrows a search: give --search with it."
NO_NUMBER = "“{number}” is no NCT number (NCT and eight digits)."


class Command(BaseCommand):
    """Print a tally; what failed or vanished goes to standard error, line by line."""

    help = (
        "Bring in registered studies: ClinicalTrials.gov's JSON or XML, the ICTRP's XML, or over "
        "the wire."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare where they come from, and --dry-run."""
        parser.add_argument("paths", nargs="*", help="files, or folders of them")
        parser.add_argument("--search", help="intervention terms to ask ClinicalTrials.gov for")
        parser.add_argument("--condition", help="condition terms that narrow the search")
        parser.add_argument("--ids", nargs="+", help="NCT numbers")
        parser.add_argument(
            "--dry-run", action="store_true", help="count what would change, and write nothing"
        )

    def handle(self, **given: Any) -> None:
        """Bring them in, with bars in a terminal, and print the tally."""
        search, condition = given["search"], given["condition"]
        paths = paths_called(given["paths"])
        numbers = _numbers(given["ids"] or [])
        if sum(map(bool, (paths, search, numbers))) != 1:
            raise CommandError(ONE_WAY, returncode=2)
        if condition and not search:
            raise CommandError(CONDITION_OF_SEARCH, returncode=2)
        refuse_broken(search=search, condition=condition, returncode=2)
        asked = [search, condition] if condition else [search]
        if search:
            try:
                refuse_words(*asked)
            except Refused as error:
                raise CommandError(error.sentence, returncode=2) from None
        arguments = " | ".join(asked) if search else " ".join(numbers or map(named, paths))
        kind, dry_run = RunKind.IMPORT_TRIALS, given["dry_run"]
        with (
            via("import_trials"),
            bringing(
                self, kind, arguments=arguments, dry_run=dry_run, verbosity=given["verbosity"]
            ) as (run, told),
        ):
            if paths:
                trial_files.from_files(run, paths, told=told)
            elif search:
                one = Search(name=arguments, intervention=search, condition=condition or "")
                wire.search(run, clients.ctgov(), [one], told=told)
            else:
                wire.by_ids(run, clients.ctgov(), numbers, told=told)


def _numbers(typed: list[str]) -> list[str]:
    """Return NCT numbers, each once; CommandError names what is none."""
    found = []
    for number in typed:
        known = ids.nct(number.strip())
        if known is None:
            refuse_broken(number=number, returncode=2)
            raise CommandError(NO_NUMBER.format(number=number), returncode=2)
        found.append(known)
    return [*dict.fromkeys(found)]
