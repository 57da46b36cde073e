"""Considerations in the admin."""

from __future__ import annotations

from django.contrib import admin
from django.template.defaultfilters import truncatechars

from evidence.admin.editions import EDITION, FOR_COLLEAGUES, EditionAdmin
from evidence.admin.filters import WAITING, LocatorGiven
from evidence.models import Consideration


@admin.register(Consideration)
class ConsiderationAdmin(EditionAdmin):
    """Mechanisms, challenges and future directions that a source states."""

    found_as = ("C", "record_id")
    list_display = (
        "code_and_edition",
        "state_word",
        "kind",
        "begins",
        "population",
        "author",
        "changed_on",
    )
    list_display_links = ("code_and_edition", "begins")
    list_filter = ("state", *WAITING, LocatorGiven, "kind", "population", "origin")
    search_fields = (
        "statement",
        "conditions__name",
        "interventions__name",
        "cell_targets__name",
        "publication__title",
    )
    named_by = ("author", "publication")
    linked_by = (*EditionAdmin.linked_by, "publication__id__exact")
    kept_for_another = (
        "kind",
        "conditions",
        "interventions",
        "cell_targets",
        "population",
        "publication",
        "locator",
    )
    fieldsets = (
        ("What is said", {"fields": ("kind", "statement")}),
        (
            "Of what",
            {"fields": ("conditions", "interventions", "cell_targets", "population")},
        ),
        ("Where it says so", {"fields": ("publication", "locator")}),
        FOR_COLLEAGUES,
        EDITION,
    )

    @admin.display(description="statement", ordering="statement")
    def begins(self, obj: Consideration) -> str:
        """Give the beginning of the statement."""
        return truncatechars(obj.statement, 90)
