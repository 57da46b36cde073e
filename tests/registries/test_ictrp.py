"""Promises of reading an XML export of the WHO's ICTRP."""

from __future__ import annotations

import gc
import io
import json
import random
import tracemalloc

import pytest

from evidence.registries import ictrp, trials
from evidence.registries.records import Fault, Identifier, Unreadable

TRIAL = """
  <Trial>
    <TrialID>ChiCTR2000030167          </TrialID>
    <Last_Refreshed_on>17 February 2020</Last_Refreshed_on>
    <Public_title>IL-2&lt;br&gt; in  lupus{blanks}</Public_title>
    <Scientific_title />
    <Acronym>  </Acronym>
    <Primary_sponsor>Hospital of Somewhere&#13;</Primary_sponsor>
    <Date_registration>2020-02-17</Date_registration>
    <Export_date>3/18/2020 6:53:35 PM</Export_date>
    <Recruitment_Status>Recruiting</Recruitment_Status>
    <Inclusion_agemin>18</Inclusion_agemin>
    <Inclusion_agemax>75 Years</Inclusion_agemax>
    <Date_enrollement>20200217</Date_enrollement>
    <Target_size>Experimental Group:40;Control Group:40;</Target_size>
    <Study_type>Interventional study</Study_type>
    <Study_design>Non randomized control</Study_design>
    <Phase>0</Phase>
    <Countries>China;Japan;China</Countries>
    <Contact_Firstname>Ada Contactperson</Contact_Firstname>
    <Contact_Address>1 Some Road</Contact_Address>
    <Contact_Email>ada@somewhere.example</Contact_Email>
    <Contact_Tel>+86 555-0100</Contact_Tel>
    <Inclusion_Criteria>18 years;&lt;br&gt;Write to bert@somewhere.example</Inclusion_Criteria>
    <Condition>Lupus\r(SLE)</Condition>
    <Intervention>Experimental Group:IL-2, 1 MIU; s.c.;Control Group:Placebo;</Intervention>
    <Primary_outcome>Flares;SLEDAI;</Primary_outcome>
    <SecondaryIDs>EUCTR2015-000123-12-DE;none</SecondaryIDs>
    <results_url_link />
  </Trial>
""".replace("{blanks}", " " * 400)


def export(*found):
    trials_ = "".join(found)
    return f"<?xml version='1.0' encoding='UTF-8' ?><{ictrp.ROOT}>{trials_}</{ictrp.ROOT}>".encode()


def read(trial=TRIAL):
    (payload,) = ictrp.payloads(export(trial))
    return ictrp.read(payload.data)


def test_a_trial_is_read():
    record = read()
    assert record.id == Identifier(registry="ChiCTR", value="ChiCTR2000030167")
    assert record.title == "IL-2 in lupus"
    assert (record.acronym, record.sponsor) == (None, "Hospital of Somewhere")
    assert (record.status, record.design) == ("RECRUITING", "non-randomised")
    assert (record.min_age_days, record.max_age_days) == (6574, 27394)
    assert (record.enrolment, record.enrolment_type) == (80, "estimated")
    assert record.countries == ("China", "Japan")
    assert record.conditions == ("Lupus", "(SLE)")
    assert [outcome.measure for outcome in record.primary_outcomes] == ["Flares", "SLEDAI"]
    assert [each.value for each in record.other_ids] == ["2015-000123-12"]


def test_groups_of_the_chinese_register_are_arms():
    record = read()
    assert [(arm.label, arm.given) for arm in record.arms] == [
        ("Experimental Group", ("IL-2, 1 MIU; s.c.",)),
        ("Control Group", ("Placebo",)),
    ]
    assert [given.name for given in record.interventions] == ["IL-2, 1 MIU; s.c.", "Placebo"]


