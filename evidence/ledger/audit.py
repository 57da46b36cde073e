"""Which models the audit log follows: every one that people edit, with its many-to-many rows."""

from __future__ import annotations

from typing import Any

from auditlog.registry import auditlog
from django.apps import apps
from django.db import models

from evidence.models.audited import why_and_via

# Numbers that the program keeps for itself, and steps, which are a log already.
# What comes from registries is its own log: every payload is kept, with who decided what of it.
NOT_FOLLOWED = (
    "evidence.record",
    "evidence.dataversion",
    "evidence.step",
    "evidence.ruleperiod",
    "evidence.snapshot",
    "evidence.registryrecord",
    "evidence.drift",
    "evidence.syncrun",
    "evidence.syncfault",
)
PEOPLE = ("auth.user", "auth.group")
# Moved by every save or worked out by the program: they would only bury what a person changed.
BOOKKEEPING = ("id", "lock_version", "created_at", "modified_at", "last_login")
DERIVED_WHERE_NOT_EDITABLE = ("evidence.topic",)
# A password's hash is nobody's business; that it was changed is.
MASKED = {"auth.user": ("password",)}


def followed() -> list[type[models.Model]]:
    """Return the models whose every change is logged with who, when and why."""
    ours = apps.get_app_config("evidence").get_models()
    people = [apps.get_model(label) for label in PEOPLE]
    return [*(model for model in ours if model._meta.label_lower not in NOT_FOLLOWED), *people]


def register() -> None:
    """Follow them; called once, when the app is ready."""
    for model in followed():
        if not hasattr(model, "get_additional_data"):  # Django's own: accounts and groups
            model.get_additional_data = staticmethod(why_and_via)  # type: ignore[attr-defined]
        auditlog.register(
            model,
            # Named one by one: else every new row is logged with all that might refer to it.
            include_fields=columns_of(model),
            mask_fields=list(MASKED.get(model._meta.label_lower, ())),
            mask_callable="evidence.ledger.audit.hide",
            m2m_fields=relations_of(model),
        )


def columns_of(model: type[models.Model]) -> list[str]:
    """Return the columns whose changes are logged."""
    return [
        field.name
        for field in model._meta.concrete_fields
        if field.name not in BOOKKEEPING and not _derived(model, field)
    ]


def relations_of(model: type[models.Model]) -> list[str]:
    """Return the many-to-many relations whose changes are logged with this model.

    One through a model of its own is followed by that model.
    """
    return [
        field.name
        for field in model._meta.local_many_to_many
        if _through(field)._meta.auto_created and not _derived(model, field)
    ]


def hide(value: str) -> str:
    """Put the same word in place of any value: auditlog's own mask shows half of it."""
    return "(hidden)" if value else ""


def _derived(model: type[models.Model], field: models.Field[Any, Any]) -> bool:
    return model._meta.label_lower in DERIVED_WHERE_NOT_EDITABLE and not field.editable


def _through(field: models.ManyToManyField[Any, Any]) -> type[models.Model]:
    return field.remote_field.through  # type: ignore[return-value]
