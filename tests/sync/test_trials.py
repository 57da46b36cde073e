"""Studies come in: new ones into the inbox, known ones field by field, no person's word lost."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evidence import models, vocab
from evidence.ledger import actors, version
from evidence.models import Arm, Drift, RegistryRecord, Snapshot, Topic, Trial, TrialIdentifier
from evidence.registries import ctgov
from evidence.registries import trials as registered
from evidence.registries.records import Fault, Identifier, Payload, TrialRecord
from evidence.sync import fields, finding, trials
from evidence.sync.tally import Counts
from tests.models.rows import make, someone
from tests.registries.made_up import many_studies, mentioning_study, small_study
from tests.registries.studies import real_studies

pytestmark = pytest.mark.django_db

NUMBER = "NCT00000101"
NEXT = "2025-03-01"


def brought_in(*studies: dict[str, Any], **options: Any) -> tuple[Counts, list[Fault]]:
    """Bring studies in as one batch; give the tally, and the faults."""
    faults: list[Fault] = []

    def write_down(_: Counts, told: list[Fault]) -> None:
        faults.extend(told)

    payloads = [ctgov.payload(study) for study in studies]
    return trials.bring_in(payloads, write_down=write_down, **options), faults


def changed(**changes: Any) -> dict[str, Any]:
    """The study as a later update of its registry has it."""
    return small_study(NUMBER, lastUpdatePostDateStruct={"date": NEXT}, **changes)


def the_trial() -> Trial:
    return Trial.objects.get(slug=NUMBER)


def accepted() -> Trial:
    """Bring the study in, and accept it."""
    brought_in(small_study(NUMBER))
    trial = the_trial()
    trial.accepted_by, trial.accepted_at = someone(), timezone.now()
    trial.save()
    return trial


def corrected(trial: Trial, **columns: Any) -> Trial:
    """Correct a trial in a person's name."""
    for name, value in columns.items():
        setattr(trial, name, value)
    with actors.acting(someone()):
        trial.save()
    return trial


def everything() -> dict[str, list[Any]]:
    """All rows that an import may write."""
    tables = ("Trial", "TrialPhase", "TrialIdentifier", "Arm", "RegistryRecord", "Snapshot")
    several = [getattr(models, name) for name in (*tables, "Drift", "DataVersion")]
    return {each.__name__: list(each.objects.order_by("pk").values()) for each in several}


# --- New ones -------------------------------------------------------------------------------------


def test_a_new_study_waits_in_the_inbox_with_all_that_its_record_says() -> None:
    counts, faults = brought_in(small_study(NUMBER, acronym="MADE"))
    assert (counts, faults) == (Counts(created=1), [])
    trial = the_trial()
    assert (trial.origin, trial.accepted_at) == (vocab.Origin.IMPORT, None)
    assert (trial.acronym, trial.recruitment_status, trial.enrolment) == ("MADE", "RECRUITING", 60)
    assert (trial.start, trial.completion, trial.countries) == ("2020-01", "2024-01", "Germany")
    assert (trial.phases, trial.checked_on) == (["PHASE2"], dt.date(2025, 2, 1))
    assert [(one.label, one.kind, one.given) for one in trial.arms.all()] == [
        ("Aldesleukin", "experimental", "Aldesleukin"),
        ("Placebo", "placebo-comparator", "Placebo"),
    ]
    record = RegistryRecord.objects.get()
    assert (record.trial, record.verdict, record.value) == (trial, "gives", NUMBER)
    assert json.loads(record.snapshot.payload)["hasResults"] is False
    assert record.snapshot.data_date == "2025-02-01"


def test_what_only_mentions_il2_is_remembered_and_makes_no_trial() -> None:
    assert brought_in(mentioning_study())[0] == Counts(not_il2=1)
    assert not Trial.objects.exists()
    assert RegistryRecord.objects.get().verdict == vocab.Verdict.NOT_IL2
    assert brought_in(mentioning_study())[0] == Counts(same=1)


def test_a_second_time_writes_nothing() -> None:
    studies = [*many_studies(3), mentioning_study()]
    brought_in(*studies)
    before = everything()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert brought_in(*studies)[0] == Counts(same=4)
    assert everything() == before
    words = ("INSERT", "UPDATE", "DELETE")
    assert [one["sql"] for one in queries if one["sql"].startswith(words)] == []


