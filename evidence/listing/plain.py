"""Cells that need neither quotes nor guard, which the database writes side by side as one text.

Words of vocabularies, codes, whole numbers, days and addresses are two thirds of a table. Reading
each run of them as one text halves the time of an export; `as_cell` says what they must look like.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Cast, Coalesce, Substr

from evidence.listing.core import Column, Kind

Run = tuple[bool, list[Column]]


def runs(columns: Sequence[Column]) -> Iterator[Run]:
    """Return neighbouring columns together, those that are plain apart from those that are not."""
    for plain, together in groupby(columns, key=is_plain):
        yield plain, list(together)


def is_plain(column: Column) -> bool:
    """Say whether every value of a column is written as it stands."""
    if column.many is not None:
        return False
    if column.kind is Kind.NUMBER:
        return column.whole
    return column.kind in {Kind.WORD, Kind.CODE, Kind.DATE, Kind.URL}


def together(columns: Sequence[Column], *, base_url: str) -> Func:
    """Return the expression of plain columns as one text, commas between them."""
    parts: list[Any] = []
    for column in columns:
        parts += [Value(","), _written(column, base_url)]
    return _joined(parts[1:])


def _written(column: Column, base_url: str) -> Coalesce:
    text: Any = Cast(_values(column), TextField())
    match column.kind:
        case Kind.DATE:
            text = Substr(text, 1, 10)
        case Kind.CODE:
            text = _joined([Value(column.prefix), text])
        case Kind.URL:
            text = _joined([Value(base_url + column.prefix), text, Value(f"/{column.suffix}")])
    return Coalesce(text, Value(""))


def _values(column: Column) -> Any:
    return F(column.source) if isinstance(column.source, str) else column.source


def _joined(parts: Sequence[Any]) -> Func:
    # SQL's own operator, so that a null stays a null: `Concat` would make it empty.
    return Func(*parts, template="(%(expressions)s)", arg_joiner=" || ", output_field=TextField())
