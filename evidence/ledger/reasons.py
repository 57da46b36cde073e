"""Why a change is made: kept in the audit log with every entry written meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from evidence.models.audited import REASON


@contextmanager
def because(reason: str) -> Iterator[None]:
    """Give a reason to every audit entry written inside the block."""
    token = REASON.set(reason)
    try:
        yield
    finally:
        REASON.reset(token)