def test_a_dry_run_counts_and_writes_nothing() -> None:
    before = everything()
    assert brought_in(*many_studies(2), mentioning_study(), dry_run=True)[0] == Counts(
        created=2, not_il2=1
    )
    assert everything() == before


def test_a_study_that_comes_twice_in_a_batch_is_one_trial() -> None:
    counts, faults = brought_in(small_study(NUMBER), small_study(NUMBER), changed())
    assert (counts, faults) == (Counts(created=1, same=1, changed=1), [])
    assert Trial.objects.count() == 1


def test_what_waits_in_the_inbox_does_not_move_what_readers_see() -> None:
    version.bump()
    before = version.current()
    brought_in(*many_studies(5))
    brought_in(changed(overallStatus="COMPLETED"))
    assert version.current() == before


def test_a_study_with_a_thousand_arms_goes_in() -> None:
    arms = [{"label": f"Arm {number}", "type": "OTHER"} for number in range(1_000)]
    assert brought_in(small_study(NUMBER, armGroups=arms))[0] == Counts(created=1)
    assert the_trial().arms.count() == 1_000


def test_a_study_of_more_than_a_megabyte_goes_in() -> None:
    places = [{"facility": "x" * 100, "country": "Norway"} for _ in range(12_000)]
    study = small_study(NUMBER, locations=places)
    assert len(json.dumps(study)) > 1_500_000
    assert brought_in(study)[0] == Counts(created=1)


# --- Known ones -----------------------------------------------------------------------------------


def test_a_field_that_nobody_corrected_follows_its_registry() -> None:
    accepted()
    assert brought_in(changed(briefTitle="Another title"))[0] == Counts(changed=1)
    assert the_trial().title == "Another title"
    assert not Drift.objects.exists()


def test_a_watched_field_follows_too_and_somebody_is_told() -> None:
    accepted()
    brought_in(changed(overallStatus="TERMINATED", whyStopped="No funds"))
    assert the_trial().recruitment_status == "TERMINATED"
    cards = Drift.objects.order_by("field").values_list("field", "ours", "after", "applied")
    assert list(cards) == [
        ("recruitment_status", "RECRUITING", "TERMINATED", True),
        ("why_stopped", "", "No funds", True),
    ]


def test_a_correction_stands_and_what_the_registry_says_now_is_a_card() -> None:
    corrected(accepted(), title="Our title", enrolment=61)
    brought_in(changed(briefTitle="Theirs", enrollmentInfo={"count": 70, "type": "ACTUAL"}))
    trial = the_trial()
    assert (trial.title, trial.enrolment, trial.enrolment_type) == ("Our title", 61, "estimated")
    card = Drift.objects.get(field="enrolment")
    assert (card.ours, card.before, card.after) == ("61 estimated", "60 estimated", "70 actual")
    assert not card.applied
    assert Drift.objects.get(field="title").after == "Theirs"


def test_a_correction_stands_while_its_registry_says_nothing_new_of_it() -> None:
    corrected(accepted(), title="Our title")
    brought_in(changed(overallStatus="RECRUITING", acronym="NEW"))
    assert (the_trial().title, the_trial().acronym) == ("Our title", "NEW")
    assert not Drift.objects.exists()


def test_a_card_moves_on_with_its_registry_and_closes_when_both_agree() -> None:
    corrected(accepted(), title="Our title")
    brought_in(changed(briefTitle="Theirs"))
    opened = Drift.objects.get()
    later = {"lastUpdatePostDateStruct": {"date": "2025-04-01"}}
    brought_in(small_study(NUMBER, **later, briefTitle="Theirs again"))
    moved = Drift.objects.get()
    assert (moved.pk, moved.after) == (opened.pk, "Theirs again")
    last = {"lastUpdatePostDateStruct": {"date": "2025-05-01"}}
    brought_in(small_study(NUMBER, **last, briefTitle="Our title"))
    assert not Drift.objects.exists()


def test_arms_of_an_accepted_trial_are_told_of_and_never_touched() -> None:
    before = list(accepted().arms.values())
    arms = [{"label": "Aldesleukin", "type": "EXPERIMENTAL"}, {"label": "Third", "type": "OTHER"}]
    brought_in(changed(armGroups=arms))
    assert list(the_trial().arms.values()) == before
    card = Drift.objects.get()
    assert (card.field, card.applied) == ("arms", False)
    assert "Third" in card.after


