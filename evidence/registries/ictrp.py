"""Trials in the XML file that the WHO's ICTRP search portal exports."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import BinaryIO, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from evidence import vocab
from evidence.registries import unread
from evidence.registries.ctgov_contacts import without_addresses
from evidence.registries.ictrp_words import (
    NO_PHASE,
    NO_STATUS,
    STATUSES,
    age,
    design,
    groups,
    listed,
    phases,
    plain,
    size,
    things,
)
from evidence.registries.ids import identifier
from evidence.registries.records import (
    Fault,
    GivenThing,
    Identifier,
    Payload,
    StudyArm,
    StudyOutcome,
    TrialRecord,
    Unreadable,
)
from evidence.registries.texts import ages, line, partial_date

SOURCE = vocab.Source.ICTRP.value
ROOT = "Trials_downloaded_from_ICTRP"
TRIAL = "Trial"
# What is kept of a trial; contacts are not, nor the day of the export, which moves by itself.
FIELDS: Final = frozenset(
    """
    TrialID SecondaryIDs Last_Refreshed_on Public_title Scientific_title Acronym Primary_sponsor
    Secondary_Sponsor Date_registration Date_registration3 Source_Register web_address
    Recruitment_Status other_records Inclusion_agemin Inclusion_agemax Inclusion_gender
    Date_enrollement Target_size Study_type Study_design Phase Countries Inclusion_Criteria
    Exclusion_Criteria Condition Intervention Primary_outcome Secondary_outcome results_url_link
    results_date_posted results_date_completed Retrospective_flag
    """.split()
)

NO_WORDS: frozenset[str] = frozenset()
UNREAD: Final = (
    ("recruitment_status", "status", "Recruitment_Status", NO_STATUS),
    ("enrolment", "enrolment", "Target_size", NO_WORDS),
    ("start", "start", "Date_enrollement", NO_WORDS),
    ("completion", "completion", "results_date_completed", NO_WORDS),
    ("results_posted", "results_posted", "results_date_posted", NO_WORDS),
    ("min_age_days", "min_age_days", "Inclusion_agemin", NO_WORDS),
    ("max_age_days", "max_age_days", "Inclusion_agemax", NO_WORDS),
    ("phases", "phases", "Phase", NO_PHASE),
)
"""Fields of a trial, what has them in its record, their tags, and words for none of ours."""


def payloads(xml: bytes | BinaryIO) -> Iterator[Payload | Fault]:
    """Give each trial of the file as it is read; a fault stands for one that is none.

    Raises Unreadable, at once or at the place that is broken, for what is no ICTRP export.
    """
    stream = io.BytesIO(xml) if isinstance(xml, bytes) else xml
    root: Element | None = None
    count = 0
    try:
        for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
            if root is None:
                root = element
                if root.tag != ROOT:
                    raise Unreadable("This is no XML export of the WHO's ICTRP.")
            elif event == "end" and element.tag == TRIAL:
                count += 1
                yield _one(element, count)
                # What was read is let go, so that memory does not grow with the file.
                root.clear()
    except DefusedXmlException:
        raise Unreadable(
            "This XML declares entities or a document type, and is not read."
        ) from None
    except (ParseError, ValueError, LookupError) as fault:
        if isinstance(fault, Unreadable):
            raise
        raise Unreadable(f"This XML breaks off or is malformed ({fault}).") from None


def _one(element: Element, count: int) -> Payload | Fault:
    """Make the payload of one trial."""
    data: dict[str, object] = {
        field.tag: field.text.strip()
        for field in element
        if field.tag in FIELDS and field.text and field.text.strip()
    }
    given = line(data.get("TrialID"))
    try:
        known = _name(data)[0]
        data = without_addresses(data)
    except Unreadable as fault:
        return Fault(about=given or f"trial {count} of the file", sentence=str(fault))
    seen = partial_date(data.pop("Last_Refreshed_on", None))
    return Payload(source=SOURCE, value=known.value, data=data, data_date=seen)


def _name(data: Mapping[str, object]) -> tuple[Identifier, str]:
    """Give a trial's number and title."""
    given = line(data.get("TrialID"))
    if given is None:
        raise Unreadable("This trial has no number (TrialID).")
    title = plain(data.get("Public_title")) or plain(data.get("Scientific_title"))
    if title is None:
        raise Unreadable(f"{given[:60]} has no title.")
    known = identifier(given)
    if known is None and len(given) > 60:
        raise Unreadable(f"“{given[:60]}…” is too long for the number of a trial.")
    return known or Identifier(registry=vocab.Registry.OTHER.value, value=given), " ".join(
        title.split()
    )


def read(data: Mapping[str, object]) -> TrialRecord:
    """Read one trial; raises Unreadable where it has no number or no title."""
    known, title = _name(data)
    youngest, oldest = ages(age(data.get("Inclusion_agemin")), age(data.get("Inclusion_agemax")))
    people = size(data.get("Target_size"))
    posted = partial_date(data.get("results_date_posted"))
    arms, given = _given(data, known)
    record = TrialRecord(
        source=SOURCE,
        id=known,
        title=title,
        other_ids=_other_ids(data, known),
        official_title=line(plain(data.get("Scientific_title"))),
        acronym=line(data.get("Acronym")),
        status=STATUSES.get((line(data.get("Recruitment_Status")) or "").lower()),
        phases=phases(data.get("Phase")),
        design=design(data.get("Study_type"), data.get("Study_design")),
        enrolment=people,
        enrolment_type=vocab.EnrolmentType.ESTIMATED.value if people is not None else None,
        start=partial_date(data.get("Date_enrollement")),
        completion=partial_date(data.get("results_date_completed")),
        min_age_days=youngest,
        max_age_days=oldest,
        sponsor=line(data.get("Primary_sponsor")),
        countries=listed(data.get("Countries")),
        conditions=listed(data.get("Condition")),
        interventions=given,
        arms=arms,
        primary_outcomes=tuple(
            StudyOutcome(measure=measure) for measure in listed(data.get("Primary_outcome"))
        ),
        results_posted=posted,
        has_results=posted is not None,
    )
    odd = tuple(_unread(data, record))
    return replace(record, unread=odd) if odd else record


def _unread(data: Mapping[str, object], record: TrialRecord) -> Iterator[tuple[str, str]]:
    """Give the fields that the portal gives but that are not understood, with its words."""
    for field, name, key, known in UNREAD:
        if getattr(record, name) is None:
            found = unread.given(data.get(key))
            is_known = isinstance(found, str) and found.lower() in known
            if found is not None and not is_known and not unread.is_zero(found):
                yield field, unread.words(found)


def _given(
    data: Mapping[str, object], known: Identifier
) -> tuple[tuple[StudyArm, ...], tuple[GivenThing, ...]]:
    """Read arms and interventions, which each register behind the portal writes in its way."""
    written = data.get("Intervention")
    arms = groups(written) if known.registry == vocab.Registry.CHICTR else ()
    if arms:
        names = dict.fromkeys(name for arm in arms for name in arm.given)
        return arms, tuple(GivenThing(kind=None, name=name) for name in names)
    return (), tuple(things(written))


def _other_ids(data: Mapping[str, object], known: Identifier) -> tuple[Identifier, ...]:
    """Read the numbers of other registers, by how they are written."""
    found = (identifier(part) for part in listed(data.get("SecondaryIDs")))
    return tuple(dict.fromkeys(each for each in found if each and each != known))
