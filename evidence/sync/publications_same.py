"""Whether a record that came in is of the publication that its numbers lead to."""

from __future__ import annotations

from typing import Any

from evidence.models import Publication, RegistryRecord
from evidence.registries.records import PublicationRecord, Unreadable
from evidence.sync.publication_fields import is_same_title
from evidence.vocab import Source

NUMBERS = (("pmid", "PMID"), ("doi", "DOI"), ("pmcid", "PMCID"))
ANOTHER_NUMBER = (
    "It gives the {shared} of {code}, which has {label} {ours}, not {theirs}: shared {shared}s "
    "occur, and wrong ones; look at both."
)
ANOTHER_TITLE = (
    "Another text, “{title}”, has the same journal, year and first page and no number either: give "
    "this one a PMID, a DOI or a PMCID."
)


def numbers_of(row: PublicationRecord | Publication) -> dict[str, str]:
    """Return the numbers that name a publication, by field; DOIs in small letters."""
    told = {"pmid": str(row.pmid or ""), "doi": (row.doi or "").lower(), "pmcid": row.pmcid or ""}
    return {name: number for name, number in told.items() if number}


def refuse_another_number(
    record: PublicationRecord, publication: Publication, row: RegistryRecord | None
) -> None:
    """Raise Unreadable where one number of a record is a publication's and another one is not.

    A record that was read for it before is of it, whatever it says now, but for one of a citation
    file: anybody may have made the next.
    """
    held = row if row is not None and row.publication_id and row.reader else None
    if held is not None and held.source != Source.RIS:
        return
    said_before: dict[str, Any] = held.values if held is not None else {}
    ours, theirs = numbers_of(publication), numbers_of(record)
    shared = [label for name, label in NUMBERS if name in ours and ours[name] == theirs.get(name)]
    for name, label in NUMBERS:
        if name not in ours or theirs.get(name, ours[name]) == ours[name]:
            continue
        if str(said_before.get(name, "")).lower() == theirs[name].lower():
            continue  # a person has joined the two
        raise Unreadable(
            ANOTHER_NUMBER.format(
                shared=shared[0] if shared else "record",
                code=publication.code,
                label=label,
                ours=getattr(publication, name),
                theirs=getattr(record, name),
            )
        )


def refuse_another_title(
    record: PublicationRecord, publication: Publication | None, row: RegistryRecord | None
) -> None:
    """Raise Unreadable where a record without numbers is found by its page and titled otherwise."""
    if row is None or not row.title or numbers_of(record):
        return
    titles = [row.title, *([publication.title] if publication else [])]
    if not any(is_same_title(title, record.title) for title in titles):
        raise Unreadable(ANOTHER_TITLE.format(title=row.title))
