"""Dates that are known only in part, and lists kept one per line."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

SHAPES = {4: "%Y", 7: "%Y-%m", 10: "%Y-%m-%d"}


def _is_partial_date(value: str) -> bool:
    shape = SHAPES.get(len(value))
    if shape is None or not value.isascii():
        return False
    try:
        year = dt.datetime.strptime(value, shape).replace(tzinfo=dt.UTC).year
    except ValueError:
        return False
    return 1800 <= year < 2200


def validate_partial_date(value: str) -> None:
    """Raise ValidationError unless the text is `2015`, `2015-09` or `2015-09-03`."""
    if not _is_partial_date(value):
        raise ValidationError(
            "“%(value)s” is not a date. Write it as far as it is known: 2015, 2015-09 or "
            "2015-09-03.",
            params={"value": value},
        )


class PartialDateField(models.CharField):
    """A date as ISO 8601 text, no more precise than its source: its length is its precision."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 10)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)
        self.validators.append(validate_partial_date)


class LinesField(models.TextField):
    """Several short texts, one per line; `lines()` takes them apart."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)


def lines(text: str) -> list[str]:
    """Return the non-empty lines of a text, trimmed, in order."""
    return [line.strip() for line in text.splitlines() if line.strip()]
