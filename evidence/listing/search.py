"""A listing asked with a query string: every fault named, or the rows in their order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from evidence.listing import columns
from evidence.listing.columns import COLUMNS
from evidence.listing.core import Column, Listing
from evidence.listing.filters import Option, PanelFilter, closest
from evidence.listing.filterset import StrictFilterSet
from evidence.listing.years import AS_OF

TRACKING = ("utm_", "fbclid", "gclid", "msclkid", "mc_", "ref_src")
"""Keys that other sites add to links; they ask nothing, so they are dropped."""

SINGLE = frozenset({"q", "sort", "page", "size", "raw", "year_min", "year_max", AS_OF})
PAGING = ("page", "size")
SIZES = (25, 50, 100, 200)
DEFAULT_SIZE = 50
LARGEST_SIZE = 500
LARGEST_PAGE = 100_000


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing wrong with a query: the key that it stands in, and a sentence."""

    key: str
    message: str


class BadQueryError(Exception):
    """A query that cannot be answered as it stands; no rows are shown for it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(" ".join(fault.message for fault in faults))
        self.faults = faults


class BeyondTheLastError(Exception):
    """A page after the last one."""


@dataclass(frozen=True, kw_only=True)
class Search:
    """A listing with what was asked of it, all of it understood.

    `columns` are the keys as they were asked for, none where a table is as usual. `path` is the
    address of the page that it is asked on; "" is the listing's own.
    """

    listing: Listing
    filterset: StrictFilterSet
    asked: Mapping[str, tuple[str, ...]]
    sort: str
    columns: tuple[str, ...] = ()
    page: int = 1
    size: int = DEFAULT_SIZE
    raw: bool = False
    path: str = ""

    def shown(self) -> tuple[Column, ...]:
        """Return the columns on the page; the first of the usual ones heads the rows always."""
        heading = self.listing.column(self.listing.shown[0])
        chosen = columns.named(self.listing, self.columns or self.listing.shown)
        return (heading, *(column for column in chosen if column is not heading))

    def taken(self) -> tuple[Column, ...]:
        """Return the columns of a download: the row's id, then those asked for, else all."""
        identifier = self.listing.columns[0]
        chosen = columns.named(self.listing, self.columns or (columns.EVERY,))
        return (identifier, *(column for column in chosen if column is not identifier))

    def rows(self) -> QuerySet[Any]:
        """Return the matching rows in their order, ties broken by key."""
        matching: QuerySet[Any] = self.filterset.qs
        return matching.order_by(*self.ordering())

    def ordering(self) -> list[Any]:
        """Return the ordering that `sort` asks for."""
        column = self.sort_column
        return [column.order(descending=self.sort.startswith("-")), "pk"]

    @property
    def sort_column(self) -> Column:
        """The column that the rows are sorted by."""
        return self.listing.column(self.sort.removeprefix("-"))

    def left_without(self, key: str) -> int:
        """Return how many rows there were if one key asked nothing."""
        listing = self.listing
        if key == AS_OF and listing.today is not None:
            listing = listing.today
        kept = {name: list(values) for name, values in self.asked.items() if name != key}
        rows: QuerySet[Any] = listing.filterset(
            data=MultiValueDict(kept), queryset=listing.rows()
        ).qs
        return rows.count()

    def options(self, name: str) -> list[Option]:
        """Return what a filter can be set to."""
        panel = self.filterset.filters[name]
        return list(panel.options()) if isinstance(panel, PanelFilter) else []


