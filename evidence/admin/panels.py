"""Read-only tables of what hangs on a thing, shown under its form; long ones lead to their list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import slugify

# A page stays a page: the rest is one click away, in the list.
MOST_ROWS = 50

Cell = Callable[[Any], object]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One thing, where it is edited, and its cells."""

    url: str
    cells: tuple[object, ...]


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A titled table with a way to all its rows and to a new one."""

    model: type[Any]
    title: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int
    all_url: str = ""
    add_url: str = ""
    add_words: str = ""
    note: str = ""

    @property
    def key(self) -> str:
        """The word by which its page links to it."""
        return slugify(self.title)

    @property
    def short(self) -> str:
        """What is counted at the top of its page."""
        return self.title.partition(" of it")[0].partition(" read from it")[0]


def panel(
    rows: QuerySet[Any],
    *,
    title: str,
    columns: Mapping[str, Cell],
    found_by: Mapping[str, object] | None = None,
    starts_with: Mapping[str, object] | None = None,
    may_add: bool = False,
    add_words: str = "",
    note: str = "",
) -> Panel:
    """Return a panel of at most fifty rows.

    `found_by` are the query of the list that holds all of them, `starts_with` the fields that a
    new one starts with, as far as they are known; `note` stands under the rows.
    """
    model = rows.model
    shown = list(rows[: MOST_ROWS + 1])
    more = len(shown) > MOST_ROWS
    return Panel(
        model=model,
        title=title,
        heads=tuple(columns),
        rows=tuple(_row(row, columns=tuple(columns.values())) for row in shown[:MOST_ROWS]),
        total=rows.count() if more else len(shown),
        all_url=address(model, "changelist", query=found_by) if more and found_by else "",
        add_url=address(model, "add", query=starts_with) if may_add and starts_with else "",
        add_words=add_words or f"Add {model._meta.verbose_name}",
        note=note,
    )


def only(keys: QuerySet[Any]) -> Any:
    """Return the one value of a flat list of keys; None where there is none or another."""
    found = list(keys.order_by().distinct()[:2])
    return found[0] if len(found) == 1 else None


def known(**fields: object) -> dict[str, object]:
    """Return the fields that have a value."""
    return {name: value for name, value in fields.items() if value not in (None, "")}


def address(
    model: type[Any],
    page: str,
    *,
    args: Sequence[object] = (),
    query: Mapping[str, object] | None = None,
) -> str:
    """Return the admin's address of a page about a model."""
    path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)
    return f"{path}?{urlencode(query)}" if query else path


def _row(row: Any, *, columns: Sequence[Cell]) -> Row:
    return Row(
        url=address(type(row), "change", args=[row.pk]),
        cells=tuple(column(row) for column in columns),
    )
