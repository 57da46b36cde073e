"""What all audited models share: why and via what they change, and a save without a false entry."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from django.db import models, transaction

REASON: ContextVar[str] = ContextVar("audit_reason", default="")
VIA: ContextVar[str] = ContextVar("audit_via", default="")


class Audited(models.Model):
    """A model whose audit entries carry the reason and the way in force when it was saved."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save in a transaction: the entry is written first and must go if the save is refused."""
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs)

    def get_additional_data(self) -> dict[str, str] | None:
        """Return what the audit log keeps beside the changed fields."""
        return why_and_via()


def why_and_via() -> dict[str, str] | None:
    """Return the reason and the way in force, as far as they are known."""
    known = {"reason": REASON.get(), "via": VIA.get()}
    return {name: said for name, said in known.items() if said} or None
