"""From YAML text to values that know the line they stand on.

The files are read event by event: PyYAML's own construction forgets lines, lets the last of two
equal keys win, and follows aliases.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from evidence.starter.faults import Faults, Place

# The C parser is about ten times faster; it is not in every build of PyYAML.
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

TEXT_TAG = "tag:yaml.org,2002:str"
# Controls, formats (zero-width and direction marks), surrogates, private use; and the mark that
# broken text leaves behind. None of them is ever meant.
ODD_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co"})
PLAIN_CONTROLS = frozenset("\n\t")
BROKEN = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True)
class Node:
    """A YAML value and its place: a scalar, a tuple of nodes, or a dict of nodes by key."""

    place: Place
    value: Any


class _ReadFault(Exception):
    """Stops the reading of one file."""

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        self.message = message


def read_file(path: Path, name: str, faults: Faults) -> tuple[Node, ...]:
    """Return the entries of one file; what is wrong with it goes to `faults`."""
    try:
        text = _decoded(path.read_bytes())
        root = _Reader(text, name).read()
    except _ReadFault as fault:
        faults.add(Place(name, fault.line), fault.message)
        return ()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        faults.add(Place(name, line), f"This is not YAML: {error.problem or error.context}.")
        return ()
    if not isinstance(root.value, tuple):
        faults.add(root.place, "The file is to be a list of entries, each starting with “- ”.")
        return ()
    return root.value


def odd_character(text: str) -> str:
    """Return a sentence on the first character that does not belong in a text, or nothing."""
    for character in text:
        if character == BROKEN or (
            unicodedata.category(character) in ODD_CATEGORIES and character not in PLAIN_CONTROLS
        ):
            name = unicodedata.name(character, "a control character")
            return f"U+{ord(character):04X} ({name}) does not belong in a text."
    if not unicodedata.is_normalized("NFC", text):
        return "An accent stands apart from its letter: write it in Unicode's composed form (NFC)."
    return ""


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _ReadFault(line, "This is not UTF-8 text.") from error
    for number, words in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if fault := odd_character(words):
            raise _ReadFault(number, fault)
    return text


class _Reader:
    """Reads one file's events into nodes."""

    def __init__(self, text: str, name: str) -> None:
        self.loader = Loader(text)
        self.name = name

    def read(self) -> Node:
        self._take(yaml.StreamStartEvent)
        if self.loader.check_event(yaml.StreamEndEvent):
            raise _ReadFault(1, "The file is empty; an empty list is written [].")
        self._take(yaml.DocumentStartEvent)
        root = self._node()
        self._take(yaml.DocumentEndEvent)
        if not self.loader.check_event(yaml.StreamEndEvent):
            line = self.loader.peek_event().start_mark.line + 1
            raise _ReadFault(line, "A second document begins here; a file is one list.")
        return root

    def _take(self, kind: type) -> Any:
        event = self.loader.get_event()
        if not isinstance(event, kind):
            raise _ReadFault(event.start_mark.line + 1, "This is not a list of entries.")
        return event

    def _node(self) -> Node:
        event = self.loader.get_event()
        place = Place(self.name, event.start_mark.line + 1)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _ReadFault(place.line, "Write it out: anchors (&) and aliases (*) are not read.")
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(place, self._sequence())
        if isinstance(event, yaml.MappingStartEvent):
            return Node(place, self._mapping())
        return Node(place, self._scalar(event, place.line))

    def _sequence(self) -> tuple[Node, ...]:
        items = []
        while not self.loader.check_event(yaml.SequenceEndEvent):
            items.append(self._node())
        self.loader.get_event()
        return tuple(items)

    def _mapping(self) -> dict[str, Node]:
        pairs: dict[str, Node] = {}
        while not self.loader.check_event(yaml.MappingEndEvent):
            key = self._node()
            if not isinstance(key.value, str):
                raise _ReadFault(key.place.line, "A key is a word.")
            if key.value in pairs:
                raise _ReadFault(key.place.line, f"{key.value} stands here twice.")
            value = self._node()
            # A folded text begins on the line after its key; the key is what people look for.
            pairs[key.value] = Node(key.place, value.value)
        self.loader.get_event()
        return pairs

    def _scalar(self, event: Any, line: int) -> Any:
        tag = event.tag or self.loader.resolve(yaml.ScalarNode, event.value, event.implicit)
        if tag == TEXT_TAG:
            text = event.value.strip()
            if fault := odd_character(text):
                raise _ReadFault(line, fault)
            return text
        try:
            node = yaml.ScalarNode(tag, event.value, event.start_mark, event.end_mark)
            value = self.loader.construct_object(node)
        except ValueError as error:
            message = f"“{event.value}” is read as a date or number and is none: quote it."
            raise _ReadFault(line, message) from error
        if isinstance(value, float) and not math.isfinite(value):
            raise _ReadFault(line, f"“{event.value}” is not a number.")
        return value
