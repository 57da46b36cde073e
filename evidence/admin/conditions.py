"""Conditions in the admin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from evidence.admin.panels import Panel, panel
from evidence.admin.terms import HOUSEKEEPING, MERGED, NAME, TermAdmin
from evidence.admin.topics import TOPIC_COLUMNS
from evidence.models import Condition, Topic


@admin.register(Condition)
class ConditionAdmin(TermAdmin):
    """Diseases and states, with what stands under them."""

    readers_page = "condition"
    list_display = ("name", "area", "parent", "mesh_id", "icd10cm", "doid")
    list_filter = ("area", MERGED)
    search_fields = ("name", "slug", "synonyms", "mesh_id", "icd10cm", "doid")
    named_by = ("parent",)
    linked_by = ("parent__id__exact",)
    fieldsets = (
        NAME,
        ("Its place", {"fields": ("area", "parent")}),
        ("In other vocabularies", {"fields": (("mesh_id", "icd10cm", "doid"),)}),
        ("What is not known", {"fields": ("unknowns",)}),
        HOUSEKEEPING,
    )

    def panels(self, request: HttpRequest, obj: Any) -> Sequence[Panel]:
        """Show its topics and the narrower conditions."""
        topics = Topic.objects.filter(condition=obj)
        return (
            panel(
                topics.select_related("condition", "intervention"),
                title="Topics",
                columns=TOPIC_COLUMNS,
                found_by={"condition__id__exact": obj.pk},
                starts_with={"condition": obj.pk},
                may_add=self.may_add(request, Topic),
            ),
            panel(
                Condition.objects.filter(parent=obj),
                title="Narrower conditions",
                columns={"Name": str, "Area": Condition.get_area_display},
                found_by={"parent__id__exact": obj.pk},
                starts_with={"parent": obj.pk, "area": obj.area},
                may_add=self.has_add_permission(request),
            ),
        )
