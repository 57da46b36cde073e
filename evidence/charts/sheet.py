"""Where years are drawn, and which of them are named."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from evidence.charts.course import Steps, findings_by_year, runs

# Years are counted in fives, and a short course is not stretched over the whole width.
ROUND = 5
FEWEST_YEARS = 10
TICKS = (1, 2, 5, 10, 20, 50, 100)
DAYS_OF_A_YEAR = 366


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A drawing's width and margins, and the first and last year between them.

    Years that are named stand at least `apart` from each other.
    """

    width: int
    left: float
    right: float
    apart: float
    first: int
    last: int

    @property
    def year(self) -> float:
        """The width of a year."""
        return (self.right - self.left) / (self.last - self.first + 1)

    def middle(self, year: int) -> float:
        """Give the place of what is known of a year alone, and not of a day in it."""
        return self.left + (year - self.first + 0.5) * self.year

    def at(self, day: dt.date) -> float:
        """Give the place of a day; one that is not on the sheet stands at its edge."""
        part = (day.timetuple().tm_yday - 1) / DAYS_OF_A_YEAR
        place = self.left + (day.year - self.first + part) * self.year
        return min(max(place, self.left), self.right)

    def ticks(self) -> list[int]:
        """Give the round years to name, and the last year where it has room."""
        step = next((step for step in TICKS if step * self.year >= self.apart), TICKS[-1])
        named = [year for year in range(self.first, self.last + 1) if year % step == 0]
        if not named or (self.last - named[-1]) * self.year >= self.apart:
            named.append(self.last)
        return named


def first_year(chart: Steps) -> int:
    """Give the year to begin with: a little before anything changes or is found."""
    changes = [run.from_year for run in runs(chart.periods, until=chart.until)[1:]]
    said = [edition.on.year for edition in chart.editions]
    earliest = min([*changes, *findings_by_year(chart), *said, chart.until])
    before = min(earliest - 1, chart.until - FEWEST_YEARS + 1)
    return max(before - before % ROUND, chart.periods[0].from_year)
