"""The data version: moves in the transaction of every change that readers see."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from evidence.models import DataVersion


@dataclass(frozen=True, kw_only=True)
class Version:
    """How often what readers see has changed, and when last (UTC; None before the first time).

    The token is another whenever what readers see is; empty before the first time.
    """

    number: int
    as_of: dt.datetime | None
    token: str


def current() -> Version:
    """Return the version that readers see now; one query."""
    row = DataVersion.objects.values_list("number", "as_of", "token").first()
    number, as_of, token = row or (0, None, "")
    return Version(number=number, as_of=as_of, token=token)


def hold() -> DataVersion:
    """Wait for one's turn to change what readers see, and keep it until the transaction ends.

    Whoever works the rule out, or moves a judgement, takes this lock before any other: two such
    changes never cross, and each reads what the one before it has left.
    """
    row, _ = DataVersion.objects.select_for_update().get_or_create(pk=1)
    return row


def bump() -> None:
    """Move the version; call it in the transaction of the change itself."""
    with transaction.atomic():
        row = hold()
        row.number += 1
        row.as_of = timezone.now()
        row.token = secrets.token_hex(16)
        row.save()


def touch() -> None:
    """Draw a new token alone: pages that are kept are made anew, and no evidence has moved.

    For what readers see beside the evidence, such as the day on which a registry was looked at.
    """
    with transaction.atomic():
        row = hold()
        if row.token:  # else nothing was ever kept
            row.token = secrets.token_hex(16)
            row.save(update_fields=["token"])
