"""Every fault is told with its file and line, all of them at once, and nothing is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.models import Condition, Record, Trial
from evidence.starter import load_starter
from evidence.starter.faults import Fault, StarterFault
from tests.starter.small import write

pytestmark = pytest.mark.django_db

HIV = "topics/hiv_infection"
# name, file, text replaced, text put there, text on the line of the fault, words of the fault
SPOILT = [
    ("unknown key", "conditions", "area: infectious\n  syn", "aera: x\n  syn", "aera",
     "aera is not"),
    ("missing key", "conditions", "  area: infectious\n  syn", "  syn", "slug: hiv-",
     "lacks its area"),
    ("missing slug", "outcomes", "slug: cd4-count\n  ", "", "name: CD4", "lacks its slug"),
    ("not a mapping", "outcomes", "- slug", "- only words\n- slug", "only words", "a mapping"),
    ("unknown word", "conditions", "infectious\n  syn", "lungs\n  syn", "lungs",
     "known ones: infec"),
    ("number for text", "conditions", "name: HIV infection", "name: 12", "name: 12", "in quotes"),
    ("text for number", "publications", "year: 2000", 'year: "2000"', "year", "a whole number"),
    ("bool for number", "publications", "year: 2000", "year: yes", "year", "a whole number"),
    ("half a person", "publications", "year: 2000", "year: 2000.5", "year", "a whole number"),
    ("text for bool", "adverse_effects", "serious: true", "serious: y", "serious", "true or false"),
    ("bare date", "trials", '"1999-04"', "1999-04-01", "start", "in quotes"),
    ("no such date", "trials", '"1999-04"', '"1999-13"', "start", "1999-13"),
    ("no such day", "trials", '"2025-01-31"', '"2025-02-30"', "checked_on", "2015-09-03"),
    ("no real date", "trials", '"2025-01-31"', "2025-02-30", "checked_on", "quote it"),
    ("infinite", HIV, "estimate: 159", "estimate: .inf", "estimate", "not a number"),
    ("too long", "trials", "title: A", f"title: {'a' * 600} A", "title", "600"),
    ("empty", HIV, "outcome: Viral load", 'outcome: ""', 'outcome: ""', "blank"),
    ("two lines", HIV, "Viral load", '"Viral\\nload"', "Viral", "one line"),
    ("text for list", "trials", "[Argentina, Thailand]", "Peru", "countries", "a list of texts"),
    ("word for list", "trials", "[hiv-infection]", "hiv-infection", "conditions: h", "be a list"),
    ("number in list", "trials", "[hiv-infection]", "[1]", "conditions: [1", "slug of a condition"),
    ("bad slug", "outcomes", "slug: cd4-count", "slug: CD4 count", "slug", "slug"),
    ("bad key", "harms", "key: h001", "key: H 1", "key", "lower-case"),
    ("bad state", HIV, "state: draft", "state: withdrawn", "state: with", "published, draft"),
    ("http address", "approvals", "from_year: 1999", "url: http://x.org", "url", "https"),
    ("key twice", "outcomes", "name: CD4", "name: A\n  name: CD4", "name: CD4",
     "stands here twice"),
    ("entry twice", "outcomes", "- slug", "- {slug: cd4-count, name: B, kind: level}\n- slug",
     "- slug", "The outcome cd4-count stands twice: see outcome cd4-count at outcomes.yaml:1"),
    ("name twice", "conditions", "name: HIV infection", "name: advanced HIV infection",
     "name: advanced", "already exists"),
    ("record key twice", HIV, "key: hiv-h1", "key: hiv-f1", "key: hiv-f1\n      adv", "twice"),
    ("record key twice over files", "harms", "key: h001", "key: leak", None,
     "key leak stands twice"),
    ("PMID twice", "publications", "kind: narr", "pmid: 10000001\n  kind: narr",
     "pmid: 10000001\n  kind", "pmid 10000001 stands twice"),
    ("DOI twice", "publications", "kind: narr", "doi: 10.1000/LOSSO\n  kind: narr", "LOSSO",
     "twice"),
    ("identifier twice", "trials", "registry: ISRCTN\n      value: ISRCTN00000001",
     "registry: NCT\n      value: NCT00000001", "value: NCT00000001\n  arms", "twice"),
    ("bad identifier", "trials", "value: NCT00000001", "value: NCT0000000X", "value: NCT", "eight"),
    ("unknown parent", "conditions", "parent: hiv-infection", "parent: hiv", "parent",
     "There is no condition “hiv”"),
    ("unknown publication", HIV, "publication: losso-2000\n      trial",
     "publication: x\n      trial",
     "publication: x", "There is no publication “x”"),
    ("unknown trial", HIV, "trials: [NCT", "trials: [NCX", "trials",
     "There is no trial “NCX00000001”"),
    ("unknown effect", HIV, "effect: oedema", "effect: odema", "odema",
     "no adverse effect “odema”"),
    ("own parent", "conditions", "parent: hiv", "parent: advanced-hiv", "parent", "under itself"),
    ("no source", HIV, "publication: losso-2000\n      outcome: V", "outcome: V", "- key: hiv-f2",
     "Name the publication, or else the trial"),
    ("ends of interval", HIV, "ci_low: 145", "ci_low: 200", "estimate: ",
     "The estimate lies within"),
    ("half interval", HIV, "      ci_high: 174\n", "", "ci_low:",
     "a low end, a high end and a level"),
    ("too many affected", HIV, "affected: 0", "affected: 37", "affected", "No more people"),
    ("word without ground", HIV, "status: experimental", "status: investigated", "status",
     "ground"),
    ("word other than the rule's", "approvals", "is_il2: false", "is_il2: true", None,
     "assessment hiv-a: The rule says investigated (I2), and this experimental: give the reason"),
    ("dose without unit", "trials", "      dose_unit: MIU\n", "", "dose_low", "A dose has a unit"),
    ("topic without assessment", HIV, "assessment:\n    key: hiv-a", "assessment: 12", None,
     "mapping"),
    ("published below a draft", HIV, "    key: hiv-a\n", "    key: hiv-a\n    state: draft\n",
     "key: hiv-f1", "is published, and the assessment of its topic is not"),
    ("claim held by nothing", "claims", "condition:hiv-infection", "condition:hiv",
     "held_by: [\"ass",
     "There is no condition “hiv”"),
    ("claim held by a draft", "claims", '"assessment:hiv-a", "condition:hiv-infection"',
     '"finding:hiv-f2"', "- id: ID1", "Nothing that readers see holds the claim ID1"),
    ("claim without kind", "claims", "page:/about/", "about", 'held_by: ["about', "kind:name"),
    ("claim on no path", "claims", "page:/about/", "page:about", 'held_by: ["page', "not a path"),
    ("claim with a strange key", "claims", "  claim: This", "  claims: This", "- id: ID2",
     "just these"),
    ("claim twice", "claims", "id: ID2", "id: ID1", None, "The claim ID1 stands twice"),
    ("no YAML", "outcomes", "name: CD4 count", "name: [CD4", "kind", "This is not YAML"),
    ("two documents", "outcomes", "kind: surrogate\n", "kind: surrogate\n---\n- x\n", "---",
     "second"),
    ("alias", "outcomes", "name: CD4 count", "name: &a CD4", "name", "anchors"),
    ("Python object", "outcomes", "name: CD4 count", "name: !!python/name:os.system", "name",
     "not YAML"),
    ("NUL", "outcomes", "CD4 count", "CD4\x00count", "CD4", "U+0000"),
    ("escaped NUL", "outcomes", "CD4 count", '"CD4\\0count"', "CD4", "U+0000"),
    ("zero width", "outcomes", "CD4 count", "CD4\u200bcount", "CD4", "U+200B (ZERO WIDTH SPACE)"),
    ("right to left", "outcomes", "CD4 count", "CD4\u202ecount", "CD4", "U+202E"),
    ("broken text", "outcomes", "CD4 count", "CD4\ufffdcount", "CD4", "U+FFFD"),
    ("escaped surrogate", "outcomes", "CD4 count", '"CD4\\ud800"', "CD4", ""),
    ("loose accent", "outcomes", "CD4 count", "Sjo\u0308gren", "Sj", "composed form"),
]  # fmt: skip


def faults_in(folder: Path) -> list[Fault]:
    with pytest.raises(StarterFault) as caught:
        load_starter(folder)
    return caught.value.faults


@pytest.mark.parametrize(
    ("file", "old", "new", "at", "words"),
    [row[1:] for row in SPOILT],
    ids=[row[0].replace(" ", "-") for row in SPOILT],
)
def test_a_fault_names_its_file_and_line_and_nothing_is_loaded(
    tmp_path: Path, file: str, old: str, new: str, at: str | None, words: str
) -> None:
    name = f"{file.replace('_', '-')}.yaml"
    faults = faults_in(write(tmp_path, **{file: (old, new)}))
    told = [fault for fault in faults if words in fault.message]
    assert told, faults
    if at is not None:
        text = (tmp_path / name).read_text(encoding="utf-8", errors="replace")
        line = text[: text.index(at)].count("\n") + 1
        assert (name, line) in {(fault.file, fault.line) for fault in told}
    assert not Condition.objects.exists()
    assert not Record.objects.exists()


def test_all_faults_are_told_at_once_in_the_order_of_the_files(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        conditions=("area: infectious\n  parent", "area: lungs\n  parent"),
        publications=("year: 2000", "year: two"),
        outcomes=("name: CD4 count", "name: 4"),
    )
    faults = faults_in(folder)
    assert [(fault.file, fault.line) for fault in faults] == [
        ("conditions.yaml", 3),
        ("outcomes.yaml", 2),
        ("publications.yaml", 4),
    ]


def test_all_refusals_of_the_database_are_told_at_once(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        **{HIV: ("affected: 0", "affected: 99")},
        trials=("dose_low: 7.5", "dose_low: -1"),
    )
    refused, below = faults_in(folder)
    assert (refused.file, refused.line) == ("topics/hiv-infection.yaml", 50)
    assert refused.message == (
        "harm report hiv-h1: No more people can be affected than were at risk."
    )
    assert (below.file, below.line) == ("trials.yaml", 19)
    assert below.message.startswith("arm: The low dose stands first")
    assert not Trial.objects.exists()


def test_a_topic_without_an_assessment_is_a_fault(tmp_path: Path) -> None:
    folder = write(tmp_path)
    names = "condition: hiv-infection, intervention: aldesleukin, role: prevention"
    (folder / "topics" / "more.yaml").write_text(f"- {{{names}, population: adult}}\n")
    assert [str(fault) for fault in faults_in(folder)] == [
        "topics/more.yaml:1: This topic lacks its assessment."
    ]


def test_text_that_is_not_utf8_is_a_fault_with_its_line(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "outcomes.yaml").write_bytes(b"- slug: a\n  name: \xff\n")
    assert faults_in(folder)[0] == Fault("outcomes.yaml", 2, "This is not UTF-8 text.")


def test_a_file_with_a_misspelt_name_is_a_fault(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "condtions.yaml").write_text("[]")
    assert [fault.file for fault in faults_in(folder)] == ["condtions.yaml"]


@pytest.mark.parametrize("text", ["", "# nothing\n", "slug: a\n", "word\n"])
def test_a_file_that_is_no_list_is_a_fault(tmp_path: Path, text: str) -> None:
    folder = write(tmp_path)
    (folder / "partners-more.yaml").write_text(text)
    assert [fault.file for fault in faults_in(folder)] == ["partners-more.yaml"]


def test_a_folder_without_starter_files_is_a_fault(tmp_path: Path) -> None:
    assert "no starter evidence" in str(faults_in(tmp_path)[0])
    assert "no starter evidence" in str(faults_in(tmp_path / "nowhere")[0])


def test_the_fault_as_text_lists_file_line_and_sentence(tmp_path: Path) -> None:
    folder = write(tmp_path, publications=("year: 2000", "year: two"))
    with pytest.raises(StarterFault, match=r"^publications\.yaml:4: year: This is to be a whole"):
        load_starter(folder)
