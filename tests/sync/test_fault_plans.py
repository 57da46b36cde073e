"""Whatever goes wrong on the wire and passes, a run ends as one that nothing disturbed."""

from __future__ import annotations

from typing import Any

import pytest

from evidence.models import SyncFault, SyncRun
from evidence.registries.http import WireFault
from evidence.sync import census, wire
from evidence.vocab import RunKind, RunState
from tests.registries.fake import FaultPlan, ctgov_of
from tests.sync.registry import PAGE, begin, held, look, serving, wipe

pytestmark = pytest.mark.django_db(transaction=True)

PLANS = 20
LONG_PLANS = 200
REQUESTS = 400
MOST_RUNS = 12  # as often as cron would try, until the trouble has passed


def look_until_it_is_done(plan: FaultPlan) -> int:
    """Look at a registry that misbehaves, again and again; return how often it took."""
    with serving(plan=plan) as registry:
        for turn in range(1, MOST_RUNS + 1):
            try:
                look(ctgov_of(registry))
            except WireFault:
                continue
            return turn
    pytest.fail(f"not done in {MOST_RUNS} runs")


def test_every_plan_of_faults_ends_as_if_there_had_been_none(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "AT_A_TIME", PAGE)
    monkeypatch.setattr(census, "AT_A_TIME", PAGE + 1)
    wipe()
    begin()
    look_until_it_is_done(FaultPlan())
    undisturbed = held()
    for seed in range(LONG_PLANS if request.config.getoption("--long") else PLANS):
        wipe()
        begin()
        look_until_it_is_done(FaultPlan.random(seed, REQUESTS))
        assert held() == undisturbed, f"plan {seed}"
        runs: Any = SyncRun.objects.filter(kind=RunKind.SYNC_TRIALS)
        assert runs.get().state == RunState.FINISHED, f"plan {seed}"
        assert not SyncFault.objects.exists(), f"plan {seed}"
