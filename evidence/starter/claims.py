"""The statements of the two source pages, and which entries hold each of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from evidence.starter.consistency import Book
from evidence.starter.faults import Faults, Place
from evidence.starter.reading import Node, read_file
from evidence.starter.schema import ASSESSMENT, FINDING, KINDS

FILES = "claims*.yaml"
KEYS = ("id", "claim", "held_by")
PAGE = "page"
PAGE_SHAPE = re.compile(r"/(?:[a-z0-9-]+/)*")
HOLDERS = {
    kind.name.replace(" ", "-"): kind
    for kind in (*KINDS, ASSESSMENT, FINDING)
    if len(kind.named) == 1
}


@dataclass(frozen=True)
class Reference:
    """What holds a claim: the kind's name and the entry's, or `page` and a path."""

    kind: str
    name: str
    place: Place


@dataclass(frozen=True)
class Claim:
    """One statement of a source page, in short, and what holds it."""

    id: str
    claim: str
    held_by: tuple[Reference, ...]
    place: Place


def read_claims(folder: Path, faults: Faults) -> tuple[Claim, ...]:
    """Return the claims of a starter folder; what is wrong with them goes to `faults`."""
    found = [
        _claim(node, faults)
        for path in sorted(folder.glob(FILES))
        for node in read_file(path, path.name, faults)
    ]
    return tuple(claim for claim in found if claim)


def look_at_claims(claims: tuple[Claim, ...], book: Book, faults: Faults) -> None:
    """Note doubles, references to nothing, and claims that nothing public holds."""
    seen: set[str] = set()
    for claim in claims:
        if claim.id in seen:
            faults.add(claim.place, f"The claim {claim.id} stands twice.")
        seen.add(claim.id)
        # Every reference is looked at, so that each fault is told.
        public = [_is_public(reference, book, faults) for reference in claim.held_by]
        if not any(public):
            faults.add(claim.place, f"Nothing that readers see holds the claim {claim.id}.")


def _claim(node: Node, faults: Faults) -> Claim | None:
    if not isinstance(node.value, dict) or set(node.value) != set(KEYS):
        faults.add(node.place, f"A claim has just these keys: {', '.join(KEYS)}.")
        return None
    number, words = node.value["id"].value, node.value["claim"].value
    if not isinstance(number, str) or not isinstance(words, str) or not number or not words:
        faults.add(node.place, "The id and the words of a claim are texts.")
        return None
    held_by = node.value["held_by"]
    if not isinstance(held_by.value, tuple):
        faults.add(held_by.place, "held_by: This is to be a list.")
        return None
    references = [_reference(item, faults) for item in held_by.value]
    return Claim(number, words, tuple(one for one in references if one), node.place)


def _reference(node: Node, faults: Faults) -> Reference | None:
    kind, colon, name = node.value.partition(":") if isinstance(node.value, str) else ("", "", "")
    if not colon or not name or (kind != PAGE and kind not in HOLDERS):
        known = ", ".join([*HOLDERS, PAGE])
        faults.add(node.place, f"A reference is written kind:name; the kinds are: {known}.")
        return None
    return Reference(kind, name, node.place)


def _is_public(reference: Reference, book: Book, faults: Faults) -> bool:
    if reference.kind == PAGE:
        if not PAGE_SHAPE.fullmatch(reference.name):
            faults.add(reference.place, f"“{reference.name}” is not a path such as /about/.")
        return True
    entry = book.find(HOLDERS[reference.kind], reference.name)
    if entry is None:
        faults.add(reference.place, f"There is no {reference.kind} “{reference.name}”.")
        return False
    return entry.is_published
