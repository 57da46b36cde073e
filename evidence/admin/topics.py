"""Topics in the admin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html

from evidence.admin.base import EvidenceAdmin
from evidence.admin.findings import FINDING_COLUMNS
from evidence.admin.harms import HARM_COLUMNS
from evidence.admin.opened import RowForm
from evidence.admin.panels import Cell, Panel, panel
from evidence.ledger import derivation, version
from evidence.models import Assessment, Finding, HarmReport, Topic

QUESTION = ("condition", "intervention", "role", "population")
TOPIC_COLUMNS: Mapping[str, Cell] = {
    "Topic": lambda topic: topic.code,
    "Question": str,
    "The rule says": Topic.get_rule_status_display,
    "Findings": lambda topic: topic.findings_count,
}
ASSESSMENT_COLUMNS: Mapping[str, Cell] = {
    "Assessment": lambda edition: edition.code,
    "Edition": lambda edition: edition.number,
    "Status": Assessment.get_status_display,
    "Direction": Assessment.get_direction_display,
    "Certainty": Assessment.get_certainty_display,
    "State": Assessment.get_state_display,
}


@admin.register(Topic)
class TopicAdmin(EvidenceAdmin):
    """The questions, with everything that was written on each."""

    form = RowForm
    own_mistakes = True
    readers_page = "topic"
    readers_word = "code"
    found_as = ("T", "pk")
    list_display = (
        "code_word",
        "condition",
        "intervention",
        "role",
        "population",
        "rule_word",
        "findings_count",
        "trials_count",
    )
    list_display_links = ("code_word", "condition")
    list_filter = ("condition__area", "role", "population", "rule_status", "rule")
    search_fields = (
        "condition__name",
        "condition__synonyms",
        "intervention__name",
        "intervention__synonyms",
        "role",
        "population",
        "trials__identifiers__value",
    )
    ordering = ("condition__name", "intervention__name", "pk")
    named_by = ("condition", "intervention")
    linked_by = ("condition__id__exact", "intervention__id__exact", "trials__id__exact")
    fieldsets = (
        ("The question", {"fields": QUESTION}),
        ("Trials that address it", {"fields": ("trials",)}),
        (
            "What the rule reads in it",
            {
                "fields": (
                    "rule_word",
                    ("findings_count", "studies_count", "trials_count", "publications_count"),
                )
            },
        ),
    )
    readonly_fields = (
        "rule_word",
        "findings_count",
        "studies_count",
        "trials_count",
        "publications_count",
    )

    @admin.display(description="code", ordering="pk")
    def code_word(self, obj: Topic) -> str:
        """Give its name in addresses."""
        return obj.code

    @admin.display(description="the rule says", ordering="rule_status")
    def rule_word(self, obj: Topic) -> str:
        """Say the rule's status and the line that gives it."""
        if not obj.rule:
            return "not worked out yet"
        return format_html(
            '<span class="{}">{}</span> ({}: {})',
            obj.rule_status,
            obj.get_rule_status_display(),
            obj.rule,
            obj.get_rule_display(),
        )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave out what the rule says of a topic that does not exist yet."""
        return super().get_fieldsets(request, obj) if obj is not None else self.fieldsets[:2]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[str]:
        """Keep the question once something was written on it: it would answer another one."""
        fixed = QUESTION if obj is not None and _is_written_on(obj) else ()
        return [*super().get_readonly_fields(request, obj), *fixed]

    def bring_up_to_date(self, form: Any, change: bool) -> list[derivation.Change]:
        """Work everything out again where a question became another one."""
        if not change or not {*QUESTION} & {*form.changed_data}:
            return super().bring_up_to_date(form, change)
        changes = derivation.rederive()
        version.bump()
        return changes

    def panels(self, request: HttpRequest, obj: Any) -> Sequence[Panel]:
        """Show what was written on it: assessments, findings, harm reports."""
        own = {"topic__id__exact": obj.pk}
        harms = HarmReport.objects.filter(topic=obj)
        return (
            panel(
                Assessment.objects.filter(topic=obj).order_by("-number"),
                title="Assessments",
                columns=ASSESSMENT_COLUMNS,
                found_by=own,
                starts_with={"topic": obj.pk},
                may_add=self.may_add(request, Assessment),
            ),
            panel(
                Finding.objects.filter(topic=obj),
                title="Findings",
                columns=FINDING_COLUMNS,
                found_by=own,
                starts_with={"topic": obj.pk, "population": obj.population},
                may_add=self.may_add(request, Finding),
            ),
            panel(
                harms.select_related("adverse_effect", "intervention"),
                title="Harm reports",
                columns=HARM_COLUMNS,
                found_by=own,
                starts_with={"topic": obj.pk, "intervention": obj.intervention_id},
                may_add=self.may_add(request, HarmReport),
            ),
        )


def _is_written_on(topic: Topic) -> bool:
    return any(
        rows.filter(topic=topic).exists()
        for rows in (Assessment.objects, Finding.objects, HarmReport.objects)
    )
