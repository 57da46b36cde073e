"""A listing's page as plain frozen values, which a template writes out."""

from __future__ import annotations

from dataclasses import dataclass

from evidence.listing.core import Column, Listing
from evidence.listing.words import Chip


@dataclass(frozen=True, kw_only=True)
class Head:
    """The head of one column on the page; `sorted` is aria-sort's word, or empty."""

    key: str
    label: str
    about: str
    unit: str
    numeric: bool
    sort_url: str
    sorted: str


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell, rendered."""

    column: Column
    html: str


@dataclass(frozen=True, kw_only=True)
class PageRow:
    """One row: the address of its thing, and its cells in order."""

    url: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class FacetValue:
    """One value of a facet: how many rows it would leave, and the address that sets it."""

    value: str
    label: str
    count: int
    url: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class FacetView:
    """One facet of the side panel; `rest` are the values behind “more”."""

    key: str
    label: str
    about: str
    section: str
    open: bool
    chosen_count: int
    values: tuple[FacetValue, ...]
    rest: tuple[FacetValue, ...]


@dataclass(frozen=True, kw_only=True)
class FieldView:
    """A filter that is typed."""

    key: str
    label: str
    value: str
    kind: str
    about: str


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link to another page or page size."""

    number: int
    url: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class Pager:
    """Where this page stands among the pages."""

    number: int
    pages: int
    previous_url: str
    next_url: str
    links: tuple[Link, ...]
    sizes: tuple[Link, ...]


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A filter that, taken away, would leave rows."""

    label: str
    value: str
    url: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Page:
    """A listing's page, ready for its template.

    `years` lead to the listing as of a year, and `today_url` away from one.
    """

    listing: Listing
    noun: str
    matched: int
    total: int
    columns: tuple[Head, ...]
    rows: tuple[PageRow, ...]
    facets: tuple[FacetView, ...]
    fields: tuple[FieldView, ...]
    hidden: tuple[tuple[str, str], ...]
    chips: tuple[Chip, ...]
    clear_url: str
    years: tuple[Link, ...]
    today_url: str
    order_words: str
    in_words: str
    pager: Pager
    csv_url: str
    csv_raw_url: str
    csv_columns: int
    csv_address: str
    empty: tuple[Suggestion, ...]
