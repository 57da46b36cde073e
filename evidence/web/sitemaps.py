"""What search engines may read: a map of every public page, and what they are asked to leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db.models import TextField, Value
from django.db.models.functions import Cast, Substr
from django.http import HttpRequest, HttpResponse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from evidence.catalogue import CATALOGUE
from evidence.ledger import version
from evidence.models import (
    AdverseEffect,
    Assessment,
    Condition,
    Finding,
    HarmReport,
    Intervention,
    Publication,
    Trial,
)
from evidence.web import errors
from evidence.web.render import absolute

# What one map may hold at most (sitemaps.org).
MOST = 50_000
STANDING = ("/", "/map/", "/data/", "/about/", "/about/status/")
# Codes and slugs are letters, digits and hyphens: nothing in them has to be written otherwise.
KINDS = (
    (Assessment, "/evidence/T{}/", "topic_id", "published_at"),
    (Condition, "/conditions/{}/", "slug", None),
    (Intervention, "/interventions/{}/", "slug", None),
    (AdverseEffect, "/adverse-effects/{}/", "slug", None),
    (Trial, "/trials/{}/", "slug", "accepted_at"),
    (Publication, "/publications/P{}/", "pk", "accepted_at"),
    (Finding, "/findings/F{}/", "record_id", "published_at"),
    (HarmReport, "/harms/H{}/", "record_id", "published_at"),
)
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Give the map of all public pages, or where they are too many for one, the list of maps."""
    total = _total()
    if total <= MOST:
        return _map(_pages())
    maps = range(1, -(-total // MOST) + 1)
    found = "".join(
        f"<sitemap><loc>{absolute(f'/sitemap-{number}.xml')}</loc></sitemap>\n" for number in maps
    )
    return _xml("sitemapindex", found)


@require_safe
def part(request: HttpRequest, number: int) -> HttpResponse:
    """Give one of several maps, counted from 1."""
    if not 1 <= number <= -(-_total() // MOST):
        return errors.not_found(request, f"There is no map {str(number)[:20]} of this site.")
    return _map(islice(_pages(), (number - 1) * MOST, number * MOST))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Let every engine read all but the admin and what a search finds."""
    lines = (
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /search/",
        "",
        f"Sitemap: {absolute('/sitemap.xml')}",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _total() -> int:
    held = sum(model.objects.public().count() for model, *_ in KINDS)
    return len(STANDING) + len(CATALOGUE) + held


def _pages() -> Iterator[tuple[str, str]]:
    """Give every public page with the day of its last edition; a list is as old as the data."""
    as_of = version.current().as_of
    for path in (*STANDING, *(one.path for one in CATALOGUE.values())):
        yield path, as_of.date().isoformat() if as_of else ""
    for model, address, word, since in KINDS:
        held = model.objects.public().order_by("pk")
        # Days as text: to make times of them, and days of these, takes longer than all else.
        day = Substr(Cast(since, TextField()), 1, 10) if since else Value("")
        yield from ((address.format(one), on or "") for one, on in held.values_list(word, day))


def _map(pages: Iterable[tuple[str, str]]) -> HttpResponse:
    site = escape(absolute(""))
    found = (
        f"<url><loc>{site}{path}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>\n"
        for path, day in pages
    )
    return _xml("urlset", "".join(found))


def _xml(root: str, inside: str) -> HttpResponse:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">\n'
    content_type = "application/xml; charset=utf-8"
    return HttpResponse(f"{head}{inside}</{root}>\n", content_type=content_type)
