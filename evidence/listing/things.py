"""Filters by named things: topics, publications, trials."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from evidence.listing.apostrophes import curly


class NamesField(forms.Field):
    """Several names from one key that is repeated, each of a thing that readers can see."""

    widget = forms.SelectMultiple

    def __init__(
        self, *, find: Callable[[Sequence[str]], Mapping[str, int]], noun: str, **kw: Any
    ) -> None:
        super().__init__(**kw)
        self.find = find
        self.noun = noun

    def clean(self, value: Any) -> list[str]:
        """Return the names, each once; ValidationError names the first that is not known."""
        wanted = list(dict.fromkeys(name for name in value or [] if name != ""))
        found = self.find(wanted) if wanted else {}
        for name in wanted:
            if name not in found:
                raise ValidationError(f"There is no {self.noun} {name[:80]} here.")
        return wanted


class Things(django_filters.Filter):  # type: ignore[misc]
    """Rows that belong to named things: topics by `T12`, publications by `P7`, trials by slug.

    `find` gives the key of each name that is public; `condition` narrows the rows by the keys.
    """

    field_class = NamesField
    through = None

    def __init__(
        self,
        *,
        find: Callable[[Sequence[str]], Mapping[str, int]],
        condition: Callable[[Sequence[int]], Q],
        label: str,
        about: str,
    ) -> None:
        super().__init__(field_name="", label=curly(label))
        self.about = curly(about)
        self.find = find
        self.narrow = condition
        self.extra.update(find=find, noun=label.lower())

    def filter(self, qs: QuerySet[Any], value: Sequence[str]) -> QuerySet[Any]:
        """Narrow the rows to those of one of the things."""
        return qs.filter(self.narrow(list(self.find(value).values()))) if value else qs
