"""The life of a judgement: each move by whom, from where, with what left behind."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from evidence.curation import NotAllowed, moves
from evidence.curation.allowed import Move, why_not
from evidence.ledger import version
from evidence.ledger.actors import acting
from evidence.models import (
    Assessment,
    CellTarget,
    Condition,
    Consideration,
    Finding,
    HarmReport,
    Publication,
    Record,
    Topic,
)
from evidence.vocab import State
from tests.curation.conftest import accepted
from tests.models.rows import make

pytestmark = pytest.mark.django_db


def refused(act: Any, *args: Any, **kwargs: Any) -> str:
    """Give the sentence with which a move was refused."""
    with pytest.raises(NotAllowed) as refusal:
        act(*args, **kwargs)
    return str(refusal.value)


# --- Submitting and returning ---------------------------------------------------------------------


def test_a_submitted_draft_waits_for_a_second_reader(draft, ann, steps) -> None:
    assert moves.submit(draft, by=ann, note="Ready.") is draft
    assert (draft.state, draft.submitted_by) == (State.IN_REVIEW, ann)
    assert draft.submitted_at is not None
    assert steps(draft) == [("submitted", "ann", "Ready.")]


def test_a_draft_without_a_locator_is_not_submitted(draft, ann) -> None:
    draft.locator = ""
    draft.save()
    assert "table, page or paragraph" in refused(moves.submit, draft, by=ann)
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_figures_that_nobody_has_seen_are_not_submitted(draft, ann) -> None:
    draft.figures_unchecked = True
    draft.save()
    assert "not been seen in the source" in refused(moves.submit, draft, by=ann)


def test_every_fault_is_said_at_once(draft, ann) -> None:
    draft.figures_unchecked, draft.locator = True, ""
    draft.save()
    said = refused(moves.submit, draft, by=ann)
    assert "not been seen" in said
    assert "paragraph" in said


def test_a_draft_on_a_merged_word_is_not_submitted(ann, topic) -> None:
    report = make(HarmReport, publication=accepted(), author=ann)
    effect = report.adverse_effect
    effect.merged_into = make(type(effect), name="Fever")
    effect.save()
    assert "was merged into “Fever”" in refused(moves.submit, report, by=ann)


def test_a_draft_on_a_paper_that_nobody_accepted_is_not_submitted(draft, ann) -> None:
    draft.publication = make(Publication, title="Unread")
    draft.save()
    assert "“Unread” has not been accepted" in refused(moves.submit, draft, by=ann)


@pytest.mark.parametrize("origin", ["starter", "import"])
def test_a_draft_that_nobody_wrote_becomes_that_of_its_submitter(origin, topic, ann, ben) -> None:
    draft = make(Finding, topic=topic, publication=accepted(), origin=origin)
    moves.submit(draft, by=ann)
    assert draft.author == ann
    assert "Someone other than the author" in refused(moves.publish, draft, by=_also_a_reader(ann))
    assert moves.publish(draft, by=ben).state == State.PUBLISHED


def _also_a_reader(person: Any) -> Any:
    from django.contrib.auth.models import Group

    person.groups.add(Group.objects.get(name="Reviewer"))
    return type(person).objects.get(pk=person.pk)


def test_a_return_needs_a_note_and_brings_the_draft_back(in_review, ben, steps) -> None:
    assert "a note is needed" in refused(moves.return_to_author, in_review, by=ben)
    assert "a note is needed" in refused(moves.return_to_author, in_review, by=ben, note=" \n")
    moves.return_to_author(in_review, by=ben, note="Which table?")
    assert in_review.state == State.DRAFT
    assert in_review.submitted_by is None
    assert steps(in_review)[-1] == ("returned", "ben", "Which table?")


def test_a_submission_can_be_taken_back_by_whoever_made_it(in_review, ann, cai) -> None:
    assert refused(moves.return_to_author, in_review, by=cai, note="Mine now.")
    assert moves.return_to_author(in_review, by=ann, note="A slip.").state == State.DRAFT


# --- Publishing -----------------------------------------------------------------------------------


def test_publishing_takes_another_person_and_says_who_and_when(in_review, ben, steps) -> None:
    before = version.current()
    moves.publish(in_review, by=ben, conflict_of_interest="Paid by the maker in 2019.")
    assert in_review.state == State.PUBLISHED
    assert in_review.reviewer == ben
    assert in_review.reviewed_at == in_review.published_at
    assert in_review.conflict_of_interest == "Paid by the maker in 2019."
    assert version.current().number == before.number + 1
    assert [verb for verb, _, _ in steps(in_review)] == ["submitted", "published"]


def test_publishing_takes_a_statement_of_conflicts(in_review, ben) -> None:
    assert "conflict of interest" in refused(
        moves.publish, in_review, by=ben, conflict_of_interest=" "
    )


@pytest.mark.parametrize("role", ["author", "last_editor", "submitted_by"])
def test_nobody_publishes_what_she_had_a_hand_in(role, draft, cai, eve) -> None:
    draft.author = draft.last_editor = cai
    if role != "submitted_by":
        setattr(draft, role, eve)
    draft.save()
    moves.submit(draft, by=eve if role == "submitted_by" else cai)
    said = refused(moves.publish, draft, by=eve)
    assert "Someone other than" in said
    assert said == why_not(Move.PUBLISH, draft, by=eve)


def test_whoever_rewrote_a_draft_is_no_second_reader_of_it(draft, ann, ben, eve) -> None:
    with acting(eve):
        draft.statement, draft.last_editor = "Hers.", eve
        draft.save()
    with acting(ann):
        draft.locator, draft.last_editor = "Table 3", ann
        draft.save()
    moves.submit(draft, by=ann)
    assert "You have changed what" in refused(moves.publish, draft, by=eve)
    moves.return_to_author(draft, by=ben, note="Once more.")
    moves.submit(draft, by=ann)
    assert moves.publish(draft, by=ben).reviewer == ben


def test_a_finding_is_not_published_where_readers_see_no_topic(ann, ben) -> None:
    draft = make(Finding, publication=accepted(), author=ann)
    moves.submit(draft, by=ann)
    assert "publish an assessment of it first" in refused(moves.publish, draft, by=ben)


def test_an_assessment_and_its_findings_are_published_in_one_go(ann, ben) -> None:
    finding = make(Finding, publication=accepted(), author=ann)
    assessment = make(Assessment, topic=finding.topic, author=ann)
    for draft in (finding, assessment):
        moves.submit(draft, by=ann)
    moves.publish_together([finding, assessment], by=ben)
    assert {finding.state, assessment.state} == {State.PUBLISHED}
    assert Topic.objects.public().get() == finding.topic
    assert Topic.objects.public().get().findings_count == 1


def test_of_several_all_are_published_or_none(ann, ben, in_review) -> None:
    other = make(Finding, publication=accepted(), author=ann)  # its topic is not public
    moves.submit(other, by=ann)
    assert refused(moves.publish_together, [in_review, other], by=ben)
    in_review.refresh_from_db()
    assert in_review.state == State.IN_REVIEW


def test_an_assessment_that_differs_from_the_rule_needs_a_reason_and_a_date(ann, ben) -> None:
    draft = make(Assessment, author=ann, status="experimental", direction="unclear")
    moves.submit(draft, by=ann)
    said = refused(moves.publish, draft, by=ben)
    assert "The rule says investigated" in said
    moves.return_to_author(draft, by=ben, note=said)
    soon = timezone.now().date() + dt.timedelta(days=90)
    draft.reason, draft.review_by = "A trial is about to start.", soon
    draft.save()
    moves.submit(draft, by=ann)
    assert moves.publish(draft, by=ben).state == State.PUBLISHED


def test_a_reason_is_kept_with_the_line_of_the_rule_that_it_answers(ann, ben, in_review) -> None:
    soon = timezone.now().date() + dt.timedelta(days=90)
    differing = {"status": "experimental", "reason": "A trial is about to start."}
    draft = make(Assessment, author=ann, direction="unclear", review_by=soon, **differing)
    shown = moves.publish(moves.submit(draft, by=ann), by=ben)
    assert shown.rule_answered == "I1"
    agreeing = Assessment.objects.get(topic=in_review.topic)
    assert agreeing.rule_answered == ""
    next_one = moves.revise(shown, by=ann)
    next_one.status, next_one.ground = "investigated", "no-treatment-found"
    next_one.reason, next_one.review_by = "", None
    next_one.save()
    assert moves.publish(moves.submit(next_one, by=ann), by=ben).rule_answered == ""


@pytest.mark.parametrize(
    ("ground", "is_taken"), [("no-treatment-found", True), ("approved-use", False)]
)
def test_the_same_status_on_another_ground_is_another_word(
    ground: str, is_taken: bool, ann, ben
) -> None:
    draft = make(Assessment, author=ann, status="investigated", ground=ground)
    moves.submit(draft, by=ann)
    if is_taken:
        assert moves.publish(draft, by=ben).agrees
    else:
        assert "that takes a reason" in refused(moves.publish, draft, by=ben)


def test_the_rule_follows_what_is_published(in_review, ben) -> None:
    assert Topic.objects.public().get().rule == "I1"
    moves.publish(in_review, by=ben)
    assert Topic.objects.public().get().rule == "E1"


# --- Editions -------------------------------------------------------------------------------------


def test_a_new_edition_begins_with_the_old_ones_content_and_nothing_else(shown, cai) -> None:
    draft = moves.revise(shown, by=cai)
    assert (draft.code, draft.number, draft.state) == (shown.code, 2, State.DRAFT)
    assert (draft.author, draft.reviewer, draft.submitted_by) == (cai, None, None)
    assert (draft.published_at, draft.origin, draft.conflict_of_interest) == (None, "curator", "")
    assert draft.statement == shown.statement
    shown.refresh_from_db()
    assert shown.state == State.PUBLISHED


def test_a_new_edition_takes_its_many_to_many_rows_along(ann, ben) -> None:
    row = make(Consideration, author=ann, publication=accepted())
    row.conditions.set([make(Condition), make(Condition)])
    row.cell_targets.set([make(CellTarget)])
    moves.publish(moves.submit(row, by=ann), by=ben)
    draft = moves.revise(row, by=ann)
    assert draft.conditions.count() == 2
    assert draft.cell_targets.count() == 1


def test_publishing_the_next_edition_supersedes_the_one_before(shown, ann, ben) -> None:
    draft = moves.revise(shown, by=ann)
    assert Finding.objects.public().get() == shown
    moves.publish(moves.submit(draft, by=ann), by=ben)
    shown.refresh_from_db()
    assert shown.state == State.SUPERSEDED
    assert Finding.objects.public().get() == draft


def test_a_record_has_one_open_edition_at_a_time(shown, ann, cai) -> None:
    moves.revise(shown, by=ann)
    assert "worked on already by ann; it is draft" in refused(moves.revise, shown, by=cai)


def test_starter_evidence_becomes_ours_by_the_ordinary_moves(topic, ann, ben) -> None:
    starter = make(
        Finding,
        topic=topic,
        publication=accepted(),
        origin="starter",
        state="published",
        published_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    )
    draft = moves.revise(starter, by=ann)
    assert draft.origin == "curator"
    assert moves.publish(moves.submit(draft, by=ann), by=ben).reviewer == ben


def test_a_discarded_draft_is_gone_and_its_number_is_not_used_again(draft, ann, steps) -> None:
    record = draft.record
    moves.discard(draft, by=ann, note="Entered twice.")
    assert not Finding.objects.filter(record=record).exists()
    assert Record.objects.filter(pk=record.pk).exists()
    assert [(s.verb, s.note) for s in record.steps.all()] == [("discarded", "Entered twice.")]
    logged = LogEntry.objects.filter(action=LogEntry.Action.DELETE, object_pk=str(draft.pk))
    assert logged.filter(changes__isnull=False).count() == 1


def test_discarding_another_persons_draft_takes_a_note(draft, cai) -> None:
    assert "a note is needed" in refused(moves.discard, draft, by=cai)
    moves.discard(draft, by=cai, note="Agreed with ann.")


def test_only_a_draft_is_discarded(in_review, shown, ann) -> None:
    assert "Only a draft can be discarded" in refused(moves.discard, shown, by=ann)


# --- Withdrawing ----------------------------------------------------------------------------------


def test_a_withdrawal_takes_a_reason_and_two_people(shown, eve, ben, steps) -> None:
    assert "a note is needed" in refused(moves.propose_withdrawal, shown, by=eve)
    moves.propose_withdrawal(shown, by=eve, note="The paper was retracted.")
    assert shown.state == State.PUBLISHED
    assert "Someone other than the proposer" in refused(moves.withdraw, shown, by=eve)
    moves.withdraw(shown, by=ben)
    assert (shown.state, shown.withdrawn_by) == (State.WITHDRAWN, ben)
    assert shown.withdrawal_reason == "The paper was retracted."
    assert Topic.objects.public().get().findings_count == 0


def test_a_withdrawal_that_nobody_proposed_is_not_confirmed(shown, ben) -> None:
    assert "Nobody has proposed" in refused(moves.withdraw, shown, by=ben)


def test_a_proposal_can_be_turned_down_with_a_note(shown, ann, ben, cai, steps) -> None:
    moves.propose_withdrawal(shown, by=ann, note="Wrong figures.")
    assert "a note is needed" in refused(moves.keep, shown, by=ben)
    assert refused(moves.keep, shown, by=cai, note="No.")
    moves.keep(shown, by=ben, note="They are right: see the erratum.")
    assert (shown.withdrawal_proposed_by, shown.withdrawal_reason) == (None, "")
    assert steps(shown)[-1][0] == "withdrawal-turned-down"


def test_a_successor_is_a_published_judgement_of_the_same_kind(shown, ann, ben, topic) -> None:
    other = make(Finding, topic=topic, publication=accepted(), author=ann)
    asked = {"by": ann, "note": "Twice."}
    said = refused(moves.propose_withdrawal, shown, successor=other.record, **asked)
    assert "no published finding" in said
    own = refused(moves.propose_withdrawal, shown, successor=shown.record, **asked)
    assert "cannot take its own place" in own
    assessment = Assessment.objects.get()
    assert refused(moves.propose_withdrawal, shown, successor=assessment.record, **asked)
    moves.publish(moves.submit(other, by=ann), by=ben)
    moves.propose_withdrawal(shown, successor=other.record, **asked)
    assert moves.withdraw(shown, by=ben).successor == other.record


def test_an_assessment_that_findings_stand_on_stays(shown, ann, ben) -> None:
    assessment = Assessment.objects.get()
    said = refused(moves.propose_withdrawal, assessment, by=ann, note="Wrong question.")
    assert f"({shown.code})" in said
    moves.propose_withdrawal(shown, by=ann, note="Wrong.")
    moves.withdraw(shown, by=ben)
    moves.propose_withdrawal(assessment, by=ann, note="Wrong question.")
    moves.withdraw(assessment, by=ben)
    assert not Topic.objects.public().exists()


def test_a_finding_published_meanwhile_stops_the_withdrawal_of_its_topic(
    in_review, ann, ben, eve
) -> None:
    assessment = Assessment.objects.get()
    moves.propose_withdrawal(assessment, by=ann, note="Nothing stands on it.")
    moves.publish(in_review, by=ben)
    assert in_review.code in refused(moves.withdraw, assessment, by=eve)


def test_no_edition_is_published_over_a_proposed_withdrawal(shown, ann, ben) -> None:
    draft = moves.submit(moves.revise(shown, by=ann), by=ann)
    moves.propose_withdrawal(shown, by=ann, note="The paper was retracted.")
    assert "confirm that or turn it down" in refused(moves.publish, draft, by=ben)


def test_a_withdrawn_record_can_come_back_as_a_new_edition(shown, ann, ben, eve) -> None:
    moves.propose_withdrawal(shown, by=ann, note="By mistake.")
    moves.withdraw(shown, by=ben)
    draft = moves.revise(shown, by=ann)
    moves.publish(moves.submit(draft, by=ann), by=ben)
    assert Finding.objects.public().get().number == 2


# --- Assigning and commenting ---------------------------------------------------------------------


def test_an_assignment_ends_with_the_next_move(draft, ann, cai, ben, steps) -> None:
    moves.assign(draft, by=ann, to=cai)
    assert draft.assignee == cai
    moves.submit(draft, by=cai)
    assert draft.assignee is None
    moves.assign(draft, by=ben, to=ben)
    moves.publish(draft, by=ben)
    assert draft.assignee is None
    assert [verb for verb, _, _ in steps(draft)] == [
        *("assigned", "submitted", "assigned", "published")
    ]


def test_nothing_is_assigned_to_whoever_may_not_do_it(draft, in_review, ann, ben, vic, eve) -> None:
    assert "no duty" in refused(moves.assign, in_review, by=ben, to=vic)
    assert "no duty" in refused(moves.assign, in_review, by=ben, to=ann)
    moves.return_to_author(in_review, by=ben, note="Again.")
    assert "no duty to write" in refused(moves.assign, in_review, by=ann, to=ben)
    in_review.last_editor = eve
    in_review.save()
    moves.submit(in_review, by=ann)
    assert "changed this last" in refused(moves.assign, in_review, by=eve, to=eve)
    assert "eve wrote, changed or submitted" in refused(moves.assign, in_review, by=ben, to=eve)


def test_a_comment_is_kept_and_changes_nothing(in_review, ben, steps) -> None:
    before = (in_review.lock_version, in_review.state)
    assert "a note is needed" in refused(moves.comment, in_review, by=ben)
    moves.comment(in_review, by=ben, note="Is this per protocol?")
    in_review.refresh_from_db()
    assert (in_review.lock_version, in_review.state) == before
    assert steps(in_review)[-1] == ("commented", "ben", "Is this per protocol?")


# --- All of them ----------------------------------------------------------------------------------

STARTS: dict[Move, str] = {
    Move.SUBMIT: "draft",
    Move.DISCARD: "draft",
    Move.ASSIGN: "draft",
    Move.RETURN: "in_review",
    Move.PUBLISH: "in_review",
    Move.REVISE: "shown",
    Move.PROPOSE_WITHDRAWAL: "shown",
}
CALLS = {move: getattr(moves, move) for move in STARTS if move != Move.RETURN}
CALLS[Move.RETURN] = moves.return_to_author


@pytest.mark.parametrize("move", STARTS)
def test_a_viewer_moves_nothing(move, vic, request) -> None:
    edition = request.getfixturevalue(STARTS[move])
    assert "Your duties do not include this" in refused(CALLS[move], edition, by=vic, note="x")


@pytest.mark.parametrize("move", STARTS)
def test_who_has_left_moves_nothing(move, eve, request) -> None:
    edition = request.getfixturevalue(STARTS[move])
    eve.is_active = False
    assert "Your duties do not include this" in refused(CALLS[move], edition, by=eve, note="x")


@pytest.mark.parametrize("move", STARTS)
def test_a_move_is_refused_where_the_edition_was_changed_meanwhile(move, eve, request) -> None:
    edition = request.getfixturevalue(STARTS[move])
    said = refused(CALLS[move], edition, by=eve, note="x", seen=edition.lock_version + 1)
    assert "was changed meanwhile" in said


@pytest.mark.parametrize("move", STARTS)
def test_a_move_is_refused_in_words_where_the_draft_is_gone(move, ann, eve, request) -> None:
    edition = request.getfixturevalue(STARTS[move])
    gone = type(edition)(pk=edition.pk + 99, record=edition.record)
    assert "was discarded" in refused(CALLS[move], gone, by=eve, note="x")


@pytest.mark.parametrize("move", [Move.SUBMIT, Move.PUBLISH, Move.PROPOSE_WITHDRAWAL])
def test_the_log_says_who_moved_and_why(move, ann, ben, request) -> None:
    edition = request.getfixturevalue(STARTS[move])
    by = ben if move == Move.PUBLISH else ann
    CALLS[move](edition, by=by, note="Because of the erratum.")
    entry = LogEntry.objects.get_for_object(edition).first()
    assert entry.actor == by
    assert entry.additional_data["reason"] == "Because of the erratum."


@pytest.mark.parametrize("move", STARTS)
def test_a_note_is_of_a_length_that_people_read(move, eve, request) -> None:
    edition = request.getfixturevalue(STARTS[move])
    assert "4,000" in refused(CALLS[move], edition, by=eve, note="x" * 4001)


def test_a_refused_move_leaves_no_trace(in_review, ann, ben, steps) -> None:
    before = (LogEntry.objects.count(), steps(in_review), version.current().number)
    for _ in range(2):
        refused(moves.publish, in_review, by=ann)
        refused(moves.publish, in_review, by=ben, conflict_of_interest="")
    assert (LogEntry.objects.count(), steps(in_review), version.current().number) == before


def test_an_assessment_stays_with_its_topic(shown, ann, ben) -> None:
    assessment = Assessment.objects.get()
    draft = moves.revise(assessment, by=ann)
    draft.topic = make(Topic)
    draft.save()
    assert f"is the assessment of T{assessment.topic_id}" in refused(moves.submit, draft, by=ann)


def test_no_chain_of_successors_leaves_findings_without_a_topic(shown, ann, ben, eve) -> None:
    first = Assessment.objects.get()
    second = make(
        Assessment,
        author=ann,
        status="investigated",
        ground="no-treatment-found",
        direction="no-data",
    )
    moves.publish(moves.submit(second, by=ann), by=ben)
    moves.propose_withdrawal(first, by=ann, note="Asked twice.", successor=second.record)
    moves.withdraw(first, by=ben)
    said = refused(moves.propose_withdrawal, second, by=ann, note="This one too.")
    assert shown.code in said


def test_a_finding_is_not_submitted_on_a_question_of_a_merged_word(draft, ann) -> None:
    condition = draft.topic.condition
    condition.merged_into = make(Condition)
    condition.save()
    assert f"of T{draft.topic_id} was merged into" in refused(moves.submit, draft, by=ann)
