"""What an entry of the search is made of, and how the rows that it is made from are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

Keys = Collection[int] | None
"""The keys of some things; None: of all."""

Term = tuple[str, int]
"""A term that a thing hangs on: c, i, e or o for its tree, and its key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One thing's own words, and the terms that it hangs on; those of its title are not said again.

    `key` is the record's of findings and harm reports.
    """

    key: int
    title: Sequence[str]
    body: Sequence[str]
    title_terms: Sequence[Term] = ()
    terms: Sequence[Term] = ()


def public(model: type[Model], keys: Keys, *, key: str = "pk") -> QuerySet[Any]:
    """Return those of some things that readers see."""
    shown: Any = model
    return among(shown.objects.public(), key, keys)


def among(found: QuerySet[Any], column: str, keys: Keys) -> QuerySet[Any]:
    """Narrow rows down to those that belong to some things."""
    return found if keys is None else found.filter(**{f"{column}__in": keys})


def many(found: QuerySet[Any], column: str, value: str, keys: Keys) -> dict[int, list[Any]]:
    """Return the values of the rows that belong to each key, each once, in order."""
    several: dict[int, dict[Any, None]] = defaultdict(dict)
    narrowed = among(found, column, keys).order_by(column, value)
    for key, one in narrowed.values_list(column, value):
        several[key][one] = None
    return defaultdict(list, {key: list(values) for key, values in several.items()})
