"""A search as a page: rows, panel, chips and pages, all of it plain frozen values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from evidence.listing import facets, words
from evidence.listing.core import Facet, Row
from evidence.listing.filters import Bound, PanelFilter
from evidence.listing.search import DEFAULT_SIZE, SIZES, BeyondTheLastError, Search
from evidence.listing.text import Text
from evidence.listing.views import (
    Cell,
    FacetValue,
    FacetView,
    FieldView,
    Head,
    Link,
    Page,
    Pager,
    PageRow,
    Suggestion,
)
from evidence.listing.years import AS_OF, AsOf

FIRST_VALUES = 8
"""So many values of a facet stand open; the rest are behind “more”."""

Render = Callable[[str, Any, Row], str]


def as_html(search: Search, *, render: Render, base_url: str, token: str = "") -> Page:
    """Read one page of a search; BeyondTheLastError where there is no such page.

    `render` turns a column's show, value and row into markup. `token` is another whenever the
    rows are; with an empty one nothing is kept between calls. The number of queries does not
    depend on the number of rows.
    """
    listing = search.listing
    counts = facets.count(search, facets.index_of(listing, token))
    matched, total = counts.matched, counts.total
    pages = max(1, -(-matched // search.size))
    if search.page > pages:
        raise BeyondTheLastError(f"There is no page {search.page}: the last is {pages}.")
    fields = tuple(_fields(search))
    typed = {field.key for field in fields}
    return Page(
        listing=listing,
        noun=listing.noun[0] if total == 1 else listing.noun[1],
        matched=matched,
        total=total,
        columns=tuple(_heads(search)),
        rows=tuple(_rows(search, render)) if matched else (),
        facets=tuple(_facet(search, facet, counts) for facet in listing.facets),
        fields=fields,
        hidden=_hidden(search, typed),
        chips=words.chips(search),
        clear_url=words.address(search, filters=_only(search, AS_OF)),
        years=tuple(_years(search)),
        today_url=words.address(search, filters=_but(search, AS_OF)),
        order_words=words.order_in_words(search),
        in_words=words.in_words(search),
        pager=_pager(search, pages),
        csv_url=words.csv_address(search),
        csv_raw_url=words.csv_address(search, raw=True),
        csv_columns=len(listing.columns),
        csv_address=base_url + words.csv_address(search),
        empty=tuple(_suggestions(search)) if matched == 0 else (),
    )


def _heads(search: Search) -> Iterable[Head]:
    for key in search.listing.shown:
        column = search.listing.column(key)
        now = {key: "ascending", f"-{key}": "descending"}.get(search.sort, "")
        wanted = f"-{key}" if now == "ascending" else key
        can_sort = column in search.listing.sortable
        yield Head(
            key=key,
            label=column.label,
            about=column.about,
            unit=column.unit,
            numeric=column.numeric,
            sort_url=words.address(search, sort=wanted) if can_sort else "",
            sorted=now,
        )


def _rows(search: Search, render: Render) -> Iterable[PageRow]:
    listing = search.listing
    plain = [column for column in listing.columns if column.many is None]
    lists = [c for key in listing.shown if (c := listing.column(key)).many is not None]
    read = [*plain, *lists]
    start = (search.page - 1) * search.size
    # The page's keys first: only they are sorted, not all that the columns read of every row.
    keys = list(search.rows().values_list("pk", flat=True)[start : start + search.size])
    rows = listing.rows().filter(pk__in=keys)
    by_key = {row[0]: row[1:] for row in rows.values_list("pk", *(c.expression for c in read))}
    found = [by_key[key] for key in keys if key in by_key]
    at = len(plain)
    joined = []
    for i, column in enumerate(lists, start=at):
        if column.many is not None:
            joined.append((i, column.many([row[i] for row in found])))
    shown = [listing.column(key) for key in listing.shown]
    for values in found:
        row = {column.key: value for column, value in zip(read, values, strict=True)}
        for i, cells in joined:
            row[read[i].key] = cells.get(values[i], "")
        row["url"] = listing.link(row)
        row["second"] = listing.second(row)
        cells_shown = tuple(Cell(column=c, html=render(c.show, row[c.key], row)) for c in shown)
        yield PageRow(url=row["url"], cells=cells_shown)


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
    """Return what the form of typed filters must carry along."""
    kept = [(k, v) for k, values in search.asked.items() if k not in typed for v in values]
    if search.sort != search.listing.order:
        kept.append(("sort", search.sort))
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
