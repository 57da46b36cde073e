"""Outcome groups in the admin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from evidence.admin.findings import FINDING_COLUMNS
from evidence.admin.panels import Panel, panel
from evidence.admin.terms import HOUSEKEEPING, MERGED, NAME, TermAdmin
from evidence.models import Finding, Outcome


@admin.register(Outcome)
class OutcomeAdmin(TermAdmin):
    """The names under which results of different studies are compared."""

    list_display = ("name", "kind", "synonyms")
    list_filter = ("kind", MERGED)
    fieldsets = (NAME, ("What is measured", {"fields": ("kind",)}), HOUSEKEEPING)

    def panels(self, request: HttpRequest, obj: Any) -> Sequence[Panel]:
        """Show the findings that are compared under this name."""
        return (
            panel(
                Finding.objects.filter(outcome_group=obj),
                title="Findings",
                columns=FINDING_COLUMNS,
                found_by={"outcome_group__id__exact": obj.pk},
            ),
        )
