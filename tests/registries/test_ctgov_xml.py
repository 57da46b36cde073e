"""Promises of reading the legacy public XML of ClinicalTrials.gov."""

from __future__ import annotations

import dataclasses
import io
import json
import random
import tarfile

import pytest

from evidence import vocab
from evidence.registries import ctgov, ctgov_xml
from evidence.registries.records import EventCount, EventGroup, Reference, StudyArm, Unreadable

LEGACY = """<?xml version="1.0" encoding="UTF-8"?>
<clinical_study rank="1">
  <!-- This xml conforms to an XML Schema -->
  <required_header>
    <download_date>ClinicalTrials.gov processed this data on February 03, 2023</download_date>
  </required_header>
  <id_info>
    <org_study_id>ABC-1</org_study_id>
    <secondary_id>2015-000123-12</secondary_id>
    <nct_id>NCT01234567</nct_id>
    <nct_alias>NCT00002421</nct_alias>
  </id_info>
  <brief_title>Low-dose IL-2 in lupus</brief_title>
  <acronym>LUPIL-9</acronym>
  <sponsors>
    <lead_sponsor><agency>University of Somewhere</agency><agency_class>Other</agency_class>
    </lead_sponsor>
  </sponsors>
  <brief_summary><textblock>
      IL-2 is given to people&#xD;
      with lupus.&#xD;
&#xD;
        -  first aim, which&#xD;
           goes on&#xD;
        -  second aim
  </textblock></brief_summary>
  <overall_status>Active, not recruiting</overall_status>
  <last_known_status>Unknown status</last_known_status>
  <why_stopped>No funds</why_stopped>
  <start_date>January 2010</start_date>
  <completion_date type="Anticipated">January 5, 2012</completion_date>
  <primary_completion_date type="Actual">March 2011</primary_completion_date>
  <phase>Phase 1/Phase 2</phase>
  <study_type>Interventional</study_type>
  <study_design_info>
    <allocation>Randomized</allocation>
    <intervention_model>Parallel Assignment</intervention_model>
    <masking>None (Open Label)</masking>
  </study_design_info>
  <primary_outcome><measure>Flares</measure><time_frame>24 weeks</time_frame></primary_outcome>
  <enrollment type="Anticipated">60</enrollment>
  <condition>Lupus</condition>
  <arm_group>
    <arm_group_label>IL-2</arm_group_label>
    <arm_group_type>Active Comparator</arm_group_type>
    <description>1 MIU</description>
  </arm_group>
  <intervention>
    <intervention_type>Dietary Supplement</intervention_type>
    <intervention_name>Proleukin</intervention_name>
    <arm_group_label>IL-2</arm_group_label>
    <other_name>aldesleukin</other_name>
  </intervention>
  <eligibility>
    <gender>All</gender>
    <minimum_age>18 Years</minimum_age>
    <maximum_age>N/A</maximum_age>
  </eligibility>
  <overall_official><last_name>Bert Official</last_name></overall_official>
  <overall_contact><last_name>Ada Contactperson</last_name><phone>555-0100</phone>
    <email>ada@somewhere.example</email></overall_contact>
  <location>
    <facility><name>Hospital</name><address><city>Lyon</city><country>France</country></address>
    </facility>
    <contact><last_name>Carla Contactperson</last_name></contact>
  </location>
  <location_countries><country>France</country></location_countries>
  <reference><citation>A book.</citation></reference>
  <results_reference><citation>A trial.</citation><PMID>12345678</PMID></results_reference>
  <last_update_submitted>May 1, 2014</last_update_submitted>
  <last_update_posted type="Estimate">May 2, 2014</last_update_posted>
  <results_first_posted type="Actual">May 3, 2013</results_first_posted>
  <responsible_party><name_title>Ada Contactperson</name_title></responsible_party>
  <clinical_results>
    <point_of_contact><name_or_title>Dora Pointofcontact</name_or_title></point_of_contact>
    <reported_events>
      <time_frame>2 years</time_frame>
      <group_list>
        <group group_id="E1"><title>IL-2</title></group>
        <group group_id="E2"><title>Nothing</title></group>
      </group_list>
      <serious_events>
        <default_vocab>CTCAE (2.0)</default_vocab>
        <default_assessment>Systematic Assessment</default_assessment>
        <category_list>
          <category><title>Total</title><event_list><event>
            <sub_title>Total, serious adverse events</sub_title>
            <counts group_id="E1" subjects_affected="2" subjects_at_risk="30"/>
            <counts group_id="E2" subjects_affected="0" subjects_at_risk="0"/>
          </event></event_list></category>
          <category><title>Vascular disorders</title><event_list>
            <event>
              <sub_title>Capillary leak syndrome</sub_title>
              <counts group_id="E1" events="3" subjects_affected="2" subjects_at_risk="30"/>
              <counts group_id="E2" subjects_at_risk="0"/>
            </event>
            <event>
              <sub_title vocab="MedDRA (10.0)">Shock</sub_title>
              <assessment>Non-systematic Assessment</assessment>
              <description>late</description>
              <counts group_id="E1" subjects_affected="0" subjects_at_risk="30"/>
            </event>
          </event_list></category>
        </category_list>
      </serious_events>
      <other_events>
        <frequency_threshold>5</frequency_threshold>
        <category_list><category><title>General disorders</title><event_list><event>
          <sub_title>Fever</sub_title>
          <counts group_id="E1" subjects_affected="9" subjects_at_risk="30"/>
        </event></event_list></category></category_list>
      </other_events>
    </reported_events>
  </clinical_results>
</clinical_study>
"""


