"""Several people at once: threads with connections of their own, let go at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

PATIENCE = 60  # seconds: a thread that waits longer will never be let go


def at_once(*acts: Callable[[], Any]) -> Sequence[Exception | None]:
    """Do all acts at the same moment, and return what became of each: None or what it raised."""
    gate = threading.Barrier(len(acts))

    def alone(act: Callable[[], Any]) -> Exception | None:
        try:
            connection.ensure_connection()
            gate.wait(PATIENCE)
            act()
        except Exception as error:
            return error
        else:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(alone, acts))