def ask(
    listing: Listing, params: QueryDict, *, paged: bool, tabular: bool = True, path: str = ""
) -> Search:
    """Read a query string; BadQueryError names every fault.

    `paged` allows `page` and `size`. What is not `tabular`, such as a map, knows the filters alone.
    `path` is the address of the page that its links stay on, where that is not the listing's own.
    """
    asked = _asked(params)
    known = known_keys(listing, paged=paged, tabular=tabular)
    faults = [*_unknown_keys(known, asked), *_repeated(asked), *_nul(asked)]
    if faults:
        raise BadQueryError(tuple(faults))
    listing = _as_of(listing, asked)
    # Not the query itself: of “q=a&q=” a form would read the empty one and ask nothing.
    data = MultiValueDict({key: list(values) for key, values in asked.items() if values})
    filterset = listing.filterset(data=data, queryset=listing.rows())
    faults = [Fault(key=key, message=text) for key, text in filterset.faults().items()]
    numbers: dict[str, int] = {}
    for key, default, most in (("page", 1, LARGEST_PAGE), ("size", DEFAULT_SIZE, LARGEST_SIZE)):
        numbers[key] = _whole(asked, key, default, most, faults)
    sort = (asked.get("sort") or (listing.order,))[0]
    named = asked.get(COLUMNS, ())
    faults += [Fault(key=COLUMNS, message=text) for text in columns.faults(listing, named)]
    faults += _bad_sort(listing, sort) + _bad_raw(asked)
    if faults:
        raise BadQueryError(tuple(faults))
    filters = {key: values for key, values in asked.items() if key in filterset.filters}
    return Search(
        listing=listing,
        filterset=filterset,
        asked=filters,
        sort=sort,
        columns=named,
        page=numbers["page"],
        size=numbers["size"],
        raw=asked.get("raw") == ("1",),
        path=path,
    )


def _as_of(listing: Listing, asked: Mapping[str, tuple[str, ...]]) -> Listing:
    """Return the listing as of the year asked for; a bad year is for the filters to name."""
    years = asked.get(AS_OF)
    if not years or listing.at is None:
        return listing
    try:
        return listing.at(listing.filterset.base_filters[AS_OF].read(years[0]))
    except ValueError:
        return listing


def known_keys(listing: Listing, *, paged: bool, tabular: bool = True) -> list[str]:
    """Return every key that a listing understands, its filters first."""
    of_tables = ("sort", COLUMNS, *(PAGING if paged else ("raw",))) if tabular else ()
    return [*listing.filterset.base_filters, *of_tables]


def _asked(params: QueryDict) -> dict[str, tuple[str, ...]]:
    """Return the keys that ask something, with their values; an empty field asks nothing."""
    found = {}
    for key, values in params.lists():
        asks = [value for value in values if (value.strip() if key == "q" else value)]
        given = tuple(dict.fromkeys(str(value) for value in asks))
        if not key.lower().startswith(TRACKING) and (given or key == ""):
            found[key] = given
    # A key with an empty value asks nothing, but a misspelt one is still a fault.
    empty = {k: () for k in params if k not in found and not k.lower().startswith(TRACKING)}
    return found | empty


def _unknown_keys(known: list[str], asked: Mapping[str, tuple[str, ...]]) -> list[Fault]:
    faults = []
    for key in asked:
        if key not in known:
            close = closest(key, known)
            meant = f" Did you mean {close}?" if close else ""
            wrong = f"There is no filter called “{key[:80]}” here.{meant}"
            faults.append(Fault(key=key, message=f"{wrong} Known: {', '.join(known)}."))
    return faults


def _repeated(asked: Mapping[str, tuple[str, ...]]) -> list[Fault]:
    return [
        Fault(key=key, message=f"{key} can be given once only; it stands here {len(values)} times.")
        for key, values in asked.items()
        if key in SINGLE and len(values) > 1
    ]


def _nul(asked: Mapping[str, tuple[str, ...]]) -> list[Fault]:
    """Name what no database holds; on the site it is refused before it comes here."""
    return [
        Fault(key=key, message=f"{key} contains a NUL character.")
        for key, values in asked.items()
        if any("\0" in value for value in values)
    ]


def _whole(
    asked: Mapping[str, tuple[str, ...]], key: str, default: int, most: int, faults: list[Fault]
) -> int:
    """Return a whole number from 1; anything else becomes a fault."""
    text = (asked.get(key) or (str(default),))[0]
    if text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most:
        return int(text)
    wrong = f"“{text[:80]}” is not a {key}: give a whole number from 1 to {most}."
    faults.append(Fault(key=key, message=wrong))
    return default


def _bad_sort(listing: Listing, sort: str) -> list[Fault]:
    known = [column.key for column in listing.sortable]
    if sort.removeprefix("-") in known:
        return []
    return [
        Fault(
            key="sort",
            message=f"“{sort[:80]}” is not a column to sort by. Known, with a - before it for "
            f"descending: {', '.join(known)}.",
        )
    ]


def _bad_raw(asked: Mapping[str, tuple[str, ...]]) -> list[Fault]:
    if asked.get("raw", ()) in {(), ("0",), ("1",)}:
        return []
    return [Fault(key="raw", message="raw is 1 (the exact text) or left out.")]
