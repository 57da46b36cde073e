"""The plain text filter: what a listing's `q` finds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from evidence.listing.apostrophes import curly
from evidence.listing.tokens import MOST_CHARACTERS, MOST_WORDS, Query, parse


class QueryField(forms.CharField):
    """A query of at most 200 characters and 16 words."""

    def clean(self, value: Any) -> str:
        """Return the query, trimmed; ValidationError says that it is too long."""
        text = str(value or "").strip()
        if len(text) > MOST_CHARACTERS:
            raise ValidationError(f"The text is too long: at most {MOST_CHARACTERS} characters.")
        if len(text.split()) > MOST_WORDS:
            raise ValidationError(f"The text has too many words: at most {MOST_WORDS}.")
        return text


class Text(django_filters.Filter):  # type: ignore[misc]
    """Rows that the search finds.

    `find` turns a query into the keys of what answers it; `key` is the column that holds them.
    """

    field_class = QueryField
    through = None

    def __init__(self, *, key: str, find: Callable[[Query], Any], about: str) -> None:
        super().__init__(field_name=key, label="Text")
        self.find = find
        self.about = curly(about)
        self._found: dict[str, Any] = {}

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Narrow the rows to those that answer the query."""
        if not value:
            return qs
        # Filters are copied for each search: its facets ask for the same once more.
        if value not in self._found:
            self._found[value] = self.find(parse(value))
        return qs.filter(**{f"{self.field_name}__in": self._found[value]})
