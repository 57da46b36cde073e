"""What a queue is made of: sections of rows, each with what, why, since when and one action."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from textwrap import shorten
from typing import Any

from evidence.curation.queue_desk import Desk, Entry
from evidence.models import Assessment, Finding, HarmReport
from evidence.templatetags import names
from evidence.vocab import Ground, Status

LONGEST = 110
LONGEST_FIRST = 48


@dataclass(frozen=True, kw_only=True)
class Way:
    """Words within a sentence that lead to a list, or to one thing by its key."""

    words: str
    model: type[Any]
    page: str = "changelist"
    query: Mapping[str, str] = field(default_factory=dict)
    about: int | None = None

    def __str__(self) -> str:
        return self.words


# A sentence in parts: plain words, statuses (members of `vocab.Status`) and ways.
Why = tuple[str | Way, ...]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One thing that waits: what it is, why it is here, since when, and what to do.

    `page` is the page of the admin that its action opens; `about` is None where that is a list,
    found by `query`.
    """

    what: str
    model: type[Any]
    about: Any = None
    why: Why
    since: dt.date | None
    verb: str
    page: str = "change"
    query: Mapping[str, str] = field(default_factory=dict)
    # Whether she can take it on, as a draft or as its second reader, with one press.
    assignable: bool = False

    @property
    def sentence(self) -> str:
        """Why it is here, as plain text."""
        return "".join(str(part) for part in self.why)


@dataclass(frozen=True, kw_only=True)
class Section:
    """Rows that wait for the same reason; at most a page of them, and how many there are."""

    key: str
    title: str
    # What is counted, after the number: "to read".
    counted: str
    rows: tuple[Row, ...]
    total: int
    # How much they stand for together: one row can lead to a list of many.
    stands_for: int
    note: str = ""

    @property
    def more(self) -> int:
        """How many wait beyond the rows that are shown."""
        return self.total - len(self.rows)


@dataclass(frozen=True, kw_only=True)
class Part:
    """How one section is worked out: which entries it has, and what it tells of those shown."""

    key: str
    title: str
    counted: tuple[str, str]
    entries: Callable[[Desk], Sequence[Entry]]
    tell: Callable[[Desk, Sequence[Any]], Iterable[Row]]
    note: Callable[[Desk], str] = lambda _: ""


def what(edition: Any) -> str:
    """Name an edition in a few words: "F41 STALWART, opportunistic event or death"."""
    number = "" if edition.number == 1 else f" (edition {edition.number})"
    first, second = _named_by(edition)
    # A study without a name has its title: the outcome must still be seen behind it.
    first = shorten(first, LONGEST_FIRST, placeholder="…")
    return f"{edition.code}{number} {first}, {names.in_few_words(second)}"


def _named_by(edition: Any) -> tuple[str, str]:
    if isinstance(edition, Finding):
        return names.study_name(edition), edition.outcome
    if isinstance(edition, HarmReport):
        return names.study_name(edition), str(edition.adverse_effect)
    if isinstance(edition, Assessment):
        return str(edition.topic.condition), str(edition.topic.intervention)
    return names.publication_label(edition.publication), edition.get_kind_display()


def told_apart(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Add to rows that would read the same, but for their codes, what tells them apart."""
    listed = tuple(rows)
    alike = Counter(_without_code(row) for row in listed)
    return tuple(
        replace(row, what=f"{row.what} ({_apart(row.about)})")
        if alike[_without_code(row)] > 1 and _apart(row.about)
        else row
        for row in listed
    )


def _without_code(row: Row) -> str:
    return row.what.partition(" ")[2]


def _apart(edition: Any) -> str:
    """Say what is asked in whom, and where the source says so."""
    topic = getattr(edition, "topic", None)
    asked = [topic.get_role_display(), topic.get_population_display()] if topic else []
    return ", ".join(part for part in (*asked, getattr(edition, "locator", "")) if part)


def word_of(status: str, ground: str = "", *, line: str = "") -> Why:
    """Give a word in parts, its ground with it: investigated (confirmatory evidence agrees, I3)."""
    within = ", ".join(part for part in (Ground(ground).label if ground else "", line) if part)
    return (Status(status), f" ({within})") if within else (Status(status),)


def quoted(person: object, note: str) -> str:
    """Say what somebody wrote."""
    return f"{person}: “{note}”"
