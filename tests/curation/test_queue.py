"""A queue holds what waits for a person, says why, and lets it go when the cause is gone."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evidence.curation import moves, queue
from evidence.curation.queue import Row, Section
from evidence.ledger import derivation
from evidence.models import (
    Assessment,
    Condition,
    Consideration,
    Drift,
    Finding,
    HarmReport,
    Intervention,
    RegistryRecord,
    Topic,
    Trial,
)
from evidence.vocab import Standing, Status
from tests.curation.conftest import accepted
from tests.models.rows import make, published
from tests.web import examples

if TYPE_CHECKING:
    from django.contrib.auth.models import User

pytestmark = pytest.mark.django_db
YESTERDAY = timezone.now().date() - dt.timedelta(days=1)
TOMORROW = timezone.now().date() + dt.timedelta(days=1)


def section(person: User, key: str) -> Section | None:
    """Give one section of a person's queue, as she would see it now."""
    fresh = type(person).objects.get(pk=person.pk)  # permissions are kept with the instance
    return {part.key: part for part in queue.queue(fresh)}.get(key)


def rows(person: User, key: str) -> list[Row]:
    """Give its rows; none where the section has vanished."""
    found = section(person, key)
    return [*found.rows] if found is not None else []


def about(person: User, key: str) -> list[Any]:
    """Give what its rows are about."""
    return [row.about for row in rows(person, key)]


def only(person: User, key: str) -> Row:
    """Give its one row."""
    (row,) = rows(person, key)
    return row


# --- Duties ---------------------------------------------------------------------------------------


def test_nothing_waits_where_nothing_was_done(ann: User, ben: User, ada: User) -> None:
    assert [queue.queue(person) for person in (ann, ben, ada)] == [(), (), ()]


def test_a_viewer_has_nothing_to_do_whatever_there_is(
    vic: User, in_review: Finding, ann: User, topic: Topic
) -> None:
    make(Finding, topic=topic, author=ann, figures_unchecked=True)
    examples.world()
    assert queue.queue(vic) == ()
    assert queue.to_do(vic) == 0


def test_a_second_reader_sees_what_she_may_do_and_no_more(
    ben: User, ada: User, in_review: Finding, ann: User, topic: Topic
) -> None:
    make(Finding, topic=topic, author=ann, figures_unchecked=True)
    make(Trial, accepted_at=timezone.now(), accepted_by=ann)
    examples.world()
    assert {part.key for part in queue.queue(ben)} == {"to-read"}
    assert {part.key for part in queue.queue(ada)} == {"to-read", "unchecked", "trials", "starter"}


# --- Returned, drafts, figures --------------------------------------------------------------------


def test_what_a_reader_sent_back_waits_with_her_words(
    ann: User, ben: User, in_review: Finding
) -> None:
    moves.return_to_author(in_review, by=ben, note="The interval and p disagree.")
    row = only(ann, "returned")
    assert (row.about, row.sentence) == (in_review, "ben: “The interval and p disagree.”")
    assert (row.verb, row.page) == ("Edit", "change")
    assert about(ann, "drafts") == []


def test_a_comment_or_an_assignment_leaves_it_returned(
    ann: User, ben: User, in_review: Finding
) -> None:
    moves.return_to_author(in_review, by=ben, note="The interval and p disagree.")
    moves.comment(in_review, by=ann, note="They do in the paper.")
    moves.assign(in_review, by=ann, to=ann)
    assert only(ann, "returned").sentence == "ben: “The interval and p disagree.”"


def test_it_is_no_longer_returned_once_it_is_submitted_again(
    ann: User, ben: User, in_review: Finding
) -> None:
    moves.return_to_author(in_review, by=ben, note="The interval and p disagree.")
    moves.submit(in_review, by=ann)
    assert about(ann, "returned") == []
    assert about(ben, "to-read") == [in_review]


def test_a_draft_that_lacks_nothing_says_so_and_can_be_submitted(ann: User, draft: Finding) -> None:
    row = only(ann, "drafts")
    assert (row.about, row.sentence) == (draft, "Ready: every required field is filled")
    assert (row.verb, row.page) == ("Submit", "submit")