def test_what_curators_own_is_never_written() -> None:
    trial = corrected(accepted(), population_text="Adults", results_summary="It helped.")
    Arm.objects.filter(trial=trial).update(dose_text="1 MIU", route=vocab.Route.SUBCUTANEOUS)
    condition = make(models.Condition)
    trial.conditions.add(condition)
    doses = list(trial.arms.values("label", "dose_text", "route"))
    brought_in(changed(briefTitle="New", phases=["PHASE3"]))
    trial = the_trial()
    assert (trial.population_text, trial.results_summary) == ("Adults", "It helped.")
    assert (list(trial.conditions.all()), trial.phases) == ([condition], ["PHASE3"])
    assert list(trial.arms.values("label", "dose_text", "route")) == doses


def test_counted_or_planned_goes_with_the_number_that_it_is_said_of() -> None:
    trial = corrected(accepted(), enrolment=None, enrolment_type="")
    counts, faults = brought_in(changed(enrollmentInfo={"count": 60, "type": "ACTUAL"}))
    assert (counts, faults) == (Counts(changed=1), [])
    trial.refresh_from_db()
    assert (trial.enrolment, trial.enrolment_type) == (None, "")


def test_an_older_record_changes_nothing() -> None:
    accepted()
    brought_in(changed(briefTitle="Newer"))
    before = everything()
    assert brought_in(small_study(NUMBER))[0] == Counts(same=1)
    older = small_study(NUMBER, lastUpdatePostDateStruct={"date": "2024-01-01"}, briefTitle="Old")
    assert brought_in(older)[0] == Counts(same=1)
    assert everything() == before


def test_a_registry_that_goes_back_is_believed_when_its_data_are_newer() -> None:
    accepted()
    brought_in(changed(briefTitle="Newer"))
    brought_in(small_study(NUMBER), checked_on=dt.date(2025, 6, 1))
    assert (
        the_trial().title
        == small_study(NUMBER)["protocolSection"]["identificationModule"]["briefTitle"]
    )


def test_the_day_last_looked_at_moves_alone_and_never_back() -> None:
    accepted()
    version.bump()
    before = version.current()
    brought_in(small_study(NUMBER), checked_on=dt.date(2025, 7, 1))
    assert the_trial().checked_on == dt.date(2025, 7, 1)
    assert RegistryRecord.objects.get().checked_on == dt.date(2025, 7, 1)
    now = version.current()
    assert (now.number, now.as_of) == (before.number, before.as_of)
    assert now.token != before.token
    brought_in(small_study(NUMBER), checked_on=dt.date(2025, 5, 1))
    assert the_trial().checked_on == dt.date(2025, 7, 1)


def test_a_change_of_an_accepted_trial_works_its_topics_out_again() -> None:
    trial = accepted()
    topic = make(Topic)
    topic.trials.add(trial)
    make(models.Assessment, topic=topic)
    before = version.current().number
    brought_in(changed(overallStatus="COMPLETED"))
    topic.refresh_from_db()
    assert topic.rule
    assert topic.rule_version
    assert version.current().number == before + 1


def test_sync_writes_no_audit_entries() -> None:
    accepted()
    before = LogEntry.objects.count()
    brought_in(changed(briefTitle="New", phases=["PHASE3"]), *many_studies(2, start=500))
    assert LogEntry.objects.count() == before


def test_what_readers_see_is_written_a_few_at_a_time(monkeypatch: Any) -> None:
    monkeypatch.setattr(trials, "MOST_SEEN_AT_ONCE", 2)
    brought_in(*many_studies(5))
    Trial.objects.update(accepted_at=timezone.now(), accepted_by=someone())
    before = version.current().number
    update = {"lastUpdatePostDateStruct": {"date": NEXT}, "acronym": "NEW"}
    brought_in(*(small_study(f"NCT{number:08}", **update) for number in range(101, 106)))
    assert version.current().number == before + 3
    assert Trial.objects.filter(acronym="NEW").count() == 5


def test_a_study_that_is_back_is_not_flagged_any_more() -> None:
    brought_in(small_study(NUMBER))
    RegistryRecord.objects.update(vanished_on=dt.date(2025, 3, 1))
    brought_in(small_study(NUMBER))
    assert RegistryRecord.objects.get().vanished_on is None


