"""What an entry of the audit log says, in words for a person: each field before and after.

The log keeps texts: the key of a row for a relation, the word of a vocabulary for a choice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.template.defaultfilters import date

from evidence.admin.relations import is_key
from evidence.ledger.differences import label_of, name_of
from evidence.models import Topic
from evidence.models.fields import PartialDateField
from evidence.templatetags.words import day_words

# How the log writes that there was no value.
NO_VALUE = "None"
EMPTY = "(empty)"
HIDDEN = "(hidden)"
WAS_CHANGED = "changed; its value is not kept"
VERBS = {"add": "added", "delete": "removed"}
SHORT = 160
AROUND = 60
LONGEST_PART = 500
WHITE = re.compile(r"\s")


@dataclass(frozen=True, kw_only=True)
class Text:
    """A value: what differs, the words around it, and all of it where something is left out."""

    lead: str = ""
    core: str = ""
    tail: str = ""
    whole: str = ""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One field: its value before and after, or a sentence where there are no two values."""

    label: str
    before: Text | None = None
    after: Text | None = None
    said: Text | None = None


class Names:
    """The names of all rows that some entries point to, each kind of row read once."""

    def __init__(self, entries: Iterable[LogEntry]) -> None:
        keys: dict[type[models.Model], set[int]] = defaultdict(set)
        for entry in entries:
            for name, change in _pairs(entry):
                field = field_of(model_of(entry), name)
                if field is not None and field.many_to_one:
                    keys[field.related_model] |= {int(key) for key in change if is_key(key)}
        self._rows = {model: _read(model, wanted) for model, wanted in keys.items()}

    def of(self, model: type[models.Model], key: str) -> str:
        """Name a row; one that has been deleted since has only its key left."""
        row = self._rows.get(model, {}).get(int(key)) if is_key(key) else None
        return f"no longer there ({key})" if row is None else name_of(row)


def changes(entry: LogEntry, names: Names) -> list[Change]:
    """Give the fields that an entry is about, in the model's order, as far as they say anything."""
    model = model_of(entry)
    order = [field.name for field in model._meta.get_fields()] if model is not None else []
    said = entry.changes_dict or {}
    known = sorted(said, key=lambda name: order.index(name) if name in order else len(order))
    found = (_change(entry, name, said[name], names) for name in known)
    return [change for change in found if change is not None]


def model_of(entry: LogEntry) -> type[models.Model] | None:
    """Return the model that an entry is about; none where the program no longer has it."""
    model: type[models.Model] | None = entry.content_type.model_class()
    return model


def field_of(model: type[models.Model] | None, name: str) -> Any:
    """Return a field by the name it was logged under; none where the model no longer has it."""
    try:
        return None if model is None else model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def is_of_relations(entry: LogEntry) -> bool:
    """Say whether an entry is of many-to-many rows alone."""
    return all(isinstance(change, Mapping) for change in (entry.changes_dict or {}).values())


def _change(entry: LogEntry, name: str, said: Any, names: Names) -> Change | None:
    field = field_of(model_of(entry), name)
    label = name.replace("_", " ").capitalize() if field is None else label_of(field)
    if isinstance(said, Mapping):  # rows put into or taken out of a many-to-many relation
        verb = VERBS.get(str(said.get("operation")), "set")
        rows = "; ".join(str(row) for row in said.get("objects", ()))
        return Change(label=label, said=_one(f"{verb} {rows}"))
    if name in _masked(entry):
        return Change(label=label, said=_one(WAS_CHANGED))
    before, after = (_words(field, str(value), names) for value in said)
    if entry.action == LogEntry.Action.CREATE:
        return Change(label=label, after=_one(after)) if after != EMPTY else None
    if entry.action == LogEntry.Action.DELETE:
        return Change(label=label, before=_one(before)) if before != EMPTY else None
    if before == after:
        return None
    first, second = _two(before, after)
    return Change(label=label, before=first, after=second)


def _pairs(entry: LogEntry) -> list[tuple[str, Sequence[str]]]:
    said = entry.changes_dict or {}
    return [(name, pair) for name, pair in said.items() if not isinstance(pair, Mapping)]


def _masked(entry: LogEntry) -> Sequence[str]:
    model = model_of(entry)
    if model is None or not auditlog.contains(model):
        return ()
    fields: Sequence[str] = auditlog.get_model_fields(model)["mask_fields"]
    return fields


def _read(model: type[models.Model], keys: set[int]) -> Mapping[int, models.Model]:
    rows = model._base_manager.all()
    if model is Topic:
        rows = rows.select_related("condition", "intervention")
    return rows.in_bulk(keys)


def _words(field: Any, value: str, names: Names) -> str:
    """Give a logged text as a person reads it."""
    if value == "" or (value == NO_VALUE and (field is None or field.null)):
        return EMPTY
    if field is None:
        return value
    if field.many_to_one:
        return names.of(field.related_model, value)
    if field.choices:
        return str({str(key): label for key, label in field.flatchoices}.get(value, value))
    if isinstance(field, models.BooleanField):
        return {"True": "yes", "False": "no"}.get(value, value)
    if isinstance(field, models.DateTimeField):
        return _moment(value)
    if isinstance(field, (models.DateField, PartialDateField)):
        return day_words(value)
    if isinstance(field, models.FloatField):
        return value.removesuffix(".0")
    return value


def _moment(value: str) -> str:
    try:
        return f"{date(datetime.fromisoformat(value), 'j F Y, H:i')} UTC"
    except ValueError:
        return value


def _one(text: str) -> Text:
    """Give a text alone, its beginning where it is long."""
    if len(text) <= LONGEST_PART:
        return Text(core=text)
    return Text(core=f"{text[:LONGEST_PART]}…", whole=text)


def _two(before: str, after: str) -> tuple[Text, Text]:
    """Give two texts, of long ones the part that differs with some words around it."""
    if max(len(before), len(after)) <= SHORT or EMPTY in {before, after}:
        return _one(before), _one(after)
    start = _start_of_word(before, _alike(before, after))
    rest = before[start:], after[start:]
    same = _alike(*(text[::-1] for text in rest))
    tail = rest[0][len(rest[0]) - same :]
    space = WHITE.search(tail)
    tail = tail[space.start() :] if space else ""
    return _around(before, start, tail), _around(after, start, tail)


def _alike(first: str, second: str) -> int:
    """Count the characters that two texts begin with alike."""
    both = zip(first, second, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], both))


def _start_of_word(text: str, end: int) -> int:
    spaces = [found.end() for found in WHITE.finditer(text, 0, end)]
    return spaces[-1] if spaces else 0


def _around(text: str, start: int, tail: str) -> Text:
    lead, core = text[:start], text[start : len(text) - len(tail)]
    shown = (
        lead if len(lead) <= AROUND else f"…{lead[-AROUND:]}",
        core if len(core) <= LONGEST_PART else f"{core[:LONGEST_PART]}…",
        tail if len(tail) <= AROUND else f"{tail[:AROUND]}…",
    )
    whole = "" if "".join(shown) == text else text
    return Text(lead=shown[0], core=shown[1], tail=shown[2], whole=whole)
