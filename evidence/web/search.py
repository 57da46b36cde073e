"""The search page: one box over everything, the best of each kind, and identifiers that lead on."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from evidence.catalogue.search import Found, find
from evidence.ledger.version import current
from evidence.listing.filters import closest
from evidence.listing.search import TRACKING
from evidence.listing.text import QueryField
from evidence.listing.years import AS_OF
from evidence.web import errors
from evidence.web import evidence_rows as rows
from evidence.web.render import page

KEY = "q"
# As much of a query as a title or a heading repeats; the box has all of it.
LONGEST_IN_TITLE = 80
EXAMPLES = (
    ("tuberculosis", "a condition"),
    ("Proleukin", "a form of IL-2, by any of its names"),
    ("capillary leak", "an adverse effect"),
    ("low-dose IL-2 lupus", "several words: all of them are found"),
    ('"regulatory T cells"', "a phrase, in quotes"),
    ("melanoma -interferon", "one word without another: no interferon"),
    ("NCT00004978", "a trial by its number, a paper by its PMID or DOI, a topic as T1"),
)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what a query finds; an identifier alone leads straight to its thing."""
    if fault := _unknown(request):
        return fault
    asked = list(dict.fromkeys(text for text in request.GET.getlist(KEY) if text.strip()))
    if len(asked) > 1:
        message = f"{KEY} can be given once only; it stands here {len(asked)} times."
        return errors.bad_request(request, message)
    if not asked:
        return _nothing_asked()
    try:
        text = QueryField(required=False).clean(asked[0])
    except ValidationError as error:
        return _refused(asked[0], " ".join(error.messages))
    found = find(text)
    if found.jump:
        return HttpResponseRedirect(found.jump)
    return _answer(text, found)


def _unknown(request: HttpRequest) -> HttpResponse | None:
    """Refuse a key that the search does not know; an empty year asks nothing, as elsewhere."""
    for key in request.GET:
        if key in {KEY, AS_OF} or key.lower().startswith(TRACKING):
            continue
        meant = f" Did you mean {KEY}?" if closest(key, [KEY]) else ""
        message = f"There is nothing called “{key[:LONGEST_IN_TITLE]}” to search by.{meant}"
        known = f"Known here: {KEY}, the words that are looked for."
        elsewhere = "The filters of a listing, such as /evidence/?status=variable, narrow a search."
        return errors.bad_request(request, message, details=(known, elsewhere))
    return None


def _nothing_asked() -> HttpResponse:
    return page(
        "evidence/search.html",
        path=reverse("evidence:search"),
        title="Search",
        description="Search topics, conditions, interventions, adverse effects, trials, "
        "publications, findings and harm reports of interleukin-2.",
        asked="",
        examples=[(text, address(text), about) for text, about in EXAMPLES],
    )


def _refused(typed: str, message: str) -> HttpResponse:
    """Say what is wrong with a query, with all that was typed still in the box."""
    response = page(
        "evidence/search.html",
        path=reverse("evidence:search"),
        title="This search cannot be read",
        description=message,
        robots="noindex",
        asked=typed,
        fault=message,
    )
    response.status_code = 400
    response["Cache-Control"] = "no-store"
    return response


def _answer(text: str, found: Found) -> HttpResponse:
    shown = _in_title(found.meant or text)
    return page(
        "evidence/search.html",
        path=address(text),
        title=f"“{_in_title(text)}” — search",
        description=f"What il2tracker holds on “{shown}”.",
        robots="noindex",
        asked=text,
        shown=shown,
        found=found,
        meant_url=address(found.meant) if found.meant else "",
        near_url=address(found.near) if found.near else "",
        nothing=not found.total,
        searched=None if found.total else rows.searched(),
        parts=_parts(text) if not found.total else (),
        data=current(),
    )


def address(text: str) -> str:
    """Give the path of a search."""
    return f"{reverse('evidence:search')}?{urlencode({KEY: text})}"


def _in_title(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= LONGEST_IN_TITLE else f"{one_line[:LONGEST_IN_TITLE]}…"


def _parts(text: str) -> tuple[tuple[str, str], ...]:
    """Give the words of a query that finds nothing, each with its own search."""
    words = [word for word in dict.fromkeys(text.split()) if not word.startswith("-")]
    return tuple((word, address(word)) for word in words) if len(words) > 1 else ()
