"""What the admin of every fact shares: whoever enters one here accepts it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from evidence.admin.base import EvidenceAdmin
from evidence.admin.opened import RowForm

ACCEPTED: tuple[str, type[admin.EmptyFieldListFilter]] = ("accepted_at", admin.EmptyFieldListFilter)
ENTRY = (
    "The entry",
    {"fields": ("origin", "accepted_at", "accepted_by"), "classes": ("collapse",)},
)


class FactAdmin(EvidenceAdmin):
    """What a registry or the literature says."""

    form = RowForm
    own_mistakes = True
    asks_about_doubles = True
    readonly_fields: ClassVar[Sequence[str]] = ("origin", "accepted_at", "accepted_by")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave out who accepted it while nobody has."""
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if obj is not None else [part for part in fieldsets if part != ENTRY]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save it; a new one is accepted by the person who enters it."""
        if not change:
            obj.accepted_by = request.user
            obj.accepted_at = timezone.now()
        super().save_model(request, obj, form, change)
