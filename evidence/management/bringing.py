"""What the commands that bring records in share: bars, faults, a tally and exit codes."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from evidence.registries.http import WireFault
from evidence.sync import runs

Told = Callable[[str, int, int], None]

DRY = "Nothing was written. It would be: "
SO_FAR = "So far: "
NO_TABLES = "The database has no tables yet, or old ones: run manage.py migrate."
INTERRUPTED = "Interrupted; the next run goes on where this one stood."
INTERRUPTED_DRY = "Interrupted."
CLOSED = "Nobody reads the output any more."
IN_USE = "Another program has been writing to the database for too long; run this again later."
LOCKED = ("is locked", "lock timeout")
"""What SQLite and PostgreSQL say where somebody else keeps a lock for longer than is waited."""
EACH = 2
"""From this verbosity on what became of each record is said, in a line."""


class Signalled(KeyboardInterrupt):
    """The program was asked to end, as from the keyboard; by a signal of this number."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


@contextmanager
def bringing(
    command: BaseCommand,
    kind: str,
    *,
    arguments: str = "",
    dry_run: bool = False,
    verbosity: int = 1,
) -> Iterator[tuple[runs.Run, Told]]:
    """Be the run of a command; give it, and what to tell of it: of what, how many, of how many.

    At the end each fault is a line on standard error and the tally one on standard output.
    CommandError where a record failed, or with the sentence of a run that did not come to its end.
    """
    with (
        _in_a_sentence(CommandError),
        _reported(
            command, kind, arguments=arguments, dry_run=dry_run, verbosity=verbosity
        ) as given,
    ):
        yield given


@contextmanager
def _reported(
    command: BaseCommand, kind: str, *, arguments: str, dry_run: bool, verbosity: int
) -> Iterator[tuple[runs.Run, Told]]:
    """Be the run, and print what became of it."""
    _refuse_old_tables()
    run: runs.Run | None = None
    tell = _line_by_line(command) if verbosity >= EACH else None
    before = DRY if dry_run else SO_FAR
    try:
        with (
            _ended_by_signals(),
            _bars(shown=verbosity == 1) as told,
            runs.running(kind, arguments=arguments, dry_run=dry_run, tell=tell) as run,
            _in_a_sentence(runs.BrokenOff),
        ):
            yield run, told
    except (runs.Ended, WireFault) as error:
        if run is not None:
            _report(command, run, before)
        raise CommandError(error.sentence) from error
    except KeyboardInterrupt as error:
        if run is not None:
            with suppress(Error):  # a question to the database may have been cut off
                _report(command, run, before)
        number = error.number if isinstance(error, Signalled) else signal.SIGINT
        said = INTERRUPTED_DRY if dry_run else INTERRUPTED
        raise CommandError(said, returncode=128 + number) from error
    failed = _report(command, run, DRY if dry_run else "")
    if failed:
        raise CommandError(f"{failed:,} record{'' if failed == 1 else 's'} failed.")


@contextmanager
def _in_a_sentence(kind: type[Exception]) -> Iterator[None]:
    """Say what is no fault of the program, a closed pipe and a database in use, in a sentence."""
    try:
        yield
    except BrokenPipeError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise kind(CLOSED) from error
    except OperationalError as error:
        if not any(words in str(error) for words in LOCKED):
            raise
        raise kind(IN_USE) from error


def _refuse_old_tables() -> None:
    """Raise CommandError where migrations are not applied; what else is wrong is not hidden."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError(NO_TABLES)


def _report(command: BaseCommand, run: runs.Run, before: str) -> int:
    """Print faults and tally; return how many records failed."""
    for one in run.faults:
        command.stderr.write(f"{one.about}: {one.sentence}" if one.about else one.sentence)
    counts = run.counts
    command.stdout.write(before + counts.sentence_of(run.row.kind))
    command.stdout.flush()
    return counts.failed


def _line_by_line(command: BaseCommand) -> runs.Tell:
    return lambda about, sentence: command.stdout.write(f"{about}: {sentence}")


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let a SIGTERM end the block as Ctrl-C does; Python tells of signals in its main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, _frame: Any) -> None:
        raise Signalled(number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL if before is None else before)


@contextmanager
def _bars(*, shown: bool) -> Iterator[Told]:
    """Show a bar for each thing that is told of, where standard error is a terminal.

    Of how many may be 0 where nobody knows.
    """
    console = Console(file=sys.stderr)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    is_shown = shown and console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=not is_shown) as bars:
        tasks: dict[str, Any] = {}

        def told(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=None)
            bars.update(tasks[what], completed=done, total=of or None)

        yield told
