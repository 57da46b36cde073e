"""A search as a page: rows, panel, chips and pages, all of it plain frozen values."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from evidence.listing import chooser, facets, table, words
from evidence.listing.columns import COLUMNS
from evidence.listing.core import Facet
from evidence.listing.filters import Bound, PanelFilter
from evidence.listing.search import DEFAULT_SIZE, SIZES, BeyondTheLastError, Search
from evidence.listing.table import Render
from evidence.listing.text import Text
from evidence.listing.views import (
    FacetValue,
    FacetView,
    FieldView,
    Link,
    Page,
    Pager,
    Panel,
    Suggestion,
)
from evidence.listing.years import AS_OF, AsOf

FIRST_VALUES = 8
"""So many values of a facet stand open; the rest are behind “more”."""


def as_html(search: Search, *, render: Render, base_url: str, token: str = "") -> Page:
    """Read one page of a search; BeyondTheLastError where there is no such page.

    `render` turns a column's show, value and row into markup. `token` is another whenever the
    rows are; with an empty one nothing is kept between calls. The number of queries does not
    depend on the number of rows.
    """
    counts = facets.count(search, facets.index_of(search.listing, token))
    pages = max(1, -(-counts.matched // search.size))
    if search.page > pages:
        raise BeyondTheLastError(f"There is no page {search.page}: the last is {pages}.")
    panel = _panel(search, counts)
    return Page(
        **{one.name: getattr(panel, one.name) for one in dataclasses.fields(panel)},
        columns=tuple(table.heads(search)),
        rows=tuple(table.rows(search, render=render, base_url=base_url)) if counts.matched else (),
        order_words=words.order_in_words(search),
        in_words=words.in_words(search),
        pager=_pager(search, pages),
        chooser=chooser.of(search, hidden=_hidden(search, {COLUMNS})),
        csv_url=words.csv_address(search),
        csv_raw_url=words.csv_address(search, raw=True),
        csv_every_url=words.csv_address(search, columns=()),
        csv_shown_url=words.csv_address(search, columns=[c.key for c in search.shown()]),
        csv_columns=len(search.taken()),
        csv_address=base_url + words.csv_address(search),
    )


def as_panel(search: Search, *, token: str = "") -> Panel:
    """Read what a page says of its filters, without its rows."""
    return _panel(search, facets.count(search, facets.index_of(search.listing, token)))


def _panel(search: Search, counts: facets.Counts) -> Panel:
    listing = search.listing
    fields = tuple(_fields(search))
    return Panel(
        listing=listing,
        noun=listing.noun[0] if counts.total == 1 else listing.noun[1],
        matched=counts.matched,
        total=counts.total,
        facets=tuple(_facet(search, facet, counts) for facet in listing.facets),
        fields=fields,
        hidden=_hidden(search, {field.key for field in fields}),
        chips=words.chips(search),
        clear_url=words.address(search, filters=_only(search, AS_OF)),
        years=tuple(_years(search)),
        today_url=words.address(search, filters=_but(search, AS_OF)),
        empty=tuple(_suggestions(search)) if counts.matched == 0 else (),
    )


def _facet(search: Search, facet: Facet, counted: facets.Counts) -> FacetView:
    panel: PanelFilter = search.filterset.filters[facet.filter]
    chosen = search.asked.get(facet.filter, ())
    counts, used = counted.facets[facet.filter], counted.used[facet.filter]
    values = []
    with_one_more = words.adding(search, facet.filter)
    for option in panel.offered(used.union(chosen)):
        count = counts.get(option.value, 0)
        picked = option.value in chosen
        url = (
            words.address(search, filters=words.without(search, facet.filter, option.value))
            if picked
            else with_one_more(option.value)
        )
        values.append(
            FacetValue(value=option.value, label=option.label, count=count, url=url, chosen=picked)
        )
    if panel.by_count:
        values.sort(key=lambda v: (-v.count, v.label.lower()))
    first = values[:FIRST_VALUES]
    rest = values[FIRST_VALUES:]
    return FacetView(
        key=facet.filter,
        label=str(panel.label),
        about=panel.about,
        section=facet.section,
        open=facet.open or bool(chosen),
        chosen_count=len(chosen),
        values=tuple(first + [value for value in rest if value.chosen]),
        rest=tuple(value for value in rest if not value.chosen),
    )


def _fields(search: Search) -> Iterable[FieldView]:
    for key, one in search.filterset.filters.items():
        # Things are led to by links: several names do not fit into one field.
        if isinstance(one, Text | Bound | AsOf):
            yield FieldView(
                key=key,
                label=str(one.label),
                value=(search.asked.get(key) or ("",))[0],
                kind="text" if key == "q" else "number",
                about=one.hint if isinstance(one, AsOf) else one.about,
            )


def _years(search: Search) -> Iterable[Link]:
    """Return the years that the panel leads to; none where the listing knows none."""
    one = search.filterset.filters.get(AS_OF)
    for year in one.offered if one is not None else ():
        url = words.address(search, filters=_but(search, AS_OF) | {AS_OF: (str(year),)})
        yield Link(number=year, url=url, current=year == search.listing.year)


def _but(search: Search, key: str) -> dict[str, tuple[str, ...]]:
    return {name: values for name, values in search.asked.items() if name != key}


def _only(search: Search, key: str) -> dict[str, tuple[str, ...]]:
    return {name: values for name, values in search.asked.items() if name == key}


def _hidden(search: Search, typed: set[str]) -> tuple[tuple[str, str], ...]:
    """Return what a form must carry along beside the keys that are typed into it."""
    kept = [(k, v) for k, values in search.asked.items() if k not in typed for v in values]
    if search.sort != search.listing.order:
        kept.append(("sort", search.sort))
    kept += [(COLUMNS, key) for key in search.columns if COLUMNS not in typed]
    if search.size != DEFAULT_SIZE:
        kept.append(("size", str(search.size)))
    return tuple(kept)


def _pager(search: Search, pages: int) -> Pager:
    number = search.page
    near = sorted({1, 2, number - 1, number, number + 1, pages} & set(range(1, pages + 1)))
    return Pager(
        number=number,
        pages=pages,
        previous_url=words.address(search, page=number - 1) if number > 1 else "",
        next_url=words.address(search, page=number + 1) if number < pages else "",
        links=tuple(
            Link(number=n, url=words.address(search, page=n), current=n == number) for n in near
        ),
        sizes=tuple(
            Link(number=n, url=words.address(search, size=n), current=n == search.size)
            for n in SIZES
        ),
    )


def _suggestions(search: Search) -> Iterable[Suggestion]:
    """Return the filters that, taken away one at a time, would leave rows."""
    for key in search.asked:
        count = search.left_without(key)
        if count:
            chosen = [chip.word for chip in words.chips(search) if chip.key == key]
            yield Suggestion(
                label=str(search.filterset.filters[key].label),
                value=" or ".join(chosen),
                url=words.address(search, filters=_but(search, key)),
                count=count,
            )
