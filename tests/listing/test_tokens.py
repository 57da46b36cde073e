"""What is written and what is asked become the same tokens, however it is spelt."""

# ruff: noqa: RUF001 - letters that are mistaken for others are what this is about
from __future__ import annotations

import re
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.listing.spelling import stem
from evidence.listing.synonyms import GROUPS
from evidence.listing.tokens import MOST_WORDS, Word, parse, spans, streams, tokens

TOKEN = re.compile(r"[a-z0-9]+")
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=400)

SAME = [
    ("IL-2", "IL2", "IL 2", "il‐2", "interleukin-2", "Interleukin 2", "INTERLEUKIN2", "iL-2"),
    ("IL-2R", "IL2R", "interleukin-2 receptor", "IL-2 receptor"),
    ("sIL-2R", "soluble IL-2 receptor", "sIL2R", "sCD25", "soluble interleukin-2 receptor"),
    ("aldesleukin", "Proleukin", "PROLEUKIN"),
    ("NEC", "necrotizing enterocolitis", "necrotising enterocolitis"),
    ("TB", "tuberculosis"),
    ("MDR-TB", "multidrug-resistant tuberculosis", "multi-drug resistant TB"),
    ("AIDS", "acquired immunodeficiency syndrome", "acquired immune deficiency syndrome"),
    ("Treg", "Tregs", "regulatory T cell", "regulatory T-cells", "T-reg"),
    ("HIV", "human immunodeficiency virus"),
    ("GvHD", "graft-versus-host disease", "graft vs. host disease"),
    ("SLE", "systemic lupus erythematosus", "systemic lupus"),
    ("RCC", "renal-cell carcinoma", "renal cell cancer"),
    ("AML", "acute myeloid leukaemia", "acute myelogenous leukemia"),
    ("T1D", "type 1 diabetes", "Type I diabetes mellitus"),
    ("CLS", "capillary leak syndrome", "vascular leak syndrome", "vascular leak"),
    ("ART", "antiretroviral therapy", "anti-retroviral therapy", "HAART"),
    ("IFN-γ", "IFN gamma", "interferon-gamma", "IFNγ"),
    ("CD4+", "CD4"),
    ("oedema", "edema"),
    ("leukaemia", "leukemia"),
    ("haematological", "hematological"),
    ("paediatric", "pediatric"),
    ("tumours", "tumor"),
    ("randomised", "randomized", "randomisation"),
    ("anti-retroviral", "antiretroviral"),
    ("infections", "infection"),
    ("Sjögren's", "Sjogren", "SJÖGREN’S"),
    ("low-dose IL-2", "LD-IL-2", "low dose interleukin 2"),
    ("newborns", "neonates"),
]


def asked(text: str) -> list[tuple[str, ...]]:
    return [word.tokens for word in parse(text).words]


def holds(text: str, query: str) -> bool:
    """Say whether a text answers a query, as an engine would."""
    laid = " _ ".join(" ".join(stream) for stream in streams(text))

    def found(word: Word) -> bool:
        return any(f" {' '.join(one)} " in f" {laid} " for one in word.alternatives)

    query_ = parse(query)
    return all(map(found, query_.wanted)) and not any(map(found, query_.unwanted))


@pytest.mark.parametrize("spellings", SAME, ids=lambda spellings: spellings[0])
def test_each_spelling_finds_all_of_them(spellings: tuple[str, ...]) -> None:
    for query in spellings:
        for written in spellings:
            assert holds(f"Of {written}, in people.", query), (query, written)


@pytest.mark.parametrize(
    ("written", "query"),
    [
        ("IL-21", "IL-2"),
        ("IL-12 and IL-20", "IL-2"),
        ("NLE", "SLE"),
        ("state of the art", "ART"),
        ("it aids recovery", "AIDS"),
        ("a 3 ms delay", "multiple sclerosis"),
        ("neonatal lupus", "SLE"),
        ("enterocolitis", "NEC"),
        ("subtb", "tb"),
        ("dose of low", '"low dose"'),
        ("low fat. Dose", '"low-dose IL-2"'),
    ],
)
def test_other_things_are_not_found(written: str, query: str) -> None:
    assert not holds(f"Of {written}.", query)


