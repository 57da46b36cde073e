"""What is kept of what came in, read again: a record from its payload, and what two differ in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from evidence.models import RegistryRecord, Snapshot
from evidence.registries import literature
from evidence.registries import trials as registered
from evidence.registries.records import PublicationRecord, TrialRecord, Unreadable
from evidence.sync import fields
from evidence.vocab import Source

OF_TRIALS = (Source.CTGOV, Source.ICTRP)
UNREADABLE = "It cannot be read any more"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One field that two payloads have otherwise, in words."""

    label: str
    before: str
    after: str


def read(source: str, payload: str) -> TrialRecord | PublicationRecord:
    """Return the record of a payload as it is kept; raises Unreadable."""
    data = json.loads(payload)
    if source in OF_TRIALS:
        return registered.read(source, data)
    return literature.read(source, data)


def record_of(row: RegistryRecord) -> TrialRecord | None:
    """Return the study of a record whose payload is held; None where there is none to read."""
    if row.snapshot is None or row.source not in OF_TRIALS:
        return None
    try:
        found = read(row.source, row.snapshot.payload)
    except Unreadable:
        return None
    return found if isinstance(found, TrialRecord) else None


def differences(
    source: str, older: Snapshot | None, newer: Snapshot | None
) -> tuple[Difference, ...]:
    """Return what two payloads of one record have otherwise, field by field."""
    before, after = _texts(source, older), _texts(source, newer)
    return tuple(
        Difference(label=name, before=before.get(name, ""), after=after.get(name, ""))
        for name in dict.fromkeys([*before, *after])
        if before.get(name, "") != after.get(name, "")
    )


def _texts(source: str, snapshot: Snapshot | None) -> Mapping[str, str]:
    if snapshot is None:
        return {}
    try:
        record = read(source, snapshot.payload)
    except Unreadable as error:
        return {UNREADABLE: str(error)}
    if isinstance(record, TrialRecord):
        values = fields.values_of(record)
        texts = {fields.label(name): fields.words(name, text) for name, text in values.items()}
        return {**texts, **_beside(record)}
    return {name.replace("_", " ").capitalize(): _text(it) for name, it in asdict(record).items()}


def _beside(record: TrialRecord) -> Mapping[str, str]:
    """Give what is read of a study and stands in no field of a trial."""
    return {
        "Interventions": "\n".join(one.name for one in record.interventions),
        "Conditions": "\n".join(record.conditions),
        "Summary": record.summary or "",
        "Official title": record.official_title or "",
    }


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "\n".join(_text(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {one}" for name, one in value.items() if one)
    return "" if value is None else str(value)
