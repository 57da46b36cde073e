"""The inbox: what came in and nobody has accepted, a card each, with what can be done about it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from evidence.admin import rule_moved
from evidence.admin.cards import (
    OF_THE_MOMENT,
    asked_page,
    back,
    key_of,
    of_page,
    place,
    refuse_unknown,
)
from evidence.admin.inbox_cards import Deck, Sent
from evidence.admin.registry_records import may_take_in
from evidence.curation.errors import in_words
from evidence.models import RegistryRecord
from evidence.sync.errors import Refused
from evidence.vocab import Origin, Verdict

KNOWN = ("page", "verdict", "q", *OF_THE_MOMENT)
LONGEST_SEARCH = 200
VERDICTS = {Verdict.GIVES.value, Verdict.GREY.value}


class InboxPages(admin.ModelAdmin):
    """An admin of facts with a page of those that came in and wait."""

    deck: ClassVar[type[Deck]]

    def get_urls(self) -> list[URLPattern]:
        """Add `inbox/`."""
        view = require_http_methods(["GET", "HEAD", "POST"])(self.inbox_page)
        name = f"evidence_{self.opts.model_name}_inbox"
        return [path("inbox/", self.admin_site.admin_view(view), name=name), *super().get_urls()]

    def inbox_page(self, request: HttpRequest) -> HttpResponse:
        """Show what waits, or carry out what was decided of one card."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        refuse_unknown(request, KNOWN)
        deck = self.deck(request)
        if request.method == "POST":
            return self._decide(request, deck)
        return self._show(request, deck)

    def _decide(self, request: HttpRequest, deck: Deck) -> HttpResponse:
        """Carry out a decision; whatever was typed comes back where it cannot be."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        sent = deck.sent()
        thing = self.model._default_manager.filter(pk=sent.key).first()
        try:
            done = deck.carry_out(thing, sent)
        except (Refused, IntegrityError) as error:
            said = in_words(error) if isinstance(error, IntegrityError) else str(error)
            return self._show(request, deck, sent.refused(said), status=409)
        messages.success(request, done.said)
        rule_moved.tell(request, done.changes)
        return back(
            request,
            at=str(done.at or sent.after or ""),
            turned_down=done.turned_down.pk if done.turned_down is not None else "",
            accepted=done.accepted or "",
        )

    def _show(
        self, request: HttpRequest, deck: Deck, sent: Sent | None = None, status: int = 200
    ) -> HttpResponse:
        rows = deck.waiting(verdict=_verdict(request), words=_words(request))
        pages = asked_page(request, total=rows.count())
        cards = deck.cards(list(of_page(rows, pages)), sent)
        shown = sent is not None and any(card.thing.pk == sent.key for card in cards)
        context = {
            **self.admin_site.each_context(request),
            "title": deck.title,
            "opts": self.opts,
            "deck": deck,
            "cards": cards,
            "pages": pages,
            "sent": sent,
            # Of a card that is not there any more, the sentence stands above all others.
            "error": sent.error if sent is not None and not shown else "",
            "may_decide": self.has_change_permission(request),
            "verdict": _verdict(request),
            "words": _words(request),
            "grey": deck.grey(),
            "turned_down": _turned_down(request),
            "accepted": self._accepted(request),
            "at": place(request, (str(card.thing.pk) for card in cards)),
        }
        return TemplateResponse(request, "admin/evidence/inbox.html", context, status=status)

    def _accepted(self, request: HttpRequest) -> Any:
        """Return what was accepted a moment ago, as long as that can be taken back."""
        text = request.GET.get("accepted")
        if not text or not self.has_change_permission(request):
            return None
        rows = self.model._default_manager.filter(origin=Origin.IMPORT, accepted_at__isnull=False)
        return rows.filter(pk=key_of(text, what="entry")).first()


def _verdict(request: HttpRequest) -> str:
    word = request.GET.get("verdict", "")
    if word and word not in VERDICTS:
        raise BadRequest(f"There is no verdict “{word}” to filter by.")
    return word


def _words(request: HttpRequest) -> str:
    words = request.GET.get("q", "").replace("\x00", "").strip()
    if len(words) > LONGEST_SEARCH:
        raise BadRequest(f"A search takes at most {LONGEST_SEARCH} characters.")
    return words


def _turned_down(request: HttpRequest) -> RegistryRecord | None:
    """Return what was turned down a moment ago, as long as it can be taken in again."""
    text = request.GET.get("turned_down")
    if not text:
        return None
    found = RegistryRecord.objects.filter(pk=key_of(text, what="record")).first()
    return found if found is not None and may_take_in(request, found) else None
