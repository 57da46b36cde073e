"""Forms whose every refusal is a sentence beside the field that can mend it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import CheckConstraint, UniqueConstraint
from django.template.defaultfilters import date
from django.utils import timezone

from evidence.models import Edition


class EvidenceForm(forms.ModelForm):
    """A form that puts a constraint's sentence where it belongs."""

    # What the database refused when these very values were saved a moment ago.
    refused: str = ""

    def clean(self) -> dict[str, Any] | None:
        """Repeat the database's own refusal, in words."""
        if self.refused:
            raise ValidationError(self.refused)
        return super().clean()

    def full_clean(self) -> None:
        """Check everything, then move each constraint's sentence to a field that it is about."""
        super().full_clean()
        if not self.is_bound or NON_FIELD_ERRORS not in self.errors:
            return
        stay = []
        for error in self.errors.pop(NON_FIELD_ERRORS).as_data():
            field = self._field_for(error.messages[0])
            if field:
                self.add_error(field, error)
            else:
                stay.append(error)
        if stay:
            self.add_error(None, stay)

    def _field_for(self, sentence: str) -> str:
        """Return the field to mend: an empty one, the one it is called after, or the first."""
        for constraint in self._meta.model._meta.constraints:
            if str(getattr(constraint, "violation_error_message", "")) == sentence:
                read = _fields_of(constraint)
                present = [name for name in self.fields if name in read]
                empty = [name for name in present if not _filled(self.cleaned_data.get(name))]
                named = [name for name in present if f"_{name}_" in constraint.name]
                return next(iter([*empty, *named, *present]), "")
        return ""


def _fields_of(constraint: models.BaseConstraint) -> set[str]:
    if isinstance(constraint, CheckConstraint):
        return set(constraint.condition.referenced_base_fields)  # type: ignore[union-attr]
    if isinstance(constraint, UniqueConstraint):
        return set(constraint.fields)
    return set()


def _filled(value: object) -> bool:
    return value is not None and value != ""


class EditionForm(EvidenceForm):
    """A draft's form, which notices that somebody else has saved the draft meanwhile."""

    opened = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opened"].initial = self.instance.lock_version

    def clean(self) -> dict[str, Any] | None:
        """Refuse a save over a change that this person has not seen.

        The draft was read under a lock in this very transaction (`EditionAdmin.get_object`), so
        of two saves that were opened at the same version exactly one gets through.
        """
        cleaned = super().clean()
        edition: Edition = self.instance
        # A number that cannot be read is none that we gave.
        if edition.pk is not None and self.cleaned_data.get("opened") != edition.lock_version:
            sent: Any = self.data.copy()  # type: ignore[attr-defined]
            sent[self.add_prefix("opened")] = str(edition.lock_version)
            self.data = sent
            raise ValidationError([self._who_was_first(edition), *self._both_values()])
        return cleaned

    def _who_was_first(self, edition: Edition) -> str:
        when = date(timezone.localtime(edition.modified_at), "j F Y, H:i")
        who = edition.last_editor or "Somebody"
        return (
            f"{who} saved this draft while you had it open ({when} UTC). Your text is still here "
            "and not saved yet. Save once more to put yours in place of what is stored."
        )

    def _both_values(self) -> list[str]:
        """Say, for each field that differs, what is stored; what was typed stands in the form."""
        return [
            f"{self.fields[name].label}: stored is “{self._stored(name)}”."
            for name in self.changed_data
            if name != "opened"
        ]

    def _stored(self, name: str) -> str:
        value = self.initial.get(name)
        if value in (None, "", []):
            return "(empty)"
        field = self.fields[name]
        if isinstance(field, forms.ModelMultipleChoiceField):
            return "; ".join(str(row) for row in value)
        if isinstance(field, forms.ModelChoiceField):
            return str(getattr(self.instance, name))
        return str(dict(getattr(field, "choices", ())).get(value, value))
