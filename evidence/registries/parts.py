"""Parts of plain JSON of any shape: what is not there, or of another type, is empty.

Objects are asked for as `dict`, which is what JSON is read into: asking for any mapping takes
three times as long, and a study has thousands of objects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from evidence.registries.texts import line

NOTHING: Mapping[str, object] = MappingProxyType({})


def part(data: object, *path: str) -> Mapping[str, object]:
    """Follow the keys down to an object."""
    for key in path:
        if not isinstance(data, dict):
            return NOTHING
        data = data.get(key)
    return data if isinstance(data, dict) else NOTHING


def several(data: Mapping[str, object], key: str) -> Sequence[object]:
    """Give the list that stands under a key."""
    found = data.get(key)
    return found if isinstance(found, list) else ()


def parts(data: Mapping[str, object], key: str) -> Iterator[Mapping[str, object]]:
    """Give the objects of the list that stands under a key."""
    return (each for each in several(data, key) if isinstance(each, dict))


def lines(data: Mapping[str, object], key: str) -> tuple[str, ...]:
    """Give the texts of the list that stands under a key, each on one line and once, in order."""
    found = (line(each) for each in several(data, key))
    return tuple(dict.fromkeys(each for each in found if each))


def word(value: object, known: frozenset[str]) -> str | None:
    """Give a word of a closed vocabulary; None for any other."""
    return value if isinstance(value, str) and value in known else None
