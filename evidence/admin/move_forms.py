"""What a person says with a move: her note, her conflicts of interest, whom or what she names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from evidence.curation.allowed import Move
from evidence.curation.duties import permission
from evidence.models import Edition, Record
from evidence.models.steps import NOTE_LENGTH

# Whose permissions count is Django's own matter; what locks people out stands beside it.
PERMISSIONS = "django.contrib.auth.backends.ModelBackend"
MOST_SAVES = 2_147_483_647
CODE = re.compile(r"\s*([A-Za-z])\s*([1-9][0-9]{0,17})\s*", re.ASCII)
OPENED_AT_NOTHING = (
    "The form did not say at which save of this edition it was opened. Look at how it stands now, "
    "then send it once more."
)
NO_CONFLICT = "none"


def who_may_work_on(model: type[models.Model]) -> models.QuerySet[Any]:
    """Return the active people of the admin who may write or publish such judgements."""
    people = get_user_model().objects
    label = model._meta.label_lower
    writers, readers = (
        people.with_perm(permission(verb, label), backend=PERMISSIONS).values("pk")
        for verb in ("change", "publish")
    )
    either = Q(pk__in=writers) | Q(pk__in=readers)
    return people.filter(either, is_active=True, is_staff=True).order_by("username")


class NoteForm(forms.Form):
    """A note; where the move cannot go without one, it is required."""

    note = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
        required=False,
        max_length=NOTE_LENGTH,
        help_text="Kept with its history, for colleagues.",
    )
    note_needed = False
    note_label = "Note"
    note_missing = "Say why, so that colleagues know what to do."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        note = self.fields["note"]
        note.required = self.note_needed
        note.label = f"{self.note_label} ({'required' if self.note_needed else 'optional'})"
        note.error_messages["required"] = self.note_missing

    def given(self) -> dict[str, Any]:
        """Return what the move is called with, beside who and on what."""
        return {"note": self.cleaned_data["note"]}


class MoveForm(NoteForm):
    """A move of one edition, which says at which of its saves it was opened."""

    seen = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=MOST_SAVES
    )

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        self.edition = edition
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = edition.lock_version

    def clean(self) -> dict[str, Any] | None:
        """Refuse a form that does not say what was seen."""
        if self.cleaned_data.get("seen") is None:
            self.errors.pop("seen", None)
            raise ValidationError(OPENED_AT_NOTHING)
        return super().clean()

    def given(self) -> dict[str, Any]:
        """Return what the move is called with, beside who and on what."""
        return super().given() | {"seen": self.cleaned_data["seen"]}

    def opened_now(self) -> None:
        """Let the form, shown again, start from how the edition stands now."""
        if self.is_bound:
            sent: Any = self.data.copy()  # type: ignore[attr-defined]
            sent[self.add_prefix("seen")] = str(self.edition.lock_version)
            self.data = sent


class ReturnForm(MoveForm):
    """Back to the author, with what is to be mended."""

    note_needed = True
    note_label = "What is to be mended"
    note_missing = "Say what is to be mended, so that the author can."


class KeepForm(MoveForm):
    """A withdrawal turned down, with the reason."""

    note_needed = True
    note_label = "Why it stays"
    note_missing = "Say why it stays, so that whoever proposed the withdrawal knows."


class DiscardForm(MoveForm):
    """A draft thrown away; somebody else's not without a word."""

    note_label = "Why it is discarded"
    note_missing = "It is somebody else's draft: say why it is discarded."

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        self.note_needed = kwargs["edition"].author_id != by.pk
        super().__init__(*args, **kwargs)