def test_a_draft_that_lacks_something_says_what(ann: User, draft: Finding) -> None:
    draft.locator = ""
    draft.save()
    row = only(ann, "drafts")
    assert row.sentence == "Say where in the source it stands: table, page or paragraph."
    assert (row.verb, row.page) == ("Edit", "change")


@pytest.mark.parametrize("role", ["author", "last_editor", "assignee"])
def test_a_draft_waits_for_whoever_wrote_changed_or_was_given_it(
    role: str, cai: User, topic: Topic
) -> None:
    own = make(Finding, topic=topic, **{role: cai})
    make(Finding, topic=topic)
    assert about(cai, "drafts") == [own]


def test_a_draft_says_whom_it_was_given_to(ann: User, cai: User, draft: Finding) -> None:
    moves.assign(draft, by=ann, to=cai)
    assert only(ann, "drafts").sentence.startswith("Given to cai. ")
    assert not only(cai, "drafts").sentence.startswith("Given")


def test_every_kind_of_judgement_has_its_draft_in_the_queue(ann: User, topic: Topic) -> None:
    made = {make(model, author=ann) for model in (Assessment, Finding, HarmReport, Consideration)}
    assert {*about(ann, "drafts")} == made
    assert len({row.what for row in rows(ann, "drafts")}) == 4


def test_figures_that_nobody_has_seen_wait_for_every_curator(
    ann: User, cai: User, ben: User, topic: Topic
) -> None:
    made = make(Finding, topic=topic, origin="starter", figures_unchecked=True, locator="Table 2")
    row = only(cai, "unchecked")
    assert (row.about, row.verb, row.assignable) == (made, "Check", True)
    assert "Table 2" in row.sentence
    moves.assign(made, by=ann, to=cai)
    assert not only(cai, "unchecked").assignable
    assert "cai has taken this on." in only(ann, "unchecked").sentence
    made.refresh_from_db()
    made.figures_unchecked = False
    made.save()
    assert about(cai, "unchecked") == about(ben, "unchecked") == []


# --- The second reader ----------------------------------------------------------------------------


def test_a_second_reader_reads_what_others_submitted(
    ann: User, ben: User, eve: User, in_review: Finding
) -> None:
    assert about(ben, "to-read") == about(eve, "to-read") == [in_review]
    assert about(ann, "to-read") == []
    row = only(ben, "to-read")
    assert (row.verb, row.page, row.since) == ("Read", "review", in_review.submitted_at)


@pytest.mark.parametrize("role", ["author", "last_editor", "submitted_by"])
def test_nobody_is_asked_to_read_what_is_her_own(
    role: str, eve: User, ben: User, in_review: Finding
) -> None:
    setattr(in_review, role, eve)
    in_review.save()
    assert about(eve, "to-read") == []
    assert about(ben, "to-read") == [in_review]


def test_what_has_no_author_can_still_be_read(ben: User, in_review: Finding) -> None:
    Finding.objects.filter(pk=in_review.pk).update(author=None, last_editor=None)
    assert about(ben, "to-read") == [in_review]


def test_what_a_reader_took_on_comes_first_and_waits_for_nobody_else(
    ann: User, ben: User, eve: User, in_review: Finding, topic: Topic
) -> None:
    second = make(Finding, topic=topic, publication=accepted(), author=ann)
    moves.submit(second, by=ann)
    moves.assign(second, by=ben, to=ben)
    assert about(ben, "to-read") == [second, in_review]
    first = rows(ben, "to-read")[0]
    assert first.sentence.startswith("You have taken this on. ")
    assert not first.assignable
    assert about(eve, "to-read") == [in_review]
    assert section(eve, "to-read").note == "1 more with another second reader."
    assert (queue.to_do(ben), queue.to_do(eve)) == (2, 1)


def test_a_finding_says_what_publishing_it_makes_of_the_rule(ben: User, in_review: Finding) -> None:
    derivation.rederive()
    row = only(ben, "to-read")
    topic, before, after = in_review.topic, "investigated", "experimental"
    ground = "(no treatment of people found)"
    assert row.sentence == (
        f"Publishing this changes what the rule says of {topic.condition} / treatment / adults "
        f"({topic.code}, {topic.intervention}) from {before} {ground} to {after} (E1); "
        f"we say {before} {ground}"
    )
    assert [part for part in row.why if isinstance(part, Status)] == [before, after, before]
    assert [part.about for part in row.why if isinstance(part, queue.Way)] == [topic.pk]


