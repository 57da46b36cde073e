"""The data version: one row that moves whenever what readers see moves."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from evidence.models import constraints as refuse


class DataVersion(models.Model):
    """How often, and when last, what readers see has changed; one row."""

    number = models.PositiveBigIntegerField(default=0)
    as_of = models.DateTimeField(null=True)
    # Drawn anew with every move: a number that was rolled back may come again, this does not.
    token = models.CharField(max_length=32, default="")
    # The version of the search's entries that the whole index was last built with; 0: never built.
    search_version = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            refuse.check("one_row", Q(id=1), "There is one data version."),
        ]

    def __str__(self) -> str:
        return f"data version {self.number}"
