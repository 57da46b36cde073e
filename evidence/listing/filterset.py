"""Filters together: every key is known, and a facet counts without its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self

import django_filters
from django.db.models import Q, QuerySet

from evidence.listing.filters import Through


class StrictFilterSet(django_filters.FilterSet):  # type: ignore[misc]
    """Filters whose every key is known, and whose conditions on hanging rows hold of one row."""

    ranges: ClassVar[tuple[tuple[str, str], ...]] = (("year_min", "year_max"),)

    @classmethod
    def having(cls, filters: Mapping[str, django_filters.Filter]) -> type[Self]:
        """Return the same set with more filters, by keys that need not be names of Python's."""
        return type(cls.__name__, (cls,), {**filters, "__doc__": cls.__doc__})

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow the rows by everything that was asked."""
        return self.narrowed_by(queryset, self.asked())

    def narrowed_by(self, queryset: QuerySet[Any], names: Iterable[str]) -> QuerySet[Any]:
        """Narrow the rows by some of the filters; those through the same rows hold of one row."""
        asked = self.asked()
        throughs: dict[str, Through] = {}
        joint: dict[str, Q] = {}
        for name in names:
            through = self.through(name)
            if through is None:
                queryset = self.filters[name].filter(queryset, asked[name])
            else:
                throughs[through.name] = through
                condition = self.filters[name].condition(asked[name])
                joint[through.name] = joint.get(through.name, Q()) & condition
        for name, through in throughs.items():
            queryset = queryset.filter(through.holding(joint[name]))
        return queryset

    def asked(self) -> dict[str, Any]:
        """Return the filters that are set and leave out rows, with their clean values."""
        cleaned = self.form.cleaned_data
        return {
            name: value
            for name, one in self.filters.items()
            if (value := cleaned[name]) not in (None, [], "") and getattr(one, "narrows", True)
        }

    def joint(self, through: Through, *, but: str) -> Q:
        """Return what one hanging row must meet for all filters through it but one."""
        together = Q()
        for name, value in self.asked().items():
            if name != but and self.through(name) == through:
                together &= self.filters[name].condition(value)
        return together

    def faults(self) -> dict[str, str]:
        """Return what is wrong with each key, in a sentence; empty where nothing is."""
        found = {name: f"{name}: {errors[0]}" for name, errors in self.form.errors.items()}
        for low, high in self.ranges:
            if found or low not in self.filters:
                continue
            least, most = (self.form.cleaned_data.get(key) for key in (low, high))
            if least is not None and most is not None and least > most:
                found[low] = f"{low} ({least}) is after {high} ({most}): no year lies between."
        return found

    def through(self, name: str) -> Through | None:
        """Return the rows that a filter goes through; None where it asks the row itself."""
        through: Through | None = getattr(self.filters[name], "through", None)
        return through