def test_a_finding_says_what_publishing_it_makes_of_the_rule_on_wider_topics(
    ben: User, in_review: Finding
) -> None:
    narrow = in_review.topic
    wide = make(Condition)
    narrow.condition.parent = wide
    narrow.condition.save()
    same = {"intervention": narrow.intervention, "role": narrow.role}
    make(Topic, condition=wide, population=narrow.population, **same)
    said = only(ben, "to-read").sentence
    for condition in (narrow.condition, wide):
        assert f"what the rule says of {condition} / treatment / adults (T" in said


def test_a_finding_that_leaves_the_rule_as_it_is_says_what_was_found(
    ben: User, ann: User, shown: Finding, topic: Topic
) -> None:
    second = make(Finding, topic=topic, publication=accepted(), author=ann)
    moves.submit(second, by=ann)
    assert only(ben, "to-read").sentence.startswith("Favours IL-2: CD4 counts rose more")


def test_a_harm_report_says_its_counts(ben: User, ann: User, topic: Topic) -> None:
    harm = make(
        HarmReport,
        publication=accepted(),
        author=ann,
        affected=10,
        at_risk=2071,
        comparator="no-il2",
        comparator_affected=0,
        comparator_at_risk=2040,
    )
    moves.submit(harm, by=ann)
    assert only(ben, "to-read").sentence == "10 of 2,071 and 0 of 2,040"


def test_an_assessment_says_its_status_beside_the_rules(ben: User, ann: User, topic: Topic) -> None:
    derivation.rederive()
    assessment = make(Assessment, topic=topic, author=ann)
    moves.submit(assessment, by=ann)
    assert only(ben, "to-read").sentence == (
        "Says experimental; the rule says investigated (no treatment of people found, I1)"
    )


# --- What readers see -----------------------------------------------------------------------------


def test_a_withdrawal_waits_for_another_person_with_its_reason(
    ann: User, ben: User, eve: User, shown: Finding
) -> None:
    moves.propose_withdrawal(shown, by=eve, note="It counts the same people twice.")
    row = only(ben, "withdrawals")
    assert (row.about, row.page) == (shown, "withdraw")
    assert row.sentence.startswith(
        "eve: “It counts the same people twice.” Withdrawing this changes what the rule says of "
    )
    assert row.sentence.endswith("to investigated (no treatment of people found, I1)")
    assert about(eve, "withdrawals") == about(ann, "withdrawals") == []
    assert (queue.to_do(ben), queue.to_do(eve)) == (1, 0)
    moves.withdraw(shown, by=ben)
    assert about(ben, "withdrawals") == []


@pytest.mark.parametrize("standing", [s for s in Standing if s != Standing.CURRENT])
def test_a_source_that_fell_after_it_was_read_is_named(
    standing: Standing, ann: User, ben: User, shown: Finding
) -> None:
    paper = shown.publication
    paper.standing, paper.standing_note = standing, "The counts were wrong."
    paper.save()
    row = only(ann, "sources")
    assert row.about == shown
    assert {"retracted": "retracted", "corrected": "corrected", "concern": "concern"}[
        standing
    ] in row.sentence
    assert row.sentence.endswith("The counts were wrong.")
    assert (row.verb, row.page) == ("Revise", "revise")
    assert about(ben, "sources") == []


def test_a_source_that_fell_waits_until_a_newer_edition_is_published(
    ann: User, ben: User, shown: Finding
) -> None:
    shown.publication.standing = Standing.CORRECTED
    shown.publication.save()
    draft = moves.revise(shown, by=ann)
    row = only(ann, "sources")
    assert (row.about, row.verb, row.page) == (draft, "Open", "change")
    assert row.sentence.endswith("Its next edition is begun")
    moves.submit(draft, by=ann)
    assert only(ann, "sources").sentence.endswith("Its next edition is with a second reader")
    moves.publish(draft, by=ben)
    assert about(ann, "sources") == []


