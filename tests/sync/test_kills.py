"""A run that is killed at any moment goes on where it stood, and ends as if it had not been."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import SystemRandom
from typing import Any

import pytest

from evidence.models import SyncRun
from evidence.sync.tally import NAMES
from evidence.vocab import RunKind, RunState
from tests.journeys.killing import Death, Killer
from tests.sync.registry import PAGE, begin, held, serving, wipe

pytestmark = pytest.mark.django_db(transaction=True)

KILLS = 4
LONG_KILLS = 60
KILLS_BY_THE_CLOCK = 4
LONG_KILLS_BY_THE_CLOCK = 60
LIVES = (0.02, 0.6)  # seconds; a run takes half of one
STEP = 'inside UPDATE "evidence_syncrun"'
CHANCE = SystemRandom()


@pytest.fixture(scope="module")
def killer(django_db_setup: None) -> Iterator[Killer]:
    """What forks programs on the tests' database and has them killed."""
    killer = Killer()
    yield killer
    killer.close()


@pytest.fixture
def is_long(request: pytest.FixtureRequest) -> bool:
    """Say whether all is to be tried, not a sample."""
    return bool(request.config.getoption("--long"))


@pytest.fixture
def sync(killer: Killer) -> Iterator[Callable[..., Death]]:
    """Let a program look at the registry, from what is known at first, and be killed."""
    with serving() as registry:
        yield lambda **how: killer.let("sync_trials", address=registry.base, batch=PAGE, **how)


def told() -> tuple[dict[str, Any], dict[str, Any]]:
    """What is held after a run, and what the run says of itself."""
    run = SyncRun.objects.filter(kind=RunKind.SYNC_TRIALS)
    return held(), run.values("state", "cursor", "sentence", *NAMES).get()


def afresh() -> None:
    wipe()
    begin()


def test_a_run_that_is_killed_at_the_end_of_any_page_ends_as_if_it_had_not_been(
    sync, is_long
) -> None:
    afresh()
    said = sync().said
    undisturbed = told()
    # The last statement of a batch, and the first after its commit.
    steps = [n for n, sql in enumerate(said, 1) if sql.startswith(STEP)][1:]
    places = sorted({*steps, *(n + 1 for n in steps if n < len(said))})
    assert len(steps) > 5
    for place in places if is_long else sorted(CHANCE.sample(places, KILLS)):
        afresh()
        assert sync(statement=place).killed
        sync()
        assert told() == undisturbed, f"killed after statement {place}: {said[place - 1]}"


def test_a_run_that_is_killed_at_any_statement_ends_as_if_it_had_not_been(sync, is_long) -> None:
    afresh()
    said = sync().said
    undisturbed = held()
    places = range(1, len(said) + 1)
    for place in sorted(CHANCE.sample(places, LONG_KILLS if is_long else KILLS)):
        afresh()
        assert sync(statement=place).killed
        sync()
        assert held() == undisturbed, f"killed after statement {place}: {said[place - 1]}"


def test_a_run_that_is_killed_again_and_again_by_the_clock_ends_as_if_it_had_not_been(
    sync, is_long
) -> None:
    afresh()
    sync()
    undisturbed = held()
    afresh()
    for _ in range(LONG_KILLS_BY_THE_CLOCK if is_long else KILLS_BY_THE_CLOCK):
        sync(seconds=CHANCE.uniform(*LIVES))
    sync()
    assert held() == undisturbed
    assert not SyncRun.objects.filter(state=RunState.RUNNING).exists()
