"""What all audited models share: the reason of a change, and a save that leaves no false entry."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from django.db import models, transaction

REASON: ContextVar[str] = ContextVar("audit_reason", default="")


class Audited(models.Model):
    """A model whose audit entries carry the reason in force when it was saved."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save in a transaction: the entry is written first and must go if the save is refused."""
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs)

    def get_additional_data(self) -> dict[str, str] | None:
        """Return what the audit log keeps beside the changed fields."""
        reason = REASON.get()
        return {"reason": reason} if reason else None
