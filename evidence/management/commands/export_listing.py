"""The rows of a listing as CSV, to a file or a pipe: the same bytes as its address gives."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import QueryDict

from evidence.catalogue import CATALOGUE
from evidence.listing.csv import as_csv
from evidence.listing.search import BadQueryError, ask
from evidence.management.typed import file_named, refuse_broken


class Command(BaseCommand):
    """Write what a query string asks of a listing; a bad one is refused with exit code 2."""

    help = "Write the rows of a listing as CSV, as its address does: /evidence.csv?status=variable."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the listing, --query and --output."""
        parser.add_argument("listing", help=f"one of {', '.join(CATALOGUE)}")
        parser.add_argument(
            "--query", default="", help='filters and order as in an address: "status=variable"'
        )
        parser.add_argument("--output", help="a file (default: standard output)")

    def handle(self, *, listing: str, query: str, output: str | None, **_: Any) -> None:
        """Ask the listing, and write what it answers."""
        refuse_broken(query=query, returncode=2)
        path = file_named(output)
        pieces = _answer(listing, query.removeprefix("?"))
        if path is not None:
            _write(path, pieces)
            return
        try:
            self._print(pieces)
        except BrokenPipeError:  # whoever read it has had enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def _print(self, pieces: Iterator[bytes]) -> None:
        exact = getattr(self.stdout, "buffer", None)
        for piece in pieces:
            if exact is not None:
                exact.write(piece)
            else:
                self.stdout.write(piece.decode(), ending="")
        self.stdout.flush()


def _write(path: Path, pieces: Iterator[bytes]) -> None:
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            # A pipe or a device is written to; to replace it would destroy it.
            with path.open("wb") as file:
                file.writelines(pieces)
            return
        # A cut file looks complete, so it gets its name when it is.
        part = path.with_name(f"{path.name}.part")
        if path.is_dir():
            raise IsADirectoryError(f"{path} is a folder")
        with part.open("wb") as file:
            file.writelines(pieces)
        part.replace(path)
    except (OSError, ValueError) as error:
        raise CommandError(f"The file “{path}” cannot be written: {error}.") from None


def _answer(name: str, query: str) -> Iterator[bytes]:
    """Return the pieces of a listing's CSV; CommandError says what is wrong with the question."""
    if name not in CATALOGUE:
        known = ", ".join(CATALOGUE)
        raise CommandError(f"There is no listing called “{name}”. Known: {known}.", returncode=2)
    try:
        unquote_to_bytes(query).decode()
        search = ask(CATALOGUE[name], QueryDict(query), paged=False)
    except UnicodeDecodeError:
        raise CommandError("The query is not valid UTF-8.", returncode=2) from None
    except BadQueryError as error:
        sentences = "\n".join(fault.message for fault in error.faults)
        raise CommandError(sentences, returncode=2) from None
    return as_csv(search, base_url=settings.IL2TRACKER_BASE_URL)
