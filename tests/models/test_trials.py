"""Trials under all their registry numbers, with their phases and countries in order."""

from __future__ import annotations

from itertools import permutations

import pytest
from django.core.exceptions import ValidationError

from evidence import vocab
from evidence.models import Arm, Publication, Trial, TrialIdentifier, TrialPhase
from evidence.models.trials import IDENTIFIER_SHAPES
from tests.models.rows import make
from tests.models.violations import VIOLATIONS

SENTENCES = {
    "NCT": "An NCT number is NCT and eight digits.",
    "ISRCTN": "An ISRCTN number is ISRCTN and eight digits.",
    "EUCTR": "An EudraCT number looks like 2004-000563-29.",
    "CTIS": "A CTIS number looks like 2023-508923-10.",
    "ChiCTR": "A Chinese number starts with ChiCTR.",
}
SHAPES = VIOLATIONS["evidence_trialidentifier_shape"]


@pytest.mark.parametrize("columns", SHAPES.refused, ids=str)
def test_a_wrong_number_is_told_how_its_registry_writes_them(columns: dict[str, str]):
    with pytest.raises(ValidationError) as refusal:
        TrialIdentifier(**columns).clean()
    assert refusal.value.message_dict == {"value": [SENTENCES[columns["registry"]]]}


@pytest.mark.parametrize("columns", SHAPES.allowed, ids=str)
def test_a_right_number_is_taken_as_it_is(columns: dict[str, str]):
    TrialIdentifier(**columns).clean()


def test_digits_of_other_scripts_are_none():
    with pytest.raises(ValidationError):
        TrialIdentifier(registry="NCT", value="NCT0000497٢").clean()


def test_every_registry_has_its_shape():
    assert {*IDENTIFIER_SHAPES, "ChiCTR", "other"} == set(vocab.Registry.values)


@pytest.mark.django_db
def test_a_form_says_one_sentence_for_a_wrong_number():
    identifier = TrialIdentifier(trial=make(Trial), registry="NCT", value="NCT1")
    with pytest.raises(ValidationError) as refusal:
        identifier.full_clean()
    assert refusal.value.message_dict == {"value": [SENTENCES["NCT"]]}


@pytest.mark.django_db
@pytest.mark.parametrize("written", list(permutations(["PHASE2", "PHASE1", "EARLY_PHASE1"])))
def test_phases_are_the_registrys_words_in_their_order(written: tuple[str, ...]):
    trial = make(Trial)
    assert trial.phases == []
    for phase in written:
        TrialPhase.objects.create(trial=trial, phase=phase)
    assert Trial.objects.get(pk=trial.pk).phases == ["EARLY_PHASE1", "PHASE1", "PHASE2"]


@pytest.mark.django_db
def test_phases_of_many_trials_are_read_in_one_query(django_assert_num_queries):
    for _ in range(3):
        make(TrialPhase)
    with django_assert_num_queries(2):
        phases = [trial.phases for trial in Trial.objects.prefetch_related("phase_rows")]
    assert phases == [["PHASE3"]] * 3


@pytest.mark.django_db
def test_what_belongs_to_a_trial_goes_with_it():
    trial = make(Trial)
    make(Arm, trial=trial)
    make(TrialIdentifier, trial=trial)
    make(TrialPhase, trial=trial)
    trial.delete()
    assert not any(model.objects.exists() for model in (Arm, TrialIdentifier, TrialPhase))


@pytest.mark.django_db
def test_lists_stand_one_per_line():
    assert make(Trial, countries="Argentina\nThailand\n").country_list == ["Argentina", "Thailand"]
    assert make(Publication, authors="Abrams D\nLévy Y").author_list == ["Abrams D", "Lévy Y"]


@pytest.mark.django_db
def test_trials_and_papers_are_called_by_what_is_known_of_them():
    assert str(make(Trial, title="A trial", acronym="ESPRIT", slug="NCT1")) == "ESPRIT (NCT1)"
    assert str(make(Trial, title="A trial", slug="NCT2")) == "A trial (NCT2)"
    dated, undated = make(Publication, title="IL-2", year=2009), make(Publication, title="IL-2")
    assert (str(dated), str(undated)) == ("IL-2 (2009)", "IL-2")
    assert dated.code == f"P{dated.pk}"
