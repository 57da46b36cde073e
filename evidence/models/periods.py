"""What the rule says: the columns of one word of it, and the years in which each word stood."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from evidence import vocab
from evidence.models import constraints as refuse

FIRST_YEAR = 1970
"""The first year that can be asked about; what is older counts as known by its end."""
LAST_YEAR = 9999
"""The end of a period that has not ended."""


class RuleWord(models.Model):
    """The rule's word on a topic, with what that rests on; worked out, never typed."""

    rule = models.CharField(
        max_length=2,
        blank=True,
        default="",
        editable=False,
        choices=vocab.Rule.choices,
        help_text="The first line of the rule that holds.",
    )
    rule_status = models.CharField(
        max_length=12,
        blank=True,
        default="",
        editable=False,
        choices=vocab.Status.choices,
        help_text="The status that the rule gives.",
    )
    rule_ground = models.CharField(
        max_length=30,
        blank=True,
        default="",
        editable=False,
        choices=vocab.Ground.choices,
        help_text="The ground that the rule gives, where it says investigated.",
    )
    approved = models.BooleanField(
        "approval",
        default=False,
        editable=False,
        help_text="Whether an approval in force names this condition, intervention and population, "
        "with IL-2 as the approved substance.",
    )
    robust = models.BooleanField(
        default=False,
        editable=False,
        help_text="Whether the rule says the same without any one study, each left out in turn.",
    )
    borrowed = models.BooleanField(
        default=False,
        editable=False,
        help_text="Whether every finding of treatment is of other ages; its results are not "
        "borrowed.",
    )
    discordant = models.BooleanField(
        default=False,
        editable=False,
        help_text="Whether studies, or markers and patients, point different ways (V1 or V2).",
    )
    studies_for = models.PositiveIntegerField(
        "studies for",
        default=0,
        editable=False,
        help_text="Studies with a result in favour of IL-2 that argues in the rule.",
    )
    studies_against = models.PositiveIntegerField(
        "studies against",
        default=0,
        editable=False,
        help_text="Studies with a result of no difference or harm that argues in the rule.",
    )
    left_out = models.PositiveIntegerField(
        "findings left out",
        default=0,
        editable=False,
        help_text="Findings that were looked at and have no voice in the rule; the topic's page "
        "says why of each.",
    )
    findings_count = models.PositiveIntegerField(
        "findings",
        default=0,
        editable=False,
        help_text="Published findings that are read for this topic, those of narrower conditions "
        "with it.",
    )
    studies_count = models.PositiveIntegerField(
        "studies",
        default=0,
        editable=False,
        help_text="Different studies behind the findings and the trials; a trial with many papers "
        "is one.",
    )
    trials_count = models.PositiveIntegerField(
        "trials", default=0, editable=False, help_text="Trials that address the topic."
    )
    publications_count = models.PositiveIntegerField(
        "publications", default=0, editable=False, help_text="Publications behind the findings."
    )

    class Meta:
        abstract = True
        constraints: ClassVar = [
            refuse.one_of("rule", vocab.Rule.values, blank=True),
            refuse.one_of("rule_status", vocab.Status.values, blank=True),
            refuse.one_of("rule_ground", vocab.Ground.values, blank=True),
            refuse.check(
                "rule_whole",
                Q(rule="", rule_status="", rule_ground="")
                | (
                    ~Q(rule="")
                    & (
                        (Q(rule_status=vocab.Status.INVESTIGATED) & ~Q(rule_ground=""))
                        | Q(
                            rule_status__in=[vocab.Status.EXPERIMENTAL, vocab.Status.VARIABLE],
                            rule_ground="",
                        )
                    )
                ),
                "The rule gives its line with a status, and a ground with investigated only.",
            ),
        ]


class RulePeriod(RuleWord):
    """What the rule would have said of a topic at the end of each year from one to another.

    The periods of a topic follow each other without a gap from `FIRST_YEAR` to `LAST_YEAR`. They
    rest on today's published findings, as today's readers code them; what has no date stays out.
    """

    topic = models.ForeignKey(
        "evidence.Topic",
        on_delete=models.CASCADE,
        related_name="rule_periods",
        editable=False,
        help_text="The question.",
    )
    from_year = models.PositiveSmallIntegerField(
        editable=False,
        validators=[MinValueValidator(FIRST_YEAR)],
        help_text="The first year at whose end the rule would have said so.",
    )
    to_year = models.PositiveSmallIntegerField(
        editable=False, help_text="The last such year; 9999 where nothing has changed since."
    )

    class Meta:
        ordering: ClassVar = ["topic", "from_year"]
        constraints: ClassVar = [
            *RuleWord.Meta.constraints,
            models.UniqueConstraint(
                fields=["topic", "from_year"],
                name=refuse.PREFIX + "once",
                violation_error_message="There is a period that begins in that year.",
            ),
            refuse.check(
                "in_order",
                Q(from_year__gte=FIRST_YEAR, to_year__gte=F("from_year"), to_year__lte=LAST_YEAR),
                "A period ends in the year in which it begins or later.",
            ),
        ]

    def __str__(self) -> str:
        until = "" if self.to_year == LAST_YEAR else f" to {self.to_year}"
        return f"T{self.topic_id} from {self.from_year}{until}: {self.rule_status} ({self.rule})"