# --- Days that are still to come, and copies that are older ---------------------------------------


def dated(study: dict[str, Any], day: str | None) -> dict[str, Any]:
    """The study in data of another day."""
    study["derivedSection"] = {"miscInfoModule": {"versionHolder": day}}
    return study


def test_a_record_from_the_future_is_refused_in_a_line_and_shuts_nothing_out() -> None:
    accepted()
    before = everything()
    ahead = small_study(
        NUMBER, lastUpdatePostDateStruct={"date": "2031-01-01"}, overallStatus="COMPLETED"
    )
    counts, faults = brought_in(dated(ahead, "2031-01-01"))
    assert (counts, [one.about for one in faults]) == (Counts(failed=1), [NUMBER])
    assert "2031-01-01" in faults[0].sentence
    assert everything() == before
    assert brought_in(changed(overallStatus="TERMINATED"))[0] == Counts(changed=1)
    assert the_trial().recruitment_status == "TERMINATED"


def test_a_registry_may_be_a_day_ahead_of_us() -> None:
    today = dt.date(2025, 3, 1)
    ahead = [
        small_study(number, lastUpdatePostDateStruct={"date": day})
        for number, day in (("NCT00000102", "2025-03-02"), ("NCT00000103", "2025-03-03"))
    ]
    assert brought_in(*ahead, today=today)[0] == Counts(created=1, failed=1)


@pytest.mark.parametrize("held", [False, True])
def test_a_day_of_data_that_is_still_to_come_is_not_believed(held: bool) -> None:
    if held:
        accepted()
    brought_in(dated(changed(briefTitle="New"), "2031-05-05"))
    assert the_trial().checked_on == dt.date.fromisoformat(NEXT)
    assert RegistryRecord.objects.get().checked_on == dt.date.fromisoformat(NEXT)
    assert not Snapshot.objects.filter(data_date__startswith="2031").exists()
    brought_in(changed(briefTitle="New"), checked_on=dt.date(2031, 6, 6))
    assert the_trial().checked_on == dt.date.fromisoformat(NEXT)


@pytest.mark.parametrize("title", ["Low-dose interleukin-2 in made-up disease 101", "Another"])
def test_a_day_to_come_that_is_held_gives_way_to_one_that_was(title: str) -> None:
    accepted()
    ahead = dt.date(2031, 1, 1)
    Trial.objects.update(checked_on=ahead)
    RegistryRecord.objects.update(checked_on=ahead)
    day = dt.date(2025, 7, 1)
    brought_in(small_study(NUMBER, briefTitle=title), checked_on=day)
    assert the_trial().title == title
    assert (the_trial().checked_on, RegistryRecord.objects.get().checked_on) == (day, day)


def test_an_update_to_come_that_is_held_shuts_nothing_out() -> None:
    accepted()
    Trial.objects.update(registry_updated="2031-01-01")
    record = RegistryRecord.objects.get()
    record.values = {**record.values, "registry_updated": "2031-01-01"}
    record.save()
    assert brought_in(changed(briefTitle="New"))[0] == Counts(changed=1)
    assert (the_trial().title, the_trial().registry_updated) == ("New", NEXT)


def test_of_two_copies_updated_on_one_day_that_of_older_data_is_left() -> None:
    accepted()
    brought_in(changed(overallStatus="COMPLETED"), checked_on=dt.date(2025, 6, 2))
    before = everything()
    older = dated(changed(overallStatus="SUSPENDED"), "2025-06-01")
    assert brought_in(older)[0] == Counts(same=1)
    assert everything() == before


@pytest.mark.parametrize("day", [None, "2025-06", "2025-06-02", "2025-06-03"])
def test_a_copy_updated_on_one_day_whose_data_are_not_known_to_be_older_is_new(
    day: str | None,
) -> None:
    accepted()
    brought_in(changed(overallStatus="COMPLETED"), checked_on=dt.date(2025, 6, 2))
    new = dated(changed(overallStatus="SUSPENDED"), day)
    assert brought_in(new)[0] == Counts(changed=1)
    assert the_trial().recruitment_status == "SUSPENDED"
    assert Drift.objects.get(field="recruitment_status").after == "SUSPENDED"


