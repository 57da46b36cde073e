"""Words, numbers and dates read as they should."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from evidence.templatetags.words import (
    VOCABULARIES,
    day,
    day_words,
    label_of,
    number,
    running,
    unbroken,
)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2026, 11, 21), "21 Nov 2026"),
        (datetime(2026, 11, 2, 8, 30, tzinfo=UTC), "2 Nov 2026"),
        ("2015-09", "Sep 2015"),
        ("2015", "2015"),
        ("2015-09-03", "3 Sep 2015"),
        ("around 2015", "around 2015"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_date_is_written_as_far_as_it_is_known(value: object, words: str) -> None:
    assert day_words(value) == words


def test_a_date_in_a_sentence_has_its_whole_month() -> None:
    assert day_words(date(2026, 11, 21), full=True) == "21 November 2026"


def test_a_date_carries_its_machine_form() -> None:
    assert day("2015-09") == '<time class="nw" datetime="2015-09">Sep 2015</time>'
    assert "not reported" in day(None)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("low-dose IL-2 in adults", "IL-2"),
        ("soluble sIL-2R levels", "sIL-2R"),
        ("PEG-IL-2 twice", "PEG-IL-2"),
        ("rhIL-2 by injection", "rhIL-2"),
        ("levels of IL-10", "IL-10"),
        ("interleukin-2 therapy", "interleukin-2"),
        ("IL-2R\u03b1 alone", "IL-2R\u03b1"),
    ],
)
def test_the_name_of_an_interleukin_is_never_broken(text: str, kept: str) -> None:
    assert f'<span class="nw">{kept}</span>' in unbroken(text)


def test_a_text_is_escaped_before_it_is_marked() -> None:
    assert unbroken("<b>IL-2</b> & p < 0.05") == (
        '&lt;b&gt;<span class="nw">IL-2</span>&lt;/b&gt; &amp; p &lt; 0.05'
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [(2071, "2,071"), (0, "0"), (0.94, "0.94"), (11.0, "11"), ("12 v 1", "12 v 1")],
)
def test_a_number_has_its_thousands_grouped(value: object, words: str) -> None:
    assert number(value) == words


def test_a_word_shared_by_vocabularies_needs_no_name() -> None:
    assert label_of("vaccine-adjuvant") == "vaccine adjuvant"
    assert label_of("neonate") == "newborn babies"


def test_a_word_that_differs_is_read_in_its_vocabulary() -> None:
    assert label_of("package", vocabulary="Comparison") != label_of("package", vocabulary="Given")


def test_every_vocabulary_is_known() -> None:
    assert {"Status", "Role", "Population", "DoseClass", "Comparator"} <= set(VOCABULARIES)


@pytest.mark.parametrize(
    ("name", "within"),
    [
        ("Melanoma", "melanoma"),
        ("Warm autoimmune haemolytic anaemia", "warm autoimmune haemolytic anaemia"),
        ("Graft-versus-host disease", "graft-versus-host disease"),
        ("Non-Hodgkin lymphoma", "non-Hodgkin lymphoma"),
        ("Non-small-cell lung cancer", "non-small-cell lung cancer"),
        ("Type 1 diabetes", "type 1 diabetes"),
        ("Low-dose IL-2", "low-dose IL-2"),
        ("Simlukafusp alfa (FAP-IL2v)", "simlukafusp alfa (FAP-IL2v)"),
        ("Oesophageal cancer", "oesophageal cancer"),
    ],
)
def test_a_name_is_written_small_within_a_sentence(name: str, within: str) -> None:
    assert running(name) == within


@pytest.mark.parametrize(
    "name",
    [
        "Alzheimer disease",
        "Behçet disease",
        "Crohn disease",
        "Ebola disease",
        "Hansen disease",
        "Hodgkin lymphoma",
        "Kaposi sarcoma",
        "Wiskott-Aldrich syndrome",
        "Daromun (L19IL2 + L19TNF)",
        "Leuvectin",
        "HIV infection",
        "HCV-induced cryoglobulinaemic vasculitis",
        "IgA vasculitis",
        "B-cell lymphoma",
        "COVID-19",
        "IL-2 with dinutuximab",
        "MDNA11",
        "NK cells with IL-2",
        "hu14.18-IL2",
        "2-deoxyglucose",
        "",
    ],
)
def test_proper_names_and_abbreviations_keep_their_capitals(name: str) -> None:
    assert running(name) == name
