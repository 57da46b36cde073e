"""The search built anew from what readers see: after an upgrade that asks for it, or a fault."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from evidence.ledger import index


class Command(BaseCommand):
    """Print how many entries of each kind were made."""

    help = "Build the search anew; searches find the old one until all of it is there."

    def handle(self, **_: Any) -> None:
        """Build it, with bars in a terminal, and print the tally."""
        console = Console(file=sys.stderr)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
            tasks = {kind: bars.add_task(kind, total=None) for kind in index.KINDS}

            def told(kind: str, done: int, of: int) -> None:
                bars.update(tasks[kind], completed=done, total=of)

            try:
                counts = index.rebuild(told=told)
            except index.Overtaken as error:
                raise CommandError(str(error)) from error
        shown = ", ".join(f"{kind} {count:,}" for kind, count in counts.items())
        self.stdout.write(f"The search holds {sum(counts.values()):,} entries: {shown}.")
