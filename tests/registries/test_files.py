"""Files of records, told by what they hold; what cannot be read is one line each."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import socket
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from evidence.registries import files, json_values, opened
from evidence.registries.files import publication_payloads, trial_payloads
from evidence.registries.records import Fault, Payload
from tests.registries.studies import small_study

LEGACY = """<?xml version="1.0"?>
<clinical_study><id_info><nct_id>NCT00000301</nct_id></id_info>
<brief_title>A made-up study</brief_title></clinical_study>"""
ICTRP = """<?xml version="1.0"?><Trials_downloaded_from_ICTRP>
<Trial><TrialID>ChiCTR2000000401</TrialID><Public_title>A made-up trial</Public_title></Trial>
<Trial><TrialID>ChiCTR2000000402</TrialID></Trial>
<Trial><TrialID>ChiCTR2000000403</TrialID><Public_title>Another</Public_title></Trial>
</Trials_downloaded_from_ICTRP>"""
PUBMED = """<?xml version="1.0"?><PubmedArticleSet><PubmedArticle><MedlineCitation>
<PMID>11</PMID><Article><ArticleTitle>A made-up paper</ArticleTitle></Article>
</MedlineCitation></PubmedArticle></PubmedArticleSet>"""
MEDLINE = "\nPMID- 12\nOWN - NLM\nTI  - A made-up paper\n\n"
RIS = "TY  - JOUR\nTI  - A made-up paper\nDO  - 10.5555/made\nER  - \n"
CROSSREF = {"message": {"DOI": "10.1000/made.up", "title": ["A made-up paper"]}}

LAUGHS = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;">]><clinical_study>&c;</clinical_study>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>
<clinical_study>&a;</clinical_study>"""
BLOW_UP = f"""<!DOCTYPE x [<!ENTITY a "{"a" * 100_000}">]>
<Trials_downloaded_from_ICTRP>{"&a;" * 1000}</Trials_downloaded_from_ICTRP>"""
HIDDEN_LAUGHS = """<?xml version="1.0"?><!DOCTYPE clinical_study SYSTEM "http://127.0.0.1:9/x.dtd">
<clinical_study>&a;</clinical_study>"""


def studies(*numbers: int) -> list[dict[str, Any]]:
    return [small_study(f"NCT{number:08}") for number in numbers]


def write(folder: Path, content: str | bytes | object, name: str = "given") -> Path:
    """A file under a name that says nothing of what it holds."""
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def read(path: Path) -> tuple[list[str], list[Fault]]:
    """The numbers of the studies of a file, and its faults."""
    found = list(trial_payloads(path))
    return (
        [one.value for one in found if isinstance(one, Payload)],
        [one for one in found if isinstance(one, Fault)],
    )


def fault(path: Path) -> Fault:
    """The one fault of a file that holds nothing."""
    found = list(trial_payloads(path))
    assert len(found) == 1
    assert isinstance(found[0], Fault)
    assert "\n" not in found[0].sentence
    return found[0]


ONE, TWO = studies(101, 102)
LINES = f"{json.dumps(ONE)}\n\n{json.dumps(TWO)}\n"
PAGE = {"totalCount": 2, "studies": [ONE, TWO], "nextPageToken": "abc"}


@pytest.mark.parametrize(
    ("content", "numbers"),
    [
        (json.dumps(ONE), ["NCT00000101"]),
        (json.dumps(ONE, indent=2), ["NCT00000101"]),
        ("\ufeff" + json.dumps(ONE), ["NCT00000101"]),
        (json.dumps([ONE, TWO]), ["NCT00000101", "NCT00000102"]),
        (json.dumps([ONE, TWO], indent=1), ["NCT00000101", "NCT00000102"]),
        (json.dumps(PAGE), ["NCT00000101", "NCT00000102"]),
        (json.dumps(PAGE, indent=4), ["NCT00000101", "NCT00000102"]),
        (LINES, ["NCT00000101", "NCT00000102"]),
        ("\ufeff" + LINES, ["NCT00000101", "NCT00000102"]),
        (LINES.replace("\n", "\r\n"), ["NCT00000101", "NCT00000102"]),
        (LEGACY, ["NCT00000301"]),
    ],
    ids=[
        "one study",
        "one study, spread out",
        "a mark before it",
        "a list",
        "a list, spread out",
        "a page",
        "a page, spread out",
        "lines",
        "lines with a mark",
        "lines of Windows",
        "legacy XML",
    ],
)
def test_studies_are_read_by_what_the_file_holds_packed_or_not(
    tmp_path: Path, content: str, numbers: list[str]
) -> None:
    assert read(write(tmp_path, content)) == (numbers, [])
    packed = write(tmp_path, gzip.compress(content.encode()), "packed.txt")
    assert read(packed) == (numbers, [])


