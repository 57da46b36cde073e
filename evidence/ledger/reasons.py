"""Why, and via what, a change is made: kept in the audit log with every entry written meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from evidence.models.audited import REASON, VIA


@contextmanager
def because(reason: str) -> Iterator[None]:
    """Give a reason to every audit entry written inside the block."""
    token = REASON.set(reason)
    try:
        yield
    finally:
        REASON.reset(token)


@contextmanager
def via(way: str) -> Iterator[None]:
    """Name the way of every audit entry written inside the block: a command, a page of the admin.

    A way within another one goes before it: a command that a command calls names itself.
    """
    token = VIA.set(way)
    try:
        yield
    finally:
        VIA.reset(token)
