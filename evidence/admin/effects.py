"""Adverse effects in the admin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from evidence.admin.harms import HARM_COLUMNS
from evidence.admin.panels import Panel, panel
from evidence.admin.terms import HOUSEKEEPING, MERGED, NAME, TermAdmin
from evidence.models import AdverseEffect, HarmReport


@admin.register(AdverseEffect)
class AdverseEffectAdmin(TermAdmin):
    """Harms in CTCAE's wording, and what they lead to."""

    readers_page = "adverse-effect"
    list_display = ("name", "organ_system", "ctcae_term", "serious")
    list_filter = ("serious", "organ_system", MERGED)
    search_fields = ("name", "slug", "synonyms", "ctcae_term", "organ_system")
    fieldsets = (
        NAME,
        ("What it is", {"fields": ("organ_system", "ctcae_term", "serious")}),
        ("How it comes about and what is done", {"fields": ("mechanism", "management")}),
        ("What it leads to", {"fields": ("leads_to",)}),
        HOUSEKEEPING,
    )

    def panels(self, request: HttpRequest, obj: Any) -> Sequence[Panel]:
        """Show where it was reported."""
        return (
            panel(
                HarmReport.objects.filter(adverse_effect=obj).select_related(
                    "adverse_effect", "intervention"
                ),
                title="Harm reports",
                columns=HARM_COLUMNS,
                found_by={"adverse_effect__id__exact": obj.pk},
                starts_with={"adverse_effect": obj.pk},
                may_add=self.may_add(request, HarmReport),
            ),
        )