def test_a_source_that_fell_is_settled_by_a_withdrawal(
    ann: User, ben: User, shown: Finding
) -> None:
    shown.publication.standing = Standing.RETRACTED
    shown.publication.save()
    moves.propose_withdrawal(shown, by=ann, note="The paper was retracted.")
    assert about(ann, "sources") == [shown]
    moves.withdraw(shown, by=ben)
    assert about(ann, "sources") == []


def test_a_source_that_stands_again_waits_for_nobody(ann: User, shown: Finding) -> None:
    for standing in (Standing.CONCERN, Standing.CURRENT):
        shown.publication.standing = standing
        shown.publication.save()
    assert about(ann, "sources") == []


def test_what_was_read_from_a_source_known_to_be_corrected_waits_for_nobody(
    ann: User, ben: User, draft: Finding
) -> None:
    draft.publication.standing = Standing.CORRECTED
    draft.publication.save()
    moves.publish(moves.submit(draft, by=ann), by=ben)
    assert about(ann, "sources") == []


def assessment_of(topic: Topic, **fields: Any) -> Assessment:
    """Change the published assessment of a topic behind everybody's back."""
    Assessment.objects.public().filter(topic=topic).update(**fields)
    return Assessment.objects.public().get(topic=topic)


def test_a_reason_to_differ_from_the_rule_waits_once_its_day_is_over(
    ann: User, topic: Topic
) -> None:
    derivation.rederive()
    today = timezone.now().date()
    said = {"status": "experimental", "ground": "", "reason": "Two trials are under way."}
    assessment = assessment_of(topic, **said, review_by=today)
    assert about(ann, "reasons") == []
    assessment_of(topic, review_by=YESTERDAY)
    row = only(ann, "reasons")
    assert (row.about, row.since, row.page) == (assessment, YESTERDAY, "revise")
    rule = "investigated (no treatment of people found, I1)"
    assert row.sentence.startswith(f"We say experimental, the rule says {rule}: our ")


def test_a_status_that_the_evidence_has_left_behind_waits_until_it_is_looked_at(
    ann: User, topic: Topic, shown: Finding
) -> None:
    row = only(ann, "rule")
    assert row.about == Assessment.objects.public().get(topic=topic)
    assert (row.verb, row.page) == ("Revise", "revise")
    ours = "investigated (no treatment of people found)"
    assert row.sentence.startswith(f"We say {ours}, the rule says experimental (E1), and no ")
    assert about(ann, "reasons") == []
    assessment_of(topic, status="experimental", ground="")
    assert about(ann, "rule") == []


def test_a_reason_that_nothing_needs_any_more_waits_until_it_is_gone(
    ann: User, ben: User, topic: Topic, shown: Finding
) -> None:
    said = {"reason": "No trial has begun.", "review_by": YESTERDAY}
    assessment_of(topic, **said)
    assert about(ann, "rule") == []
    assert "the rule says experimental (E1): our reason" in only(ann, "reasons").sentence
    assessment = assessment_of(topic, status="experimental", ground="")
    tomorrow = timezone.now().date() + dt.timedelta(days=1)
    assessment_of(topic, review_by=tomorrow)
    assert about(ann, "rule") == [assessment]
    assessment_of(topic, review_by=YESTERDAY)
    row = only(ann, "rule")
    assert (row.about, row.page) == (assessment, "revise")
    assert row.sentence == (
        "We and the rule say experimental (E1) again: begin the next edition without the reason"
    )
    assert about(ann, "reasons") == []  # in one place, whether or not its day is over
    assert about(ben, "rule") == []
    draft = moves.revise(assessment, by=ann)
    assert only(ann, "rule").about == draft
    draft.reason, draft.review_by = "", None
    draft.save()
    moves.publish(moves.submit(draft, by=ann), by=ben)
    assert about(ann, "rule") == []


def test_a_reason_stands_while_the_rule_says_something_else_again(
    ann: User, topic: Topic, shown: Finding
) -> None:
    tomorrow = timezone.now().date() + dt.timedelta(days=1)
    assessment_of(topic, reason="No trial has begun.", review_by=tomorrow)
    assert (about(ann, "rule"), about(ann, "reasons")) == ([], [])