class ConflictForm(forms.Form):
    """Whether the second reader has a conflict of interest: none, or what."""

    conflict = forms.ChoiceField(
        label="Conflict of interest",
        choices=[
            ("none", "I have none"),
            ("what", "I have one, and say which"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether you have a conflict of interest."},
        help_text="With the authors, the sponsor or the maker: money, work, or a study of yours.",
    )
    conflict_words = forms.CharField(
        label="Which one",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 80}),
    )

    def clean(self) -> dict[str, Any] | None:
        """Refuse a conflict that is not named, and one that is named and denied."""
        cleaned = super().clean()
        chosen = self.cleaned_data.get("conflict")
        words = self.cleaned_data.get("conflict_words", "")
        if chosen == "what" and not words:
            self.add_error("conflict_words", "Say which it is.")
        if chosen == "none" and words:
            self.add_error("conflict", "You name a conflict below: choose that you have one.")
        return cleaned

    def statement(self) -> str:
        """Return the statement that is kept with the edition."""
        if self.cleaned_data["conflict"] == "none":
            return NO_CONFLICT
        return str(self.cleaned_data["conflict_words"])


class PublishForm(ConflictForm, MoveForm):
    """Publishing, with the second reader's statement."""

    field_order = ("conflict", "conflict_words", "note")

    def given(self) -> dict[str, Any]:
        """Return what the move is called with, beside who and on what."""
        return super().given() | {"conflict_of_interest": self.statement()}


class AssignForm(MoveForm):
    """Whom an edition is given to; nobody takes an assignment away."""

    to: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label="Assign to", queryset=None, required=False, empty_label="nobody"
    )
    field_order = ("to", "note")

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, edition=edition, **kwargs)
        self.fields["to"].queryset = who_may_work_on(type(edition))  # type: ignore[attr-defined]
        self.fields["to"].initial = edition.assignee_id

    def given(self) -> dict[str, Any]:
        """Return what the move is called with, beside who and on what."""
        return super().given() | {"to": self.cleaned_data["to"]}


class WithdrawalForm(MoveForm):
    """Why a published judgement is to go, and what takes its place."""

    note_needed = True
    note_label = "Why it is to be withdrawn"
    note_missing = "Say why it is to be withdrawn: readers see it."
    successor = forms.CharField(
        label="What takes its place",
        required=False,
        max_length=40,
        help_text="The code of a published record of the same kind, such as F34. Empty: nothing.",
    )
    field_order = ("note", "successor")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].help_text = "Readers see it at this address once it is withdrawn."

    def clean_successor(self) -> Record | None:
        """Return the record of a code, where such a one is published."""
        code = self.cleaned_data["successor"]
        if not code:
            return None
        written = CODE.fullmatch(code)
        kind = type(self.edition).KIND
        if written is None or written[1].upper() != kind:
            raise ValidationError(f"Write the code of its successor such as {kind}34.")
        model = type(self.edition)
        edition = model.objects.public().filter(record_id=int(written[2])).first()
        if edition is None:
            raise ValidationError(f"No {model._meta.verbose_name} {code} is published.")
        return edition.record

    def given(self) -> dict[str, Any]:
        """Return what the move is called with, beside who and on what."""
        return super().given() | {"successor": self.cleaned_data["successor"]}


class CommentForm(forms.Form):
    """A word to colleagues: no move, so it does not matter what was seen."""

    # Not "note": the judgement's own form, on the same page, has a field of that name.
    said = forms.CharField(
        label="Comment",
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        error_messages={"required": "Write what you want to say."},
    )

    def given(self) -> dict[str, Any]:
        """Return what the comment is made with, beside who and on what."""
        return {"note": self.cleaned_data["said"]}


FORMS: Mapping[Move, type[Any]] = {
    Move.RETURN: ReturnForm,
    Move.PUBLISH: PublishForm,
    Move.DISCARD: DiscardForm,
    Move.ASSIGN: AssignForm,
    Move.PROPOSE_WITHDRAWAL: WithdrawalForm,
    Move.KEEP: KeepForm,
    Move.COMMENT: CommentForm,
}


def form_for(move: Move, edition: Edition, *, by: Any, data: Any = None) -> Any:
    """Return the form with which a person makes a move."""
    form = FORMS.get(move, MoveForm)
    if form is CommentForm:
        return CommentForm(data)
    if form is DiscardForm:
        return DiscardForm(data, edition=edition, by=by)
    return form(data, edition=edition)
