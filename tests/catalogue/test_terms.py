"""Terms count what stands at or under them, each thing once."""

from __future__ import annotations

import pytest

from evidence.models import AdverseEffect, Approval, Condition, Intervention
from tests.catalogue.asked import ids, row, rows
from tests.web import examples

pytestmark = pytest.mark.django_db


@pytest.fixture
def wide() -> Condition:
    return examples.condition("Infection", "infection", mesh_id="D007239", definition="Of germs.")


@pytest.fixture
def narrow(wide: Condition) -> Condition:
    return examples.condition("HIV infection", "hiv-infection", parent=wide, synonyms="AIDS")


def test_a_condition_counts_narrower_ones_with_it_and_each_thing_once(
    wide: Condition, narrow: Condition
) -> None:
    paper, study = examples.publication(), examples.trial()
    topic = examples.topic(condition=narrow)
    examples.assessment(topic)
    examples.finding(topic, paper)
    examples.harm(paper, topic=topic)
    examples.harm(paper)
    study.conditions.set([wide, narrow])
    found = {one["id"]: one for one in rows("conditions")}
    for slug in ("infection", "hiv-infection"):
        held = found[slug]
        assert [held[key] for key in ("topics", "findings", "trials", "harms")] == ["1"] * 4
    assert found["hiv-infection"]["parent"] == "infection"
    assert ids("conditions", "has_topic=yes") == ["hiv-infection"]
    assert ids("conditions", "condition=infection") == ["hiv-infection", "infection"]


def test_status_role_and_population_are_of_one_topic(narrow: Condition) -> None:
    examples.assessment(examples.topic(condition=narrow), status="variable")
    children = examples.topic(condition=narrow, population="child", role="prevention")
    examples.assessment(children, status="experimental")
    assert ids("conditions", "status=variable&population=adult&role=treatment")
    assert ids("conditions", "status=variable&population=child") == []
    assert ids("conditions", "status=experimental&status=variable&population=child")


def test_terms_are_found_by_their_words_and_ids(wide: Condition, narrow: Condition) -> None:
    assert ids("conditions", "q=aids") == ["hiv-infection"]
    assert ids("conditions", "q=d007239") == ids("conditions", "q=germs") == ["infection"]
    examples.effect()
    assert ids("adverse-effects", "q=vascular") == ["capillary-leak-syndrome"]


def test_an_intervention_is_approved_while_an_approval_is_in_force(narrow: Condition) -> None:
    drug = examples.intervention("Aldesleukin", "aldesleukin", atc="L03AC01")
    regimen = Intervention.objects.create(
        name="High dose", slug="high-dose", kind="regimen", parent=drug
    )
    approval = Approval.objects.create(
        intervention=drug,
        condition=narrow,
        population="adult",
        agency="FDA",
        from_year=1992,
        **examples.accepted(),
    )
    assert ids("interventions", "approval=yes") == ["aldesleukin"]
    assert ids("interventions", "intervention=aldesleukin") == ["aldesleukin", regimen.slug]
    assert ids("interventions", "q=l03ac01") == ["aldesleukin"]
    approval.withdrawn_year = 2000
    approval.save()
    assert ids("interventions", "approval=yes") == []


def test_an_intervention_counts_its_variants_with_it(narrow: Condition) -> None:
    drug = examples.intervention("Aldesleukin", "aldesleukin")
    regimen = Intervention.objects.create(
        name="High dose", slug="high-dose", kind="regimen", parent=drug
    )
    paper = examples.publication()
    examples.harm(paper, intervention=regimen)
    examples.harm(paper, intervention=drug)
    found = {one["id"]: one["harms"] for one in rows("interventions")}
    assert found == {"aldesleukin": "2", "high-dose": "1"}


def test_an_effect_is_found_by_what_one_report_says_of_it() -> None:
    paper, leak = examples.publication(), examples.effect()
    fever = AdverseEffect.objects.create(name="Fever", slug="fever", organ_system="General")
    oedema = AdverseEffect.objects.create(name="Oedema", slug="oedema", organ_system="General")
    leak.leads_to.add(oedema)
    low = examples.intervention("Low dose", "low-dose", dose_class="low")
    examples.harm(paper, adverse_effect=leak, dose_class="high")
    examples.harm(paper, adverse_effect=leak, intervention=low, dose_class="low")
    examples.harm(paper, adverse_effect=fever, dose_class="high")
    query = "dose_class=high&intervention=low-dose"
    assert ids("adverse-effects", query) == []
    assert ids("adverse-effects", "dose_class=low&intervention=low-dose") == [leak.slug]
    assert ids("adverse-effects", "has_harm=no") == ["oedema"]
    found = row("adverse-effects", "serious=yes")
    assert (found["leads_to"], found["dose_classes"], found["harms"]) == (
        "Oedema",
        "low; high",
        "2",
    )


def test_a_merged_term_is_listed_nowhere(wide: Condition, narrow: Condition) -> None:
    Condition.objects.filter(pk=narrow.pk).update(merged_into=wide)
    assert ids("conditions") == ["infection"]
