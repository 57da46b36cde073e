"""What was before a change: whether the source had been read at all, and what was decided then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from evidence.models import Drift, Snapshot
from evidence.vocab import DriftDecision

NOT_READ = "not read before"
NOT_GIVEN = "not given"


def unread_before(drifts: Iterable[Drift]) -> frozenset[int]:
    """Return the keys of those changes before which nothing was read of their record; one query."""
    empty = [one for one in drifts if not one.before]
    came_in: dict[tuple[str, str], list[Any]] = defaultdict(list)
    rows = Snapshot.objects.filter(value__in={one.record.value for one in empty})
    for source, value, at in rows.values_list("source", "value", "received_at"):
        came_in[source, value].append(at)
    return frozenset(
        one.pk
        for one in empty
        if sum(at <= one.opened_at for at in came_in[one.record.source, one.record.value]) < 2
    )


def kept_before(drifts: Iterable[Drift]) -> Mapping[int, Drift]:
    """Return, by its key, the last decision of the same field where that kept ours; one query."""
    asked = {(one.record_id, one.field): one.pk for one in drifts}
    if not asked:
        return {}
    rows = Drift.objects.filter(
        record__in={record for record, _ in asked}, decided_at__isnull=False
    )
    last: dict[int, Drift] = {}
    for row in rows.select_related("decided_by").order_by("decided_at", "pk"):
        if (row.record_id, row.field) in asked:
            last[asked[row.record_id, row.field]] = row
    return {pk: row for pk, row in last.items() if row.decision == DriftDecision.KEPT}
