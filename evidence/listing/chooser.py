"""The choice of a table's columns, as a page offers it."""

from __future__ import annotations

from evidence.listing import words
from evidence.listing.columns import EVERY
from evidence.listing.search import Search
from evidence.listing.views import Chooser, ColumnChoice

Hidden = tuple[tuple[str, str], ...]


def of(search: Search, *, hidden: Hidden) -> Chooser:
    """Return the choice of columns, with what its form must carry along as `hidden`."""
    listing, shown = search.listing, search.shown()
    keys = {column.key for column in shown}
    others = (column for column in listing.columns if column.key not in keys)
    heading, *choices = (
        ColumnChoice(key=column.key, label=column.label, shown=column.key in keys)
        for column in (*shown, *others)
    )
    return Chooser(
        heading=heading,
        choices=tuple(choices),
        hidden=hidden,
        chosen=bool(search.columns),
        beyond=not keys.issubset(listing.shown),
        usual_url=words.address(search, columns=(), page=search.page),
        every_url=words.address(search, columns=(EVERY,), page=search.page),
    )
