"""Harm reports: one adverse effect in one group of one source."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q

from evidence import vocab
from evidence.models import constraints as refuse
from evidence.models.findings import STATEMENT_LENGTH
from evidence.models.sources import SourcedEdition


class HarmReport(SourcedEdition):
    """How often one adverse effect was seen in one source; null is "not reported", 0 is 0."""

    KIND = vocab.RecordKind.HARM_REPORT

    intervention = models.ForeignKey(
        "evidence.Intervention",
        on_delete=models.PROTECT,
        related_name="harm_reports",
        help_text="The form of IL-2 that the group received.",
    )
    topic = models.ForeignKey(
        "evidence.Topic",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="harm_reports",
        help_text="The question it was seen in; empty where it stands on the intervention alone.",
    )
    adverse_effect = models.ForeignKey(
        "evidence.AdverseEffect",
        on_delete=models.PROTECT,
        related_name="harm_reports",
        help_text="The effect, in CTCAE's wording.",
    )
    term_as_printed = models.CharField(
        max_length=300, help_text="The source's own word, such as “Body temperature conditions”."
    )
    arm = models.CharField(
        max_length=300, blank=True, default="", help_text="The group, as the source names it."
    )
    dose_class = models.CharField(
        max_length=16,
        choices=vocab.DoseClass.choices,
        help_text="The dose class of that group.",
    )
    collected = models.CharField(
        max_length=16,
        choices=vocab.Collected.choices,
        help_text="Which events the source counted: unlike collections never share an axis.",
    )
    collected_note = models.CharField(
        "collected, in full",
        max_length=400,
        blank=True,
        default="",
        help_text="What else is known of how events were counted.",
    )
    grades_as_printed = models.CharField(
        max_length=60, blank=True, default="", help_text="Such as 3-4; empty: not reported."
    )
    affected = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="People with the effect. Empty: not reported; 0: none.",
    )
    at_risk = models.PositiveIntegerField(
        null=True, blank=True, help_text="People in the group. Empty: not reported."
    )
    percent = models.FloatField(
        "percent as printed",
        null=True,
        blank=True,
        help_text="Where the source prints a percent and no counts; never worked back to counts.",
    )
    comparator = models.CharField(
        max_length=16,
        choices=vocab.Comparator.choices,
        default=vocab.Comparator.NONE,
        help_text="What the other group received.",
    )
    comparator_affected = models.PositiveIntegerField(
        null=True, blank=True, help_text="People with the effect in the other group."
    )
    comparator_at_risk = models.PositiveIntegerField(
        null=True, blank=True, help_text="People in the other group."
    )
    comparator_percent = models.FloatField(
        "comparator's percent as printed", null=True, blank=True, help_text="As printed."
    )
    attribution = models.CharField(
        max_length=18,
        choices=vocab.Attribution.choices,
        default=vocab.Attribution.NOT_STATED,
        help_text="Whether the source held the treatment responsible; we never do.",
    )
    given = models.CharField(
        "IL-2 given",
        max_length=12,
        choices=vocab.Given.choices,
        default=vocab.Given.NOT_STATED,
        help_text="Whether the group received IL-2 alone or in a package.",
    )
    follow_up = models.CharField(
        max_length=120, blank=True, default="", help_text="For how long events were counted."
    )
    statement = models.TextField(
        blank=True,
        default="",
        validators=[MaxLengthValidator(STATEMENT_LENGTH)],
        help_text="What was seen, in our own words, at most 1,000 characters.",
    )

    class Meta(SourcedEdition.Meta):
        ordering: ClassVar = ["pk"]
        verbose_name = "harm report"
        indexes: ClassVar = [
            # The last review of all is the end of this one.
            models.Index(fields=["state", "reviewed_at"], name="harm_reviewed"),
            models.Index(fields=["state", "topic"], name="harm_state_topic"),
            # The order of the listing and of its CSV, which would else be sorted for every page.
            models.Index(fields=["state", "record"], name="harm_state_record"),
        ]
        constraints: ClassVar = [
            *SourcedEdition.Meta.constraints,
            refuse.one_of("dose_class", vocab.DoseClass.values),
            refuse.one_of("collected", vocab.Collected.values),
            refuse.one_of("comparator", vocab.Comparator.values),
            refuse.one_of("attribution", vocab.Attribution.values),
            refuse.one_of("given", vocab.Given.values),
            refuse.at_most("statement", STATEMENT_LENGTH),
            refuse.check("term_given", ~Q(term_as_printed=""), "Give the source's own word."),
            refuse.part_of_whole("affected", "at_risk"),
            refuse.part_of_whole("comparator_affected", "comparator_at_risk"),
            refuse.between("percent", 0, 100, "A percent lies between 0 and 100."),
            refuse.between("comparator_percent", 0, 100, "A percent lies between 0 and 100."),
            refuse.check(
                "comparator_counts_need_one",
                ~Q(comparator=vocab.Comparator.NONE)
                | Q(
                    comparator_affected__isnull=True,
                    comparator_at_risk__isnull=True,
                    comparator_percent__isnull=True,
                ),
                "Counts of another group need the kind of comparator.",
            ),
        ]

    def __str__(self) -> str:
        number = self.code if self.record_id else "new harm report"
        return f"{number}: {self.adverse_effect} with {self.intervention}"
