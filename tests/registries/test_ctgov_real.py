"""Promises that real studies are read as they stand in their JSON."""

from __future__ import annotations

import json

import pytest

from evidence.registries import ctgov
from evidence.registries.records import Unreadable
from evidence.registries.texts import age_days
from tests.registries.studies import real_studies


def flat(value):
    return " ".join(value.split()) if value else None


def dug(data, *path):
    for key in path:
        data = (data or {}).get(key)
    return data


def test_every_real_study_is_read_as_it_stands(registry_folder):
    count = 0
    for where, found in real_studies(registry_folder):
        record = ctgov.read(ctgov.payload(found).data)
        protocol = found["protocolSection"]
        named, status = protocol["identificationModule"], protocol.get("statusModule")
        people = dug(protocol, "designModule", "enrollmentInfo")
        assert record.id.value == named["nctId"], where
        assert record.unread == (), where
        assert record.title == flat(named["briefTitle"]), where
        assert record.official_title == flat(named.get("officialTitle")), where
        assert record.acronym == flat(named.get("acronym")), where
        assert [*record.aliases] == named.get("nctIdAliases", []), where
        assert record.status == dug(status, "overallStatus"), where
        assert record.last_known_status == dug(status, "lastKnownStatus"), where
        assert (record.why_stopped is None) == (dug(status, "whyStopped") is None), where
        phases = dug(protocol, "designModule", "phases")
        assert record.phases == (tuple(phases) if phases else None), where
        assert record.enrolment == dug(people, "count"), where
        kind = dug(people, "type") if record.enrolment is not None else None
        assert record.enrolment_type == (kind.lower() if kind else None), where
        for ours, theirs in (
            (record.start, "startDateStruct"),
            (record.primary_completion, "primaryCompletionDateStruct"),
            (record.completion, "completionDateStruct"),
            (record.results_posted, "resultsFirstPostDateStruct"),
            (record.updated, "lastUpdatePostDateStruct"),
        ):
            assert ours == dug(status, theirs, "date"), where
        sponsor = dug(protocol, "sponsorCollaboratorsModule", "leadSponsor", "name")
        assert record.sponsor == flat(sponsor), where
        assert record.has_results == bool(found.get("hasResults")), where
        count += 1
    assert count == 464


def test_arms_interventions_and_sites_of_every_real_study_are_read_as_they_stand(registry_folder):
    for where, found in real_studies(registry_folder):
        record = ctgov.read(ctgov.payload(found).data)
        protocol = found["protocolSection"]
        module = protocol.get("armsInterventionsModule", {})
        assert [(arm.label, arm.kind) for arm in record.arms] == [
            (flat(arm["label"]), arm.get("type", "not-stated").lower().replace("_", "-"))
            for arm in module.get("armGroups", [])
        ], where
        things = module.get("interventions", [])
        assert [(given.kind, given.name) for given in record.interventions] == [
            (each.get("type"), flat(each["name"])) for each in things
        ], where
        names = {given.name for given in record.interventions}
        for arm, raw in zip(record.arms, module.get("armGroups", []), strict=True):
            stated = {flat(name.partition(": ")[2]) for name in raw.get("interventionNames", [])}
            assert stated <= {*arm.given} <= names, where
        sites = dug(protocol, "contactsLocationsModule", "locations") or []
        assert {*record.countries} == {site["country"] for site in sites if "country" in site}
        eligible = protocol.get("eligibilityModule", {})
        assert record.min_age_days == age_days(eligible.get("minimumAge")), where
        assert (record.min_age_days is None) == ("minimumAge" not in eligible), where
        assert (record.max_age_days is None) == ("maximumAge" not in eligible), where
        outcomes = dug(protocol, "outcomesModule", "primaryOutcomes") or []
        assert len(record.primary_outcomes) == len(outcomes), where


def test_reading_what_was_kept_of_a_real_study_gives_the_same(registry_folder):
    for where, found in real_studies(registry_folder):
        before = json.dumps(found, sort_keys=True)
        payload = ctgov.payload(found)
        assert json.dumps(found, sort_keys=True) == before, where
        kept = json.loads(json.dumps(payload.data, sort_keys=True))
        assert ctgov.read(kept) == ctgov.read(payload.data), where
        assert ctgov.payload(kept).data == payload.data, where


@pytest.mark.parametrize(
    ("folder", "words"),
    [
        ("ctgov_v1_json", "old API v1"),
        ("ctrdata_CTGOV", "another program wrote as JSON"),
        ("ctrdata_CTIS", "CTIS"),
        ("ctrdata_EUCTR", "EU Clinical Trials Register"),
        ("ctrdata_ISRCTN", "ISRCTN"),
    ],
)
def test_real_records_of_other_formats_are_named(registry_folder, folder, words):
    paths = sorted((registry_folder / folder).glob("*.json"))
    assert paths
    for path in paths:
        with pytest.raises(Unreadable, match=words):
            ctgov.payload(json.loads(path.read_text(encoding="utf-8")))
