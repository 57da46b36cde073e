"""Considerations: mechanisms, challenges and future directions that a source states."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q

from evidence import vocab
from evidence.models import constraints as refuse
from evidence.models.base import Edition
from evidence.models.findings import STATEMENT_LENGTH
from evidence.models.sources import LOCATOR_OR_STARTER


class Consideration(Edition):
    """A mechanism, challenge or future direction that a source states."""

    KIND = vocab.RecordKind.CONSIDERATION

    kind = models.CharField(
        max_length=16,
        choices=vocab.ConsiderationKind.choices,
        help_text="Whether it explains, warns or looks ahead.",
    )
    statement = models.TextField(
        validators=[MaxLengthValidator(STATEMENT_LENGTH)],
        help_text="What the source says, in our own words, at most 1,000 characters.",
    )
    conditions: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "evidence.Condition", blank=True, related_name="considerations", help_text="It bears on."
    )
    interventions: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "evidence.Intervention", blank=True, related_name="considerations", help_text="It bears on."
    )
    cell_targets: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "evidence.CellTarget", blank=True, related_name="considerations", help_text="It names."
    )
    population = models.CharField(
        max_length=16,
        choices=vocab.Population.choices,
        default=vocab.Population.ANY,
        help_text="The people whom it speaks of.",
    )
    publication = models.ForeignKey(
        "evidence.Publication",
        on_delete=models.PROTECT,
        related_name="consideration_editions",
        help_text="The source that states it.",
    )
    locator = models.CharField(
        max_length=200,
        blank=True,
        default="",
        help_text="Where in the source: Table 2, p. 1551, paragraph 4.",
    )

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            *Edition.Meta.constraints,
            refuse.one_of("kind", vocab.ConsiderationKind.values),
            refuse.one_of("population", vocab.Population.values),
            refuse.check("statement_given", ~Q(statement=""), "A consideration needs a statement."),
            refuse.at_most("statement", STATEMENT_LENGTH),
            refuse.check(
                "locator_given",
                LOCATOR_OR_STARTER,
                "Say where in the source it stands: table, page or paragraph.",
            ),
        ]

    def __str__(self) -> str:
        number = self.code if self.record_id else "new consideration"
        return f"{number}: {self.get_kind_display()}"
