"""The registry that the tests ask: that it answers as the real ones say they do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.registries.fake import PASSING, FakeRegistry, Fault, FaultPlan, wire_here
from tests.registries.made_up import PLACES, many_studies, mentioning_study, small_study


def test_a_plan_is_the_same_for_the_same_seed():
    assert FaultPlan.random(7) == FaultPlan.random(7)
    assert FaultPlan.random(7) != FaultPlan.random(8)


@pytest.mark.parametrize("seed", range(50))
def test_in_a_random_plan_every_fault_passes_within_four_tries(seed: int):
    faults = FaultPlan.random(seed, 500).faults
    assert faults
    assert set(faults.values()) <= {*PASSING}
    assert [*faults.values()].count(Fault.TOKEN_LOOP) <= 2
    assert not any(all(first + step in faults for step in range(4)) for first in range(1, 500))


def test_a_fault_is_met_by_number_or_by_path():
    plan = FaultPlan(faults={1: Fault.HTML, ("/api/v2/studies", 2): Fault.ERROR})
    with FakeRegistry(many_studies(3), plan=plan) as fake:
        wire = wire_here()
        for path in ("version", "version", "studies", "studies"):
            wire.get(f"{fake.base}/{path}")
        met = [asked.fault for asked in fake.asked]
    assert met == [Fault.HTML, None, None, Fault.ERROR, None]


def test_who_listens_may_change_the_registry_before_it_answers():
    with FakeRegistry(many_studies(3)) as fake:
        fake.on_request = lambda asked: fake.studies.pop("NCT00000101", None)
        page = wire_here().get(f"{fake.base}/studies").json()
        assert len(page["studies"]) == 2


def test_pubmed_finds_papers_and_gives_them():
    papers = {
        12: "<PubmedArticle><PMID>12</PMID><T>aldesleukin in lupus</T></PubmedArticle>",
        34: "<PubmedArticle><PMID>34</PMID><T>methotrexate</T></PubmedArticle>",
    }
    with FakeRegistry(papers=papers) as fake:
        wire = wire_here()
        found = wire.get(f"{fake.pubmed}/esearch.fcgi", {"db": "pubmed", "term": "aldesleukin"})
        assert b"<Count>1</Count>" in found.body
        assert b"<Id>12</Id>" in found.body
        listed = wire.get(f"{fake.pubmed}/esearch.fcgi", {"term": "", "retmode": "json"}).json()
        assert listed["esearchresult"]["idlist"] == ["12", "34"]
        given = wire.get(f"{fake.pubmed}/efetch.fcgi", {"db": "pubmed", "id": "34,99,12"})
        assert given.body.count(b"<PubmedArticle>") == 2


def test_crossref_gives_works_by_doi():
    with FakeRegistry(works={"10.1056/NEJMoa0903175": {"title": ["ESPRIT"]}}) as fake:
        for doi in ("10.1056%2Fnejmoa0903175", "10.1056/NEJMoa0903175"):
            told = wire_here().get(f"{fake.crossref}/works/{doi}").json()
            assert told["message"] == {"title": ["ESPRIT"]}


@pytest.mark.parametrize(
    "place", ["briefTitle", "overallStatus", "enrollmentInfo", "interventions"]
)
def test_a_made_up_study_is_changed_in_its_place_alone(place: str):
    changed, as_it_is = small_study(**{place: "another"}), small_study()
    assert changed != as_it_is
    assert small_study(**{place: None}) != as_it_is
    assert small_study() == as_it_is


def _unknown(value: Any, shape: dict[str, Any], shapes: dict[str, Any], at: str) -> list[str]:
    """Where a value is not as the registry's own description has it."""
    while "$ref" in shape:
        shape = shapes[shape["$ref"].rpartition("/")[2]]
    faults: list[str] = []
    if isinstance(value, dict):
        for key, part in value.items():
            inner = shape.get("properties", {}).get(key, {"enum": []})
            faults += _unknown(part, inner, shapes, f"{at}.{key}")
    elif isinstance(value, list):
        for part in value:
            faults += _unknown(part, shape.get("items", {"enum": []}), shapes, at)
    elif value not in shape.get("enum", [value]):
        faults.append(at)
    return faults


@pytest.mark.parametrize("study", [small_study(), mentioning_study()])
def test_a_made_up_study_is_in_the_words_of_the_registrys_own_description(
    study: dict[str, Any], registry_folder: Path
):
    api = yaml.safe_load((registry_folder / "schema" / "ctg-oas-v2_2.0.3.yaml").read_text())
    shapes = api["components"]["schemas"]
    assert _unknown(study, shapes["Study"], shapes, "study") == []
    wrong = small_study(overallStatus="OPEN", briefSummary=None) | {"hasNothing": "yes"}
    assert _unknown(wrong, shapes["Study"], shapes, "study") == [
        "study.protocolSection.statusModule.overallStatus",
        "study.hasNothing",
    ]
    assert {*PLACES} <= {*shapes["ProtocolSection"]["properties"]}
