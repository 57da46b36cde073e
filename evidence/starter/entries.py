"""What a checked entry is, on its way from the file to the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from evidence import vocab
from evidence.starter.faults import Place
from evidence.starter.schema import Kind


@dataclass(frozen=True)
class Link:
    """That an entry names another one."""

    kind: Kind
    name: str
    place: Place


@dataclass(frozen=True)
class Entry:
    """One entry: its plain values by model field, its links, and what stands inside it."""

    kind: Kind
    place: Place
    names: tuple[str, ...]
    values: dict[str, Any] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    many: dict[str, tuple[Link, ...]] = field(default_factory=dict)
    inside: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    state: str = vocab.State.PUBLISHED

    @property
    def key(self) -> str:
        """The name by which other entries and records know it."""
        return self.names[0]

    @property
    def is_published(self) -> bool:
        """Whether it is meant for readers; a draft is not."""
        return self.state == vocab.State.PUBLISHED

    def __str__(self) -> str:
        return f"{self.kind.name} {', '.join(self.names)}".strip()

    def place_of(self, *keys: str) -> Place:
        """Return where the uppermost of these keys stands, or else the entry itself."""
        return min((self.places[key] for key in keys if key in self.places), default=self.place)

    def with_all_inside(self) -> Iterator[Entry]:
        """Yield the entry and every entry in it."""
        yield self
        for children in self.inside.values():
            for child in children:
                yield from child.with_all_inside()

    def all_links(self) -> Iterator[Link]:
        """Yield every link of the entry itself."""
        yield from self.links.values()
        for links in self.many.values():
            yield from links
