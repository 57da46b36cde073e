"""Who makes a change: kept in the audit log with every entry written meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from auditlog.context import auditlog_value, set_actor


@contextmanager
def acting(person: Any) -> Iterator[None]:
    """Name a person in every audit entry written inside the block, in a request or outside one."""
    # auditlog's own leaves its value behind: whoever acted around it would be named no more.
    token = auditlog_value.set({})
    try:
        with set_actor(person):
            yield
    finally:
        auditlog_value.reset(token)
