"""Trials with their registry identifiers, phases and arms."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from evidence import vocab
from evidence.models import constraints as refuse
from evidence.models.audited import Audited
from evidence.models.facts import Fact
from evidence.models.fields import LinesField, PartialDateField, lines


class Trial(Fact):
    """A study that gave, or was to give, IL-2 to people, under all its identifiers."""

    slug = models.SlugField(
        max_length=80,
        unique=True,
        help_text="Its name in addresses: the first registry identifier, or a short name.",
    )
    title = models.CharField(max_length=600, help_text="The public title in the registry.")
    acronym = models.CharField(
        max_length=40,
        blank=True,
        default="",
        help_text="Such as ESPRIT; empty if there is none.",
    )
    design = models.CharField(
        max_length=16,
        choices=vocab.TrialDesign.choices,
        default=vocab.TrialDesign.NOT_STATED,
        help_text="How people are allotted to the arms.",
    )
    recruitment_status = models.CharField(
        max_length=26,
        blank=True,
        default="",
        choices=vocab.RecruitmentStatus.choices,
        help_text="ClinicalTrials.gov's overall status; empty where not reported.",
    )
    why_stopped = models.TextField(
        blank=True, default="", help_text="Why it stopped early, as the registry says."
    )
    enrolment = models.PositiveIntegerField(
        null=True, blank=True, help_text="Number of people; empty where not reported."
    )
    enrolment_type = models.CharField(
        max_length=10,
        blank=True,
        default="",
        choices=vocab.EnrolmentType.choices,
        help_text="Whether the number is counted or planned.",
    )
    start = PartialDateField(help_text="Start, as far as the registry gives it.")
    primary_completion = PartialDateField(
        help_text="Primary completion, as far as the registry gives it."
    )
    completion = PartialDateField(help_text="Completion, as far as the registry gives it.")
    min_age_days = models.PositiveIntegerField(
        "youngest, in days", null=True, blank=True, help_text="Least age in days; empty: no limit."
    )
    max_age_days = models.PositiveIntegerField(
        "oldest, in days", null=True, blank=True, help_text="Greatest age in days; empty: no limit."
    )
    population_text = models.CharField(
        "people studied",
        max_length=400,
        blank=True,
        default="",
        help_text="Who took part, in a few words of our own.",
    )
    sponsor = models.CharField(
        max_length=300, blank=True, default="", help_text="The lead sponsor, as registered."
    )
    countries = LinesField(help_text="Countries with a site, one per line.")
    primary_outcome = models.TextField(
        blank=True, default="", help_text="The primary outcome, as registered."
    )
    results_posted = PartialDateField(
        help_text="When results were first posted in the registry; empty: no date known here."
    )
    registry_updated = PartialDateField(
        "last update in the registry", help_text="The registry's own date of last update."
    )
    checked_on = models.DateField(
        "last checked at the registry",
        null=True,
        blank=True,
        help_text="The day of the registry's data that was last looked at.",
    )
    results_summary = models.TextField(
        blank=True, default="", help_text="What it found, in a sentence or two of our own."
    )
    conditions: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "evidence.Condition", blank=True, related_name="trials", help_text="As a curator maps them."
    )
    interventions: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "evidence.Intervention",
        blank=True,
        related_name="trials",
        help_text="As a curator maps them.",
    )
    publications: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "evidence.Publication", through="evidence.TrialPublication", related_name="trials"
    )

    class Meta:
        ordering: ClassVar = ["slug"]
        constraints: ClassVar = [
            *Fact.Meta.constraints,
            refuse.check("title_given", ~Q(title=""), "A trial needs a title."),
            refuse.check("slug_given", ~Q(slug=""), "A trial needs a name in addresses."),
            refuse.one_of("design", vocab.TrialDesign.values),
            refuse.one_of("recruitment_status", vocab.RecruitmentStatus.values, blank=True),
            refuse.one_of("enrolment_type", vocab.EnrolmentType.values, blank=True),
            refuse.check(
                "enrolment_type_of_number",
                Q(enrolment_type="") | Q(enrolment__isnull=False),
                "Counted or planned is said of a number of people.",
            ),
            refuse.partial_date("start"),
            refuse.partial_date("primary_completion"),
            refuse.partial_date("completion"),
            refuse.partial_date("results_posted"),
            refuse.partial_date("registry_updated"),
            refuse.check(
                "ages_in_order",
                Q(min_age_days__isnull=True)
                | Q(max_age_days__isnull=True)
                | Q(min_age_days__lte=models.F("max_age_days")),
                "The least age is at most the greatest.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.acronym or self.title} ({self.slug})"

    @property
    def phases(self) -> list[str]:
        """The phases in ClinicalTrials.gov's words, in order; empty where not given."""
        order = vocab.Phase.values
        return sorted((row.phase for row in self.phase_rows.all()), key=order.index)

    @property
    def country_list(self) -> list[str]:
        """The countries, in order."""
        return lines(self.countries)


