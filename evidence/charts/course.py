"""The course of a status through the years, as values and in words."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from evidence.vocab import Ground


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """What the rule would have said at the end of each year from one to another.

    `ground` is empty unless the status is investigated.
    """

    from_year: int
    to_year: int
    status: str
    ground: str = ""

    @property
    def word(self) -> str:
        """The status, never without its ground."""
        return in_full(self.status, self.ground)


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """What we said from a day on."""

    on: dt.date
    number: int
    status: str
    ground: str = ""

    @property
    def word(self) -> str:
        """The status, never without its ground."""
        return in_full(self.status, self.ground)


@dataclass(frozen=True, kw_only=True, slots=True)
class Steps:
    """All that a step chart shows, up to the end of the year `until`.

    The periods follow each other without a gap, the first first, and reach at least to `until`;
    `findings` holds a year for each dated finding, `editions` are in the order in which they were
    published. `name` tells this chart's parts from those of others on a page.
    """

    name: str
    title: str
    until: int
    periods: tuple[Period, ...]
    findings: tuple[int, ...] = ()
    editions: tuple[Edition, ...] = ()


def in_full(status: str, ground: str) -> str:
    """Give a status with its ground: "investigated (an approved use)"."""
    return f"{status} ({Ground(ground).label})" if ground else status


def runs(periods: Iterable[Period], *, until: int) -> tuple[Period, ...]:
    """Join the periods that say the same, and end them with the year `until`."""
    joined: list[Period] = []
    for period in periods:
        if period.from_year > until:
            break
        last = min(period.to_year, until)
        if joined and joined[-1].word == period.word:
            joined[-1] = replace(joined[-1], to_year=last)
        else:
            joined.append(replace(period, to_year=last))
    return tuple(joined)


def findings_by_year(chart: Steps) -> dict[int, int]:
    """Count the findings of each year; what is older than the first period was known by then."""
    first = chart.periods[0].from_year
    known = (max(year, first) for year in chart.findings if year <= chart.until)
    return dict(sorted(Counter(known).items()))


def in_words(chart: Steps) -> str:
    """Tell the whole course: what the rule would have said, and what we said."""
    told = [_rule_in_words(runs(chart.periods, until=chart.until))]
    if chart.editions:
        told.append(_editions_in_words(chart.editions))
    return " ".join(told)


def findings_in_words(chart: Steps) -> str:
    """Say how many findings there are, and of which years."""
    by_year = findings_by_year(chart)
    if not by_year:
        return "No finding has a year."
    total, years = sum(by_year.values()), list(by_year)
    count = f"{total} {'finding has a year' if total == 1 else 'findings have a year'}"
    if len(years) == 1:
        return f"{count}, {years[0]}."
    most = max(by_year.values())
    fullest = f"; the most in one year are {most}" if most > 1 else ""
    return f"{count}, from {years[0]} to {years[-1]}{fullest}."


def _rule_in_words(periods: Sequence[Period]) -> str:
    if len(periods) == 1:
        return f"From dated evidence the rule says {periods[0].word} in every year."
    told = [f"{periods[0].word} until {periods[0].to_year}"]
    for period in periods[1:-1]:
        if period.from_year == period.to_year:
            told.append(f"{period.word} in {period.from_year}")
        else:
            told.append(f"{period.word} from {period.from_year} to {period.to_year}")
    told.append(f"{periods[-1].word} since {periods[-1].from_year}")
    return f"From dated evidence the rule says {listed(told)}."


def _editions_in_words(editions: Sequence[Edition]) -> str:
    """Name each edition that said something else than the one before it."""
    new = [editions[0]]
    for edition in editions[1:]:
        if edition.word != new[-1].word:
            new.append(edition)
    said = [f"{one.word} from {_day(one.on)} (edition {one.number})" for one in new[:-1]]
    last = f"{new[-1].word} since {_day(new[-1].on)} (edition {new[-1].number})"
    return f"We said {listed([*said, last])}." if said else f"We have said {last}."


def _day(on: dt.date) -> str:
    return f"{on.day} {on:%B %Y}"


def listed(parts: Sequence[str]) -> str:
    """Join parts as a sentence does: "a, b and c"."""
    return " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)
