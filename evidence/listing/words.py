"""A search in words and in addresses: chips, file names, citations."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote_plus, urlencode

from evidence.listing.columns import COLUMNS
from evidence.listing.core import Column, Kind
from evidence.listing.search import DEFAULT_SIZE, Search
from evidence.listing.years import AS_OF

Values = Mapping[str, Iterable[str]]


@dataclass(frozen=True, kw_only=True)
class Chip:
    """One thing that was asked, in words, with the address that no longer asks it."""

    key: str
    label: str
    value: str
    word: str
    url: str


def query(
    search: Search,
    *,
    filters: Values | None = None,
    columns: Sequence[str] | None = None,
    **changed: str | int,
) -> str:
    """Return the query string that asks the same, with some of it changed; "" asks nothing.

    Whatever changes the rows leads back to the first page.
    """
    pairs = _pairs(search.asked if filters is None else filters)
    sort = str(changed.get("sort", search.sort))
    if sort != search.listing.order:
        pairs.append(("sort", sort))
    pairs += [(COLUMNS, key) for key in (search.columns if columns is None else columns)]
    size = int(changed.get("size", search.size))
    if size != DEFAULT_SIZE:
        pairs.append(("size", str(size)))
    page = int(changed.get("page", 1))
    if page > 1:
        pairs.append(("page", str(page)))
    return f"?{urlencode(pairs)}" if pairs else ""


def address(
    search: Search,
    *,
    filters: Values | None = None,
    columns: Sequence[str] | None = None,
    **changed: str | int,
) -> str:
    """Return the address of a page that asks the same, with some of it changed."""
    path = search.path or search.listing.path
    return path + query(search, filters=filters, columns=columns, **changed)


def filtered(search: Search, path: str, *, but: Sequence[str] = ()) -> str:
    """Return an address that takes the same filters, and nothing else; `but` leaves some out."""
    pairs = _pairs({key: values for key, values in search.asked.items() if key not in but})
    return path + (f"?{urlencode(pairs)}" if pairs else "")


def _pairs(asked: Values) -> list[tuple[str, str]]:
    return [(key, value) for key, values in asked.items() for value in values]


def csv_address(search: Search, *, columns: Sequence[str] | None = None, raw: bool = False) -> str:
    """Return the address of the same rows as CSV."""
    pairs = _pairs(search.asked)
    if search.sort != search.listing.order:
        pairs.append(("sort", search.sort))
    pairs += [(COLUMNS, key) for key in (search.columns if columns is None else columns)]
    if raw:
        pairs.append(("raw", "1"))
    return search.listing.csv_path + (f"?{urlencode(pairs)}" if pairs else "")


def without(search: Search, key: str, value: str) -> dict[str, tuple[str, ...]]:
    """Return the filters less one value."""
    kept = {k: tuple(v for v in vs if (k, v) != (key, value)) for k, vs in search.asked.items()}
    return {k: vs for k, vs in kept.items() if vs}


def with_value(search: Search, key: str, value: str) -> dict[str, tuple[str, ...]]:
    """Return the filters with one value more."""
    return {**search.asked, key: (*search.asked.get(key, ()), value)}


def adding(search: Search, key: str) -> Callable[[str], str]:
    """Return what makes the address that asks for one more value of a filter.

    A panel has hundreds of them, alike but for the value.
    """
    # Nothing that was asked holds a NUL, and no other character is written so.
    before, _, after = address(search, filters=with_value(search, key, "\0")).partition("%00")
    return lambda value: f"{before}{quote_plus(value)}{after}"


def chips(search: Search) -> tuple[Chip, ...]:
    """Return everything that was asked, each with the address that takes it away."""
    return tuple(
        Chip(key=key, label=label, value=value, word=labels.get(value, value), url=url)
        for key, label, labels, values in _asked_in_words(search)
        for value in values
        if (url := address(search, filters=without(search, key, value)))
    )


def _asked_in_words(
    search: Search,
) -> Iterable[tuple[str, str, dict[str, str], tuple[str, ...]]]:
    for key, values in search.asked.items():
        labels = {option.value: option.label for option in search.options(key)}
        yield key, str(search.filterset.filters[key].label), labels, values


def in_words(search: Search) -> str:
    """Say what was asked in one line: “Status: variable; Area: oncology; sorted by year”."""
    asked: dict[str, list[str]] = {}
    for chip in chips(search):
        asked.setdefault(chip.label, []).append(chip.word)
    parts = [f"{label}: {' or '.join(words)}" for label, words in asked.items()]
    return "; ".join([*parts, order_in_words(search)])


def order_in_words(search: Search) -> str:
    """Say how the rows are sorted."""
    column = search.sort_column
    label = column.label
    # "PMID", "MeSH id" and "IL-2 given" keep their capitals.
    if label.split()[0][1:].islower():
        label = label[0].lower() + label[1:]
    return f"sorted by {label}, {_direction(column, search.sort)}"


def _direction(column: Column, sort: str) -> str:
    descending = sort.startswith("-")
    if column.kind is Kind.DATE or column.key == "year":
        return "newest first" if descending else "oldest first"
    if column.kind in {Kind.NUMBER, Kind.CODE}:
        return "highest first" if descending else "lowest first"
    if column.kind is Kind.YESNO:
        return "yes first" if descending else "no first"
    if column.kind is Kind.WORD and column.words:
        # A vocabulary has an order of its own.
        return f"{column.words[-1 if descending else 0][1]} first"
    return "Z to A" if descending else "A to Z"


def file_name(search: Search, *, on: dt.date) -> str:
    """Return a file name that every system takes: listing, year asked for, filters and day."""
    asked = dict(search.asked)
    years = [f"as-of-{year}" for year in asked.pop(AS_OF, ())]
    values = [*years, *(value for values in asked.values() for value in values)]
    plain = re.sub(r"[^a-z0-9]+", "-", "-".join(values).lower()).strip("-")[:80].strip("-")
    parts = ["il2tracker", search.listing.name, *([plain] if plain else []), on.isoformat()]
    return "-".join(parts) + ".csv"