def test_a_trial_of_ictrp_that_is_none_is_a_fault_between_the_others(tmp_path: Path) -> None:
    numbers, faults = read(write(tmp_path, ICTRP, "export"))
    assert numbers == ["ChiCTR2000000401", "ChiCTR2000000403"]
    assert [one.about for one in faults] == ["export, ChiCTR2000000402"]


@pytest.mark.parametrize(
    ("content", "value"),
    [(PUBMED, "11"), (MEDLINE, "12"), (json.dumps(CROSSREF), "10.1000/made.up")],
)
def test_publications_are_read_by_what_the_file_holds(
    tmp_path: Path, content: str, value: str
) -> None:
    for path in (write(tmp_path, content), write(tmp_path, gzip.compress(content.encode()), "b")):
        found = list(publication_payloads(path))
        assert [one.value for one in found if isinstance(one, Payload)] == [value]


def test_a_citation_file_and_lines_of_works_are_read(tmp_path: Path) -> None:
    lines = f"{json.dumps(CROSSREF)}\nnothing\n{json.dumps(CROSSREF)}\n"
    assert isinstance(next(publication_payloads(write(tmp_path, RIS))), Payload)
    found = list(publication_payloads(write(tmp_path, lines, "works")))
    assert [type(one) for one in found] == [Payload, Fault, Payload]
    assert getattr(found[1], "about") == "works, line 2"  # noqa: B009


def test_what_the_other_command_reads_is_said_to_be_so(tmp_path: Path) -> None:
    assert "import_publications reads it" in fault(write(tmp_path, PUBMED)).sentence
    assert "import_publications reads it" in fault(write(tmp_path, RIS)).sentence
    for content in (LEGACY, ICTRP, json.dumps(ONE), LINES):
        found = list(publication_payloads(write(tmp_path, content)))
        assert len(found) == 1
        assert "import_trials reads" in getattr(found[0], "sentence", "")


def test_a_bad_line_is_one_fault_with_its_number_and_the_others_go_on(tmp_path: Path) -> None:
    lines = (
        json.dumps(ONE).encode(),
        b'{"protocolSection": {"identific',
        b"\xff\xfe\xe9",
        b"[" * 100_000,
        b'{"protocolSection": NaN}',
        b'{"other": 1}',
        json.dumps(TWO).encode(),
    )
    numbers, faults = read(write(tmp_path, b"\n".join(lines), "lines"))
    assert numbers == ["NCT00000101", "NCT00000102"]
    assert [one.about for one in faults] == [f"lines, line {number}" for number in range(2, 7)]
    assert len({one.sentence for one in faults}) == 5


def test_a_first_line_that_is_cut_costs_no_other(tmp_path: Path) -> None:
    numbers, faults = read(write(tmp_path, f'{{"protocolSection": {{"iden\n{LINES}'))
    assert numbers == ["NCT00000101", "NCT00000102"]
    assert len(faults) == 1


