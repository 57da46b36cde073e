"""Our terms that are suggested for a registered study."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evidence.models import CombinationPartner, Condition, Intervention, InterventionPartner
from evidence.registries.records import GivenThing, Identifier, TrialRecord
from evidence.sync.suggest import Suggester, Suggestion
from tests.models.rows import make

pytestmark = pytest.mark.django_db


def record(*things: GivenThing | str, **more: Any) -> TrialRecord:
    given = tuple(
        GivenThing(kind="DRUG", name=thing) if isinstance(thing, str) else thing for thing in things
    )
    number = Identifier(registry="nct", value="NCT00000101")
    fields: dict[str, Any] = {"source": "ctgov", "id": number, "title": "A study"} | more
    return TrialRecord(**fields, interventions=given)


def condition(name: str, *synonyms: str, parent: Condition | None = None) -> Condition:
    return make(Condition, name=name, synonyms="\n".join(synonyms), parent=parent)


def form(
    name: str,
    *synonyms: str,
    kind: str = "recombinant",
    parent: Intervention | None = None,
    partners: tuple[tuple[str, str, str], ...] = (),
    **more: Any,
) -> Intervention:
    row = make(
        Intervention, name=name, synonyms="\n".join(synonyms), kind=kind, parent=parent, **more
    )
    for called, also, timing in partners:
        partner = make(CombinationPartner, name=called, synonyms=also)
        make(InterventionPartner, intervention=row, partner=partner, timing=timing)
    return row


def names(suggested: tuple[Suggestion, ...]) -> list[str]:
    return [one.term.name for one in suggested]


def of_conditions(*said: str, keywords: tuple[str, ...] = ()) -> list[str]:
    return names(Suggester().of(record(conditions=said, keywords=keywords)).conditions)


def of_given(*things: GivenThing | str, **more: Any) -> list[str]:
    return names(Suggester().of(record(*things, **more)).interventions)


def test_without_terms_nothing_is_suggested() -> None:
    suggested = Suggester().of(record("Proleukin", conditions=("HIV Infections",)))
    assert suggested.conditions == suggested.interventions == ()


@pytest.mark.parametrize(
    "said",
    [
        "HIV Infections",
        "hiv infection",
        "HIV-Infection",
        "Human Immunodeficiency Virus Infection",
        "Infection, HIV",
        "Advanced HIV infection",
    ],
)
def test_a_condition_is_found_whatever_its_case_number_and_order(said: str) -> None:
    condition("HIV infection", "HIV", "Human immunodeficiency virus infection")
    assert of_conditions(said) == ["HIV infection"]


@pytest.mark.parametrize(
    ("said", "ours"),
    [
        ("Esophageal Neoplasms", "Oesophageal cancer"),
        ("Hodgkin's Disease", "Hodgkin disease"),
        ("Leukemia, Myeloid, Acute", "Acute myeloid leukaemia"),
        ("Lupus Erythematosus, Systemic", "Systemic lupus erythematosus"),
        ("Sjoegren Syndrome", "Sjögren syndrome"),
        ("Breast Carcinoma", "Breast cancer"),
        ("Melanoma (Skin)", "Melanoma"),
        ("Small Intestine Cancer", "Cancer of the small intestine"),
    ],
)
def test_spellings_and_inverted_headings_are_the_same_condition(said: str, ours: str) -> None:
    condition(ours)
    assert of_conditions(said) == [ours]


def test_a_name_within_a_longer_one_is_not_suggested_for_it() -> None:
    lymphoma = condition("Lymphoma")
    condition("Hodgkin lymphoma", parent=lymphoma)
    condition("Non-Hodgkin lymphoma", parent=lymphoma)
    assert of_conditions("Non Hodgkin's Lymphoma") == ["Non-Hodgkin lymphoma"]


def test_the_wider_condition_stays_where_the_registry_names_it_itself() -> None:
    wider = condition("Viral infection")
    condition("HIV infection", parent=wider)
    assert of_conditions("Viral Infection", "HIV Infections") == [
        "HIV infection",
        "Viral infection",
    ]


def test_an_acronym_counts_only_where_it_stands_in_capitals() -> None:
    condition("Wiskott-Aldrich syndrome", "WAS")
    assert of_conditions("WAS") == ["Wiskott-Aldrich syndrome"]
    assert of_conditions("Pain that was treated") == []


def test_keywords_narrow_a_condition_that_they_speak_of_in_the_same_words() -> None:
    lung = condition("Lung cancer")
    condition("Non-small-cell lung cancer", "NSCLC", parent=lung)
    keywords = ("recurrent non-small cell lung cancer",)
    assert of_conditions("Lung Cancer", keywords=keywords) == ["Non-small-cell lung cancer"]
    hiv = condition("HIV infection")
    condition("Acquired immunodeficiency syndrome", parent=hiv)
    keywords = ("Acquired Immunodeficiency Syndrome",)
    assert of_conditions("HIV Infections", keywords=keywords) == ["HIV infection"]


def test_the_reason_says_whose_word_is_whose() -> None:
    condition("HIV infection", "HIV")
    form("Aldesleukin", "Proleukin", "Recombinant interleukin-2")
    suggester = Suggester()
    ours = suggester.of(record("Proleukin", conditions=("HIV Infections",)))
    plain = suggester.of(record("Interleukin-2"))
    assert ours.conditions[0].because == (
        "“HIV Infections” is what the registry calls it; HIV infection is our name."
    )
    assert ours.interventions[0].because == (
        "“Proleukin” is its intervention; “Proleukin” is a synonym of Aldesleukin."
    )
    assert plain.interventions[0].because == (
        "Its intervention “Interleukin-2” is IL-2 given as a drug: Aldesleukin."
    )


def aldesleukin() -> Intervention:
    form("Endogenous IL-2", "Interleukin-2", "IL-2", kind="endogenous")
    return form("Aldesleukin", "Proleukin", "Recombinant interleukin-2")


@pytest.mark.parametrize(
    "name",
    ["IL-2", "Interleukin-2 (IL-2)", "rhIL-2", "Interleukin-2/Zidovudine (AZT)", "Aldesleukin"],
)
def test_plain_il2_is_the_recombinant_drug_and_not_the_bodys_own(name: str) -> None:
    aldesleukin()
    assert of_given(name) == ["Aldesleukin"]


@pytest.mark.parametrize(
    "name",
    [
        "IL-2 receptor antagonist",
        "Interleukin-2 (IL-2) plasmid DNA/lipid complex",
        "CD8-IL2",
        "Nivolumab",
        "IL-21",
    ],
)
def test_what_is_not_plain_il2_is_not_taken_for_the_drug(name: str) -> None:
    aldesleukin()
    assert of_given(name) == []


def test_a_regimen_is_suggested_by_its_name_and_never_by_a_dose() -> None:
    drug = aldesleukin()
    form("High-dose IL-2", "HD IL-2", kind="regimen", parent=drug, dose_class="high")
    form("Low-dose IL-2", "ILT-101", kind="regimen", parent=drug, dose_class="low")
    assert of_given("HD IL2", "Proleukin") == ["High-dose IL-2"]
    assert of_given("ILT-101") == ["Low-dose IL-2"]
    dosed = GivenThing(kind="DRUG", name="Aldesleukin", description="600,000 IU/kg every 8 h")
    assert of_given(dosed) == ["Aldesleukin"]
    assert of_given("Aldesleukin", title="Low-dose IL-2 in cancer") == ["Aldesleukin"]


def test_a_combination_is_suggested_only_where_all_its_parts_are_given() -> None:
    drug = aldesleukin()
    alfa = (("Interferon alfa", "IFN-\u03b1", "together"),)
    form("IL-2 with interferon alfa", kind="combination", parent=drug, partners=alfa)
    assert of_given("aldesleukin", "recombinant interferon alfa") == ["IL-2 with interferon alfa"]
    assert of_given("aldesleukin", "recombinant interferon gamma") == ["Aldesleukin"]
    assert of_given("recombinant interferon alfa") == []


def test_il2_on_top_of_a_background_therapy_is_both() -> None:
    drug = aldesleukin()
    art = (("Antiretroviral therapy", "ART\nZidovudine", "background"),)
    form("IL-2 with antiretroviral therapy", kind="combination", parent=drug, partners=art)
    assert of_given("Zidovudine", "Aldesleukin") == [
        "IL-2 with antiretroviral therapy",
        "Aldesleukin",
    ]


def test_a_combination_with_a_dose_regimen_needs_that_regimen() -> None:
    drug = aldesleukin()
    high = form("High-dose IL-2", kind="regimen", parent=drug, dose_class="high")
    cells = (("Tumour-infiltrating lymphocytes", "TIL", "in-sequence"),)
    form("TIL with high-dose IL-2", "TIL + IL-2", kind="combination", parent=high, partners=cells)
    assert of_given("TIL", "aldesleukin") == ["Aldesleukin"]
    assert of_given("TIL", "High-dose IL-2") == ["TIL with high-dose IL-2"]


def test_the_number_of_queries_does_not_grow_with_terms_or_records() -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            suggester = Suggester()
            for name in ("Aldesleukin", "Zidovudine", "TIL"):
                suggester.of(record(name, conditions=("HIV Infections",)))
        return len(seen)

    few = queries()
    drug = aldesleukin()
    for number in range(5):
        condition(f"HIV infection {number}")
        form(f"IL-2 with {number}", kind="combination", parent=drug, partners=())
    assert queries() == few == 3
