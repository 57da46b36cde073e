"""Where everything stands in a map of the evidence: its rows, columns and labels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, radians, sin

from evidence.charts.cells import Grid, Group, Term
from evidence.charts.lettering import fitted, width

EDGE, ROW, COLUMN, NARROWEST = 8.0, 24.0, 31.0, 27.0
# The width of a page: with more columns than fit into it they stand closer, then it is made small.
PAGE = 1200.0
BETWEEN_KINDS, BETWEEN_AREAS, AREA = 12.0, 8.0, 24.0
INDENT, SIZE = 22.0, 12
LEAST_LABELS, MOST_LABELS = 150.0, 290.0
TURN = 48
ACROSS, DOWN = cos(radians(TURN)), sin(radians(TURN))
LONGEST_TURNED, LEAST_TURNED = 284.0, 60.0
# From the end of the turned labels to the first area: the names of kinds, and their rule.
KINDS, RULE, HIGH = 28.0, 18.0, 11


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """Where everything stands: `rows` and `columns` give the middle of each, by slug.

    `named` are the kinds whose name has no room above their columns, so that these say it.
    """

    labels: float
    pitch: float
    head: float
    bottom: float
    width: float
    height: float
    areas: tuple[tuple[Group, float], ...]
    rows: dict[str, float]
    columns: dict[str, float]
    named: frozenset[str]


def planned(grid: Grid) -> Plan:
    """Give each part its place; a map without cells has none."""
    names = [term.name for area in grid.areas for term in area.terms]
    longest = max((width(name, size=SIZE) for name in names), default=0)
    labels = min(max(longest + INDENT, LEAST_LABELS), MOST_LABELS)
    pitch = _pitch(grid.kinds, labels)
    named = frozenset(
        kind.word
        for kind in grid.kinds
        if width(kind.label, size=HIGH) > len(kind.terms) * pitch + BETWEEN_KINDS / 2
    )
    columns, right = _across(grid.kinds, pitch, start=EDGE + labels)
    lengths = [
        width(turned(term, kind, columns[term.slug], says_kind=kind.word in named), size=SIZE)
        for kind in grid.kinds
        for term in kind.terms
    ]
    reach = max(lengths, default=0) * DOWN + SIZE
    head = EDGE + reach + KINDS
    areas, rows, bottom = _down(grid.areas, start=head)
    return Plan(
        labels=labels,
        pitch=pitch,
        head=head,
        bottom=bottom,
        width=right + EDGE,
        height=bottom + reach + EDGE,
        areas=areas,
        rows=rows,
        columns=columns,
        named=named,
    )


def _across(
    kinds: Iterable[Group], pitch: float, *, start: float
) -> tuple[dict[str, float], float]:
    """Give the middle of each column, and where the last of them ends."""
    columns, x = {}, start
    for kind in kinds:
        for place, term in enumerate(kind.terms):
            columns[term.slug] = x + (place + 0.5) * pitch
        x += len(kind.terms) * pitch + BETWEEN_KINDS
    return columns, x - BETWEEN_KINDS


def _down(
    areas: Iterable[Group], *, start: float
) -> tuple[tuple[tuple[Group, float], ...], dict[str, float], float]:
    """Give where each area begins, the middle of each row, and where the last area ends."""
    tops, rows, y = [], {}, start
    for area in areas:
        tops.append((area, y))
        y += AREA
        for term in area.terms:
            rows[term.slug] = y + ROW / 2
            y += ROW
        y += BETWEEN_AREAS
    return tuple(tops), rows, y


def _pitch(kinds: Iterable[Group], labels: float) -> float:
    held = [len(kind.terms) for kind in kinds]
    room = PAGE - 2 * EDGE - labels - BETWEEN_KINDS * (len(held) - 1)
    return min(max(room / max(sum(held), 1), NARROWEST), COLUMN)


def turned(term: Term, kind: Group, x: float, *, says_kind: bool) -> str:
    """Give what a column is called, as far as there is room to the left of it."""
    name = f"{term.name} · {kind.label}" if says_kind else term.name
    room = min(max((x - 3 * EDGE) / ACROSS, LEAST_TURNED), LONGEST_TURNED)
    return fitted(name, room, size=SIZE)