def read(xml=LEGACY):
    return ctgov.read(ctgov.payload(ctgov_xml.study(xml.encode())).data)


def test_a_legacy_record_is_read():
    record = read()
    assert (record.id.value, record.title) == ("NCT01234567", "Low-dose IL-2 in lupus")
    assert (record.acronym, record.sponsor) == ("LUPIL-9", "University of Somewhere")
    assert record.aliases == ("NCT00002421",)
    assert [each.value for each in record.other_ids] == ["2015-000123-12"]
    assert (record.status, record.last_known_status) == ("ACTIVE_NOT_RECRUITING", "UNKNOWN")
    assert record.why_stopped == "No funds"
    assert (record.enrolment, record.enrolment_type) == (60, "estimated")
    assert (record.design, record.conditions) == ("randomised", ("Lupus",))
    assert (record.min_age_days, record.max_age_days) == (6574, None)
    assert record.countries == ("France",)
    assert record.has_results


def test_dates_in_words_keep_the_precision_that_they_have():
    record = read()
    assert (record.start, record.primary_completion) == ("2010-01", "2011-03")
    assert record.completion == "2012-01-05"
    assert (record.results_posted, record.updated) == ("2013-05-03", "2014-05-02")


def test_the_day_of_the_data_is_in_the_header():
    payload = ctgov.payload(ctgov_xml.study(LEGACY.encode()))
    assert payload.data_date == "2023-02-03"


@pytest.mark.parametrize(
    ("written", "phases"),
    [
        ("<phase>Phase 1/Phase 2</phase>", ("PHASE1", "PHASE2")),
        ("<phase>Phase 2/Phase 3</phase>", ("PHASE2", "PHASE3")),
        ("<phase>Early Phase 1</phase>", ("EARLY_PHASE1",)),
        ("<phase>Phase 4</phase>", ("PHASE4",)),
        ("<phase>N/A</phase>", ("NA",)),
        ("", None),
    ],
)
def test_phases_are_those_of_the_api(written, phases):
    assert read(LEGACY.replace("<phase>Phase 1/Phase 2</phase>", written)).phases == phases


@pytest.mark.parametrize("status", vocab.RecruitmentStatus)
def test_every_status_in_words_is_one_of_the_api(status):
    xml = LEGACY.replace(">Active, not recruiting<", f">{status.label}<")
    assert read(xml).status == status


def test_an_arm_names_what_is_given_in_it():
    assert read().arms == (
        StudyArm(label="IL-2", kind="active-comparator", description="1 MIU", given=("Proleukin",)),
    )
    assert read().interventions[0].kind == "DIETARY_SUPPLEMENT"


def test_a_text_broken_at_the_margin_is_put_together_again():
    assert read().summary == (
        "IL-2 is given to people with lupus.\n\n-  first aim, which goes on\n-  second aim"
    )


def test_a_text_of_very_many_lines_is_put_together_once():
    aims = "-  first aim, which&#xD;"
    assert aims in LEGACY
    record = read(LEGACY.replace(aims, "-  aim\n" + "goes on\n" * 300_000 + "on"))
    assert record.summary.count("\n") == 3


def test_references_are_background_or_results():
    assert read().references == (
        Reference(pmid=None, kind="BACKGROUND", citation="A book."),
        Reference(pmid=12345678, kind="RESULT", citation="A trial."),
    )


def test_adverse_events_are_counted_as_in_the_api():
    found = read().adverse_events
    assert (found.threshold, found.time_frame) == ("5", "2 years")
    assert found.groups == (
        EventGroup(id="EG000", title="IL-2", serious_affected=2, serious_at_risk=30),
        EventGroup(id="EG001", title="Nothing", serious_affected=0, serious_at_risk=0),
    )
    leak, shock, fever = found.events
    assert (leak.term, leak.organ_system) == ("Capillary leak syndrome", "Vascular disorders")
    assert (leak.vocabulary, leak.assessment) == ("CTCAE (2.0)", "SYSTEMATIC_ASSESSMENT")
    assert leak.counts == (
        EventCount(group="EG000", affected=2, at_risk=30, events=3),
        EventCount(group="EG001", affected=None, at_risk=0),
    )
    assert (shock.vocabulary, shock.assessment) == ("MedDRA (10.0)", "NON_SYSTEMATIC_ASSESSMENT")
    assert shock.notes == "late"
    assert (fever.serious, fever.vocabulary) == (False, None)


