"""Promises of reading the adverse events of posted results."""

from __future__ import annotations

import copy

from evidence.registries import ctgov
from evidence.registries.records import EventCount, EventGroup
from tests.registries.studies import real_studies, study


def read(**changes):
    made = copy.deepcopy(study())
    made["resultsSection"]["adverseEventsModule"].update(changes)
    return ctgov.read(ctgov.payload(made).data).adverse_events


def test_groups_events_and_counts_are_read():
    found = read()
    assert (found.threshold, found.time_frame) == ("5", "24 weeks")
    assert found.groups == (
        EventGroup(id="EG000", title="IL-2", serious_affected=1, serious_at_risk=30),
        EventGroup(id="EG001", title="Placebo", other_at_risk=0),
    )
    serious, other = found.events
    assert (serious.term, serious.organ_system) == ("Capillary leak syndrome", "Vascular disorders")
    assert (serious.serious, other.serious) == (True, False)
    assert serious.assessment == "SYSTEMATIC_ASSESSMENT"
    assert serious.vocabulary == "MedDRA (10.0)"


def test_a_count_that_is_missing_is_not_reported_and_0_is_none():
    assert read().events[0].counts == (
        EventCount(group="EG000", affected=0, at_risk=30, events=0),
        EventCount(group="EG001", affected=None, at_risk=0, events=None),
    )


def test_what_the_record_does_not_say_of_an_event_is_none():
    other = read().events[1]
    assert (other.organ_system, other.assessment, other.notes, other.counts) == (None,) * 3 + ((),)


def test_the_vocabulary_is_free_text():
    assert read().events[1].vocabulary == "Cough"


def test_either_list_of_events_may_be_missing():
    assert [event.serious for event in read(seriousEvents=None).events] == [False]
    assert [event.serious for event in read(otherEvents=None).events] == [True]


def test_a_threshold_is_kept_as_printed():
    assert read(frequencyThreshold="0").threshold == "0"
    assert read(frequencyThreshold=None).threshold is None


def test_a_study_without_posted_events_has_none():
    made = study()
    del made["resultsSection"]
    assert ctgov.read(ctgov.payload(made).data).adverse_events is None
    assert read(eventGroups=[], seriousEvents=[], otherEvents=[]) is None


def test_events_are_read_as_they_stand_in_every_real_study(registry_folder):
    with_events = not_counted = 0
    for where, found in real_studies(registry_folder):
        module = found.get("resultsSection", {}).get("adverseEventsModule")
        events = ctgov.read(ctgov.payload(found).data).adverse_events
        if module is None:
            assert events is None, where
            continue
        with_events += 1
        raw = [*module.get("seriousEvents", []), *module.get("otherEvents", [])]
        assert events.threshold == module.get("frequencyThreshold"), where
        assert [group.id for group in events.groups] == [
            group["id"] for group in module["eventGroups"]
        ], where
        assert [" ".join(each["term"].split()) for each in raw] == [
            event.term for event in events.events
        ], where
        counted = [
            (each.group, each.affected, each.at_risk, each.events)
            for event in events.events
            for each in event.counts
        ]
        keys = ("groupId", "numAffected", "numAtRisk", "numEvents")
        stats = [each for event in raw for each in event.get("stats", [])]
        assert counted == [tuple(each.get(key) for key in keys) for each in stats], where
        not_counted += sum(each[3] is None for each in counted)
    assert with_events > 30
    assert not_counted
