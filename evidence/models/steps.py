"""Steps: what was done to a record and said about it, in order; never changed and never public."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from evidence import vocab
from evidence.models import constraints as refuse
from evidence.models.base import Record

NOTE_LENGTH = 4000
# What nobody may do without a word to the others.
NEED_A_NOTE = (
    vocab.Verb.COMMENTED,
    vocab.Verb.RETURNED,
    vocab.Verb.PROPOSED_WITHDRAWAL,
    vocab.Verb.KEPT,
)


class Step(models.Model):
    """One step in the life of a record: a move with its note, an assignment or a comment."""

    record = models.ForeignKey(
        Record, editable=False, on_delete=models.PROTECT, related_name="steps"
    )
    number = models.PositiveIntegerField(
        editable=False, help_text="The edition that it was about, counted from 1."
    )
    verb = models.CharField(
        max_length=24, choices=vocab.Verb.choices, editable=False, help_text="What was done."
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who did it.",
    )
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Whom it was assigned to; empty where an assignment was taken away.",
    )
    at = models.DateTimeField(
        default=timezone.now, editable=False, help_text="When it was done, in UTC."
    )
    note = models.TextField(
        blank=True, default="", editable=False, help_text="Why, or what was said."
    )

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            refuse.one_of("verb", vocab.Verb.values),
            refuse.check("number_from_one", Q(number__gte=1), "Editions are counted from 1."),
            refuse.check(
                "note_given",
                ~Q(verb__in=NEED_A_NOTE) | ~Q(note=""),
                "This step needs a note that says why.",
            ),
            refuse.check(
                "assigned_to",
                Q(verb=vocab.Verb.ASSIGNED) | Q(to__isnull=True),
                "Only an assignment is to somebody.",
            ),
            refuse.at_most("note", NOTE_LENGTH),
        ]

    def __str__(self) -> str:
        return f"{self.record}, edition {self.number}: {self.get_verb_display()} by {self.by}"
