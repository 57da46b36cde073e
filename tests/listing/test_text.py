"""Text finds what people mean: every word, in any of its spellings, anywhere in a row."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.listing.search import ask
from evidence.listing.text import words_of
from tests.listing import made_up

pytestmark = pytest.mark.django_db


def found(text: str) -> list[str]:
    query = QueryDict(mutable=True)
    query["q"] = text
    return [row.name for row in ask(made_up.listing(), query, paged=False).rows()]


@pytest.mark.parametrize(
    "spelling",
    ["IL-2", "il2", "IL 2", "interleukin-2", "Interleukin 2", "INTERLEUKIN2", "iL-2"],
)
def test_interleukin_2_is_found_by_each_of_its_spellings(spelling: str) -> None:
    for i, written in enumerate(("IL-2", "IL2", "interleukin-2", "interleukin 2", "INTERLEUKIN2")):
        made_up.condition(f"N{i}", definition=f"Of {written} in people.")
    made_up.condition("Other", definition="Of IL-12 and il-6.")
    assert found(spelling) == ["N0", "N1", "N2", "N3", "N4"]


def test_other_interleukins_are_other_words() -> None:
    assert words_of("IL-21 IL-12 sIL-2R interleukin-20") == [
        frozenset({word}) for word in ("il-21", "il-12", "sil-2r", "interleukin-20")
    ]
    assert frozenset({"aldesleukin", "proleukin"}) in words_of("Proleukin IL-2")


def test_every_word_must_be_found_in_any_order_and_place() -> None:
    made_up.condition("Leukaemia", definition="Of the blood, in adults.")
    made_up.condition("Anaemia", definition="Of the blood.")
    assert found("blood leukaemia") == ["Leukaemia"]
    assert found("ADULTS Blood") == ["Leukaemia"]
    assert found("blood") == ["Anaemia", "Leukaemia"]
    assert found("blood nothing") == []


def test_a_short_word_starts_a_word() -> None:
    made_up.condition("TB of the lung")
    made_up.condition("Outbreak", definition="A subtb.")
    assert found("tb") == ["TB of the lung"]
    assert found("break") == ["Outbreak"]


def test_a_term_is_found_by_its_synonyms_with_all_that_stands_under_it() -> None:
    wide = made_up.condition("Tuberculosis", synonyms="Consumption\nKoch's disease")
    made_up.condition("Resistant form", parent=wide)
    made_up.condition("Other")
    assert found("consumption") == ["Resistant form", "Tuberculosis"]
    assert found("koch's") == ["Resistant form", "Tuberculosis"]
    assert found("sumption") == []


@pytest.mark.parametrize("text", ["100%", "a_c", "\\", "%", "_", "'", '"', "(", "[a-z]", "CD4+"])
def test_signs_are_letters_and_no_patterns(text: str) -> None:
    made_up.condition("Plain abc words 100 CD4")
    made_up.condition("With it", definition=f"So {text} so.")
    assert found(text) == ["With it"]


@settings(max_examples=60)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200))
def test_no_text_is_a_fault_of_the_database(text: str) -> None:
    if len(text.split()) <= 16:
        assert found(text) == []


def test_sixteen_words_are_read() -> None:
    made_up.condition("Many", definition="a b c d e f g h i j k l m n o p")
    assert found("a b c d e f g h i j k l m n o p") == ["Many"]


@pytest.mark.parametrize(
    "pasted",
    [
        "10.1056/nejmoa0903175",
        "https://doi.org/10.1056/NEJMoa0903175",
        "doi: 10.1056/NEJMoa0903175",
    ],
)
def test_a_doi_is_the_same_however_it_was_pasted(pasted: str) -> None:
    assert words_of(pasted) == [frozenset({"10.1056/nejmoa0903175"})]


@pytest.mark.parametrize(
    "pasted",
    ["19828532", "PMID 19828532", "pmid:19828532", "https://pubmed.ncbi.nlm.nih.gov/19828532/"],
)
def test_a_pmid_is_the_same_however_it_was_pasted(pasted: str) -> None:
    assert words_of(pasted) == [frozenset({"19828532"})]


def test_a_word_that_only_looks_like_an_identifier_stays() -> None:
    assert words_of("pmid of it") == [frozenset({word}) for word in ("pmid", "of", "it")]