# --- What nobody understands ----------------------------------------------------------------------

ODD: dict[str, tuple[dict[str, Any], str]] = {
    "recruitment_status": ({"overallStatus": "PAUSED"}, "PAUSED"),
    "enrolment": ({"enrollmentInfo": {"count": -3, "type": "ACTUAL"}}, "-3"),
    "enrolment_type": ({"enrollmentInfo": {"count": 60, "type": "GUESSED"}}, "GUESSED"),
    "start": ({"startDateStruct": {"date": "03/04/2020"}}, "03/04/2020"),
    "primary_completion": ({"primaryCompletionDateStruct": {"date": "soon"}}, "soon"),
    "completion": ({"completionDateStruct": "2024"}, "2024"),
    "results_posted": ({"resultsFirstPostDateStruct": {"date": "2025-02-30"}}, "2025-02-30"),
    "min_age_days": ({"minimumAge": "grown up"}, "grown up"),
    "max_age_days": ({"maximumAge": "999 Years"}, "999 Years"),
    "phases": ({"phases": ["PHASE9"]}, "PHASE9"),
    "design": ({"designInfo": {"allocation": "DRAWN"}}, "DRAWN"),
}
FULL = {"resultsFirstPostDateStruct": {"date": "2025-01-01"}, "maximumAge": "65 Years"}


@pytest.mark.parametrize("field", ODD)
def test_what_is_not_understood_leaves_ours_and_is_told_of(field: str) -> None:
    brought_in(small_study(NUMBER, **FULL))
    Trial.objects.update(accepted_at=timezone.now(), accepted_by=someone())
    ours = fields.text_of(the_trial(), field)
    assert ours
    odd, words = ODD[field]
    counts, faults = brought_in(changed(**{**FULL, **odd, "briefTitle": "New"}))
    assert counts == Counts(changed=1)
    assert [one.about for one in faults] == [NUMBER]
    assert f"“{words}”" in faults[0].sentence
    assert faults[0].sentence.endswith("; ours stays.")
    assert faults[0].sentence.startswith(f"The {fields.label(field).lower()} ")
    assert (the_trial().title, fields.text_of(the_trial(), field)) == ("New", ours)
    assert not Drift.objects.exists()
    later = small_study(NUMBER, **FULL, lastUpdatePostDateStruct={"date": "2025-04-01"})
    assert brought_in(later) == (Counts(changed=1), [])
    assert (fields.text_of(the_trial(), field), Drift.objects.count()) == (ours, 0)


def test_a_day_of_update_that_is_not_understood_leaves_ours_and_the_rest_goes_in() -> None:
    accepted()
    odd = small_study(NUMBER, lastUpdatePostDateStruct={"date": "lately"}, briefTitle="New")
    counts, faults = brought_in(odd)
    assert (counts, len(faults)) == (Counts(changed=1), 1)
    assert (the_trial().title, the_trial().registry_updated) == ("New", "2025-01-15")


def test_the_number_that_is_not_understood_keeps_what_is_said_of_it() -> None:
    accepted()
    brought_in(changed(enrollmentInfo={"count": "many", "type": "ACTUAL"}))
    assert (the_trial().enrolment, the_trial().enrolment_type) == (60, "estimated")


def test_what_a_new_study_gives_and_nobody_understands_is_empty_and_told_of() -> None:
    counts, faults = brought_in(small_study(NUMBER, overallStatus="PAUSED"))
    assert (counts, len(faults)) == (Counts(created=1), 1)
    assert faults[0].sentence.endswith("“PAUSED” is not one that is known here; it is left out.")
    assert the_trial().recruitment_status == ""
    brought_in(changed(overallStatus="COMPLETED"))
    assert the_trial().recruitment_status == "COMPLETED"


def test_at_first_what_is_not_understood_takes_nothing_and_a_persons_word_stands_after() -> None:
    trial = corrected(known(start="2019"), recruitment_status="RECRUITING")
    odd = {"overallStatus": "PAUSED", "startDateStruct": {"date": "soon"}}
    assert len(brought_in(small_study(NUMBER, **odd))[1]) == 2
    trial.refresh_from_db()
    assert (trial.recruitment_status, trial.start) == ("RECRUITING", "2019")
    brought_in(changed(overallStatus="COMPLETED", startDateStruct={"date": "2020"}))
    trial.refresh_from_db()
    assert (trial.recruitment_status, trial.start) == ("RECRUITING", "2020")
    assert Drift.objects.get(field="recruitment_status").applied is False


