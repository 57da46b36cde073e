"""The tables behind the evidence map, written without templates: there may be thousands of rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

from evidence.templatetags.marks import status_badge
from evidence.templatetags.words import unbroken
from evidence.vocab import Area, Ground

register = template.Library()


@register.simple_tag
def map_tables(cells: Iterable[Any]) -> SafeString:
    """Give a table for each area: its conditions, under each its forms of IL-2."""
    by_area = groupby(cells, key=lambda cell: cell.condition.group)
    return SafeString("\n".join(_table(list(held)) for _, held in by_area))


def _table(cells: list[Any]) -> str:
    caption = escape(Area(cells[0].condition.group).label.capitalize())
    head = '<th scope="col">Condition, form of IL-2 and status</th>'
    bodies = "\n".join(_bodies(cells))
    return (
        f"<table><caption>{caption}</caption>"
        f'<thead><tr>{head}<th scope="col" class="num">Studies</th></tr></thead>\n'
        f"{bodies}\n</table>"
    )


def _bodies(cells: Iterable[Any]) -> Iterator[str]:
    for _, held in groupby(cells, key=lambda cell: cell.condition.slug):
        of_one = list(held)
        term = of_one[0].condition
        name = f'<a href="{escape(term.url)}">{unbroken(term.name)}</a>'
        rows = "".join(_row(cell) for cell in of_one)
        yield f'<tbody><tr><th scope="rowgroup" colspan="2">{name}</th></tr>{rows}</tbody>'


def _row(cell: Any) -> str:
    tags = "".join(f' <span class="tag">{escape(note)}</span>' for note in _tags(cell))
    name = f'<a href="{escape(cell.url)}">{unbroken(cell.intervention.name)}</a>'
    badge = status_badge(cell.status, cell.ground)
    studies = f"{cell.studies:,}" if cell.studies else '<span class="none">none</span>'
    return f'<tr><td>{name} {badge}{tags}</td><td class="num">{studies}</td></tr>'


def _tags(cell: Any) -> Iterator[str]:
    if cell.ground:
        yield str(Ground(cell.ground).label)
    if cell.topics > 1:
        yield f"{cell.topics} topics"
    yield from cell.notes
