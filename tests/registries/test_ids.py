"""Numbers of studies and papers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.registries import ids
from evidence.registries.records import Identifier
from tests.registries.hostile import NUMBERS


@pytest.mark.parametrize(
    ("text", "registry", "value"),
    [
        ("NCT00004978", "NCT", "NCT00004978"),
        ("nct00004978", "NCT", "NCT00004978"),
        ("ISRCTN14767182", "ISRCTN", "ISRCTN14767182"),
        ("2004-000563-29", "EUCTR", "2004-000563-29"),
        ("EUCTR2004-000563-29-GB", "EUCTR", "2004-000563-29"),
        ("EUCTR2004-000563-29-3rd", "EUCTR", "2004-000563-29"),
        ("2023-508923-10", "CTIS", "2023-508923-10"),
        ("2023-508923-10-00", "CTIS", "2023-508923-10"),
        ("CTIS2023-508923-10-01", "CTIS", "2023-508923-10"),
        ("ChiCTR2000029516", "ChiCTR", "ChiCTR2000029516"),
        ("CHICTR-trc-10001234", "ChiCTR", "ChiCTR-TRC-10001234"),
    ],
)
def test_a_number_is_known_by_its_whole_shape_and_written_as_its_registry_does(
    text: str, registry: str, value: str
):
    assert ids.identifier(text) == Identifier(registry=registry, value=value)


@pytest.mark.parametrize("text", NUMBERS)
def test_what_only_holds_a_number_is_none(text: str):
    assert ids.identifier(text) is None
    assert ids.nct(text) is None
    assert ids.pmid(text) is None
    assert ids.doi(text) is None


@pytest.mark.parametrize("thing", [None, 4978, 1.5, True, b"NCT00004978", ["NCT00004978"], {}])
def test_what_is_no_text_is_no_number(thing: object):
    assert ids.identifier(thing) is None
    assert ids.nct(thing) is None
    assert ids.pmid(thing) is None
    assert ids.doi(thing) is None


def test_a_number_of_another_registry_is_no_nct_number():
    assert ids.nct("ISRCTN14767182") is None


@given(st.text())
def test_only_the_letters_and_digits_of_a_number_ever_pass(text: str):
    found = ids.identifier(text)
    assert found is None or set(found.value) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZhi0123456789-")


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", 1), ("22663011", 22_663_011), ("99999999", 99_999_999)],
)
def test_a_pubmed_number_has_one_to_eight_digits(text: str, number: int):
    assert ids.pmid(text) == number


@pytest.mark.parametrize(
    "text", ["0", "012", "123456789", "12a", "-1", "1.0", "١٢٣", "12\n", " 12"]
)
def test_another_text_is_no_pubmed_number(text: str):
    assert ids.pmid(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "10.1056/NEJMoa0903175",
        "https://doi.org/10.1056/NEJMoa0903175",
        "http://dx.doi.org/10.1056/NEJMoa0903175",
        "doi:10.1056/NEJMoa0903175",
        "DOI: 10.1056/NEJMoa0903175",
    ],
)
def test_a_doi_stands_bare_or_behind_its_resolver(text: str):
    assert ids.doi(text) == "10.1056/NEJMoa0903175"


def test_an_old_doi_keeps_its_brackets():
    old = "10.1002/(SICI)1097-0142(19960101)77:1<1::AID-CNCR1>3.0.CO;2-#"
    assert ids.doi(old) == old


@pytest.mark.parametrize(
    "text",
    [
        "10.1056",
        "10.1056/",
        "10.1056/a b",
        "10.1056/a\n",
        "10.1056/../../works",
        "10.1056/a/./b",
        "10.1056\\..",
        "10.1056/ä",
        "11.1056/abc",
        "https://evil.example/10.1056/abc",
        "10.1056/" + "a" * 1_000,
    ],
)
def test_another_text_is_no_doi(text: str):
    assert ids.doi(text) is None
