"""Interventions in the admin, with their cell targets, combination partners and approvals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from evidence.admin.base import Inline
from evidence.admin.facts import ACCEPTED, ENTRY, FactAdmin
from evidence.admin.opened import RowForm
from evidence.admin.panels import Panel, panel
from evidence.admin.terms import HOUSEKEEPING, MERGED, NAME, TermAdmin
from evidence.admin.topics import TOPIC_COLUMNS
from evidence.ledger import derivation
from evidence.models import (
    Approval,
    CellTarget,
    CombinationPartner,
    Intervention,
    InterventionPartner,
    Topic,
)


class PartnersInline(Inline):
    """What an intervention is combined with, and how."""

    model = InterventionPartner


@admin.register(Intervention)
class InterventionAdmin(TermAdmin):
    """Forms of IL-2, with their variants, partners and approvals."""

    readers_page = "intervention"
    list_display = ("name", "kind", "selectivity", "dose_class", "stage", "parent")
    list_filter = ("kind", "selectivity", "dose_class", "stage", MERGED)
    search_fields = ("name", "slug", "synonyms", "developer", "drugbank", "chembl", "unii", "atc")
    named_by = ("parent",)
    linked_by = ("parent__id__exact",)
    inlines = (PartnersInline,)
    fieldsets = (
        NAME,
        ("What it is", {"fields": ("kind", "parent", "selectivity", "cell_targets")}),
        ("How it is given", {"fields": ("dose_class", "usual_dose", "usual_routes")}),
        ("Where it comes from", {"fields": ("developer", "stage", "history")}),
        (
            "In other vocabularies",
            {"fields": (("atc", "drugbank", "chembl"), ("unii", "mesh_id"))},
        ),
        HOUSEKEEPING,
    )

    def panels(self, request: HttpRequest, obj: Any) -> Sequence[Panel]:
        """Show its topics, its approvals and its variants."""
        return (
            panel(
                Topic.objects.filter(intervention=obj).select_related("condition", "intervention"),
                title="Topics",
                columns=TOPIC_COLUMNS,
                found_by={"intervention__id__exact": obj.pk},
                starts_with={"intervention": obj.pk},
                may_add=self.may_add(request, Topic),
            ),
            panel(
                Approval.objects.filter(intervention=obj).select_related("condition"),
                title="Approvals",
                columns={
                    "Condition": lambda approval: approval.condition,
                    "Population": Approval.get_population_display,
                    "Agency": Approval.get_agency_display,
                    "From": lambda approval: approval.from_year or "",
                },
                found_by={"intervention__id__exact": obj.pk},
                starts_with={"intervention": obj.pk},
                may_add=self.may_add(request, Approval),
            ),
            panel(
                Intervention.objects.filter(parent=obj),
                title="Regimens and variants of it",
                columns={"Name": str, "Kind": Intervention.get_kind_display},
                found_by={"parent__id__exact": obj.pk},
                starts_with={"parent": obj.pk},
                may_add=self.has_add_permission(request),
            ),
        )


@admin.register(CellTarget, CombinationPartner)
class WordAdmin(TermAdmin):
    """Terms that are a name and its synonyms: cells that IL-2 moves, what it is combined with."""

    list_display = ("name", "synonyms")
    fieldsets = (NAME, HOUSEKEEPING)


class ApprovalForm(RowForm):
    """An approval's form: what is to come is not approved, and has not ended, yet."""

    def clean_from_year(self) -> int | None:
        """Refuse a year to come."""
        return _not_to_come(self.cleaned_data["from_year"], "An approval counts once it is given")

    def clean_withdrawn_year(self) -> int | None:
        """Refuse a year to come."""
        said = "An approval stands until it has ended"
        return _not_to_come(self.cleaned_data["withdrawn_year"], said)


def _not_to_come(year: int | None, why: str) -> int | None:
    now = timezone.now().year
    if year is not None and year > now:
        raise ValidationError(f"{year} is still to come. {why}: give a year up to {now}.")
    return year


@admin.register(Approval)
class ApprovalAdmin(FactAdmin):
    """Approved uses: facts that stand beside a status."""

    form = ApprovalForm
    list_display = ("condition", "intervention", "population", "agency", "from_year")
    list_filter = ("agency", "population", "substance_is_il2", "origin", ACCEPTED)
    search_fields = ("condition__name", "intervention__name", "indication", "source")
    ordering = ("condition__name", "from_year", "pk")
    named_by = ("condition", "intervention")
    linked_by = ("condition__id__exact", "intervention__id__exact")
    fieldsets = (
        ("What was approved", {"fields": ("intervention", "substance_is_il2", "indication")}),
        ("For whom", {"fields": ("condition", "population")}),
        ("By whom and when", {"fields": ("agency", ("from_year", "withdrawn_year"))}),
        ("Where it says so", {"fields": ("source", "url")}),
        ENTRY,
    )

    def bring_up_to_date(self, form: Any, change: bool) -> list[derivation.Change]:
        """Work out the topics of the intervention that it was of, too."""
        changes = super().bring_up_to_date(form, change)
        if change and "intervention" in form.changed_data:
            before = Approval(intervention_id=form.initial["intervention"])
            changes += derivation.after_change(before)
        return changes
