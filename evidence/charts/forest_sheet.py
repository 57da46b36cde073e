"""A forest plot as one drawing that stands alone: the strips of its tables with their words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from evidence.charts.forest import Plot, Row
from evidence.charts.paint import INK, MUTED
from evidence.charts.stacked import (
    LETTERS,
    STEP,
    Piece,
    at,
    band,
    gap,
    rule,
    stacked,
    written,
)
from evidence.charts.strips import AXIS_HEIGHT, HEIGHT
from evidence.charts.svg import text

# Where the columns begin; people end where the measure begins.
STUDY, YEAR, PEOPLE, MEASURE, ESTIMATE, STRIP = 20.0, 268.0, 392.0, 406.0, 488.0, 640.0
# So many letters of 12 px fit the column of studies, and that of measures.
STUDY_LETTERS, MEASURE_LETTERS = 38, 13
LEGEND = (
    "Dashed line: no difference. Filled square: one study. Open diamond: a review of several. "
    "Open square: printed figures that cannot all be right. Line: the interval, 95 % unless said "
    "otherwise; an arrow: it reaches further. Nothing is pooled, and no size means a weight."
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is drawn: the plots under a title, then the sources, then where it comes from."""

    title: str
    plots: Sequence[Plot]
    sources: Sequence[str]
    foot: Sequence[str]


def drawn(sheet: Sheet) -> str:
    """Draw the sheet as SVG text, 960 wide and as high as it needs."""
    told = " ".join(_told(plot) for plot in sheet.plots)
    return stacked(_pieces(sheet), name="forest", title=sheet.title, told=told)


def _pieces(sheet: Sheet) -> Iterator[Piece]:
    yield written(wrap(sheet.title, 100), size=18, step=24)
    yield written(wrap(LEGEND, LETTERS), fill=MUTED)
    for plot in sheet.plots:
        yield from _plot(plot)
    yield gap(12)
    yield written(["Sources"], weight="bold")
    yield written([line for one in sheet.sources for line in wrap(one, LETTERS)])
    yield gap(12)
    yield written([line for one in sheet.foot for line in wrap(one, LETTERS)], fill=MUTED)


def _plot(plot: Plot) -> Iterator[Piece]:
    yield gap(16)
    yield written([f"{plot.measures}. {plot.heading}."], weight="bold")
    yield _heads(plot.estimate_head)
    for group in plot.groups:
        yield band(f"{group.label} ({group.kind})")
        for row in group.rows:
            yield _row(plot, row)
    if plot.axis:
        yield Piece(at(STRIP, 2, plot.axis), AXIS_HEIGHT + 4)
    for row in plot.doubts:
        yield written(
            wrap(f"† {row.study}: {row.doubt} p is printed as {row.p}.", LETTERS), fill=MUTED
        )


def _heads(estimate: str) -> Piece:
    named = (
        ("Study", STUDY, "start"),
        ("Year", YEAR, "start"),
        ("People", PEOPLE, "end"),
        ("Measure", MEASURE, "start"),
        (estimate, ESTIMATE, "start"),
    )
    words = "".join(
        text(said, x, 12, fill=MUTED, text_anchor=anchor, font_size=11) for said, x, anchor in named
    )
    return Piece(words, 20)


def _row(plot: Plot, row: Row) -> Piece:
    """Write a row, its words on as many lines as they need, with its strip."""
    mark = "†" if row.doubt else ""
    name = wrap(row.study, STUDY_LETTERS)
    second = [line for one in row.second for line in wrap(one, STUDY_LETTERS)]
    measure = wrap(row.measure + mark, MEASURE_LETTERS)
    words = "".join(
        (
            _below(name, STUDY, 16, fill=INK),
            _below(second, STUDY, 16 + STEP * len(name)),
            text(str(row.year or "no year"), YEAR, 16),
            text(row.people or "not reported", PEOPLE, 16, text_anchor="end"),
            _below(measure, MEASURE, 16, fill=INK),
            text(row.estimate, ESTIMATE, 16),
        )
    )
    strip = plot.strip(row)
    beside = at(STRIP, 0, strip) if strip else text(plot.instead(row), STRIP, 16, fill=MUTED)
    lines = max(len(name) + len(second), len(measure))
    height = max(float(HEIGHT), 10 + STEP * lines)
    return Piece(words + beside + rule(height), height)


def _told(plot: Plot) -> str:
    """Say in words what an axis shows."""
    rows = "; ".join(f"{row.study}, {row.group}: {row.measure} {row.estimate}" for row in plot.rows)
    return f"{plot.heading}. {rows}."


def _below(lines: Iterable[str], x: float, y: float, *, fill: str = MUTED) -> str:
    return "".join(text(line, x, y + STEP * nth, fill=fill) for nth, line in enumerate(lines))
