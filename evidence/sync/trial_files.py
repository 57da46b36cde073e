"""Registered studies from files, brought in batch by batch."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import chain, islice
from pathlib import Path

from evidence.registries.files import trial_payloads
from evidence.registries.opened import files
from evidence.registries.records import Fault, Payload
from evidence.sync import trials
from evidence.sync.batches import uncollected
from evidence.sync.file_by_file import NOBODY_KNOWS, RECORDS, Told, watched
from evidence.sync.runs import Run
from evidence.sync.tally import Counts

AT_A_TIME = trials.MOST_AT_ONCE
"""So many are read, and written in one transaction."""


def from_files(run: Run, paths: Sequence[Path], *, told: Told) -> None:
    """Bring in what files and folders hold; what cannot be read is a fault for each.

    A run that was cut short goes on where it stood, if the files are as they were.
    """
    mark = _mark(paths)
    begun, _, done = run.cursor.partition(" ")
    at = int(done) if begun == mark and done.isdigit() else 0
    found = chain.from_iterable(watched(paths, trial_payloads, told))
    left = islice(found, at, None)
    while True:
        with uncollected():
            some = list(islice(left, AT_A_TIME))
            if not some:
                return
            at += len(some)
            _bring_in(run, some, cursor=f"{mark} {at}")
            told(RECORDS, at, NOBODY_KNOWS)
            some.clear()


def _bring_in(run: Run, some: Sequence[Payload | Fault], *, cursor: str) -> None:
    faults = [one for one in some if isinstance(one, Fault)]

    def write_down(counts: Counts, more: list[Fault]) -> None:
        run.step(counts + Counts(failed=len(faults)), cursor=cursor, faults=[*faults, *more])

    trials.bring_in(
        [one for one in some if isinstance(one, Payload)],
        dry_run=run.dry_run,
        write_down=write_down,
        tell=run.tell,
    )


def _mark(paths: Sequence[Path]) -> str:
    """Return a word that is another when any of the files is."""
    seen = hashlib.sha256()
    for path in paths:
        for file, wrong in files(path):
            state = None if wrong else file.stat()
            told = (str(file), wrong, state and state.st_size, state and state.st_mtime_ns)
            seen.update(repr(told).encode(errors="surrogateescape"))
    return seen.hexdigest()[:16]
