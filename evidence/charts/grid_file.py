"""A map of the evidence as a file of its own, with all that a page would say around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from evidence.charts.cells import Grid, studies
from evidence.charts.grid import TITLE, described, drawn
from evidence.charts.grid_plan import EDGE, SIZE, planned
from evidence.charts.lettering import fitted, width, wrapped
from evidence.charts.marks import mark, radius
from evidence.charts.paint import FACES, INK, PAPER, painted
from evidence.charts.svg import element, escaped, number, text
from evidence.vocab import Ground, Status

HEADING, LINE, ENTRY = 22, 18.0, 24.0
LEAST_WIDTH = 560.0

Entry = tuple[str, str]
"""A mark around the origin, and what it says."""


def legend() -> tuple[Entry, ...]:
    """Give every mark that a map may have, with its meaning."""
    drawn_at = partial(mark, x=0, y=0, r=radius(4))
    investigated = Status.INVESTIGATED.value
    return (
        (drawn_at(Status.EXPERIMENTAL.value), "experimental"),
        (drawn_at(Status.VARIABLE.value), "variable"),
        (drawn_at(investigated, Ground.CONFIRMED), "investigated: confirmatory evidence agrees"),
        (drawn_at(investigated, Ground.APPROVED), "investigated: an approved use (†)"),
        (drawn_at(investigated, Ground.NO_TREATMENT), "investigated: no treatment of people found"),
        (drawn_at(investigated, studied=False), "no study found"),
        (element("circle", class_="ring", r=radius(4) + 2), "results disagree"),
        *((_size(of), studies(of)) for of in (1, 4, 16)),
    )


def _size(of: int) -> str:
    return element("circle", class_="open", r=radius(of))


def whole(grid: Grid, *, told: Sequence[str], title: str = TITLE, base_url: str = "") -> str:
    """Draw a map with its title, lines that tell what it is, and its legend.

    `told` says of when and under which filters it is, of which data, and where it comes from.
    """
    plan = planned(grid)
    breadth = max(plan.width, LEAST_WIDTH)
    lines = [line for said in told for line in wrapped(said, breadth - 2 * EDGE, size=SIZE)]
    top = EDGE + HEADING + LINE * len(lines) + EDGE
    entries = list(_placed(breadth))
    height = top + plan.height + (entries[-1][2] if entries else 0) + ENTRY
    inside = "".join(
        (
            element("title", escaped(title)),
            element("desc", escaped(f"{described(grid)} {' '.join(told)}")),
            element("rect", width=breadth, height=height, fill=PAPER),
            text(
                fitted(title, breadth - 2 * EDGE, size=HEADING),
                EDGE,
                EDGE + HEADING - 4,
                font_size=HEADING,
                font_weight="bold",
            ),
            *_lines(lines),
            _at(0, top, drawn(grid, plan)),
            *(
                _at(x, top + plan.height + y, shape + text(said, 16, 4))
                for (shape, said), x, y in entries
            ),
        )
    )
    return painted(
        element(
            "svg",
            inside,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {number(breadth)} {number(height)}",
            width=breadth,
            height=height,
            font_family=FACES,
            font_size=SIZE,
            fill=INK,
        ),
        base_url=base_url,
    )


def _lines(lines: Iterable[str]) -> Iterator[str]:
    for place, line in enumerate(lines, start=1):
        yield text(line, EDGE, EDGE + HEADING + LINE * place - 4)


def _placed(breadth: float) -> Iterator[tuple[Entry, float, float]]:
    """Give each entry of the legend its place, in as many lines as they need."""
    x, y = EDGE + 12, ENTRY / 2
    for entry in legend():
        room = 16 + width(entry[1], size=SIZE) + 28
        if x + room > breadth and x > EDGE + 12:
            x, y = EDGE + 12, y + ENTRY
        yield entry, x, y
        x += room


def _at(x: float, y: float, inside: str) -> str:
    return element("g", inside, transform=f"translate({number(x)} {number(y)})")
