"""Promises of reading a study of ClinicalTrials.gov's API v2."""

from __future__ import annotations

import json

import pytest

from evidence import vocab
from evidence.registries import ctgov, trials
from evidence.registries.records import GivenThing, Identifier, Reference, StudyArm, Unreadable
from tests.registries.studies import STUDY, study


def read(made=None):
    return ctgov.read(ctgov.payload(study() if made is None else made).data)


def changed(module, **values):
    return study(**{module: {**STUDY["protocolSection"].get(module, {}), **values}})


def test_a_study_is_read():
    record = read()
    assert record.id == Identifier(registry="NCT", value="NCT01234567")
    assert record.title == "Low-dose interleukin-2 in lupus"
    assert record.official_title == "A randomised trial of low-dose interleukin-2 in lupus"
    assert (record.acronym, record.sponsor) == ("LUPIL-9", "University of Somewhere")
    assert (record.status, record.last_known_status) == ("UNKNOWN", "RECRUITING")
    assert record.why_stopped == "No funds"
    assert (record.enrolment, record.enrolment_type) == (60, "actual")
    assert (record.min_age_days, record.max_age_days) == (6574, 23741)
    assert record.conditions == ("Lupus", "SLE")
    assert record.keywords == ("Treg",)
    assert record.results_posted == "2019-01-02"
    assert record.updated == "2020-05-06"
    assert record.has_results


def test_dates_keep_the_precision_that_they_have():
    record = read()
    assert (record.start, record.primary_completion) == ("2015-09", "2017-03-04")
    assert record.completion == "2018"
    assert read(changed("statusModule", startDateStruct=None)).start is None


def test_the_text_of_a_summary_is_what_people_read():
    assert read().summary == "CD4 > 300\nand *more*. Write to [e-mail address]."


@pytest.mark.parametrize(
    ("phases", "expected"),
    [
        (None, None),
        ([], None),
        (["NA"], ("NA",)),
        (["PHASE2", "PHASE1"], ("PHASE1", "PHASE2")),
        (["PHASE2", "PHASE2", "PHASE3"], ("PHASE2", "PHASE3")),
        (["EARLY_PHASE1"], ("EARLY_PHASE1",)),
        (["PHASE9"], None),
        ("PHASE1", None),
        ([["PHASE1"], {}], None),
    ],
)
def test_no_phases_are_not_the_same_as_none_that_apply(phases, expected):
    assert read(changed("designModule", phases=phases)).phases == expected


@pytest.mark.parametrize("status", vocab.RecruitmentStatus.values)
def test_every_status_is_read(status):
    assert read(changed("statusModule", overallStatus=status)).status == status


@pytest.mark.parametrize("status", ["Recruiting", "BRAND_NEW", "", None, ["RECRUITING"]])
def test_a_status_that_nobody_knows_is_none(status):
    assert read(changed("statusModule", overallStatus=status)).status is None


@pytest.mark.parametrize(
    ("kind", "info", "design"),
    [
        ("INTERVENTIONAL", {"allocation": "RANDOMIZED"}, "randomised"),
        ("INTERVENTIONAL", {"allocation": "NON_RANDOMIZED"}, "non-randomised"),
        ("INTERVENTIONAL", {"allocation": "NA"}, "single-group"),
        ("INTERVENTIONAL", {"interventionModel": "SINGLE_GROUP"}, "single-group"),
        ("INTERVENTIONAL", {}, "not-stated"),
        ("INTERVENTIONAL", "RANDOMIZED", "not-stated"),
        ("OBSERVATIONAL", {"observationalModel": "COHORT"}, "observational"),
        ("EXPANDED_ACCESS", {}, "expanded-access"),
        (None, {"allocation": "RANDOMIZED"}, "randomised"),
        (None, {}, "not-stated"),
    ],
)
def test_the_design_says_how_people_are_allotted(kind, info, design):
    made = changed("designModule", studyType=kind, designInfo=info)
    assert read(made).design == design


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        ({"count": 0, "type": "ACTUAL"}, (0, "actual")),
        ({"count": 36, "type": "ESTIMATED"}, (36, "estimated")),
        ({"count": 36}, (36, None)),
        ({"type": "ACTUAL"}, (None, None)),
        ({"count": "many", "type": "ACTUAL"}, (None, None)),
        (None, (None, None)),
    ],
)
def test_enrolment_is_a_number_or_nothing_and_never_a_type_alone(info, expected):
    record = read(changed("designModule", enrollmentInfo=info))
    assert (record.enrolment, record.enrolment_type) == expected


