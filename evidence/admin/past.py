"""What has happened to a thing: its entries of the audit log and its steps, in order of time.

With a thing go the rows that stand inside its page; with an edition go all editions of its
record. What has been deleted is found by its own entry of the log.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from auditlog.models import LogEntry
from django.contrib.admin import ModelAdmin
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.forms.models import _get_foreign_key
from django.http import HttpRequest

from evidence.models import Edition, Step

# A move writes its step in the transaction of its entries, so about when they are written.
AT_ONCE = timedelta(seconds=5)


@dataclass(frozen=True, kw_only=True)
class Thing:
    """What a history is of: its model and key, its editions by key, its record's number."""

    model: type[models.Model]
    pk: int
    record: int | None = None
    numbers: dict[int, int] = field(default_factory=dict)


@dataclass(kw_only=True)
class Happening:
    """What one person did at one time, via one page or command, for one reason."""

    at: datetime
    who: int | None
    why: str
    via: str
    entries: list[int] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    numbers: set[int] = field(default_factory=set)


def thing_of(model: type[models.Model], pk: int, obj: Any) -> Thing:
    """Return what is asked about; of a deleted edition the log says which record it was of."""
    if not issubclass(model, Edition):
        return Thing(model=model, pk=pk)
    kind = ContentType.objects.get_for_model(model)
    gone = LogEntry.objects.filter(content_type=kind, action=LogEntry.Action.DELETE)
    record = obj.record_id if obj is not None else None
    if record is None:
        entry = gone.filter(object_id=pk).first()
        if entry is None:
            return Thing(model=model, pk=pk)
        record = int(entry.changes_dict["record"][0])
    numbers = dict(model._default_manager.filter(record=record).values_list("pk", "number"))
    for entry in gone.filter(changes__record__0=str(record)):
        numbers[entry.object_id] = int(entry.changes_dict["number"][0])
    return Thing(model=model, pk=pk, record=record, numbers=numbers)


def happenings(
    thing: Thing, *, page: ModelAdmin[Any], request: HttpRequest, obj: Any
) -> list[Happening]:
    """Return all that has happened to a thing, newest first, as far as this person may see it."""
    wanted = _entries_of(thing.model, thing.numbers or [thing.pk])
    for inside in _inside(page, request, obj, thing):
        wanted |= inside
    rows = LogEntry.objects.filter(wanted).order_by("-timestamp", "-pk")
    together: dict[object, Happening] = {}
    for row in rows.only("timestamp", "actor_id", "cid", "additional_data", "object_id"):
        beside = row.additional_data or {}
        why, via = str(beside.get("reason", "")), str(beside.get("via", ""))
        # What a command does has no request: its entries of one second are one happening.
        which = row.cid or row.timestamp.replace(microsecond=0)
        one = together.setdefault(
            (which, row.actor_id, why, via),
            Happening(at=row.timestamp, who=row.actor_id, why=why, via=via),
        )
        one.entries.append(row.pk)
        if row.object_id in thing.numbers:
            one.numbers.add(thing.numbers[row.object_id])
    return _with_steps([*together.values()], thing)


def _with_steps(found: list[Happening], thing: Thing) -> list[Happening]:
    """Put each step with what its move wrote, or by itself where that was nothing."""
    if thing.record is None:
        return found
    moved = [one for one in found if one.numbers]
    steps = Step.objects.filter(record=thing.record).order_by("pk").select_related("to")
    for step in steps:
        same = (
            one
            for one in moved
            if (one.who, one.why) == (step.by_id, step.note)
            and step.number in one.numbers
            and abs(one.at - step.at) < AT_ONCE
        )
        own = Happening(at=step.at, who=step.by_id, why=step.note, via="")
        one = next(same, own)
        one.steps.append(step)
        if one is own:
            found.append(own)
    return sorted(found, key=lambda one: one.at, reverse=True)


def _inside(page: ModelAdmin[Any], request: HttpRequest, obj: Any, thing: Thing) -> Iterable[Q]:
    """Give the entries of rows that stand, or once stood, inside the page of a thing."""
    parents: dict[type[models.Model], str] = {
        inline.model: _get_foreign_key(page.model, inline.model, inline.fk_name).name
        for inline in page.get_inline_instances(request, obj)
        if inline.has_view_or_change_permission(request, obj)
    }
    if not parents:
        return
    kinds = ContentType.objects.get_for_models(*parents)
    once = (
        Q(content_type=kinds[model])
        & (
            Q(**{f"changes__{name}__0": str(thing.pk)})
            | Q(**{f"changes__{name}__1": str(thing.pk)})
        )
        for model, name in parents.items()
    )
    later = (LogEntry.Action.UPDATE, LogEntry.Action.DELETE)
    left = LogEntry.objects.filter(reduce(or_, once), action__in=later)
    gone = set(left.values_list("content_type_id", "object_id"))
    for model, name in parents.items():
        still = model._default_manager.filter(**{name: thing.pk}).order_by().values("pk")
        yield _entries_of(model, still)
        yield _entries_of(model, [key for kind, key in gone if kind == kinds[model].pk])


def _entries_of(model: type[models.Model], keys: Any) -> Q:
    return Q(content_type=ContentType.objects.get_for_model(model), object_id__in=keys)
