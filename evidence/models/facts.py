"""What registries and the literature say: public once accepted."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from evidence import vocab
from evidence.models import constraints as refuse
from evidence.models.audited import Audited


class AcceptedQuerySet(models.QuerySet[Any]):
    """Facts are public once a person, or the starter data, has accepted them."""

    def public(self) -> Self:
        """Return the facts that readers see."""
        return self.filter(accepted_at__isnull=False)


class Fact(Audited):
    """What a registry or the literature says; public once accepted."""

    origin = models.CharField(
        max_length=10,
        choices=vocab.Origin.choices,
        default=vocab.Origin.CURATOR,
        editable=False,
        help_text="Where the entry came from.",
    )
    accepted_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When it was accepted, in UTC."
    )
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who accepted it; empty for starter evidence.",
    )

    objects = AcceptedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints: ClassVar = [
            refuse.one_of("origin", vocab.Origin.values),
            refuse.check(
                "accepted_pair",
                Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False)
                | Q(
                    accepted_at__isnull=False, accepted_by__isnull=True, origin=vocab.Origin.STARTER
                ),
                "Say both who accepted it and when.",
            ),
        ]
