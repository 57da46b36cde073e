"""Trials and publications are found by what a registry, an index or a curator calls them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evidence import vocab
from evidence.ledger import version
from evidence.models import (
    Publication,
    RegistryRecord,
    Snapshot,
    Trial,
    TrialIdentifier,
    TrialPhase,
    TrialPublication,
)
from tests.catalogue.asked import codes, ids, row
from tests.contracts import asking
from tests.models.rows import make
from tests.web import examples
from tests.web.reading import body, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> Trial:
    made = examples.trial("NCT00000001", acronym="ALPHA", title="A study", start="2001-02")
    made.conditions.add(
        examples.condition(synonyms="AIDS"),
        examples.condition("Melanoma", "melanoma", area="oncology"),
    )
    made.interventions.add(examples.intervention())
    TrialPhase.objects.create(trial=made, phase="PHASE2")
    return made


@pytest.fixture
def other() -> Trial:
    return examples.trial("NCT00000002", acronym="BETA", title="Another", start="")


def test_a_condition_and_an_area_are_of_the_same_mapping(study: Trial, other: Trial) -> None:
    assert ids("trials", "condition=melanoma&area=oncology") == [study.slug]
    assert ids("trials", "condition=melanoma&area=infectious") == []
    assert ids("trials", "area=oncology&area=infectious") == [study.slug]


def test_a_trial_of_two_phases_is_found_by_each_and_counted_once(
    study: Trial, other: Trial
) -> None:
    assert ids("trials", "phase=PHASE2") == [study.slug]
    assert ids("trials", "phase=PHASE2&phase=PHASE3&sort=id") == [study.slug, other.slug]
    assert row("trials", "phase=PHASE2")["phases"] == "PHASE2; PHASE3"


def test_text_finds_terms_synonyms_and_how_numbers_begin(study: Trial, other: Trial) -> None:
    TrialIdentifier.objects.create(trial=study, registry="ISRCTN", value="ISRCTN12345678")
    for word in ("aids", "melanoma", "subcutaneous+melanoma", "isrctn1234", "alpha", "NCT00000001"):
        assert ids("trials", f"q={word}") == [study.slug], word
    assert ids("trials", "q=ids") == []
    assert ids("trials", "q=0000001") == []
    assert ids("trials", "q=nct&sort=id") == [study.slug, other.slug]


def test_a_narrower_condition_is_found_by_the_words_of_the_wider(study: Trial) -> None:
    narrow = examples.condition("Late form", "late", parent=examples.condition())
    trial = examples.trial("NCT00000005")
    trial.conditions.add(narrow)
    assert ids("trials", "q=aids&sort=id") == [study.slug, trial.slug]


def test_years_are_of_the_start_however_little_of_it_is_known(study: Trial, other: Trial) -> None:
    known = examples.trial("NCT00000003", start="2003")
    assert ids("trials", "year_min=2001&year_max=2001") == [study.slug]
    assert ids("trials", "year_min=2002") == [known.slug]
    assert ids("trials") == [known.slug, study.slug, other.slug]


def test_what_is_held_of_a_trial(study: Trial, other: Trial) -> None:
    topic, paper = examples.topic(), examples.publication()
    examples.finding(topic, paper, trial=study)
    examples.harm(paper, trial=other)
    TrialPublication.objects.create(trial=study, publication=paper)
    hidden = examples.publication(pmid=2, accepted_at=None)
    TrialPublication.objects.create(trial=study, publication=hidden)
    assert ids("trials", "has_finding=yes") == ids("trials", "has_harm=no") == [study.slug]
    assert row("trials", "has_finding=yes")["publications"] == paper.code
    assert ids("trials", "has_results=yes") == []


def gone(trial: Trial, value: str, *, since: dt.date) -> None:
    """Note that a registry does not know a number."""
    make(RegistryRecord, trial=trial, publication=None, value=value, vanished_on=since)


def test_a_trial_that_is_gone_from_its_registry_is_found_with_the_day(
    study: Trial, other: Trial
) -> None:
    make(RegistryRecord, trial=study, publication=None, value="NCT00000001")
    assert ids("trials", "gone=yes") == []
    assert row("trials", "year_min=2001")["gone_since"] == ""
    gone(other, "NCT00000002", since=dt.date(2026, 11, 20))
    gone(other, "NCT00000003", since=dt.date(2026, 5, 4))
    assert ids("trials", "gone=yes") == [other.slug]
    assert ids("trials", "gone=no") == [study.slug]
    assert row("trials", "gone=yes")["gone_since"] == "2026-05-04"
    assert ids("trials", "sort=-gone_since") == [other.slug, study.slug]


def paper(pmid: int, **given: object) -> Publication:
    return examples.publication(pmid=pmid, **given)


def reported(trial: Trial, source: Publication, **figures: object) -> TrialPublication:
    return TrialPublication.objects.create(trial=trial, publication=source, **figures)


def test_what_papers_say_otherwise_is_told_in_a_cell_and_found(study: Trial, other: Trial) -> None:
    study.completion, study.primary_outcome = "2005-06", "Death; of any cause"
    study.save()
    first, second = paper(1, year=2006), paper(2, year=2007)
    reported(study, second, people=4100, completion="2005", primary_outcome="Death from AIDS")
    reported(study, first, people=4111, completion="2004")
    reported(other, paper(3), people=4150)
    review, hidden = paper(4), paper(5, accepted_at=None)
    reported(other, review, people=1, relation=vocab.PublicationRelation.INCLUDES)
    reported(other, hidden, people=2)
    assert ids("trials", "differs=yes") == [study.slug]
    assert ids("trials", "differs=no") == [other.slug]
    assert row("trials", "differs=yes")["differs_from_paper"] == (
        f"people: registry 4150, {first.code} 4111, {second.code} 4100; "
        f"completion: registry 2005-06, {first.code} 2004; "
        f"primary outcome: worded otherwise in {second.code}"
    )
    assert row("trials", "differs=no")["differs_from_paper"] == ""


def test_a_figure_that_was_not_read_at_the_registry_is_ours_in_the_cell(study: Trial) -> None:
    study.checked_on, study.enrolment_type = None, vocab.EnrolmentType.ESTIMATED
    study.save()
    source = paper(1)
    reported(study, source, people=12)
    ours = f"people: here 4150 planned, {source.code} 12"
    assert row("trials")["differs_from_paper"] == ours
    make(RegistryRecord, trial=study, publication=None, snapshot=make(Snapshot))
    assert row("trials")["differs_from_paper"] == ours.replace("here", "registry")


def test_what_differs_is_worked_out_again_when_the_data_move(study: Trial) -> None:
    version.bump()
    assert ids("trials", "differs=yes") == []
    tie = reported(study, paper(1), people=12)
    version.bump()
    assert ids("trials", "differs=yes") == [study.slug]
    tie.delete()
    version.bump()
    assert ids("trials", "differs=yes") == []


def test_what_differs_costs_as_many_queries_of_many_trials_as_of_one(study: Trial) -> None:
    def cost() -> int:
        version.bump()
        with CaptureQueriesContext(connection) as caught:
            assert row("trials", "differs=yes&year_max=2001")["differs_from_paper"]
        return len(caught)

    reported(study, paper(1), people=12)
    few = cost()
    for number in range(2, 9):
        reported(examples.trial(f"NCT0000010{number}"), paper(number), people=number)
        reported(study, paper(100 + number), people=number)
    Trial.objects.exclude(pk=study.pk).update(start="2010")
    assert cost() == few


def test_counts_of_what_differs_and_is_gone_hold_beside_other_filters(
    client: Client, study: Trial, other: Trial
) -> None:
    reported(study, paper(1), people=12)
    gone(study, "NCT00000001", since=dt.date(2026, 5, 4))
    gone(other, "NCT00000002", since=dt.date(2026, 5, 4))
    version.bump()
    panel = words(body(client, "/trials/?gone=yes&area=oncology"))
    assert "Differs from its papers yes 1 no 0" in panel
    assert "Differs from its papers yes 1 no 1" in words(body(client, "/trials/?gone=yes"))
    assert ids("trials", "gone=yes&differs=no") == [other.slug]


def test_planned_people_are_called_so_on_the_page_and_are_a_number_in_the_file(
    client: Client, study: Trial
) -> None:
    study.enrolment, study.enrolment_type = 1054, vocab.EnrolmentType.ESTIMATED
    study.checked_on = None
    study.save()
    (cells,) = [r.cells for r in asking.FirstTable(body(client, "/trials/")).rows]
    assert "1,054 planned" in cells
    assert row("trials")["enrolment"] == "1054"
    chosen = "/trials/?columns=checked_on&columns=gone_since&columns=differs_from_paper"
    (cells,) = [r.cells for r in asking.FirstTable(body(client, chosen)).rows]
    assert [cell.strip() for cell in cells[1:]] == ["not yet", "not noted", "none noted"]


def test_a_publication_is_found_by_its_exact_identifier_and_by_words() -> None:
    paper = examples.publication(pmid=12345, doi="10.1000/X", pmcid="PMC7654321", authors="Zed A")
    examples.publication(pmid=123456)
    for word in ("12345", "10.1000/x", "pmc7654321", "zed"):
        assert ids("publications", f"q={word}") == codes(paper), word


def test_a_publication_is_found_by_trial_condition_and_intervention_of_one_finding(
    study: Trial,
) -> None:
    paper = examples.publication()
    TrialPublication.objects.create(trial=study, publication=paper)
    first = examples.topic()
    melanoma = examples.condition("Melanoma", "melanoma", area="oncology")
    drug = examples.intervention("Aldesleukin", "aldesleukin")
    second = examples.topic(condition=melanoma, intervention=drug)
    for topic in (first, second):
        examples.finding(topic, paper)
    assert ids("publications", f"trial={study.slug}") == codes(paper)
    assert ids("publications", "condition=melanoma&intervention=aldesleukin") == codes(paper)
    assert ids("publications", "condition=melanoma&intervention=intermittent-sc") == []
    found = row("publications")
    assert (found["findings"], found["harms"], found["trials"]) == ("2", "0", study.slug)
