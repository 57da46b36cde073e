"""What notices make of a publication: corrected, under concern, retracted, and in which words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from evidence.registries.records import PublicationRecord, StandingNotice
from evidence.sync.comparing import AGREES, LEAVE, NOTHING, PUT, PUT_AND_TELL, Decision
from evidence.vocab import Source, Standing

ORDER = (Standing.CURRENT, Standing.CORRECTED, Standing.CONCERN, Standing.RETRACTED)
"""Each weighs more than those before it."""

SAID: Mapping[str, str] = {
    Standing.CORRECTED: "Corrected",
    Standing.CONCERN: "Under an expression of concern",
    Standing.RETRACTED: "Retracted",
}
OURS = re.compile(
    rf"(?:{'|'.join(SAID.values())}), as (?:{'|'.join(map(str, Source.labels))}) says"
    r"(?: \([^()]*\))?\."
)


def weight(standing: str) -> int:
    """Return how much a standing weighs."""
    return ORDER.index(Standing(standing))


def standing_of(record: PublicationRecord) -> str:
    """Return the standing that a record's notices make together."""
    return _heaviest(notice.standing for notice in record.notices)


def _heaviest(standings: Iterable[str]) -> str:
    return max((Standing.CURRENT.value, *map(str, standings)), key=weight)


def note_of(record: PublicationRecord) -> str:
    """Say in our words what a record tells, and by which notice; empty where it is current."""
    standing = standing_of(record)
    telling = [one for one in record.notices if one.standing == standing]
    if not telling:
        return ""
    notice = max(telling, key=lambda one: (one.pmid is not None, one.doi is not None))
    where = f" ({found})" if (found := _where(notice)) else ""
    return f"{SAID[standing]}, as {Source(record.source).label} says{where}."


def _where(notice: StandingNotice) -> str:
    number = f"PMID {notice.pmid}" if notice.pmid else notice.doi and f"DOI {_plain(notice.doi)}"
    told = f"notice {number}" if number else ""
    return ", ".join(part for part in (told, notice.date) if part)


def _plain(doi: str) -> str:
    """Return a DOI whose brackets do not end ours."""
    return doi.replace("(", "%28").replace(")", "%29")


def is_ours(note: str) -> bool:
    """Say whether a note is empty or of our words, so that newer ones may stand in its place."""
    return not note or OURS.fullmatch(note) is not None


def decide(
    *, ours: str, last: str | None, new: str, others: Iterable[str], by_a_person: bool, seen: bool
) -> Decision:
    """Return what becomes of a standing: raised by itself, and never lowered but by a person.

    `others` are what the other records of the publication say; where one of them agrees with
    ours, that this one takes back its notice lowers nothing.
    """
    if new == ours:
        return AGREES
    if new == last:
        return NOTHING
    if weight(new) > weight(ours):
        if by_a_person:
            return LEAVE
        return PUT_AND_TELL if seen else PUT
    taken_back = last is not None and weight(new) < weight(last) and weight(last) >= weight(ours)
    if taken_back and weight(_heaviest(others)) < weight(ours):
        return LEAVE
    return NOTHING
