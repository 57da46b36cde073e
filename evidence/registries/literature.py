"""Payloads of the literature to records, whichever source they are of."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from evidence.registries import crossref, pubmed, ris
from evidence.registries.records import PublicationRecord, Unreadable
from evidence.vocab import Source

READER = 1
"""Another one whenever the same payload is read to something else."""

READ: Mapping[str, Callable[[Mapping[str, object]], PublicationRecord]] = {
    Source.PUBMED: pubmed.read,
    Source.CROSSREF: crossref.read,
    Source.RIS: ris.read,
}


def read(source: str, data: Mapping[str, object]) -> PublicationRecord:
    """Return the publication that a payload holds; Unreadable where it holds none."""
    if source not in READ:
        raise Unreadable("It is not a source of literature.")
    return READ[source](data)
