"""Terms with all that stands under them, worked out in Python from one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Model


@dataclass(frozen=True, kw_only=True)
class Node:
    """One public term: its key, its words and its parent's key."""

    pk: int
    slug: str
    name: str
    synonyms: str
    parent: int | None


@dataclass(frozen=True, kw_only=True)
class Tree:
    """All public terms of a kind, in order of name."""

    nodes: tuple[Node, ...]
    by_slug: dict[str, Node]
    below: dict[int, frozenset[int]]

    def at_or_below(self, pks: Iterable[int]) -> frozenset[int]:
        """Return these terms and all that stand under any of them."""
        return frozenset().union(*(self.below.get(pk, frozenset({pk})) for pk in pks))

    def at_or_above(self, pk: int) -> frozenset[int]:
        """Return this term and all that it stands under."""
        return frozenset(other for other, below in self.below.items() if pk in below) or frozenset(
            {pk}
        )

    @cached_property
    def tops(self) -> dict[int, int]:
        """Each term's widest one, itself where it stands under nothing; a loop has one of its own.

        Two terms of which one stands under the other have the same.
        """
        return {pk: _top(pk, self.parents) for pk in self.parents}

    @cached_property
    def parents(self) -> dict[int, int | None]:
        """The key of each term's parent, as far as that is public itself."""
        known = {node.pk for node in self.nodes}
        return {n.pk: n.parent if n.parent in known else None for n in self.nodes}


def _top(pk: int, parents: Mapping[int, int | None]) -> int:
    passed: dict[int, None] = {}
    step: int | None = pk
    while step is not None and step not in passed:
        passed[step] = None
        step = parents[step]
    # Where the walk came round again, the least key of the round stands for all that lead to it.
    return next(reversed(passed)) if step is None else min([*passed][[*passed].index(step) :])


def grow(model: type[Model]) -> Tree:
    """Read the terms of a kind; one query. A term without `parent` stands for itself."""
    terms: Any = model
    nested = any(field.name == "parent" for field in terms._meta.fields)
    columns = ["pk", "slug", "name", "synonyms", *(["parent_id"] if nested else [])]
    rows = terms.objects.public().order_by("name").values_list(*columns)
    nodes = tuple(
        Node(pk=row[0], slug=row[1], name=row[2], synonyms=row[3], parent=(*row, None)[4])
        for row in rows
    )
    return Tree(nodes=nodes, by_slug={node.slug: node for node in nodes}, below=_below(nodes))


def _below(nodes: Iterable[Node]) -> dict[int, frozenset[int]]:
    """Return, for each term, itself and all that stand under it."""
    parents = {node.pk: node.parent for node in nodes}
    below: dict[int, set[int]] = defaultdict(set)
    for pk in parents:
        step: int | None = pk
        while step is not None and pk not in below[step]:
            below[step].add(pk)
            step = parents.get(step)
    return {pk: frozenset(below[pk]) for pk in parents}
