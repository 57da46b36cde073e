"""What can be done with many editions at once, each job in one place: words, form, deed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.utils import timezone

from evidence.admin.move_forms import ConflictForm, NoteForm, who_may_work_on
from evidence.curation import many, moves, ready
from evidence.curation.allowed import Move, why_not
from evidence.models import Assessment, Edition
from evidence.templatetags.words import day_words
from evidence.vocab import Origin, State


class Bulk(StrEnum):
    """A job for many editions."""

    ASSIGN = "assign"
    SUBMIT = "submit"
    PUBLISH = "publish"
    TAKE_OVER = "take-over"
    REVISE = "revise"
    REVIEW_DATE = "review-date"


class BulkForm(NoteForm):
    """One note for all rows."""

    def __init__(self, *args: Any, model: type[Edition], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].help_text = "Kept with the history of each of them, for colleagues."

    def told(self, done: str) -> str:
        """Say what was done, with what was given for it where that is worth repeating."""
        return done


class BulkAssignForm(BulkForm):
    """Whom all rows are given to."""

    to: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label="Assign to", queryset=None, required=False, empty_label="nobody"
    )
    field_order = ("to", "note")

    def __init__(self, *args: Any, model: type[Edition], **kwargs: Any) -> None:
        super().__init__(*args, model=model, **kwargs)
        self.fields["to"].queryset = who_may_work_on(model)  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        """Return what each move is called with."""
        return super().given() | {"to": self.cleaned_data["to"]}


class BulkPublishForm(ConflictForm, BulkForm):
    """One statement for all rows."""

    field_order = ("conflict", "conflict_words", "note")

    def given(self) -> dict[str, Any]:
        """Return what each move is called with."""
        return super().given() | {"conflict_of_interest": self.statement()}


class BulkDateForm(BulkForm):
    """One date for all rows."""

    on = forms.DateField(
        label="To be reviewed by",
        widget=AdminDateWidget,
        error_messages={"required": "Give the date, such as 2027-05-21."},
    )
    field_order = ("on", "note")

    def clean_on(self) -> dt.date:
        """Refuse a day that is past, for the review would be overdue from the start, or far off."""
        on: dt.date = self.cleaned_data["on"]
        if on < timezone.localdate():
            raise ValidationError(many.PAST)
        if why := ready.why_not_on(on):
            raise ValidationError(why)
        return on

    def told(self, done: str) -> str:
        """Say the date in words."""
        return f"{done} {day_words(self.cleaned_data['on'], full=True)}"

    def given(self) -> dict[str, Any]:
        """Return what each move is called with."""
        return super().given() | {"on": self.cleaned_data["on"]}


@dataclass(frozen=True, kw_only=True)
class Job:
    """One job: its words, whose it is, what it asks, why not for a row, and the deed."""

    words: str
    what_happens: str
    done: str
    duties: tuple[str, ...]
    form: type[BulkForm]
    why_not: Callable[[Any, Any], str]
    do: Callable[[Any, Any, Mapping[str, Any]], many.Done]
    # Whether its page says of each row what it holds: for what goes to readers as it stands.
    describes: bool = False


def _each(move: Callable[..., Any]) -> Callable[[Any, Any, Mapping[str, Any]], many.Done]:
    def do(edition: Any, by: Any, given: Mapping[str, Any]) -> many.Done:
        seen = edition.lock_version
        return many.each([edition], lambda one: move(one, by=by, seen=seen, **given))

    return do


def _may(move: Move) -> Callable[[Any, Any], str]:
    return lambda edition, by: why_not(move, edition, by=by)


def _why_not_taken_over(edition: Any, by: Any) -> str:
    if edition.origin != Origin.STARTER or edition.state != State.PUBLISHED:
        return many.NOT_STARTER.format(code=edition.code)
    return why_not(Move.REVISE, edition, by=by) or _lacks(edition)


def _why_not_submitted(edition: Any, by: Any) -> str:
    return why_not(Move.SUBMIT, edition, by=by) or _lacks(edition)


def _why_not_published(edition: Any, by: Any) -> str:
    if why := why_not(Move.PUBLISH, edition, by=by):
        return why
    return ready.needs_a_reason(edition) if isinstance(edition, Assessment) else ""


def _lacks(edition: Any) -> str:
    return " ".join(dict.fromkeys(fault.sentence for fault in ready.faults(edition)))


def _why_no_date(edition: Any, by: Any) -> str:
    if why := many.why_no_date(edition):
        return why
    return "" if edition.state == State.DRAFT else why_not(Move.REVISE, edition, by=by)


JOBS: Mapping[Bulk, Job] = {
    Bulk.ASSIGN: Job(
        words="Assign the chosen to somebody",
        what_happens="They then stand in that person's queue. Others may still work on them.",
        done="assigned",
        duties=("change", "publish"),
        form=BulkAssignForm,
        why_not=_may(Move.ASSIGN),
        do=_each(moves.assign),
    ),
    Bulk.SUBMIT: Job(
        words="Submit the chosen drafts for a second reader",
        what_happens="Each that is ready goes to a second reader. The others stay drafts and are "
        "named with what they lack.",
        done="submitted",
        duties=("change",),
        form=BulkForm,
        why_not=_why_not_submitted,
        do=_each(moves.submit),
    ),
    Bulk.PUBLISH: Job(
        words="Publish the chosen as second reader",
        what_happens="Readers see them at once, each in place of the edition before it. Publish "
        "only what you have read beside its source.",
        done="published",
        duties=("publish",),
        form=BulkPublishForm,
        why_not=_why_not_published,
        do=_each(moves.publish),
        describes=True,
    ),
    Bulk.TAKE_OVER: Job(
        words="Take over chosen starter evidence",
        what_happens="Of each a next edition begins in your name and goes to a second reader. "
        "Readers see the starter edition until that is published by another person.",
        done="taken over and submitted",
        duties=("change",),
        form=BulkForm,
        why_not=_why_not_taken_over,
        do=lambda edition, by, given: many.take_over([edition], by=by, **given),
        describes=True,
    ),
    Bulk.REVISE: Job(
        words="Begin next editions of the chosen, as drafts",
        what_happens="Of each a next edition begins as a draft in your name with all that this one "
        "says: to complete, such as with a locator, and to submit. What readers see stays.",
        done="begun as drafts",
        duties=("change",),
        form=BulkForm,
        why_not=_may(Move.REVISE),
        do=_each(moves.revise),
    ),
    Bulk.REVIEW_DATE: Job(
        words="Set the date of the next review",
        what_happens="A draft gets the date. Of what is published a next edition begins as a "
        "draft with the date, to be submitted and published like any other.",
        done="given the review date",
        duties=("change",),
        form=BulkDateForm,
        why_not=_why_no_date,
        do=lambda edition, by, given: many.set_review_date([edition], by=by, **given),
    ),
}
FOR_ALL: Sequence[Bulk] = (
    Bulk.ASSIGN,
    Bulk.SUBMIT,
    Bulk.PUBLISH,
    Bulk.TAKE_OVER,
    Bulk.REVISE,
)
