"""What a source changed stands once a person accepts it; what she keeps stands with her reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from auditlog.models import LogEntry
from django.contrib.auth import get_user_model

from evidence.ledger import version
from evidence.models import Drift, Publication, Trial
from evidence.registries import ctgov
from evidence.sync import drifts, trials
from evidence.sync.errors import Refused
from evidence.vocab import DriftDecision
from tests.models.rows import make
from tests.registries.made_up import small_study
from tests.sync.came_in import NUMBER, accepted_trial, drift, paper_that_came_in
from tests.sync.test_inbox import allowed

if TYPE_CHECKING:
    from django.contrib.auth.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> User:
    """Somebody who may change trials and publications."""
    return allowed("anna")


@pytest.fixture
def trial(anna: User) -> Trial:
    """An accepted trial with its record."""
    return accepted_trial(anna)


def now(trial: Trial) -> Trial:
    """Return a trial as it stands."""
    return Trial.objects.get(pk=trial.pk)


def last_reason(trial: Trial) -> str:
    """Return why it was last changed, as the log has it."""
    return str(LogEntry.objects.get_for_object(trial).first().additional_data["reason"])


def test_accepting_puts_theirs_in_the_persons_name(trial: Trial, anna: User) -> None:
    waits = drift(trial, "enrolment", applied=False, ours="50", after="77")
    before = version.current().token
    drifts.accept([waits], by=anna)
    waits.refresh_from_db()
    assert now(trial).enrolment == 77
    assert (waits.decision, waits.decided_by) == (DriftDecision.ACCEPTED, anna)
    assert LogEntry.objects.get_for_object(trial).first().actor == anna
    assert last_reason(trial) == f"As {NUMBER} says now."
    assert version.current().token != before


def test_accepting_what_stands_already_changes_nothing_but_that_it_was_seen(
    trial: Trial, anna: User
) -> None:
    waits = drift(trial, "sponsor", applied=True, ours="Old", after=trial.sponsor)
    entries, before = LogEntry.objects.count(), version.current().token
    drifts.accept([waits], by=anna)
    assert Drift.objects.get().decision == DriftDecision.ACCEPTED
    assert (LogEntry.objects.count(), version.current().token) == (entries, before)


def test_keeping_puts_ours_back_where_theirs_stood_already(trial: Trial, anna: User) -> None:
    waits = drift(trial, "sponsor", applied=True, ours="Old", after=trial.sponsor)
    drifts.keep([waits], by=anna, reason="The paper names Old.")
    waits.refresh_from_db()
    assert now(trial).sponsor == "Old"
    assert (waits.decision, waits.reason) == (DriftDecision.KEPT, "The paper names Old.")
    assert last_reason(trial) == "The paper names Old."


def test_keeping_what_stands_leaves_the_trial_alone(trial: Trial, anna: User) -> None:
    waits = drift(trial, "enrolment", applied=False, ours="50", after="77")
    entries = LogEntry.objects.count()
    drifts.keep([waits], by=anna, reason="The paper says 50.")
    assert Drift.objects.get().decision == DriftDecision.KEPT
    assert (now(trial).enrolment, LogEntry.objects.count()) == (trial.enrolment, entries)


def edited(trial: Trial, anna: User) -> Drift:
    """A change that was put, and then corrected: 60, at the registry 70, 55 by a person."""
    study = small_study(NUMBER, enrollmentInfo={"count": 70, "type": "ESTIMATED"})
    trials.bring_in([ctgov.payload(study)])
    waits = Drift.objects.get()
    assert (waits.ours, waits.after, waits.applied) == ("60 estimated", "70 estimated", True)
    Trial.objects.filter(pk=trial.pk).update(enrolment=55)
    return waits


def test_keeping_leaves_what_a_person_wrote_since(trial: Trial, anna: User) -> None:
    drifts.keep([edited(trial, anna)], by=anna, reason="We counted.")
    assert now(trial).enrolment == 55
    assert (Drift.objects.get().decision, Drift.objects.get().reason) == ("kept", "We counted.")


def test_accepting_puts_theirs_over_what_a_person_wrote_since(trial: Trial, anna: User) -> None:
    drifts.accept([edited(trial, anna)], by=anna)
    assert (now(trial).enrolment, Drift.objects.get().decision) == (70, "accepted")


def test_what_is_edited_between_looking_and_deciding_is_not_written_over(
    trial: Trial, anna: User
) -> None:
    waits = edited(trial, anna)
    with pytest.raises(Refused, match=r"changed enrolment since: “55 \(estimated\)” stands now"):
        drifts.accept([waits], by=anna, seen={waits.pk: "70 estimated"})
    assert (now(trial).enrolment, Drift.objects.get().decided_at) == (55, None)


def test_what_the_database_refuses_is_refused_in_words(trial: Trial, anna: User) -> None:
    waits = drift(trial, "min_age_days", applied=False, ours="6574", after="99999")
    with pytest.raises(Refused, match="The least age is at most the greatest"):
        drifts.accept([waits], by=anna)
    assert Drift.objects.get().decided_at is None


def test_nothing_is_kept_without_a_reason(trial: Trial, anna: User) -> None:
    waits = drift(trial, "enrolment", applied=False, ours="50", after="77")
    with pytest.raises(Refused, match="Say why ours is kept"):
        drifts.keep([waits], by=anna, reason=" ")
    assert Drift.objects.get().decided_at is None


def test_several_fields_are_decided_together_or_not_at_all(trial: Trial, anna: User) -> None:
    first = drift(trial, "enrolment", applied=False, ours="50", after="77")
    second = drift(trial, "sponsor", applied=False, ours="Ours", after="Theirs")
    seen = Drift.objects.get(pk=second.pk)
    Drift.objects.filter(pk=second.pk).update(after="Somebody else")
    with pytest.raises(Refused, match="something else of it meanwhile"):
        drifts.accept([first, seen], by=anna)
    assert now(trial).enrolment == trial.enrolment
    drifts.accept([first, Drift.objects.get(pk=second.pk)], by=anna)
    assert (now(trial).enrolment, now(trial).sponsor) == (77, "Somebody else")


def test_the_second_of_two_people_is_told_who_decided_what(trial: Trial, anna: User) -> None:
    waits = drift(trial, "enrolment", applied=False, ours="50", after="77")
    drifts.accept([waits], by=anna)
    with pytest.raises(Refused, match=r"anna decided on enrolment already, on .*: accepted"):
        drifts.keep([waits], by=allowed("berta"), reason="The paper says 50.")
    assert now(trial).enrolment == 77


def test_what_the_registry_took_back_needs_no_decision(trial: Trial, anna: User) -> None:
    waits = drift(trial, "enrolment", applied=False, ours="50", after="77")
    Drift.objects.all().delete()
    with pytest.raises(Refused, match="gone back"):
        drifts.accept([waits], by=anna)


def test_nobody_decides_whose_duties_do_not_include_it(trial: Trial) -> None:
    waits = drift(trial, "enrolment", applied=False, ours="50", after="77")
    viewer = get_user_model().objects.create_user("vic")
    with pytest.raises(Refused, match="Your duties do not include"):
        drifts.accept([waits], by=viewer)
    assert now(trial).enrolment == trial.enrolment


def test_accepted_arms_are_added_by_label_and_none_is_taken_away(trial: Trial, anna: User) -> None:
    here = trial.arms.first()
    assert here is not None
    text = f"{here.label}\tother\tsomething else\nA new arm\texperimental\tIL-2"
    waits = drift(trial, "arms", applied=False, ours="", after=text)
    before = {arm.label: arm.given for arm in trial.arms.all()}
    drifts.accept([waits], by=anna)
    after = {arm.label: arm.given for arm in now(trial).arms.all()}
    assert after == before | {"A new arm": "IL-2"}


def test_what_was_accepted_is_no_change_when_it_comes_in_again(anna: User) -> None:
    trial = accepted_trial(anna)
    changed = ctgov.payload(small_study(NUMBER, enrollmentInfo={"count": 77, "type": "ACTUAL"}))
    trials.bring_in([changed])
    waits = Drift.objects.get(field="enrolment")
    drifts.keep([waits], by=anna, reason="The paper says otherwise.")
    trials.bring_in([changed])
    assert not Drift.objects.filter(decided_at=None).exists()
    assert now(trial).enrolment == trial.enrolment


def test_of_a_publication_too_theirs_is_put_in_its_place(anna: User) -> None:
    paper = paper_that_came_in(year=2009)
    waits = make(
        Drift,
        trial=None,
        publication=paper,
        record=paper.registry_records.get(),
        field="year",
        ours="2009",
        after="2010",
    )
    assert (drifts.label(waits), drifts.stands_now(waits)) == ("Year", "2009")
    drifts.accept([waits], by=anna)
    assert Publication.objects.get(pk=paper.pk).year == 2010


def test_the_note_of_a_standing_that_is_not_kept_goes_with_it(anna: User) -> None:
    said = "Retracted, as PubMed says (notice PMID 7)."
    paper = paper_that_came_in(standing="retracted", standing_note=said)
    record = paper.registry_records.get()
    change = {"trial": None, "publication": paper, "record": record, "field": "standing"}
    waits = make(Drift, **change, ours="current", after="retracted", applied=True)
    assert drifts.words(waits, "retracted") == "retracted"
    drifts.keep([waits], by=anna, reason="The notice is of another paper.")
    paper.refresh_from_db()
    assert (paper.standing, paper.standing_note) == ("current", "")
