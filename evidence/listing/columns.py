"""Which columns a table has, where the query string names them."""

from __future__ import annotations

from evidence.listing.core import Column, Listing
from evidence.listing.filters import closest

COLUMNS = "columns"
"""The key that names the columns of a table, in their order."""
EVERY = "all"
"""Its one word that is no column's: every column there is."""


def faults(listing: Listing, keys: tuple[str, ...]) -> list[str]:
    """Say what is wrong with the columns asked for, in a sentence for each."""
    known = [column.key for column in listing.columns]
    wrong = [key for key in keys if key not in known and key != EVERY]
    if wrong:
        return [f"“{key[:80]}” is not a column. {_known(key, known)}" for key in wrong]
    if EVERY in keys and len(keys) > 1:
        return [f"{COLUMNS}={EVERY} stands for every column, so it is given alone."]
    return []


def _known(wrong: str, known: list[str]) -> str:
    close = closest(wrong, known)
    meant = f"Did you mean {close}? " if close else ""
    return f"{meant}Known: {', '.join(known)}, or {EVERY}."


def named(listing: Listing, keys: tuple[str, ...]) -> tuple[Column, ...]:
    """Return the columns of some keys in their order."""
    if keys == (EVERY,):
        return listing.columns
    return tuple(listing.column(key) for key in keys)
