"""Citation files of several programs give publications, and bad ones a fault by their line."""

from __future__ import annotations

import json

import pytest

from evidence.registries import literature, ris
from evidence.registries.records import Fault, Payload, PublicationRecord

ENDNOTE = """\
TY  - JOUR
AU  - Vireo, Ada B.
AU  - Finch, Cy T., Jr.
PY  - 2012
DA  - 2012/07/12/
TI  - Interleukin 2 in made-up fever
JO  - J Made Up Med
VL  - 12
IS  - 1
SP  - 107
EP  - 114
DO  - 10.5555/Made.Up
AN  - PMID: 11111111
C2  - PMC123456
AB  - Not kept, nor ada@hospital.example
AD  - Made-up Hospital, ada@hospital.example
ER  -
"""
PUBLISHER = """\
TY  - JOUR
T1  - Interleukin 2 in made-up fever
A1  - Vireo, A.-B.
Y1  - 2012/07/12
N1  - doi: 10.1000/wrong
JF  - The journal of made-up medicine
SP  - 107
UR  - https://doi.org/10.5555/Made.Up
ER  -
"""
PUBMED_EXPORT = """\
TY  - JOUR
DB  - PubMed
AN  - 11111111
A1  - Vireo AB
T1  - Interleukin 2 in
 made-up fever.
JA  - J Made Up Med
Y1  - 2012
ER  -
"""


def read(text: str) -> list[PublicationRecord]:
    found = [*ris.payloads(text.encode())]
    return [literature.read(one.source, one.data) for one in found if isinstance(one, Payload)]


def test_a_reference_is_read_as_the_site_prints_one() -> None:
    assert read(ENDNOTE) == [
        PublicationRecord(
            source="ris",
            title="Interleukin 2 in made-up fever",
            pmid=11111111,
            doi="10.5555/Made.Up",
            pmcid="PMC123456",
            authors=("Vireo AB", "Finch CT Jr"),
            container="J Made Up Med",
            year=2012,
            volume="12",
            first_page="107",
        )
    ]


def test_other_programs_spell_it_otherwise() -> None:
    by_publisher, by_pubmed = read(PUBLISHER + "\n" + PUBMED_EXPORT)
    assert by_publisher.doi == "10.5555/Made.Up"
    assert by_publisher.authors == ("Vireo AB",)
    assert (by_publisher.year, by_publisher.container) == (2012, "The journal of made-up medicine")
    assert (by_pubmed.pmid, by_pubmed.title) == (11111111, "Interleukin 2 in made-up fever")


def test_a_bare_number_of_an_unnamed_database_is_no_pmid() -> None:
    assert read(PUBMED_EXPORT.replace("DB  - PubMed\n", "SP  - 107\n"))[0].pmid is None


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff", "\r\n\r\n"])
def test_any_line_ending_and_a_byte_order_mark_are_read(ending: str, start: str) -> None:
    assert read(start + ENDNOTE.replace("\n", ending)) == read(ENDNOTE)


def test_a_conference_abstract_is_one() -> None:
    assert read(ENDNOTE.replace("JOUR", "CONF"))[0].kind == "conference-abstract"


def test_a_title_that_says_retracted_is_a_notice() -> None:
    (found,) = read(ENDNOTE.replace("TI  - Int", "TI  - RETRACTED ARTICLE: Int"))
    assert [notice.standing for notice in found.notices] == ["retracted"]
    (other,) = read(ENDNOTE.replace("TI  - Int", "TI  - Retracted papers: int"))
    assert other.title.startswith("Retracted papers")


def test_bad_references_are_faults_by_their_lines_and_the_others_are_read() -> None:
    untitled = "TY  - JOUR\nAU  - Vireo, Ada\nER  -\n"
    unfinished = "TY  - JOUR\nTI  - No end\n"
    found = [*ris.payloads((untitled + unfinished + ENDNOTE + unfinished).encode())]
    told = [(one.about, one.sentence) for one in found if isinstance(one, Fault)]
    assert told == [
        ("line 1", "It has no title."),
        ("line 4", "It does not end with ER."),
        ("line 23", "It does not end with ER."),
    ]
    assert [one.value for one in found if isinstance(one, Payload)] == ["11111111"]


@pytest.mark.parametrize("lacking", ["JO", "PY", "SP"])
def test_a_reference_without_a_number_or_a_page_is_a_fault_by_its_line(lacking: str) -> None:
    without = {"DO", "AN", "C2", "DA", lacking}
    lines = [line for line in ENDNOTE.splitlines() if line[:2] not in without]
    found = [*ris.payloads(("\n".join(lines) + "\n" + ENDNOTE).encode())]
    assert found[0] == Fault(
        about="line 1",
        sentence=(
            "It has no PMID, DOI or PMCID, nor all of journal, year and first page: add one of the "
            "numbers."
        ),
    )
    assert isinstance(found[1], Payload)


@pytest.mark.parametrize("data", [b"", b"ER  - \nTI  - Nothing began\n", b"plain text"])
def test_text_without_a_reference_is_one_fault(data: bytes) -> None:
    assert list(ris.payloads(data)) == [
        Fault(about="", sentence="It holds no reference that begins with TY.")
    ]


def test_text_of_another_encoding_is_one_fault_that_names_the_line() -> None:
    (fault,) = ris.payloads(ENDNOTE.replace("Vireo", "Vir\u00e9o").encode("latin-1"))
    assert fault == Fault(about="", sentence="Line 2 is not UTF-8 text.")


def test_neither_abstract_nor_address_is_kept() -> None:
    (one,) = ris.payloads(ENDNOTE.encode())
    assert isinstance(one, Payload)
    assert "@" not in json.dumps(one.data)
    assert "Not kept" not in json.dumps(one.data)
