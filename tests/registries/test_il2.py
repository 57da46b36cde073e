"""Which record of a study gives IL-2, by its interventions and arms."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from evidence.registries import ctgov, ictrp, il2
from evidence.registries.records import GivenThing, Identifier, Payload, StudyArm, TrialRecord
from evidence.vocab import Verdict


def record(*things: GivenThing | str, arms: tuple[StudyArm, ...] = (), **more: Any) -> TrialRecord:
    """A made-up study that gives these things; a text is a drug's name."""
    given = tuple(
        GivenThing(kind="DRUG", name=thing) if isinstance(thing, str) else thing for thing in things
    )
    number = Identifier(registry="nct", value="NCT00000101")
    fields: dict[str, Any] = {"source": "ctgov", "id": number, "title": "A study"} | more
    return TrialRecord(**fields, interventions=given, arms=arms)


def arm(label: str, description: str | None = None, given: tuple[str, ...] = ()) -> StudyArm:
    return StudyArm(label=label, kind="experimental", description=description, given=given)


def thing(name: str, **more: Any) -> GivenThing:
    return GivenThing(**({"kind": "DRUG", "name": name} | more))


IL2 = (
    "IL-2",
    "IL2",
    "il-2",
    "IL 2",
    "IL - 2",
    "IL\u20112",
    "IL\u22122",
    "IL\u00a02",
    "\uff29\uff2c\uff0d\uff12",
    "IL\u2082",
    "rIL-2",
    "rhIL-2",
    "rhuIL-2",
    "ldIL-2",
    "LD-IL2",
    "HD IL2",
    "ILT-101 ld-(IL2)",
    "Low-dose IL2",
    "PEG-IL-2",
    "PEGIL-2",
    "Interleukin-2",
    "Interleukin\u20132",
    "Interleukin 2",
    "interleukin (IL)-2",
    "Interleukin-2 (IL-2)",
    "Interleukin-II",
    "interleukine-2",
    "interleucina-2",
    "Interleuquina 2",
    "recombinanat interleukin-2",
    "interleuken-2",
    "interlukin-2",
    "Inter-leukin 2",
    "白介素-2",
    "Recombinant Human Interleukin-2 for Injection",
    "Interleukin-2, Polyethylene Glycolated",
    "Interleukin-2/Zidovudine (AZT)",
    "Proleukin",
    "Proleukin\u00ae 22 MIU",
    "Proleukine",
    "aldesleukin",
    "Aldesleukine",
    "adesleukin",
    "Aldesleukin (IL-2)",
    "IL-12, IL-2",
    "IL-2, GM-CSF",
    "Nivolumab + IL-2",
    "IL-2 or placebo",
    "IL-2/placebo",
    "Chemotherapy with or without IL-2",
    "Chemotherapy \u00b1 interleukin-2",
    "IL-2 test dose",
    "Sustained-release IL-2",
    "Dose level: IL-2",
    "adIL-2",
    "Denileukin diftitox",
    "E7777",
    "DAB389IL-2",
    "Bempegaldesleukin",
    "NKTR-214",
    "NKTR 214",
    "nktr214",
    "ALKS 4230",
    "Nemvaleukin alfa",
    "AMG 592",
    "Efavaleukin Alfa",
    "LY3471851",
    "THOR-707",
    "SAR444245",
    "MK-6194",
    "RO7049665",
    "hu14.18-IL2",
    "L19IL2",
    "L19-IL2 + L19-TNF",
    "FAP-IL2v",
    "F16IL2",
    "NHS-IL2LT",
    "PD-1/IL-2 fusion protein",
    "MVA-MUC1-IL2",
    "IL-2 gene therapy",
    "Vaccine of tumor cells with the IL-2 gene",
    "IL-2 gene-modified tumor cell vaccine",
    "IL-2 expression plasmid",
    "Interleukin-2 (IL-2) plasmid DNA/lipid complex",
    "IL-2/anti-IL-2 antibody complex",
    "IL-2/IL-2R complex",
    "Syngeneic Lymphocytes (CD4+) Cultured with OKT3 (Ortho) and Interleukin-2 (Chiro",
    "LAK cells and IL-2",
    "TIL followed by IL-2",
    "Ceplene with IL-2",
)


@pytest.mark.parametrize("name", IL2)
def test_an_intervention_named_as_a_form_of_il2_is_one(name: str) -> None:
    assert il2.verdict(record("Placebo", name)).verdict == Verdict.GIVES


