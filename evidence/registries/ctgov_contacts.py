"""A study of ClinicalTrials.gov without the contact data of people."""

from __future__ import annotations

import marshal
import re
from collections.abc import Mapping

from evidence.registries.records import Unreadable

# What is kept: anything else that a program has added may hold anybody's name.
SECTIONS = (
    "protocolSection",
    "resultsSection",
    "annotationSection",
    "documentSection",
    "derivedSection",
    "hasResults",
)
LOCATION = frozenset(
    {"facility", "status", "city", "state", "zip", "country", "countryCode", "geoPoint"}
)
# The party that has not posted its results may be a person.
NOT_POSTED = (
    "annotationSection",
    "annotationModule",
    "unpostedAnnotation",
    "unpostedResponsibleParty",
)
REPLACEMENT = "[e-mail address]"

# Possessive and only from the beginning of a word, so that a long one is read once.
_ADDRESS = re.compile(r"(?<![\w.+%'-])[\w.+%'-]++\s?@\s?[\w-]++(?:\.[\w-]++)+")
_SIGN_OF_ADDRESS = re.compile(rb"@\s?[A-Za-z0-9\x80-\xff_-]+\.[A-Za-z0-9\x80-\xff_-]")


def without_people(study: Mapping[str, object]) -> dict[str, object]:
    """Give a study's known sections without contacts, officials, investigators and e-mail.

    The study itself stays as it is; what needs no change is shared with it.
    """
    kept: dict[str, object] = {"protocolSection": _protocol(_copy(study.get("protocolSection")))}
    for section in SECTIONS[1:]:
        if section in study:
            kept[section] = study[section]
    _drop(kept, "resultsSection", "moreInfoModule", "pointOfContact")
    _drop(kept, *NOT_POSTED)
    _drop(kept, "derivedSection", "miscInfoModule", "versionHolder")
    return without_addresses(kept)


def _copy(value: object) -> dict[str, object]:
    """Give an object of one's own; empty for anything else."""
    return dict(value) if isinstance(value, dict) else {}


def _drop(kept: dict[str, object], *path: str) -> None:
    """Leave one key out, copying the objects above it; an object of another type goes whole."""
    *above, last = path
    for key in above:
        if key not in kept:
            return
        if not isinstance(kept[key], dict):
            del kept[key]
            return
        kept[key] = kept = _copy(kept[key])
    kept.pop(last, None)


def _protocol(protocol: dict[str, object]) -> dict[str, object]:
    """Leave people out of the protocol's section, which is a copy."""
    if "contactsLocationsModule" in protocol:
        contacts = _copy(protocol["contactsLocationsModule"])
        locations = contacts.get("locations")
        if isinstance(locations, list):
            protocol["contactsLocationsModule"] = {
                "locations": [
                    place if place.keys() <= LOCATION else _place(place)
                    for place in locations
                    if isinstance(place, dict)
                ]
            }
        else:
            del protocol["contactsLocationsModule"]
    if "sponsorCollaboratorsModule" in protocol:
        sponsors = _copy(protocol["sponsorCollaboratorsModule"])
        if "responsibleParty" in sponsors:
            kind = _copy(sponsors["responsibleParty"]).get("type")
            sponsors["responsibleParty"] = {"type": kind} if isinstance(kind, str) else {}
        protocol["sponsorCollaboratorsModule"] = sponsors
    return protocol


def _place(location: Mapping[str, object]) -> dict[str, object]:
    """Give a site with what is said of the place alone."""
    return {key: value for key, value in location.items() if key in LOCATION}


def without_addresses(data: dict[str, object]) -> dict[str, object]:
    """Give plain JSON with e-mail addresses in its texts replaced; itself where it has none."""
    try:
        # One pass in C through all texts, many times faster than a walk. Lengths and numbers
        # among its bytes may look like a sign of an address too; that costs a walk, no more.
        if not _SIGN_OF_ADDRESS.search(marshal.dumps(data)):
            return data
    except ValueError:
        pass  # nested deeply, or not of plain types: the walk below knows what to do
    try:
        return _copy(_replaced(data))
    except RecursionError:
        raise Unreadable("This is nested too deeply.") from None


def _replaced(value: object) -> object:
    """Replace the addresses in every text of a tree."""
    if isinstance(value, str):
        return _ADDRESS.sub(REPLACEMENT, value) if "@" in value else value
    if isinstance(value, dict):
        return {_ADDRESS.sub(REPLACEMENT, key): _replaced(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(each) for each in value]
    return value
