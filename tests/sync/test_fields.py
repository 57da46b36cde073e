"""The fields that a registry owns: read from a record, put into a trial, and told in words."""

from __future__ import annotations

from typing import Any

import pytest

from evidence import vocab
from evidence.models import Arm, Trial, TrialIdentifier
from evidence.registries import ctgov
from evidence.registries.records import Identifier, TrialRecord
from evidence.sync import fields
from tests.models.rows import make
from tests.registries.made_up import small_study


def record(**changes: Any) -> TrialRecord:
    return ctgov.read(ctgov.payload(small_study(**changes)).data)


def test_every_owned_field_is_read_and_has_its_label() -> None:
    values = fields.values_of(record())
    assert {*values} == {*fields.OWNED}
    assert {*fields.OWNED} >= fields.WATCHED
    assert all(fields.label(name) for name in fields.OWNED)
    assert fields.label("start") == "Start"


def test_a_text_too_long_for_its_column_ends_at_a_word() -> None:
    title = fields.values_of(record(briefTitle="interleukin " * 100))["title"]
    assert len(title) <= 600
    assert title.endswith("interleukin …")
    assert fields.fitting("x" * 50, 40) == "x" * 38 + " …"


def test_numbers_that_no_registry_writes_so_are_left_out() -> None:
    odd = TrialRecord(
        source="ctgov",
        id=Identifier(registry="NCT", value="NCT00000101"),
        title="A trial",
        other_ids=(
            Identifier(registry="ISRCTN", value="ISRCTN1"),
            Identifier(registry="EUCTR", value="2015-000123-12"),
            Identifier(registry="ChiCTR", value="ChiCTR"),
            Identifier(registry="other", value="x" * 61),
            Identifier(registry="EUCTR", value="2015-000123-12"),
        ),
    )
    assert fields.values_of(odd)["identifiers"] == "NCT NCT00000101\nEUCTR 2015-000123-12"


def test_countries_stand_in_the_order_of_their_names() -> None:
    places = [{"country": name} for name in ("United States", "Argentina", "United States")]
    assert fields.values_of(record(locations=places))["countries"] == "Argentina\nUnited States"


@pytest.mark.django_db
def test_what_is_put_is_what_is_read_back() -> None:
    trial = make(Trial)
    values = fields.values_of(record(whyStopped="No funds", acronym="MADE"))
    for name in fields.OWNED:
        fields.put(trial, name, values[name])
    trial.save()
    trial = Trial.objects.get(pk=trial.pk)
    assert {name: fields.text_of(trial, name) for name in fields.OWNED} == values


@pytest.mark.django_db
def test_a_number_of_another_trial_stays_there_and_arms_are_only_added() -> None:
    other, trial = make(Trial), make(Trial)
    TrialIdentifier.objects.create(trial=other, registry="NCT", value="NCT00000102")
    mine = Arm.objects.create(trial=trial, label="Aldesleukin", dose_text="1 MIU")
    fields.put(trial, "identifiers", "NCT NCT00000102\nother ACTG 1")
    fields.put(trial, "arms", "Aldesleukin\texperimental\tAldesleukin\nPlacebo\t\t")
    assert [one.value for one in trial.identifiers.all()] == ["ACTG 1"]
    assert [one.label for one in trial.arms.all()] == ["Aldesleukin", "Placebo"]
    mine.refresh_from_db()
    assert (mine.dose_text, mine.kind) == ("1 MIU", vocab.ArmKind.NOT_STATED)


def test_texts_are_told_in_the_words_of_the_field() -> None:
    assert fields.words("recruitment_status", "ACTIVE_NOT_RECRUITING") == "Active, not recruiting"
    assert fields.words("phases", "PHASE1\nPHASE2") == "Phase 1\nPhase 2"
    assert fields.words("arms", "IL-2\texperimental\tAldesleukin") == (
        "IL-2 (experimental): Aldesleukin"
    )
    assert fields.words("identifiers", "NCT NCT00000101") == "NCT00000101"
