"""The evidence map as a page, as a drawing to take away, and as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from evidence.catalogue.grid import ask_map, drawn, grid, row_of
from evidence.catalogue.grid_columns import COLUMNS, as_csv
from evidence.charts.cells import Grid
from evidence.charts.grid import draw
from evidence.charts.grid_file import legend, whole
from evidence.ledger import version
from evidence.listing import words
from evidence.listing.apostrophes import curly
from evidence.listing.formats import as_panel
from evidence.listing.search import BadQueryError, Search
from evidence.listing.views import Link
from evidence.listing.years import AS_OF
from evidence.templatetags.words import day_words
from evidence.web import errors
from evidence.web.render import absolute
from evidence.web.render import page as public_page

YEARS = (1985, 1990, 1995, 2000, 2005, 2010, 2015, 2020)
"""The years as of which the map offers to be seen."""
LICENCE = "Data CC0. Not medical advice: it records what studies and registries report."


@dataclass(frozen=True, kw_only=True, slots=True)
class MapRow:
    """What a condition's page shows of the map: its cells, drawn, and the path of the map."""

    grid: Grid
    drawing: SafeString
    path: str


def map_row(condition: str) -> MapRow | None:
    """Give the part of the map of a condition, by its word; None where it has no topic."""
    held = row_of(condition)
    if not held.cells:
        return None
    drawing = SafeString(draw(held, name="map-row"))
    asked = urlencode({"condition": condition})
    return MapRow(grid=held, drawing=drawing, path=f"{reverse('evidence:map')}?{asked}")


@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """Show the cells that the query string asks for; a fault shows none."""
    try:
        search = ask_map(request.GET)
    except BadQueryError as error:
        return errors.bad_query(request, error)
    whole_grid = grid(search)
    held = drawn(whole_grid, year=search.listing.year)
    # The years stand beside the panel, not in it.
    panel = replace(as_panel(search, token=version.current().token), years=())
    told = f", as of {search.listing.year}" if search.listing.year else ""
    return public_page(
        "evidence/map.html",
        path=words.address(search),
        title=_title(search),
        description="Where IL-2 has been studied, and where studies disagree. "
        f"{_counted(held, search)}.",
        section="map",
        page=panel,
        years=list(_years(search)),
        grid=held,
        drawing=SafeString(draw(held, told=told)) if held.cells else "",
        legend=[(SafeString(shape), said) for shape, said in legend()],
        rows=len(whole_grid.cells),
        undrawn=_undrawn(whole_grid, held),
        undrawn_url=f"{words.filtered(search, '/evidence/')}&sort=studies",
        table_url=words.filtered(search, "/evidence/"),
        svg_url=words.filtered(search, "/map.svg"),
        csv_url=words.filtered(search, "/map.csv"),
        columns=COLUMNS,
    )


@require_safe
def map_svg(request: HttpRequest) -> HttpResponse:
    """Give the map as a drawing that stands alone."""
    try:
        search = ask_map(request.GET)
    except BadQueryError as error:
        return errors.bad_query(request, error)
    whole_grid = grid(search)
    held = drawn(whole_grid, year=search.listing.year)
    undrawn = _undrawn(whole_grid, held)
    drawing = whole(held, told=_told(search, held, undrawn), base_url=settings.IL2TRACKER_BASE_URL)
    response = HttpResponse(drawing, content_type="image/svg+xml; charset=utf-8")
    return _named(response, search, "svg")


@require_safe
def map_csv(request: HttpRequest) -> HttpResponse:
    """Give the cells as CSV."""
    try:
        search = ask_map(request.GET)
    except BadQueryError as error:
        return errors.bad_query(request, error)
    rows = as_csv(grid(search), year=search.listing.year, base_url=settings.IL2TRACKER_BASE_URL)
    return _named(HttpResponse(rows, content_type="text/csv; charset=utf-8"), search, "csv")


def _named(response: HttpResponse, search: Search, form: str) -> HttpResponse:
    name = words.file_name(search, on=timezone.now().date()).removesuffix("csv") + form
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _years(search: Search) -> Iterator[Link]:
    others = {key: values for key, values in search.asked.items() if key != AS_OF}
    for year in YEARS:
        url = words.address(search, filters=others | {AS_OF: (str(year),)})
        yield Link(number=year, url=url, current=year == search.listing.year)


def _counted(held: Grid, search: Search) -> str:
    cells = f"{len(held.cells):,} of {held.places:,} {'cell' if held.places == 1 else 'cells'}"
    return f"{cells}; an empty cell means nothing found{' by then' if search.listing.year else ''}"


def _undrawn(all_of_it: Grid, held: Grid) -> int:
    """Count the topics in the cells that are not drawn."""
    return sum(cell.topics for cell in all_of_it.cells) - sum(cell.topics for cell in held.cells)


def _title(search: Search) -> str:
    asked = [f"{chip.label}: {chip.word}" for chip in words.chips(search) if chip.key != AS_OF]
    return "; ".join([search.listing.title, *asked])


def _told(search: Search, held: Grid, undrawn: int) -> list[str]:
    """Say of a drawing what it shows, when it was made, and from what."""
    data = version.current()
    asked = [f"{chip.label}: {chip.word}" for chip in words.chips(search) if chip.key != AS_OF]
    year = search.listing.year
    shown = curly(f"The rule's word at the end of {year}. ") if year else ""
    topics = "1 topic" if undrawn == 1 else f"{undrawn:,} topics"
    left = f" Not drawn: {topics} without a study by then." if undrawn else ""
    today = day_words(timezone.now().date(), full=True)
    as_of = f", data as of {day_words(data.as_of, full=True)}" if data.as_of else ""
    return [
        f"{shown}{_counted(held, search)}.{left}"
        + (f" Filters: {'; '.join(asked)}." if asked else ""),
        f"il2tracker, drawn on {today}, data version {data.number}{as_of}. {LICENCE}",
        absolute(words.address(search)),
    ]
