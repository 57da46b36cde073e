"""The operator has retractions looked for, every night, and reads what was found."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.management import CommandError, call_command
from django.utils import timezone

from evidence.models import Publication, SyncRun
from tests.registries.fake import FakeRegistry, Fault, FaultPlan
from tests.registries.papers import article, work
from tests.web import examples

pytestmark = pytest.mark.django_db

RETRACTED = ("RetractionIn", 22222222, "J Made Up Med. 2014 May 1;14(5):3.")


@pytest.fixture
def registry(settings: Any) -> Iterator[FakeRegistry]:
    """PubMed and Crossref on this machine, with a paper that was retracted."""
    papers = {1: article(1, corrections=(RETRACTED,))}
    with FakeRegistry(papers=papers, works={"10.5555/made": work("10.5555/made")}) as served:
        settings.IL2TRACKER_PUBMED_URL = served.pubmed
        settings.IL2TRACKER_CROSSREF_URL = served.crossref
        yield served


def said(**options: Any) -> tuple[str, str]:
    """Run it; give what it printed, and its faults with how it ended."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("check_standing", stdout=out, stderr=err, **options)
    except CommandError as error:
        err.write(f"{error} [{error.returncode}]")
    return out.getvalue(), err.getvalue()


def test_a_retraction_is_told_of_and_logged(registry: FakeRegistry) -> None:
    examples.publication(1, doi="10.5555/made")
    assert said() == ("0 created, 2 changed, 0 the same, 0 failed.\n", "")
    paper = Publication.objects.get()
    assert (paper.standing, paper.standing_checked_on) == ("retracted", timezone.localdate())
    entry = LogEntry.objects.get_for_object(paper).latest("pk")
    assert entry.actor is None
    assert entry.additional_data == {"reason": "As PubMed says.", "via": "check_standing"}
    assert said()[0] == "0 created, 0 changed, 2 the same, 0 failed.\n"


def test_what_vanished_is_told_of_and_is_no_failure(registry: FakeRegistry) -> None:
    examples.publication(2)
    out, err = said()
    assert "1 vanished, 0 failed" in out
    assert err == "PMID 2: PubMed does not know it any more.\n"
    assert said() == ("0 created, 0 changed, 1 the same, 0 failed.\n", "")


def test_what_became_of_each_is_said_if_that_is_asked(registry: FakeRegistry) -> None:
    examples.publication(1, doi="10.5555/made")
    told = "PMID 1: retracted\n10.5555/made: current\n"
    tally = "0 created, 2 changed, 0 the same, 0 failed.\n"
    dry = said(verbosity=2, dry_run=True)
    assert dry == (f"{told}Nothing was written. It would be: {tally}", "")
    assert said(verbosity=2) == (told + tally, "")


def test_it_works_on_a_database_that_holds_nothing(registry: FakeRegistry) -> None:
    assert said() == ("0 created, 0 changed, 0 the same, 0 failed.\n", "")
    assert registry.asked == []


def test_a_dry_run_keeps_nothing(registry: FakeRegistry) -> None:
    examples.publication(1)
    assert said(dry_run=True)[0].startswith(
        "Nothing was written. It would be: 0 created, 1 changed"
    )
    assert Publication.objects.get().standing == "current"
    assert not SyncRun.objects.exists()


def test_a_registry_that_stays_down_ends_it_in_words(registry: FakeRegistry) -> None:
    examples.publication(1)
    registry.plan = FaultPlan(always=Fault.ERROR)
    out, err = said()
    assert out.startswith("So far: 0 created")
    assert "gave no good answer in 5 tries: it answered 500. [1]" in err
    assert SyncRun.objects.get().state == "broken-off"