@pytest.mark.parametrize("indent", [None, 2])
def test_a_list_that_is_cut_gives_what_stands_before(tmp_path: Path, indent: int | None) -> None:
    text = json.dumps([ONE, TWO], indent=indent)
    for cut in (text[:-1], text[:-40], text[: len(json.dumps([ONE], indent=indent)) + 30]):
        numbers, faults = read(write(tmp_path, cut, "cut"))
        assert numbers[:1] == ["NCT00000101"]
        assert len(faults) == 1
        assert "cut off" in faults[0].sentence or "malformed" in faults[0].sentence


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "It is empty."),
        (b" \n\t \n", "It is empty."),
        (b"\xef\xbb\xbf", "It is empty."),
        (json.dumps(ONE).encode("utf-16"), "UTF-16"),
        (json.dumps(ONE).encode("utf-16-le"), "UTF-16"),
        (json.dumps(ONE).encode("utf-32"), "UTF-16 or UTF-32"),
        (LEGACY.encode("utf-16"), "UTF-16"),
        (b'{"protocolSection": "caf\xe9"}', "Line 1 is not written in UTF-8"),
        (b"\x7fELF\x02\x01\x01\x00", "binary file"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"SQLite format 3\x00", "an SQLite database"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel"),
        (bz2.compress(b"{}"), "packed with bzip2"),
        (lzma.compress(b"{}"), "packed with xz"),
        (gzip.compress(gzip.compress(b"{}", mtime=0), mtime=0), "a gzip file inside a gzip file"),
        (b"NCT Number,Study Title,Phases\r\nNCT00000101,A,PHASE1|PHASE2\r\n", "a table (CSV)"),
        (b"pmid\tnct\n1\tNCT00000101\n", "a table (CSV)"),
        (b"Just a note.\nNothing else.\n", "text in no format that is read"),
        (b"EudraCT Number: 2004-000001-01\nSponsor: x\n", "EU Clinical Trials Register"),
        (b"<!DOCTYPE html><html><body>Not found</body></html>", "a web page (HTML)"),
        (
            b"<search_results><study/></search_results>",
            "XML of the kind \u201csearch_results\u201d",
        ),
        (b"<", "XML without a beginning"),
        (b'<?xml version="1.0"?><clinical_study><id_info>', "breaks off or is malformed"),
        (b"<clinical_study/>", "no well-formed NCT number"),
        (b'{"protocolSection": {', "cut off"),
        (b'{"protocolSection": {"a" 1}}', "malformed on line 1, column 26"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'{"protocolSection": ' + b"9" * 5000 + b"}", "that JSON does not know"),
        (b"[]", "It holds no record."),
        (b'{"studies": []}', "It holds no record."),
        (b'{"FullStudiesResponse": {}}', "old API v1"),
        (b'{"isrctn": "1"}', "ISRCTN"),
        (b"[1, 2, 3]", "So are all 3 of its records."),
        (json.dumps([{"a": 1}] * 50).encode(), "None of its first 20 records can be read"),
        (b'{"a": 1}\n' * 50, "None of its first 20 records can be read"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_line(
    tmp_path: Path, content: bytes, words: str
) -> None:
    found = fault(write(tmp_path, content, "some file"))
    assert words in found.sentence
    assert found.about.startswith("some file")


@pytest.mark.parametrize("bomb", [LAUGHS, OUTSIDE, BLOW_UP, HIDDEN_LAUGHS])
def test_an_xml_bomb_is_one_clear_line(tmp_path: Path, bomb: str) -> None:
    assert "declares entities" in fault(write(tmp_path, bomb)).sentence
    found = list(publication_payloads(write(tmp_path, bomb)))
    assert len(found) == 1


def test_an_entity_in_an_answer_of_pubmed_is_one_clear_line(tmp_path: Path) -> None:
    bomb = PUBMED.replace("<PubmedArticleSet>", '<!DOCTYPE x [<!ENTITY a "b">]><PubmedArticleSet>')
    found = list(publication_payloads(write(tmp_path, bomb)))
    assert len(found) == 1
    assert "entities of its own" in getattr(found[0], "sentence", "")


def test_archives_are_named_and_not_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "zip", "w") as archive:
        archive.writestr("study.json", json.dumps(ONE))
    with tarfile.open(tmp_path / "tar", "w") as archive_of_tape:
        archive_of_tape.addfile(tarfile.TarInfo("study.json"), io.BytesIO(b""))
    assert "a zip archive or an Excel workbook" in fault(tmp_path / "zip").sentence
    assert "a tar archive" in fault(tmp_path / "tar").sentence
    packed = write(tmp_path, gzip.compress((tmp_path / "tar").read_bytes()), "tar.gz")
    assert "Unpack it first." in fault(packed).sentence


def test_a_packed_file_that_is_cut_gives_what_stands_before(tmp_path: Path) -> None:
    many = "\n".join(json.dumps(one) for one in studies(*range(1, 400))).encode()
    packed = gzip.compress(many)
    numbers, faults = read(write(tmp_path, packed[: len(packed) // 2]))
    assert 0 < len(numbers) < 399
    assert "cut off or damaged" in faults[-1].sentence
    damaged = bytearray(packed)
    damaged[len(packed) // 2] ^= 0xFF
    assert read(write(tmp_path, bytes(damaged)))[1]
    assert "cut off or damaged" in fault(write(tmp_path, packed[:12])).sentence


@pytest.mark.parametrize("damage", ["cut", "cut in its end", "garbage after", "wrong checksum"])
def test_of_packed_lines_that_are_damaged_what_stands_before_is_read(
    tmp_path: Path, damage: str
) -> None:
    """Also where the damage is near enough to be met at the first look."""
    three = studies(101, 102, 103)
    packed = gzip.compress("".join(f"{json.dumps(one)}\n" for one in three).encode())
    checksum = bytes([*packed[:-8], packed[-8] ^ 0xFF, *packed[-7:]])
    damaged = {
        "cut": packed[:-20],
        "cut in its end": packed[:-4],
        "garbage after": packed + b"and something else",
        "wrong checksum": checksum,
    }[damage]
    numbers, faults = read(write(tmp_path, damaged, "lines.jsonl.gz"))
    expected = ["NCT00000101", "NCT00000102", "NCT00000103"]
    assert numbers == (expected[:2] if damage == "cut" else expected)
    assert faults == [
        Fault(
            about="lines.jsonl.gz",
            sentence="The packed file is cut off or damaged here; what stands before is read.",
        )
    ]


def test_of_other_packed_files_that_are_damaged_nothing_is_read(tmp_path: Path) -> None:
    for content in (json.dumps(ONE), json.dumps([ONE, TWO], indent=1), json.dumps(PAGE), LEGACY):
        packed = gzip.compress(content.encode())
        flipped = bytes([*packed[:-8], packed[-8] ^ 0xFF, *packed[-7:]])
        for damaged in (packed[:-4], packed[: len(packed) // 2], packed + b"x" * 9, flipped):
            assert fault(write(tmp_path, damaged)).sentence == (
                "The packed file is cut off or damaged here; nothing of it is read."
            )


def test_a_packed_file_of_several_parts_and_of_filled_blocks_is_read_whole(tmp_path: Path) -> None:
    parts = [gzip.compress(f"{json.dumps(one)}\n".encode()) for one in studies(*range(1, 300))]
    filled = b"".join(parts) + b"\x00" * 70_000
    numbers, faults = read(write(tmp_path, filled))
    assert (len(numbers), faults) == (299, [])


def test_what_is_wrong_before_the_damage_of_a_packed_file_is_said_too(tmp_path: Path) -> None:
    packed = gzip.compress(b'{"a": 1}\n{"b": 2}\n')
    faults = read(write(tmp_path, packed[:-4], "bad"))[1]
    assert [one.about for one in faults] == ["bad, line 1", "bad, line 2", "bad"]


def test_a_packed_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened, "ALWAYS_UNPACKED", 1_000_000)
    bomb = write(tmp_path, gzip.compress(b"[" + b" " * 20_000_000 + b"]"))
    assert "more than 200 times its size" in fault(bomb).sentence
    lines = write(tmp_path, gzip.compress(LINES.encode() + b"\n" * 20_000_000))
    numbers, faults = read(lines)
    assert numbers == ["NCT00000101", "NCT00000102"]
    assert "more than 200 times its size" in faults[0].sentence


def test_a_record_of_more_than_ten_megabytes_is_a_fault_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (files, json_values):
        monkeypatch.setattr(module, "MOST_OF_ONE", 10_000)
    big = small_study("NCT00000103", briefSummary="a" * 20_000)
    for content in (json.dumps([ONE, big, TWO]), "\n".join(map(json.dumps, [ONE, big, TWO]))):
        numbers, faults = read(write(tmp_path, content))
        assert numbers == ["NCT00000101", "NCT00000102"]
        assert len(faults) == 1
        assert "It is more than" in faults[0].sentence
    numbers, faults = read(write(tmp_path, "\n".join(map(json.dumps, [big, ONE]))))
    assert (numbers, len(faults)) == (["NCT00000101"], 1)
    legacy = LEGACY.replace("A made-up", "A" * 20_000)
    assert "too much to be read at once" in fault(write(tmp_path, legacy)).sentence


def test_a_whole_file_beyond_the_limit_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened.whole, "__kwdefaults__", {"most": 1_000_000})
    text = json.dumps([ONE] * 2000)
    assert len(text) > 1_000_000
    assert "more than 1 MB" in fault(write(tmp_path, text)).sentence


def test_a_study_of_a_megabyte_and_a_half_and_one_of_a_thousand_arms_are_read(
    tmp_path: Path,
) -> None:
    arms = [{"label": f"Arm {number}", "type": "EXPERIMENTAL"} for number in range(1000)]
    big = small_study("NCT00000101", briefSummary="a" * 1_500_000)
    wide = small_study("NCT00000102", armGroups=arms)
    assert read(write(tmp_path, [big, wide])) == (["NCT00000101", "NCT00000102"], [])


def test_a_folder_is_walked_in_order_and_each_fault_names_its_file(tmp_path: Path) -> None:
    write(tmp_path, ONE, "b.json")
    write(tmp_path, TWO, "a.json")
    (tmp_path / "deeper" / "down").mkdir(parents=True)
    write(tmp_path / "deeper" / "down", "a note", "readme")
    write(tmp_path / "deeper", studies(103), "c")
    write(tmp_path, "left alone", ".hidden")
    numbers, faults = read(tmp_path)
    assert numbers == ["NCT00000102", "NCT00000101", "NCT00000103"]
    assert [one.about for one in faults] == ["deeper/down/readme"]


def test_an_empty_folder_and_a_path_that_is_none_are_said(tmp_path: Path) -> None:
    assert fault(tmp_path).sentence == "This folder holds no file."
    assert fault(tmp_path / "nothing").sentence == "There is no such file or folder."


def test_links_are_followed_to_files_and_never_in_a_circle(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    write(tmp_path, ONE, "study")
    (folder / "again").symlink_to(folder)
    (folder / "gone").symlink_to(tmp_path / "nowhere")
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "study").symlink_to(tmp_path / "study")
    numbers, faults = read(folder)
    assert numbers == ["NCT00000101"]
    assert {one.about: one.sentence for one in faults}.keys() == {"again", "gone", "loop"}
    assert len(faults) == 3


def test_a_device_a_pipe_and_a_socket_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
    for path in (tmp_path / "pipe", tmp_path / "socket", Path("/dev/zero")):
        assert "no file" in fault(path).sentence


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
def test_what_may_not_be_read_is_said(tmp_path: Path) -> None:
    write(tmp_path, ONE).chmod(0)
    assert "may not be read" in fault(tmp_path / "given").sentence


def test_a_file_name_that_is_no_text_is_shown_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"stra\xdfe\n.json")
    path.write_text("a note")
    about = fault(path).about
    assert about.encode()
    assert "\n" not in about


def test_every_real_file_gives_records_or_one_clear_line(registry_folder: Path) -> None:
    records = 0
    for path in sorted(path for path in registry_folder.rglob("*") if path.is_file()):
        numbers, faults = read(path)
        records += len(numbers)
        assert bool(numbers) != bool(faults), path.name
        assert len(faults) <= 1, path.name
    # 60 legacy, 60 converted, 3, 27 and 350 studies, 21 in pages, 3 of another program, 120 trials.
    assert records == 644