@pytest.mark.parametrize("name", IL2)
def test_another_name_of_an_intervention_counts_as_its_name(name: str) -> None:
    given = record(thing("Study drug", other_names=("Compound 7", name)))
    assert il2.verdict(given).verdict == Verdict.GIVES


NOT_IL2 = (
    "IL-21",
    "IL-22 Fc",
    "IL 23 antibody",
    "Interleukin-27",
    "interleukin 20",
    "IL-2R",
    "sIL-2R",
    "IL2RG lentiviral vector",
    "pSIN-EF1a-IL2RGo",
    "IL-2R\u03b3c gene transfer",
    "Genotyping of IL2",
    "Ipilimumab in IL-2 failed melanoma",
    "NIL-2",
    "IL-2R\u03b1 antibody",
    "IL2RA",
    "IL-2 receptor antagonist",
    "Interleukin-2 receptor antagonists",
    "Interleukin 2 receptor subunit",
    "interleukin-2 (IL-2) receptor antibody",
    "IL-2 alpha receptor blockade",
    "soluble IL-2 receptor",
    "soluble interleukin-2",
    "anti-IL-2 receptor monoclonal antibody",
    "anti-interleukin-2",
    "anti IL-2 antibody",
    "Antibody against IL-2",
    "IL-2 monoclonal antibody",
    "IL-2 inhibitor",
    "Inhibitor of IL-2",
    "Interleukin-2 inducible kinase inhibitor",
    "IL-2-inducible T-cell kinase inhibitor",
    "Basiliximab",
    "Simulect (anti-CD25)",
    "Daclizumab",
    "Inolimomab",
    "Serum IL-2",
    "IL-2 levels",
    "IL-2, IL-6 and TNF-\u03b1 levels",
    "Measurement of IL-2 and IFN-\u03b3",
    "IL-2 ELISA kit",
    "IL-2 ELISpot",
    "IL-2 gene polymorphism",
    "IL-2 production by lymphocytes",
    "Treatment without IL-2",
    "TCR-T cells, no IL-2",
    "Nivolumab after failure of IL-2",
    "Sunitinib in patients previously treated with IL-2",
    "IL-2-refractory melanoma: ipilimumab",
    "IL-15",
    "ALT-803",
    "IL-12",
    "interleukin-1 receptor antagonist",
    "Interleukin-11, 2 mg",
    "rhIL-11",
    "Interleukin 2.5 \u00b5g/kg of IL-11",
    "until 2 weeks",
    "until (2 weeks)",
    "Fish oil (2 g)",
    "Fish oil-2",
    "Basil2",
    "IL-2x",
    "April 2 visit",
    "Ketamine 0.5 ml, 2 doses",
    "Pencil 2",
    "Multivitamin oil 2 %",
    "VIL2 inhibitor",
    "CIL-25",
    "Leukine (sargramostim)",
    "Illinois (IL) 20",
)


@pytest.mark.parametrize("name", NOT_IL2)
def test_a_name_that_only_resembles_or_mentions_il2_is_not_il2(name: str) -> None:
    judged = il2.verdict(record(name, arms=(arm("Arm 1", given=(name,)),)))
    assert judged.verdict == Verdict.NOT_IL2, judged.reason


DIAGNOSTIC = ("IL-2", "Interleukin-2", "IL-2 whole blood stimulation")


@pytest.mark.parametrize("name", DIAGNOSTIC)
def test_a_diagnostic_test_of_il2_gives_none(name: str) -> None:
    judged = il2.verdict(
        record(thing(name, kind="DIAGNOSTIC_TEST"), arms=(arm("Tested", given=(name,)),))
    )
    assert judged.verdict == Verdict.NOT_IL2, judged.reason


def test_a_row_of_measured_cytokines_is_not_taken_for_il2() -> None:
    panel = thing("IL-1\u03b2, IL-2, IL-6, IL-10, TNF", kind="OTHER")
    assert il2.verdict(record(panel)).verdict != Verdict.GIVES