def test_an_arm_names_what_is_given_in_it_from_either_side():
    record = read()
    assert record.arms == (
        StudyArm(label="IL-2", kind="experimental", description="1 MIU", given=("Proleukin",)),
        StudyArm(label="Placebo", kind="placebo-comparator", given=("Saline: sterile",)),
        StudyArm(label="Nothing", kind="not-stated"),
    )
    assert record.interventions[0] == GivenThing(
        kind="DRUG",
        name="Proleukin",
        description="under the skin",
        other_names=("aldesleukin", "rhIL-2"),
    )


def test_only_a_kind_is_taken_from_before_the_name_of_an_intervention():
    names = ["Dietary Supplement: Zinc", "IL-2: 1 MIU", "Drug:", "Biological: IL-2: low", 7]
    arm = {"label": "A", "interventionNames": names}
    record = read(study(armsInterventionsModule={"armGroups": [arm]}))
    assert record.arms[0].given == ("Zinc", "IL-2: 1 MIU", "IL-2: low")


def test_a_study_without_arms_or_interventions_is_read():
    record = read(study(armsInterventionsModule=None))
    assert (record.arms, record.interventions) == ((), ())


def test_other_numbers_are_known_by_how_they_are_written_and_never_by_their_type():
    assert read().other_ids == (
        Identifier(registry="EUCTR", value="2015-000123-12"),
        Identifier(registry="ISRCTN", value="ISRCTN12345678"),
        Identifier(registry="CTIS", value="2023-503951-81"),
    )


def test_an_nct_number_among_the_others_is_another_study():
    assert all(each.registry != "NCT" for each in read().other_ids)


def test_former_numbers_are_aliases():
    assert read().aliases == ("NCT00002421",)
    odd = ["NCT01234567", "NCT1", None, "../etc/passwd"]
    assert read(changed("identificationModule", nctIdAliases=odd)).aliases == ()


def test_countries_stand_once_in_the_order_of_the_sites():
    assert read().countries == ("France", "Germany")


def test_a_reference_has_a_number_or_a_citation():
    assert read().references == (
        Reference(pmid=12345678, kind="RESULT", citation="A trial."),
        Reference(pmid=None, kind=None, citation="A book."),
    )


def test_a_primary_outcome_keeps_its_time_frame():
    outcome = read().primary_outcomes[0]
    assert (outcome.measure, outcome.description) == ("Flares", "SLEDAI <4")
    assert outcome.time_frame == "24 weeks"


def test_a_title_that_is_missing_is_the_official_one():
    assert read(changed("identificationModule", briefTitle=" ")).title.startswith("A randomised")


def test_a_payload_has_the_day_of_its_data_beside_it_and_not_in_it():
    payload = ctgov.payload(study())
    assert (payload.source, payload.value) == ("ctgov", "NCT01234567")
    assert payload.data_date == "2026-02-04"
    assert "2026-02-04" not in json.dumps(payload.data)


def test_a_study_is_not_changed_by_being_taken_in():
    made = study()
    ctgov.payload(made)
    assert made == STUDY


def test_unknown_keys_are_ignored():
    made = study()
    made["_id"] = "NCT01234567"
    made["record_last_import"] = "2026-08-09"
    made["protocolSection"]["statusModule"]["newDate"] = "2030"
    assert read(made) == read()
    assert "_id" not in ctgov.payload(made).data


@pytest.mark.parametrize(
    "number",
    [
        *(
            None,
            "",
            "NCT00000000",
            "NCT1234567",
            "NCT012345678",
            "nct01234567",
            "NCT0123456x",
            "NCT01234567\n",
        ),
        *(
            "../NCT01234567",
            "NCT\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667",
            1,
            ["NCT01234567"],
        ),
    ],
)
def test_a_number_that_is_not_well_formed_is_refused(number):
    with pytest.raises(Unreadable, match="no well-formed NCT number"):
        ctgov.payload(changed("identificationModule", nctId=number))


