"""Promises that nobody's contact data come in with a study."""

from __future__ import annotations

import json

import pytest

from evidence.registries import ctgov
from evidence.registries.ctgov_contacts import LOCATION, REPLACEMENT, SECTIONS
from tests.registries.studies import real_studies, study

PEOPLE = ("Contactperson", "Official", "Pointofcontact", "555-01", "@", "Professor")
MODULES = ("contactsLocationsModule", "sponsorCollaboratorsModule")


def kept(made):
    return json.dumps(ctgov.payload(made).data, ensure_ascii=False)


def test_no_contact_of_a_study_is_kept():
    made = study()
    text = kept(made)
    assert not [word for word in PEOPLE if word in text]
    assert "Lyon" in text
    assert "University of Somewhere" in text


def test_people_in_parts_that_are_not_known_are_not_kept():
    made = study()
    made["someSection"] = {"name": "Ada Contactperson"}
    module = made["protocolSection"]["contactsLocationsModule"]
    module["locations_nested"] = [{"contacts": [{"name": "Ada Contactperson"}]}]
    module["locations"][1]["investigators"] = ["Bert Official"]
    text = kept(made)
    assert not [word for word in PEOPLE if word in text]


@pytest.mark.parametrize("wrong", [None, [], ["Ada Contactperson"], "Ada Contactperson", 7, {}])
def test_people_in_parts_of_another_type_are_not_kept(wrong):
    made = study(**dict.fromkeys(MODULES, wrong))
    made["resultsSection"]["moreInfoModule"] = wrong
    made["annotationSection"] = wrong
    text = kept(made)
    assert "Contactperson" not in text
    assert "Dora" not in text


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Write to ada.b+c@some-where.example.", f"Write to {REPLACEMENT}."),
        ("ada@a.example, bert@b.example", f"{REPLACEMENT}, {REPLACEMENT}"),
        ("ada @ somewhere.example", REPLACEMENT),
        ("jürgen@größe.example", REPLACEMENT),
        ("see @@@@@@Identified data", "see @@@@@@Identified data"),
        ("dose @ 9 MIU", "dose @ 9 MIU"),
        (f"{'x' * 100}@somewhere.example", REPLACEMENT),
        ("a@b@c.example", f"a@{REPLACEMENT}"),
        ("ada@localhost", "ada@localhost"),
    ],
)
def test_an_address_in_a_text_is_replaced_and_nothing_else(written, plain):
    made = study(descriptionModule={"briefSummary": written, "new": [{"deep": written}]})
    module = ctgov.payload(made).data["protocolSection"]["descriptionModule"]
    assert module == {"briefSummary": plain, "new": [{"deep": plain}]}


def test_an_address_is_found_beside_texts_of_any_length():
    for length in range(300):
        made = study(descriptionModule={"a": "x" * length, "briefSummary": "a@b.example"})
        assert "@b" not in kept(made)


def test_a_long_text_of_one_word_is_searched_in_no_time():
    made = study(descriptionModule={"briefSummary": "x" * 1_500_000 + " a@b.example"})
    assert kept(made).count(REPLACEMENT) == 1


def people_of(found):
    """Give what tells who the contacts of a study are."""
    protocol = found["protocolSection"]
    places = protocol.get("contactsLocationsModule", {})
    contacts = [*places.get("centralContacts", []), *places.get("overallOfficials", [])]
    for key in ("locations", "locations_nested"):
        contacts += [each for place in places.get(key, []) for each in place.get("contacts", [])]
    contacts.append(found.get("resultsSection", {}).get("moreInfoModule", {}).get("pointOfContact"))
    party = protocol.get("sponsorCollaboratorsModule", {}).get("responsibleParty", {})
    contacts.append({"name": party.get("investigatorFullName")})
    for contact in contacts:
        for key in ("name", "email", "phone", "title"):
            if said := (contact or {}).get(key):
                yield said


def keys_of(found):
    """Give every key of a tree."""
    if isinstance(found, dict):
        for key, value in found.items():
            yield key
            yield from keys_of(value)
    elif isinstance(found, list):
        for each in found:
            yield from keys_of(each)


def test_no_contact_of_a_real_study_is_kept(registry_folder):
    seen = 0
    for where, found in real_studies(registry_folder):
        data = ctgov.payload(found).data
        protocol = data["protocolSection"]
        assert not {*keys_of(data)} & {
            *("contacts", "centralContacts", "overallOfficials", "pointOfContact", "email"),
            *("phone", "phoneExt", "investigatorFullName", "oldNameTitle", "locations_nested"),
        }, where
        assert data.keys() <= set(SECTIONS)
        places = protocol.get("contactsLocationsModule", {}).get("locations", [])
        assert all(place.keys() <= LOCATION for place in places), where
        # Citations name authors and sponsors may be people; both stand there as what they are.
        text = json.dumps(
            {
                key: module
                for key, module in protocol.items()
                if key not in {"referencesModule", "sponsorCollaboratorsModule"}
            },
            ensure_ascii=False,
        )
        for said in people_of(found):
            seen += 1
            number = len(said) > 7 and any(sign.isdigit() for sign in said)
            if number or "@" in said or ", M" in said or " PhD" in said:
                assert said not in text, where
    assert seen > 1000