GREY = (
    ("Placebo for IL-2",),
    ("IL-2 placebo",),
    ("Aldesleukin-matched placebo",),
    ("IL-2R\u03b2\u03b3 agonist",),
    ("\u03b1/\u03b2-IL-2R biased partial agonist",),
    ("IL-2 mimetic",),
    ("CD122-preferential IL-2 pathway agonist",),
    ("Methylene blue for IL-2 induced hypotension",),
    ("Post-IL-2 surgery",),
    ("Observation after IL-2",),
    ("IBI363",),
    ("AZD 6750",),
    ("Lifileucel",),
    ("Autologous tumor-infiltrating lymphocytes",),
    ("Tumour infiltrating T cells",),
    ("LN-144",),
    ("LAK cells",),
    ("Multikine",),
    ("Futuraleukin alfa",),
    ("T-cell growth factor",),
)


@pytest.mark.parametrize("names", GREY)
def test_what_may_stand_for_il2_is_left_to_a_person(names: tuple[str, ...]) -> None:
    judged = il2.verdict(record(*names))
    assert judged.verdict == Verdict.GREY, judged.reason


def test_what_is_only_looked_at_stands_for_no_il2() -> None:
    cells = thing("Tumor-infiltrating lymphocytes (TILs) in the biopsy", kind="OTHER")
    tested = thing("PBMC stimulated with IL-2", kind="PROCEDURE")
    infused = thing("Infusion of tumor-infiltrating lymphocytes", kind="PROCEDURE")
    assert il2.verdict(record(cells)).verdict == Verdict.NOT_IL2
    assert il2.verdict(record(tested)).verdict == Verdict.GREY
    assert il2.verdict(record(infused)).verdict == Verdict.GREY


GREY_DESCRIPTIONS = (
    "AB-100 is a CD8-guided IL-2",
    "a PD-1/IL-2\u03b1 bispecific antibody fusion protein",
    "Cells, then subcutaneous administration of low-dose IL-2.",
    "accompanied by interleukin-2 (IL-2) support",
    "600,000 IU/kg aldesleukin every eight hours",
    "T cells expanded ex vivo with IL-2 and OKT3",
    "Previously untreated patients receive IL-2 for five days",
    "an antibody fused to an IL-2 mutein",
    "given 24 h prior to IL-2",
    "IL-2, IL-7 and IL-15 are given for five days",
)


@pytest.mark.parametrize("description", GREY_DESCRIPTIONS)
def test_il2_in_a_description_alone_is_left_to_a_person(description: str) -> None:
    of_a_thing = il2.verdict(record(thing("AB-100", description=description)))
    of_an_arm = il2.verdict(record("AB-100", arms=(arm("Arm B", description),)))
    assert of_a_thing.verdict == Verdict.GREY, of_a_thing.reason
    assert of_an_arm.verdict == Verdict.GREY, of_an_arm.reason


MENTIONS = (
    "Blocks the transcription of IL-2.",
    "It inhibits IL-2 production by T cells.",
    "Patients with progression after prior therapy with high-dose IL-2",
    "Must have failed IL-2 or interferon",
    "soluble interleukin-2 receptor (sIL-2R) is measured on day 8",
    "A chimeric antibody against the alpha chain of the IL-2 receptor (CD25)",
    "Blood is drawn for levels of IL-2, IL-4 and IFN-\u03b3",
    "IL-2, IL-4, and IL-10 concentrations at week 4",
    "It binds to the IL-2R\u03b1.",
    "No IL-2 will be given.",
    "Participants receive cells without low-dose IL-2",
    "IL-21 and IL-22 are neutralised",
    "It inhibits JAK3, which IL-2, IL-4, IL-7 and IL-21 need",
    "Lowers TNF-\u03b1, IL-2 and IL-6.",
)


@pytest.mark.parametrize("description", MENTIONS)
def test_a_description_that_only_mentions_il2_makes_no_grey_case(description: str) -> None:
    judged = il2.verdict(record(thing("AB-100", description=description)))
    assert judged.verdict == Verdict.NOT_IL2, judged.reason


def test_text_outcomes_and_titles_decide_nothing() -> None:
    judged = il2.verdict(
        record(
            "Nivolumab", title="Nivolumab after interleukin-2", summary="IL-2", keywords=("IL-2",)
        )
    )
    assert judged == il2.Judged(
        verdict=Verdict.NOT_IL2, reason="None of its interventions and arms names IL-2."
    )


def test_a_study_without_interventions_and_arms_gives_no_il2() -> None:
    assert il2.verdict(record(title="IL-2 in sepsis")).verdict == Verdict.NOT_IL2


