"""Topics and findings of interventions, or of conditions, side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count

from evidence import vocab
from evidence.catalogue.compare import (
    AXES,
    FEWEST,
    MOST_IN_COMMON,
    Cell,
    Compared,
    Entry,
    Group,
    Row,
    Table,
    counted,
    linked,
    spread,
)
from evidence.ledger.trees import grow
from evidence.models import Assessment, Finding

Held = tuple[Any, ...]
"""A topic's term, status, ground, what sets it apart, the other term, and its key."""

TOPICS, FINDINGS = ("topic", "topics"), ("finding", "findings")


def topics(side: Compared) -> tuple[Table, Table, Table]:
    """Count topics by status and ground, by what sets them apart, and list what is in common."""
    axis = side.axis
    held = list(
        Assessment.objects.public()
        .filter(**{f"{axis.topic}__in": side.every})
        .values_list(
            axis.topic, "status", "ground", axis.apart_field, f"topic__{axis.other}", "topic_id"
        )
    )
    return _by_status(side, held), _by_apart(side, held), _in_common(side, held)


def _by_status(side: Compared, held: Sequence[Held]) -> Table:
    none = [0] * len(side.terms)
    found = spread(side, ((key, (status, ground), 1) for key, status, ground, *_ in held))
    total = spread(side, ((row[0], "", 1) for row in held)).get("", none)
    rows = [Row(label="All", cells=linked(side, total, listing="evidence", noun=TOPICS))]
    for status, ground in _standings():
        counts, asked = found.get((status, ground), none), _standing(status, ground)
        cells = linked(side, counts, listing="evidence", noun=TOPICS, **asked)
        head = Entry(words="", status=status, ground=ground)
        rows.append(Row(label=status, head=head, cells=cells))
    return Table(first="Status", groups=(Group(rows=tuple(rows)),))


def _by_apart(side: Compared, held: Sequence[Held]) -> Table:
    axis = side.axis
    found = spread(side, ((row[0], row[3], 1) for row in held))
    rows = tuple(
        Row(
            label=str(axis.apart_words(word).label),
            cells=linked(side, found[word], listing="evidence", noun=TOPICS, **{axis.apart: word}),
        )
        for word in axis.apart_words.values
        if word in found
    )
    return Table(first="Area" if axis.apart == "area" else "Kind", groups=(Group(rows=rows),))


def _standings() -> list[tuple[str, str]]:
    """Give every status, the last with each of its grounds."""
    plain = [(one.value, "") for one in vocab.Status if one != vocab.Status.INVESTIGATED]
    return [*plain, *((vocab.Status.INVESTIGATED.value, one.value) for one in vocab.Ground)]


def _standing(status: str, ground: str) -> dict[str, str]:
    return {"status": status, "ground": ground} if ground else {"status": status}


def _in_common(side: Compared, held: Iterable[Held]) -> Table:
    """List what at least two of them have topics in, with the statuses in each column."""
    tree = grow(AXES[side.axis.other].model)
    exact: dict[int, list[list[tuple[str, str, int]]]] = defaultdict(
        lambda: [[] for _ in side.terms]
    )
    for key, status, ground, _, other, topic in held:
        for nth in side.place(key):
            exact[other][nth].append((status, ground, topic))
    rows = []
    for node in tree.nodes:
        if node.pk not in exact:
            continue
        below = [exact[pk] for pk in tree.below[node.pk] if pk in exact]
        columns = [[one for part in below for one in part[nth]] for nth in range(len(side.terms))]
        filled = sum(map(bool, columns))
        if filled >= FEWEST:
            cells = tuple(
                _statuses(side, nth, one, other=node.slug) for nth, one in enumerate(columns)
            )
            path = f"/{AXES[side.axis.other].plural}/{node.slug}/"
            rows.append((filled, Row(label=node.name, path=path, cells=cells)))
    # The most shared first; names within, as the tree has them.
    rows.sort(key=lambda pair: -pair[0])
    kept = tuple(row for _, row in rows[:MOST_IN_COMMON])
    return Table(
        first=side.axis.other.capitalize(),
        groups=(Group(rows=kept),) if kept else (),
        left_out=len(rows) - len(kept),
    )


def _statuses(
    side: Compared, nth: int, topics: Sequence[tuple[str, str, int]], *, other: str
) -> Cell:
    """Give the statuses of a cell's topics, each with the topic or the list of them."""
    apart: dict[tuple[str, str], list[int]] = defaultdict(list)
    for status, ground, topic in topics:
        apart[status, ground].append(topic)
    entries = []
    for status, ground in (one for one in _standings() if one in apart):
        keys = apart[status, ground]
        asked = {side.axis.other: other, **_standing(status, ground)}
        is_one = len(keys) == 1
        entries.append(
            Entry(
                words=f"T{keys[0]}" if is_one else counted(TOPICS, len(keys)),
                path=f"/evidence/T{keys[0]}/" if is_one else side.path("evidence", nth, **asked),
                status=status,
                ground=ground,
            )
        )
    return tuple(entries) or (Entry(words="no topic"),)


def findings(side: Compared) -> Table:
    """Count findings by direction: findings, and never the people in them."""
    counts = (
        Finding.objects.public()
        .filter(**{f"{side.axis.topic}__in": side.every})
        .order_by()
        .values_list(side.axis.topic, "direction")
        .annotate(rows=Count("pk"))
    )
    found = spread(side, counts)
    total = [sum(column) for column in zip(*found.values(), strict=True)]
    every = linked(side, total or [0] * len(side.terms), listing="findings", noun=FINDINGS)
    rows = [
        Row(
            label=word,
            head=Entry(words=word),
            cells=linked(side, found[word], listing="findings", noun=FINDINGS, direction=word),
        )
        for word in vocab.Direction.values
        if word in found
    ]
    return Table(first="Direction", groups=(Group(rows=(Row(label="All", cells=every), *rows)),))
