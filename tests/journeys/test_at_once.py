"""Eight people at once: one of them wins where only one can, and nobody's work is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest

from evidence.curation import NotAllowed, moves
from evidence.models import (
    Assessment,
    Condition,
    Finding,
    Publication,
    Topic,
    Trial,
)
from evidence.vocab import State
from tests.admin.pages import url
from tests.journeys.browsing import Answer, Browser
from tests.journeys.whole import faults
from tests.models.rows import make
from tests.models.together import at_once
from tests.web.examples import accepted

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 2
LONG_ROUNDS = 25
ROUNDS_OVER_THE_WIRE = 1
LONG_ROUNDS_OVER_THE_WIRE = 10


@pytest.fixture
def rounds(is_long: bool) -> range:
    """Say how often to try: how things fall out is another every time."""
    return range(LONG_ROUNDS if is_long else ROUNDS)


@pytest.fixture
def wire_rounds(is_long: bool) -> range:
    """Say how often to try through the admin, which takes longer."""
    return range(LONG_ROUNDS_OVER_THE_WIRE if is_long else ROUNDS_OVER_THE_WIRE)


def winners(*acts: Callable[[], Any]) -> list[int]:
    """Do all acts at once and return which were done; the others were refused in words."""
    refusals = at_once(*acts)
    for refusal in refusals:
        if refusal is not None and not isinstance(refusal, NotAllowed):
            raise refusal
    return [place for place, refusal in enumerate(refusals) if refusal is None]


def afresh(edition: Any) -> Any:
    """Return an edition as it is stored, for one person alone."""
    return type(edition).objects.get(pk=edition.pk)


def send_at_once(
    browsers: Sequence[Browser], paths: str | Sequence[str], forms: Sequence[Any]
) -> list[Answer]:
    """Send all forms at the same moment, to one page or each to its own; return the answers."""
    answers: dict[int, Answer] = {}

    def send(place: int) -> None:
        path = paths if isinstance(paths, str) else paths[place]
        answers[place] = browsers[place].post(path, forms[place])

    for failure in at_once(*(partial(send, place) for place in range(len(forms)))):
        if failure is not None:
            raise failure
    return [answers[place] for place in range(len(forms))]


# --- Through the admin ----------------------------------------------------------------------------


@pytest.fixture
def browsers(eight: list[Any], browser: Callable[[Any], Browser]) -> list[Browser]:
    """Eight people who are signed in."""
    return [browser(person) for person in eight]


def test_of_eight_who_save_one_draft_one_wins_and_the_others_keep_what_they_typed(
    browsers, eight, draft, wire_rounds
) -> None:
    edition = draft()
    page = url(Finding, "change", edition.pk)
    for number in wire_rounds:
        typed = [f"Deaths in round {number}, as {person} has it" for person in eight]
        forms = [one.fill_in(page, outcome=text) for one, text in zip(browsers, typed, strict=True)]
        answers = send_at_once(browsers, page, forms)
        assert sorted(answer.status_code for answer in answers) == [*[200] * 7, 302]
        edition.refresh_from_db()
        winner = typed.index(edition.outcome)
        assert answers[winner].status_code == 302
        assert edition.last_editor == eight[winner]
        assert edition.lock_version == number + 1
        for text, answer in zip(typed, answers, strict=True):
            if text != edition.outcome:
                assert f'value="{text}"' in answer.text
                assert f"{eight[winner]} saved this draft while you had it open" in answer.text
                assert f"stored is “{edition.outcome}”" in answer.text
    assert faults() == []


def test_eight_who_save_and_submit_eight_drafts_at_once_all_succeed(
    browsers, eight, draft, wire_rounds
) -> None:
    for number in wire_rounds:
        drafts = [draft() for _ in eight]
        pages = [url(Finding, "change", one.pk) for one in drafts]
        forms = [
            one.fill_in(page, outcome=f"Deaths in round {number}", _submit="1")
            for one, page in zip(browsers, pages, strict=True)
        ]
        answers = send_at_once(browsers, pages, forms)
        assert {answer.status_code for answer in answers} == {302}
        for one, person in zip(drafts, eight, strict=True):
            one.refresh_from_db()
            assert (one.state, one.submitted_by) == (State.IN_REVIEW, person)
            assert one.outcome == f"Deaths in round {number}"
    assert faults() == []


def test_of_eight_who_publish_at_once_one_does_and_the_others_are_told(
    browsers, eight, in_review, wire_rounds
) -> None:
    for _ in wire_rounds:
        edition = in_review()
        page = url(Finding, "publish", edition.pk)
        forms = [
            one.fill_in(page, conflict="none", note=f"As {person} sees it.")
            for one, person in zip(browsers, eight, strict=True)
        ]
        answers = send_at_once(browsers, page, forms)
        assert sorted(answer.status_code for answer in answers) == [302, *[409] * 7]
        edition.refresh_from_db()
        assert edition.state == State.PUBLISHED
        assert answers[eight.index(edition.reviewer)].status_code == 302
        for person, answer in zip(eight, answers, strict=True):
            assert person == edition.reviewer or f"As {person} sees it." in answer.text
    assert faults() == []


def test_of_eight_who_begin_the_next_edition_at_once_one_does(
    browsers, eight, shown, wire_rounds
) -> None:
    for _ in wire_rounds:
        edition = shown()
        page = url(Finding, "revise", edition.pk)
        forms = [one.fill_in(page) for one in browsers]
        answers = send_at_once(browsers, page, forms)
        assert sorted(answer.status_code for answer in answers) == [302, *[409] * 7]
        begun = Finding.objects.get(record=edition.record_id, state=State.DRAFT)
        assert begun.number == 2
        assert answers[eight.index(begun.author)].status_code == 302
    assert faults() == []


def test_of_eight_who_enter_the_same_paper_at_once_one_does(browsers, wire_rounds) -> None:
    page = url(Publication, "add")
    for number in wire_rounds:
        forms = [
            one.fill_in(page, title=f"Paper {number} by {place}", doi=f"10.1000/same-{number}")
            for place, one in enumerate(browsers)
        ]
        answers = send_at_once(browsers, page, forms)
        assert sorted(answer.status_code for answer in answers) == [*[200] * 7, 302]
        made = Publication.objects.get(doi=f"10.1000/same-{number}")
        for form, answer in zip(forms, answers, strict=True):
            if form["title"] != made.title:
                assert f'value="{form["title"]}"' in answer.text


def test_of_eight_who_enter_the_same_condition_at_once_one_does(browsers, wire_rounds) -> None:
    page = url(Condition, "add")
    for number in wire_rounds:
        forms = [
            one.fill_in(page, name=f"Sepsis {number}", slug=f"sepsis-{number}", area="infectious")
            for one in browsers
        ]
        answers = send_at_once(browsers, page, forms)
        assert sorted(answer.status_code for answer in answers) == [*[200] * 7, 302]
        assert Condition.objects.filter(slug=f"sepsis-{number}").count() == 1


def test_saving_with_a_submission_and_other_moves_of_one_draft_never_lock_each_other_out(
    browsers, eight, draft, wire_rounds
) -> None:
    for number in wire_rounds:
        edition = draft()
        form = url(Finding, "change", edition.pk)
        pages = [form, url(Finding, "assign", edition.pk), url(Finding, "comment", edition.pk)]
        pages = [pages[place % 3] for place in range(len(browsers))]
        own = {pages[0]: {"_submit": "1", "outcome": f"Deaths in round {number}"}}
        own |= {pages[1]: {"to": eight[0].pk}, pages[2]: {"said": "A word.", "note": "A word."}}
        forms = [one.fill_in(page, **own[page]) for one, page in zip(browsers, pages, strict=True)]
        answers = send_at_once(browsers, pages, forms)
        assert {answer.status_code for answer in answers} <= {200, 302, 403, 409}
        edition.refresh_from_db()
        assert edition.state == State.IN_REVIEW
    assert faults() == []


def test_forms_that_move_the_rule_and_moves_never_lock_each_other_out(
    browsers, eight, public_topic, paper, in_review, wire_rounds
) -> None:
    """Topics, conditions, papers and judgements of one question and its neighbours, all at once."""
    above = make(Condition)
    topic = public_topic(condition=make(Condition, parent=above))
    wider = public_topic(condition=above, intervention=topic.intervention)
    for number in wire_rounds:
        findings = [in_review(on=one) for one in (topic, wider, topic)]
        text = f"Round {number}"
        asked = {
            url(Topic, "change", topic.pk): {},
            url(Topic, "change", wider.pk): {},
            url(Condition, "change", above.pk): {"definition": text},
            url(Condition, "change", topic.condition_id): {"definition": text},
            url(Publication, "change", paper.pk): {"summary": text},
        }
        asked |= {url(Finding, "publish", one.pk): {"conflict": "none"} for one in findings}
        asked[url(Topic, "change", topic.pk)] = {"trials": [make(Trial, **accepted()).pk]}
        asked[url(Topic, "change", wider.pk)] = {"trials": [make(Trial, **accepted()).pk]}
        forms = [
            one.fill_in(page, **fields)
            for one, (page, fields) in zip(browsers, asked.items(), strict=True)
        ]
        answers = send_at_once(browsers, list(asked), forms)
        assert [answer.status_code for answer in answers] == [302] * 8
    assert faults(others=5 * len(wire_rounds)) == []


def test_a_paper_retracted_while_a_finding_is_published_leaves_the_right_rule(
    browsers, topic, draft, in_review, shown, wire_rounds
) -> None:
    for _ in wire_rounds:
        other = make(Publication, **accepted())
        shown(source=other)
        waiting = in_review()
        pages = [url(Publication, "change", other.pk), url(Finding, "publish", waiting.pk)]
        forms = [
            browsers[0].fill_in(pages[0], standing="retracted"),
            browsers[1].fill_in(pages[1], conflict="none"),
        ]
        answers = send_at_once(browsers, pages, forms)
        assert [answer.status_code for answer in answers] == [302, 302]
    assert faults(others=len(wire_rounds)) == []


# --- One edition, eight people --------------------------------------------------------------------


def test_of_eight_who_submit_one_draft_at_once_one_does(eight, draft, rounds) -> None:
    for _ in rounds:
        edition = draft()
        (won,) = winners(*(partial(moves.submit, afresh(edition), by=p) for p in eight))
        edition.refresh_from_db()
        assert (edition.state, edition.submitted_by) == (State.IN_REVIEW, eight[won])
    assert faults() == []


def test_of_eight_who_publish_one_edition_at_once_one_does(eight, in_review, rounds) -> None:
    for _ in rounds:
        edition = in_review()
        (won,) = winners(*(partial(moves.publish, afresh(edition), by=p) for p in eight))
        edition.refresh_from_db()
        assert (edition.state, edition.reviewer) == (State.PUBLISHED, eight[won])
    assert faults() == []


def test_of_eight_who_begin_the_next_edition_one_does(eight, shown, rounds) -> None:
    for _ in rounds:
        edition = shown()
        (won,) = winners(*(partial(moves.revise, afresh(edition), by=p) for p in eight))
        begun = Finding.objects.get(record=edition.record_id, state=State.DRAFT)
        assert (begun.number, begun.author) == (2, eight[won])
    assert faults() == []


def test_an_edition_is_published_or_returned_but_not_both(eight, in_review, rounds) -> None:
    for _ in rounds:
        edition = in_review()
        acts = [partial(moves.publish, afresh(edition), by=person) for person in eight[:4]]
        acts += [
            partial(moves.return_to_author, afresh(edition), by=person, note="Which table?")
            for person in eight[4:]
        ]
        (won,) = winners(*acts)
        edition.refresh_from_db()
        assert edition.state == (State.PUBLISHED if won < 4 else State.DRAFT)
    assert faults() == []


def test_a_withdrawal_is_proposed_or_the_next_edition_published_but_not_both(
    eight, shown, ann, rounds
) -> None:
    for _ in rounds:
        edition = shown()
        following = moves.submit(moves.revise(edition, by=ann), by=ann)
        acts = [partial(moves.publish, afresh(following), by=person) for person in eight[:4]]
        acts += [
            partial(moves.propose_withdrawal, afresh(edition), by=person, note="Retracted.")
            for person in eight[4:]
        ]
        (won,) = winners(*acts)
        edition.refresh_from_db()
        assert edition.state == (State.SUPERSEDED if won < 4 else State.PUBLISHED)
        assert (edition.withdrawal_proposed_by is None) == (won < 4)
    assert faults() == []


def test_a_withdrawal_is_confirmed_once_whoever_publishes_the_next_edition(
    eight, shown, ann, rounds
) -> None:
    for _ in rounds:
        edition = shown()
        following = moves.submit(moves.revise(edition, by=ann), by=ann)
        moves.propose_withdrawal(edition, by=ann, note="The paper was retracted.")
        acts = [partial(moves.withdraw, afresh(edition), by=person) for person in eight[:4]]
        acts += [partial(moves.publish, afresh(following), by=person) for person in eight[4:]]
        won = winners(*acts)
        edition.refresh_from_db()
        following.refresh_from_db()
        assert edition.withdrawn_by == eight[won[0]]
        # Only after it: what was withdrawn may come back as a new edition.
        assert following.state == (State.IN_REVIEW if len(won) == 1 else State.PUBLISHED)
        assert len(won) <= 2
    assert faults() == []


def test_no_finding_becomes_public_on_a_topic_that_goes_at_the_same_moment(
    eight, public_topic, in_review, ann, rounds
) -> None:
    for _ in rounds:
        topic = public_topic()
        finding = in_review(on=topic)
        answer = Assessment.objects.get(topic=topic)
        moves.propose_withdrawal(answer, by=ann, note="The wrong question.")
        acts = [partial(moves.publish, afresh(finding), by=person) for person in eight[:4]]
        acts += [partial(moves.withdraw, afresh(answer), by=person) for person in eight[4:]]
        (won,) = winners(*acts)
        assert Finding.objects.public().filter(topic=topic).exists() == (won < 4)
        assert Topic.objects.public().filter(pk=topic.pk).exists() == (won < 4)
    assert faults() == []


# --- Eight editions, eight people -----------------------------------------------------------------


def save_and_publish(edition: Any, writer: Any, reader: Any) -> None:
    """Do what a curator and her second reader do, one move after the other."""
    edition.statement = f"{edition.statement} So says {writer}."
    edition.save()
    moves.submit(edition, by=writer, note="Table 2.")
    moves.publish(edition, by=reader, note="Read.")


def at_work(drafts: Sequence[Any], people: Sequence[Any]) -> list[int]:
    """Let everybody save and publish a draft at once, each with another second reader."""
    readers = [*people[1:], people[0]]
    pairs = zip(drafts, people, readers, strict=True)
    return winners(*(partial(save_and_publish, *pair) for pair in pairs))


def test_eight_findings_on_one_topic_are_all_published_and_counted(
    eight, topic, draft, rounds
) -> None:
    for number in rounds:
        assert at_work([draft() for _ in eight], eight) == [*range(8)]
        assert Topic.objects.public().get().findings_count == 8 * (number + 1)
    assert faults() == []


def test_eight_findings_on_topics_near_and_far_are_all_published_and_counted(
    eight, public_topic, draft, rounds
) -> None:
    """The wider a question, the more topics its rule reads: locks are taken in one order."""
    wide = public_topic()
    chain, apart = [wide], [public_topic() for _ in range(4)]
    for _ in range(3):
        narrower = make(Condition, parent=chain[-1].condition)
        chain.append(public_topic(condition=narrower, intervention=wide.intervention))
    for number in rounds:
        topics = [*reversed(chain), *apart] if number % 2 else [*apart, *chain]
        assert at_work([draft(on=one) for one in topics], eight) == [*range(8)]
        wide.refresh_from_db()
        assert wide.findings_count == 4 * (number + 1)
    assert faults() == []


def test_an_assessment_and_its_finding_are_published_together_once_in_whichever_order(
    eight, public_topic, in_review, ann, rounds
) -> None:
    for _ in rounds:
        topic = public_topic()
        answer = moves.revise(Assessment.objects.get(topic=topic), by=ann)
        answer.status, answer.ground, answer.direction = "experimental", "", "unclear"
        answer.save()
        both = [moves.submit(answer, by=ann), in_review(on=topic)]
        orders = [both if place % 2 else both[::-1] for place in range(8)]
        acts = [
            partial(moves.publish_together, [afresh(one) for one in order], by=person)
            for order, person in zip(orders, eight, strict=True)
        ]
        assert len(winners(*acts)) == 1
        assert {afresh(one).state for one in both} == {State.PUBLISHED}
    assert faults() == []
