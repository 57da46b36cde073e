"""What the admin of every term shares: fixed addresses, and merging as an administrator's act."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst, slugify

from evidence.admin.base import EvidenceAdmin
from evidence.admin.opened import RowForm
from evidence.admin.panels import address

WORD_IN_ADDRESS = "Word in the address"
MERGED: tuple[str, type[admin.EmptyFieldListFilter]] = ("merged_into", admin.EmptyFieldListFilter)


class TermForm(RowForm):
    """A word's form, which takes a pasted name as it is meant."""

    # Gives rows that name a word, one of each sort; set by the admin.
    used_by: Callable[[Any], Iterator[Any]]

    class Meta:
        """Say what the slug is."""

        labels: ClassVar = {"slug": WORD_IN_ADDRESS}

    def clean_name(self) -> str:
        """Return the name with one blank between its words."""
        return " ".join(self.cleaned_data["name"].split())

    def clean_merged_into(self) -> Any:
        """Merge only what nothing names: readers would lose the way to what stands on it."""
        into = self.cleaned_data["merged_into"]
        if into is None or self.instance.merged_into_id == into.pk:
            return into
        users = [row for row in type(self).used_by(self.instance) if type(row) is not type(into)]
        if users:
            names = ", ".join(dict.fromkeys(str(getattr(row, "code", row)) for row in users[:3]))
            raise ValidationError(
                f"It is still used ({names}). Give what uses it the other word first: by a new "
                "edition, in a trial's own form, with a topic of its own."
            )
        return into


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

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Return the form's class, which asks what uses a word before it is merged."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.used_by = staticmethod(self._users)
        return form

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
        rows = self.model._default_manager.select_for_update(no_key=True)
        list(rows.order_by("pk").values_list("pk"))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Return what a deletion would take along; whatever names a word stands in its way."""
        gone, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return gone, counts, lacking, [*protected, *self._named_in([one.pk for one in objs])]

    def _named_in(self, keys: Sequence[int]) -> Iterator[SafeString]:
        # Django would let the rows of a many-to-many table go along without a word.
        for relation in self.opts.get_fields(include_hidden=True):
            if not (relation.many_to_many and relation.auto_created) or relation.concrete:
                continue
            field: Any = relation.field  # type: ignore[union-attr]
            if not field.remote_field.through._meta.auto_created:
                continue
            rows = field.model._default_manager.filter(**{f"{field.name}__in": keys}).distinct()
            if field.model is self.model:
                rows = rows.exclude(pk__in=keys)
            for row in rows.order_by("pk"):
                yield format_html(
                    '{}: <a href="{}">{}</a>',
                    capfirst(field.model._meta.verbose_name),
                    address(field.model, "change", args=[row.pk]),
                    getattr(row, "code", row),
                )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Offer no merged term where one is chosen by typing."""
        if request.path.endswith("/autocomplete/"):
            queryset = queryset.filter(merged_into__isnull=True)
        return super().get_search_results(request, queryset, search_term)


NAME = ("The word", {"fields": ("name", "slug", "synonyms", "definition")})
HOUSEKEEPING = ("Merged terms", {"fields": ("merged_into",), "classes": ("collapse",)})
