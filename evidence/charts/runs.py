"""The time of a trial, as far as it is known, and what has become of it."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from evidence.vocab import RecruitmentStatus as Status


class Look(StrEnum):
    """What has become of a trial; the value is how its bar is drawn."""

    DONE = "done"
    GOING = "going"
    STOPPED = "stopped"
    UNKNOWN = "unknown"
    NOT_BEGUN = "not-begun"


LOOKS: Mapping[str, Look] = {
    Status.COMPLETED: Look.DONE,
    Status.APPROVED_FOR_MARKETING: Look.DONE,
    Status.NO_LONGER_AVAILABLE: Look.DONE,
    Status.RECRUITING: Look.GOING,
    Status.ENROLLING_BY_INVITATION: Look.GOING,
    Status.ACTIVE_NOT_RECRUITING: Look.GOING,
    Status.AVAILABLE: Look.GOING,
    Status.TERMINATED: Look.STOPPED,
    Status.SUSPENDED: Look.STOPPED,
    Status.TEMPORARILY_NOT_AVAILABLE: Look.STOPPED,
    Status.WITHDRAWN: Look.NOT_BEGUN,
    Status.NOT_YET_RECRUITING: Look.NOT_BEGUN,
}


def look_of(status: str) -> Look:
    """Say how a recruitment status is drawn; one that is not reported is unknown."""
    return LOOKS.get(status, Look.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Day:
    """A day as far as it is known: it is none before `first` and none after `last`."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A trial's time; without an end it is open. `look` is what its status says."""

    start: Day
    end: Day | None
    look: Look

    @property
    def reversed(self) -> bool:
        """Whether it would end before it begins, which no trial does."""
        return self.end is not None and self.end.last < self.start.first


def known(written: str) -> Day | None:
    """Read `2015`, `2015-09` or `2015-09-03`; None where nothing, or no date, is written.

    A day that its month does not have is known as the month.
    """
    try:
        year, month, day = (int(part) for part in (*written.split("-"), "0", "0")[:3])
        last_of = calendar.monthrange(year, month or 12)[1]
        if not month:
            return Day(dt.date(year, 1, 1), dt.date(year, 12, 31))
        if not 0 < day <= last_of:
            return Day(dt.date(year, month, 1), dt.date(year, month, last_of))
        return Day(dt.date(year, month, day), dt.date(year, month, day))
    except ValueError:
        return None