# --- What the operator is told of each ------------------------------------------------------------


@pytest.mark.parametrize("dry_run", [False, True])
def test_the_operator_is_told_what_becomes_of_each_record(dry_run: bool) -> None:
    accepted()
    brought_in(*many_studies(2, start=500), mentioning_study())
    Trial.objects.get(slug="NCT00000501").delete()
    lines: list[tuple[str, str]] = []
    update = {"lastUpdatePostDateStruct": {"date": NEXT}}
    brought_in(
        changed(overallStatus="TERMINATED", completionDateStruct={"date": "2025"}, acronym="A"),
        small_study("NCT00000500", lastUpdatePostDateStruct={"date": "2024"}),
        small_study("NCT00000501", **update),
        small_study("NCT00000600"),
        mentioning_study(),
        mentioning_study("NCT00000902"),
        dry_run=dry_run,
        tell=lambda about, sentence: lines.append((about, sentence)),
    )
    told = dict(lines)
    assert len(told) == len(lines)
    assert told.pop("NCT00000902").startswith("does not give IL-2 (")
    assert told == {
        NUMBER: "acronym, recruitment status, completion changed; 2 cards wait",
        "NCT00000500": "older than what is held, left",
        "NCT00000501": "a person deleted its trial here, left out",
        "NCT00000600": "waits in the inbox",
    }


def test_a_record_that_the_database_refuses_is_told_of_by_its_fault_alone() -> None:
    make(Trial, slug="NCT00000103")
    told: list[str] = []
    brought_in(*many_studies(6), tell=lambda about, _: told.append(about))
    assert sorted(told) == [f"NCT0000010{one}" for one in (1, 2, 4, 5, 6)]


# --- First meetings -------------------------------------------------------------------------------


def known(**columns: Any) -> Trial:
    """A trial that was known before its record came in."""
    starter = {"origin": vocab.Origin.STARTER, "accepted_at": timezone.now()}
    trial = make(Trial, slug="known", **starter | columns)
    TrialIdentifier.objects.create(trial=trial, registry="NCT", value=NUMBER)
    return trial


def test_a_record_joins_the_trial_that_has_its_number() -> None:
    trial = known(title="A title of ours", sponsor="")
    assert brought_in(small_study(NUMBER))[0] == Counts(changed=1)
    trial.refresh_from_db()
    assert Trial.objects.count() == 1
    assert (trial.slug, trial.sponsor) == ("known", "Example University")
    assert trial.title.startswith("Low-dose interleukin-2")


def test_at_first_what_a_person_wrote_stands_and_the_rest_is_filled() -> None:
    trial = corrected(known(sponsor="Somebody"), title="Written by a person")
    brought_in(small_study(NUMBER))
    trial.refresh_from_db()
    assert (trial.title, trial.sponsor) == ("Written by a person", "Example University")
    assert Drift.objects.get().field == "title"


def test_at_first_nothing_of_a_trial_that_a_curator_made_is_written_over() -> None:
    trial = known(
        origin=vocab.Origin.CURATOR, accepted_by=someone(), title="Hers", enrolment=12, sponsor=""
    )
    brought_in(small_study(NUMBER))
    trial.refresh_from_db()
    assert (trial.title, trial.enrolment, trial.sponsor) == ("Hers", 12, "Example University")
    assert {*Drift.objects.values_list("field", flat=True)} == {"title", "enrolment"}


def test_that_a_registry_says_nothing_takes_nothing_away() -> None:
    trial = known(why_stopped="As the paper says")
    brought_in(small_study(NUMBER))
    trial.refresh_from_db()
    assert trial.why_stopped == "As the paper says"


def test_an_alias_finds_the_trial_and_becomes_one_of_its_numbers() -> None:
    trial = known()
    brought_in(small_study("NCT00000777", nctIdAliases=[NUMBER]))
    assert {*trial.identifiers.values_list("value", flat=True)} == {NUMBER, "NCT00000777"}
    assert Trial.objects.count() == 1


