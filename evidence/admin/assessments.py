"""Assessments in the admin: our judgements of topics, written beside what the rule says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from evidence.admin import rule_beside
from evidence.admin.bulk_jobs import Bulk
from evidence.admin.editions import EDITION, FOR_COLLEAGUES, EditionAdmin
from evidence.admin.filters import WAITING
from evidence.admin.findings import FINDING_COLUMNS
from evidence.admin.harms import HARM_COLUMNS
from evidence.admin.opened import EditionForm
from evidence.admin.panels import Panel, address, panel
from evidence.curation import ready
from evidence.models import Assessment, Finding, HarmReport, Topic
from evidence.models.base import OPEN_STATES
from evidence.vocab import State

# The button of the form that saves nothing.
ASKS = "_rule"


class AssessmentForm(EditionForm):
    """An assessment's form, which can also be sent to learn what the rule says: saving nothing."""

    only_asks = False

    def is_valid(self) -> bool:
        """Say whether it can be saved; never where it was sent to ask."""
        return not self.only_asks and super().is_valid()

    def full_clean(self) -> None:
        """Check everything; where it was sent to ask, find no fault yet."""
        if self.only_asks:
            self._errors = ErrorDict()
            self.cleaned_data = {}
        else:
            super().full_clean()


@admin.register(Assessment)
class AssessmentAdmin(EditionAdmin):
    """Our judgements of topics, as editions."""

    form = AssessmentForm
    asks_about_doubles = True
    readers_page = "topic"
    found_as = ("A", "record_id")
    list_display = (
        "code_and_edition",
        "state_word",
        "question",
        "status_word",
        "direction",
        "certainty",
        "author",
        "changed_on",
    )
    list_display_links = ("code_and_edition", "question")
    list_filter = (
        "state",
        *WAITING,
        "status",
        "direction",
        "certainty",
        "topic__condition__area",
        "origin",
    )
    bulk_moves = (
        *EditionAdmin.bulk_moves,
        Bulk.REVIEW_DATE,
    )
    search_fields = (
        "summary",
        "reason",
        "topic__condition__name",
        "topic__condition__synonyms",
        "topic__intervention__name",
        "topic__intervention__synonyms",
    )
    named_by = ("topic__condition", "topic__intervention", "author", "certainty_outcome")
    linked_by = (*EditionAdmin.linked_by, "topic__id__exact")
    fieldsets = (
        ("What was asked", {"fields": ("topic",)}),
        (
            "Our judgement",
            {"fields": ("status", "ground", "direction", ("certainty", "certainty_outcome"))},
        ),
        ("For readers", {"fields": ("summary",)}),
        ("Where it differs from the rule", {"fields": ("reason", "review_by")}),
        ("Review", {"fields": ("next_review",)}),
        (
            "The narrative source page",
            {"fields": (("narrative_word", "narrative_date"), "narrative_source")},
        ),
        FOR_COLLEAGUES,
        EDITION,
    )

    @admin.display(description="status", ordering="status")
    def status_word(self, obj: Assessment) -> str:
        """Say the status in its colour."""
        return format_html('<span class="{}">{}</span>', obj.status, obj.get_status_display())

    # --- What the rule says, beside it ----------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        """Add `rule/`: what the rule says of a topic, for the form as it is filled in."""
        view = self.admin_site.admin_view(require_safe(self.rule_page))
        return [path("rule/", view, name=self._url_name("rule")), *super().get_urls()]

    def rule_page(self, request: HttpRequest) -> HttpResponse:
        """Answer what the rule says of a topic."""
        return rule_beside.page(request, self.admin_site)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Return the form's class; one that is sent to be shown again is not checked."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.only_asks = ASKS in request.POST
        return form

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Show beside the form what the rule says of what is chosen in it."""
        form, obj = context["adminform"].form, kwargs.get("obj")
        if not context["is_popup"] and (obj is None or _is_current(obj)):
            context["rule_address"] = address(self.model, "rule")
            context["rule"] = rule_beside.beside_form(form, obj)
            context["asks"] = ASKS if "topic" in form.fields else ""
        return super().render_change_form(request, context, *args, **kwargs)

    def page_context(self, request: HttpRequest, edition: Any, **more: Any) -> dict[str, Any]:
        """Return what a page about an edition needs, with the rule's word on its topic."""
        if _is_current(edition):
            more["rule_address"] = address(self.model, "rule")
            more["rule"] = rule_beside.beside_edition(edition)
        return super().page_context(request, edition, **more)

    def lacks(self, edition: Any) -> tuple[ready.Fault, ...]:
        """Say what it takes before a second reader could publish it."""
        return (*super().lacks(edition), *ready.unexplained(edition))

    def review_title(self, edition: Any) -> str:
        """Say which question it answers."""
        return str(edition.topic)

    def review_panels(self, request: HttpRequest, edition: Any) -> Sequence[Panel]:
        """Show what is published on the topic: the assessment rests on it."""
        harms = HarmReport.objects.public().filter(topic=edition.topic_id)
        return (
            panel(
                Finding.objects.public().filter(topic=edition.topic_id),
                title="Findings published on the topic",
                columns=FINDING_COLUMNS,
                found_by={"topic__id__exact": edition.topic_id, "state__exact": "published"},
            ),
            panel(
                harms.select_related("adverse_effect", "intervention"),
                title="Harm reports published on the topic",
                columns=HARM_COLUMNS,
                found_by={"topic__id__exact": edition.topic_id, "state__exact": "published"},
            ),
        )

    def view_on_site(self, obj: Assessment) -> str | None:
        """Return the page of its topic, once an assessment of it is published."""
        return self.admin_site._registry[Topic].get_view_on_site_url(obj.topic)


def _is_current(edition: Assessment) -> bool:
    return edition.state in (*OPEN_STATES, State.PUBLISHED)
