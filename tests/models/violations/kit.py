"""How a violation is written down: columns, put past Python onto a valid row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import models
from django.db.models import TextChoices

from evidence import vocab

Columns = Mapping[str, Any]

NOW = dt.datetime(2025, 3, 4, 5, 6, tzinfo=dt.UTC)
DAY = dt.date(2025, 3, 4)


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two valid rows of one model, and people."""

    first: Any
    second: Any
    people: Mapping[str, User]
    trial: models.Model

    def filled_in(self, columns: Columns) -> dict[str, Any]:
        """Put rows and people where the table names them."""
        return {name: value(self) if callable(value) else value for name, value in columns.items()}


@dataclass(frozen=True, kw_only=True)
class Check:
    """Rows that a CHECK refuses, and the nearest ones that it allows."""

    refused: Sequence[Columns]
    allowed: Sequence[Columns]
    # Other constraints that such a row cannot but break too: either may be named first.
    also: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Twice:
    """A second row that takes the first one's columns is refused, unless it differs somewhere."""

    same: Sequence[str]
    unless: Sequence[Columns]
    first: Columns = field(default_factory=dict)
    second: Columns = field(default_factory=dict)


Violation = Check | Twice


def ann(pair: Pair) -> User:
    """One person."""
    return pair.people["ann"]


def ben(pair: Pair) -> User:
    """Another person."""
    return pair.people["ben"]


def cai(pair: Pair) -> User:
    """A third person."""
    return pair.people["cai"]


def a_trial(pair: Pair) -> models.Model:
    """Any trial."""
    return pair.trial


def itself(pair: Pair) -> Any:
    """The row that is written."""
    return pair.first


def the_other(pair: Pair) -> Any:
    """Another row of the same model."""
    return pair.second


def of(model: type[models.Model], rows: Mapping[str, Violation]) -> dict[str, Violation]:
    """Name the constraints in full: each is called after its model."""
    return {f"evidence_{model._meta.model_name}_{name}": row for name, row in rows.items()}


def given(column: str, **columns: Any) -> Check:
    """A text that must not be empty."""
    return Check(refused=[{column: "", **columns}], allowed=[{column: "x", **columns}])


def known(column: str, words: type[TextChoices], *, blank: bool = False, **columns: Any) -> Check:
    """A column that holds a word of a vocabulary, in its case, and blank only where it may."""
    first = words.values[0]
    shouted = first.upper() if first.upper() != first else first.lower()
    refused = ["?", shouted, *([] if blank else [""])]
    allowed = [first, *([""] if blank else [])]
    return Check(
        refused=[columns | {column: word} for word in refused],
        allowed=[columns | {column: word} for word in allowed],
    )


def shapes(column: str, *, refused: Sequence[str], allowed: Sequence[str], **columns: Any) -> Check:
    """A column whose text has a shape."""
    return Check(
        refused=[columns | {column: text} for text in refused],
        allowed=[columns | {column: text} for text in allowed],
    )


def counted(column: str, *, refused: Sequence[Any], allowed: Sequence[Any]) -> Check:
    """A column whose number lies in a range, or is not reported."""
    return Check(
        refused=[{column: number} for number in refused],
        allowed=[{column: number} for number in (*allowed, None)],
    )


NOT_DATES = (
    *("15", "201", "20155", "2015-", "2015-9", "2015-09-", "2015-09-3", "2015-0903"),
    *("2015/09", "2015.09.03", "2015-09 03", "20-5", "2015-1-", "2015-1-1-1", "abcd", " 201"),
    *("1799", "2200", "2015-00", "2015-13", "2015-09-00", "2015-09-32", "0000-00-00"),
    # digits of another script, which Python's own isdigit() would take
    *("\uff12\uff10\uff11\uff15", "\u0662\u0660\u0661\u0665"),
)
DATES = ("", "1800", "2199", "2015-01", "2015-12", "2015-09-01", "2015-09-30", "2199-12-31")


def partial_date(column: str, **columns: Any) -> Check:
    """A year, a year and month, or a day."""
    return shapes(column, refused=NOT_DATES, allowed=DATES, **columns)


def address(column: str = "url") -> Check:
    """An address that is https, in lower case, or none."""
    return shapes(
        column,
        refused=["http://example.org/", "javascript:alert(1)", "HTTPS://example.org/", "https:/"],
        allowed=["https://example.org/", ""],
    )


def fact() -> dict[str, Violation]:
    """What all facts refuse."""
    return {
        "origin_known": known("origin", vocab.Origin),
        "accepted_pair": Check(
            refused=[
                {"accepted_at": NOW},
                {"accepted_at": NOW, "origin": "import"},
                {"accepted_by": ann},
                {"accepted_by": ann, "origin": "starter"},
            ],
            allowed=[
                {},
                {"accepted_at": NOW, "accepted_by": ann},
                {"accepted_at": NOW, "origin": "starter"},
            ],
        ),
    }
