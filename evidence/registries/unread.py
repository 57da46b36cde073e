"""What a record gives and nobody here understands: told of, and never taken for "not given"."""

from __future__ import annotations

import re

from evidence.registries.texts import line

LONGEST = 60
HUGE = 10**30
NOTHING_SAID = frozenset(
    {"n/a", "na", "none", "no limit", "not applicable", "not available", "not specified"}
)
"""What people write where they give nothing."""
_ONLY_ZEROS = re.compile("[^1-9]*0[^1-9]*")


def given(data: object, *path: str) -> object:
    """Follow keys down to what is given, or to what stands in the way; None where nothing is."""
    found = data
    for key in path:
        if not isinstance(found, dict):
            break
        found = found.get(key)
    if isinstance(found, str):
        plain = line(found)
        return None if plain is None or plain.lower() in NOTHING_SAID else plain
    return None if found in (None, [], {}) else found


def is_zero(value: object) -> bool:
    """Say whether a text gives no figure but 0, which some registers write for none."""
    return isinstance(value, str) and _ONLY_ZEROS.fullmatch(value) is not None


def words(value: object) -> str:
    """Give what was given in a few words, for whoever looks after the data."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST else f"{value[: LONGEST - 1]}…"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    is_huge = isinstance(value, int) and abs(value) > HUGE
    return "a huge number" if is_huge else str(value)
