"""What the database says without its numbers and times, to compare two loads of the same files."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models

from evidence.models import Record

# A number of this database, or worked out from such numbers.
OF_THIS_COPY = {"id", "rule_trace", "rule_rests_on", "token"}


def content() -> dict[str, list[str]]:
    """Return every row of ours by its values, with whatever it refers to by its name."""
    return {
        model._meta.label: sorted(repr(_row(row)) for row in model._default_manager.all())
        for model in apps.get_app_config("evidence").get_models(include_auto_created=True)
    }


def _row(row: models.Model) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if field.name not in OF_THIS_COPY and not isinstance(field, models.DateTimeField):
            value = getattr(row, field.name)
            found[field.name] = _name(value) if field.is_relation else value
    return found


def _name(row: Any) -> str:
    """Return what names a row in every copy: its slug, its key or what it is about."""
    if row is None:
        return ""
    if isinstance(row, Record):
        return str(row.starter_key)
    for attribute in ("slug", "starter_key", "record"):
        if hasattr(row, attribute):
            named = getattr(row, attribute)
            return named if isinstance(named, str) else _name(named)
    return "; ".join(f"{name}={value}" for name, value in _row(row).items() if value)
