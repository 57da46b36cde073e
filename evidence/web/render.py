"""What stands around every public page: addresses, dates, data version and where to write."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.safestring import SafeString

from evidence.ledger import version
from evidence.models import Assessment, Consideration, Finding, HarmReport, Trial
from evidence.templatetags.words import day_words
from evidence.web.letters import letters

REVIEWED = (Assessment, Finding, HarmReport, Consideration)
# What others show where they show a link to one of our pages.
PICTURE = "evidence/card.png"
# What would end or open an element within a script; JSON knows them all by number.
ESCAPES = {ord(one): f"\\u{ord(one):04X}" for one in "<>&\u2028\u2029"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Dates:
    """The three dates that every page prints; none where it was never done."""

    last_reviewed: dt.datetime | None
    registry_checked: dt.date | None
    data_as_of: dt.datetime | None


def absolute(path: str) -> str:
    """Give the public address of a path of this site."""
    return f"{settings.IL2TRACKER_BASE_URL}{path}"


def site_dates(*, data_as_of: dt.datetime | None) -> Dates:
    """Give the dates of the whole site."""
    return Dates(
        last_reviewed=max(filter(None, map(_last_reviewed, REVIEWED)), default=None),
        registry_checked=Trial.objects.public().aggregate(at=Max("checked_on"))["at"],
        data_as_of=data_as_of,
    )


def _last_reviewed(model: type[Any]) -> dt.datetime | None:
    at: dt.datetime | None = model.objects.public().aggregate(at=Max("reviewed_at"))["at"]
    return at


def dates_of(*, reviewed: Iterable[dt.datetime | None], trials: Iterable[Trial]) -> Dates:
    """Give the dates of one page from the reviews and the trials that it shows."""
    checked = (trial.checked_on for trial in trials)
    return Dates(
        last_reviewed=max((at for at in reviewed if at is not None), default=None),
        registry_checked=max((day for day in checked if day is not None), default=None),
        data_as_of=version.current().as_of,
    )


def citation(*, title: str, path: str, data_version: int) -> str:
    """Say how to cite a page: what, where, read when, at which version of the data."""
    today = day_words(timezone.now().date(), full=True)
    what = title if title.endswith((".", "…", "?")) else f"{title}."
    # In brackets, so that nobody copies the full stop with the address.
    return f"il2tracker, {what} <{absolute(path)}>. Read {today}, data version {data_version}."


def page(
    template: str,
    *,
    path: str,
    title: str,
    description: str,
    section: str = "",
    dates: Dates | None = None,
    cited_as: str = "",
    cited_path: str = "",
    linked_data: Mapping[str, Any] | None = None,
    feed: str = "",
    robots: str = "",
    **context: object,
) -> HttpResponse:
    """Return a public page; `section` names the listing that it belongs to.

    It is cited at `cited_path` where that is another address than `path`, its own. `linked_data`
    says in schema.org's words what it shows, `feed` is the path of what is new of it, `robots`
    what search engines are asked. Rendered without the request: no public page depends on a
    session, a user or a token.
    """
    data = version.current()
    chrome = {
        "title": title,
        "description": description,
        "canonical": absolute(path),
        "picture": absolute(static(PICTURE)),
        "site_feed": absolute("/feed.atom"),
        "feed": absolute(feed) if feed else "",
        "robots": robots,
        "linked_data": _as_json(linked_data) if linked_data else "",
        "section": section,
        "dates": dates or site_dates(data_as_of=data.as_of),
        "data_version": data.number,
        "letters": letters(title=title, address=absolute(path), data_version=data.number),
        "citation": citation(
            title=cited_as or title, path=cited_path or path, data_version=data.number
        ),
    }
    return HttpResponse(render_to_string(template, {**context, **chrome}))


def _as_json(said: Mapping[str, Any]) -> SafeString:
    """Write it so that it may stand in the middle of a page, whatever names it holds."""
    written = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return SafeString(written.translate(ESCAPES))
