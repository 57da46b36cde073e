"""MEDLINE text gives the same publications as PubMed's XML of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evidence.registries import literature, medline
from evidence.registries.records import Fault, Identifier, Payload, PublicationRecord

RECORD = """\
PMID- 11111111
OWN - NLM
LR  - 20200102
VI  - 12
DP  - 2012 Jul 12
TI  - Interleukin 2 in made-up
      fever.
PG  - 107-14
LID - 10.5555/Made.Up [doi]
AB  - Not kept.
AD  - Made-up Hospital. ada@hospital.example
FAU - Vireo, Ada B
AU  - Vireo AB
CN  - Finch Study Group
PT  - Journal Article
PT  - Randomized Controlled Trial
SI  - ClinicalTrials.gov/NCT00000101
TA  - J Made Up Med
JT  - The journal of made-up medicine
PMC - PMC123456
RIN - J Made Up Med. 2014 May 1;14(5):3. PMID: 22222222
AID - 107 [pii]
SO  - J Made Up Med. 2012 Jul 12;12(1):107-14.
"""


def read(text: str) -> list[PublicationRecord]:
    found = [*medline.payloads(text.encode())]
    return [literature.read(one.source, one.data) for one in found if isinstance(one, Payload)]


def faults(data: bytes) -> list[Fault]:
    return [one for one in medline.payloads(data) if isinstance(one, Fault)]


def test_a_record_is_read_as_its_xml_would_be() -> None:
    (found,) = read(RECORD)
    (notice,) = found.notices
    assert (notice.standing, notice.pmid, notice.date) == ("retracted", 22222222, "2014-05-01")
    assert found == PublicationRecord(
        source="pubmed",
        title="Interleukin 2 in made-up fever",
        pmid=11111111,
        doi="10.5555/Made.Up",
        pmcid="PMC123456",
        kind="trial-report",
        authors=("Vireo AB", "Finch Study Group"),
        container="J Made Up Med",
        year=2012,
        volume="12",
        first_page="107",
        trial_ids=(Identifier(registry="NCT", value="NCT00000101"),),
        notices=(notice,),
        updated="2020-01-02",
    )


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff", "\ufeff\n\n"])
def test_any_line_ending_and_a_byte_order_mark_are_read(ending: str, start: str) -> None:
    assert read((start + RECORD).replace("\n", ending)) == read(RECORD)


@pytest.mark.parametrize("between", ["\n", "\n\n\n", ""])
def test_records_follow_each_other_with_or_without_an_empty_line(between: str) -> None:
    second = RECORD.replace("11111111", "33333333")
    assert [one.pmid for one in read(RECORD + between + second)] == [11111111, 33333333]


def test_a_record_without_a_number_is_one_fault_by_its_line_and_the_next_is_read() -> None:
    data = (RECORD.replace("PMID- 11111111\n", "") + "\n" + RECORD).encode()
    bad, good = medline.payloads(data)
    assert bad == Fault(about="line 1", sentence="It has no PMID.")
    assert isinstance(good, Payload)


@pytest.mark.parametrize("data", [b"", b"Dear reader,\nno record here.", b"TI no dash"])
def test_text_without_a_record_is_one_fault(data: bytes) -> None:
    assert [one.sentence for one in faults(data)] == ["It holds no MEDLINE record."]


def test_text_of_another_encoding_is_one_fault_that_names_the_line() -> None:
    data = RECORD.replace("Vireo AB", "Vir\u00e9o AB").encode("latin-1")
    assert [one.sentence for one in faults(data)] == ["Line 13 is not UTF-8 text."]


def test_nothing_that_leads_to_a_person_is_kept() -> None:
    (one,) = medline.payloads(RECORD.encode())
    assert isinstance(one, Payload)
    assert "@" not in json.dumps(one.data)
    assert "Hospital" not in json.dumps(one.data)


def test_real_files_are_read_whole(registry_folder: Path) -> None:
    found = []
    for name in ("biopython_pubmed_result1.txt", "biopython_pubmed_result2.txt"):
        for one in medline.payloads((registry_folder / "literature" / name).read_bytes()):
            assert isinstance(one, Payload)
            found.append(literature.read(one.source, one.data))
    numbers = [one.pmid for one in found]
    assert numbers == [12230038, 16403221, 16377612, 14871861, 14630660]
    assert found[0].title == "The Bio* toolkits--a brief overview"
    assert found[1].authors == ("Casbon JA", "Crooks GE", "Saqi MA")
    assert (found[1].pmcid, found[1].doi) == ("PMC1373603", "10.1186/1471-2105-7-10")
    assert found[2].title.endswith("visualization of large-scale genomic data")
