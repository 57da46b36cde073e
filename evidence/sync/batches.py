"""Batches of payloads without the collector of cycles, which would look through each again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Let the collector of cycles rest while a batch is read and written.

    Parsed JSON has no cycles, and looking for them takes half as long as parsing it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
