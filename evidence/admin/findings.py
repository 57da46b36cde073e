"""Findings in the admin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.contrib import admin

from evidence.admin.editions import EDITION, FOR_COLLEAGUES, EditionAdmin
from evidence.admin.opened import EditionForm
from evidence.admin.panels import Cell
from evidence.models import Finding

FINDING_COLUMNS: Mapping[str, Cell] = {
    "Finding": lambda finding: finding.code,
    "Outcome": lambda finding: finding.outcome,
    "Direction": Finding.get_direction_display,
    "Kind": Finding.get_outcome_kind_display,
    "Analysis": Finding.get_analysis_display,
    "State": Finding.get_state_display,
}
AS_PRINTED = (
    "As the source prints them. Empty means not reported: never type 0 for that. An interval has "
    "both its ends and its level; an estimate has its measure."
)


class FindingForm(EditionForm):
    """A finding's form: of half an interval it says one thing only."""

    said_by: ClassVar = {"estimate_in_interval": "interval_whole"}


@admin.register(Finding)
class FindingAdmin(EditionAdmin):
    """What one source showed on one topic, in the order in which a paper is read."""

    form = FindingForm
    readers_page = "finding"
    found_as = ("F", "record_id")
    list_display = (
        "code_and_edition",
        "state_word",
        "outcome",
        "direction",
        "question",
        "author",
        "changed_on",
    )
    list_display_links = ("code_and_edition", "outcome")
    list_filter = (
        "state",
        "direction",
        "outcome_kind",
        "analysis",
        "comparison",
        "topic__condition__area",
        "topic__role",
        "origin",
    )
    search_fields = (
        "outcome",
        "statement",
        "topic__condition__name",
        "topic__condition__synonyms",
        "topic__intervention__name",
        "topic__intervention__synonyms",
        "publication__title",
        "publication__pmid",
        "publication__doi",
        "trial__slug",
        "trial__acronym",
        "trial__identifiers__value",
    )
    named_by = (
        "topic__condition",
        "topic__intervention",
        "author",
        "publication",
        "trial",
        "outcome_group",
    )
    linked_by = (
        *EditionAdmin.linked_by,
        "topic__id__exact",
        "publication__id__exact",
        "trial__id__exact",
        "outcome_group__id__exact",
    )
    fieldsets = (
        (
            "What was asked",
            {"fields": ("topic", "publication", "trial", "results_posted")},
        ),
        (
            "What happened",
            {
                "fields": (
                    "outcome",
                    ("outcome_kind", "outcome_group"),
                    "direction",
                    ("comparison", "analysis"),
                    ("subjects", "population"),
                    ("design", "time_point"),
                )
            },
        ),
        (
            "Figures",
            {
                "description": AS_PRINTED,
                "fields": (
                    "effect_measure",
                    ("estimate", "ci_low", "ci_high", "ci_level"),
                    "p_value",
                    ("value_il2", "value_comparator"),
                    ("n_il2", "n_comparator", "n_total"),
                ),
            },
        ),
        ("Where it says so", {"fields": ("locator", "statement")}),
        ("How far it can be trusted", {"fields": (("risk_of_bias", "certainty"),)}),
        FOR_COLLEAGUES,
        EDITION,
    )
