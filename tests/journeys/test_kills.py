"""A program that is killed in the middle of a move or a load leaves nothing half done."""

from __future__ import annotations

from pathlib import Path
from random import SystemRandom
from typing import Any

import pytest
from django.db import transaction

from evidence.curation import moves
from evidence.ledger.whole import rederive_all
from evidence.models import Finding, Step, Topic
from evidence.starter import load_starter
from evidence.vocab import Ground, State
from tests.journeys.content import content
from tests.journeys.killing import Death, Killer, stand
from tests.journeys.whole import faults
from tests.starter import small

pytestmark = pytest.mark.django_db(transaction=True)

KILLS = 5
NO_TREATMENT = Ground.NO_TREATMENT.value
# With --long a program is killed at every statement of a move, and so often by the clock.
KILLS_BY_THE_CLOCK = 50
LIVES = (0.02, 0.4)  # seconds; a move takes a few hundredths of one
CHANCE = SystemRandom()


def some_or_all(rehearsal: Death, *, is_long: bool) -> list[int]:
    """Choose statements to die after: each up to the commit, or some from the first write on."""
    first, last = rehearsal.first_write, rehearsal.last_before_the_commit
    return [*range(1, last + 1)] if is_long else CHANCE.sample(range(first, last + 1), KILLS)


def kill_at_each(killer: Killer, act: str, statements: list[int], **given: Any) -> None:
    """Kill a program after each of some statements: nothing may be other than it was."""
    before = stand()
    for statement in statements:
        death = killer.let(act, statement=statement, **given)
        assert death.killed, f"statement {statement} never came"
        assert stand() == before, f"killed after statement {statement}: {death.said[-1]}"


# --- At a statement -------------------------------------------------------------------------------


def test_a_publication_that_is_killed_before_its_commit_was_never_made(
    killer, shown, ann, is_long
) -> None:
    one, other = (moves.submit(moves.revise(shown(), by=ann), by=ann) for _ in range(2))
    given = {"by": "ben", "note": "Read beside it."}
    rehearsal = killer.let("publish", edition=one.pk, **given)
    statements = some_or_all(rehearsal, is_long=is_long)
    kill_at_each(killer, "publish", statements, edition=other.pk, **given)
    assert faults() == []
    after = rehearsal.last_before_the_commit + 1
    assert killer.let("publish", statement=after, edition=other.pk, **given).killed
    assert {edition.number for edition in Finding.objects.public()} == {2}
    assert Topic.objects.public().get().findings_count == 2
    assert faults() == []


def test_a_withdrawal_that_is_killed_before_its_commit_was_never_made(
    killer, shown, ann, is_long
) -> None:
    one, other, _ = shown(), shown(), shown()
    for row in (one, other):
        moves.propose_withdrawal(row, by=ann, note="The paper was retracted.")
    given = {"by": "ben", "note": "It was."}
    rehearsal = killer.let("withdraw", edition=one.pk, **given)
    statements = some_or_all(rehearsal, is_long=is_long)
    kill_at_each(killer, "withdraw", statements, edition=other.pk, **given)
    assert faults() == []
    after = rehearsal.last_before_the_commit + 1
    assert killer.let("withdraw", statement=after, edition=other.pk, **given).killed
    other.refresh_from_db()
    assert other.state == State.WITHDRAWN
    assert Topic.objects.public().get().findings_count == 1
    assert faults() == []


def test_a_load_that_is_killed_leaves_nothing_and_the_next_one_makes_it_whole(
    killer, tmp_path, is_long
) -> None:
    folder = small.write(tmp_path)
    tally, made = at_one_go(folder)
    rehearsal = killer.let("check", folder=str(folder))
    statements = some_or_all(rehearsal, is_long=is_long)
    kill_at_each(killer, "load", statements, folder=str(folder))
    assert load_starter(folder) == tally
    assert content() == made
    assert faults(others=1) == []


def test_working_out_every_topic_again_that_is_killed_leaves_the_old_words(
    killer, shown, is_long
) -> None:
    shown()
    shown()
    never_treated = {"rule": "I1", "rule_status": "investigated", "rule_ground": NO_TREATMENT}
    Topic.objects.update(**never_treated)
    rehearsal = killer.let("rederive")
    assert not Topic.objects.filter(**never_treated).exists()
    Topic.objects.update(**never_treated)
    kill_at_each(killer, "rederive", some_or_all(rehearsal, is_long=is_long))
    rederive_all()
    assert faults(others=2) == []


def test_our_own_starter_evidence_is_whole_after_loads_that_were_killed(killer, is_long) -> None:
    if not is_long:
        pytest.skip("each load takes seconds: --long")
    tally, made = at_one_go(None)
    rehearsal = killer.let("check", folder="")
    statements = some_or_all(rehearsal, is_long=False)
    kill_at_each(killer, "load", statements, folder="")
    assert load_starter() == tally
    assert content() == made
    assert faults(others=1) == []


def at_one_go(folder: Path | None) -> tuple[Any, dict[str, list[str]]]:
    """Give what a load counts and what it makes where nothing disturbs it."""
    with transaction.atomic():
        tally = load_starter(folder)
        made = content()
        transaction.set_rollback(True)
    return tally, made


# --- By the clock ---------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["publish_all", "withdraw_all"])
def test_moves_that_are_killed_at_any_moment_are_whole_or_not_made(
    act: str, killer, shown, is_long
) -> None:
    for _ in range(2):
        shown()
    before = Step.objects.count()
    for _ in range(KILLS_BY_THE_CLOCK if is_long else KILLS):
        death = killer.let(
            act, seconds=CHANCE.uniform(*LIVES), writer="ann", reader="ben", note="Again."
        )
        assert death.killed
        assert faults() == []
    assert Step.objects.count() > before, "every program died before its first move"
