"""What a trial's page says of the registry: whether its records were read, and which are gone."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from evidence.models import RegistryRecord, Trial
from evidence.vocab import Registry
from evidence.web.render import Dates


@dataclass(frozen=True, kw_only=True)
class Gone:
    """Numbers that a source does not know since one day; `read`: it knew them before."""

    source: str
    values: tuple[str, ...]
    since: dt.date
    read: bool

    @property
    def names(self) -> str:
        """The numbers as a sentence names them."""
        *others, last = self.values
        return f"{', '.join(others)} and {last}" if others else last


@dataclass(frozen=True, kw_only=True)
class AtRegistry:
    """What the site knows of a trial's records.

    `was_read` says that what stands here was read at the registry; `waiting` that it was not, and
    may yet be.
    """

    read: tuple[RegistryRecord, ...]
    gone: tuple[Gone, ...]
    was_read: bool
    waiting: bool


def at_registry(trial: Trial, records: Sequence[RegistryRecord]) -> AtRegistry:
    """Say which of a trial's records were read, and which its registry does not know."""
    read = tuple(record for record in records if record.snapshot_id is not None)
    was_read = trial.checked_on is not None or bool(read)
    return AtRegistry(
        read=read,
        gone=_gone(records),
        was_read=was_read,
        waiting=not was_read and not _asked_in_vain(trial, records),
    )


def looked_at(dates: Dates, records: Iterable[RegistryRecord]) -> Dates:
    """Count the day on which a registry did not know a record as one on which it was asked."""
    days = [dates.registry_checked, *(record.vanished_on for record in records)]
    return replace(dates, registry_checked=max((day for day in days if day), default=None))


def _gone(records: Iterable[RegistryRecord]) -> tuple[Gone, ...]:
    alike: dict[tuple[str, dt.date, bool], list[str]] = defaultdict(list)
    for record in records:
        if record.vanished_on is not None:
            read = record.snapshot_id is not None
            alike[record.source, record.vanished_on, read].append(record.value)
    return tuple(
        Gone(source=source, since=since, read=read, values=tuple(values))
        for (source, since, read), values in alike.items()
    )


def _asked_in_vain(trial: Trial, records: Iterable[RegistryRecord]) -> bool:
    """Say whether ClinicalTrials.gov knows none of a trial's numbers."""
    gone = {record.value for record in records if record.vanished_on is not None}
    numbers = {one.value for one in trial.identifiers.all() if one.registry == Registry.NCT}
    return bool(gone) and numbers <= gone