class TrialPhase(Audited):
    """One of a trial's phases: phase 1/2 is two rows, and no row is "not given"."""

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="phase_rows")
    phase = models.CharField(
        max_length=12, choices=vocab.Phase.choices, help_text="NA means: phases do not apply."
    )

    class Meta:
        verbose_name = "phase"
        ordering: ClassVar = ["phase"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["trial", "phase"],
                name=refuse.PREFIX + "once",
                violation_error_message="That phase is given already.",
            ),
            refuse.one_of("phase", vocab.Phase.values),
        ]

    def __str__(self) -> str:
        return self.get_phase_display()


IDENTIFIER_SHAPES: dict[str, tuple[str, str]] = {
    vocab.Registry.NCT: ("NCT########", "An NCT number is NCT and eight digits."),
    vocab.Registry.ISRCTN: ("ISRCTN########", "An ISRCTN number is ISRCTN and eight digits."),
    vocab.Registry.EUCTR: ("####-######-##", "An EudraCT number looks like 2004-000563-29."),
    vocab.Registry.CTIS: ("####-######-##", "A CTIS number looks like 2023-508923-10."),
}
CHINESE_PREFIX = "ChiCTR"
CHINESE_SENTENCE = "A Chinese number starts with ChiCTR."


def _shape() -> Q:
    """Return the condition that an identifier is written as its registry writes them."""
    chinese = refuse.begins("value", CHINESE_PREFIX) & ~Q(value=CHINESE_PREFIX)
    allowed = Q(registry=vocab.Registry.OTHER) | (Q(registry=vocab.Registry.CHICTR) & chinese)
    for registry, (template, _) in IDENTIFIER_SHAPES.items():
        allowed |= Q(registry=registry) & refuse.written_as("value", template)
    return allowed


class TrialIdentifier(Audited):
    """One of a trial's registry numbers; no two trials share one."""

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="identifiers")
    registry = models.CharField(
        max_length=8, choices=vocab.Registry.choices, help_text="The registry that gave it."
    )
    value = models.CharField(max_length=60, help_text="The number as the registry writes it.")

    class Meta:
        verbose_name = "registry identifier"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["registry", "value"],
                name=refuse.PREFIX + "once",
                violation_error_message="Another trial has this identifier.",
            ),
            refuse.one_of("registry", vocab.Registry.values),
            refuse.check("value_given", ~Q(value=""), "An identifier is not empty."),
            refuse.check("shape", _shape(), "That is not how this registry writes its numbers."),
        ]

    def __str__(self) -> str:
        return self.value

    def clean(self) -> None:
        """Say how the registry writes its numbers, where this one is written otherwise."""
        super().clean()
        pattern, sentence = re.escape(CHINESE_PREFIX) + ".+", CHINESE_SENTENCE
        if self.registry != vocab.Registry.CHICTR:
            if self.registry not in IDENTIFIER_SHAPES:
                return
            template, sentence = IDENTIFIER_SHAPES[self.registry]
            pattern = template.replace("#", "[0-9]")
        if not re.fullmatch(pattern, self.value):
            raise ValidationError({"value": sentence})
