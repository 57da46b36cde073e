"""Trials and publications are found by what a registry, an index or a curator calls them."""

from __future__ import annotations

import pytest

from evidence.models import Trial, TrialIdentifier, TrialPhase, TrialPublication
from tests.catalogue.asked import codes, ids, row
from tests.web import examples

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
