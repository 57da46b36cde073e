"""A listing as of a year: the key that asks for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from evidence.listing.apostrophes import curly

AS_OF = "as_of"
"""The key that asks for a year."""


class YearField(forms.Field):
    """A year; `read` makes a number of the text, or says in a ValueError what is wrong with it."""

    def __init__(self, *, read: Callable[[str], int], **kw: Any) -> None:
        super().__init__(**kw)
        self.read = read

    def clean(self, value: Any) -> int | None:
        """Return the year, None where none is asked; ValidationError says what is wrong with it."""
        if not value:
            return None
        try:
            return self.read(str(value))
        except ValueError as error:
            raise ValidationError(str(error)) from None


class AsOf(django_filters.Filter):  # type: ignore[misc]
    """The year as of which a listing is shown: it leaves out no row, and changes what rows hold.

    `offered` are the years that the panel leads to; any other can be typed. `hint` says beside the
    field what it does; `about` says it in full.
    """

    field_class = YearField
    through = None
    narrows = False

    def __init__(
        self, *, read: Callable[[str], int], about: str, offered: Sequence[int], hint: str = ""
    ) -> None:
        super().__init__(field_name="", label="As of")
        self.about = curly(about)
        self.hint = curly(hint or about)
        self.read = read
        self.offered = tuple(offered)
        self.extra.update(read=read)

    def filter(self, qs: QuerySet[Any], value: int | None) -> QuerySet[Any]:
        """Return the rows as they are."""
        return qs
