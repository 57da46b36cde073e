"""Forms whose every refusal is a sentence beside the field that can mend it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import CheckConstraint, F, UniqueConstraint
from django.forms.models import InlineForeignKeyField

from evidence.models.fields import validate_partial_date

# Control characters but for tab and line ends, and what Unicode keeps from being a character.
NO_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef"
    + "".join(f"{chr(last - 1)}{chr(last)}" for last in range(0xFFFF, 0x110000, 0x10000))
    + "]"
)
# So much of the text before such a character is quoted: it cannot be seen itself.
BEFORE_IT = 20


class EvidenceForm(forms.ModelForm):
    """A form that puts a constraint's sentence where it belongs."""

    # Fields to mend first where a constraint is about several.
    mended_at: ClassVar[Sequence[str]] = ()
    # A constraint that says nothing new once another one is broken: both by the end of their name.
    said_by: ClassVar[Mapping[str, str]] = {}
    # What the database refused when these very values were saved a moment ago.
    refused: str = ""

    def clean(self) -> dict[str, Any] | None:
        """Refuse what is no text, and repeat the database's own refusal, in words."""
        for name, value in [*self.cleaned_data.items()]:
            if isinstance(value, str) and (found := NO_TEXT.search(value)):
                self.add_error(name, _no_text(value, found.start()))
        if self.refused:
            raise ValidationError(self.refused)
        return super().clean()

    def full_clean(self) -> None:
        """Check everything, then move each constraint's sentence to a field that it is about."""
        super().full_clean()
        if not self.is_bound or NON_FIELD_ERRORS not in self.errors:
            return
        stay = []
        errors = self.errors.pop(NON_FIELD_ERRORS).as_data()
        broken = {name for error in errors for name in self._names(error.messages[0])}
        noise = tuple(own for own, other in self.said_by.items() if _ends(broken, other))
        for error in errors:
            if noise and _ends(self._names(error.messages[0]), noise):
                continue
            field = self._field_for(error.messages[0])
            if field:
                self.add_error(field, error)
            else:
                stay.append(error)
        if stay:
            self.add_error(None, stay)

    def _names(self, sentence: str) -> set[str]:
        return {constraint.name for constraint in self._constraints(sentence)}

    def _constraints(self, sentence: str) -> list[models.BaseConstraint]:
        return [
            constraint
            for constraint in self._meta.model._meta.constraints
            if str(getattr(constraint, "violation_error_message", "")) == sentence
        ]

    def _field_for(self, sentence: str) -> str:
        """Return the field to mend: an empty one, the one it is called after, or the first."""
        for constraint in self._constraints(sentence):
            read = _fields_of(constraint)
            # A row's link to its page is not on the page: a sentence there would be seen by nobody.
            shown = [n for n, f in self.fields.items() if not isinstance(f, InlineForeignKeyField)]
            present = [name for name in shown if name in read]
            empty = [name for name in present if not _filled(self.cleaned_data.get(name))]
            first = [name for name in self.mended_at if name in present]
            named = [name for name in present if f"_{name}_" in constraint.name]
            return next(iter([*empty, *first, *named, *present]), "")
        return ""


class PartialDateText(forms.CharField):
    """A date as far as it is known: whatever is typed reaches the check, which quotes it."""

    default_validators = [validate_partial_date]  # noqa: RUF012


def _no_text(value: str, at: int) -> str:
    before = value[max(0, at - BEFORE_IT) : at].strip()
    where = f"after “{before}”" if before else "at the beginning"
    return (
        f"There is a character {where} that no page can show (U+{ord(value[at]):04X}): "
        "delete it, and write what was meant."
    )


def _ends(names: set[str], endings: str | tuple[str, ...]) -> bool:
    return any(name.endswith(endings) for name in names)


def _fields_of(constraint: models.BaseConstraint) -> set[str]:
    if isinstance(constraint, CheckConstraint):
        return set(constraint.condition.referenced_base_fields)  # type: ignore[union-attr]
    if isinstance(constraint, UniqueConstraint):
        parts = [part for one in constraint.expressions for part in _parts(one)]
        return {
            *constraint.fields,
            *(str(getattr(part, "name", "")) for part in parts if isinstance(part, F)),
        }
    return set()


def _parts(expression: Any) -> list[Any]:
    return [*expression.flatten()] if hasattr(expression, "flatten") else [expression]


def _filled(value: object) -> bool:
    return value is not None and value != ""
