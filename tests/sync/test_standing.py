"""What is retracted, corrected or doubted is seen the day that it is looked for, and by whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evidence.ledger import derivation, version
from evidence.ledger.actors import acting
from evidence.models import (
    DataVersion,
    Drift,
    Finding,
    Publication,
    RegistryRecord,
    SyncFault,
    SyncRun,
)
from evidence.registries import pubmed
from evidence.registries.crossref_client import Crossref
from evidence.registries.http import Polite, Unreachable
from evidence.registries.pubmed_client import PubMed
from evidence.registries.records import Payload
from evidence.sync import publications, standing
from evidence.sync.runs import Stopped, running
from evidence.sync.tally import Counts
from evidence.vocab import RunKind
from tests.models.rows import someone
from tests.registries.fake import FakeRegistry, Fault, FaultPlan, wire_here
from tests.registries.papers import article, article_set, work
from tests.sync.registry import held
from tests.web import examples

pytestmark = pytest.mark.django_db

TODAY, TOMORROW = dt.date(2026, 11, 21), dt.date(2026, 11, 22)
NOTICE = "J Made Up Med. 2014 May 1;14(5):3."
RETRACTED = ("RetractionIn", 22222222, NOTICE)
CORRECTED = ("ErratumIn", 33333333, NOTICE)


@pytest.fixture
def registry() -> Iterator[FakeRegistry]:
    """PubMed and Crossref, which know nothing yet."""
    with FakeRegistry() as served:
        yield served


def check(registry: FakeRegistry, *, today: dt.date = TODAY, dry_run: bool = False) -> Counts:
    """Look as the command does; give the tally."""
    with running(RunKind.CHECK_STANDING, dry_run=dry_run) as run:
        standing.check(
            run,
            pubmed=PubMed(wire_here(), base=registry.pubmed, tool="il2tracker"),
            crossref=Crossref(wire_here(), base=registry.crossref),
            today=today,
            told=lambda what, done, of: None,
        )
    return run.counts


def says(registry: FakeRegistry, pmid: int, *corrections: Any, **changes: Any) -> None:
    """Let PubMed have a paper, with notices about it."""
    registry.papers[pmid] = article(pmid, corrections=corrections, **changes)


def now(publication: Publication) -> Publication:
    publication.refresh_from_db()
    return publication


# --- What is found --------------------------------------------------------------------------------


def test_a_retraction_stands_at_once_with_its_notice_and_a_card(registry: FakeRegistry) -> None:
    paper = examples.publication(1)
    says(registry, 1, RETRACTED, CORRECTED)
    assert check(registry) == Counts(changed=1)
    assert now(paper).standing == "retracted"
    assert paper.standing_note == "Retracted, as PubMed says (notice PMID 22222222, 2014-05-01)."
    assert paper.standing_checked_on == TODAY
    assert paper.standing_noted_at is not None
    drift = Drift.objects.get()
    assert (drift.field, drift.ours, drift.after, drift.applied) == (
        *("standing", "current", "retracted"),
        True,
    )


def test_the_rule_leaves_a_retracted_paper_out_in_the_same_moment(registry: FakeRegistry) -> None:
    topic = examples.world()
    derivation.rederive()
    topic.refresh_from_db()
    assert topic.rule == "V2"
    for (number,) in Finding.objects.filter(topic=topic).values_list("publication__pmid"):
        says(registry, number or 0, RETRACTED)
    check(registry)
    topic.refresh_from_db()
    assert topic.rule not in {"", "V2"}


def test_nothing_else_of_a_paper_is_touched(registry: FakeRegistry) -> None:
    paper = examples.publication(1, title="In our words", doi="")
    says(registry, 1, title="As printed.", doi="10.5555/new")
    check(registry)
    assert (now(paper).title, paper.doi) == ("In our words", "")
    assert paper.standing_checked_on == TODAY


def test_an_import_after_it_reads_the_rest(registry: FakeRegistry) -> None:
    paper = examples.publication(1, title="In our words")
    says(registry, 1, title="As printed.")
    check(registry)
    (payload,) = pubmed.payloads(article_set(registry.papers[1]))
    assert isinstance(payload, Payload)
    publications.bring_in([payload])
    assert now(paper).title == "As printed"


def test_what_was_imported_follows_its_source_on_the_way(registry: FakeRegistry) -> None:
    (payload,) = pubmed.payloads(article_set(article(1)))
    assert isinstance(payload, Payload)
    publications.bring_in([payload])
    says(registry, 1, title="As corrected.", revised="2026-01-02")
    assert check(registry) == Counts(changed=1)
    assert Publication.objects.get().title == "As corrected"


def test_crossref_is_asked_for_what_has_a_doi(registry: FakeRegistry) -> None:
    paper = examples.publication(None, doi="10.5555/Made(1)")  # type: ignore[arg-type]
    told = {"DOI": "10.5555/notice", "type": "expression_of_concern"}
    registry.works["10.5555/made(1)"] = work("10.5555/made(1)", **{"updated-by": [told]})
    assert check(registry) == Counts(changed=1)
    assert now(paper).standing == "concern"
    assert paper.standing_note == (
        "Under an expression of concern, as Crossref says (notice DOI 10.5555/notice)."
    )


def test_the_heavier_of_two_sources_stands(registry: FakeRegistry) -> None:
    paper = examples.publication(1, doi="10.5555/made")
    says(registry, 1, CORRECTED)
    told = {"DOI": "10.5555/notice", "type": "retraction"}
    registry.works["10.5555/made"] = work("10.5555/made", **{"updated-by": [told]})
    check(registry)
    assert now(paper).standing == "retracted"
    assert paper.standing_note == "Retracted, as Crossref says (notice DOI 10.5555/notice)."
    before = held()
    check(registry)
    assert held() == before


def test_a_doi_that_crossref_does_not_know_is_no_fault(registry: FakeRegistry) -> None:
    paper = examples.publication(None, doi="10.5555/elsewhere")  # type: ignore[arg-type]
    assert check(registry) == Counts()
    assert now(paper).standing_checked_on is None


# --- What a person said ---------------------------------------------------------------------------


def test_a_note_of_ours_gives_way_to_a_newer_one_and_a_persons_does_not(
    registry: FakeRegistry,
) -> None:
    ours, hers = examples.publication(1), examples.publication(2, standing_note="Hers.")
    for pmid in (1, 2):
        says(registry, pmid, CORRECTED)
    check(registry)
    assert now(ours).standing_note.startswith("Corrected, as PubMed says")
    for pmid in (1, 2):
        says(registry, pmid, CORRECTED, RETRACTED)
    check(registry, today=TOMORROW)
    assert now(ours).standing_note.startswith("Retracted, as PubMed says")
    assert (now(hers).standing, hers.standing_note) == ("retracted", "Hers.")


def test_a_standing_that_a_person_set_waits_for_her_when_the_source_says_more(
    registry: FakeRegistry,
) -> None:
    paper = examples.publication(1)
    with acting(someone()):
        paper.standing = "corrected"
        paper.save()
    says(registry, 1, RETRACTED)
    check(registry)
    assert now(paper).standing == "corrected"
    drift = Drift.objects.get()
    assert (drift.ours, drift.after, drift.applied) == ("corrected", "retracted", False)


def test_that_a_person_entered_a_paper_is_not_her_word_on_its_standing(
    registry: FakeRegistry,
) -> None:
    with acting(someone()):
        paper = examples.publication(1)
    says(registry, 1, RETRACTED)
    check(registry)
    assert now(paper).standing == "retracted"


def test_a_notice_taken_back_lowers_nothing_and_waits_for_a_person(registry: FakeRegistry) -> None:
    paper = examples.publication(1)
    says(registry, 1, RETRACTED)
    check(registry)
    Drift.objects.update(decision="accepted", decided_by=someone(), decided_at=timezone.now())
    says(registry, 1)
    check(registry, today=TOMORROW)
    assert now(paper).standing == "retracted"
    drift = Drift.objects.get(decision="")
    assert (drift.ours, drift.before, drift.after, drift.applied) == (
        *("retracted", "retracted", "current"),
        False,
    )


def test_where_another_source_still_says_so_nothing_waits(registry: FakeRegistry) -> None:
    paper = examples.publication(1, doi="10.5555/made")
    says(registry, 1, RETRACTED)
    told = {"DOI": "10.5555/notice", "type": "retraction"}
    registry.works["10.5555/made"] = work("10.5555/made", **{"updated-by": [told]})
    check(registry)
    Drift.objects.all().delete()
    says(registry, 1)
    check(registry, today=TOMORROW)
    assert now(paper).standing == "retracted"
    assert not Drift.objects.exists()


def test_what_a_person_knows_and_the_source_does_not_say_is_left(registry: FakeRegistry) -> None:
    paper = examples.publication(1, standing="retracted")
    says(registry, 1)
    check(registry)
    assert now(paper).standing == "retracted"
    assert not Drift.objects.exists()


# --- Again, and cut short -------------------------------------------------------------------------


def test_a_second_time_on_the_same_day_writes_nothing(registry: FakeRegistry) -> None:
    for pmid in range(1, 5):
        examples.publication(pmid, doi=f"10.5555/{pmid}")
        says(registry, pmid, *([RETRACTED] if pmid == 2 else []))
        registry.works[f"10.5555/{pmid}"] = work(f"10.5555/{pmid}")
    check(registry)
    before, token = held(), version.current()
    assert check(registry) == Counts(same=8)
    assert held() == before
    assert version.current() == token


def test_on_another_day_only_the_day_moves_and_kept_pages_are_made_anew(
    registry: FakeRegistry,
) -> None:
    paper = examples.publication(1)
    version.bump()
    says(registry, 1)
    check(registry)
    before, entries = version.current(), LogEntry.objects.count()
    check(registry, today=TOMORROW)
    assert LogEntry.objects.count() == entries
    assert now(paper).standing_checked_on == TOMORROW
    after = version.current()
    assert (after.number, after.as_of) == (before.number, before.as_of)
    assert after.token != before.token


def test_a_dry_run_says_what_would_change_and_writes_nothing(registry: FakeRegistry) -> None:
    DataVersion.objects.get_or_create(pk=1)
    examples.publication(1)
    examples.publication(2)
    says(registry, 1, RETRACTED)
    before = held()
    assert check(registry, dry_run=True) == Counts(changed=1, vanished=1)
    assert held() == before
    assert not SyncRun.objects.exists()


def test_what_pubmed_does_not_know_any_more_is_said_once_and_left(registry: FakeRegistry) -> None:
    papers = [examples.publication(pmid) for pmid in range(1, 4)]
    for pmid in (1, 2, 3):
        says(registry, pmid)
    check(registry)
    del registry.papers[2]
    assert check(registry, today=TOMORROW) == Counts(same=2, vanished=1)
    record = RegistryRecord.objects.get(value="2")
    assert (record.vanished_on, record.publication) == (TOMORROW, papers[1])
    assert [fault.sentence for fault in SyncFault.objects.all()] == [
        "PubMed does not know it any more."
    ]
    assert now(papers[1]).standing_checked_on == TODAY
    assert check(registry, today=TOMORROW) == Counts(same=3)
    assert SyncFault.objects.count() == 1
    says(registry, 2)
    check(registry, today=TOMORROW)
    record.refresh_from_db()
    assert record.vanished_on is None


def test_an_answer_that_lacks_many_stops_it_and_marks_nothing(registry: FakeRegistry) -> None:
    for pmid in range(1, 13):
        examples.publication(pmid)
        says(registry, pmid)
    check(registry)
    for pmid in range(1, 9):
        del registry.papers[pmid]
    with pytest.raises(Stopped, match="PubMed returned 4 of 12 articles"):
        check(registry, today=TOMORROW)
    assert not RegistryRecord.objects.filter(vanished_on__isnull=False).exists()


def test_what_was_cut_short_goes_on_where_it_stood_and_ends_the_same(
    registry: FakeRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "AT_A_TIME", 2)
    monkeypatch.setattr(standing, "IN_ONE_GO", 1)
    for pmid in range(1, 6):
        examples.publication(pmid, doi=f"10.5555/{pmid}")
        says(registry, pmid, RETRACTED)
        registry.works[f"10.5555/{pmid}"] = work(f"10.5555/{pmid}")
    for number in range(1, 12):
        registry.asked.clear()
        registry.plan = FaultPlan(faults=dict.fromkeys(range(number, number + 5), Fault.ERROR))
        try:
            check(registry)
        except Unreachable:
            continue
        break
    assert {*Publication.objects.values_list("standing", flat=True)} == {"retracted"}
    run = SyncRun.objects.get()
    assert (run.changed, run.same, run.failed) == (10, 0, 0)
    assert not Publication.objects.filter(standing_checked_on=None).exists()


def test_a_few_retractions_are_written_at_once_and_of_what_is_not_new_many(
    registry: FakeRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    for pmid in range(1, 2 * standing.IN_ONE_GO + 1):
        examples.publication(pmid)
        says(registry, pmid, *([RETRACTED] if pmid <= standing.IN_ONE_GO else []))
    sizes: list[int] = []
    look = publications.look_at_standing

    def watched(payloads: list[Payload], **how: Any) -> Any:
        sizes.append(len(payloads))
        return look(payloads, **how)

    monkeypatch.setattr(publications, "look_at_standing", watched)
    assert check(registry) == Counts(changed=20)
    assert sizes == [3, 3, 3, 10, 1]
    sizes.clear()
    assert check(registry) == Counts(same=20)
    assert sizes == [10, 10]


def test_no_question_is_asked_inside_a_transaction(
    registry: FakeRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    for pmid in (1, 2):
        examples.publication(pmid, doi=f"10.5555/{pmid}")
        says(registry, pmid, RETRACTED)
        registry.works[f"10.5555/{pmid}"] = work(f"10.5555/{pmid}")
    monkeypatch.setattr(standing, "AT_A_TIME", 1)
    depths = [len(connection.savepoint_ids)]  # the test's own
    read = Polite.read

    def watched(self: Polite, *given: Any, **how: Any) -> Any:
        depths.append(len(connection.savepoint_ids))
        return read(self, *given, **how)

    monkeypatch.setattr(Polite, "read", watched)
    check(registry)
    assert len(depths) == 1 + len(registry.asked) == 5
    assert {*depths} == {depths[0]}


def test_a_number_that_ours_has_wrongly_does_not_hide_a_retraction(registry: FakeRegistry) -> None:
    paper = examples.publication(1)
    examples.publication(2, doi="10.5555/made")
    says(registry, 1, RETRACTED, doi="10.5555/made")
    says(registry, 2)
    check(registry)
    assert now(paper).standing == "retracted"


def test_a_few_papers_or_many_take_the_same_queries_to_find_that_nothing_is_new(
    registry: FakeRegistry,
) -> None:
    counted = []
    for pmid in (1, 2, 3, 4, 5, 6, 7, 8):
        examples.publication(pmid)
        says(registry, pmid)
        check(registry)
        if pmid in (2, 8):
            with CaptureQueriesContext(connection) as queries:
                check(registry)
            counted.append(len(queries))
    assert counted[0] == counted[1]
