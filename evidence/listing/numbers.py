"""Filters by whole numbers: counts, and years."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from evidence.listing.filters import Option, PanelFilter, ValuesField


class NumbersField(ValuesField):
    """Several whole numbers from one key that is repeated, each within limits."""

    def __init__(self, *, least: int, most: int, **kw: Any) -> None:
        super().__init__(**kw)
        self.least = least
        self.most = most

    def clean(self, value: Any) -> list[str]:
        """Return the numbers as they stand, each once; ValidationError names the first bad one."""
        wanted = list(dict.fromkeys(word for word in value or [] if word != ""))
        for word in wanted:
            if not self._is_one(word):
                raise ValidationError(
                    f"“{word[:80]}” is not a whole number from {self.least} to {self.most}."
                )
        return wanted

    def _is_one(self, word: str) -> bool:
        """Say whether a word is one of the numbers, in its only spelling: 3, and not 03."""
        if not (word.isascii() and word.isdigit() and len(word) <= len(str(self.most))):
            return False
        return str(int(word)) == word and self.least <= int(word) <= self.most


class Numbers(PanelFilter):
    """A filter by exact whole numbers; the panel offers those that occur, from low to high."""

    field_class = NumbersField

    def __init__(self, *, least: int = 0, most: int = 1_000_000, **kw: Any) -> None:
        super().__init__(**kw)
        self.extra.update(least=least, most=most)

    def options(self) -> Sequence[Option]:
        """Return none: any number within the limits may be asked for."""
        return ()

    def offered(self, values: Collection[str]) -> Sequence[Option]:
        """Return these numbers in their order."""
        return [Option(value=value, label=value) for value in sorted(values, key=int)]

    def condition(self, values: Sequence[str]) -> Q:
        """Return that the column holds one of the numbers."""
        return Q(**{f"{self.field_name}__in": [int(value) for value in values]})

    def by_option(self, own: Mapping[Any, int]) -> dict[str, int]:
        """Turn sets of rows by number into sets of rows by its spelling; 0 is a number."""
        return {str(value): rows for value, rows in own.items() if value is not None}
