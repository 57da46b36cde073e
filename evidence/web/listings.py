"""One view for every listing, as a page and as CSV."""

from __future__ import annotations

from itertools import chain

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from evidence.catalogue import CATALOGUE
from evidence.ledger import version
from evidence.listing import words
from evidence.listing.csv import as_csv
from evidence.listing.formats import as_html
from evidence.listing.search import BadQueryError, BeyondTheLastError, Search, ask
from evidence.listing.views import Page
from evidence.listing.years import AS_OF
from evidence.templatetags.cells import render_cell
from evidence.web import cite_links, errors, feeds, linked_data
from evidence.web.render import page as public_page


@require_safe
def listing_page(request: HttpRequest, name: str) -> HttpResponse:
    """Show the rows that the query string asks for; a fault shows none."""
    listing = CATALOGUE[name]
    try:
        search = ask(listing, request.GET, paged=True)
        page = as_html(
            search,
            render=render_cell,
            base_url=settings.IL2TRACKER_BASE_URL,
            token=version.current().token,
        )
    except BadQueryError as error:
        return errors.bad_query(request, error)
    except BeyondTheLastError as error:
        return errors.not_found(request, str(error))
    return public_page(
        "evidence/listing.html",
        path=words.address(search, page=search.page),
        title=_title(search),
        description=_description(page),
        section=listing.name,
        map_url=words.filtered(search, "/map/") if name == "evidence" else "",
        cite_links=cite_links.of_listing(search),
        feed=feeds.listing_path(search),
        linked_data=linked_data.listing_page(
            search.listing,
            path=words.address(search),
            csv_path=words.csv_address(search),
            name=_title(search),
        ),
        page=page,
    )


@require_safe
def listing_csv(request: HttpRequest, name: str) -> HttpResponseBase:
    """Stream the rows that the query string asks for, all of them, as CSV."""
    try:
        search = ask(CATALOGUE[name], request.GET, paged=False)
    except BadQueryError as error:
        return errors.bad_query(request, error)
    rows = as_csv(search, base_url=settings.IL2TRACKER_BASE_URL)
    # The header, and with it the first rows, before the answer begins: what fails then is a 500.
    begun = chain([next(rows)], rows)
    response = StreamingHttpResponse(begun, content_type="text/csv; charset=utf-8")
    name = words.file_name(search, on=timezone.now().date())
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _description(page: Page) -> str:
    counted = f"{page.matched:,} of {page.total:,} {page.noun}."
    return f"{page.listing.note or page.listing.about} {counted}"


def _title(search: Search) -> str:
    """Say what the page lists, with what was asked and which page it is."""
    # The title of a listing as of a year has the year already.
    asked = ", ".join(_asked(chip) for chip in words.chips(search) if chip.key != AS_OF)
    title = f"{search.listing.title}: {asked}" if asked else search.listing.title
    return f"{title} (page {search.page})" if search.page > 1 else title


def _asked(chip: words.Chip) -> str:
    """Say what a chip asks; a yes or a number says nothing without its question."""
    if chip.word in {"yes", "no"} or chip.word.isdigit():
        return f"{chip.label[0].lower()}{chip.label[1:]} {chip.word}"
    return chip.word