def test_interventions_of_clinicaltrials_gov_have_a_kind():
    trial = TRIAL.replace("ChiCTR2000030167", "NCT01234567")
    trial = trial.replace("Experimental Group:IL-2, 1 MIU; s.c.;", "Drug: Proleukin;")
    record = read(trial)
    assert record.id.registry == "NCT"
    assert (record.interventions[0].kind, record.interventions[0].name) == ("DRUG", "Proleukin")


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("17 February 2020", "2020-02-17"),
        ("20200217", "2020-02-17"),
        ("2020-02-17", "2020-02-17"),
        ("February 7, 2020", "2020-02-07"),
        ("January 1996", "1996-01"),
        ("06/02/2020", None),
        ("", None),
    ],
)
def test_dates_come_in_several_ways_and_are_never_guessed(written, date):
    assert read(TRIAL.replace(">20200217<", f">{written}<")).start == date


@pytest.mark.parametrize(
    ("written", "phases"),
    [
        ("0", ("EARLY_PHASE1",)),
        ("4", ("PHASE4",)),
        ("Phase 2/Phase 3", ("PHASE2", "PHASE3")),
        ("II-III", ("PHASE2", "PHASE3")),
        ("N/A", ("NA",)),
        ("Retrospective study", None),
        ("Human pharmacology (Phase I): yes", None),
        ("", None),
    ],
)
def test_phases_are_read_where_they_are_plain(written, phases):
    assert read(TRIAL.replace("<Phase>0<", f"<Phase>{written}<")).phases == phases


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("80", 80),
        ("1:30;2:30;", 60),
        ("0", None),
        ("Group:0", None),
        ("about 40", None),
        ("a:40;b:many", None),
        ("", None),
    ],
)
def test_the_number_of_people_is_one_number_or_the_sum_of_groups(written, people):
    record = read(TRIAL.replace("Experimental Group:40;Control Group:40;", written))
    assert record.enrolment == people
    assert (record.enrolment_type is None) == (people is None)


@pytest.mark.parametrize("status", ["Not Recruiting", "Not recruiting", "Authorised", ""])
def test_a_status_that_says_two_things_says_nothing(status):
    assert read(TRIAL.replace(">Recruiting<", f">{status}<")).status is None


def test_no_contact_is_kept_and_no_day_that_moves_by_itself():
    (payload,) = ictrp.payloads(export(TRIAL))
    text = json.dumps(payload.data)
    for word in ("Contactperson", "Some Road", "555-0100", "@", "3/18/2020", "17 February"):
        assert word not in text
    assert payload.data_date == "2020-02-17"
    assert (payload.source, payload.value) == ("ictrp", "ChiCTR2000030167")


@pytest.mark.parametrize(
    ("number", "registry", "value"),
    [
        ("EUCTR2012-002345-12-DE", "EUCTR", "2012-002345-12"),
        ("ISRCTN12345678", "ISRCTN", "ISRCTN12345678"),
        ("JPRN-UMIN000001234", "other", "JPRN-UMIN000001234"),
    ],
)
def test_a_trial_of_any_register_is_known_by_its_number(number, registry, value):
    (payload,) = ictrp.payloads(export(TRIAL.replace("ChiCTR2000030167", number)))
    assert payload.value == value
    assert trials.read("ictrp", payload.data).id == Identifier(registry=registry, value=value)


def test_what_is_no_trial_is_a_fault_and_the_rest_is_read():
    nameless = TRIAL.replace("ChiCTR2000030167", "")
    untitled = TRIAL.replace("IL-2&lt;br&gt; in  lupus", "").replace("30167", "30168")
    found = [*ictrp.payloads(export(nameless, TRIAL, untitled, TRIAL))]
    assert [isinstance(each, Fault) for each in found] == [True, False, True, False]
    assert (found[0].about, found[2].about) == ("trial 1 of the file", "ChiCTR2000030168")
    assert "no number" in found[0].sentence
    assert "has no title" in found[2].sentence


