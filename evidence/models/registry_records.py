"""What registries and the literature say of a thing, payload by payload, and what we made of it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from evidence import vocab
from evidence.models import constraints as refuse
from evidence.models.fields import PartialDateField

HASH_LENGTH = 64


class Snapshot(models.Model):
    """One payload as a source gave it, without people's contact data; kept once, by its hash."""

    source = models.CharField(
        max_length=12, choices=vocab.Source.choices, editable=False, help_text="Who gave it."
    )
    value = models.CharField(
        max_length=200, editable=False, help_text="The number or DOI that it is of."
    )
    sha256 = models.CharField(
        max_length=HASH_LENGTH,
        unique=True,
        editable=False,
        help_text="The hash of the payload: the same text is kept once.",
    )
    payload = models.TextField(editable=False, help_text="The record, as canonical JSON.")
    data_date = PartialDateField(
        editable=False, help_text="The day of the source's data, as the payload says."
    )
    received_at = models.DateTimeField(editable=False, help_text="When it first came in, in UTC.")

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["source", "value"], name="snapshot_of")]
        constraints: ClassVar = [
            refuse.one_of("source", vocab.Source.values),
            refuse.check("value_given", ~Q(value=""), "A payload is of something."),
            refuse.as_long_as("sha256", [HASH_LENGTH], "A SHA-256 has 64 characters."),
            refuse.check("sha256_given", ~Q(sha256=""), "A payload is kept by its hash."),
            refuse.partial_date("data_date"),
        ]

    def __str__(self) -> str:
        return f"{self.value}, {self.sha256[:12]}"


class RegistryRecord(models.Model):
    """One record of a registry or of the literature: what was last read there, and our verdict.

    Of what does not give IL-2 there is this row alone, so that nobody is asked again.
    """

    source = models.CharField(
        max_length=12, choices=vocab.Source.choices, editable=False, help_text="Whose record it is."
    )
    value = models.CharField(
        max_length=200,
        editable=False,
        help_text="Its number or DOI, as its source writes it.",
    )
    title = models.CharField(
        max_length=600, blank=True, default="", editable=False, help_text="Its title there."
    )
    trial = models.ForeignKey(
        "evidence.Trial",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="registry_records",
        help_text="The trial that it is a record of.",
    )
    publication = models.ForeignKey(
        "evidence.Publication",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="registry_records",
        help_text="The publication that it is a record of.",
    )
    verdict = models.CharField(
        max_length=8,
        blank=True,
        default="",
        choices=vocab.Verdict.choices,
        editable=False,
        help_text="Whether it gives IL-2; empty for literature.",
    )
    reason = models.TextField(
        blank=True, default="", editable=False, help_text="What the verdict rests on, in words."
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who gave the verdict; empty where nobody did: it is then read from the record.",
    )
    decided_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When a person gave it, in UTC."
    )
    snapshot = models.ForeignKey(
        Snapshot,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The payload that was last read.",
    )
    values = models.JSONField(
        default=dict, editable=False, help_text="What was read from it, by field, as text."
    )
    reader = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="The version of our reading."
    )
    checked_on = models.DateField(
        null=True, blank=True, editable=False, help_text="The day of the data last looked at."
    )
    vanished_on = models.DateField(
        null=True,
        blank=True,
        editable=False,
        help_text="Since when the source does not know it any more; empty while it does.",
    )

    class Meta:
        verbose_name = "registry record"
        ordering: ClassVar = ["source", "value"]
        indexes: ClassVar = [models.Index(fields=["verdict"], name="registry_verdict")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "value"],
                name=refuse.PREFIX + "once",
                violation_error_message="That record is held already.",
            ),
            refuse.one_of("source", vocab.Source.values),
            refuse.one_of("verdict", vocab.Verdict.values, blank=True),
            refuse.check("value_given", ~Q(value=""), "A record has a number or a DOI."),
            refuse.both_or_neither("decided_by", "decided_at", "Say who decided it, and when."),
            refuse.check(
                "of_one_thing",
                Q(trial__isnull=True) | Q(publication__isnull=True),
                "A record is of a trial or of a publication.",
            ),
            refuse.check(
                "no_trial_without_il2",
                ~Q(verdict=vocab.Verdict.NOT_IL2) | Q(trial__isnull=True),
                "What does not give IL-2 is no trial here.",
            ),
        ]

    def __str__(self) -> str:
        return self.value


class Drift(models.Model):
    """One field that a source changed and that a person should look at.

    `applied` says that the new value stands already, because nobody here had corrected the old
    one; where it does not, ours stands until somebody accepts theirs.
    """

    trial = models.ForeignKey(
        "evidence.Trial",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.CASCADE,
        related_name="drifts",
        help_text="The trial whose field it is.",
    )
    publication = models.ForeignKey(
        "evidence.Publication",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.CASCADE,
        related_name="drifts",
        help_text="The publication whose field it is.",
    )
    record = models.ForeignKey(
        RegistryRecord,
        editable=False,
        on_delete=models.CASCADE,
        related_name="drifts",
        help_text="The record that says otherwise now.",
    )
    field = models.CharField(max_length=40, editable=False, help_text="Which field, by its name.")
    ours = models.TextField(
        blank=True, default="", editable=False, help_text="What stood here when it was found."
    )
    before = models.TextField(
        blank=True, default="", editable=False, help_text="What the source said before."
    )
    after = models.TextField(
        blank=True, default="", editable=False, help_text="What the source says now."
    )
    applied = models.BooleanField(
        default=False, editable=False, help_text="Whether the new value stands here already."
    )
    opened_at = models.DateTimeField(editable=False, help_text="When it was found, in UTC.")
    decision = models.CharField(
        max_length=8,
        blank=True,
        default="",
        choices=vocab.DriftDecision.choices,
        editable=False,
        help_text="What was decided; empty while it waits.",
    )
    reason = models.TextField(
        blank=True, default="", editable=False, help_text="Why ours was kept."
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who decided it.",
    )
    decided_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When it was decided, in UTC."
    )

    class Meta:
        verbose_name = "change at the registry"
        verbose_name_plural = "changes at the registries"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["record", "field"],
                condition=Q(decided_at__isnull=True),
                name=refuse.PREFIX + "one_open",
                violation_error_message="A change of that field waits already.",
            ),
            refuse.check("field_given", ~Q(field=""), "A change is of a field."),
            refuse.check(
                "of_one_thing",
                Q(trial__isnull=False, publication__isnull=True)
                | Q(trial__isnull=True, publication__isnull=False),
                "A change is of a trial or of a publication.",
            ),
            refuse.one_of("decision", vocab.DriftDecision.values, blank=True),
            refuse.check(
                "decided",
                Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(decision="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                "A decision has a person and a time.",
            ),
            refuse.check(
                "kept_with_reason",
                ~Q(decision=vocab.DriftDecision.KEPT) | ~Q(reason=""),
                "Say why ours is kept.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record}: {self.field}"
