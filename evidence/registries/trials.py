"""Payloads of trial registries as records."""

from __future__ import annotations

from collections.abc import Mapping

from evidence import vocab
from evidence.registries import ctgov, ictrp
from evidence.registries.records import TrialRecord, Unreadable

# Raised whenever reading the same payload gives another record than before.
READER = 1


def read(source: str, data: Mapping[str, object]) -> TrialRecord:
    """Read a payload of a source (a value of `vocab.Source`); raises Unreadable."""
    if source == vocab.Source.CTGOV:
        return ctgov.read(data)
    if source == vocab.Source.ICTRP:
        return ictrp.read(data)
    raise Unreadable(f"“{source}” is no registry of trials that is read.")
