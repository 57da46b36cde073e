"""What an export reads for its columns, so that nothing is read or written twice.

Columns of what rows point to (a finding's topic, its paper) are read once for each thing and kept
as finished text: a thousand findings of one paper cost its title once. Neighbouring columns that
need neither quotes nor guard are written side by side by the database itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.db.models import F, Model

from evidence.listing import plain
from evidence.listing.core import Column

MOST_KEPT = 10_000
"""So many things of a kind are kept at the most: memory does not grow with the rows."""

Writer = Callable[[Sequence[Any]], list[str]]
MakeWriter = Callable[[Column], Writer]


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One value that is read of each row, and what makes cells of a batch of them."""

    expression: Any
    write: Writer


def cut(
    model: type[Model], columns: Sequence[Column], *, base_url: str, writer: MakeWriter
) -> Iterator[Piece]:
    """Cut a listing's columns into pieces, in their order; `writer` writes a column's own cells."""
    for hop, together in groupby(columns, key=lambda column: _hop(model, column)):
        if hop:
            read_once = _ReadOnce(model, hop, list(together), base_url=base_url, writer=writer)
            yield Piece(expression=F(f"{hop}_id"), write=read_once)
        else:
            yield from _own(list(together), base_url=base_url, writer=writer)


def _own(columns: Sequence[Column], *, base_url: str, writer: MakeWriter) -> Iterator[Piece]:
    for is_plain, run in plain.runs(columns):
        if is_plain:
            yield Piece(expression=plain.together(run, base_url=base_url), write=list)
        else:
            for column in run:
                yield Piece(expression=column.expression, write=writer(column))


def _hop(model: type[Model], column: Column) -> str:
    """Return the foreign key that a column's path goes through first; empty where none does."""
    if not isinstance(column.source, str) or column.many is not None:
        return ""
    first, _, rest = column.source.partition("__")
    if not rest or not model._meta.get_field(first).many_to_one:
        return ""
    return first


class _ReadOnce:
    """The cells of neighbouring columns of one foreign key, as one text for each thing."""

    def __init__(
        self,
        model: type[Model],
        hop: str,
        columns: Sequence[Column],
        *,
        base_url: str,
        writer: MakeWriter,
    ) -> None:
        related: Any = model._meta.get_field(hop).related_model
        self.things = related._base_manager
        inner = [replace(c, source=c.source.removeprefix(f"{hop}__")) for c in columns]
        self.pieces = list(_own(inner, base_url=base_url, writer=writer))
        self.none = "," * (len(columns) - 1)
        self.kept: dict[Any, str] = {}

    def __call__(self, keys: Sequence[Any]) -> list[str]:
        """Return the cells of the things with these keys, reading those not met before."""
        if len(self.kept) > MOST_KEPT:
            self.kept.clear()
        missing = set(keys) - self.kept.keys() - {None}
        if missing:
            rows = self.things.filter(pk__in=missing).order_by()
            read = list(rows.values_list("pk", *(piece.expression for piece in self.pieces)))
            found, *across = zip(*read, strict=True)
            cells = [p.write(values) for p, values in zip(self.pieces, across, strict=True)]
            self.kept.update(zip(found, map(",".join, zip(*cells, strict=True)), strict=True))
        return [self.none if key is None else self.kept[key] for key in keys]
