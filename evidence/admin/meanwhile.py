"""What others did to a row while somebody had it open: who, when and what, from the audit log."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from auditlog.models import LogEntry
from django.db import models
from django.template.defaultfilters import date
from django.utils import timezone

DIGITS = 12
NOBODY_KNOWN = "Somebody"
# Moved by the saves and moves of an edition, in no form.
COUNTED = ("lock_version", "state")
LONGEST_VALUE = 200


def digest(value: object) -> str:
    """Return twelve digits by which two values can be told apart."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:DIGITS]


def standing(rows: Sequence[Any], *, inside: Iterable[type[models.Model]] = ()) -> dict[str, str]:
    """Give by key what each row of one model stands at, with its relations and the rows inside.

    A constant number of queries, whatever the number of rows.
    """
    if not rows:
        return {}
    opts = type(rows[0])._meta
    fields = [f for f in opts.concrete_fields if f.editable or f.name in COUNTED]
    held: dict[Any, list[Any]] = {
        row.pk: [row.serializable_value(field.name) for field in fields] for row in rows
    }
    for many in opts.local_many_to_many:
        if many.editable and many.remote_field.through._meta.auto_created:
            _add(held, many.remote_field.through, many.m2m_field_name())
    for part in inside:
        link = next(f.name for f in part._meta.fields if f.related_model is opts.model)
        _add(held, part, link)
    return {str(key): digest(values) for key, values in held.items()}


def joined(stands_at: Mapping[str, str]) -> str:
    """Write what rows stand at so that a hidden field can carry it."""
    return " ".join(f"{key}={state}" for key, state in stands_at.items())


def parted(text: str) -> dict[str, str]:
    """Read what a hidden field carried; of any other text, what can be read of it."""
    return dict(part.split("=", 1) for part in text.split() if "=" in part)


def _add(held: Mapping[Any, list[Any]], model: Any, link: str) -> None:
    own = model._meta.get_field(link).attname
    for values in model._default_manager.filter(**{f"{link}__in": list(held)}).order_by("pk"):
        row = {f.attname: getattr(values, f.attname) for f in model._meta.concrete_fields}
        held[row.pop(own)].append((model._meta.label, sorted(row.items())))


def newest_entry() -> int:
    """Return the number of the audit log's newest entry: what comes later was done meanwhile."""
    newest = LogEntry.objects.order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0


def last_entry(model: type[models.Model], key: object) -> LogEntry | None:
    """Return the newest entry about one row, there or gone."""
    return _entries(model, key).order_by("-pk").first()


def maker(model: type[models.Model], key: object) -> Any:
    """Return who made a row, or None where the log does not say."""
    made = _entries(model, key).filter(action=LogEntry.Action.CREATE).order_by("pk").first()
    return made.actor if made is not None else None


def who(entry: LogEntry | None) -> str:
    """Name the person of an entry."""
    return str(entry.actor) if entry is not None and entry.actor is not None else NOBODY_KNOWN


def when(entry: LogEntry | None) -> str:
    """Give the time of an entry in brackets, to put behind a clause."""
    return f" ({moment(entry.timestamp)})" if entry is not None else ""


def moment(time: Any) -> str:
    """Give a time to the minute."""
    return f"{date(timezone.localtime(time), 'j F Y, H:i')} UTC"


def changes_since(row: Any, after: int) -> list[str]:
    """Say in sentences what was done to a row after an entry of the log, oldest first."""
    entries = _entries(type(row), row.pk).filter(pk__gt=after).order_by("pk")
    return [
        f"{who(entry)} changed {_name(type(row), field)}{when(entry)}: {said}."
        for entry in entries
        for field, said in _said(entry)
    ]


def _entries(model: type[models.Model], key: object) -> Any:
    entries = LogEntry.objects.get_for_model(model).filter(object_id=key)
    return entries.select_related("actor")


def _name(model: type[models.Model], field: str) -> str:
    return str(getattr(model._meta.get_field(field), "verbose_name", field))


def _said(entry: LogEntry) -> list[tuple[str, str]]:
    said = []
    for field, change in entry.changes_dict.items():
        if isinstance(change, dict):  # rows put into or taken out of a many-to-many relation
            verb = {"add": "added", "delete": "removed"}.get(change.get("operation", ""), "set")
            said.append((field, f"{verb} {'; '.join(change.get('objects', []))}"))
        else:
            before, after = (_short(value) for value in change)
            said.append((field, f"“{before}” became “{after}”"))
    return said


def _short(value: object) -> str:
    text = str(value or "(empty)")
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]} …"
