"""Payloads as they are kept: one canonical text each, known by its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from evidence.models import Snapshot
from evidence.registries.records import Payload
from evidence.sync import tables

_encoder = json.JSONEncoder(sort_keys=True, separators=(",", ":"), check_circular=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A payload with its canonical JSON, which is ASCII, and the SHA-256 of that."""

    payload: Payload
    text: str
    sha256: str

    @property
    def key(self) -> tuple[str, str]:
        """Whose record it is."""
        return self.payload.source, self.payload.value


def kept(payload: Payload) -> Kept:
    """Return a payload with its canonical text and hash."""
    text = canonical(payload.data)
    return Kept(payload=payload, text=text, sha256=hashlib.sha256(text.encode("ascii")).hexdigest())


def canonical(data: Mapping[str, object]) -> str:
    """Return JSON that is the same for the same data: sorted keys, no blanks, ASCII."""
    return _encoder.encode(data)


def known(hashes: Sequence[str]) -> set[str]:
    """Return those of some hashes whose payload is kept already."""
    return {sha256 for sha256, _ in _keys(hashes)}


def keep(several: Sequence[Kept]) -> dict[str, int]:
    """Keep payloads that are not kept yet; return the key of each by its hash."""
    put(several)
    return dict(_keys([one.sha256 for one in several]))


def _keys(hashes: Sequence[str]) -> list[tuple[str, int]]:
    sql = "SELECT sha256, id FROM evidence_snapshot WHERE sha256 IN {keys}"
    return [(sha256, pk) for sha256, pk in tables.rows(sql, hashes)]


def put(several: Sequence[Kept]) -> None:
    """Keep payloads that are not kept yet."""
    now = timezone.now()
    tables.insert(
        Snapshot,
        ("source", "value", "sha256", "payload", "data_date", "received_at"),
        [
            (*one.key, one.sha256, one.text, one.payload.data_date or "", now)
            for one in {one.sha256: one for one in several}.values()
        ],
        or_leave="sha256",
    )
