"""Rows inside a page, which notice what somebody else did to them while the page was open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME, ManagementForm
from django.forms.models import model_to_dict
from django.utils.functional import cached_property

from evidence.admin.meanwhile import digest, joined, last_entry, parted, when, who
from evidence.admin.relations import is_key

LOOK_AGAIN = "Nothing is saved yet: look at these rows and save once more."
OPENED = "opened"


class Rows(forms.BaseInlineFormSet):
    """Rows inside a page, which say in our words what is wrong with them.

    Their page carries what they were opened at. Where that is not what is stored any more, what
    was typed is laid over the rows as they are stored now, and a person looks before it is saved.
    """

    model: Any
    absolute_max: int

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meanwhile: list[str] = []
        if self.is_bound:
            self._lay_over_what_is_stored()

    def add_fields(self, form: Any, index: int | None) -> None:
        """Add the fields of every row, and name each: the head of a column is no field's label."""
        super().add_fields(form, index)
        for field in form.fields.values():
            if field.label and not field.widget.is_hidden:
                field.widget.attrs.setdefault("aria-label", field.label)

    @cached_property
    def management_form(self) -> ManagementForm:
        """Return the counts of rows, with what the rows were opened at."""
        form: Any = super().management_form
        form.fields[OPENED] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=joined(self._stands_at())
        )
        return form

    def clean(self) -> None:
        """Refuse a save over a change that this person has not seen."""
        said: list[Any] = []
        try:
            super().clean()
        except ValidationError as error:
            said.append(error)
        if self.meanwhile:
            said += [*self.meanwhile, LOOK_AGAIN]
        if said:
            raise ValidationError(said)

    def get_unique_error_message(self, unique_check: Sequence[str]) -> str:
        """Say in what two rows are the same."""
        own = [name for name in unique_check if name != self.fk.name]
        words = [
            str(type(self.empty_form.instance)._meta.get_field(name).verbose_name) for name in own
        ]
        return f"Two of these rows have the same {' and '.join(words)}: change or remove one."

    def get_form_error(self) -> str:
        """Say it of the later row."""
        return "This row repeats the one above: change or remove it."

    # --- What others did meanwhile ----------------------------------------------------------------

    @cached_property
    def _names(self) -> list[str]:
        return [
            name for name in self.form.base_fields if name not in {self.fk.name, self._key_name}
        ]

    @property
    def _key_name(self) -> str:
        return str(self.model._meta.pk.name)

    @cached_property
    def _stored(self) -> dict[str, Any]:
        return {str(row.pk): row for row in self.get_queryset()}

    def _stands_at(self) -> dict[str, str]:
        return {key: digest(self._texts(row)) for key, row in self._stored.items()}

    def _texts(self, row: Any) -> dict[str, str]:
        """Give a row's values as its form would send them."""
        values = model_to_dict(row, self._names)
        return {name: _text(values.get(name)) for name in self._names}

    def _lay_over_what_is_stored(self) -> None:
        counts = ManagementForm(self.data, prefix=self.prefix)
        if not counts.is_valid():
            return
        opened = parted(str(self.data.get(f"{self.prefix}-{OPENED}", "")))
        if opened == self._stands_at():
            return
        total = min(counts.cleaned_data["TOTAL_FORMS"] or 0, self.absolute_max)
        sent = [self._sent(number) for number in range(total)]
        known = sent[: counts.cleaned_data["INITIAL_FORMS"]]
        mine = {row[self._key_name]: row for row in known if row[self._key_name]}
        rows = [self._over(key, mine.get(key), opened.get(key, "")) for key in self._stored]
        # Added by somebody else; of a page that does not say what it was opened at, perhaps not.
        added = [self._texts(self._stored[key]) for key in self._stored if key not in mine]
        new = [
            *(self._gone(key, row, opened.get(key)) for key, row in mine.items()),
            *(row for row in sent[len(known) :] if self._only(row) not in added),
        ]
        self._write(rows, [row for row in new if row])

    def _sent(self, number: int) -> dict[str, str]:
        names = [*self._names, self._key_name, DELETION_FIELD_NAME]
        prefix = self.add_prefix(number)
        return {name: _text(self.data.get(f"{prefix}-{name}")) for name in names}

    def _only(self, sent: Mapping[str, str]) -> dict[str, str]:
        return {name: sent[name] for name in self._names}

    def _over(self, key: str, sent: dict[str, str] | None, opened: str) -> dict[str, str]:
        """Return what to show of a stored row: what was typed in it, or else what is stored."""
        row = self._stored[key]
        theirs = self._texts(row)
        as_stored = {**theirs, self._key_name: key, DELETION_FIELD_NAME: ""}
        if sent is None:
            self._say(key, "added", row, "It stands below.")
            return as_stored
        typed = self._only(sent)
        if digest(theirs) == opened or (not opened and typed == theirs):
            return sent
        if sent[DELETION_FIELD_NAME] or (digest(typed) != opened and typed != theirs):
            differing = [name for name in self._names if theirs[name] != typed[name]]
            stored = [f"{self._label(name)} “{self._shown(row, name)}”" for name in differing]
            outcome = f"Stored is: {'; '.join(stored) or row}. Yours is below."
            self._say(key, "changed", row, outcome)
            return sent
        self._say(key, "changed", row, "It stands below as it is stored now.")
        return as_stored

    def _gone(self, key: str, sent: dict[str, str], opened: str | None) -> dict[str, str] | None:
        """Return what to keep of a row that was removed meanwhile: what was typed, as a new row."""
        if key in self._stored:
            return None
        new = {**sent, self._key_name: ""}
        if self.instance.pk is None:  # its page is gone too, and says so
            return None if sent[DELETION_FIELD_NAME] else new
        if sent[DELETION_FIELD_NAME]:
            return None
        if digest(self._only(sent)) == opened:
            self._say(key, "removed", None, "It is no longer below.")
            return None
        self._say(key, "removed", None, "What you typed in it is below, as a new row.")
        return new

    def _say(self, key: str, verb: str, row: Any, outcome: str) -> None:
        if self.instance.pk is None:
            return
        entry = last_entry(self.model, key) if is_key(key) else None
        name = row or (entry.object_repr if entry is not None else "")
        word = self.model._meta.verbose_name
        what = f"the {word} “{name}”" if name else f"a {word}"
        self.meanwhile.append(
            f"{who(entry)} {verb} {what} while you had this page open{when(entry)}. {outcome}"
        )

    def _label(self, name: str) -> str:
        return str(self.form.base_fields[name].label or name).lower()

    def _shown(self, row: Any, name: str) -> str:
        display = getattr(row, f"get_{name}_display", None)
        value = display() if display is not None else getattr(row, name)
        return "(empty)" if value in (None, "") else str(value)

    def _write(self, rows: Sequence[dict[str, str]], new: Sequence[dict[str, str]]) -> None:
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        for name in [name for name in data if name.startswith(f"{self.prefix}-")]:
            if name.removeprefix(f"{self.prefix}-").partition("-")[0].isdecimal():
                del data[name]
        for number, row in enumerate([*rows, *new]):
            for name, text in row.items():
                if text or name != DELETION_FIELD_NAME:
                    data[f"{self.add_prefix(number)}-{name}"] = text
            link = "" if self.instance.pk is None else str(self.instance.pk)
            data[f"{self.add_prefix(number)}-{self.fk.name}"] = link
        data[f"{self.prefix}-TOTAL_FORMS"] = str(len(rows) + len(new))
        data[f"{self.prefix}-INITIAL_FORMS"] = str(len(rows))
        data[f"{self.prefix}-{OPENED}"] = joined(self._stands_at())
        self.data = data


def _text(value: object) -> str:
    if value is None or value is False:
        return ""
    return "on" if value is True else str(value).replace("\r\n", "\n").strip()
