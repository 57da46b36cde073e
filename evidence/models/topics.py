"""Topics, the questions; and assessments, our judgements of them."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from evidence import vocab
from evidence.models import constraints as refuse
from evidence.models.audited import Audited
from evidence.models.base import Edition
from evidence.models.fields import PartialDateField
from evidence.models.periods import RuleWord

AGREES = Q(status=F("topic__rule_status"), ground=F("topic__rule_ground"))
"""That an assessment says the rule's word: the same status on the same ground."""


class TopicQuerySet(models.QuerySet[Any]):
    """A topic is public while an assessment of it is published."""

    def public(self) -> Self:
        """Return the topics that readers see."""
        return self.filter(Exists(Assessment.objects.public().filter(topic=OuterRef("pk"))))


class Topic(Audited, RuleWord):
    """One question: a condition, an intervention, its role and a population."""

    condition = models.ForeignKey(
        "evidence.Condition",
        on_delete=models.PROTECT,
        related_name="topics",
        help_text="In which condition.",
    )
    intervention = models.ForeignKey(
        "evidence.Intervention",
        on_delete=models.PROTECT,
        related_name="topics",
        help_text="Which form of IL-2.",
    )
    role = models.CharField(
        max_length=20, choices=vocab.Role.choices, help_text="What IL-2 is in it."
    )
    population = models.CharField(
        max_length=16, choices=vocab.Population.choices, help_text="In whom."
    )
    trials: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "evidence.Trial",
        blank=True,
        related_name="topics",
        help_text="Trials that address this question, reported or not.",
    )
    reads: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "self",
        symmetrical=False,
        editable=False,
        related_name="read_by",
        help_text="The topics whose evidence is read for this one: itself, and the same question "
        "in narrower conditions and in populations that this one covers.",
    )
    read_trials: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "evidence.Trial",
        editable=False,
        related_name="read_for",
        help_text="The trials of all that is read for it: those that address it and those of its "
        "findings.",
    )
    rule_version = models.PositiveSmallIntegerField(default=0, editable=False)
    rule_trace = models.JSONField(default=dict, editable=False)
    rule_rests_on = models.JSONField(default=list, editable=False)
    harms_count = models.PositiveIntegerField(
        "harm reports",
        default=0,
        editable=False,
        help_text="Published harm reports in it, those of narrower conditions with it.",
    )

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            *RuleWord.Meta.constraints,
            models.UniqueConstraint(
                fields=["condition", "intervention", "role", "population"],
                name=refuse.PREFIX + "once",
                violation_error_message="That topic exists already.",
            ),
            refuse.one_of("role", vocab.Role.values),
            refuse.one_of("population", vocab.Population.values),
        ]

    def __str__(self) -> str:
        return (
            f"{self.intervention} in {self.condition}: {self.get_role_display()}, "
            f"{self.get_population_display()}"
        )

    @property
    def code(self) -> str:
        """Its name in addresses: `T12`."""
        return f"T{self.pk}"


class Assessment(Edition):
    """Our judgement of a topic: status, direction, certainty, summary and reasons."""

    KIND = vocab.RecordKind.ASSESSMENT

    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, related_name="assessments", help_text="The question."
    )
    status = models.CharField(
        max_length=12,
        choices=vocab.Status.choices,
        help_text="Our word: experimental, variable or investigated.",
    )
    ground = models.CharField(
        max_length=30,
        blank=True,
        default="",
        choices=vocab.Ground.choices,
        help_text="Why investigated: given with that status, and only with it.",
    )
    direction = models.CharField(
        max_length=14,
        choices=vocab.TopicDirection.choices,
        help_text="What happened to patients or markers, over all findings.",
    )
    certainty = models.CharField(
        max_length=12,
        choices=vocab.Certainty.choices,
        default=vocab.Certainty.NOT_ASSESSED,
        help_text="GRADE's certainty of the body of evidence, for the outcome named beside it.",
    )
    certainty_outcome = models.ForeignKey(
        "evidence.Outcome",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The outcome that the certainty is for.",
    )
    summary = models.TextField(help_text="One or two sentences for readers, in our own words.")
    reason = models.TextField(
        "reason where it differs from the rule",
        blank=True,
        default="",
        help_text="Why we say another status or ground than the rule; readers see it.",
    )
    review_by = models.DateField(
        "to be looked at again by",
        null=True,
        blank=True,
        help_text="When the reason is to be looked at again.",
    )
    rule_answered = models.CharField(
        "the rule's line when it was published",
        max_length=2,
        blank=True,
        default="",
        editable=False,
        choices=vocab.Rule.choices,
        help_text="What the rule said when two people agreed on this; its reason answers that "
        "line.",
    )
    next_review = models.DateField(
        null=True, blank=True, help_text="When the whole assessment is due for review."
    )
    narrative_word = models.CharField(
        "the source page's own word",
        max_length=12,
        blank=True,
        default="",
        choices=vocab.Status.choices,
        help_text="The status that the narrative source page gives, if it gives one.",
    )
    narrative_date = PartialDateField(help_text="The date of the narrative source page.")
    narrative_source = models.ForeignKey(
        "evidence.Publication",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The narrative source page.",
    )

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            *Edition.Meta.constraints,
            models.UniqueConstraint(
                fields=["topic"],
                condition=Q(state=vocab.State.PUBLISHED),
                name=refuse.PREFIX + "one_per_topic",
                violation_error_message="Another assessment of this topic is published.",
            ),
            refuse.one_of("status", vocab.Status.values),
            refuse.one_of("direction", vocab.TopicDirection.values),
            refuse.one_of("certainty", vocab.Certainty.values),
            refuse.one_of("narrative_word", vocab.Status.values, blank=True),
            refuse.one_of("rule_answered", vocab.Rule.values, blank=True),
            refuse.partial_date("narrative_date"),
            refuse.one_of("ground", vocab.Ground.values, blank=True),
            refuse.check(
                "ground_with_investigated",
                (Q(status=vocab.Status.INVESTIGATED) & ~Q(ground=""))
                | (~Q(status=vocab.Status.INVESTIGATED) & Q(ground="")),
                "Investigated always has its ground; the other statuses have none.",
            ),
            refuse.check("summary_given", ~Q(summary=""), "An assessment needs a summary."),
            refuse.check(
                "reason_has_date",
                Q(reason="", review_by__isnull=True) | (~Q(reason="") & Q(review_by__isnull=False)),
                "A reason that differs from the rule has a date to look again, and the date a "
                "reason.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} ({self.get_status_display()}, edition {self.number})"

    @property
    def agrees(self) -> bool:
        """Say whether it says the rule's word: the same status on the same ground."""
        rule = self.topic
        return (self.status, self.ground) == (rule.rule_status, rule.rule_ground)
