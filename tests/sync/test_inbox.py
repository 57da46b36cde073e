"""What came in waits until a person takes it, joins it to another, or says that it is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from auditlog.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.utils import timezone

from evidence.ledger import version
from evidence.ledger.actors import acting
from evidence.models import (
    Condition,
    Finding,
    Intervention,
    Publication,
    RegistryRecord,
    Topic,
    Trial,
    TrialIdentifier,
    TrialPublication,
)
from evidence.registries import ctgov
from evidence.sync import inbox, inbox_publications, trials
from evidence.sync.errors import Refused
from evidence.vocab import Origin, Verdict
from tests.models.rows import make
from tests.registries.made_up import small_study
from tests.sync.came_in import (
    NUMBER,
    paper_that_came_in,
    record_of,
    study_that_only_mentions,
    trial_that_came_in,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> User:
    """Somebody who may change trials and publications."""
    return allowed("anna")


def allowed(name: str) -> User:
    """Make a person who may change trials and publications."""
    user = get_user_model().objects.create_user(name)
    may = Permission.objects.filter(codename__in=("change_trial", "change_publication"))
    user.user_permissions.set(may)
    return get_user_model().objects.get(pk=user.pk)


def accept(trial: Trial, by: Any, **terms: Any) -> None:
    """Accept a trial, under a form of IL-2 alone unless told otherwise."""
    form = Intervention.objects.first() or make(Intervention)
    inbox.accept(trial, by=by, **{"conditions": [], "interventions": [form], **terms})


# --- Accepting ------------------------------------------------------------------------------------


def test_what_is_accepted_is_seen_by_readers_under_the_terms_given(anna: User) -> None:
    trial, condition, drug = trial_that_came_in(), make(Condition), make(Intervention)
    accept(trial, anna, conditions=[condition], interventions=[drug])
    seen = Trial.objects.public().get()
    assert (seen.accepted_by, seen.accepted_at is not None) == (anna, True)
    assert ([*seen.conditions.all()], [*seen.interventions.all()]) == ([condition], [drug])


def test_the_person_stands_in_the_log_and_the_data_version_moves(anna: User) -> None:
    trial = trial_that_came_in()
    before = version.current().token
    accept(trial, anna)
    entries = LogEntry.objects.get_for_object(trial).exclude(action=LogEntry.Action.CREATE)
    assert {entry.actor for entry in entries} == {anna}
    assert any("accepted_at" in entry.changes_dict for entry in entries)
    assert version.current().token != before


def test_a_grey_one_gives_il2_once_a_person_has_accepted_it(anna: User) -> None:
    trial = trial_that_came_in()
    trial.registry_records.update(verdict=Verdict.GREY)
    accept(trial, anna)
    record = record_of(NUMBER)
    assert (record.verdict, record.decided_by) == (Verdict.GIVES, anna)


def test_the_second_of_two_people_is_told_who_was_first(anna: User) -> None:
    trial = trial_that_came_in()
    accept(trial, anna)
    with pytest.raises(Refused, match="anna accepted it already"):
        accept(trial, allowed("berta"))
    assert Trial.objects.get().accepted_by == anna


def test_nobody_decides_whose_duties_do_not_include_it() -> None:
    trial, viewer = trial_that_came_in(), get_user_model().objects.create_user("vic")
    for decide in (
        lambda: accept(trial, viewer),
        lambda: inbox.turn_down(trial, by=viewer, reason="No IL-2."),
        lambda: inbox.join(trial, into=make(Trial), by=viewer),
        lambda: inbox.take_in(study_that_only_mentions(), by=viewer),
    ):
        with pytest.raises(Refused, match="Your duties do not include"):
            decide()
    assert Trial.objects.get(pk=trial.pk).accepted_at is None


def test_no_trial_is_accepted_without_a_form_of_il2(anna: User) -> None:
    trial = trial_that_came_in()
    with pytest.raises(Refused, match="Say which form of IL-2 it gives, or turn it down"):
        accept(trial, anna, interventions=[])
    assert Trial.objects.get().accepted_at is None


# --- Taking an acceptance back --------------------------------------------------------------------


def test_an_acceptance_taken_back_leaves_the_trial_in_the_inbox_as_it_was(anna: User) -> None:
    trial = trial_that_came_in()
    trial.registry_records.update(verdict=Verdict.GREY)
    record = record_of(NUMBER)
    read = "Its intervention “Aldesleukin” (Drug) is IL-2."
    accept(trial, anna)
    before = version.current().token
    inbox.take_back(trial, by=anna)
    trial.refresh_from_db()
    record.refresh_from_db()
    assert (trial.accepted_by, trial.accepted_at) == (None, None)
    assert trial.interventions.count() == 1
    assert not Trial.objects.public().exists()
    assert (record.trial, record.decided_by, record.decided_at) == (trial, None, None)
    assert (record.verdict, record.reason) == (Verdict.GIVES, read)
    assert version.current().token != before
    entry = LogEntry.objects.get_for_object(trial).first()
    assert (entry.actor, entry.additional_data["reason"]) == (
        anna,
        "The acceptance was taken back.",
    )


def test_what_the_program_had_left_out_goes_back_to_the_inbox_all_the_same(anna: User) -> None:
    record = study_that_only_mentions()
    accept(inbox.take_in(record, by=anna), anna)
    inbox.take_back(Trial.objects.get(), by=anna)
    record.refresh_from_db()
    assert record.trial == Trial.objects.get()
    assert record.reason.startswith("At first it was left out: ")


def test_an_acceptance_on_which_something_stands_is_not_taken_back(anna: User) -> None:
    trial = trial_that_came_in()
    accept(trial, anna)
    finding = make(Finding, trial=trial)
    with pytest.raises(Refused, match=f"because {finding.code} stands on it already"):
        inbox.take_back(trial, by=anna)
    finding.delete()
    make(Topic).trials.add(trial)
    with pytest.raises(Refused, match="stands on it already"):
        inbox.take_back(trial, by=anna)
    assert Trial.objects.get().accepted_by == anna


def test_an_acceptance_is_not_taken_back_once_a_person_has_tied_a_paper(anna: User) -> None:
    trial = trial_that_came_in()
    TrialPublication.objects.create(trial=trial, publication=make(Publication))
    accept(trial, anna)
    paper = make(Publication)
    with acting(anna):
        tie = TrialPublication.objects.create(trial=trial, publication=paper)
    with pytest.raises(Refused, match=f"somebody has tied it to {paper.code} since"):
        inbox.take_back(trial, by=anna)
    tie.delete()
    inbox.take_back(trial, by=anna)
    assert Trial.objects.get().accepted_at is None


def test_only_what_came_out_of_the_inbox_goes_back_there(anna: User) -> None:
    trial = trial_that_came_in()
    with pytest.raises(Refused, match="waits in the inbox already"):
        inbox.take_back(trial, by=anna)
    entered = make(Trial, accepted_by=anna, accepted_at=timezone.now())
    with pytest.raises(Refused, match="did not come in by the inbox"):
        inbox.take_back(entered, by=anna)


def test_an_accepted_publication_goes_back_to_the_inbox(anna: User) -> None:
    paper = paper_that_came_in()
    inbox_publications.accept_publication(paper, by=anna)
    inbox_publications.take_back_publication(paper, by=anna)
    record = RegistryRecord.objects.get()
    assert not Publication.objects.public().exists()
    assert (record.publication, record.decided_by) == (paper, None)


# --- Turning down, and taking in again ------------------------------------------------------------


def test_what_is_turned_down_is_remembered_and_is_no_trial_any_more(anna: User) -> None:
    trial = trial_that_came_in()
    inbox.turn_down(trial, by=anna, reason="It measures IL-2.")
    record = record_of(NUMBER)
    assert not Trial.objects.exists()
    assert (record.verdict, record.reason) == (Verdict.NOT_IL2, "It measures IL-2.")
    assert record.decided_by == anna


def test_what_is_turned_down_is_not_asked_again_when_it_changes(anna: User) -> None:
    inbox.turn_down(trial_that_came_in(), by=anna, reason="It measures IL-2.")
    trials.bring_in([ctgov.payload(small_study(NUMBER, overallStatus="COMPLETED"))])
    assert not Trial.objects.exists()
    assert record_of(NUMBER).verdict == Verdict.NOT_IL2


def test_nothing_is_turned_down_without_a_reason(anna: User) -> None:
    trial = trial_that_came_in()
    with pytest.raises(Refused, match="Say why"):
        inbox.turn_down(trial, by=anna, reason="  ")
    assert Trial.objects.filter(pk=trial.pk).exists()


def test_what_a_judgement_or_a_topic_stands_on_is_not_turned_down(anna: User) -> None:
    trial = trial_that_came_in()
    finding = make(Finding, trial=trial)
    with pytest.raises(Refused, match=finding.code):
        inbox.turn_down(trial, by=anna, reason="It measures IL-2.")
    finding.delete()
    make(Topic).trials.add(trial)
    with pytest.raises(Refused, match="used already"):
        inbox.turn_down(trial, by=anna, reason="It measures IL-2.")
    assert record_of(NUMBER).trial == trial


def test_the_next_person_is_told_what_became_of_it(anna: User) -> None:
    trial = trial_that_came_in()
    inbox.turn_down(trial, by=anna, reason="It measures IL-2.")
    with pytest.raises(Refused, match=r"anna decided on NCT00000101 on .*: turned down"):
        accept(trial, allowed("berta"))


def test_what_was_turned_down_is_taken_in_again_as_it_was(anna: User) -> None:
    trial = trial_that_came_in()
    (record,) = inbox.turn_down(trial, by=anna, reason="It measures IL-2.")
    again = inbox.take_in(record, by=anna)
    assert isinstance(again, Trial)
    assert (again.title, again.slug, again.start) == (trial.title, trial.slug, trial.start)
    assert (again.origin, again.accepted_at) == (Origin.IMPORT, None)
    assert [one.value for one in again.identifiers.all()] == [NUMBER]
    assert again.arms.count() == 2
    assert record_of(NUMBER).trial == again


def test_what_the_program_left_out_can_be_taken_in_after_all(anna: User) -> None:
    record = study_that_only_mentions()
    assert (record.verdict, record.trial) == (Verdict.NOT_IL2, None)
    inbox.take_in(record, by=anna)
    record.refresh_from_db()
    assert (record.verdict, record.decided_by) == (Verdict.GIVES, anna)
    assert Trial.objects.get().registry_records.get() == record


def test_nothing_is_taken_in_twice(anna: User) -> None:
    record = study_that_only_mentions()
    inbox.take_in(record, by=anna)
    with pytest.raises(Refused, match="here already"):
        inbox.take_in(record, by=anna)
    assert Trial.objects.count() == 1


def test_what_is_taken_in_has_a_name_of_its_own_where_another_has_its_number(anna: User) -> None:
    record = study_that_only_mentions()
    make(Trial, slug=record.value)
    make(Trial, slug=f"{record.value}-2")
    again = inbox.take_in(record, by=anna)
    assert isinstance(again, Trial)
    assert again.slug == f"{record.value}-3"


def test_a_number_that_another_trial_has_is_not_taken_in(anna: User) -> None:
    record = study_that_only_mentions()
    other = make(Trial)
    TrialIdentifier.objects.create(trial=other, registry="NCT", value=record.value)
    with pytest.raises(Refused, match="has this number already"):
        inbox.take_in(record, by=anna)
    record.refresh_from_db()
    assert (record.verdict, record.decided_by) == (Verdict.NOT_IL2, None)


# --- Joining --------------------------------------------------------------------------------------


def test_a_joined_trial_gives_its_numbers_and_records_and_fills_what_is_empty(anna: User) -> None:
    trial = trial_that_came_in()
    other = make(Trial, title="Ours", sponsor="", accepted_by=anna, accepted_at=timezone.now())
    paper = make(Publication)
    TrialPublication.objects.create(trial=trial, publication=paper)
    inbox.join(trial, into=other, by=anna)
    other.refresh_from_db()
    assert [*Trial.objects.all()] == [other]
    assert [one.value for one in other.identifiers.all()] == [NUMBER]
    assert (record_of(NUMBER).trial, record_of(NUMBER).decided_by) == (other, anna)
    assert (other.title, other.sponsor) == ("Ours", trial.sponsor)
    assert [*other.publications.all()] == [paper]


def test_what_contradicts_ours_is_not_filled_in(anna: User) -> None:
    trial = trial_that_came_in()
    other = make(Trial, max_age_days=10, enrolment=3)
    inbox.join(trial, into=other, by=anna)
    other.refresh_from_db()
    assert (other.min_age_days, other.max_age_days) == (None, 10)
    assert (other.enrolment, other.enrolment_type, other.start) == (3, "", trial.start)


def test_the_log_says_to_which_trial_it_was_joined(anna: User) -> None:
    trial, other = trial_that_came_in(), make(Trial, slug="esprit")
    inbox.join(trial, into=other, by=anna)
    gone = LogEntry.objects.filter(action=LogEntry.Action.DELETE, object_pk=str(trial.pk)).first()
    assert gone is not None
    assert gone.additional_data["reason"] == "The same study as esprit."


def test_what_is_joined_comes_in_again_as_the_other_trial(anna: User) -> None:
    other = make(Trial)
    inbox.join(trial_that_came_in(), into=other, by=anna)
    trials.bring_in([ctgov.payload(small_study(NUMBER, overallStatus="TERMINATED"))])
    assert [*Trial.objects.all()] == [other]
    assert Trial.objects.get().recruitment_status == "TERMINATED"


def test_nothing_is_joined_to_itself_or_to_what_is_gone(anna: User) -> None:
    trial, other = trial_that_came_in(), make(Trial)
    with pytest.raises(Refused, match="this very entry"):
        inbox.join(trial, into=trial, by=anna)
    Trial.objects.filter(pk=other.pk).delete()
    with pytest.raises(Refused, match="not there any more"):
        inbox.join(trial, into=other, by=anna)
    assert record_of(NUMBER).trial == trial


def test_a_trial_with_findings_is_not_joined_away(anna: User) -> None:
    trial, other = trial_that_came_in(), make(Trial)
    make(Finding, trial=trial)
    with pytest.raises(Refused, match="used already"):
        inbox.join(trial, into=other, by=anna)
    assert record_of(NUMBER).trial == trial
    assert [one.value for one in trial.identifiers.all()] == [NUMBER]


# --- Publications ---------------------------------------------------------------------------------


def test_an_accepted_publication_is_seen_by_readers(anna: User) -> None:
    paper = paper_that_came_in()
    inbox_publications.accept_publication(paper, by=anna)
    assert Publication.objects.public().get().accepted_by == anna
    with pytest.raises(Refused, match="anna accepted it already"):
        inbox_publications.accept_publication(paper, by=allowed("berta"))


def test_a_joined_publication_gives_its_numbers_to_the_one_without(anna: User) -> None:
    paper = paper_that_came_in(pmid=31415926, doi="10.1000/a")
    other = make(Publication, pmid=None, doi="10.1000/b")
    inbox_publications.join_publication(paper, into=other, by=anna)
    other.refresh_from_db()
    assert [*Publication.objects.all()] == [other]
    assert (other.pmid, other.doi) == (31415926, "10.1000/b")
    assert RegistryRecord.objects.get().publication == other


def test_a_publication_that_is_not_wanted_is_remembered_with_the_reason(anna: User) -> None:
    paper = paper_that_came_in()
    with pytest.raises(Refused, match="Say why"):
        inbox_publications.turn_down_publication(paper, by=anna, reason="")
    inbox_publications.turn_down_publication(paper, by=anna, reason="It is about IL-12.")
    record = RegistryRecord.objects.get()
    assert not Publication.objects.exists()
    assert (record.publication, record.reason) == (None, "It is about IL-12.")
    assert record.decided_by == anna
