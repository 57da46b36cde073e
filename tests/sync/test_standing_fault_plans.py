"""Whatever goes wrong at PubMed and Crossref and passes, the look ends as an undisturbed one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from evidence.models import Publication, SyncFault, SyncRun
from evidence.registries.crossref_client import Crossref
from evidence.registries.http import WireFault
from evidence.registries.pubmed_client import PubMed
from evidence.sync import standing
from evidence.sync.runs import running
from evidence.vocab import RunKind, RunState
from tests.registries.fake import FakeRegistry, FaultPlan, wire_here
from tests.registries.papers import article, work
from tests.sync.registry import held, wipe
from tests.web import examples

pytestmark = pytest.mark.django_db(transaction=True)

PLANS = 20
LONG_PLANS = 200
REQUESTS = 200
MOST_RUNS = 12
MOMENT = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
PAPERS = range(1, 6)
NOTICES = ("RetractionIn", "ErratumIn", "ExpressionOfConcernIn")


def begin() -> None:
    """Hold some papers, half of them with a DOI."""
    for pmid in PAPERS:
        examples.publication(pmid, doi=f"10.5555/{pmid}" if pmid % 2 else "")


def serving(plan: FaultPlan) -> FakeRegistry:
    """PubMed and Crossref, which tell of some notices."""
    papers = {
        pmid: article(pmid, corrections=((NOTICES[pmid % 3], 22222222, "J. 2014 May 1"),))
        for pmid in PAPERS
    }
    told = {"DOI": "10.5555/notice", "type": "retraction"}
    works = {
        f"10.5555/{pmid}": work(f"10.5555/{pmid}", **({"updated-by": [told]} if pmid > 3 else {}))
        for pmid in PAPERS
    }
    return FakeRegistry(papers=papers, works=works, plan=plan)


def look_until_it_is_done(plan: FaultPlan) -> None:
    """Look again and again, as cron would, until the trouble has passed."""
    with serving(plan) as registry:
        for _ in range(MOST_RUNS):
            try:
                with running(RunKind.CHECK_STANDING) as run:
                    standing.check(
                        run,
                        pubmed=PubMed(wire_here(), base=registry.pubmed, tool="il2tracker"),
                        crossref=Crossref(wire_here(), base=registry.crossref),
                        today=dt.date(2026, 11, 21),
                        told=lambda what, done, of: None,
                    )
            except WireFault:
                continue
            return
    pytest.fail(f"not done in {MOST_RUNS} runs")


def kept() -> dict[str, list[dict[str, Any]]]:
    """All that is held, but for when a standing was noted, and for the search, which has keys."""
    Publication.objects.filter(standing_noted_at__isnull=False).update(standing_noted_at=MOMENT)
    return {name: rows for name, rows in held().items() if name != "search"}


def test_every_plan_of_faults_ends_as_if_there_had_been_none(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "AT_A_TIME", 3)
    monkeypatch.setattr(standing, "IN_ONE_GO", 2)
    wipe()
    begin()
    look_until_it_is_done(FaultPlan())
    undisturbed = kept()
    tally = SyncRun.objects.values("changed", "same", "vanished", "failed").get()
    for seed in range(LONG_PLANS if request.config.getoption("--long") else PLANS):
        wipe()
        begin()
        look_until_it_is_done(FaultPlan.random(seed, REQUESTS))
        assert kept() == undisturbed, f"plan {seed}"
        run = SyncRun.objects.filter(state=RunState.FINISHED)
        assert run.values("changed", "same", "vanished", "failed").get() == tally, f"plan {seed}"
        assert not SyncFault.objects.exists(), f"plan {seed}"
