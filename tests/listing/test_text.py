"""The plain text filter of a listing: what the search finds, or a sentence about what is wrong."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.listing.search import BadQueryError, ask
from tests.listing import made_up

pytestmark = pytest.mark.django_db


def found(text: str) -> list[str]:
    query = QueryDict(mutable=True)
    query["q"] = text
    return [row.name for row in ask(made_up.listing(), query, paged=False).rows()]


def fault(text: str) -> str:
    with pytest.raises(BadQueryError) as refused:
        found(text)
    return refused.value.faults[0].message


@pytest.mark.parametrize("spelling", ["IL-2", "il2", "IL 2", "interleukin-2", "INTERLEUKIN2"])
def test_interleukin_2_is_found_by_each_of_its_spellings(spelling: str) -> None:
    for i, written in enumerate(("IL-2", "IL2", "interleukin-2", "interleukin 2", "INTERLEUKIN2")):
        made_up.condition(f"N{i}", definition=f"Of {written} in people.")
    made_up.condition("Other", definition="Of IL-12 and il-6.")
    assert found(spelling) == ["N0", "N1", "N2", "N3", "N4"]


def test_every_word_must_be_found_in_any_order_and_place() -> None:
    made_up.condition("Leukaemia", definition="Of the blood, in adults.")
    made_up.condition("Anaemia", definition="Of the blood.")
    assert found("blood leukemia") == ["Leukaemia"]
    assert found("ADULTS Blood") == ["Leukaemia"]
    assert found("blood") == ["Anaemia", "Leukaemia"]
    assert found("blood nothing") == []


def test_what_is_not_wanted_is_left_out() -> None:
    made_up.condition("Leukaemia", definition="Of the blood, in adults.")
    made_up.condition("Anaemia", definition="Of the blood.")
    assert found("blood -adults") == ["Anaemia"]
    assert found('blood -"in adults"') == ["Anaemia"]
    assert found("-adults") == ["Anaemia"]


def test_a_phrase_is_found_in_its_order_and_in_one_text() -> None:
    made_up.condition("One", definition="A low dose of it.", synonyms="Left\nRight")
    made_up.condition("Two", definition="A dose that is low.")
    assert found('"low dose"') == ["One"]
    assert found("low dose") == ["One", "Two"]
    assert found('"left right"') == []
    assert found('"one left"') == []


def test_a_word_that_is_not_found_is_looked_for_as_a_beginning_and_then_alone() -> None:
    made_up.condition("Melanoma")
    made_up.condition("Mel")
    assert found("melan") == ["Melanoma"]
    assert found("mel") == ["Mel"]
    assert found("lanoma") == []


@pytest.mark.parametrize("text", ["???", "结核", "+", "-"])
def test_a_query_without_words_is_answered_by_nothing(text: str) -> None:
    made_up.condition("One")
    assert found(text) == []


def test_an_empty_query_asks_nothing() -> None:
    made_up.condition("One")
    assert found("") == found("  ") == ["One"]


def test_a_query_that_is_too_long_is_refused_in_a_sentence() -> None:
    assert fault("a" * 201).endswith("The text is too long: at most 200 characters.")
    assert fault(" ".join("abcdefghijklmnopq")).endswith("too many words: at most 16.")


@given(text=st.text(st.characters(exclude_characters="\0"), max_size=60))
@settings(max_examples=60)
def test_no_text_is_a_server_error(text: str) -> None:
    try:
        found(text)
    except BadQueryError as refused:
        assert "too many words" in str(refused)  # noqa: PT017
