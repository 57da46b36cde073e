"""A record against its trial: what people emptied stays empty, what belongs together together."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from evidence import vocab
from evidence.ledger import actors
from evidence.models import Arm, Drift, RegistryRecord, Trial, TrialIdentifier, TrialPhase
from evidence.registries import ctgov, ictrp
from evidence.registries.records import Fault, Payload
from evidence.registries.texts import ages
from evidence.sync import drifts, trials
from evidence.sync.tally import Counts
from tests.models.rows import someone
from tests.registries.made_up import small_study
from tests.sync.test_inbox import allowed
from tests.sync.test_trials import NUMBER, accepted, brought_in, changed, corrected, known

pytestmark = pytest.mark.django_db


def open_cards() -> dict[str, tuple[str, str, bool]]:
    """Give what waits: ours, what the source says now, and whether that stands, by field."""
    rows = Drift.objects.filter(decided_at=None)
    return {one.field: (one.ours, one.after, one.applied) for one in rows}


def later(month: int, **changes: Any) -> dict[str, Any]:
    """The study as it was updated in a month of a later year."""
    return small_study(NUMBER, lastUpdatePostDateStruct={"date": f"2026-{month:02}-01"}, **changes)


def elsewhere(number: str, *, names: str = "", sponsor: str = "") -> Payload:
    """The study as another registry has it, as the WHO hands it on."""
    told = {"TrialID": number, "Public_title": "IL-2 elsewhere", "Intervention": "Aldesleukin"}
    told |= {"SecondaryIDs": names, "Primary_sponsor": sponsor}
    inside = "".join(f"<{name}>{text}</{name}>" for name, text in told.items() if text)
    xml = f"<Trials_downloaded_from_ICTRP><Trial>{inside}</Trial></Trials_downloaded_from_ICTRP>"
    (payload,) = ictrp.payloads(xml.encode())
    assert isinstance(payload, Payload)
    return payload


def days(years: int) -> str:
    """Give an age as it stands in its column."""
    return str(ages(f"{years} Years", None)[0])


def people(count: int, kind: str) -> dict[str, Any]:
    return {"enrollmentInfo": {"count": count, "type": kind}}


# --- What a person emptied ------------------------------------------------------------------------


def test_at_first_what_a_person_emptied_stays_empty_and_is_asked_of() -> None:
    trial = corrected(known(sponsor="Somebody", start="2019"), sponsor="", start="")
    brought_in(small_study(NUMBER))
    trial.refresh_from_db()
    assert (trial.sponsor, trial.start) == ("", "")
    assert open_cards()["sponsor"] == ("", "Example University", False)
    assert open_cards()["start"] == ("", "2020-01", False)


def test_phases_that_a_person_took_away_do_not_come_back_at_first() -> None:
    trial = known()
    phase = TrialPhase.objects.create(trial=trial, phase="PHASE2")
    with actors.acting(someone()):
        phase.delete()
    brought_in(small_study(NUMBER))
    assert trial.phases == []
    assert open_cards()["phases"] == ("", "PHASE2", False)


def test_what_a_form_sent_empty_is_filled_at_first() -> None:
    with actors.acting(someone()):
        trial = known(title="Entered", sponsor="", origin=vocab.Origin.STARTER)
    brought_in(small_study(NUMBER))
    trial.refresh_from_db()
    assert (trial.sponsor, {*open_cards()}) == ("Example University", {"title"})


def test_another_source_does_not_fill_what_a_person_emptied() -> None:
    accepted()
    trials.bring_in([elsewhere(NUMBER)])
    trial = corrected(Trial.objects.get(), sponsor="")
    trials.bring_in([elsewhere(NUMBER, sponsor="Theirs")])
    trial.refresh_from_db()
    assert (trial.sponsor, open_cards()) == ("", {})


def test_another_source_fills_what_nobody_has_said() -> None:
    brought_in(small_study(NUMBER, leadSponsor=None))
    trials.bring_in([elsewhere(NUMBER, sponsor="Theirs")])
    assert Trial.objects.get().sponsor == "Theirs"


def test_a_number_that_a_person_took_away_does_not_come_back() -> None:
    brought_in(small_study(NUMBER, secondaryIdInfos=[{"id": "2012-000001-11"}]))
    TrialIdentifier.objects.filter(registry="EUCTR").delete()
    both = [{"id": "2012-000001-11"}, {"id": "ISRCTN12345678"}]
    brought_in(changed(secondaryIdInfos=both))
    held = Trial.objects.get().identifiers.values_list("value", flat=True)
    assert {*held} == {NUMBER, "ISRCTN12345678"}


# --- What is one thing ----------------------------------------------------------------------------


def test_a_number_and_how_it_was_counted_are_followed_and_put_back_as_one() -> None:
    trial = accepted()
    brought_in(changed(**people(70, "ACTUAL")))
    trial.refresh_from_db()
    assert (trial.enrolment, trial.enrolment_type) == (70, "actual")
    assert open_cards() == {"enrolment": ("60 estimated", "70 actual", True)}
    card = Drift.objects.get()
    assert drifts.words(card, card.after) == "70 (actual)"
    drifts.keep([card], by=allowed("anna"), reason="The paper says so.")
    trial.refresh_from_db()
    assert (trial.enrolment, trial.enrolment_type) == (60, "estimated")


def test_a_corrected_number_never_gets_the_registrys_word_for_its_own() -> None:
    trial = corrected(accepted(), enrolment=55)
    brought_in(changed(**people(60, "ACTUAL")))
    trial.refresh_from_db()
    assert (trial.enrolment, trial.enrolment_type) == (55, "estimated")
    assert open_cards() == {"enrolment": ("55 estimated", "60 actual", False)}
    drifts.accept(Drift.objects.all(), by=allowed("anna"))
    trial.refresh_from_db()
    assert (trial.enrolment, trial.enrolment_type) == (60, "actual")


def test_a_number_that_the_registry_takes_back_takes_its_word_with_it() -> None:
    trial = corrected(accepted(), enrolment=61, enrolment_type="actual")
    brought_in(changed(enrollmentInfo={}))
    drifts.accept(Drift.objects.filter(field="enrolment"), by=allowed("anna"))
    trial.refresh_from_db()
    assert (trial.enrolment, trial.enrolment_type) == (None, "")


def test_at_first_the_word_is_added_to_a_number_that_agrees() -> None:
    trial = corrected(known(), enrolment=60)
    brought_in(small_study(NUMBER))
    trial.refresh_from_db()
    assert (trial.enrolment, trial.enrolment_type) == (60, "estimated")
    assert "enrolment" not in open_cards()


def test_an_age_that_contradicts_a_corrected_one_is_asked_of_with_it() -> None:
    trial = corrected(accepted(), max_age_days=9_000)
    brought_in(changed(minimumAge="30 Years", maximumAge="80 Years"))
    trial.refresh_from_db()
    assert (trial.min_age_days, trial.max_age_days) == (6574, 9_000)
    assert open_cards() == {
        "min_age_days": ("6574", days(30), False),
        "max_age_days": ("9000", days(80), False),
    }
    brought_in(later(1, minimumAge="31 Years", maximumAge="80 Years"))
    assert open_cards()["min_age_days"] == ("6574", days(31), False)


def test_the_other_age_is_asked_of_too_where_the_registry_has_not_moved_it() -> None:
    corrected(accepted(), max_age_days=9_000)
    brought_in(changed(minimumAge="30 Years"))
    assert {*open_cards()} == {"min_age_days", "max_age_days"}
    brought_in(later(1, minimumAge="30 Years", acronym="NEW"))
    drifts.accept(Drift.objects.all(), by=allowed("anna"))
    trial = Trial.objects.get()
    assert (str(trial.min_age_days), str(trial.max_age_days)) == (days(30), days(65))


def test_an_age_that_fits_the_corrected_one_follows_its_registry() -> None:
    trial = corrected(accepted(), max_age_days=9_000)
    brought_in(changed(minimumAge="20 Years"))
    trial.refresh_from_db()
    assert (trial.min_age_days, trial.max_age_days) == (int(days(20)), 9_000)
    assert open_cards() == {}


def test_a_card_closes_when_the_registry_goes_back_though_ours_is_a_correction() -> None:
    corrected(accepted(), title="Ours")
    brought_in(changed(briefTitle="Theirs"))
    assert {*open_cards()} == {"title"}
    brought_in(later(1))
    assert (open_cards(), Trial.objects.get().title) == ({}, "Ours")


# --- Arms -----------------------------------------------------------------------------------------


def arms(*labels: str, kind: str = "EXPERIMENTAL", given: str = "Drug: Aldesleukin") -> Any:
    return [{"label": one, "type": kind, "interventionNames": [given]} for one in labels]


def told(trial: Trial) -> list[tuple[str, str, str]]:
    return [(one.label, one.kind, one.given) for one in trial.arms.all()]


def test_arms_in_the_inbox_follow_their_registry_each_time() -> None:
    brought_in(small_study(NUMBER, armGroups=arms("A", "B")))
    trial = Trial.objects.get()
    brought_in(changed(armGroups=arms("A", "C")))
    assert [label for label, _, _ in told(trial)] == ["A", "C"]
    brought_in(later(1, armGroups=arms("D", "A", kind="OTHER", given="Drug: IL-2")))
    assert told(trial) == [("D", "other", "IL-2"), ("A", "other", "IL-2")]
    assert open_cards() == {}


def test_arms_in_the_inbox_that_a_person_touched_stay_as_they_are() -> None:
    brought_in(small_study(NUMBER, armGroups=arms("A", "B", "C", "D")))
    trial = Trial.objects.get()
    Arm.objects.filter(label="A").update(dose_low=1, dose_unit=vocab.DoseUnit.values[0])
    Arm.objects.filter(label="B").delete()
    Arm.objects.filter(label="C").update(given="Low-dose aldesleukin")
    brought_in(changed(armGroups=arms("A", "B", "C", "D", "E", kind="OTHER")))
    assert told(trial) == [
        ("A", "experimental", "Aldesleukin"),
        ("C", "experimental", "Low-dose aldesleukin"),
        ("D", "other", "Aldesleukin"),
        ("E", "other", "Aldesleukin"),
    ]
    assert trial.arms.get(label="A").dose_low == 1


@pytest.mark.parametrize(
    "now",
    [arms("A", "Z"), arms("A", "B", kind="OTHER"), arms("A", "B", given="Drug: More"), arms("A")],
    ids=["label", "kind", "given", "one fewer"],
)
def test_any_change_of_the_arms_that_readers_see_is_asked_of(now: Any) -> None:
    brought_in(small_study(NUMBER, armGroups=arms("A", "B")))
    Trial.objects.update(accepted_at=timezone.now(), accepted_by=someone())
    before = told(Trial.objects.get())
    brought_in(changed(armGroups=now))
    assert told(Trial.objects.get()) == before
    assert open_cards()["arms"][2] is False


# --- Records of other registries ------------------------------------------------------------------


def test_a_record_that_names_anothers_number_waits_and_is_not_swallowed_by_it() -> None:
    trial = accepted()
    faults: list[Fault] = []
    counts = trials.bring_in(
        [elsewhere("ChiCTR2000099999", names=NUMBER)],
        write_down=lambda _, several: faults.extend(several),
    )
    assert (counts, faults) == (Counts(created=1), [])
    record = RegistryRecord.objects.get(value="ChiCTR2000099999")
    assert record.trial not in {None, trial}
    assert (record.verdict, record.trial.accepted_at) == (vocab.Verdict.GREY, None)
    assert record.reason == (
        f"It names {NUMBER} among its other numbers: it may be the same study (join) or a further "
        "one."
    )
    assert [one.value for one in trial.identifiers.all()] == [NUMBER]


def test_a_record_whose_own_number_a_trial_names_is_of_that_trial() -> None:
    trial = accepted()
    TrialIdentifier.objects.create(trial=trial, registry="ChiCTR", value="ChiCTR2000099999")
    trials.bring_in([elsewhere("ChiCTR2000099999", names=NUMBER)])
    assert RegistryRecord.objects.get(value="ChiCTR2000099999").trial == trial


@pytest.mark.parametrize("number", ["///", "日本"])
def test_a_number_that_no_address_takes_has_a_made_up_name_there(number: str) -> None:
    assert trials.bring_in([elsewhere(number)]) == Counts(created=1)
    assert Trial.objects.get().slug.startswith("ictrp-")


# --- A payload of some sections alone -------------------------------------------------------------


def columns() -> dict[str, Any]:
    """Give the trial as it stands, but for when it was looked at and updated."""
    row: dict[str, Any] = Trial.objects.values().get()
    return {name: row[name] for name in row if name not in {"checked_on", "registry_updated"}}


def partly(*sections: str, day: str = "2025-06-01") -> dict[str, Any]:
    """The study with its name, its last update and some sections alone."""
    study = small_study(NUMBER, lastUpdatePostDateStruct={"date": day})
    kept = {"identificationModule", "statusModule", *sections}
    protocol = study["protocolSection"]
    return {"protocolSection": {name: protocol[name] for name in protocol if name in kept}}


def test_a_payload_of_some_sections_takes_nothing_of_the_others_away() -> None:
    trial = accepted()
    record = RegistryRecord.objects.get()
    before = columns()
    assert trials.bring_in([ctgov.payload(partly())]) == Counts(changed=1)
    assert columns() == before
    assert (trial.phases, trial.arms.count(), open_cards()) == (["PHASE2"], 2, {})
    now = RegistryRecord.objects.get()
    assert (now.verdict, now.reason) == (record.verdict, record.reason)
    brought_in(later(1, **people(70, "ACTUAL")))
    trial.refresh_from_db()
    assert trial.enrolment == 70
    assert open_cards() == {"enrolment": ("60 estimated", "70 actual", True)}


def test_a_verdict_is_not_judged_again_by_a_payload_without_arms() -> None:
    brought_in(small_study(NUMBER))
    assert RegistryRecord.objects.get().verdict == vocab.Verdict.GIVES
    trials.bring_in([ctgov.payload(partly("designModule"))])
    assert RegistryRecord.objects.get().verdict == vocab.Verdict.GIVES
    assert Trial.objects.get().arms.count() == 2
