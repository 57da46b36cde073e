"""What only shows when all files are read: doubles, names of nothing, loops, leaks to readers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evidence.starter.entries import Entry, Link
from evidence.starter.faults import Faults, Place
from evidence.starter.schema import ASSESSMENT, TOPIC, Kind

# Values by which a loaded entry is found again: two entries with the same one are one thing.
IDENTIFIERS = {"publication": ("pmid", "doi", "pmcid"), "identifier": ("value",)}


class Book:
    """All entries of a starter folder, to be found by kind and name."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self._by_name: dict[tuple[Kind, tuple[str, ...]], Entry] = {}
        for entry in self.all():
            self._by_name.setdefault((entry.kind, entry.names), entry)

    def all(self) -> Iterator[Entry]:
        """Yield every entry, those that stand inside others too."""
        for entry in self.entries:
            yield from entry.with_all_inside()

    def of(self, kind: Kind) -> tuple[Entry, ...]:
        """Return the entries of a kind that stand in its own files."""
        return tuple(entry for entry in self.entries if entry.kind is kind)

    def find(self, kind: Kind, name: str) -> Entry | None:
        """Return the entry of a kind by its name."""
        return self._by_name.get((kind, (name,)))


def look_at_all(book: Book, faults: Faults) -> None:
    """Note every fault that lies between entries."""
    _doubles(book, faults)
    _names_of_nothing(book, faults)
    _loops(book, faults)
    for topic in book.of(TOPIC):
        _topic(topic, faults)


def _doubles(book: Book, faults: Faults) -> None:
    seen: dict[tuple[object, ...], tuple[str, Place]] = {}
    for entry in book.all():
        for mark, words, place in _marks(entry):
            if mark not in seen:
                seen[mark] = (str(entry), place)
                continue
            first, there = seen[mark]
            faults.add(place, f"{words} stands twice: see {first} at {there.file}:{there.line}.")


def _marks(entry: Entry) -> Iterator[tuple[tuple[object, ...], str, Place]]:
    """Yield what must not occur twice, in words and with its place."""
    if entry.kind.is_judgement:
        yield ("record", entry.key), f"The key {entry.key}", entry.place_of("key")
    elif entry.kind.files:
        yield (entry.kind, entry.names), f"The {entry}", entry.place_of(*entry.kind.named)
    for name in IDENTIFIERS.get(entry.kind.name, ()):
        if value := entry.values.get(name):
            same = str(value).lower()
            yield (entry.kind, name, same), f"{name} {value}", entry.place_of(name)


def _names_of_nothing(book: Book, faults: Faults) -> None:
    for entry in book.all():
        for link in entry.all_links():
            if book.find(link.kind, link.name) is None:
                faults.add(link.place, f"There is no {link.kind.name} “{link.name}”.")


def _loops(book: Book, faults: Faults) -> None:
    for entry in book.entries:
        above = [entry.names]
        step = parent_of(entry)
        while step is not None:
            if (step.name,) in above:
                if step.name == entry.key:
                    faults.add(entry.place_of("parent"), f"“{entry.key}” stands under itself.")
                break
            above.append((step.name,))
            wider = book.find(step.kind, step.name)
            step = parent_of(wider) if wider else None


def parent_of(entry: Entry) -> Link | None:
    """Return the wider term that an entry names."""
    return entry.links.get("parent")


def _topic(topic: Entry, faults: Faults) -> None:
    """Refuse results that readers would see below a topic that they do not."""
    assessments = topic.inside.get("assessment", ())
    if not assessments and "assessment" not in topic.places:
        faults.add(topic.place, "This topic lacks its assessment.")
    if any(assessment.is_published for assessment in assessments):
        return
    for children in topic.inside.values():
        for child in children:
            if child.is_published and child.kind is not ASSESSMENT:
                faults.add(
                    child.place_of("key"),
                    f"The {child} is published, and the assessment of its topic is not.",
                )
