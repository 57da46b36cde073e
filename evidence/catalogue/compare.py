"""Interventions, or conditions, side by side: counts of what the listings hold of each.

Every count is the number of rows that the listing behind it shows: a term is counted with all that
stands under it, as every filter by terms does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from evidence import vocab
from evidence.ledger.trees import Tree
from evidence.models import Condition, Intervention, Trial

FEWEST, MOST = 2, 4
# So many rows of what several have in common; the listings have the rest.
MOST_IN_COMMON = 25


@dataclass(frozen=True, kw_only=True, slots=True)
class Axis:
    """A kind of term that is compared, and where the rows of the listings hold it.

    `other` is the kind that it is crossed with; `apart` what else sets its topics apart.
    """

    key: str
    plural: str
    model: type[Any]
    other: str
    topic: str
    harm: str
    ties: Callable[[], Any]
    tied: str
    apart: str
    apart_field: str
    apart_words: type[Any]


INTERVENTIONS = Axis(
    key="intervention",
    plural="interventions",
    model=Intervention,
    other="condition",
    topic="topic__intervention",
    harm="intervention",
    ties=lambda: Trial.interventions.through.objects.all(),
    tied="intervention_id",
    apart="area",
    apart_field="topic__condition__area",
    apart_words=vocab.Area,
)
CONDITIONS = Axis(
    key="condition",
    plural="conditions",
    model=Condition,
    other="intervention",
    topic="topic__condition",
    harm="topic__condition",
    ties=lambda: Trial.conditions.through.objects.all(),
    tied="condition_id",
    apart="kind",
    apart_field="topic__intervention__kind",
    apart_words=vocab.InterventionKind,
)
AXES: Mapping[str, Axis] = {axis.key: axis for axis in (INTERVENTIONS, CONDITIONS)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One thing in a cell: words that may lead somewhere, with a status before them or none."""

    words: str
    path: str = ""
    status: str = ""
    ground: str = ""


Cell = tuple[Entry, ...]
NONE: Cell = (Entry(words="0"),)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """What one row says of each term that is compared, in their order; `head` may be a status."""

    label: str
    cells: tuple[Cell, ...]
    path: str = ""
    head: Entry | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Rows under a heading of their own, or under none."""

    rows: tuple[Row, ...]
    label: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table of one sort of rows: what its first column names, and how many rows it left out."""

    first: str
    groups: tuple[Group, ...]
    left_out: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """The terms that are compared, each with the keys of all that stands under it."""

    axis: Axis
    terms: tuple[Any, ...]
    within: tuple[frozenset[int], ...]

    @property
    def every(self) -> frozenset[int]:
        """The keys of all terms whose rows are counted for any of them."""
        return frozenset().union(*self.within)

    def place(self, key: int | None) -> list[int]:
        """Give the columns in which a term's rows are counted."""
        return [nth for nth, keys in enumerate(self.within) if key in keys]

    def path(self, listing: str, nth: int, **asked: str) -> str:
        """Give the address of the listing behind a cell."""
        return f"/{listing}/?{urlencode({self.axis.key: self.terms[nth].slug, **asked})}"


def compared(axis: Axis, terms: Sequence[Any], tree: Tree) -> Compared:
    """Put terms side by side in the order in which they are given."""
    within = tuple(tree.at_or_below([term.pk]) for term in terms)
    return Compared(axis=axis, terms=tuple(terms), within=within)


def nested(side: Compared) -> list[tuple[Any, Any]]:
    """Name the terms that stand under another of them, and are counted in both."""
    return [
        (inner, outer)
        for inner in side.terms
        for outer, keys in zip(side.terms, side.within, strict=True)
        if inner.pk != outer.pk and inner.pk in keys
    ]


def counted(words: tuple[str, str], count: int) -> str:
    """Count things in words: "1 topic", "2 topics"."""
    return f"{count:,} {words[count != 1]}"


def spread(side: Compared, counts: Iterable[tuple[Any, Hashable, int]]) -> dict[Any, list[int]]:
    """Add counts by term and label up to counts by label, one for each column."""
    found: dict[Any, list[int]] = defaultdict(lambda: [0] * len(side.terms))
    for key, label, count in counts:
        for nth in side.place(key):
            found[label][nth] += count
    return dict(found)


def linked(
    side: Compared,
    counts: Sequence[int],
    *,
    listing: str,
    noun: tuple[str, str],
    **asked: str,
) -> tuple[Cell, ...]:
    """Give a cell for each count, leading to the rows that it counts; 0 leads nowhere."""
    return tuple(
        (Entry(words=counted(noun, count), path=side.path(listing, nth, **asked)),)
        if count
        else NONE
        for nth, count in enumerate(counts)
    )
