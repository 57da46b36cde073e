"""What became of an edition since its second reader sent it back, out of the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType

from evidence.admin.changes import Change, Names, changes
from evidence.ledger.differences import content_fields
from evidence.models import Edition, Step
from evidence.vocab import State, Verb


@dataclass(frozen=True, kw_only=True)
class SinceReturn:
    """The step of the last return, whether it was one's own, and what was changed since."""

    step: Step
    hers: bool
    changes: tuple[Change, ...]


def since_return(edition: Edition, *, by: Any) -> SinceReturn | None:
    """Return what was changed since what is in review was last returned; None if it never was."""
    if edition.state != State.IN_REVIEW:
        return None
    steps = Step.objects.filter(record=edition.record_id, number=edition.number)
    step = steps.filter(verb=Verb.RETURNED).select_related("by").last()
    if step is None:
        return None
    kind = ContentType.objects.get_for_model(edition)
    later = LogEntry.objects.filter(
        content_type=kind,
        object_id=edition.pk,
        action=LogEntry.Action.UPDATE,
        timestamp__gt=step.at,
    )
    entries = _whole([*later.select_related("content_type").order_by("timestamp", "pk")], edition)
    names = Names(entries)
    found = tuple(change for entry in entries for change in changes(entry, names))
    return SinceReturn(step=step, hers=step.by_id == by.pk, changes=found)


def _whole(later: list[LogEntry], edition: Edition) -> list[LogEntry]:
    """Put many saves into one, from the first value to the last; rows of relations stay apart."""
    known = {field.name for field in content_fields(type(edition))} | {"note", "figures_unchecked"}
    pairs: dict[str, list[str]] = {}
    relations: list[LogEntry] = []
    for entry in later:
        for name, said in (entry.changes_dict or {}).items():
            if name not in known:
                continue
            if isinstance(said, Mapping):
                relations.append(_like(entry, {name: said}))
            else:
                first = pairs.get(name, said)
                pairs[name] = [first[0], said[1]]
    return [_like(later[-1], pairs), *relations] if pairs else relations


def _like(entry: LogEntry, said: Mapping[str, Any]) -> LogEntry:
    """Return an entry that is never saved, of the same row with other values."""
    return LogEntry(content_type=entry.content_type, action=entry.action, changes=said)
