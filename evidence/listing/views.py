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
class ColumnChoice:
    """A column that a table can have."""

    key: str
    label: str
    shown: bool


@dataclass(frozen=True, kw_only=True)
class Chooser:
    """The columns of a table, those shown first in their order; the heading stands always.

    `chosen` says that they were asked for, `beyond` that some are not among the usual ones, for
    which the page has room.
    """

    heading: ColumnChoice
    choices: tuple[ColumnChoice, ...]
    hidden: tuple[tuple[str, str], ...]
    chosen: bool
    beyond: bool
    usual_url: str
    every_url: str


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A filter that, taken away, would leave rows."""

    label: str
    value: str
    url: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Panel:
    """What a page says of its filters, however it shows the rows.

    `years` lead to the rows as of a year, and `today_url` away from one.
    """

    listing: Listing
    noun: str
    matched: int
    total: int
    facets: tuple[FacetView, ...]
    fields: tuple[FieldView, ...]
    hidden: tuple[tuple[str, str], ...]
    chips: tuple[Chip, ...]
    clear_url: str
    years: tuple[Link, ...]
    today_url: str
    empty: tuple[Suggestion, ...]


@dataclass(frozen=True, kw_only=True)
class Page(Panel):
    """A listing's page, ready for its template."""

    columns: tuple[Head, ...]
    rows: tuple[PageRow, ...]
    order_words: str
    in_words: str
    pager: Pager
    chooser: Chooser
    csv_url: str
    csv_raw_url: str
    csv_every_url: str
    csv_shown_url: str
    csv_columns: int
    csv_address: str
