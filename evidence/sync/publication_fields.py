"""The fields of a publication that the literature owns, each as one text: read, written, compared.

"" is "not given", which never takes away what stands here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from evidence.models import Publication
from evidence.registries.records import PublicationRecord
from evidence.sync.comparing import LEAVE, NOTHING, Decision, Meeting, decide
from evidence.vocab import Source

OWNED = (
    *("title", "authors", "container", "year", "volume", "first_page"),
    *("pmid", "doi", "pmcid"),
)
NUMBERS = frozenset({"pmid", "doi", "pmcid"})
STANDING = "standing"
SOURCES = (Source.PUBMED, Source.CROSSREF, Source.RIS)
"""Best first: where two have a record of one publication, the better one has its fields."""

CUT = frozenset({"title", "container"})
CUT_MARK = "…"
MOST_COMPARED = 500
"""So many characters of two titles are compared: longer ones are cut where they are kept."""


def values_of(record: PublicationRecord) -> dict[str, str]:
    """Return what a record says of each field, as text that its column holds."""
    said = {name: getattr(record, name) for name in OWNED}
    said["authors"] = "\n".join(record.authors)
    return {name: _fitting(name, "" if it is None else str(it)) for name, it in said.items()}


def _fitting(name: str, text: str) -> str:
    """Return a text that its column holds: half a number or volume would be another one."""
    column: Any = Publication._meta.get_field(name)
    most: int | None = column.max_length
    if most is None or len(text) <= most:
        return text
    return text[: most - 1].rstrip() + CUT_MARK if name in CUT else ""


def text_of(publication: Publication, name: str) -> str:
    """Return what stands here."""
    value = getattr(publication, name)
    return "" if value is None else str(value)


def put(publication: Publication, name: str, text: str) -> None:
    """Write a text where it belongs, without saving."""
    column: Any = Publication._meta.get_field(name)
    setattr(publication, name, None if column.null and not text else column.to_python(text))


def compare(
    name: str,
    *,
    ours: str,
    last: str | None,
    new: str,
    source: str,
    others: Collection[str],
    by_a_person: bool,
    seen: bool,
) -> tuple[Meeting, Decision]:
    """Return what becomes of a field, given which other sources have a record of it too.

    Only PubMed prints as the site does: of others, what stands here already is left on meeting;
    and nobody is told of what a citation file, which anybody may have made, has otherwise. What a
    person emptied, which is `by_a_person` too, is not filled, and no number that readers see is
    replaced.
    """
    same = ours if _same(name, ours, new, loosely=last is None and by_a_person) else new
    met = Meeting(ours=ours, last=last, new=same, by_a_person=by_a_person, seen=seen)
    if not new:
        return met, NOTHING
    rank = SOURCES.index(Source(source))
    outranked = any(SOURCES.index(Source(other)) < rank for other in others)
    fills_only = outranked or (last is None and source != Source.PUBMED)
    if source == Source.RIS and ours != last:
        fills_only = True
    if fills_only and ours and same != ours:
        return met, NOTHING
    emptied = by_a_person and not ours
    if emptied or (name in NUMBERS and seen and ours and same != ours):
        return met, NOTHING if new == last else LEAVE
    return met, decide(met)


def _same(name: str, ours: str, new: str, *, loosely: bool) -> bool:
    """Say whether two texts are one: a DOI is the same in any case; a title is, on meeting."""
    if name == "doi":
        return ours.lower() == new.lower()
    return loosely and name in CUT and _letters(ours) == _letters(new)


def is_same_title(one: str, other: str) -> bool:
    """Say whether two titles are one but for capitals, accents and punctuation."""
    return _letters(one[:MOST_COMPARED]) == _letters(other[:MOST_COMPARED])


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", text).casefold()))


def said_before(values: Mapping[str, Any], name: str) -> str | None:
    """Return what a record said of a field when it was last read; None where it never was."""
    said = values.get(name)
    return said if isinstance(said, str) else None