def test_a_file_that_breaks_off_gives_what_stands_before():
    taken = ictrp.payloads(io.BytesIO(export(TRIAL, TRIAL)[:-200]))
    assert next(taken).value == "ChiCTR2000030167"
    with pytest.raises(Unreadable, match="breaks off"):
        next(taken)


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        (b"", "malformed"),
        (b"<clinical_study/>", "no XML export"),
        (b"TrialID,Title", "malformed"),
        (b'<!DOCTYPE a [<!ENTITY b "b">]><Trials_downloaded_from_ICTRP>&b;', "declares"),
        (b'<?xml version="1.0" encoding="klingon"?><Trials_downloaded_from_ICTRP/>', "malformed"),
    ],
)
def test_what_is_no_export_is_refused_in_one_line(xml, words):
    with pytest.raises(Unreadable, match=words) as refused:
        list(ictrp.payloads(xml))
    assert "\n" not in str(refused.value)


def test_a_file_of_any_length_takes_the_memory_of_one_trial():
    class Endless(io.RawIOBase):
        """Trials without end, as a stream that is read no further than it must be."""

        left = export(TRIAL)[: -len(f"</{ictrp.ROOT}>")]

        def readable(self):
            return True

        def read(self, size=-1):
            while len(self.left) < size:
                self.left += TRIAL.encode()
            part, self.left = self.left[:size], self.left[size:]
            return part

    taken = ictrp.payloads(Endless())
    tracemalloc.start()
    try:
        with_few, with_many = (held_after(taken, count) for count in (100, 1_000))
    finally:
        tracemalloc.stop()
    assert with_many - with_few < 100_000


def held_after(taken, count):
    """Take trials and give what memory is held then, in bytes."""
    for _ in range(count):
        next(taken)
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def test_any_damage_gives_records_faults_or_a_refusal():
    chance = random.Random(6)  # noqa: S311
    whole = export(TRIAL, TRIAL)
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(chance.choice((1, 3))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            for each in ictrp.payloads(bytes(damaged)):
                if not isinstance(each, Fault):
                    ictrp.read(each.data)
        except Unreadable:
            continue


def test_every_trial_of_a_real_export_is_read(registry_folder):
    path = registry_folder / "ictrp" / "ictrp_120.xml"
    with path.open("rb") as stream:
        payloads = [*ictrp.payloads(stream)]
    records = [ictrp.read(payload.data) for payload in payloads]
    assert len(records) == 120
    assert {record.id.registry for record in records} == {"ChiCTR", "NCT"}
    assert all("  " not in record.title and "<" not in record.title for record in records)
    assert all("@" not in json.dumps(payload.data) for payload in payloads)
    il2 = next(record for record in records if record.id.value == "ChiCTR2000030167")
    assert "Interleukin-2" in il2.interventions[0].name
    assert (il2.enrolment, il2.start) == (80, "2020-03-02")
    assert [record.unread for record in records if record.unread] == [(("max_age_days", "??"),)]
    assert sum(record.start is None for record in records) == 0


@pytest.mark.parametrize(
    ("written", "odd", "unread"),
    [
        (">Recruiting<", ">Paused<", [("recruitment_status", "Paused")]),
        (">Recruiting<", ">Not Recruiting<", []),
        (">20200217<", ">06/02/2020<", [("start", "06/02/2020")]),
        (">18<", ">grown up<", [("min_age_days", "grown up")]),
        (">75 Years<", ">N/A<", []),
        (">Experimental Group:40;Control Group:40;<", ">many<", [("enrolment", "many")]),
        (">Experimental Group:40;Control Group:40;<", ">A:0;B:0<", []),
        ("<Phase>0<", "<Phase>Ninth<", [("phases", "Ninth")]),
        ("<Phase>0<", "<Phase>Retrospective study<", []),
    ],
)
def test_what_is_not_understood_is_told_from_what_the_portal_does_not_say(written, odd, unread):
    assert written in TRIAL
    assert [*read(TRIAL.replace(written, odd)).unread] == unread
