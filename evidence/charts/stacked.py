"""Drawings that stand alone, laid out in pieces: one under the other, with what they tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evidence.charts.paint import INK, LINE, PAPER, SUNK
from evidence.charts.svg import element, escaped, number, text

WIDTH = 960
MARGIN = 20.0
STEP = 15.0
"""From one line of text to the next."""

LETTERS = 145
"""So many letters of 12 px fit the whole width."""

FACES = "Arial, Helvetica, sans-serif"


@dataclass(frozen=True, slots=True)
class Piece:
    """Markup from its own upper edge down, and how high it is."""

    markup: str
    height: float


def stacked(pieces: Iterable[Piece], *, name: str, title: str, told: str) -> str:
    """Draw pieces as SVG text, 960 wide and as high as they need.

    `name` begins the ids of its title and of what is `told` to those who do not see it.
    """
    placed, y = [], MARGIN
    for piece in pieces:
        placed.append(element("g", piece.markup, transform=f"translate(0 {number(y)})"))
        y += piece.height
    height = y + MARGIN
    return element(
        "svg",
        element("title", escaped(title), id=f"{name}-title")
        + element("desc", escaped(told), id=f"{name}-desc")
        + element("rect", width=WIDTH, height=height, fill=PAPER)
        + "".join(placed),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {number(height)}",
        width=WIDTH,
        height=height,
        font_family=FACES,
        font_size=12,
        fill=INK,
        color=INK,
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
    )


def written(
    lines: Sequence[str],
    *,
    size: float = 12,
    step: float = STEP,
    fill: str = INK,
    weight: str = "normal",
) -> Piece:
    """Write lines of text from the left margin."""
    said = (
        text(line, MARGIN, size + nth * step, font_size=size, fill=fill, font_weight=weight)
        for nth, line in enumerate(lines)
    )
    return Piece("".join(said), step * len(lines) + 6)


def gap(height: float) -> Piece:
    """Leave room."""
    return Piece("", height)


def band(label: str) -> Piece:
    """Head the rows of a group."""
    ground = element("rect", x=MARGIN, y=0, width=WIDTH - 2 * MARGIN, height=20, fill=SUNK)
    return Piece(ground + text(label, MARGIN + 4, 14, font_weight="bold"), 22)


def rule(y: float) -> str:
    """Draw the line under a row."""
    return element("path", d=f"M{MARGIN:g} {number(y)}H{WIDTH - MARGIN:g}", stroke=LINE)


def at(x: float, y: float, markup: str) -> str:
    """Put markup in its place."""
    return element("g", markup, transform=f"translate({number(x)} {number(y)})")
