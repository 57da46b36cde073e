"""Pages that are about the whole: home and the data dictionary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from evidence import catalogue, vocab
from evidence.listing.core import Listing
from evidence.listing.filters import Words
from evidence.models import Finding, HarmReport, Publication, Trial
from evidence.web import front, linked_data
from evidence.web.render import page

NEWEST = 6
# What somebody may type first, each another kind of thing.
EXAMPLES = ("tuberculosis", "low-dose IL-2", "capillary leak", "NCT00004978")
# The two areas with which the project began.
SEEDS = (vocab.Area.INFECTIOUS, vocab.Area.NEONATAL)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what this is, count the statuses, show where the evidence is and what is new."""
    counted = front.counts()
    by_area = front.areas(counted)
    return page(
        "evidence/home.html",
        path=reverse("evidence:home"),
        linked_data=linked_data.graph(linked_data.site()),
        title="What is known of interleukin-2, condition by condition",
        description="What studies and registries report of interleukin-2 in disease, with a "
        "status that names the studies behind it.",
        cards=front.cards(counted),
        areas=by_area,
        seeds=[row for row in by_area if row.area in SEEDS],
        examples=EXAMPLES,
        held={
            "topics": counted.total(),
            "findings": Finding.objects.public().count(),
            "harms": HarmReport.objects.public().count(),
            "trials": Trial.objects.public().count(),
            "publications": Publication.objects.public().count(),
        },
        newest=front.newest(NEWEST),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class FilterEntry:
    """One filter in the dictionary, with the words that it knows where they are closed."""

    key: str
    label: str
    about: str
    section: str
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ListingEntry:
    """One listing in the dictionary."""

    listing: Listing
    filters: tuple[FilterEntry, ...]


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Show every listing, column and filter, from the declarations that serve them."""
    return page(
        "evidence/data.html",
        path=reverse("evidence:data"),
        title="Data dictionary and downloads",
        description="Every listing of il2tracker with its columns and filters, and the whole of "
        "each as CSV.",
        section="data",
        linked_data=linked_data.data_page(
            path=reverse("evidence:data"), name="data dictionary and downloads"
        ),
        entries=[
            ListingEntry(listing=listing, filters=tuple(_filters_of(listing)))
            for listing in catalogue.CATALOGUE.values()
        ],
    )


def _filters_of(listing: Listing) -> Iterator[FilterEntry]:
    """Give a listing's filters as its page and its CSV take them."""
    sections = {facet.filter: facet.section for facet in listing.facets}
    for key, each in listing.filterset.base_filters.items():
        closed = each.options() if isinstance(each, Words) else ()
        yield FilterEntry(
            key=key,
            label=str(each.label),
            about=str(getattr(each, "about", "")),
            section=sections.get(key, ""),
            words=tuple((option.value, option.label) for option in closed),
        )
