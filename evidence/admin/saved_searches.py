"""Saved searches: what is asked of ClinicalTrials.gov for trials that are not known here yet."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from evidence.admin.base import EvidenceAdmin
from evidence.admin.opened import RowForm
from evidence.models import SavedSearch

WORDS = frozenset({"intervention", "condition"})


@admin.register(SavedSearch)
class SavedSearchAdmin(EvidenceAdmin):
    """What `sync_trials` looks for beside the trials that are known."""

    form = RowForm
    seen_by_readers = False
    list_display = ("name", "intervention", "condition", "active", "last_total")
    list_filter = ("active",)
    search_fields = ("name", "intervention", "condition")
    ordering = ("name",)
    readonly_fields = ("last_total",)
    fieldsets = (
        ("What it looks for", {"fields": ("name", "intervention", "condition")}),
        ("When it is asked", {"fields": ("active", "last_total")}),
    )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save it; of other words there is no count that the next one could be compared with."""
        if not WORDS.isdisjoint(form.changed_data):
            obj.last_total = None
        super().save_model(request, obj, form, change)
