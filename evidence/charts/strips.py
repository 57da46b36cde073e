"""Strips: the last column of a table that is a plot, all on one scale, with its axis."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from evidence.charts.svg import Value, element, number, text

WIDTH, HEIGHT, AXIS_HEIGHT = 300, 26, 34
LEFT, RIGHT = 8.0, 292.0
# A ratio's interval is shown whole between these; what reaches further is cut, with an arrow.
RATIOS = (0.25, 8.0)
LEAST_RATIOS = (0.5, 2.0)
# No printed figure is as large; beyond these a scale could not be read, nor sums be numbers.
RATIO_LIMIT = 4096.0
LIMIT = 1e12
MOST_TICKS = 6
ROUND = (1, 2, 5, 10)
# More than a letter of 11 px takes, on average, in any face of the stylesheet.
LETTER = 6.2
ARROW = 5.0
# Beyond this part of a scale a mark would reach over its end.
NEAR = 0.98


class Shape(StrEnum):
    """What stands at a value: the shape says what it is, and never how much it weighs."""

    STUDY = "filled square"
    REVIEW = "open diamond"
    DOUBTFUL = "open square"
    WITH = "filled dot"
    WITHOUT = "open dot"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A value, an interval or both, and the shape that the value is drawn with."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    shape: Shape = Shape.STUDY

    @property
    def ends(self) -> tuple[float, ...]:
        """Give both ends of the interval, or nothing."""
        return () if self.low is None or self.high is None else (self.low, self.high)

    @property
    def figures(self) -> tuple[float, ...]:
        """Give all that has a place on a linear scale."""
        return self.ends if self.value is None else (self.value, *self.ends)


@dataclass(frozen=True, slots=True)
class Scale:
    """From where to where is drawn, how, and at which value a dashed line stands."""

    low: float
    high: float
    log: bool = False
    reference: float | None = None

    @classmethod
    def of_ratios(cls, readings: Iterable[Reading]) -> Self:
        """Fit a log scale in doublings around 1: every value is on it, and ends up to 0.25 and 8.

        A value of 0 or less has no place on it, which `holds` says.
        """
        known = [one for one in readings if _has_place(one.value)]
        values = [one.value for one in known if one.value is not None]
        ends = [min(max(end, RATIOS[0]), RATIOS[1]) for one in known for end in one.ends]
        shown = [*LEAST_RATIOS, *values, *ends]
        return cls(
            low=2.0 ** math.floor(math.log2(min(shown))),
            high=2.0 ** math.ceil(math.log2(max(shown))),
            log=True,
            reference=1.0,
        )

    @classmethod
    def of_differences(cls, readings: Iterable[Reading]) -> Self:
        """Fit a linear scale around 0 that holds every value and interval."""
        values = [_bound(value) for one in readings for value in one.figures]
        lowest, highest = min([0.0, *values]), max([0.0, *values])
        step = _step(lowest, highest) if highest > lowest else 1.0
        # A step of room at least on both sides of the line of no difference.
        return cls(
            low=min(step * math.floor(lowest / step + 1e-9), -step),
            high=max(step * math.ceil(highest / step - 1e-9), step),
            reference=0.0,
        )

    @classmethod
    def from_zero(cls, readings: Iterable[Reading], *, most: float = math.inf) -> Self:
        """Fit a linear scale from 0 to a round maximum, which is at most `most`.

        No value stands on the last of the scale unless it is `most`, where its mark would be cut.
        """
        known = list(readings)
        values = [_bound(value) for one in known for value in one.figures]
        highest = max(values, default=0.0) or 1.0
        step = _step(0.0, highest)
        high = step * max(1, math.ceil(highest / step - 1e-9))
        if any(one.value is not None and _bound(one.value) > NEAR * high for one in known):
            high += step
        return cls(low=0.0, high=min(most, high))

    def holds(self, reading: Reading) -> bool:
        """Say whether a value, or without one some of its interval, has a place on this scale."""
        if reading.value is not None:
            return self.low <= reading.value <= self.high
        ends = reading.ends
        return bool(ends) and ends[0] <= self.high and ends[1] >= self.low

    def at(self, value: float) -> float:
        """Give the place of a value, in pixels; one beyond the scale stands at its edge."""
        inside = min(max(value, self.low), self.high)
        part = self._measure(inside) - self._measure(self.low)
        return LEFT + (RIGHT - LEFT) * part / (self._measure(self.high) - self._measure(self.low))

    def ticks(self) -> tuple[float, ...]:
        """Give the round values to name: doublings of ratios, steps of 1, 2 or 5 otherwise."""
        if self.log:
            low, high = round(math.log2(self.low)), round(math.log2(self.high))
            every = math.ceil((high - low) / MOST_TICKS)
            return tuple(2.0**power for power in range(low, high + 1) if power % every == 0)
        step = _step(self.low, self.high)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return tuple(nth * step for nth in range(first, last + 1))

    def _measure(self, value: float) -> float:
        return math.log2(value) if self.log else value


def strip(readings: Sequence[Reading], scale: Scale) -> str:
    """Draw readings of one row above each other, as an SVG of 300 x 26.

    What the scale does not hold is left out, and an interval that reaches beyond ends in an arrow.
    No readings draw the lines of the scale alone. Hidden from readers of the table, which says it.
    """
    drawn = "".join(_drawn(readings, scale))
    return _sheet(_lines(scale) + drawn, height=HEIGHT, class_="strip")


def axis(scale: Scale, *, below: str = "", above: str = "", unit: str = "") -> str:
    """Draw the axis that the strips above it share, as an SVG of 300 x 34.

    `below` and `above` say what lies towards the two ends; `unit` says what is counted.
    """
    ticks = scale.ticks()
    line = f"M{LEFT:g} .5H{RIGHT:g}" + "".join(f"M{number(scale.at(one))} .5v4" for one in ticks)
    inside = element("path", class_="line", d=line)
    inside += "".join(_named(tick_words(one), scale.at(one), 15) for one in ticks)
    if below:
        inside += _words(f"\N{LEFTWARDS ARROW} {below}", LEFT, "start")
    if above:
        inside += _words(f"{above} \N{RIGHTWARDS ARROW}", RIGHT, "end")
    if unit:
        inside += _words(unit, RIGHT, "end")
    return _sheet(inside, height=AXIS_HEIGHT, class_="strip axis")


def tick_words(value: float) -> str:
    """Write a round value as it stands under an axis."""
    return f"{value:,.10g}".replace("-", "\N{MINUS SIGN}")


def _sheet(inside: str, *, height: int, class_: str) -> str:
    return element(
        "svg",
        inside,
        class_=class_,
        viewBox=f"0 0 {WIDTH} {height}",
        width=WIDTH,
        height=height,
        fill="none",
        stroke="currentColor",
        font_size=11,
        aria_hidden="true",
    )


def _lines(scale: Scale) -> str:
    """Draw a faint line at each tick, and the dashed one."""
    places = [number(scale.at(one)) for one in scale.ticks() if one != scale.reference]
    lines = element(
        "path", class_="grid", stroke="#ddd", d="".join(f"M{x} 0V{HEIGHT}" for x in places)
    )
    if scale.reference is None:
        return lines
    x = number(scale.at(scale.reference))
    return lines + element(
        "path", class_="reference", stroke="#85817a", stroke_dasharray="3 3", d=f"M{x} 0V{HEIGHT}"
    )


def _drawn(readings: Sequence[Reading], scale: Scale) -> Iterator[str]:
    for place, one in enumerate(readings):
        if not scale.holds(one):
            continue
        y = HEIGHT / 2 if len(readings) == 1 else 8 + 11 * place / (len(readings) - 1)
        if one.low is not None and one.high is not None:
            yield _interval(one.low, one.high, scale, y=y, quiet=one.shape == Shape.WITHOUT)
        if one.value is not None:
            yield _mark(one.shape, scale.at(one.value), y)


def _interval(low: float, high: float, scale: Scale, *, y: float, quiet: bool) -> str:
    d = f"M{number(scale.at(low))} {number(y)}H{number(scale.at(high))}"
    if low < scale.low:
        d += f"M{number(LEFT + ARROW)} {number(y - 4)}L{LEFT:g} {number(y)}l{ARROW:g} 4"
    if high > scale.high:
        d += f"M{number(RIGHT - ARROW)} {number(y - 4)}L{RIGHT:g} {number(y)}l-{ARROW:g} 4"
    return element("path", class_="quiet line" if quiet else "line", stroke_width=1.5, d=d)


def _mark(shape: Shape, x: float, y: float) -> str:
    hollow: dict[str, Value] = {"class_": "hollow", "fill": "#fff", "stroke_width": 1.5}
    filled: dict[str, Value] = {"class_": "filled", "fill": "currentColor", "stroke": "none"}
    if shape == Shape.REVIEW:
        d = f"M{number(x)} {number(y - 6)}l6 6-6 6-6-6Z"
        return element("path", **hollow, d=d)
    if shape in {Shape.WITH, Shape.WITHOUT}:
        look = filled if shape == Shape.WITH else {**hollow, "class_": "quiet hollow"}
        return element("circle", **look, cx=x, cy=y, r=4)
    look = filled if shape == Shape.STUDY else hollow
    return element("rect", **look, x=x - 4.5, y=y - 4.5, width=9, height=9)


def _named(words: str, x: float, y: float) -> str:
    """Write words under a place, moved inwards where they would leave the sheet."""
    half = len(words) * LETTER / 2
    return _label(words, min(max(x, half), WIDTH - half), y, "middle")


def _words(said: str, x: float, anchor: str) -> str:
    return _label(said, x, 29, anchor)


def _label(said: str, x: float, y: float, anchor: str) -> str:
    return text(said, x, y, fill="currentColor", stroke="none", text_anchor=anchor)


def _has_place(ratio: float | None) -> bool:
    """Say whether a ratio is none at all, or can be drawn among others."""
    return ratio is None or 1 / RATIO_LIMIT <= ratio <= RATIO_LIMIT


def _bound(value: float) -> float:
    """Keep a value among those that can be drawn."""
    return min(max(value, -LIMIT), LIMIT) if value == value else 0.0


def _step(low: float, high: float) -> float:
    """Give the round step that takes at most so many ticks from low to high."""
    rough = max((high - low) / (MOST_TICKS - 1), 1 / LIMIT)
    power = 10.0 ** math.floor(math.log10(rough))
    return next(nice * power for nice in ROUND if nice * power >= rough * (1 - 1e-9))
