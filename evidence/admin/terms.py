"""What the admin of every term shares: fixed addresses, and merging as an administrator's act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import slugify

from evidence.admin.base import EvidenceAdmin
from evidence.admin.opened import RowForm

MERGED: tuple[str, type[admin.EmptyFieldListFilter]] = ("merged_into", admin.EmptyFieldListFilter)


class TermForm(RowForm):
    """A word's form, which takes a pasted name as it is meant."""

    def clean_name(self) -> str:
        """Return the name with one blank between its words."""
        return " ".join(self.cleaned_data["name"].split())


class TermAdmin(EvidenceAdmin):
    """A word that curators keep."""

    form = TermForm
    own_mistakes = True
    asks_about_doubles = True
    helps_where_used = "An administrator can merge it into another one."

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
        # Deleting one's own mistake is not that.
        if not self.has_delete_permission(request):
            fixed.append("merged_into")
        return [*super().get_readonly_fields(request, obj), *fixed]

    def of_a_new_one(self, sent: Mapping[str, str]) -> Mapping[str, str]:
        """Give the address that a name leads to: the form of an old term does not send it."""
        longest = self.model._meta.get_field("slug").max_length
        return {"slug": slugify(sent.get("name", ""))[:longest].strip("-")}

    def lock(self, obj: Any) -> None:
        """Lock all words of a kind, in the order in which a save looks for loops among them."""
        list(self.model._default_manager.select_for_update().order_by("pk").values_list("pk"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Offer no merged term where one is chosen by typing."""
        if request.path.endswith("/autocomplete/"):
            queryset = queryset.filter(merged_into__isnull=True)
        return super().get_search_results(request, queryset, search_term)


NAME = ("The word", {"fields": ("name", "slug", "synonyms", "definition")})
HOUSEKEEPING = ("Merged terms", {"fields": ("merged_into",), "classes": ("collapse",)})