def test_a_draft_that_differs_from_the_rule_says_what_that_takes(ann: User, topic: Topic) -> None:
    derivation.rederive()
    draft = make(Assessment, topic=topic, author=ann)
    row = only(ann, "drafts")
    assert (row.about, row.verb, row.page) == (draft, "Edit", "change")
    rule = "investigated (no treatment of people found, I1)"
    assert row.sentence.startswith(f"The rule says {rule}: to differ takes a reason")
    draft.reason, draft.review_by = "Two trials have begun.", TOMORROW
    draft.save()
    assert only(ann, "drafts").verb == "Submit"


def test_the_same_status_on_another_ground_waits_as_any_difference(ann: User, topic: Topic) -> None:
    derivation.rederive()
    assert about(ann, "rule") == []
    assessment_of(topic, ground="approved-use")
    row = only(ann, "rule")
    assert row.sentence.startswith(
        "We say investigated (an approved use), the rule says investigated (no treatment of people "
        "found, I1), and no reason is given"
    )
    draft = make(Assessment, topic=topic, author=ann, status="investigated", ground="approved-use")
    assert only(ann, "drafts").about == draft
    assert only(ann, "drafts").sentence.startswith("The rule says investigated (no treatment of ")


def test_a_reason_waits_once_the_rule_says_another_line_than_the_one_it_answers(
    ann: User, topic: Topic, shown: Finding
) -> None:
    said = {"reason": "No trial has begun.", "review_by": TOMORROW}
    for unmoved in ("", "E1"):
        assessment_of(topic, **said, rule_answered=unmoved)
        assert about(ann, "rule") == []
    assessment = assessment_of(topic, rule_answered="V1")
    row = only(ann, "rule")
    assert (row.about, row.page) == (assessment, "revise")
    assert row.sentence == (
        "Its reason was written when the rule said V1 (studies disagree); it now says E1 "
        "(treatment not settled): see whether it still fits"
    )
    assessment_of(topic, review_by=YESTERDAY)
    assert about(ann, "rule") == [assessment]
    assert about(ann, "reasons") == []  # in one place, whether or not its day is over
    Topic.objects.update(rule="", rule_status="", rule_ground="")
    assert about(ann, "rule") == []


def test_an_assessment_waits_once_its_review_is_overdue(ann: User, ben: User, topic: Topic) -> None:
    assessment_of(topic, next_review=timezone.now().date())
    assert about(ann, "overdue") == []
    assessment = assessment_of(topic, next_review=YESTERDAY)
    row = only(ann, "overdue")
    assert (row.about, row.since, row.verb) == (assessment, YESTERDAY, "Revise")
    assert about(ben, "overdue") == []


# --- Trials and starter evidence ------------------------------------------------------------------


def test_an_accepted_trial_waits_until_it_is_mapped(ann: User, ben: User, topic: Topic) -> None:
    trial = make(Trial, accepted_at=timezone.now(), accepted_by=ann)
    make(Trial)  # nobody has accepted it
    topic.trials.add(trial)
    row = only(ann, "trials")
    assert (row.about, row.verb, row.since) == (trial, "Map", trial.accepted_at)
    assert row.sentence == "Neither a condition nor an intervention is mapped"
    trial.conditions.add(make(Condition))
    assert only(ann, "trials").sentence == "No intervention is mapped"
    assert about(ben, "trials") == []
    trial.interventions.add(make(Intervention))
    assert about(ann, "trials") == []


def test_trials_without_a_topic_wait_in_one_row(ann: User) -> None:
    for _ in range(3):
        trial = make(Trial, accepted_at=timezone.now(), accepted_by=ann)
        trial.conditions.add(make(Condition))
        trial.interventions.add(make(Intervention))
    row = only(ann, "trials")
    assert (row.what, row.about, row.page) == ("3 trials without a topic", None, "changelist")
    assert [*Trial.objects.filter(topics__isnull=True)] == [*Trial.objects.all()]
    assert row.query == {"topics__isnull": "True"}


