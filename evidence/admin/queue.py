"""My queue as the admin's front page: what waits for a person, with its one action each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from evidence.admin.panels import address
from evidence.curation.allowed import Move
from evidence.curation.queue import LONG, PARTS, Row, Section, Way, Why, queue, to_do
from evidence.vocab import Status

__all__ = ["queue_context", "to_do"]

LONG_AGO = 60
DAYS_OF_A_MONTH = 30.4375
TITLES = {part.key: part.title for part in PARTS}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row as its page shows it: words, marked up, and where they lead."""

    what: str
    url: str
    why: SafeString
    since: str
    day: str
    verb: str
    verb_url: str
    assign_url: str
    seen: int


@dataclass(frozen=True, kw_only=True)
class Block:
    """A section as its page shows it."""

    section: Section
    lines: tuple[Line, ...]


def queue_context(request: HttpRequest) -> dict[str, Any]:
    """Return what the front page shows: every section, or one of them by pages."""
    only, page = _asked(request)
    sections = queue(request.user, only=only, page=page)
    if page > 1 and not sections:
        raise BadRequest(f"There is no page {page} of this part of the queue.")
    here = request.get_full_path()
    blocks = [
        Block(section=section, lines=tuple(_line(row, here=here) for row in section.rows))
        for section in sections
    ]
    total = sections[0].total if only and sections else 0
    return {
        "blocks": blocks,
        "only": only,
        "page": page,
        "pages": max(1, -(-total // LONG)),
        "has_duties": _has_duties(request.user),
        "title": TITLES[only] if only else "My queue",
    }


def _asked(request: HttpRequest) -> tuple[str, int]:
    """Read which section is asked for, and which page of it."""
    only, page = request.GET.get("section", ""), request.GET.get("page", "1")
    if only and only not in TITLES:
        raise BadRequest(f"The queue has no part “{only}”.")
    if not (page.isascii() and page.isdigit() and 0 < len(page) < 5 and int(page)):
        raise BadRequest(f"“{page}” is no number of a page.")
    if int(page) > 1 and not only:
        raise BadRequest("Only one part of the queue has pages: say which.")
    return only, int(page)


def _has_duties(user: Any) -> bool:
    return any(".change_" in name or ".publish_" in name for name in user.get_all_permissions())


def _line(row: Row, *, here: str) -> Line:
    key = row.about.pk if row.about is not None else None
    assign = _page(row.model, Move.ASSIGN, key) if row.assignable else ""
    return Line(
        what=row.what,
        url=_page(row.model, "change", key) if key else _list(row),
        why=marked_up(row.why),
        since=_ago(row.since),
        day=row.since.isoformat()[:10] if row.since is not None else "",
        verb=row.verb,
        verb_url=_action(row, key, here=here),
        assign_url=assign,
        seen=row.about.lock_version if assign else 0,
    )


def _action(row: Row, key: int | None, *, here: str) -> str:
    """Return where a row's action leads; a move comes back here afterwards."""
    if key is None:
        return _list(row)
    # A withdrawal is decided where all that bears on it is seen.
    page = "review" if row.page == Move.WITHDRAW else row.page
    found = _page(row.model, page, key, back=here if row.page in set(Move) else "")
    return found or _page(row.model, "change", key)


def _page(model: type[Any], page: str, key: int | None, *, back: str = "") -> str:
    """Return a page of the admin about a thing; nothing where it has no such page."""
    try:
        return address(model, page, args=[key], query={"next": back} if back else None)
    except NoReverseMatch:
        return ""


def _list(row: Row) -> str:
    page = "changelist" if row.page == "change" else row.page
    return address(row.model, page, query=row.query)


def marked_up(why: Why) -> SafeString:
    """Put a sentence in parts into HTML: statuses in their colour, ways as links."""
    return format_html_join("", "{}", ((_part(part),) for part in why))


def _part(part: str | Way) -> SafeString:
    if isinstance(part, Way):
        if part.about is not None:
            url = address(part.model, "change", args=[part.about])
        else:
            url = address(part.model, part.page, query=part.query)
        return format_html('<a href="{}">{}</a>', url, part.words)
    if isinstance(part, Status):
        return format_html('<span class="{}">{}</span>', part.value, part.label)
    return conditional_escape(part)


def _ago(since: dt.date | None) -> str:
    """Say for how long something has waited: "today", "2 days", "3 months"."""
    if since is None:
        return ""
    day = timezone.localtime(since).date() if isinstance(since, dt.datetime) else since
    days = (timezone.localdate() - day).days
    if days < 1:
        return "today"
    if days <= LONG_AGO:
        return f"{days} {'day' if days == 1 else 'days'}"
    return f"{round(days / DAYS_OF_A_MONTH)} months"
