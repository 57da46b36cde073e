"""What the admin of every judgement shares: drafts are written here, and stay drafts.

No form, list or action of the admin holds the state: it is moved by `evidence.curation` only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import date
from django.utils import timezone
from django.utils.html import format_html

from evidence.admin.base import EvidenceAdmin
from evidence.admin.opened import EditionForm
from evidence.admin.relations import is_key
from evidence.models import Edition, Record
from evidence.vocab import State

FOR_COLLEAGUES = ("For colleagues", {"fields": ("note",)})
EDITION = (
    "The edition",
    {
        "fields": (
            ("code", "number", "state_word"),
            ("origin", "created_at", "modified_at"),
            ("author", "last_editor"),
            ("reviewer", "published_at"),
        ),
        "classes": ("collapse",),
    },
)
WHY_CLOSED = {
    State.IN_REVIEW: "This edition is with a second reader, so it cannot be changed now.",
    State.PUBLISHED: "This edition is published, so it stays as it is: readers cite it.",
    State.SUPERSEDED: "A later edition took this one's place. It is kept as it was published.",
    State.WITHDRAWN: "This edition was withdrawn. It is kept as it was published.",
}

NEVER_DELETED = "What was published is never deleted; it is withdrawn by two people."
WHY_NOT_DELETED = {
    State.IN_REVIEW: "What is in review is not deleted: it goes back to its author first.",
    State.PUBLISHED: NEVER_DELETED,
    State.SUPERSEDED: NEVER_DELETED,
    State.WITHDRAWN: "What was published is never deleted; this edition stays as withdrawn.",
}

LOCATOR_NEEDED = "What a curator reads from a source needs one before it can be submitted."


class EditionAdmin(EvidenceAdmin):
    """Editions of a judgement: drafts to write, the others to read."""

    form = EditionForm
    change_form_template = "admin/evidence/edition_form.html"
    # Readers see published editions, and those do not change here.
    seen_by_readers = False
    readers_word = "code"
    readonly_fields: ClassVar[Sequence[str]] = (
        "code",
        "number",
        "state_word",
        "origin",
        "author",
        "last_editor",
        "reviewer",
        "created_at",
        "modified_at",
        "published_at",
    )
    ordering: ClassVar[Sequence[str]] = ("-record_id", "-number")
    linked_by: ClassVar[Sequence[str]] = ("record__id__exact",)

    @admin.display(description="code", ordering="record_id")
    def code_and_edition(self, obj: Edition) -> str:
        """Say which record it is, and which edition where it is not the first."""
        return obj.code if obj.number == 1 else f"{obj.code}, edition {obj.number}"

    @admin.display(description="topic", ordering="topic")
    def question(self, obj: Any) -> str:
        """Say which topic it is on, as short as a list needs it."""
        return f"{obj.topic.code}: {obj.topic.condition}, {obj.topic.intervention}"

    @admin.display(description="state", ordering="state")
    def state_word(self, obj: Edition) -> str:
        """Say where it stands, with a class for its colour."""
        return format_html(
            '<span class="state state-{}">{}</span>', obj.state, State(obj.state).label
        )

    @admin.display(description="changed", ordering="modified_at")
    def changed_on(self, obj: Edition) -> str:
        """Say on which day it was changed last."""
        return date(timezone.localtime(obj.modified_at), "j M Y")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Say by the locator when it is needed."""
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if formfield is not None and db_field.name == "locator":
            formfield.help_text = f"{formfield.help_text} {LOCATOR_NEEDED}"
        return formfield

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave out who did what while nothing has been done."""
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if obj is not None else [part for part in fieldsets if part != EDITION]

    def lock(self, obj: Edition) -> None:
        """Lock the edition's record, as in every move."""
        Record.objects.select_for_update().get(pk=obj.record_id)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow writing on drafts only."""
        return super().has_change_permission(request, obj) and (
            obj is None or obj.state == State.DRAFT
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow deleting drafts only: what is or was public is never deleted."""
        return super().has_delete_permission(request, obj) and (
            obj is None or obj.state == State.DRAFT
        )

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Ask before deleting a draft; of anything else say why it stays."""
        obj = self.get_object(request, unquote(object_id))
        if obj is not None and super().has_delete_permission(request):
            why = WHY_NOT_DELETED.get(obj.state)
            if why is not None:
                raise PermissionDenied(why)
        return super().delete_view(request, object_id, extra_context)

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], **where: Any
    ) -> HttpResponse | None:
        """Carry out a bulk action; where not only drafts would go, nothing goes."""
        if "delete_selected" in request.POST.getlist("action") and self.has_delete_permission(
            request
        ):
            keys = [key for key in request.POST.getlist(ACTION_CHECKBOX_NAME) if is_key(key)]
            across = request.POST.get("select_across") == "1"
            chosen = queryset if across else queryset.filter(pk__in=keys)
            for state in sorted({*chosen.values_list("state", flat=True)} & WHY_NOT_DELETED.keys()):
                raise PermissionDenied(f"{WHY_NOT_DELETED[State(state)]} Nothing was deleted.")
        return super().response_action(request, queryset, **where)

    def is_public(self, obj: Edition) -> bool:
        """Say whether readers can open its record, in whatever edition."""
        return bool(type(obj).objects.public().filter(record=obj.record_id).exists())

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save a draft, and say whose it is."""
        if not change:
            obj.author = request.user
        obj.last_editor = request.user
        obj.lock_version += 1
        super().save_model(request, obj, form, change)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Show the form, and say why it is closed where it is."""
        obj = kwargs.get("obj")
        context["closed"] = WHY_CLOSED.get(obj.state, "") if obj is not None else ""
        return super().render_change_form(request, context, *args, **kwargs)
