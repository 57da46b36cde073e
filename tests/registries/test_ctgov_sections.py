"""What a study of ClinicalTrials.gov says nothing of, as its section is not in the payload."""

from __future__ import annotations

from evidence.registries import ctgov
from evidence.registries.ctgov_sections import SECTIONS, not_said
from tests.registries.made_up import small_study


def test_a_whole_study_speaks_of_every_field() -> None:
    assert not_said(ctgov.payload(small_study()).data) == frozenset()


def test_a_study_without_a_section_says_nothing_of_its_fields_alone() -> None:
    for section, names in SECTIONS.items():
        study = small_study()
        del study["protocolSection"][section]
        assert not_said(study) == names
    assert not_said({}) == frozenset().union(*SECTIONS.values())


def test_an_empty_section_says_that_there_is_nothing() -> None:
    assert not_said(small_study(locations=None)) == frozenset()