def test_a_study_of_another_registry_is_found_by_its_own_number() -> None:
    trial = known()
    TrialIdentifier.objects.create(trial=trial, registry="other", value="JPRN-UMIN000000001")
    TrialIdentifier.objects.create(trial=trial, registry="other", value="ACTG 1")
    owners = {("other", "JPRN-UMIN000000001"): trial.pk, ("other", "ACTG 1"): trial.pk}
    one = TrialRecord(
        source="ictrp", id=Identifier(registry="other", value="JPRN-UMIN000000001"), title="A trial"
    )
    assert finding.candidates(one, [("other", "ACTG 1")], owners) == {trial.pk}
    two = TrialRecord(source="ictrp", id=Identifier(registry="other", value="X"), title="A trial")
    assert finding.candidates(two, [("other", "ACTG 1")], owners) == set()


def test_two_trials_with_the_numbers_of_one_record_are_a_fault() -> None:
    known()
    other = make(Trial, slug="other")
    TrialIdentifier.objects.create(trial=other, registry="NCT", value="NCT00000777")
    counts, faults = brought_in(
        small_study("NCT00000777", nctIdAliases=[NUMBER]), small_study("NCT00000900")
    )
    assert counts == Counts(failed=1, created=1)
    assert faults[0].about == "NCT00000777"
    assert "known, other" in faults[0].sentence


def test_a_number_that_another_trial_has_stays_there_with_a_line() -> None:
    shared = [{"id": "2015-000123-12"}]
    counts, faults = brought_in(
        small_study(NUMBER, secondaryIdInfos=shared),
        small_study("NCT00000102", secondaryIdInfos=shared),
    )
    assert counts == Counts(created=2)
    assert [(one.about, "2015-000123-12" in one.sentence) for one in faults] == [
        ("NCT00000102", True)
    ]


def test_a_record_of_an_accepted_trial_stays_whatever_it_gives() -> None:
    trial = known()
    brought_in(mentioning_study(NUMBER))
    record = RegistryRecord.objects.get()
    assert (record.trial, record.verdict) == (trial, vocab.Verdict.GIVES)
    assert "A person accepted it" in record.reason


# --- What people decided --------------------------------------------------------------------------


def test_what_a_person_turned_down_is_not_asked_again() -> None:
    brought_in(mentioning_study())
    record = RegistryRecord.objects.get()
    record.decided_by, record.decided_at = someone(), timezone.now()
    record.save()
    again = small_study("NCT00000901", lastUpdatePostDateStruct={"date": NEXT})
    assert brought_in(again)[0] == Counts(not_il2=1)
    assert not Trial.objects.exists()


def test_a_trial_that_a_person_deleted_stays_away() -> None:
    brought_in(small_study(NUMBER))
    the_trial().delete()
    assert brought_in(changed())[0] == Counts(left_out=1)
    assert not Trial.objects.exists()


def test_what_did_not_give_il2_and_does_now_comes_into_the_inbox() -> None:
    brought_in(mentioning_study(NUMBER))
    assert brought_in(changed())[0] == Counts(created=1)
    assert RegistryRecord.objects.get().trial == the_trial()


# --- Faults ---------------------------------------------------------------------------------------


def test_a_record_that_the_database_refuses_is_one_line_and_the_rest_goes_on() -> None:
    make(Trial, slug="NCT00000103")  # its name in addresses is taken, and no number finds it
    counts, faults = brought_in(*many_studies(6))
    assert counts == Counts(created=5, failed=1)
    assert [one.about for one in faults] == ["NCT00000103"]
    taken = Trial.objects.get(slug="NCT00000103").title
    assert faults[0].sentence.startswith(
        f"Another trial stands under its number in addresses (“{taken}”): give that one"
    )
    assert Trial.objects.count() == 6


def test_a_payload_that_cannot_be_read_is_one_line() -> None:
    odd = Payload(source="ctgov", value="NCT1", data={"protocolSection": {}})
    counts = trials.bring_in([odd, ctgov.payload(small_study(NUMBER))])
    assert counts == Counts(created=1, failed=1)


def test_a_text_with_a_nul_goes_in_without_it() -> None:
    counts, faults = brought_in(small_study(NUMBER, briefTitle="Interleukin\x00-2 \ud800 here"))
    assert (counts, faults) == (Counts(created=1), [])
    assert "\x00" not in the_trial().title


