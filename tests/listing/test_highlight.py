"""The highlighter: the query's words in the text as it stands, and nothing of it run."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.listing.highlight import LONGEST_SNIPPET, highlighted, marked, snippet
from evidence.listing.tokens import parse

LONG = "Nothing of the kind is said here. " * 12


def marks(text: str, query: str) -> list[str]:
    return [text[start:end] for start, end in marked(text, parse(query))]


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("IL-2", "anti-IL-2, IL2 and interleukin 2", ["IL-2", "IL2", "interleukin 2"]),
        ("interleukin-2", "low-dose IL-2", ["IL-2"]),
        ("Proleukin", "aldesleukin was given", ["aldesleukin"]),
        ("TB", "Tuberculosis of the lung", ["Tuberculosis"]),
        ("lymphomas", "a lymphoma", ["lymphoma"]),
        ("Sjogren", "Sjögren syndrome", ["Sjögren"]),
        ('"renal cell"', "renal cells, a cell of renal origin", ["renal cells"]),
        ("melanoma -interferon", "interferon in melanoma", ["melanoma"]),
        ("melano", "Melanocytes and melanoma", ["Melanocytes", "melanoma"]),
        ("HIV", "SHIVer, HIV-1 and hiv", ["HIV-1", "hiv"]),
        ("nothing", "", []),
        ("", "a text", []),
    ],
)
def test_the_querys_words_are_marked_whole(query: str, text: str, expected: list[str]) -> None:
    assert marks(text, query) == expected


def test_text_is_never_run() -> None:
    text = '<script>alert("IL-2")</script> & <mark>IL-2</mark>'
    said = highlighted(text, parse("IL-2 script"))
    assert re.findall(r"<[^>]*>", said.replace("<mark>", "").replace("</mark>", "")) == []
    assert said.count("<mark>") == said.count("</mark>") == 4
    assert "&lt;mark&gt;" in said


@given(st.text(max_size=200), st.text(max_size=40))
def test_marks_are_in_order_and_the_text_between_them_is_whole(text: str, query: str) -> None:
    places = marked(text, parse(query))
    at = 0
    for start, end in places:
        assert at <= start < end <= len(text)
        at = end
    said = highlighted(text, parse(query), written=lambda piece: piece)
    assert said.replace("<mark>", "").replace("</mark>", "") == text.replace("<mark>", "").replace(
        "</mark>", ""
    )


def test_a_snippet_stands_around_the_first_marked_word() -> None:
    said = snippet([f"{LONG}Here stands melanoma. {LONG}"], parse("melanoma"))
    assert "<mark>melanoma</mark>" in said
    assert said.startswith("… ")
    assert said.endswith(" …")
    assert len(said) <= LONGEST_SNIPPET + len("… <mark></mark> …")


def test_a_snippet_comes_from_the_first_text_with_a_word_and_else_from_the_first() -> None:
    texts = ["", "Of something else.", "Of melanoma."]
    assert snippet(texts, parse("melanoma")) == "Of <mark>melanoma</mark>."
    assert snippet(texts, parse("psoriasis")) == "Of something else."
    assert snippet(["", ""], parse("psoriasis")) == ""


@given(st.text(max_size=600), st.text(max_size=20))
def test_a_snippet_is_never_too_long(text: str, query: str) -> None:
    said = snippet([text], parse(query), written=lambda piece: piece)
    bare = said.removeprefix("… ").removesuffix(" …")
    flat = " ".join(text.split())
    assert len(bare.replace("<mark>", "").replace("</mark>", "")) <= max(
        LONGEST_SNIPPET, len(flat) if len(flat) <= LONGEST_SNIPPET else 0
    )
