"""Shares of people affected as strips: those with IL-2 above those without, on one scale."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evidence.charts.strips import (
    AXIS_HEIGHT,
    HEIGHT,
    LEFT,
    RIGHT,
    WIDTH,
    Reading,
    Scale,
    tick_words,
)
from evidence.charts.svg import element, number, text
from evidence.charts.wilson import wilson

ABOVE, MIDDLE, BELOW = 8.0, 13.0, 19.0
DOT = 4.0
# A percent as printed is an upright bar, which nobody takes for a dot with an interval.
BAR, TALL = 3.0, 10.0
# The words "100" end within the sheet.
EDGE = 289.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """How many of a hundred were affected; from counts with the ends of its Wilson interval."""

    percent: float
    low: float | None = None
    high: float | None = None


def share(affected: int | None, at_risk: int | None, percent: float | None) -> Share | None:
    """Give what a group's figures can be drawn as; None where neither is reported.

    A percent is taken as printed and never multiplied back, so it has no interval.
    """
    if affected is not None and at_risk:
        low, high = wilson(affected, at_risk)
        return Share(percent=100 * affected / at_risk, low=100 * low, high=100 * high)
    return None if percent is None else Share(percent=percent)


def scale(shares: Iterable[Share | None]) -> Scale:
    """Fit the scale that these share: from 0 to a round maximum."""
    known = (one for one in shares if one is not None)
    readings = (Reading(value=one.percent, low=one.low, high=one.high) for one in known)
    return Scale.from_zero(readings, most=100)


def bars(with_il2: Share | None, other: Share | None, on: Scale, *, too: bool = False) -> str:
    """Draw one row as an SVG of 300 x 26; nothing at all where nothing is reported.

    `too` says that the other group had IL-2 as well, which is filled like the first but fainter.
    Hidden from readers of the table, which says the figures in words.
    """
    if with_il2 is None and other is None:
        return ""
    alone = with_il2 is None or other is None
    drawn = [_grid(on)]
    if with_il2 is not None:
        drawn += _share(with_il2, on, y=MIDDLE if alone else ABOVE, look="filled")
    if other is not None:
        look = "quiet too" if too else "quiet hollow"
        drawn += _share(other, on, y=MIDDLE if alone else BELOW, look=look)
    return _sheet("".join(drawn), height=HEIGHT, look="strip bars")


def percent_axis(on: Scale) -> str:
    """Draw the axis of the rows above it, as an SVG of 300 x 34."""
    ticks = [(on.at(tick), tick_words(tick)) for tick in on.ticks()]
    line = f"M{LEFT:g} .5H{RIGHT:g}" + "".join(f"M{number(x)} .5v4" for x, _ in ticks)
    named = "".join(text(words, min(x, EDGE), 15) for x, words in ticks)
    return _sheet(
        element("path", class_="line", d=line)
        + element("g", named, text_anchor="middle")
        + text("per cent of people", RIGHT, 29, text_anchor="end"),
        height=AXIS_HEIGHT,
        look="strip axis",
    )


def _sheet(inside: str, *, height: int, look: str) -> str:
    return element("svg", inside, class_=look, viewBox=f"0 0 {WIDTH} {height}", aria_hidden="true")


def _grid(on: Scale) -> str:
    places = (number(on.at(tick)) for tick in on.ticks())
    return element("path", class_="grid", d="".join(f"M{x} 0V{HEIGHT}" for x in places))


def _share(one: Share, on: Scale, *, y: float, look: str) -> Iterator[str]:
    x = on.at(one.percent)
    if one.low is None or one.high is None:
        left, top = x - BAR / 2, y - TALL / 2
        yield element("rect", class_=look, x=left, y=top, width=BAR, height=TALL)
        return
    d = f"M{number(on.at(one.low))} {number(y)}H{number(on.at(one.high))}"
    yield element("path", class_="line" if look == "filled" else "quiet line", d=d)
    yield element("circle", class_=look, cx=x, cy=y, r=DOT)
