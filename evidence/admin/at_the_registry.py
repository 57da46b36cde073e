"""What stands under a trial's or a publication's form of the records that are held of it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.template.defaultfilters import truncatechars
from django.utils.formats import date_format

from evidence.admin.panels import Panel, panel
from evidence.models import Drift, Publication, RegistryRecord, Trial
from evidence.sync import drifts, earlier

DAY = "j M Y"
LONGEST = 120


def registry_panels(thing: Trial | Publication) -> tuple[Panel, ...]:
    """Return the records that are held of a thing, and what its sources changed."""
    kind = str(thing._meta.model_name)
    own = {kind: thing.pk}
    found_by = {f"{kind}__id__exact": thing.pk}
    waits = Count("drifts", filter=Q(drifts__decided_at=None))
    records = RegistryRecord.objects.filter(**own).annotate(waits=waits)
    changes = Drift.objects.filter(**own).select_related("decided_by", "record", kind)
    return (
        panel(
            records.order_by("value"),
            title="At the registry" if isinstance(thing, Trial) else "In the literature",
            columns={
                "Record": lambda row: row.value,
                "Source": RegistryRecord.get_source_display,
                "Verdict": _verdict,
                "Last checked": lambda row: _day(row.checked_on) or "not yet",
                "Gone since": lambda row: _day(row.vanished_on),
                "Changes that wait": lambda row: row.waits,
            },
            found_by=found_by,
        ),
        panel(
            changes.order_by("-pk"),
            title="What its sources changed",
            columns={
                "Record": lambda row: row.record.value,
                "Field": drifts.label,
                "There before": _before,
                "There now": lambda row: _short(row, row.after),
                "Found": lambda row: _day(row.opened_at),
                "Decided": _decided,
            },
            found_by=found_by,
        ),
    )


def _verdict(row: Any) -> str:
    return f"{row.get_verdict_display()}: {row.reason}" if row.verdict else ""


def _decided(row: Any) -> str:
    if row.decided_at is None:
        return "waits"
    because = f": “{row.reason}”" if row.reason else ""
    word, when = row.get_decision_display(), _day(row.decided_at)
    return f"{word} by {row.decided_by}, {when}{because}"


def _before(row: Drift) -> str:
    if not row.before and earlier.unread_before([row]):
        return earlier.NOT_READ
    return _short(row, row.before)


def _short(row: Drift, text: str) -> str:
    return truncatechars(drifts.words(row, text), LONGEST) or earlier.NOT_GIVEN


def _day(value: Any) -> str:
    return date_format(value, DAY) if value is not None else ""
