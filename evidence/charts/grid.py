"""A map of the evidence, conditions by forms of IL-2, drawn as SVG."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from evidence.charts.cells import Cell, Grid, Group, Term
from evidence.charts.grid_plan import (
    EDGE,
    HIGH,
    INDENT,
    KINDS,
    ROW,
    RULE,
    SIZE,
    TURN,
    Plan,
    planned,
    turned,
)
from evidence.charts.lettering import fitted, width
from evidence.charts.marks import mark, radius
from evidence.charts.svg import element, escaped, number, text

TITLE = "Evidence map of interleukin-2"
HIT = "M-13.5-12h27v24h-27Z"


def draw(grid: Grid, *, name: str = "map", told: str = "") -> str:
    """Draw a map; `name` tells its parts from those of others on a page, `told` says of when it is.

    Its cells, rows and columns are links. It has classes alone, no look of its own.
    """
    plan = planned(grid)
    title, desc = f"{name}-title", f"{name}-desc"
    return element(
        "svg",
        element("title", escaped(f"{TITLE}{told}"), id=title)
        + element("desc", escaped(described(grid)), id=desc)
        + drawn(grid, plan),
        xmlns="http://www.w3.org/2000/svg",
        class_="map-grid marks",
        viewBox=f"0 0 {number(plan.width)} {number(plan.height)}",
        width=plan.width,
        height=plan.height,
        font_size=SIZE,
        role="group",
        aria_labelledby=title,
        aria_describedby=desc,
    )


def described(grid: Grid) -> str:
    """Say what the map shows."""
    return (
        "Rows are conditions by area, columns are forms of IL-2 by kind. "
        f"{len(grid.cells):,} of {grid.places:,} cells hold a topic."
    )


def drawn(grid: Grid, plan: Plan) -> str:
    """Draw the parts of a map, what must be seen last."""
    by_row: dict[str, list[Cell]] = {}
    for cell in grid.cells:
        by_row.setdefault(cell.condition.slug, []).append(cell)
    parts = [*_bands(plan), *_columns(grid.kinds, plan)]
    for area, top in plan.areas:
        parts.append(text(_capital(area.label), EDGE + 4, top + 16, class_="area"))
        for term in area.terms:
            parts.append(_row(term, plan))
            parts += [_cell(cell, plan) for cell in by_row[term.slug]]
    return "".join(parts)


def _bands(plan: Plan) -> Iterator[str]:
    """Draw a band behind every other row of an area, the first of each."""
    for area, _ in plan.areas:
        for term in area.terms[::2]:
            yield element(
                "rect",
                class_="band",
                x=EDGE,
                y=plan.rows[term.slug] - ROW / 2,
                width=plan.width - 2 * EDGE,
                height=ROW,
            )


def _columns(kinds: Iterable[Group], plan: Plan) -> Iterator[str]:
    rule = plan.head - KINDS + RULE
    for kind in kinds:
        first, last = (plan.columns[kind.terms[end].slug] for end in (0, -1))
        start, end = first - plan.pitch / 2 + 1, last + plan.pitch / 2 - 1
        yield element("path", class_="rule", d=f"M{number(start)} {number(rule)}H{number(end)}")
        if kind.word not in plan.named:
            yield text(kind.label, start, rule - 5, class_="quiet", font_size=HIGH)
        for term in kind.terms:
            yield from _column(term, kind, plan)


def _column(term: Term, kind: Group, plan: Plan) -> Iterator[str]:
    """Draw a hairline, and the name of its column above and once more below."""
    x = plan.columns[term.slug]
    top, low = plan.head - KINDS, plan.bottom
    name = turned(term, kind, x, says_kind=kind.word in plan.named)
    yield element("path", class_="hair", d=f"M{number(x)} {number(top + RULE)}V{number(low)}")
    length = width(name, size=SIZE)
    # The letters stand on one side of the line that they are written on.
    yield element(
        "a",
        _whole(name, f"{term.name}, {kind.label}")
        + element("rect", class_="hit", x=-length - 3, y=-14, width=length + 6, height=18)
        + text(name, 0, 0, text_anchor="end"),
        href=term.url,
        class_="term",
        transform=f"translate({number(x - 3)} {number(top - 4)}) rotate({TURN})",
    )
    yield element(
        "text",
        escaped(name),
        aria_hidden="true",
        text_anchor="end",
        transform=f"translate({number(x + 4)} {number(low + 8)}) rotate(-{TURN})",
    )


def _row(term: Term, plan: Plan) -> str:
    y = plan.rows[term.slug]
    name = fitted(term.name, plan.labels + EDGE - INDENT, size=SIZE)
    return element(
        "a",
        _whole(name, term.name)
        + element("rect", class_="hit", x=12, y=y - 11, width=plan.labels - 14, height=22)
        + text(name, INDENT, y + 4),
        href=term.url,
        class_="term",
    )


def _whole(shown: str, whole: str) -> str:
    return "" if shown == whole else element("title", escaped(whole))


def _cell(cell: Cell, plan: Plan) -> str:
    x, y = plan.columns[cell.intervention.slug], plan.rows[cell.condition.slug]
    return (
        f'<a href="{escaped(cell.url)}" transform="translate({number(x)} {number(y)})">'
        f"<title>{escaped(cell.in_words)}</title>"
        f'<path class="hit" d="{HIT}"/>{mark_of(cell)}</a>'
    )


def mark_of(cell: Cell) -> str:
    """Draw the mark of a cell around the origin."""
    # There are only so many different marks, and thousands of cells.
    return _mark(
        cell.status,
        cell.ground,
        cell.approved,
        cell.discordant,
        round(radius(cell.studies), 1),
        cell.studies > 0,
    )


@lru_cache(maxsize=512)
def _mark(
    status: str, ground: str, approved: bool, discordant: bool, r: float, studied: bool
) -> str:
    return mark(status, ground, approved, x=0, y=0, r=r, discordant=discordant, studied=studied)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
