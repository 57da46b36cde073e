"""The data version moves once with every change that readers see, and with no other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import time_machine
from django.db import transaction
from django.db.models import Model

from evidence.ledger import derivation, version
from evidence.models import DataVersion, TrialIdentifier, TrialPublication
from tests.web import examples

pytestmark = pytest.mark.django_db


def test_before_anything_there_is_no_version() -> None:
    now = version.current()
    assert (now.number, now.as_of, now.token) == (0, None, "")


def test_each_move_gives_the_next_number_and_another_token() -> None:
    seen = []
    for number in (1, 2, 3):
        version.bump()
        now = version.current()
        assert now.number == number
        assert now.as_of is not None
        seen.append(now.token)
    assert len({*seen, ""}) == 4
    assert DataVersion.objects.count() == 1


def test_a_change_moves_it_once_however_much_follows() -> None:
    question = examples.world()
    for population in ("child", "any", "neonate"):
        examples.topic(population=population)
    before = version.current().number
    derivation.after_change(question.condition)
    assert version.current().number == before + 1


def test_it_goes_back_with_its_transaction() -> None:
    version.bump()
    before = version.current()
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012
        version.bump()
        assert version.current().number == before.number + 1
        raise RuntimeError
    assert version.current() == before


def test_what_follows_a_change_goes_back_with_it() -> None:
    question, paper = examples.topic(), examples.publication()
    derivation.rederive()
    before = version.current()
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012
        derivation.after_change(examples.finding(question, paper))
        raise RuntimeError
    question.refresh_from_db()
    assert (question.rule, question.findings_count) == ("I1", 0)
    assert version.current() == before


def draft() -> dict[str, object]:
    return {"state": "draft", "published_at": None}


UNSEEN: dict[str, Callable[[], Model]] = {
    "a draft finding": lambda: examples.finding(
        examples.topic(), examples.publication(), **draft()
    ),
    "a draft harm report": lambda: examples.harm(examples.publication(), **draft()),
    "a draft assessment": lambda: examples.assessment(examples.topic(), **draft()),
    "a question without an answer": lambda: examples.topic(population="child"),
    "a trial that nobody accepted": lambda: examples.trial(accepted_at=None),
    "a paper that nobody accepted": lambda: examples.publication(accepted_at=None),
    "a number of such a trial": lambda: TrialIdentifier.objects.get(
        trial=examples.trial(accepted_at=None)
    ),
    "a tie to such a trial": lambda: TrialPublication.objects.create(
        trial=examples.trial(accepted_at=None), publication=examples.publication()
    ),
}
SEEN: dict[str, Callable[[], Model]] = {
    "a finding": lambda: examples.finding(examples.topic(), examples.publication()),
    "a withdrawn finding": lambda: examples.finding(
        examples.topic(), examples.publication(), state="superseded"
    ),
    "an assessment": lambda: examples.assessment(examples.topic()),
    "an answered question": lambda: examples.assessment(examples.topic()).topic,
    "a trial": lambda: examples.trial(),
    "a number of a trial": lambda: TrialIdentifier.objects.get(trial=examples.trial()),
    "a term": lambda: examples.effect(),
}


@pytest.mark.parametrize("what", UNSEEN)
def test_what_readers_do_not_see_moves_nothing(what: str) -> None:
    derivation.after_change(UNSEEN[what]())
    assert version.current().number == 0


@pytest.mark.parametrize("what", SEEN)
def test_what_readers_see_moves_it(what: str) -> None:
    derivation.after_change(SEEN[what]())
    assert version.current().number == 1


def test_a_question_read_for_an_answered_one_moves_it() -> None:
    wide = examples.condition("Infection", "infection")
    examples.assessment(examples.topic(condition=wide))
    narrow = examples.topic(condition=examples.condition(parent=wide))
    derivation.after_change(narrow)
    assert version.current().number == 1


def test_a_draft_that_finds_the_rule_of_another_day_moves_it_with_the_rule() -> None:
    """Counts that are kept per version would otherwise be of the old word."""
    with time_machine.travel("2026-11-21T09:00:00Z", tick=False) as clock:
        topic = examples.topic()
        topic.trials.add(examples.trial(start="2027-03-01", recruitment_status="RECRUITING"))
        examples.assessment(topic)
        derivation.rederive()
        draft = examples.finding(topic, examples.publication(), state="draft", published_at=None)
        before = version.current()
        derivation.after_change(draft)
        assert version.current() == before
        clock.move_to("2027-04-02T09:00:00Z")
        derivation.after_change(draft)
        topic.refresh_from_db()
        assert topic.rule == "E1"
        assert version.current().number == before.number + 1