@pytest.mark.parametrize(
    ("written", "query"),
    [
        ("MDR-TB", "TB"),
        ("MDR-TB", "resistant"),
        ("SLE", "lupus"),
        ("neonatal lupus", "lupus"),
        ("HIV-1", "HIV"),
        ("HIV1", "HIV"),
        ("HIV-infected adults", "HIV"),
        ("NEC", "enterocolitis"),
        ("necrotizing enterocolitis", "enterocolitis"),
        ("PEG-IL-2", "IL-2"),
        ("anti-IL-2 antibody", "IL-2"),
        ("T-cell counts", '"T cell"'),
        ("CD4+CD25+ cells", "CD25"),
        ("TNFα", "TNF"),
        ("state of the ART", "antiretroviral"),
        ("NCT00004978", "nct00004978"),
        ("ISRCTN12345678", "ISRCTN12345678"),
        ("2004-000563-29", "2004-000563-29"),
        ("10.1056/NEJMoa0903175", "https://doi.org/10.1056/nejmoa0903175"),
        ("10.1056/NEJMoa0903175", "doi: 10.1056/NEJMoa0903175"),
        ("19828532", "PMID: 19828532"),
        ("PMC2869083", "pmc2869083"),
        ("p<0.05", "p<0.05"),
        ("treatment of HIV with IL-2", "IL-2 for the treatment of HIV"),
    ],
)
def test_what_holds_a_thing_is_found_by_it(written: str, query: str) -> None:
    assert holds(f"{written} is here.", query)


def test_a_query_is_words_phrases_and_what_is_not_wanted() -> None:
    assert asked('IL 2 "low dose" melanoma') == [("il2",), ("low", "dose"), ("melanoma",)]
    assert asked("“low dose”") == [("low", "dose")]
    assert asked('"never closed') == [("never", "close")]
    query = parse('HIV -tuberculosis -"neonatal sepsis" – child')
    assert [word.tokens for word in query.unwanted] == [("tb",), ("neonat", "sepsi")]
    assert [word.tokens for word in query.wanted] == [("hiv",), ("child",)]
    assert asked("HIV/AIDS") == [("hiv",), ("aids",)]


def test_a_word_with_a_hyphen_is_a_phrase_or_one_word() -> None:
    (word,) = parse("anti-viral").words
    assert set(word.alternatives) == {("antivir",), ("anti", "viral")}
    (word,) = parse("HIV-infected").words
    assert (word.kind, word.tokens) == ("phrase", ("hiv", "infect"))


def test_small_words_ask_nothing_unless_they_are_all_there_is() -> None:
    assert asked("the treatment of sepsis") == [("treatment",), ("sepsi",)]
    assert asked("of the") == [("of",), ("the",)]
    assert asked('"of the"') == [("of", "the")]
    assert asked("hepatitis A") == [("hepatitisa",)]


def test_a_query_asks_sixteen_words_at_most() -> None:
    assert len(parse(" ".join(f"w{i}" for i in range(40))).words) == MOST_WORDS


@pytest.mark.parametrize(
    "text", ["", " ", "???", "-", '"', '""', "“”", "结核", "\0", "\ud800", "+"]
)
def test_what_has_no_words_asks_nothing(text: str) -> None:
    assert not parse(text)


def test_a_beginning_may_be_looked_for_where_a_word_stands_alone() -> None:
    assert [word.prefix for word in parse("immunol").words] == ["immunol"]
    # A name of a group means its thing, and begins no other; a phrase and a short word begin none.
    for text in ("NEC", '"immunol"', "ab", "-immunol", "immu-nol"):
        assert [word.prefix for word in parse(text).words] == [""], text


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.token)
def test_every_spelling_of_a_group_is_its_token(group) -> None:
    for written in group.spellings:
        assert asked(written) == [(group.token,)], written
        assert group.token in tokens(f"Of {written}."), written


def test_places_are_those_of_the_text() -> None:
    text = "Naïve Tregs, IL‐2 (Aldesleukin) & β-cells of Sjögren’s."
    marked = {token: text[start:end] for start, end, token in spans(text)}
    assert marked["naiv"] == "Naïve"
    assert marked["treg"] == "Tregs"
    assert marked["il2"] == "IL‐2"
    assert marked["aldesleukin"] == "Aldesleukin"
    assert marked["beta"] == "β"
    assert marked["sjogren"] == "Sjögren’s"


@given(text=ANY_TEXT)
@settings(max_examples=300)
def test_any_text_is_taken_apart_and_any_query_read(text: str) -> None:
    for start, end, token in spans(text):
        assert 0 <= start < end <= len(text)
        assert token.isascii()
        assert token.isalnum()
        assert token == token.lower()
    for word in parse(text).words:
        assert word.tokens
        assert word.plain


@given(text=ANY_TEXT)
@settings(max_examples=300)
def test_nothing_but_small_letters_and_figures_reaches_a_database(text: str) -> None:
    # The queries of the search are written from these: no quote or operator may be in one.
    asked = [one for word in parse(text).words for one in word.alternatives]
    given = [token for one in (*asked, *streams(text)) for token in one]
    begun = [word.prefix for word in parse(text).words if word.prefix]
    for token in (*given, *begun, *map(stem, begun)):
        assert TOKEN.fullmatch(token), ascii(token)


def test_stems_are_the_same_in_every_thread() -> None:
    words = [f"{'ab' * (i % 7)}{i % 3 * 'x'}ization" for i in range(2_000)]
    expected = [stem.__wrapped__(word) for word in words]
    found: list[list[str]] = []

    def work() -> None:
        found.append([stem.__wrapped__(word) for word in words])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4
