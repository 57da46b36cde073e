"""Forms which notice that somebody else has saved meanwhile what a person has open."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from evidence.admin.forms import EvidenceForm
from evidence.admin.meanwhile import NOBODY_KNOWN, digest, last_entry, moment, when, who
from evidence.curation.figures import odd
from evidence.curation.place import out_of_place
from evidence.models import Edition

STILL_HERE = (
    "Your text is still here and not saved yet. Save once more to put yours in place of what is "
    "stored."
)
AS_PRINTED = "If it is printed so, save once more."
AS_MEANT = "If it is meant so, save once more."


class Carried(forms.CharField):
    """What a page carries for itself: it is no change of the row."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Say that it is none."""
        return False


class OpenedForm(EvidenceForm):
    """A form that carries what it was opened at, and refuses a save over a change not seen.

    What is stored was read under a lock in this very transaction (`get_object` of the admin), so
    of two saves that were opened at the same state exactly one gets through.
    """

    opened = forms.CharField(widget=forms.HiddenInput, required=False)
    noticed = Carried(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stands_at = self._stands_at()
        self.fields["opened"].initial = self.stands_at

    def clean(self) -> dict[str, Any] | None:
        """Refuse a save over a change that this person has not seen."""
        cleaned = super().clean()
        opened = self.cleaned_data.get("opened", "")
        if self.instance.pk is not None and opened != self.stands_at:
            self._send_again("opened", self.stands_at)
            both = [
                f"{self.fields[name].label}: stored is “{self._stored(name)}”."
                for name in self._differing(opened)
            ]
            raise ValidationError([f"{self._who_was_first()} {STILL_HERE}", *both])
        self._look_at_figures()
        return cleaned

    def _look_at_figures(self) -> None:
        """Refuse figures that cannot be; of odd ones ask once whether the source has them so."""
        name = str(self._meta.model._meta.model_name)
        found = (*odd(name, self.cleaned_data), *out_of_place(name, self.cleaned_data))
        noticed = self.cleaned_data.get("noticed", "").split()
        asked = [one for one in found if not one.impossible and digest(one) not in noticed]
        for one in found:
            if one.impossible:
                self._say_at(one.field, one.sentence)
        for one in asked:
            self._say_at(one.field, f"{one.sentence} {AS_MEANT if one.judged else AS_PRINTED}")
        if asked:
            self._send_again("noticed", " ".join([*noticed, *map(digest, asked)]))

    def _say_at(self, field: str, sentence: str) -> None:
        self.add_error(field if field in self.fields else None, sentence)

    def _send_again(self, name: str, value: str) -> None:
        sent: Any = self.data.copy()  # type: ignore[attr-defined]
        sent[self.add_prefix(name)] = value
        self.data = sent

    def _stands_at(self) -> str:
        raise NotImplementedError

    def _who_was_first(self) -> str:
        raise NotImplementedError

    def _differing(self, opened: str) -> list[str]:
        """Name the fields whose stored value this person has to see."""
        return [name for name in self.changed_data if name != "opened"]

    def _stored(self, name: str) -> str:
        value = self.initial.get(name)
        if value in (None, "", []):
            return "(empty)"
        field = self.fields[name]
        if isinstance(field, forms.ModelMultipleChoiceField):
            return "; ".join(str(row) for row in value)
        if isinstance(field, forms.ModelChoiceField):
            rows: models.QuerySet[Any] = field.queryset
            return str(rows.filter(pk=value).first() or value)
        return str(dict(getattr(field, "choices", ())).get(value, value))


class EditionForm(OpenedForm):
    """A draft's form: the draft counts its saves."""

    def _stands_at(self) -> str:
        return str(self.instance.lock_version)

    def _who_was_first(self) -> str:
        edition: Edition = self.instance
        first = edition.last_editor or NOBODY_KNOWN
        at = moment(edition.modified_at)
        return f"{first} saved this draft while you had it open ({at})."


class RowForm(OpenedForm):
    """The form of a fact or a term, which does not count its saves: its values are compared."""

    def _stands_at(self) -> str:
        """Give each field with a digest of its stored value."""
        if self.instance.pk is None:
            return ""
        return " ".join(
            f"{name}={_digest(self.initial[name])}" for name in self.fields if name in self.initial
        )

    def _who_was_first(self) -> str:
        entry = last_entry(self._meta.model, self.instance.pk)
        word = self.instance._meta.verbose_name
        return f"{who(entry)} saved this {word} while you had it open{when(entry)}."

    def _differing(self, opened: str) -> list[str]:
        """Name what was changed meanwhile; of a form that does not say, what it would change."""
        before = dict(part.split("=", 1) for part in opened.split() if "=" in part)
        now = dict(part.split("=", 1) for part in self.stands_at.split())
        changed = [name for name in now if before.get(name) != now[name]]
        return changed if before else super()._differing(opened)


def _digest(value: object) -> str:
    if isinstance(value, list):
        rows = [row.pk if isinstance(row, models.Model) else row for row in value]
        value = sorted(rows, key=str)
    return digest(value)
