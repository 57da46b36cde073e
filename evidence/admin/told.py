"""What has happened, in words: who, when, via what, why, and what became of each row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditlog.models import LogEntry
from django.template.defaultfilters import truncatechars
from django.utils.text import capfirst

from evidence.admin.changes import Change, Names, changes, is_of_relations, model_of
from evidence.admin.past import Happening, Thing
from evidence.curation.allowed import WORDS, Move
from evidence.models import Step
from evidence.vocab import Verb

THE_PROGRAM = "the program"
NOT_RECORDED = "not recorded"
IN_THE_ADMIN = "admin: "
PAGES = {
    "add": "the form for a new one",
    "change": "the form",
    "delete": "the page for deleting",
    "password": "the page for passwords",
    "review": "the review screen",
}
DONE = {
    LogEntry.Action.CREATE: "created",
    LogEntry.Action.UPDATE: "changed",
    LogEntry.Action.DELETE: "deleted",
}
LONGEST_NAME = 120


@dataclass(frozen=True, kw_only=True)
class Part:
    """What became of one row: a heading, its fields, and whether they fold away."""

    heading: str
    changes: tuple[Change, ...]
    folds: bool


@dataclass(frozen=True, kw_only=True)
class Event:
    """One happening in words: when, who, via what, why, the moves made and the rows changed."""

    at: dt.datetime
    who: str
    via: str
    where: str
    why: str
    moves: tuple[str, ...]
    parts: tuple[Part, ...]


def told(shown: Sequence[Happening], thing: Thing, people: Mapping[int, str]) -> list[Event]:
    """Put happenings into words; `people` are the names of accounts by key."""
    keys = [pk for one in shown for pk in one.entries]
    entries = LogEntry.objects.filter(pk__in=keys).select_related("content_type")
    read = {entry.pk: entry for entry in entries}
    names = Names(read.values())
    return [_event(one, read, names, thing, people) for one in shown]


def _event(
    one: Happening,
    read: Mapping[int, LogEntry],
    names: Names,
    thing: Thing,
    people: Mapping[int, str],
) -> Event:
    # A step alone does not say where it was taken.
    via, where = _way(one.via) if one.entries else ("", "")
    return Event(
        at=one.at,
        who=THE_PROGRAM if one.who is None else people.get(one.who, NOT_RECORDED),
        via=via,
        where=where,
        why=one.why,
        moves=tuple(_move(step) for step in one.steps),
        parts=_parts([read[pk] for pk in sorted(one.entries)], names, thing),
    )


def _move(step: Step) -> str:
    said = f"Edition {step.number}: {step.get_verb_display()}"
    if step.verb != Verb.ASSIGNED:
        return said
    return f"{said} to {step.to}" if step.to else f"{said} to nobody"


def _way(via: str) -> tuple[str, str]:
    """Give the words for the way of a change, and the address of the page where there is one."""
    if not via.startswith(IN_THE_ADMIN):
        return (f"the command {via}" if via else NOT_RECORDED), ""
    path = via.removeprefix(IN_THE_ADMIN)
    parts = path.strip("/").split("/")
    last = parts[-1]
    move = last.replace("-", "_")
    if move in {*Move}:
        return f"the move “{WORDS[Move(move)]}”", path
    if len(parts) == 3:
        return "an action on the list", path
    return PAGES.get(last, f"the page “{last}”"), path


def _parts(entries: Sequence[LogEntry], names: Names, thing: Thing) -> tuple[Part, ...]:
    """Put together what was done to each row: its relations are logged as entries of their own."""
    whole: list[list[LogEntry]] = []
    last: dict[object, list[LogEntry]] = {}
    for entry in entries:
        row = (entry.content_type_id, entry.object_pk)
        before = last.get(row)
        if before and (entry.action == before[0].action or is_of_relations(entry)):
            before.append(entry)
        else:
            last[row] = [entry]
            whole.append(last[row])
    return tuple(_part(of_one, names, thing) for of_one in whole)


def _part(entries: Sequence[LogEntry], names: Names, thing: Thing) -> Part:
    action = entries[0].action
    return Part(
        heading=f"{_row(entries[-1], thing)}{DONE.get(action, 'opened')}",
        changes=tuple(change for entry in entries for change in changes(entry, names)),
        folds=action != LogEntry.Action.UPDATE,
    )


def _row(entry: LogEntry, thing: Thing) -> str:
    model = model_of(entry)
    if model is thing.model:
        number = thing.numbers.get(entry.object_id or 0)
        return f"Edition {number}: " if number else ""
    kind = model._meta.verbose_name if model is not None else entry.content_type.model
    return f"{capfirst(str(kind))} “{truncatechars(entry.object_repr, LONGEST_NAME)}”: "
