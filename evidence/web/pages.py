"""Pages that are about the whole: home and the data dictionary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from evidence import catalogue, vocab
from evidence.listing.core import Listing
from evidence.listing.filters import Words
from evidence.models import Assessment, Finding, HarmReport, Publication, Trial
from evidence.web import evidence_rows as rows
from evidence.web.render import page

NEWEST = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class GroundCount:
    """How many topics are investigated on one ground."""

    ground: str
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusCard:
    """One status with its definition and how many topics have it."""

    status: str
    definition: str
    count: int
    grounds: tuple[GroundCount, ...]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what this is, count the statuses, and show what is new."""
    return page(
        "evidence/home.html",
        path=reverse("evidence:home"),
        title="What is known of interleukin-2, condition by condition",
        description="What studies and registries report of interleukin-2 in disease, with a "
        "status that names the studies behind it.",
        cards=_cards(),
        areas=_areas(),
        held={
            "topics": Assessment.objects.public().count(),
            "findings": Finding.objects.public().count(),
            "harms": HarmReport.objects.public().count(),
            "trials": Trial.objects.public().count(),
            "publications": Publication.objects.public().count(),
        },
        newest=list(rows.assessments().order_by("-published_at", "-pk")[:NEWEST]),
    )


def _cards() -> tuple[StatusCard, ...]:
    """Count the published topics of each status and ground; one query."""
    counted = Assessment.objects.public().order_by().values_list("status", "ground")
    counts = {(status, ground): n for status, ground, n in counted.annotate(Count("pk"))}
    return tuple(
        StatusCard(
            status=status.value,
            definition=vocab.STATUS_DEFINITIONS[status],
            count=sum(n for (word, _), n in counts.items() if word == status),
            grounds=tuple(
                GroundCount(ground=ground.value, count=counts[status, ground])
                for ground in vocab.Ground
                if (status, ground) in counts
            ),
        )
        for status in vocab.Status
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class AreaRow:
    """One field of medicine with how many topics have each status."""

    area: str
    counts: tuple[tuple[str, int], ...]
    total: int


def _areas() -> tuple[AreaRow, ...]:
    """Count the published topics of each area and status; one query."""
    held = Assessment.objects.public().order_by().values_list("topic__condition__area", "status")
    counts = {(area, status): n for area, status, n in held.annotate(Count("pk"))}
    rows_of = (
        (area, tuple((status.value, counts.get((area, status), 0)) for status in vocab.Status))
        for area in vocab.Area.values
    )
    return tuple(
        AreaRow(area=area, counts=row, total=total)
        for area, row in rows_of
        if (total := sum(n for _, n in row))
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
