"""Harm reports in the admin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from evidence.admin.editions import EDITION, FOR_COLLEAGUES, EditionAdmin
from evidence.admin.filters import WAITING, LocatorGiven
from evidence.admin.findings import same_source
from evidence.admin.panels import Cell, Panel, panel
from evidence.models import HarmReport


def counts(report: HarmReport) -> str:
    """Say how many of how many, or the percent as printed; nothing is worked out."""
    if report.affected is not None and report.at_risk is not None:
        return f"{report.affected:,} / {report.at_risk:,}"
    if report.percent is not None:
        return f"{report.percent:g} %"
    return "not reported" if report.affected is None else f"{report.affected:,}"


def dose(report: HarmReport) -> str:
    """Name the dose class without its limits: a table repeats them on every line."""
    return report.get_dose_class_display().partition(" (")[0]


HARM_COLUMNS: Mapping[str, Cell] = {
    "Harm report": lambda report: report.code,
    "Effect": lambda report: report.adverse_effect,
    "With": lambda report: report.intervention,
    "Dose class": dose,
    "Affected / at risk": counts,
    "Collected": HarmReport.get_collected_display,
    "State": HarmReport.get_state_display,
}
AS_COUNTED = (
    "People, not events. Empty means not reported, and 0 means that there was none. A percent "
    "only where the source prints no counts: it is never worked back."
)


@admin.register(HarmReport)
class HarmReportAdmin(EditionAdmin):
    """How often one effect was seen in one group of one source."""

    readers_page = "harm"
    found_as = ("H", "record_id")
    list_display = (
        "code_and_edition",
        "state_word",
        "adverse_effect",
        "intervention",
        "dose",
        "counts",
        "author",
        "changed_on",
    )
    list_display_links = ("code_and_edition", "adverse_effect")
    list_filter = (
        "state",
        *WAITING,
        LocatorGiven,
        "dose_class",
        "collected",
        "comparator",
        "attribution",
        "origin",
    )
    search_fields = (
        "term_as_printed",
        "statement",
        "adverse_effect__name",
        "adverse_effect__synonyms",
        "intervention__name",
        "intervention__synonyms",
        "publication__title",
        "publication__pmid",
        "publication__doi",
        "trial__slug",
        "trial__acronym",
        "trial__identifiers__value",
    )
    named_by = (
        "adverse_effect",
        "intervention",
        "author",
        "publication",
        "trial",
        "topic__condition",
        "topic__intervention",
    )
    linked_by = (
        *EditionAdmin.linked_by,
        "adverse_effect__id__exact",
        "topic__id__exact",
        "intervention__id__exact",
        "publication__id__exact",
        "trial__id__exact",
    )
    kept_for_another = (
        "intervention",
        "topic",
        "publication",
        "trial",
        "results_posted",
        "locator",
        "arm",
        "dose_class",
        "given",
        "follow_up",
        "collected",
        "collected_note",
        "attribution",
        "at_risk",
        "comparator",
        "comparator_at_risk",
    )
    fieldsets = (
        (
            "What was seen",
            {"fields": ("adverse_effect", "term_as_printed", ("intervention", "topic"))},
        ),
        (
            "In whom",
            {"fields": ("arm", "dose_class", "given", "follow_up")},
        ),
        (
            "What was counted",
            {"fields": ("collected", "collected_note", "grades_as_printed", "attribution")},
        ),
        (
            "Figures",
            {
                "description": AS_COUNTED,
                "fields": (
                    ("affected", "at_risk", "percent"),
                    "comparator",
                    ("comparator_affected", "comparator_at_risk", "comparator_percent"),
                    "figures_unchecked",
                ),
            },
        ),
        (
            "Where it says so",
            {"fields": ("publication", "trial", "results_posted", "locator", "statement")},
        ),
        FOR_COLLEAGUES,
        EDITION,
    )

    @admin.display(description="dose class", ordering="dose_class")
    def dose(self, obj: HarmReport) -> str:
        """Name the dose class without its limits."""
        return dose(obj)

    @admin.display(description="affected / at risk", ordering="affected")
    def counts(self, obj: HarmReport) -> str:
        """Say how many of how many."""
        return counts(obj)

    def review_panels(self, request: HttpRequest, edition: Any) -> Sequence[Panel]:
        """Show what else is published of this effect, then what else its source reports."""
        rows = HarmReport.objects.exclude(record=edition.record_id).select_related(
            "adverse_effect", "intervention"
        )
        return (
            panel(
                rows.public().filter(
                    adverse_effect=edition.adverse_effect_id, intervention=edition.intervention_id
                ),
                title="The same effect of the same intervention, as published",
                columns=HARM_COLUMNS,
            ),
            panel(
                same_source(rows, edition),
                title="Other harm reports of the same source",
                columns=HARM_COLUMNS,
            ),
        )
