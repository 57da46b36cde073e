"""What pages of cards share: which page is asked for, and back to the place one came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseRedirect, QueryDict

from evidence.admin.relations import is_key

PAGE = 25
LONGEST_REASON = 2_000
LONGEST_WORDS = 200
# Of an address, what is told once: after which decision it was opened.
OF_THE_MOMENT = ("at", "turned_down", "accepted")
DONE = "done"


@dataclass(frozen=True, kw_only=True)
class Pages:
    """Where in a list of cards somebody is; `query` is the rest of the address."""

    number: int
    count: int
    total: int
    query: str

    @property
    def before(self) -> str:
        """Return the query of the page before; empty on the first."""
        return self._at(self.number - 1) if self.number > 1 else ""

    @property
    def after(self) -> str:
        """Return the query of the next page; empty on the last."""
        return self._at(self.number + 1) if self.number < self.count else ""

    def _at(self, number: int) -> str:
        return f"?{self.query}{'&' if self.query else ''}page={number}"


def refuse_unknown(request: HttpRequest, known: Sequence[str]) -> None:
    """Raise BadRequest for a word in the address that would be ignored."""
    for name in request.GET:
        if name not in known:
            raise BadRequest(f"This page has no filter “{name}”.")


def asked_page(request: HttpRequest, *, total: int) -> Pages:
    """Read which page is asked for; one beyond the last is the last, as cards go meanwhile."""
    text = request.GET.get("page", "1")
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text)):
        raise BadRequest(f"“{text}” is no number of a page.")
    count = max(1, -(-total // PAGE))
    query = _without(request.GET, "page", *OF_THE_MOMENT)
    return Pages(number=min(int(text), count), count=count, total=total, query=query.urlencode())


def of_page(rows: Any, pages: Pages) -> Any:
    """Return the rows of a page."""
    return rows[(pages.number - 1) * PAGE : pages.number * PAGE]


def back(request: HttpRequest, *, at: str, **more: object) -> HttpResponseRedirect:
    """Lead back to the place in the list: what was done stands there, before the card `at`."""
    query = _without(request.GET, *OF_THE_MOMENT)
    for name, value in ({"at": at} | more).items():
        if value:
            query[name] = str(value)
    where = f"{request.path}?{query.urlencode()}" if query else request.path
    return HttpResponseRedirect(f"{where}#{DONE}")


def place(request: HttpRequest, cards: Iterable[str]) -> str:
    """Return before which card it is told what was done; empty: above all of them."""
    at = request.GET.get("at", "")
    return at if at in set(cards) else ""


def key_of(text: object, *, what: str) -> int:
    """Read a key that a form or an address holds."""
    if not is_key(text):
        raise BadRequest(f"“{text}” is no {what}.")
    return int(str(text))


def typed(request: HttpRequest, name: str, *, longest: int = LONGEST_REASON) -> str:
    """Read what was typed, without what no page can show and no database holds."""
    text = request.POST.get(name, "").replace("\x00", "").strip()
    return text[:longest]


def _without(given: QueryDict, *names: str) -> QueryDict:
    query = given.copy()
    for name in names:
        query.pop(name, None)
    return query
