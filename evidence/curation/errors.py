"""Why a judgement was not moved or saved, in words for the person who can mend it."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import CheckConstraint, UniqueConstraint

CHANGED_MEANWHILE = (
    "The database refused this: what it refers to was changed or removed meanwhile. Nothing was "
    "saved. Load the page again to see how things stand."
)


class NotAllowed(Exception):
    """A move that this person may not make now; the message says why and what would help."""


class TooLate(PermissionDenied):
    """A form that was open while what it is about was closed to writing; it is handed back.

    `then` is the address to go to first, `words` what that link says.
    """

    def __init__(self, message: str, *, then: str, words: str) -> None:
        super().__init__(message)
        self.then, self.words = then, words


def in_words(error: IntegrityError) -> str:
    """Return the sentence of the constraint that the database named in its refusal."""
    refusal = str(error)
    fitting = [(len(mark), said) for mark, said in _sentences() if mark in refusal]
    return max(fitting)[1] if fitting else CHANGED_MEANWHILE


def _sentences() -> Iterator[tuple[str, str]]:
    """Give each constraint's name, or its columns as SQLite lists them, with its sentence."""
    for model in apps.get_app_config("evidence").get_models():
        for constraint in model._meta.constraints:
            if isinstance(constraint, CheckConstraint | UniqueConstraint):
                said = str(constraint.violation_error_message)
                yield constraint.name, said
            if isinstance(constraint, UniqueConstraint):
                fields = {field.name: field for field in model._meta.local_concrete_fields}
                columns = [fields[name].column for name in constraint.fields]
                yield ", ".join(f"{model._meta.db_table}.{column}" for column in columns), said
        for field in model._meta.local_concrete_fields:
            if field.unique and not field.primary_key:
                said = f"Another {model._meta.verbose_name} has this {field.verbose_name}."
                yield f"{model._meta.db_table}.{field.column}", said
                yield f"{model._meta.db_table}_{field.column}_", said