def test_no_contact_of_a_legacy_record_is_kept():
    made = json.dumps(ctgov_xml.study(LEGACY.encode()))
    assert not [word for word in ("person", "Official", "Dora", "555", "@") if word in made]


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        (b"", "malformed"),
        (b"no xml", "malformed"),
        (b"<clinical_study><id_info>", "malformed"),
        (b"\xff\xfe\x00broken", "malformed"),
        (b'<?xml version="1.0" encoding="klingon"?><clinical_study/>', "malformed"),
        (b'<?xml version="1.0" encoding="UTF-8"?><clinical_study>\xe9</clinical_study>', "malfo"),
        (b"<PubmedArticleSet/>", "no legacy record of ClinicalTrials.gov"),
        (b'<!DOCTYPE a [<!ENTITY b "b">]><clinical_study>&b;</clinical_study>', "declares"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><clinical_study/>', "declares"),
    ],
)
def test_what_is_no_legacy_record_is_refused_in_one_line(xml, words):
    with pytest.raises(Unreadable, match=words) as refused:
        ctgov_xml.study(xml)
    assert "\n" not in str(refused.value)


def test_a_record_without_a_number_is_refused():
    with pytest.raises(Unreadable, match="no well-formed NCT number"):
        read("<clinical_study><brief_title>IL-2</brief_title></clinical_study>")


def test_any_damage_gives_a_record_or_a_refusal():
    chance = random.Random(6)  # noqa: S311
    lines = LEGACY.splitlines()
    for _ in range(300):
        kept = [line for line in lines if chance.random() > 0.02]
        damaged = bytearray("\n".join(kept).encode())
        for _ in range(chance.choice((0, 0, 1, 5))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            ctgov.read(ctgov.payload(ctgov_xml.study(bytes(damaged))).data)
        except Unreadable:
            continue


def test_every_real_legacy_record_is_read_as_its_conversion_is(registry_folder):
    converted = registry_folder / "ctgov_v2_CONVERTED_from_xml_il2"
    read_alike = 0
    for path in sorted((registry_folder / "ctgov_legacy_xml_il2").glob("*.xml")):
        ours = ctgov.read(ctgov.payload(ctgov_xml.study(path.read_bytes())).data)
        text = (converted / f"{path.stem}.json").read_text(encoding="utf-8")
        theirs = ctgov.read(ctgov.payload(json.loads(text)).data)
        # The conversion holds no deaths, and each summary on one line.
        assert plain(ours) == plain(theirs), path.name
        read_alike += 1
    assert read_alike == 60


def plain(record):
    events = record.adverse_events
    if events is not None:
        groups = [
            dataclasses.replace(group, deaths_affected=None, deaths_at_risk=None)
            for group in events.groups
        ]
        events = dataclasses.replace(events, groups=tuple(groups))
    summary = " ".join((record.summary or "").split())
    return dataclasses.replace(record, summary=summary, adverse_events=events)


def test_two_hundred_legacy_records_of_any_disease_are_read(registry_folder):
    archive = registry_folder / "ctgov_legacy_xml_other" / "xml_200.tar.xz"
    with tarfile.open(fileobj=io.BytesIO(archive.read_bytes())) as members:
        files = [member for member in members if member.name.endswith(".xml")]
        records = {
            member.name: ctgov.read(ctgov.payload(ctgov_xml.study(data.read())).data)
            for member in files
            if (data := members.extractfile(member))
        }
    assert len(records) == 200
    assert all(record.id.value in name for name, record in records.items())
    assert all(record.status for record in records.values())
    assert sum(record.adverse_events is not None for record in records.values()) == 19


@pytest.mark.parametrize(
    ("written", "odd", "unread"),
    [
        (">January 2010<", ">sometime<", ("start", "sometime")),
        (">60</enrollment>", ">many</enrollment>", ("enrolment", "many")),
        (">Active, not recruiting<", ">Paused<", ("recruitment_status", "PAUSED")),
        (">Phase 1/Phase 2<", ">Phase 9<", ("phases", "PHASE9")),
        (">18 Years<", ">grown up<", ("min_age_days", "grown up")),
    ],
)
def test_what_is_not_understood_is_handed_on_as_it_is_written(written, odd, unread):
    assert read().unread == ()
    assert read(LEGACY.replace(written, odd)).unread == (unread,)
