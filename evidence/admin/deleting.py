"""Deleting what was looked at, and one's own mistakes; anything else is refused with what helps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse

from evidence.admin.meanwhile import (
    changes_since,
    joined,
    last_entry,
    maker,
    newest_entry,
    parted,
    standing,
    when,
    who,
)
from evidence.admin.relations import is_key

OPENED = "opened"
# Where the hidden field says how far the audit log went when the page was shown.
LOG = "log"
NOTHING_DELETED = "Nothing was deleted, because this changed while you were being asked:"


class GuardedDeletion(admin.ModelAdmin):
    """An admin whose confirmation carries what it showed, and which lets people mend mistakes."""

    # Whether who made a row may delete it while nothing refers to it.
    own_mistakes: ClassVar[bool] = False
    # Rows inside that also belong to another thing: they count as a use.
    ties: ClassVar[Sequence[type[models.Model]]] = ()
    helps_where_used: ClassVar[str] = "It stays while something refers to it."

    def _inside(self) -> list[type[models.Model]]:
        return [inline.model for inline in self.inlines]

    # --- A page that has grown old ----------------------------------------------------------------

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Ask before deleting; ask again where the row is not what was shown any more."""
        if request.method != "POST":
            return self._ask(request, object_id, extra_context or {})
        with transaction.atomic():
            obj = self.get_object(request, unquote(object_id))  # locks it
            changed = self._changed_meanwhile(request, [obj]) if obj is not None else []
            if changed:
                request.POST = QueryDict()
            context = {**(extra_context or {}), "changed_meanwhile": changed}
            return self._ask(request, object_id, context)

    def _ask(self, request: HttpRequest, object_id: str, context: dict[str, Any]) -> Any:
        obj = self.get_object(request, unquote(object_id))
        if obj is not None:
            if not self.has_delete_permission(request, obj) and self._could_be_hers(request):
                raise PermissionDenied(self.why_kept(request, obj))
            context = {**context, OPENED: self._opened_at([obj])}
        return super().delete_view(request, object_id, context)

    def response_action(
        self, request: HttpRequest, queryset: models.QuerySet[Any], **where: Any
    ) -> HttpResponse | None:
        """Carry out a bulk action; a deletion only of what was shown."""
        if "delete_selected" not in request.POST.getlist("action"):
            return super().response_action(request, queryset, **where)
        keys = [key for key in request.POST.getlist(ACTION_CHECKBOX_NAME) if is_key(key)]
        if not request.POST.get("post"):
            return self._shown(super().response_action(request, queryset, **where), [])
        with transaction.atomic():
            self._take_turn()  # type: ignore[attr-defined]
            for row in queryset.filter(pk__in=keys).order_by("pk"):
                self.lock(row)  # type: ignore[attr-defined]
            rows = list(queryset.filter(pk__in=keys).order_by("pk"))
            changed = self._changed_meanwhile(request, rows)
            if changed:
                sent = request.POST.copy()
                del sent["post"]
                request.POST = sent
            return self._shown(super().response_action(request, queryset, **where), changed)

    def _shown(self, answer: HttpResponse | None, changed: list[str]) -> HttpResponse | None:
        if isinstance(answer, TemplateResponse) and answer.context_data is not None:
            rows = list(answer.context_data.get("queryset", ()))
            answer.context_data |= {OPENED: self._opened_at(rows), "changed_meanwhile": changed}
        return answer

    def _opened_at(self, rows: Sequence[Any]) -> str:
        return joined({**standing(rows, inside=self._inside()), LOG: str(newest_entry())})

    def _changed_meanwhile(self, request: HttpRequest, rows: Sequence[Any]) -> list[str]:
        """Say what was done since the confirmation was shown; nothing where none was."""
        shown = parted(str(request.POST.get(OPENED, "")))
        log = shown.pop(LOG, "0")
        if not shown:
            return []
        now = standing(rows, inside=self._inside())
        said = []
        for row in rows:
            if shown.pop(str(row.pk), "") != now[str(row.pk)]:
                entry = last_entry(type(row), row.pk)
                said += changes_since(row, int(log) if is_key(log) else 0) or [
                    f"{who(entry)} changed “{row}”, or rows inside it{when(entry)}."
                ]
        for key in filter(is_key, shown):
            entry = last_entry(self.model, key)
            name = entry.object_repr if entry is not None else key
            said.append(f"{who(entry)} deleted “{name}”{when(entry)}.")
        return [NOTHING_DELETED, *said] if said else []

    # --- Own mistakes -----------------------------------------------------------------------------

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let whoever made a row delete it while nothing refers to it."""
        if super().has_delete_permission(request, obj):
            return True
        return obj is not None and self._could_be_hers(request) and not self.why_kept(request, obj)

    def _could_be_hers(self, request: HttpRequest) -> bool:
        return self.own_mistakes and self.has_add_permission(request)

    def why_kept(self, request: HttpRequest, obj: Any) -> str:
        """Say why who looks at a row may not delete it as her own mistake; empty if she may."""
        known: dict[Any, str] = request.__dict__.setdefault("_why_kept", {})
        if obj.pk not in known:
            known[obj.pk] = self._why_kept(request, obj)
        return known[obj.pk]

    def is_made_by(self, request: HttpRequest, obj: Any) -> bool:
        """Say whether this person entered a row, as the audit log has it."""
        made_by = maker(self.model, obj.pk)
        return made_by is not None and made_by.pk == request.user.pk

    def _why_kept(self, request: HttpRequest, obj: Any) -> str:
        if not self.is_made_by(request, obj):
            made_by = maker(self.model, obj.pk) or "somebody else"
            return f"It was entered by {made_by}: they or an administrator can delete it."
        user = next(self._users(obj), None)
        if user is None:
            return ""
        return f"It is used by {getattr(user, 'code', user)}. {self.helps_where_used}"

    def _users(self, obj: Any) -> Iterator[models.Model]:
        """Give rows that refer to this one, other than those inside it."""
        inside = {*self._inside()} - {*self.ties}
        for relation in self.opts.get_fields(include_hidden=True):
            if not relation.auto_created or relation.concrete or not relation.related_model:
                continue
            other: Any = relation.related_model
            field: Any = relation.field  # type: ignore[union-attr]
            goes_with_it = relation.many_to_many or field.remote_field.on_delete is models.CASCADE
            derived = goes_with_it and not field.editable
            if other in inside or other._meta.auto_created or derived:
                continue
            yield from other._default_manager.filter(**{field.name: obj.pk}).order_by("pk")[:1]
