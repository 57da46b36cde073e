"""Records of registries and the literature: the verdict, the payloads, what changed in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import truncatechars
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from evidence.admin.cards import DONE
from evidence.admin.filters import Strict
from evidence.admin.moves import safe_next
from evidence.admin.panels import address
from evidence.admin.people import ReadOnly
from evidence.admin.relations import is_key
from evidence.curation.errors import in_words
from evidence.models import RegistryRecord, Snapshot, Trial
from evidence.sync import inbox, payloads
from evidence.sync.errors import Refused
from evidence.templatetags.things import REGISTRY_PAGES
from evidence.vocab import Source, Verdict

MOST_SNAPSHOTS = 100


class DecidedBy(Strict):
    """Whether a person gave the verdict, or the program."""

    title = "who decided"
    parameter_name = "decided"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        """Offer both."""
        return (("person", "a person"), ("program", "the program"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows asked for."""
        if self.value() is None:
            return queryset
        return queryset.filter(decided_by__isnull=self.value() == "program")


class HeldAs(Strict):
    """What there is of it here."""

    title = "held as"
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        """Offer a trial, a publication, and the record alone."""
        return (("trial", "a trial"), ("publication", "a publication"), ("record", "nothing else"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows asked for."""
        kinds = {
            "trial": Q(trial__isnull=False),
            "publication": Q(publication__isnull=False),
            "record": Q(trial__isnull=True, publication__isnull=True),
        }
        asked = self.value()
        return queryset if asked is None else queryset.filter(kinds[asked])


class Vanished(Strict):
    """Whether its source knows it still."""

    title = "at its source"
    parameter_name = "there"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        """Offer both."""
        return (("yes", "known there"), ("no", "gone from there"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows asked for."""
        if self.value() is None:
            return queryset
        return queryset.filter(vanished_on__isnull=self.value() == "yes")


@admin.register(RegistryRecord)
class RegistryRecordAdmin(ReadOnly):
    """What was last read of each number, and what we made of it."""

    change_form_template = "admin/evidence/registry_record.html"
    list_display = ("value", "short_title", "verdict", "decided", "thing", "checked_on", "gone")
    list_display_links = ("value", "short_title")
    list_filter = ("verdict", DecidedBy, HeldAs, "source", Vanished)
    search_fields = ("value", "title", "reason")
    ordering = ("value",)
    named_by = ("trial", "publication", "decided_by")
    linked_by = ("trial__id__exact", "publication__id__exact")
    fields = (
        ("value", "source", "at_its_source"),
        "title",
        "verdict",
        "reason",
        ("decided", "decided_at"),
        "thing",
        ("checked_on", "vanished_on"),
    )
    readonly_fields = (
        *("value", "source", "at_its_source", "title", "verdict", "reason", "decided"),
        *("decided_at", "thing", "checked_on", "vanished_on"),
    )

    @admin.display(description="title", ordering="title")
    def short_title(self, obj: RegistryRecord) -> str:
        """Give as much of the title as tells studies apart."""
        return truncatechars(obj.title, 110)

    @admin.display(description="decided by", ordering="decided_by__username")
    def decided(self, obj: RegistryRecord) -> str:
        """Name the person, or the program."""
        if obj.decided_by is not None:
            return str(obj.decided_by)
        return "the program" if obj.verdict else ""

    @admin.display(description="held as")
    def thing(self, obj: RegistryRecord) -> str:
        """Lead to the trial or publication that it is a record of."""
        held = obj.trial or obj.publication
        if held is None:
            return "nothing else"
        url = address(type(held), "change", args=[held.pk])
        word = held.slug if isinstance(held, Trial) else held.code
        return format_html('<a href="{}">{} {}</a>', url, held._meta.verbose_name, word)

    @admin.display(description="gone since", ordering="vanished_on")
    def gone(self, obj: RegistryRecord) -> Any:
        """Say since when its source does not know it any more."""
        return obj.vanished_on or ""

    @admin.display(description="at its source")
    def at_its_source(self, obj: RegistryRecord) -> SafeString | str:
        """Lead to its page there."""
        return link_of(obj)

    def get_urls(self) -> list[URLPattern]:
        """Add `<key>/take-in/`."""
        view = require_POST(self.take_in)
        own = path(
            "<str:object_id>/take-in/",
            self.admin_site.admin_view(view),
            name="evidence_registryrecord_take_in",
        )
        return [own, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Show a record with its payloads, and what changed from one to another."""
        obj = kwargs["obj"]
        rows = Snapshot.objects.filter(source=obj.source, value=obj.value).defer("payload")
        snapshots = list(rows.order_by("-received_at", "-pk")[:MOST_SNAPSHOTS])
        older, newer = _asked(request, snapshots)
        context |= {
            "snapshots": snapshots,
            "older": older,
            "newer": newer,
            "differences": payloads.differences(obj.source, older, newer) if older else (),
            "may_take_in": may_take_in(request, obj),
            "next": safe_next(request, ""),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def take_in(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Put what was left out into the inbox after all."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = RegistryRecord.objects.filter(pk=object_id if is_key(object_id) else 0)
        record = rows.first()
        if record is None:
            raise Http404("There is no such record.")
        if not _may_decide(request, record):
            raise PermissionDenied
        here = address(RegistryRecord, "change", args=[record.pk])
        try:
            thing: Any = inbox.take_in(record, by=request.user)
        except (Refused, IntegrityError) as error:
            said = in_words(error) if isinstance(error, IntegrityError) else str(error)
            messages.error(request, said)
            return HttpResponseRedirect(here)
        url = address(type(thing), "change", args=[thing.pk])
        told = '<a href="{}">{}</a> waits in the inbox.'
        messages.success(request, format_html(told, url, record.value))
        place = f"admin:evidence_{thing._meta.model_name}_inbox"
        return HttpResponseRedirect(safe_next(request, f"{reverse(place)}?at={thing.pk}#{DONE}"))


def may_take_in(request: HttpRequest, record: RegistryRecord) -> bool:
    """Say whether a record stands alone and this person may put it into the inbox."""
    alone = record.trial_id is None and record.publication_id is None
    return alone and record.snapshot_id is not None and _may_decide(request, record)


def _may_decide(request: HttpRequest, record: RegistryRecord) -> bool:
    kind = "trial" if record.source in payloads.OF_TRIALS else "publication"
    return bool(request.user.has_perm(f"evidence.change_{kind}"))


def link_of(record: RegistryRecord) -> SafeString | str:
    """Lead to a record's page at its source, where it has one."""
    url = page_of(record)
    words = f"{record.value} at {record.get_source_display()}"
    return format_html('<a href="{}" rel="external">{}</a>', url, words) if url else words


def page_of(record: RegistryRecord) -> str:
    """Return the address of a record's page at its source; empty where it has none."""
    value = record.value
    if record.source == Source.PUBMED and value.isdigit():
        return f"https://pubmed.ncbi.nlm.nih.gov/{value}/"
    if record.source == Source.CROSSREF and value.startswith("10."):
        return f"https://doi.org/{value}"
    for prefix, pattern in REGISTRY_PAGES.items():
        if value.startswith(prefix):
            return pattern.format(value)
    return ""


def _asked(
    request: HttpRequest, snapshots: Sequence[Snapshot]
) -> tuple[Snapshot | None, Snapshot | None]:
    """Return the two payloads to compare: those asked for, or else the last two."""
    known = {str(one.pk): one for one in snapshots}
    asked = [known.get(request.GET.get(name, "")) for name in ("from", "to")]
    if asked[0] is not None and asked[1] is not None:
        return asked[0], asked[1]
    return (snapshots[1], snapshots[0]) if len(snapshots) > 1 else (None, None)


NOT_IL2: dict[str, str] = {"verdict__exact": Verdict.NOT_IL2.value}
"""The query of the list of what was judged not to give IL-2."""
