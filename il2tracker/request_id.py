"""The short name under which one request can be found again in the log and the audit log."""

from __future__ import annotations

import secrets
from contextvars import ContextVar

_current: ContextVar[str | None] = ContextVar("il2tracker_request_id", default=None)


def begin() -> str:
    """Make a new id for the request that this thread now answers."""
    # Never reset at the end: a streamed response is still being written after the middleware
    # has returned, and the next request in this thread begins with an id of its own.
    name = secrets.token_hex(4)
    _current.set(name)
    return name


def current() -> str | None:
    """Return the id of the request being answered, or None outside one (in a command)."""
    return _current.get()
