"""Findings: what one source showed on one topic."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q

from evidence import vocab
from evidence.models import constraints as refuse
from evidence.models.sources import SourcedEdition

STATEMENT_LENGTH = 1000


class Finding(SourcedEdition):
    """What one source showed on one topic, with its place there and its figures."""

    KIND = vocab.RecordKind.FINDING

    topic = models.ForeignKey(
        "evidence.Topic",
        on_delete=models.PROTECT,
        related_name="findings",
        help_text="The narrowest topic that it answers.",
    )
    outcome = models.CharField(
        max_length=300, help_text="What was measured, and when, in the source's sense."
    )
    outcome_kind = models.CharField(
        max_length=16,
        choices=vocab.OutcomeKind.choices,
        help_text="What patients feel or survive (clinical), a marker of it (surrogate), germs "
        "(microbiological), a level, cells that the drug is made to move (mechanistic), safety.",
    )
    outcome_group = models.ForeignKey(
        "evidence.Outcome",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="findings",
        help_text="The outcome's name across studies, so that like is compared with like.",
    )
    analysis = models.CharField(
        max_length=12,
        choices=vocab.Analysis.choices,
        help_text="The result's place in the study's plan.",
    )
    comparison = models.CharField(
        max_length=10,
        choices=vocab.Comparison.choices,
        help_text="What the people with IL-2 were compared with.",
    )
    subjects = models.CharField(
        max_length=10,
        choices=vocab.Subjects.choices,
        default=vocab.Subjects.PATIENTS,
        help_text="Whom or what the result comes from.",
    )
    population = models.CharField(
        max_length=16,
        choices=vocab.Population.choices,
        help_text="The ages of the people it comes from.",
    )
    direction = models.CharField(
        max_length=14,
        choices=vocab.Direction.choices,
        help_text="What happened to patients or markers: “no difference” only where a planned "
        "primary outcome was not met or an interval leaves out a benefit that matters; a near "
        "miss is “unclear”.",
    )
    effect_measure = models.CharField(
        max_length=30,
        blank=True,
        default="",
        choices=vocab.EffectMeasure.choices,
        help_text="What the estimate is.",
    )
    estimate = models.FloatField(
        null=True,
        blank=True,
        help_text="As printed. Empty means not reported; never type 0.",
    )
    ci_low = models.FloatField(
        "CI low", null=True, blank=True, help_text="Lower end of the confidence interval."
    )
    ci_high = models.FloatField(
        "CI high", null=True, blank=True, help_text="Upper end of the confidence interval."
    )
    ci_level = models.FloatField(
        "CI level, %", null=True, blank=True, help_text="Usually 95; needed with an interval."
    )
    value_il2 = models.CharField(
        "result with IL-2", max_length=200, blank=True, default="", help_text="As printed."
    )
    value_comparator = models.CharField(
        "result without", max_length=200, blank=True, default="", help_text="As printed."
    )
    p_value = models.CharField(
        "p", max_length=60, blank=True, default="", help_text="As printed, such as <0.001."
    )
    n_il2 = models.PositiveIntegerField(
        "analysed with IL-2", null=True, blank=True, help_text="People; empty: not reported."
    )
    n_comparator = models.PositiveIntegerField(
        "analysed without", null=True, blank=True, help_text="People; empty: not reported."
    )
    n_total = models.PositiveIntegerField(
        "analysed in all", null=True, blank=True, help_text="People; where groups are not given."
    )
    time_point = models.CharField(
        max_length=120, blank=True, default="", help_text="Such as week 24 or 6.9 years (mean)."
    )
    design = models.CharField(
        max_length=20,
        choices=vocab.Design.choices,
        default=vocab.Design.NOT_STATED,
        help_text="How the result was obtained.",
    )
    risk_of_bias = models.CharField(
        max_length=14,
        choices=vocab.RiskOfBias.choices,
        default=vocab.RiskOfBias.NOT_ASSESSED,
        help_text="Of a single study (RoB 2's overall judgement).",
    )
    certainty = models.CharField(
        max_length=12,
        choices=vocab.Certainty.choices,
        default=vocab.Certainty.NOT_ASSESSED,
        help_text="Of a review only, as GRADE has it.",
    )
    statement = models.TextField(
        validators=[MaxLengthValidator(STATEMENT_LENGTH)],
        help_text="What was found, in our own words, at most 1,000 characters.",
    )

    class Meta(SourcedEdition.Meta):
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            # The last review of all is the end of this one.
            models.Index(fields=["state", "reviewed_at"], name="finding_reviewed"),
            models.Index(fields=["state", "topic"], name="finding_state_topic"),
            # The order of the listing and of its CSV, which would else be sorted for every page.
            models.Index(fields=["state", "record"], name="finding_state_record"),
            # All that the map reads to tell the studies of a cell. The trial stands first: behind
            # the state, SQLite would take this one for any question about published findings.
            models.Index(
                fields=["trial", "state", "topic", "publication", "design"],
                name="finding_studies",
            ),
        ]
        constraints: ClassVar = [
            *SourcedEdition.Meta.constraints,
            refuse.one_of("outcome_kind", vocab.OutcomeKind.values),
            refuse.one_of("analysis", vocab.Analysis.values),
            refuse.one_of("comparison", vocab.Comparison.values),
            refuse.one_of("subjects", vocab.Subjects.values),
            refuse.one_of("population", vocab.Population.values),
            refuse.one_of("direction", vocab.Direction.values),
            refuse.one_of("effect_measure", vocab.EffectMeasure.values, blank=True),
            refuse.one_of("design", vocab.Design.values),
            refuse.one_of("risk_of_bias", vocab.RiskOfBias.values),
            refuse.one_of("certainty", vocab.Certainty.values),
            refuse.check("outcome_given", ~Q(outcome=""), "Say what was measured."),
            refuse.check("statement_given", ~Q(statement=""), "A finding needs a statement."),
            refuse.at_most("statement", STATEMENT_LENGTH),
            refuse.check(
                "interval_whole",
                Q(ci_low__isnull=True, ci_high__isnull=True, ci_level__isnull=True)
                | Q(
                    ci_low__isnull=False,
                    ci_high__isnull=False,
                    ci_level__isnull=False,
                    ci_low__lte=F("ci_high"),
                    ci_level__gt=0,
                    ci_level__lt=100,
                ),
                "An interval has a low end, a high end and a level, in order.",
            ),
            refuse.check(
                "estimate_in_interval",
                Q(estimate__isnull=True)
                | Q(ci_low__isnull=True)
                | Q(ci_high__isnull=True)
                | Q(estimate__gte=F("ci_low"), estimate__lte=F("ci_high")),
                "The estimate lies within its interval.",
            ),
            refuse.check(
                "estimate_has_measure",
                (Q(estimate__isnull=True) & Q(ci_low__isnull=True)) | ~Q(effect_measure=""),
                "Say what the estimate is.",
            ),
            refuse.check(
                "certainty_of_reviews_only",
                Q(certainty=vocab.Certainty.NOT_ASSESSED)
                | Q(design__in=[vocab.Design.REVIEW, vocab.Design.REVIEW_RANDOMISED]),
                "Certainty is for reviews; a single study has a risk of bias.",
            ),
        ]

    def __str__(self) -> str:
        number = self.code if self.record_id else "new finding"
        return f"{number}: {self.outcome} ({self.get_direction_display()})"