def test_another_reading_of_the_same_payload_writes_the_difference(monkeypatch: Any) -> None:
    brought_in(small_study(NUMBER))
    monkeypatch.setattr("evidence.sync.trials.READER", registered.READER + 1)
    monkeypatch.setattr("evidence.sync.writes.READER", registered.READER + 1)
    assert brought_in(small_study(NUMBER))[0] == Counts(same=1)
    assert RegistryRecord.objects.get().reader == registered.READER + 1
    assert Snapshot.objects.count() == 1


def test_what_is_held_is_read_anew_from_older_data_too(monkeypatch: Any) -> None:
    brought_in(small_study(NUMBER))
    brought_in(small_study(NUMBER), checked_on=dt.date(2025, 7, 1))
    monkeypatch.setattr("evidence.sync.trials.READER", registered.READER + 1)
    monkeypatch.setattr("evidence.sync.writes.READER", registered.READER + 1)
    brought_in(small_study(NUMBER))
    record = RegistryRecord.objects.get()
    assert (record.reader, record.checked_on) == (registered.READER + 1, dt.date(2025, 7, 1))


def test_the_queries_of_a_batch_do_not_grow_with_it() -> None:
    def asked(*studies: Any) -> int:
        with CaptureQueriesContext(connection) as queries:
            brought_in(*studies)
        return len(queries)

    brought_in(small_study(NUMBER))
    few, many = many_studies(2, start=1_000), many_studies(40, start=2_000)
    assert asked(*many) == asked(*few)
    update = {"lastUpdatePostDateStruct": {"date": NEXT}, "overallStatus": "COMPLETED"}
    few = [small_study(f"NCT{number:08}", **update) for number in (1_000, 1_001)]
    many = [small_study(f"NCT{number:08}", **update) for number in range(2_000, 2_040)]
    assert asked(*many) == asked(*few)


# --- Real ones ------------------------------------------------------------------------------------


def test_every_real_study_stands_here_as_a_direct_read_of_its_json(registry_folder: Path) -> None:
    studies = {}
    for _, study in real_studies(registry_folder):
        studies[study["protocolSection"]["identificationModule"]["nctId"]] = study
    counts, faults = brought_in(*studies.values())
    assert (counts.failed, faults) == (0, [])
    assert counts.created + counts.not_il2 == len(studies)
    with_arms = 0
    for record in RegistryRecord.objects.select_related("trial"):
        told = directly(studies[record.value]["protocolSection"])
        assert {name: record.values[name] for name in told} == told, record.value
        if record.trial is not None:
            arms = record.trial.arms.values_list("label", "kind")
            assert list(arms) == arms_directly(studies[record.value]), record.value
            with_arms += bool(arms)
            stands = {name: fields.text_of(record.trial, name) for name in told}
            assert stands == told, record.value
    assert with_arms


def arms_directly(study: dict[str, Any]) -> list[tuple[str, str]]:
    """Read label and kind of each arm by nothing but their keys; one label is one arm."""
    groups = study["protocolSection"].get("armsInterventionsModule", {}).get("armGroups", [])
    kinds = {
        " ".join(one["label"].split()): one.get("type", "NOT_STATED").lower().replace("_", "-")
        for one in reversed(groups)
    }
    return [*reversed(kinds.items())]


def directly(protocol: dict[str, Any]) -> dict[str, str]:
    """Read what a study says by nothing but its keys."""
    named, status = protocol["identificationModule"], protocol["statusModule"]
    design = protocol.get("designModule", {})
    enrolment = design.get("enrollmentInfo", {}).get("count")

    def date(key: str) -> str:
        return status.get(key, {}).get("date", "")

    return {
        "title": " ".join(named["briefTitle"].split()),
        "recruitment_status": status.get("overallStatus", ""),
        "phases": "\n".join(design.get("phases", [])),
        "enrolment": "" if enrolment is None else str(enrolment),
        "start": date("startDateStruct"),
        "primary_completion": date("primaryCompletionDateStruct"),
        "completion": date("completionDateStruct"),
        "results_posted": date("resultsFirstPostDateStruct"),
        "registry_updated": date("lastUpdatePostDateStruct"),
        "sponsor": protocol.get("sponsorCollaboratorsModule", {})
        .get("leadSponsor", {})
        .get("name", ""),
    }
