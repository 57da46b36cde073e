"""The table of a listing's page: its heads, and the rows of one page with their cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from evidence.listing import words
from evidence.listing.core import Column, Kind, Row
from evidence.listing.csv import day
from evidence.listing.search import Search
from evidence.listing.views import Cell, Head, PageRow

Render = Callable[[str, Any, Row], str]
"""What turns a column's show, a value and its row into markup."""


def heads(search: Search) -> Iterable[Head]:
    """Return the heads of the columns on a page."""
    for column in search.shown():
        key = column.key
        now = {key: "ascending", f"-{key}": "descending"}.get(search.sort, "")
        wanted = f"-{key}" if now == "ascending" else key
        can_sort = column in search.listing.sortable
        yield Head(
            key=key,
            label=column.label,
            about=column.about,
            unit=column.unit,
            numeric=column.numeric,
            sort_url=words.address(search, sort=wanted) if can_sort else "",
            sorted=now,
        )


def rows(search: Search, *, render: Render, base_url: str) -> Iterable[PageRow]:
    """Return the rows of a page, each cell rendered; two queries, and one for each list shown."""
    listing, shown = search.listing, search.shown()
    keys_shown = {column.key for column in shown}
    own = [column for column in listing.columns if column.many is None]
    plain = [column for column in own if column.key in keys_shown or not column.costly]
    lists = [column for column in shown if column.many is not None]
    read = [*plain, *lists]
    start = (search.page - 1) * search.size
    # The page's keys first: only they are sorted, not all that the columns read of every row.
    keys = list(search.rows().values_list("pk", flat=True)[start : start + search.size])
    held = listing.rows().filter(pk__in=keys)
    by_key = {row[0]: row[1:] for row in held.values_list("pk", *(c.expression for c in read))}
    found = [by_key[key] for key in keys if key in by_key]
    at = len(plain)
    joined = []
    for i, column in enumerate(lists, start=at):
        if column.many is not None:
            joined.append((i, column.many([row[i] for row in found])))
    for values in found:
        row = {column.key: value for column, value in zip(read, values, strict=True)}
        for i, cells in joined:
            row[read[i].key] = cells.get(values[i], "")
        row["url"] = listing.link(row)
        row["second"] = listing.second(row)
        cells_shown = tuple(
            Cell(column=c, html=render(c.show, _as_read(c, row[c.key], base_url), row))
            for c in shown
        )
        yield PageRow(url=row["url"], cells=cells_shown)


def _as_read(column: Column, value: Any, base_url: str) -> Any:
    """Return a value as a reader knows it: a code with its letter, a word by its label."""
    if value is None or value == "":
        return value
    match column.kind:
        case Kind.CODE:
            return f"{column.prefix}{value}"
        case Kind.DATE:
            return day(value)
        case Kind.URL:
            return f"{base_url}{value}"
        case Kind.LIST if column.many is None:
            return value.splitlines()
        case Kind.WORD if column.show == Kind.WORD:
            return dict(column.words).get(value, value)
    return value
