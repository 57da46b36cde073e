"""What each group of a trial was given."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from evidence import vocab
from evidence.models import constraints as refuse
from evidence.models.audited import Audited
from evidence.models.trials import Trial


class Arm(Audited):
    """One group of a trial and what it was given, dose and unit as printed."""

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="arms")
    label = models.CharField(max_length=300, help_text="As registered or printed.")
    kind = models.CharField(
        max_length=20,
        choices=vocab.ArmKind.choices,
        default=vocab.ArmKind.NOT_STATED,
        help_text="ClinicalTrials.gov's kind of arm.",
    )
    intervention = models.ForeignKey(
        "evidence.Intervention",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="arms",
        help_text="The form of IL-2 that it received; empty for arms without.",
    )
    given = models.TextField(
        blank=True, default="", help_text="What the arm received, as the registry names it."
    )
    dose_low = models.FloatField(null=True, blank=True, help_text="The dose, or the least of them.")
    dose_high = models.FloatField(null=True, blank=True, help_text="The greatest dose of a range.")
    dose_unit = models.CharField(
        max_length=8,
        blank=True,
        default="",
        choices=vocab.DoseUnit.choices,
        help_text="As printed: U is never silently IU.",
    )
    dose_text = models.CharField(
        "dose as printed", max_length=300, blank=True, default="", help_text="Word for word."
    )
    frequency = models.CharField(
        max_length=160, blank=True, default="", help_text="Such as twice daily for 5 days."
    )
    cycle = models.CharField(
        max_length=160, blank=True, default="", help_text="Such as every 8 weeks, 3 cycles."
    )
    route = models.CharField(
        max_length=24,
        choices=vocab.Route.choices,
        default=vocab.Route.NOT_REPORTED,
        help_text="How it was given.",
    )
    people = models.PositiveIntegerField(
        "n", null=True, blank=True, help_text="Number of people; empty where not reported."
    )

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            refuse.check("label_given", ~Q(label=""), "An arm needs a label."),
            refuse.one_of("kind", vocab.ArmKind.values),
            refuse.one_of("route", vocab.Route.values),
            refuse.one_of("dose_unit", vocab.DoseUnit.values, blank=True),
            refuse.check(
                "dose_in_order",
                Q(dose_low__isnull=True, dose_high__isnull=True)
                | Q(dose_low__isnull=False, dose_low__gte=0, dose_high__isnull=True)
                | Q(
                    dose_low__isnull=False,
                    dose_low__gte=0,
                    dose_high__isnull=False,
                    dose_high__gte=models.F("dose_low"),
                ),
                "The low dose stands first, is not negative and is at most the high one.",
            ),
            refuse.check(
                "dose_with_unit",
                Q(dose_low__isnull=True, dose_unit="")
                | (Q(dose_low__isnull=False) & ~Q(dose_unit="")),
                "A dose has a unit, and a unit a dose.",
            ),
        ]

    def __str__(self) -> str:
        return self.label
