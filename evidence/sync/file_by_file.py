"""Files and folders read one after the other, with how far it is for whoever watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Protocol

from evidence.registries.opened import files
from evidence.registries.records import Fault, Payload

FILES, RECORDS = "Files read", "Records read"
NOBODY_KNOWS = 0
"""Of how many records, before all files were read."""

Told = Callable[[str, int, int], None]


class Payloads(Protocol):
    """What gives the payloads of a file or folder, and says when it has read a file."""

    def __call__(self, path: Path, *, done: Callable[[], None]) -> Iterator[Payload | Fault]:
        """Give them."""
        ...


def watched(
    paths: Sequence[Path], payloads: Payloads, told: Told
) -> Iterator[Iterator[Payload | Fault]]:
    """Give the payloads of each path, and tell of each file, also of those in folders."""
    of = sum(1 for path in paths for _ in files(path))
    read = count(1)
    told(FILES, 0, of)
    for path in paths:
        yield payloads(path, done=lambda: told(FILES, next(read), of))
