"""What the admin of every term shares: fixed addresses, and merging as an administrator's act."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from evidence.admin.base import EvidenceAdmin

MERGED: tuple[str, type[admin.EmptyFieldListFilter]] = ("merged_into", admin.EmptyFieldListFilter)


class TermAdmin(EvidenceAdmin):
    """A word that curators keep."""

    list_filter: ClassVar[Sequence[Any]] = (MERGED,)
    search_fields: ClassVar[Sequence[str]] = ("name", "slug", "synonyms")
    ordering: ClassVar[Sequence[str]] = ("name",)
    prepopulated_fields: ClassVar = {"slug": ("name",)}

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        """Propose an address for a new term only."""
        return {} if obj is not None else super().get_prepopulated_fields(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[str]:
        """Keep the address of a term that others may link to, and merging to administrators."""
        fixed = [] if obj is None else ["slug"]
        # Merging takes a term out of every list, as deleting does: the same permission.
        if not self.has_delete_permission(request, obj):
            fixed.append("merged_into")
        return [*super().get_readonly_fields(request, obj), *fixed]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Offer no merged term where one is chosen by typing."""
        if request.path.endswith("/autocomplete/"):
            queryset = queryset.filter(merged_into__isnull=True)
        return super().get_search_results(request, queryset, search_term)


NAME = ("The word", {"fields": ("name", "slug", "synonyms", "definition")})
HOUSEKEEPING = ("Merged terms", {"fields": ("merged_into",), "classes": ("collapse",)})
