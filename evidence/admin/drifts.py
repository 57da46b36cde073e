"""Changes at the registries: a card for each trial, and the log of what was decided of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import truncatechars
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from evidence.admin import drift_cards, rule_moved
from evidence.admin.cards import asked_page, back, of_page, place, refuse_unknown, typed
from evidence.admin.filters import Strict
from evidence.admin.panels import address
from evidence.admin.people import ReadOnly
from evidence.curation.errors import in_words
from evidence.models import Drift
from evidence.sync import drifts
from evidence.sync.errors import Refused

KNOWN = ("page", "trial", "publication", "at")


class Stands(Strict):
    """Whether the source's value stood here when the change was found."""

    title = "what stood here"
    parameter_name = "stood"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        """Offer both."""
        return (("theirs", "the new one, at once"), ("ours", "ours, corrected here"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows asked for."""
        if self.value() is None:
            return queryset
        return queryset.filter(applied=self.value() == "theirs")


@admin.register(Drift)
class DriftAdmin(ReadOnly):
    """What the sources changed: open ones as cards, all of them as a log."""

    change_list_template = "admin/evidence/drift_log.html"
    list_display = ("record", "what", "field_name", "says_now", "opened_at", "decided", "why")
    list_display_links = ("record",)
    list_filter = ("decision", Stands)
    search_fields = ("record__value", "trial__title", "trial__slug", "publication__title", "reason")
    ordering = ("-opened_at", "-pk")
    named_by = ("record", "trial", "publication", "decided_by")
    linked_by = ("trial__id__exact", "publication__id__exact", "decided_at__isnull")
    fields = (
        "record",
        "what",
        "field_name",
        "ours",
        "before",
        "after",
        ("applied", "opened_at"),
        ("decision", "decided_by", "decided_at"),
        "reason",
    )
    readonly_fields = (
        *("record", "what", "field_name", "ours", "before", "after", "applied", "opened_at"),
        *("decision", "decided_by", "decided_at", "reason"),
    )

    @admin.display(description="trial or publication")
    def what(self, obj: Drift) -> str:
        """Name what it is about."""
        return truncatechars(str(obj.trial or obj.publication), 80)

    @admin.display(description="field", ordering="field")
    def field_name(self, obj: Drift) -> str:
        """Name the field."""
        return drifts.label(obj)

    @admin.display(description="says now", ordering="after")
    def says_now(self, obj: Drift) -> str:
        """Give the beginning of what the source says."""
        return truncatechars(drifts.words(obj, obj.after), 80)

    @admin.display(description="decided", ordering="decided_at")
    def decided(self, obj: Drift) -> str:
        """Say who decided what."""
        if obj.decided_at is None:
            return "waits"
        return f"{obj.get_decision_display()}, {obj.decided_by}"

    @admin.display(description="reason", ordering="reason")
    def why(self, obj: Drift) -> str:
        """Give the beginning of why ours was kept."""
        return truncatechars(obj.reason, 60)

    def get_urls(self) -> list[URLPattern]:
        """Add `cards/`."""
        view = require_http_methods(["GET", "HEAD", "POST"])(self.cards_page)
        own = path("cards/", self.admin_site.admin_view(view), name="evidence_drift_cards")
        return [own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the log under its own name."""
        told = {"title": "Changes at the registries: all, decided or not"}
        return super().changelist_view(request, {**(extra_context or {}), **told})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Name the field by its label."""
        obj = kwargs["obj"]
        context["subtitle"] = f"{obj.record}: {drifts.label(obj).lower()}"
        return super().render_change_form(request, context, *args, **kwargs)

    def cards_page(self, request: HttpRequest) -> HttpResponse:
        """Show what waits, a card for each trial and publication, or decide on one of them."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        refuse_unknown(request, KNOWN)
        if request.method == "POST":
            return self._decide(request)
        return self._show(request)

    def _decide(self, request: HttpRequest) -> HttpResponse:
        """Carry out what was decided of a card; what was typed is shown again where it is not."""
        chosen = request.POST.getlist("drift")
        rows: list[Drift] = []
        if not drift_cards.may_decide(request, request.POST.get("of", "").partition("-")[0]):
            raise PermissionDenied
        reason = typed(request, "reason")
        try:
            rows = drift_cards.ticked(chosen)
            seen = drift_cards.seen(rows, chosen)
            drift_cards.refuse_if_unclear(request, reason)
            if "_keep" in request.POST:
                changes = drifts.keep(rows, by=request.user, reason=reason, seen=seen)
            else:
                changes = drifts.accept(rows, by=request.user, seen=seen)
        except (Refused, IntegrityError) as error:
            said = in_words(error) if isinstance(error, IntegrityError) else str(error)
            key = request.POST.get("of", "")
            sent = drift_cards.Sent(key=key, ticked=frozenset(chosen), reason=reason, error=said)
            return self._show(request, sent, status=409)
        messages.success(request, _told(rows, kept="_keep" in request.POST))
        rule_moved.tell(request, changes)
        return back(request, at=request.POST.get("after", ""))

    def _show(
        self, request: HttpRequest, sent: drift_cards.Sent | None = None, status: int = 200
    ) -> HttpResponse:
        groups = drift_cards.groups(request)
        pages = asked_page(request, total=groups.count())
        cards = drift_cards.cards(request, list(of_page(groups, pages)), sent)
        context = {
            **self.admin_site.each_context(request),
            "title": "Changes at the registries",
            "opts": self.opts,
            "cards": cards,
            "pages": pages,
            # Of a card that is not there any more, the sentence stands above all others.
            "error": "" if sent is None or drift_cards.is_shown(sent, cards) else sent.error,
            "sent": sent,
            "at": place(request, (card.key for card in cards)),
            "narrowed": bool(request.GET.get("trial") or request.GET.get("publication")),
        }
        return TemplateResponse(request, "admin/evidence/drift_cards.html", context, status=status)


def _told(rows: Sequence[Drift], *, kept: bool) -> str:
    """Say what was done, with the way to it."""
    thing: Any = rows[0].trial or rows[0].publication
    named = ", ".join(drifts.label(row).lower() for row in rows)
    url = address(type(thing), "change", args=[thing.pk])
    name = getattr(thing, "slug", "") or thing.title
    words = "ours kept" if kept else "accepted"
    return format_html('<a href="{}">{}</a>: {} ({}).', url, name, words, named)