def test_starter_evidence_waits_in_one_row_with_counts_until_it_is_taken_over(
    ann: User, ben: User
) -> None:
    examples.world()
    row = only(ann, "starter")
    assert row.sentence.startswith(
        "1 assessment, 2 findings, 1 harm report, 1 consideration: not yet read"
    )
    assert (row.model, row.query) == (
        Finding,
        {"state__exact": "published", "origin__exact": "starter"},
    )
    moves.revise(Finding.objects.first(), by=ann)
    assert "1 finding," in only(ann, "starter").sentence
    assert about(ben, "starter") == []


# --- Many -----------------------------------------------------------------------------------------


def test_a_section_shows_its_first_rows_and_how_many_there_are(ann: User, topic: Topic) -> None:
    made = [make(Finding, topic=topic, author=ann) for _ in range(queue.SHORT + 5)]
    found = section(ann, "drafts")
    assert (len(found.rows), found.total, found.more) == (queue.SHORT, queue.SHORT + 5, 5)
    assert found.rows[0].about == made[-1]
    (whole,) = queue.queue(ann, only="drafts")
    assert (len(whole.rows), whole.more) == (queue.SHORT + 5, 0)
    assert queue.queue(ann, only="drafts", page=2) == ()


def fill(topic: Topic, ann: User, eve: User, number: int) -> None:
    """Let one more of everything wait; written directly, which is much quicker than moved."""
    now, paper = timezone.now(), accepted(standing="current")
    trial = make(Trial, accepted_at=now, accepted_by=ann)
    handed = {"state": "in-review", "author": ann, "submitted_by": ann, "submitted_at": now}
    found = {"topic": topic, "publication": paper, "trial": trial}
    make(Finding, **found, author=ann, locator="")
    make(Finding, **found, author=ann, figures_unchecked=True)
    make(Consideration, publication=paper, author=ann)
    make(Assessment, topic=topic, author=ann)
    make(Finding, **found, **handed)
    make(HarmReport, publication=paper, **handed)
    make(Assessment, topic=topic, **handed)
    back = make(Finding, **found, author=ann)
    back.record.steps.create(number=1, verb="returned", by=eve, note="Look again.")
    examples.finding(topic, paper, trial=trial, outcome=f"Outcome {number}")
    shown = published(ann, eve) | {"published_at": now - dt.timedelta(days=2)}
    proposed = {"withdrawal_proposed_by": ann, "withdrawal_proposed_at": now}
    make(Finding, **found, **shown, **proposed, withdrawal_reason="Counted twice.")
    late = {"reason": "Because.", "review_by": YESTERDAY, "next_review": YESTERDAY}
    examples.assessment(make(Topic), **late)
    no_treatment = {"rule_status": "investigated", "rule_ground": "no-treatment-found"}
    examples.assessment(make(Topic, rule="I1", **no_treatment))
    paper.standing = Standing.CORRECTED
    paper.save()
    make(Trial, origin="import")
    held = make(RegistryRecord, trial=trial, publication=None, vanished_on=YESTERDAY)
    make(Drift, trial=trial, publication=None, record=held)
    posted = make(Trial, accepted_at=now, accepted_by=ann, results_posted="2019-01-02")
    make(RegistryRecord, trial=posted, publication=None, source="ctgov")


def test_thirty_of_everything_take_as_many_queries_as_three(
    ada: User, ann: User, eve: User, topic: Topic
) -> None:
    def asked(person: User) -> tuple[int, int, int]:
        fresh = type(person).objects.get(pk=person.pk)
        with CaptureQueriesContext(connection) as captured:
            found = queue.queue(fresh)
        with CaptureQueriesContext(connection) as counted:
            queue.to_do(fresh)
        return len(captured), len(counted), sum(part.total for part in found)

    for number in range(3):
        fill(topic, ann, eve, number)
    people = (ada, ann, eve)
    everything = {part.key for person in people for part in queue.queue(person)}
    assert everything == {part.key for part in queue.PARTS}
    few = [asked(person) for person in people]
    for number in range(27):
        fill(topic, ann, eve, number + 3)
    many = [asked(person) for person in people]
    # Fewer: among the first rows a kind may have no place any more.
    assert all(after[0] <= before[0] for before, after in zip(few, many, strict=True))
    assert all(after[2] > before[2] + 50 for before, after in zip(few, many, strict=True))
    assert all(counts[1] <= 5 for counts in many)
