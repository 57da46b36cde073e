"""What was typed after a command: texts that can be kept and printed, and names of files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.core.management import CommandError

EMPTY = "The name of the file is empty."


def refuse_broken(*, returncode: int = 1, **typed: str | None) -> None:
    """Raise CommandError for the first text that was not typed as UTF-8, by what it is."""
    for what, text in typed.items():
        try:
            (text or "").encode()
        except UnicodeEncodeError:  # bytes that are not UTF-8 arrive as lone surrogates
            said = f"The {what.replace('_', ' ')} is not valid UTF-8."
            raise CommandError(said, returncode=returncode) from None


def paths_called(names: Sequence[str | Path]) -> list[Path]:
    """Return files and folders; CommandError where a name is empty, which is no folder's."""
    if not all(map(str, names)):
        raise CommandError(EMPTY, returncode=2)
    return [*map(Path, names)]


def file_named(name: str | Path | None) -> Path | None:
    """Return the file of a name, None where none was typed; CommandError says what is no name."""
    return None if name is None else file_called(name)


def file_called(name: str | Path) -> Path:
    """Return the file of a name; CommandError says what is no name."""
    if not str(name):
        raise CommandError(EMPTY)
    refuse_broken(name_of_the_file=str(name))
    return Path(name)
