"""Forest plots: which results share an axis, in which order, and what the axis says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from evidence.charts.sides import FAMILIES, NO_DIFFERENCE, Family, Result, Side, side
from evidence.charts.strips import Reading, Scale, axis, strip, tick_words
from evidence.vocab import EffectMeasure, OutcomeKind

NOT_DRAWN = "interval not reported"
PERCENTAGE_POINTS = "percentage points"
OFF_THE_SCALE = "outside the scale"
# Units that outcomes name, so that results in one unit share an axis.
UNIT = re.compile(r"cells\s?/\s?(?:mm³|mm3|µL|μL)|(?:log10 )?copies/mL", re.IGNORECASE)
FAVOURS = "favours IL-2"
AGAINST = "favours control"


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A finding as its row says it, and what is drawn; `doubt` says why its figures cannot be.

    `group` names the outcome across studies, and is the outcome's own name where it has none;
    `values` are those of the groups as printed, which may name the unit, and `level` is that of
    the interval in per cent.
    """

    result: Result
    reading: Reading | None
    kind: str
    group: str
    study: str
    code: str
    second: tuple[str, ...] = ()
    year: int | None = None
    people: str = ""
    measure: str = ""
    estimate: str = ""
    values: str = ""
    level: float | None = None
    doubt: str = ""
    p: str = ""

    @property
    def is_drawn(self) -> bool:
        """Whether there is an interval, without which no estimate is drawn."""
        return self.reading is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """The rows of one outcome, by year."""

    label: str
    kind: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Plot:
    """Rows on one axis: of one family of measures, one direction of benefit, and one unit."""

    family: Family
    side: Side
    unit: str
    rows: tuple[Row, ...]

    @cached_property
    def scale(self) -> Scale:
        """Fit the scale of all rows."""
        readings = [row.reading for row in self.rows if row.reading is not None]
        if self.family == Family.RATIO:
            return Scale.of_ratios(readings)
        return Scale.of_differences(readings)

    @property
    def null(self) -> str:
        """The value of no difference."""
        return f"{NO_DIFFERENCE[self.family]:g}"

    @property
    def measures(self) -> str:
        """What is drawn, and on what scale."""
        if self.family == Family.RATIO:
            return "Ratios, log scale"
        return f"Differences in {self.unit}" if self.unit else "Differences, unit not named"

    @property
    def estimate_head(self) -> str:
        """The head of the column of estimates: it names a level that all intervals have."""
        levels = {row.level for row in self.rows if row.level is not None}
        if not levels:
            return "Estimate"
        return f"Estimate ({levels.pop():g} % CI)" if len(levels) == 1 else "Estimate (CI)"

    @property
    def ends(self) -> tuple[str, str]:
        """What lies towards the low and the high end."""
        if self.side == Side.LOW:
            return FAVOURS, AGAINST
        if self.side == Side.HIGH:
            return AGAINST, FAVOURS
        return f"less than {self.null}", f"more than {self.null}"

    @property
    def heading(self) -> str:
        """The direction of benefit, as the head of the drawn column has it."""
        if self.side == Side.UNKNOWN:
            return f"Less or more than {self.null}"
        return f"{'Less' if self.side == Side.LOW else 'More'} than {self.null} {FAVOURS}"

    @property
    def groups(self) -> tuple[Group, ...]:
        """The outcomes, what patients experience first."""
        by_outcome = groupby(self.rows, key=lambda row: (row.kind, row.group))
        return tuple(
            Group(label=label, kind=kind, rows=tuple(rows)) for (kind, label), rows in by_outcome
        )

    @property
    def doubts(self) -> tuple[Row, ...]:
        """The rows whose printed figures cannot all be right."""
        return tuple(row for row in self.rows if row.doubt)

    @property
    def edges(self) -> tuple[str, str]:
        """The axis in words: what lies towards each end, and where the scale ends."""
        below, above = self.ends
        low, high = tick_words(self.scale.low), tick_words(self.scale.high)
        left, right = "\N{LEFTWARDS ARROW}", "\N{RIGHTWARDS ARROW}"
        return f"{low} {left} {below}", f"{above} {right} {high}"

    @property
    def axis(self) -> str:
        """Draw the axis; nothing where no row has a strip."""
        if not any(map(self.strip, self.rows)):
            return ""
        below, above = self.ends
        return axis(self.scale, below=below, above=above)

    def strip(self, row: Row) -> str:
        """Draw a row; nothing where it has no interval, or none that the scale holds."""
        if row.reading is None or not self.scale.holds(row.reading):
            return ""
        return strip((row.reading,), self.scale)

    def instead(self, row: Row) -> str:
        """Say why a row has no strip."""
        return NOT_DRAWN if row.reading is None else OFF_THE_SCALE


def plots(rows: Iterable[Row]) -> tuple[Plot, ...]:
    """Put rows on axes that they may share; none at all where no row has anything to draw."""
    apart: dict[tuple[Family, Side, str, str], list[Row]] = {}
    for row in sorted(rows, key=_order):
        family = FAMILIES[row.result.measure]
        unit, like = ("", "") if family == Family.RATIO else _unit(row)
        apart.setdefault((family, side(row.result), unit, like), []).append(row)
    families, sides = list(Family), list(Side)
    order = sorted(apart, key=lambda key: (families.index(key[0]), sides.index(key[1]), *key[2:]))
    made = tuple(
        Plot(family=family, side=towards, unit=unit, rows=tuple(apart[family, towards, unit, like]))
        for family, towards, unit, like in order
    )
    # A row without an interval keeps its place, also where no other stands on its axis.
    return made if any(row.is_drawn for plot in made for row in plot.rows) else ()


def _order(row: Row) -> tuple[int, str, bool, int, str]:
    kind = OutcomeKind.values.index(row.kind)
    return (kind, row.group, row.year is None, row.year or 0, row.study)


def _unit(row: Row) -> tuple[str, str]:
    """Give a difference's unit, and what else it must share with others of its axis.

    Only differences that have been standardised, or whose outcome names the same unit, are alike.
    """
    measure = row.result.measure
    if measure == EffectMeasure.STANDARDISED_MEAN_DIFFERENCE:
        return "standard deviations", ""
    found = UNIT.search(row.result.outcome) or UNIT.search(row.values)
    if measure == EffectMeasure.MEAN_DIFFERENCE and found is not None:
        return found[0], row.group
    # A share of all is at most 1, so that larger differences are printed in per cent.
    figures = (row.result.estimate, row.result.low, row.result.high)
    if measure == EffectMeasure.RISK_DIFFERENCE and any(abs(one or 0) > 1 for one in figures):
        return PERCENTAGE_POINTS, f"{row.group} {row.result.outcome}"
    return "", f"{measure} {row.group} {row.result.outcome}"
