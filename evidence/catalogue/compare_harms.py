"""Harm reports of interventions, or of conditions, side by side: only like collections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, ExpressionWrapper, F, FloatField, Max, Min, Value
from django.db.models.functions import Coalesce, NullIf

from evidence import vocab
from evidence.catalogue.compare import (
    FEWEST,
    MOST_IN_COMMON,
    NONE,
    Cell,
    Compared,
    Entry,
    Group,
    Row,
    Table,
    counted,
)
from evidence.ledger.trees import grow
from evidence.models import AdverseEffect, HarmReport

REPORTS = ("report", "reports")
# The percent as printed, else worked out of the counts: people affected of people at risk.
PERCENT = Coalesce(
    F("percent"),
    ExpressionWrapper(
        F("affected") * Value(100.0) / NullIf(F("at_risk"), Value(0)), output_field=FloatField()
    ),
)
# Of these nobody can say that two sources counted the same events.
UNLIKE = frozenset({vocab.Collected.ABOVE_THRESHOLD, vocab.Collected.NOT_STATED})


@dataclass(slots=True)
class Reports:
    """How many reports there are, and between which percents they lie, where any gives one."""

    count: int = 0
    low: float | None = None
    high: float | None = None

    def add(self, count: int, low: float | None, high: float | None) -> None:
        """Take in other reports of the same effect and collection; people are never summed."""
        self.count += count
        self.low = min((one for one in (self.low, low) if one is not None), default=None)
        self.high = max((one for one in (self.high, high) if one is not None), default=None)


def harms(side: Compared) -> Table:
    """List the effects that at least two of them have reports of, collection by collection."""
    found: dict[str, dict[int, list[Reports]]] = defaultdict(
        lambda: defaultdict(lambda: [Reports() for _ in side.terms])
    )
    for key, effect, collected, *figures in _counts(side):
        for nth in side.place(key):
            found[collected][effect][nth].add(*figures)
    effects = {node.pk: node for node in grow(AdverseEffect).nodes}
    groups, left_out = [], 0
    for collected in (one for one in vocab.Collected.values if one in found):
        shared = [
            (effects[pk], columns)
            for pk, columns in found[collected].items()
            if pk in effects and sum(one.count > 0 for one in columns) >= FEWEST
        ]
        # The most reported first.
        shared.sort(key=lambda pair: (-sum(one.count for one in pair[1]), pair[0].name))
        left_out += max(0, len(shared) - MOST_IN_COMMON)
        rows = tuple(_rows(side, shared[:MOST_IN_COMMON], collected))
        if rows:
            label = f"Collected: {vocab.Collected(collected).label}"
            groups.append(Group(label=label, rows=rows))
    return Table(first="Adverse effect", groups=tuple(groups), left_out=left_out)


def _counts(side: Compared) -> Any:
    """Count reports by term, effect and collection; one query."""
    return (
        HarmReport.objects.public()
        .filter(**{f"{side.axis.harm}__in": side.every})
        .order_by()
        .values_list(side.axis.harm, "adverse_effect", "collected")
        .annotate(rows=Count("pk"), low=Min(PERCENT), high=Max(PERCENT))
    )


def _rows(side: Compared, shared: list[tuple[Any, list[Reports]]], collected: str) -> Iterator[Row]:
    for effect, columns in shared:
        asked = {"adverse_effect": effect.slug, "collected": collected}
        cells = tuple(
            _cell(side, nth, one, asked) if one.count else NONE for nth, one in enumerate(columns)
        )
        yield Row(label=effect.name, path=f"/adverse-effects/{effect.slug}/", cells=cells)


def _cell(side: Compared, nth: int, reports: Reports, asked: dict[str, str]) -> Cell:
    """Give the number of reports and, where they are alike, the percents that they lie between."""
    listed = Entry(words=counted(REPORTS, reports.count), path=side.path("harms", nth, **asked))
    if reports.low is None or reports.high is None or asked["collected"] in UNLIKE:
        return (listed,)
    low, high = _percent(reports.low), _percent(reports.high)
    return (listed, Entry(words=f"{low} %" if low == high else f"{low} to {high} %"))


def _percent(value: float) -> str:
    """Write a percent as the tables of harms do: with two decimals below 1."""
    if not value:
        return "0"
    if value < 0.01:
        return "under 0.01"
    return f"{value:.1f}" if value >= 1 else f"{value:.2f}"
