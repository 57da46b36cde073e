"""What stands around every public page: addresses, dates, data version and where to write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Max
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from evidence.ledger import version
from evidence.models import Assessment, Trial
from evidence.templatetags.words import day_words


@dataclass(frozen=True, kw_only=True, slots=True)
class Dates:
    """The three dates that every page prints; none where it was never done."""

    last_reviewed: dt.datetime | None
    registry_checked: dt.date | None
    data_as_of: dt.datetime | None


def absolute(path: str) -> str:
    """Give the public address of a path of this site."""
    return f"{settings.IL2TRACKER_BASE_URL}{path}"


def contact() -> str:
    """Give the address for corrections as a link, or nothing where none is set."""
    address = settings.IL2TRACKER_CONTACT
    if "@" in address and ":" not in address:
        return f"mailto:{address}"
    return address if address.startswith(("mailto:", "https://")) else ""


def site_dates(*, data_as_of: dt.datetime | None) -> Dates:
    """Give the dates of the whole site."""
    return Dates(
        last_reviewed=Assessment.objects.public().aggregate(at=Max("reviewed_at"))["at"],
        registry_checked=Trial.objects.public().aggregate(at=Max("checked_on"))["at"],
        data_as_of=data_as_of,
    )


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
    **context: object,
) -> HttpResponse:
    """Return a public page; `section` names the listing that it belongs to.

    It is cited at `cited_path` where that is another address than `path`, its own. Rendered without
    the request: no public page depends on a session, a user or a token.
    """
    data = version.current()
    chrome = {
        "title": title,
        "description": description,
        "canonical": absolute(path),
        "section": section,
        "dates": dates or site_dates(data_as_of=data.as_of),
        "data_version": data.number,
        "contact": contact(),
        "citation": citation(
            title=cited_as or title, path=cited_path or path, data_version=data.number
        ),
    }
    return HttpResponse(render_to_string(template, {**context, **chrome}))
