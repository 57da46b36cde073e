"""Runs that bring records in, with what they did and what went wrong; and the saved searches."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from evidence import vocab
from evidence.models import constraints as refuse
from evidence.models.audited import Audited


class SavedSearch(Audited):
    """What is asked of ClinicalTrials.gov for trials that are not known here yet."""

    name = models.CharField(
        max_length=120, unique=True, help_text="What it looks for, in a few words."
    )
    intervention = models.CharField(
        "intervention terms",
        max_length=400,
        blank=True,
        default="",
        help_text="As for its field “Intervention/treatment”, such as aldesleukin OR Proleukin.",
    )
    condition = models.CharField(
        "condition terms",
        max_length=400,
        blank=True,
        default="",
        help_text="As for its field “Condition/disease”; empty: any.",
    )
    active = models.BooleanField(default=True, help_text="Whether `sync_trials` asks it.")
    last_total = models.PositiveIntegerField(
        null=True,
        blank=True,
        editable=False,
        help_text="How many studies it found when it was last asked.",
    )

    class Meta:
        verbose_name = "saved search"
        verbose_name_plural = "saved searches"
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            refuse.check("name_given", ~Q(name=""), "A search needs a name."),
            refuse.check(
                "terms_given",
                ~Q(intervention="") | ~Q(condition=""),
                "Give intervention terms, condition terms or both.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SyncRun(models.Model):
    """One run of a command that brings records in; what was killed goes on where it stood."""

    kind = models.CharField(
        max_length=20, choices=vocab.RunKind.choices, editable=False, help_text="Which command."
    )
    arguments = models.TextField(
        blank=True, default="", editable=False, help_text="What it was asked to bring in."
    )
    state = models.CharField(
        max_length=10,
        choices=vocab.RunState.choices,
        default=vocab.RunState.RUNNING,
        editable=False,
        help_text="Whether it is running, done, or stopped and why.",
    )
    started_at = models.DateTimeField(editable=False, help_text="When it began, in UTC.")
    last_step_at = models.DateTimeField(
        editable=False, help_text="When it last wrote something down, in UTC."
    )
    finished_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When it ended, in UTC."
    )
    cursor = models.TextField(
        blank=True, default="", editable=False, help_text="Where to go on, if it is cut short."
    )
    created = models.PositiveIntegerField(
        default=0, editable=False, help_text="Things that were not held before."
    )
    changed = models.PositiveIntegerField(
        default=0, editable=False, help_text="Things of which the source says something new."
    )
    same = models.PositiveIntegerField(
        default=0, editable=False, help_text="Things of which nothing is new."
    )
    not_il2 = models.PositiveIntegerField(
        "not IL-2", default=0, editable=False, help_text="Studies that do not give IL-2."
    )
    left_out = models.PositiveIntegerField(
        default=0, editable=False, help_text="What a person here has deleted or turned down."
    )
    vanished = models.PositiveIntegerField(
        default=0, editable=False, help_text="Things that the source does not know any more."
    )
    failed = models.PositiveIntegerField(
        default=0, editable=False, help_text="Records that could not be read or kept."
    )
    sentence = models.TextField(
        blank=True, default="", editable=False, help_text="Why it stopped, in words."
    )

    class Meta:
        verbose_name = "run"
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["kind", "state"], name="run_kind_state")]
        constraints: ClassVar = [
            refuse.one_of("kind", vocab.RunKind.values),
            refuse.one_of("state", vocab.RunState.values),
            refuse.check(
                "finished_when_over",
                Q(state=vocab.RunState.RUNNING, finished_at__isnull=True)
                | (~Q(state=vocab.RunState.RUNNING) & Q(finished_at__isnull=False)),
                "Exactly a run that is over has an end.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class SyncFault(models.Model):
    """One thing that went wrong in a run, in one line; the rest of the run went on."""

    run = models.ForeignKey(
        SyncRun, editable=False, on_delete=models.CASCADE, related_name="faults"
    )
    about = models.CharField(
        max_length=300, editable=False, help_text="The file, number or address that it is about."
    )
    sentence = models.TextField(editable=False, help_text="What went wrong, in words.")

    class Meta:
        verbose_name = "fault"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            refuse.check("sentence_given", ~Q(sentence=""), "A fault says what went wrong."),
        ]

    def __str__(self) -> str:
        return f"{self.about}: {self.sentence}"
