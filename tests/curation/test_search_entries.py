"""Every move of a judgement moves the search with it: what is published is found, nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import transaction

from evidence.curation import moves
from evidence.ledger import engines, index, version
from evidence.models import Assessment, Finding, HarmReport
from tests.contracts.world import published, written
from tests.ledger.kept_search import assert_whole, holds
from tests.web import examples

if TYPE_CHECKING:
    from django.contrib.auth.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world() -> None:
    examples.world()


@pytest.mark.parametrize("model", [Finding, HarmReport])
def test_a_judgement_is_found_from_its_publication_to_its_withdrawal(
    model: type, ann: User, ben: User
) -> None:
    draft = written(model, ann, statement="Xylophones.")
    index.rebuild()  # for the terms that were made with it
    moves.submit(draft, by=ann)
    assert not holds("xylophon")
    moves.publish(draft, by=ben)
    assert holds("xylophon")
    assert_whole()
    moves.propose_withdrawal(draft, by=ann, note="It was wrong.")
    assert holds("xylophon")
    moves.withdraw(draft, by=ben)
    assert not holds("xylophon")
    assert_whole()


def test_the_words_of_an_edition_go_when_the_next_takes_its_place(ann: User, ben: User) -> None:
    first = published(Finding, ann, ben, statement="Xylophones.")
    index.rebuild()
    second = moves.revise(first, by=ann)
    second.statement = "Bassoons."
    second.save()
    assert (holds("xylophon"), holds("bassoon")) == (True, False)
    moves.publish(moves.submit(second, by=ann), by=ben)
    assert (holds("xylophon"), holds("bassoon")) == (False, True)
    assert_whole()


def test_a_question_is_found_while_an_assessment_of_it_is_published(ann: User, ben: User) -> None:
    said = written(Assessment, ann, summary="Xylophones.")
    index.rebuild()
    moves.submit(said, by=ann)
    assert not holds("xylophon")
    moves.publish(said, by=ben)
    assert holds("xylophon")
    assert_whole()
    moves.propose_withdrawal(said, by=ann, note="It was wrong.")
    moves.withdraw(said, by=ben)
    assert not holds("xylophon")
    assert_whole()


def test_drafts_write_nothing_and_move_nothing(ann: User) -> None:
    index.rebuild()
    before, token = engines.contents(), version.current().token
    draft = written(Finding, ann, statement="Xylophones.")
    moves.submit(draft, by=ann)
    index.after_change(draft)
    assert engines.contents() == before
    assert version.current().token == token


def test_a_publication_that_is_undone_leaves_no_entry(ann: User, ben: User) -> None:
    draft = moves.submit(written(Finding, ann, statement="Xylophones."), by=ann)
    before = engines.contents()
    with transaction.atomic():
        moves.publish(draft, by=ben)
        assert holds("xylophon")
        transaction.set_rollback(True)
    assert engines.contents() == before
