"""Records and their editions: what all judgements share."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q, UniqueConstraint

from evidence import vocab
from evidence.models import constraints as refuse
from evidence.models.audited import Audited


class Record(models.Model):
    """One judgement for ever: its number never changes and is never used again."""

    kind = models.CharField(max_length=1, choices=vocab.RecordKind.choices, editable=False)
    # Null, not blank: unique among the records that have one.
    starter_key = models.CharField(  # noqa: DJ001
        max_length=80,
        null=True,
        unique=True,
        editable=False,
        help_text="The entry of the starter evidence that it came from.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [refuse.one_of("kind", vocab.RecordKind.values)]

    def __str__(self) -> str:
        return f"{self.kind}{self.pk}"


class EditionQuerySet(models.QuerySet[Any]):
    """Judgements are public while one of their editions is published."""

    def public(self) -> Self:
        """Return the editions that readers see."""
        return self.filter(state=vocab.State.PUBLISHED)

    def withdrawn(self) -> Self:
        """Return the editions that readers saw: their addresses say when they went and why."""
        return self.filter(state=vocab.State.WITHDRAWN)

    def shown(self) -> Self:
        """Return the editions that readers see or saw."""
        return self.filter(state__in=SHOWN_STATES)


OPEN_STATES = (vocab.State.DRAFT, vocab.State.IN_REVIEW)
SHOWN_STATES = (vocab.State.PUBLISHED, vocab.State.SUPERSEDED, vocab.State.WITHDRAWN)


def _who(help_text: str) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=help_text,
    )


def _when(help_text: str) -> models.DateTimeField[Any, Any]:
    return models.DateTimeField(null=True, blank=True, editable=False, help_text=help_text)


class Edition(Audited):
    """One numbered version of a record; at most one of them is published."""

    KIND: ClassVar[vocab.RecordKind]

    record = models.ForeignKey(
        Record,
        editable=False,
        on_delete=models.PROTECT,
        related_name="%(class)s_editions",
        help_text="The judgement that this is an edition of.",
    )
    number = models.PositiveIntegerField(
        default=1, editable=False, help_text="The edition, counted from 1."
    )
    state = models.CharField(
        max_length=12,
        choices=vocab.State.choices,
        default=vocab.State.DRAFT,
        editable=False,
        help_text="Moved by submitting, publishing and withdrawing; never typed.",
    )
    origin = models.CharField(
        max_length=10,
        choices=vocab.Origin.choices,
        default=vocab.Origin.CURATOR,
        editable=False,
        help_text="Who began the edition: a curator, the starter evidence or an import.",
    )
    author = _who("Who wrote the edition; empty for starter evidence.")
    last_editor = _who("Who changed it last.")
    submitted_by = _who("Who handed it to a second reader.")
    submitted_at = _when("When it was handed in, in UTC.")
    reviewer = _who("The second reader, who published it; never its author.")
    reviewed_at = _when("When the second reader published it, in UTC.")
    assignee = _who("Who has taken it on, as its writer or as its second reader.")
    conflict_of_interest = models.TextField(
        blank=True,
        default="",
        editable=False,
        help_text="The second reader's statement: none, or what.",
    )
    note = models.TextField(
        blank=True,
        default="",
        help_text="For colleagues: what to check, what was changed and why. Not shown to readers.",
    )
    published_at = _when("When the edition became public, in UTC.")
    withdrawal_proposed_by = _who("Who proposed to withdraw it.")
    withdrawal_proposed_at = _when("When that was proposed, in UTC.")
    withdrawal_reason = models.TextField(
        blank=True, default="", editable=False, help_text="Why it is to be withdrawn, for readers."
    )
    withdrawn_by = _who("Who confirmed the withdrawal; never the proposer.")
    withdrawn_at = _when("When it was withdrawn, in UTC.")
    successor = models.ForeignKey(
        Record,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The record that takes its place after a withdrawal.",
    )
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints: ClassVar = [
            UniqueConstraint(
                fields=["record", "number"],
                name=refuse.PREFIX + "edition_number",
                violation_error_message="That edition exists already.",
            ),
            UniqueConstraint(
                fields=["record"],
                condition=Q(state=vocab.State.PUBLISHED),
                name=refuse.PREFIX + "one_published",
                violation_error_message="Another edition of this record is published.",
            ),
            UniqueConstraint(
                fields=["record"],
                condition=Q(state__in=OPEN_STATES),
                name=refuse.PREFIX + "one_open",
                violation_error_message="Another edition of this record is being worked on.",
            ),
            refuse.one_of("state", vocab.State.values),
            refuse.one_of("origin", vocab.Origin.values),
            refuse.check("number_from_one", Q(number__gte=1), "Editions are counted from 1."),
            refuse.both_or_neither("submitted_by", "submitted_at", "Say who submitted, and when."),
            refuse.both_or_neither("reviewer", "reviewed_at", "Say who reviewed it, and when."),
            refuse.both_or_neither(
                "withdrawn_by", "withdrawn_at", "Say who withdrew it, and when."
            ),
            refuse.check(
                "withdrawal_proposal",
                Q(
                    withdrawal_proposed_by__isnull=True,
                    withdrawal_proposed_at__isnull=True,
                    withdrawal_reason="",
                )
                | (
                    Q(withdrawal_proposed_by__isnull=False, withdrawal_proposed_at__isnull=False)
                    & ~Q(withdrawal_reason="")
                ),
                "A proposed withdrawal has a person, a time and a reason.",
            ),
            refuse.check(
                "withdrawal_of_the_shown",
                Q(state__in=SHOWN_STATES) | Q(withdrawal_proposed_by__isnull=True),
                "What no reader has seen is discarded, not withdrawn.",
            ),
            refuse.check(
                "successor_of_the_withdrawn",
                Q(successor__isnull=True) | Q(withdrawal_proposed_by__isnull=False),
                "A successor is named with a withdrawal.",
            ),
            refuse.check(
                "successor_is_another",
                refuse.differ("successor", "record"),
                "A record cannot take its own place.",
            ),
            refuse.check(
                "published_when_shown",
                Q(state__in=OPEN_STATES, published_at__isnull=True)
                | Q(state__in=SHOWN_STATES, published_at__isnull=False),
                "Exactly what is or was public has a time of publication.",
            ),
            refuse.check(
                "assigned_while_open",
                Q(state__in=OPEN_STATES) | Q(assignee__isnull=True),
                "Only what is still being worked on is assigned to somebody.",
            ),
            refuse.check(
                "submitted_when_in_review",
                ~Q(state=vocab.State.IN_REVIEW) | Q(submitted_by__isnull=False),
                "What is in review was submitted by someone.",
            ),
            refuse.check(
                "two_people",
                Q(state__in=OPEN_STATES)
                | Q(
                    origin=vocab.Origin.STARTER,
                    number=1,
                    author__isnull=True,
                    reviewer__isnull=True,
                )
                | (
                    Q(origin__in=[vocab.Origin.CURATOR, vocab.Origin.IMPORT])
                    & Q(author__isnull=False, reviewer__isnull=False)
                ),
                "Publishing takes an author and a second person who reviewed it.",
            ),
            refuse.check(
                "reviewer_is_another",
                refuse.differ("reviewer", "author")
                & refuse.differ("reviewer", "last_editor")
                & refuse.differ("reviewer", "submitted_by"),
                "Someone other than its author, last editor and submitter must publish this.",
            ),
            refuse.check(
                "withdrawn_when_confirmed",
                (~Q(state=vocab.State.WITHDRAWN) & Q(withdrawn_by__isnull=True))
                | Q(
                    state=vocab.State.WITHDRAWN,
                    withdrawn_by__isnull=False,
                    withdrawal_proposed_by__isnull=False,
                ),
                "A withdrawal is proposed by one person and confirmed by another.",
            ),
            refuse.check(
                "withdrawer_is_another",
                refuse.differ("withdrawn_by", "withdrawal_proposed_by"),
                "Someone other than the proposer must confirm the withdrawal.",
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a new first edition gets a record, and with it its number for ever."""
        is_new = self._state.adding and not self.record_id
        try:
            with transaction.atomic():
                if is_new:
                    self.record = Record.objects.create(kind=self.KIND)
                super().save(*args, **kwargs)
        except BaseException:
            if is_new:  # that record is gone; on SQLite its number may yet be another's
                self.record = None  # type: ignore[assignment]
            raise

    @property
    def code(self) -> str:
        """The record's letter and number, whatever the edition: `F34`."""
        return f"{self.KIND}{self.record_id}"
