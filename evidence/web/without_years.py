"""Pages that know no year: what they answer to somebody who asks for one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html

from evidence.ledger.as_of import year_in
from evidence.listing.years import AS_OF
from evidence.web import errors
from evidence.web.addresses import TOPIC

View = Callable[..., HttpResponse]

ELSEWHERE = (
    f"{AS_OF} asks what the rule would have said at the end of a year. A topic can be asked, as in "
    f"/evidence/T12/?{AS_OF}=2005, and so can the listing /evidence/."
)


def without_years(view: View, *, says: str = "") -> View:
    """Refuse the key of a year, which would else be ignored and today's page taken for another's.

    `says` is what a page of a topic's editions is instead.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **words: Any) -> HttpResponse:
        # An empty field asks nothing, as everywhere; only reading is answered at all.
        year = next((text for text in request.GET.getlist(AS_OF) if text), "")
        if not year or request.method not in ("GET", "HEAD"):
            return view(request, *args, **words)
        if says:
            return _of_a_topic(request, words["code"], says=says, year=year)
        message = f"This page is as things stand today, and cannot be asked for with {AS_OF}."
        return errors.bad_request(request, message, details=[ELSEWHERE])

    return asked


def _of_a_topic(request: HttpRequest, code: str, *, says: str, year: str) -> HttpResponse:
    """Name the address at which a topic can be asked for a year."""
    try:
        asked = f"{TOPIC.page(code)}?{AS_OF}={year_in(year)}"
    except ValueError as error:
        return errors.bad_request(request, f"{says}; {AS_OF} asks the rule. {error}")
    link = format_html('The topic as of {}: <a href="{}">{}</a>', year, asked, asked)
    return errors.bad_request(request, f"{says}; {AS_OF} asks the rule.", details=[link])