def test_a_study_without_a_title_is_refused_by_its_number():
    with pytest.raises(Unreadable, match="NCT01234567 has no title"):
        ctgov.payload(changed("identificationModule", briefTitle=None, officialTitle="\x00"))


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ({"FullStudiesResponse": {"FullStudies": []}}, "old API v1"),
        ({"Rank": 1, "Study": {"ProtocolSection": {}}}, "download it again as version 2"),
        ({"ProtocolSection": {}}, "old API v1"),
        ({"id_info": {"nct_id": "NCT01234567"}}, "another program wrote as JSON"),
        ({"isrctn": "12949496"}, "ISRCTN"),
        ({"ctStatus": "Authorised"}, "CTIS"),
        ({"x5_trial_status": "Ongoing"}, "EU Clinical Trials Register"),
        ({"studies": []}, "page of studies"),
        ({}, "no study of ClinicalTrials.gov's API v2"),
        ({"protocolSection": []}, "no study of ClinicalTrials.gov's API v2"),
        ([], "a list stands here"),
        ("<html>", "a text stands here"),
        (None, "nothing stands here"),
        (True, "true or false stands here"),
    ],
)
def test_what_is_no_study_is_named_by_what_it_looks_like(found, words):
    with pytest.raises(Unreadable) as refused:
        ctgov.payload(found)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_study_of_a_thousand_arms_is_read_whole():
    module = {
        "armGroups": [{"label": f"Arm {at}", "type": "EXPERIMENTAL"} for at in range(1000)],
        "interventions": [
            {"name": f"Drug {at}", "armGroupLabels": [f"Arm {at}"]} for at in range(1000)
        ],
    }
    record = read(study(armsInterventionsModule=module))
    assert len(record.arms) == 1000
    assert record.arms[999].given == ("Drug 999",)


def test_a_study_of_very_many_sites_is_read_whole():
    contacts = [{"name": "Ada Contactperson", "email": "ada@somewhere.example"}]
    place = {"facility": "x" * 200, "country": "France", "contacts": contacts}
    made = study(contactsLocationsModule={"locations": [place] * 5000})
    payload = ctgov.payload(made)
    assert len(json.dumps(payload.data)) > 1_000_000
    assert ctgov.read(payload.data).countries == ("France",)


def test_a_study_is_read_by_its_source():
    assert trials.read("ctgov", ctgov.payload(study()).data) == read()
    with pytest.raises(Unreadable, match="no registry of trials"):
        trials.read("pubmed", {})


def test_reading_is_the_same_from_what_was_kept():
    kept = json.loads(json.dumps(ctgov.payload(study()).data, sort_keys=True))
    assert ctgov.read(kept) == read()


def test_a_thing_nested_too_deeply_is_refused():
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    made = study()
    made["protocolSection"]["statusModule"]["new"] = deep
    with pytest.raises(Unreadable, match="nested too deeply"):
        ctgov.payload(made)


@pytest.mark.parametrize(
    ("module", "given", "unread"),
    [
        ("statusModule", {"overallStatus": "PAUSED"}, [("recruitment_status", "PAUSED")]),
        ("statusModule", {"overallStatus": ["RECRUITING"]}, [("recruitment_status", "a list")]),
        ("statusModule", {"startDateStruct": {"date": "03/04/2020"}}, [("start", "03/04/2020")]),
        ("statusModule", {"completionDateStruct": 2024}, [("completion", "2024")]),
        ("statusModule", {"lastUpdatePostDateStruct": {"date": {}}}, []),
        (
            "designModule",
            {"enrollmentInfo": {"count": -3, "type": "ACTUAL"}},
            [("enrolment", "-3")],
        ),
        (
            "designModule",
            {"enrollmentInfo": {"count": "many", "type": "GUESSED"}},
            [("enrolment", "many"), ("enrolment_type", "GUESSED")],
        ),
        ("designModule", {"enrollmentInfo": {"type": "ACTUAL"}}, []),
        ("designModule", {"enrollmentInfo": {"count": 10**40}}, [("enrolment", "a huge number")]),
        ("designModule", {"phases": ["PHASE2", "PHASE9"]}, [("phases", "PHASE9")]),
        ("designModule", {"designInfo": {"allocation": "DRAWN"}}, [("design", "DRAWN")]),
        ("eligibilityModule", {"minimumAge": "grown up"}, [("min_age_days", "grown up")]),
        ("eligibilityModule", {"minimumAge": "N/A", "maximumAge": " "}, []),
        (
            "eligibilityModule",
            {"minimumAge": "70 Years"},
            [("min_age_days", "70 Years"), ("max_age_days", "65 Years")],
        ),
        ("statusModule", {"whyStopped": None, "startDateStruct": None}, []),
    ],
)
def test_what_is_given_and_not_understood_is_told_from_what_is_not_given(module, given, unread):
    assert [*read(changed(module, **given)).unread] == unread


def test_a_long_word_that_is_not_understood_is_cut():
    ((_, words),) = read(changed("statusModule", overallStatus="x" * 5000)).unread
    assert words == "x" * 59 + "…"
