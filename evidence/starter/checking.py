"""From the nodes of a file to entries: keys, types, vocabulary words and shapes are looked at."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from evidence import vocab
from evidence.models.fields import LinesField
from evidence.starter.entries import Entry, Link
from evidence.starter.faults import Faults
from evidence.starter.reading import Node
from evidence.starter.schema import KIND_OF, Kind

KEY_SHAPE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
KEY_LENGTH = 80
STATES = (vocab.State.PUBLISHED.value, vocab.State.DRAFT.value)


class Refused(Exception):
    """One value is not what its key takes."""


def entry_of(kind: Kind, node: Node, faults: Faults) -> Entry | None:
    """Return the entry that a node holds, or None where it is not even a mapping with a name."""
    if kind.bare and isinstance(node.value, str):
        node = Node(node.place, {kind.bare: node})
    if not isinstance(node.value, dict):
        faults.add(node.place, f"This {kind.name} is to be a mapping of keys and values.")
        return None
    pairs = {key: value for key, value in node.value.items() if value.value is not None}
    _look_at_keys(kind, node, pairs, faults)
    places = {key: value.place for key, value in pairs.items()}
    # What a name is to be like, its field or link says below.
    names = tuple(str(pairs[key].value) for key in kind.named if key in pairs)
    if len(names) < len(kind.named):
        return None
    return Entry(
        kind=kind,
        place=node.place,
        names=names,
        values=_values(kind, pairs, faults),
        links=_links(kind, pairs, faults),
        many=_many(kind, pairs, faults),
        inside=_inside(kind, pairs, faults),
        places=places,
        state=_state(pairs, faults),
    )


def _look_at_keys(kind: Kind, node: Node, pairs: dict[str, Node], faults: Faults) -> None:
    for key, value in node.value.items():
        if key not in kind.keys:
            known = ", ".join(sorted(kind.keys))
            faults.add(value.place, f"{key} is not a key of a {kind.name}. It has: {known}.")
    for key in kind.required:
        if key not in pairs:
            faults.add(node.place, f"This {kind.name} lacks its {key}.")


def _state(pairs: dict[str, Node], faults: Faults) -> str:
    if "state" not in pairs:
        return vocab.State.PUBLISHED
    node = pairs["state"]
    if node.value not in STATES:
        faults.add(node.place, f"state is one of: {', '.join(STATES)}.")
        return vocab.State.DRAFT
    return node.value


def _values(kind: Kind, pairs: dict[str, Node], faults: Faults) -> dict[str, Any]:
    values = {}
    if "key" in kind.named:
        _look_at_the_key(pairs["key"], faults)
    for name, field in kind.fields.items():
        if name not in pairs:
            continue
        try:
            values[name] = _value(field, pairs[name].value)
        except Refused as refusal:
            faults.add(pairs[name].place, f"{name}: {refusal}")
    return values


def _look_at_the_key(node: Node, faults: Faults) -> None:
    key = node.value
    if not isinstance(key, str) or len(key) > KEY_LENGTH or not KEY_SHAPE.fullmatch(key):
        faults.add(
            node.place, f"A key is lower-case words with hyphens, at most {KEY_LENGTH} characters."
        )


def _value(field: models.Field[Any, Any], value: Any) -> Any:
    plain = _of_type(field, value)
    if field.choices:
        known = [str(word) for word, _ in field.flatchoices]
        if plain not in known:
            raise Refused(f"“{plain}” is not a known word. The known ones: {', '.join(known)}.")
        return plain
    if isinstance(plain, str) and "\n" in plain and not isinstance(field, models.TextField):
        raise Refused("This is to stand on one line.")
    try:
        return field.clean(plain, None)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error


def _of_type(field: models.Field[Any, Any], value: Any) -> Any:
    """Return the value as the field takes it; nothing is guessed or converted on the way."""
    if isinstance(field, LinesField):
        return _lines(value)
    if isinstance(field, models.BooleanField):
        return _be(value, bool, "true or false")
    if isinstance(field, models.DateField):
        return _day(_be(value, str, 'a date in quotes, such as "2015-09-03"'))
    if isinstance(field, models.FloatField):
        return float(_be(value, (int, float), "a number"))
    if isinstance(field, models.IntegerField):
        return _be(value, int, "a whole number")
    return _be(value, str, "a text; put it in quotes")


def _be(value: Any, types: type | tuple[type, ...], what: str) -> Any:
    # bool is an int to Python, and no number to people.
    if not isinstance(value, types) or (isinstance(value, bool) and types is not bool):
        raise Refused(f"This is to be {what}.")
    return value


def _day(text: str) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError as error:
        raise Refused("A day is written 2015-09-03.") from error


def _lines(value: Any) -> str:
    items: list[Any] = [item.value for item in value] if isinstance(value, tuple) else [None]
    if not all(isinstance(item, str) and item and "\n" not in item for item in items):
        raise Refused("This is to be a list of texts of one line each.")
    return "\n".join(items)


def _links(kind: Kind, pairs: dict[str, Node], faults: Faults) -> dict[str, Link]:
    links = {}
    for name, field in kind.links.items():
        if name in pairs and (link := _link(name, field, pairs[name], faults)):
            links[name] = link
    return links


def _many(kind: Kind, pairs: dict[str, Node], faults: Faults) -> dict[str, tuple[Link, ...]]:
    many = {}
    for name, field in kind.many.items():
        if name in pairs:
            found = [_link(name, field, item, faults) for item in _items(name, pairs, faults)]
            many[name] = tuple(link for link in found if link)
    return many


def _link(name: str, field: Any, node: Node, faults: Faults) -> Link | None:
    kind = KIND_OF[field.related_model]
    if not isinstance(node.value, str) or not node.value:
        faults.add(node.place, f"{name}: This is to be the {kind.named[0]} of a {kind.name}.")
        return None
    return Link(kind, node.value, node.place)


def _items(name: str, pairs: dict[str, Node], faults: Faults) -> tuple[Node, ...]:
    node = pairs[name]
    if not isinstance(node.value, tuple):
        faults.add(node.place, f"{name}: This is to be a list.")
        return ()
    return node.value


def _inside(kind: Kind, pairs: dict[str, Node], faults: Faults) -> dict[str, tuple[Entry, ...]]:
    inside = {}
    for name, child in kind.inside.items():
        if name not in pairs:
            continue
        nodes = (pairs[name],) if child.single else _items(name, pairs, faults)
        entries = [entry_of(child, _heir(child, node, pairs), faults) for node in nodes]
        inside[name] = tuple(entry for entry in entries if entry)
    return inside


def _heir(child: Kind, node: Node, parents: dict[str, Node]) -> Node:
    """Return the node with the keys that it leaves to its parent."""
    if not isinstance(node.value, dict):
        return node
    left = {key: parents[key] for key in child.inherited if key in parents}
    return Node(node.place, {**left, **node.value})
