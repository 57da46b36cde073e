"""Trials through time as one drawing that stands alone: the strips of the table with its words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

from evidence.charts.lettering import fitted
from evidence.charts.paint import MUTED
from evidence.charts.runs import Run
from evidence.charts.sheet import Sheet
from evidence.charts.stacked import LETTERS, Piece, at, band, rule, stacked, written
from evidence.charts.svg import text
from evidence.charts.timeline import AXIS_HEIGHT, HEIGHT, bar, counts, years_axis

# Where the columns begin, and how wide the words of each may be.
NAME, NUMBER, STATUS, DATES, STRIP = 20.0, 240.0, 340.0, 470.0, 650.0
GAP = 8.0
LEGEND = (
    "Filled bar: completed. Open bar: going on. A cross at its end: stopped early. A question "
    "mark: status unknown. Dashed: planned, or never begun. A thin line: the time in which it may "
    "have begun or ended, where only the month or the year is known, or no end; an arrow: no "
    "completion is reported. The upright dashed line is the day of the drawing."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A trial: its name and number, its status and dates in words, and its time.

    `notes` are of the dates, and told to those who do not see the drawing.
    """

    name: str
    number: str
    status: str
    dates: str
    notes: Sequence[str]
    run: Run


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """What is drawn: trials by phase, how many earlier ones began in a year, and the foot."""

    title: str
    sheet: Sheet
    today: dt.date
    groups: Sequence[tuple[str, Sequence[Line]]]
    older: Mapping[int, int]
    older_sheet: Sheet | None
    foot: Sequence[str]


def drawn(drawing: Drawing) -> str:
    """Draw it as SVG text, 960 wide and as high as it needs."""
    return stacked(_pieces(drawing), name="trials", title=drawing.title, told=_told(drawing))


def _told(drawing: Drawing) -> str:
    """Say in words what is drawn."""
    rows = [
        ", ".join([f"{one.name}, {label}, {one.status}: {one.dates}", *one.notes])
        for label, lines in drawing.groups
        for one in lines
    ]
    return "; ".join(rows) + "." if rows else "No trial has a start date."


def _pieces(drawing: Drawing) -> Iterator[Piece]:
    yield written(wrap(drawing.title, 100), size=18, step=24)
    yield written(wrap(LEGEND, LETTERS), fill=MUTED)
    for label, lines in drawing.groups:
        yield band(label)
        for line in lines:
            yield _row(line, drawing)
    if drawing.groups:
        yield Piece(_at_strip(years_axis(drawing.sheet)), AXIS_HEIGHT + 12)
    if drawing.older_sheet is not None:
        yield _older(drawing.older, drawing.older_sheet)
        yield Piece(_at_strip(years_axis(drawing.older_sheet)), AXIS_HEIGHT + 12)
    yield written([line for one in drawing.foot for line in wrap(one, LETTERS)], fill=MUTED)


def _row(line: Line, drawing: Drawing) -> Piece:
    words = (
        text(fitted(line.name, NUMBER - NAME - GAP, size=12), NAME, 17)
        + _cell(line.number, NUMBER, STATUS)
        + _cell(line.status, STATUS, DATES)
        + _cell(line.dates, DATES, STRIP)
    )
    strip = _at_strip(bar(line.run, drawing.sheet, today=drawing.today))
    return Piece(words + strip + rule(HEIGHT), HEIGHT)


def _older(by_year: Mapping[int, int], sheet: Sheet) -> Piece:
    years, count = sorted(by_year), sum(by_year.values())
    when = f"{years[0]} to {years[-1]}" if len(years) > 1 else str(years[0])
    words = f"{count:,} earlier, started {when}: how many in each year"
    return Piece(text(words, NAME, 17) + _at_strip(counts(by_year, sheet)) + rule(HEIGHT), HEIGHT)


def _cell(words: str, x: float, until: float) -> str:
    return text(fitted(words, until - x - GAP, size=11), x, 17, fill=MUTED, font_size=11)


def _at_strip(markup: str) -> str:
    return at(STRIP, 0, markup)