def test_an_arm_named_for_il2_is_grey_where_no_intervention_is() -> None:
    judged = il2.verdict(record("Study drug", arms=(arm("High-dose IL-2"),)))
    assert judged == il2.Judged(
        verdict=Verdict.GREY,
        reason="“IL-2” stands in the label of the arm “High-dose IL-2”, "
        "but no intervention is named so.",
    )


def test_an_arm_that_is_given_il2_gives_it_where_no_intervention_is_listed() -> None:
    assert il2.verdict(record(arms=(arm("B", given=("Proleukin",)),))).verdict == Verdict.GIVES


def test_an_arm_without_il2_makes_no_case() -> None:
    judged = il2.verdict(record("Nivolumab", arms=(arm("No rIL-2"),)))
    assert judged.verdict == Verdict.NOT_IL2


def test_a_named_intervention_stands_before_what_only_mentions_it() -> None:
    judged = il2.verdict(
        record("anti-IL-2 receptor", "Proleukin", arms=(arm("IL-2", "without IL-2"),))
    )
    assert judged.verdict == Verdict.GIVES


def test_the_reason_quotes_the_words_and_says_where_they_stand() -> None:
    named = il2.verdict(record("Proleukin"))
    also = il2.verdict(record(thing("Study drug", kind="BIOLOGICAL", other_names=("rhIL-2",))))
    seen = il2.verdict(record("Cells", arms=(arm("Arm B", "Cells and aldesleukin"),)))
    against = il2.verdict(record("Basiliximab"))
    assert named.reason == "Its intervention “Proleukin” (Drug) is IL-2."
    assert also.reason == (
        "Its intervention “Study drug” (Biological) is IL-2 by its name “rhIL-2”."
    )
    assert seen.reason == (
        "“aldesleukin” stands in the description of the arm “Arm B”, "
        "but no intervention is named so."
    )
    assert against.reason == (
        "“Basiliximab” is against the receptor of IL-2; nothing it gives is IL-2."
    )


def _studies(folder: Path, name: str) -> Iterator[Mapping[str, Any]]:
    for path in sorted((folder / name).glob("*.json")):
        yield json.loads(path.read_text())


def _judged(study: Mapping[str, Any]) -> str:
    return il2.verdict(ctgov.read(ctgov.payload(study).data)).verdict


GREY_ONES = {"NCT07307053", "NCT07115043", "NCT06620822"}
# It is given IL-2 under the skin before its cells, and no intervention is named so.
GREY_OTHER = {"NCT05519384"}


def test_every_real_trial_of_il2_gives_it(registry_folder: Path) -> None:
    folders = ("ctgov_v2_CONVERTED_from_xml_il2", "ctgov_v2_real_il2")
    verdicts = [_judged(study) for name in folders for study in _studies(registry_folder, name)]
    assert verdicts == [Verdict.GIVES] * 63


def test_a_real_study_that_only_mentions_il2_does_not_give_it(registry_folder: Path) -> None:
    verdicts = {
        study["protocolSection"]["identificationModule"]["nctId"]: _judged(study)
        for study in _studies(registry_folder, "ctgov_v2_real_mentions_il2")
    }
    assert len(verdicts) == 27
    assert {number for number, said in verdicts.items() if said == Verdict.GREY} == GREY_ONES
    assert Verdict.GIVES not in verdicts.values()


def test_none_of_350_other_studies_gives_il2(registry_folder: Path) -> None:
    with gzip.open(registry_folder / "ctgov_v2_real_other" / "studies_350.jsonl.gz", "rt") as lines:
        records = [ctgov.read(ctgov.payload(json.loads(line)).data) for line in lines]
    judged = {record.id.value: il2.verdict(record).verdict for record in records}
    assert len(judged) == 350
    assert Verdict.GIVES not in judged.values()
    assert {number for number, said in judged.items() if said == Verdict.GREY} == GREY_OTHER


def test_the_one_trial_of_il2_in_the_ictrp_export_is_found(registry_folder: Path) -> None:
    given = []
    with (registry_folder / "ictrp" / "ictrp_120.xml").open("rb") as export:
        for payload in ictrp.payloads(export):
            assert isinstance(payload, Payload)
            if il2.verdict(ictrp.read(payload.data)).verdict != Verdict.NOT_IL2:
                given.append(payload.value)
    assert given == ["ChiCTR2000030167"]
