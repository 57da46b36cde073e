"""Atom feeds of what was published: on the whole site, and for the filters of a list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from heapq import nlargest
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from evidence.assess.words import status_and_ground
from evidence.catalogue import CATALOGUE
from evidence.ledger import version
from evidence.listing import words
from evidence.listing.core import Listing
from evidence.listing.search import BadQueryError, Fault, Search, ask
from evidence.listing.years import AS_OF
from evidence.models import (
    Assessment,
    Consideration,
    Finding,
    HarmReport,
    Publication,
    Trial,
)
from evidence.templatetags.names import (
    finding_title,
    harm_title,
    publication_name,
    trial_name,
)
from evidence.templatetags.things import topic_title
from evidence.web import errors
from evidence.web import evidence_rows as rows
from evidence.web.addresses import FINDING, HARM, TOPIC
from evidence.web.references import in_one_line
from evidence.web.render import absolute

MOST = 50
# So many characters of a summary; the whole stands on the page.
LONGEST_SUMMARY = 1_000
# A feed has to say when it last changed, also before anything was published.
NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One edition or accepted fact, at its own address for ever; else `edition` tells it apart."""

    path: str
    title: str
    summary: str
    at: dt.datetime
    edition: int | None = None


def _topic(one: Assessment) -> Entry:
    title, word = topic_title(one.topic), status_and_ground(one.status, one.ground)
    return Entry(
        path=TOPIC.edition(one.topic.code, one.number),
        title=f"Topic {one.topic.code}, edition {one.number}: {title}: {word}",
        summary=one.summary,
        at=one.published_at or NEVER,
    )


def _finding(one: Finding) -> Entry:
    return Entry(
        path=FINDING.edition(one.code, one.number),
        title=f"Finding {one.code}, edition {one.number}: {finding_title(one)}",
        summary=one.statement,
        at=one.published_at or NEVER,
    )


def _harm(one: HarmReport) -> Entry:
    return Entry(
        path=HARM.edition(one.code, one.number),
        title=f"Harm report {one.code}, edition {one.number}: {harm_title(one)}",
        summary=one.statement,
        at=one.published_at or NEVER,
    )


def _trial(one: Trial) -> Entry:
    return Entry(
        path=f"/trials/{one.slug}/",
        title=f"Trial {trial_name(one)}: {one.title}",
        summary=one.results_summary,
        at=one.accepted_at or NEVER,
    )


def _publication(one: Publication) -> Entry:
    return Entry(
        path=f"/publications/{one.code}/",
        title=f"Publication {one.code}: {publication_name(one)}: {one.title}",
        summary=one.summary,
        at=one.accepted_at or NEVER,
    )


def _consideration(one: Consideration) -> Entry:
    return Entry(
        # It has no page of its own, and stands on the one of its source.
        path=f"/publications/{one.publication.code}/#{one.code}",
        title=f"{one.get_kind_display().capitalize()} {one.code}, edition {one.number}",
        summary=one.statement,
        at=one.published_at or NEVER,
        edition=one.number,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """How rows of a model become entries: since when they are public, and what they print."""

    model: Any
    since: str
    whole: Callable[[Any], Any]
    entry: Callable[[Any], Entry]

    def newest(self, found: Any) -> Iterator[Entry]:
        """Give the newest of these rows; two queries, for keys alone are quickly sorted."""
        order = (f"-{self.since}", "-pk")
        keys = list(found.order_by(*order).values_list("pk", flat=True)[:MOST])
        ordered = self.whole(self.model.objects.public().filter(pk__in=keys)).order_by(*order)
        return map(self.entry, ordered)


SOURCES: tuple[Source, ...] = (
    Source(model=Assessment, since="published_at", whole=rows.whole_assessments, entry=_topic),
    Source(model=Finding, since="published_at", whole=rows.whole_findings, entry=_finding),
    Source(model=HarmReport, since="published_at", whole=rows.whole_harms, entry=_harm),
    Source(
        model=Consideration,
        since="published_at",
        whole=lambda found: found.select_related("publication"),
        entry=_consideration,
    ),
    Source(model=Trial, since="accepted_at", whole=lambda found: found, entry=_trial),
    Source(model=Publication, since="accepted_at", whole=lambda found: found, entry=_publication),
)
# Terms are words and no news; what was published on one is in the feed of the evidence.
LISTED = tuple(
    name for name in CATALOGUE if name not in ("conditions", "interventions", "adverse-effects")
)


def listing_path(search: Search) -> str:
    """Give the path of the feed of what a list was asked; "" where it has none."""
    name = search.listing.name
    if name not in LISTED:
        return ""
    return words.filtered(search, f"/{name}.atom", but=(AS_OF,))


@require_safe
def site(request: HttpRequest) -> HttpResponse:
    """Give the newest of all that is public and has an address of its own."""
    everything = (entry for one in SOURCES for entry in one.newest(one.model.objects.public()))
    # Of what became public at once, topics come before what is read for them.
    newest = nlargest(MOST, everything, key=lambda entry: entry.at)
    return _answer(
        newest,
        title="il2tracker: newly published",
        about="Topics, findings, harm reports, trials and publications on interleukin-2, as they "
        f"become public: the newest {MOST} entries, and all in the lists of the site.",
        page="/",
        path="/feed.atom",
    )


@require_safe
def listing(request: HttpRequest, name: str) -> HttpResponse:
    """Give the newest rows of a list that the query string asks for; a fault gives none."""
    try:
        search = _asked(CATALOGUE[name], request)
    except BadQueryError as error:
        return errors.bad_query(request, error)
    asked = ", ".join(f"{chip.label}: {chip.word}" for chip in words.chips(search))
    found = search.filterset.qs
    source = next(one for one in SOURCES if one.model is found.model)
    return _answer(
        source.newest(found),
        title=f"il2tracker: {search.listing.title}" + (f" ({asked})" if asked else ""),
        about=f"{search.listing.about} At most the newest {MOST} entries; the list has them all.",
        page=words.address(search),
        path=listing_path(search),
    )


def _asked(asked: Listing, request: HttpRequest) -> Search:
    search = ask(asked, request.GET, paged=False, tabular=False)
    if AS_OF in search.asked:
        wrong = f"A feed takes no {AS_OF}: it is of what is new today."
        raise BadQueryError((Fault(key=AS_OF, message=wrong),))
    return search


class _Feed(Atom1Feed):
    """Django's own, which would change by itself where it has no entries."""

    def latest_post_date(self) -> dt.datetime:
        """Say when the feed last changed: with the data."""
        at: dt.datetime = self.feed["changed"]
        return at


def _answer(
    entries: Iterable[Entry], *, title: str, about: str, page: str, path: str
) -> HttpResponse:
    feed = _Feed(
        title=in_one_line(title),
        link=absolute(page),
        description=None,
        subtitle=in_one_line(about),
        language="en-GB",
        author_name="il2tracker",
        author_link=absolute("/"),
        feed_url=absolute(path),
        feed_guid=absolute(path),
        feed_copyright="CC0 1.0",
        changed=version.current().as_of or NEVER,
    )
    for entry in entries:
        summary = in_one_line(entry.summary)
        feed.add_item(
            title=in_one_line(entry.title),
            link=absolute(entry.path),
            unique_id=absolute(entry.path) + (f".{entry.edition}" if entry.edition else ""),
            description=summary[:LONGEST_SUMMARY] or in_one_line(entry.title),
            pubdate=entry.at,
            updateddate=entry.at,
        )
    content_type = "application/atom+xml; charset=utf-8"
    return HttpResponse(feed.writeString("utf-8"), content_type=content_type)
