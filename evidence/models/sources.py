"""What findings and harm reports share: where it was read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from evidence import vocab
from evidence.models import constraints as refuse
from evidence.models.base import OPEN_STATES, Edition
from evidence.models.fields import PartialDateField

LOCATOR_OR_STARTER = (
    Q(state__in=OPEN_STATES) | Q(origin=vocab.Origin.STARTER, number=1) | ~Q(locator="")
)


class SourcedEdition(Edition):
    """An edition that was read from a publication or from a trial's posted results."""

    publication = models.ForeignKey(
        "evidence.Publication",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)s_editions",
        help_text="The paper it was read from; empty where it was read from posted results.",
    )
    trial = models.ForeignKey(
        "evidence.Trial",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)s_editions",
        help_text="The trial that it is a result of, if it is of one.",
    )
    results_posted = PartialDateField(
        help_text="Where it was read from the registry's posted results: the day they were posted."
    )
    locator = models.CharField(
        max_length=200,
        blank=True,
        default="",
        help_text="Where in the source: Table 2, p. 1551, paragraph 4.",
    )
    figures_unchecked = models.BooleanField(
        "figures not yet seen in the source itself",
        default=False,
        help_text="Taken from elsewhere. It cannot be submitted until somebody has seen the "
        "figures in the source and taken the tick away.",
    )

    class Meta(Edition.Meta):
        abstract = True
        constraints: ClassVar = [
            *Edition.Meta.constraints,
            refuse.partial_date("results_posted"),
            refuse.check(
                "has_a_source",
                Q(publication__isnull=False) | (Q(trial__isnull=False) & ~Q(results_posted="")),
                "Name the publication, or else the trial and the day its results were posted.",
            ),
            refuse.check(
                "locator_given",
                LOCATOR_OR_STARTER,
                "Say where in the source it stands: table, page or paragraph.",
            ),
            refuse.check(
                "figures_seen",
                Q(state=vocab.State.DRAFT) | Q(figures_unchecked=False),
                "Its figures have not been seen in the source itself: check them there first.",
            ),
        ]

    @property
    def year(self) -> int | None:
        """The year of the source: the publication's, or that of the posting of results."""
        if self.publication is not None and self.publication.year is not None:
            return self.publication.year
        return int(self.results_posted[:4]) if self.results_posted else None
