"""Two terms are one where they are the same words, however spelt; nothing is guessed."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import yaml

from evidence.registries.adverse import forms, match, names_of, normal

STARTER = Path(__file__).parents[2] / "evidence/starter/data/adverse-effects.yaml"

SAME = [
    ("Oedema peripheral", "OEDEMA PERIPHERAL"),
    ("Peripheral oedema", "Peripheral edema"),
    ("Oedema, peripheral", "peripheral edema"),
    ("Infection, viral", "Viral infections"),
    ("Haemorrhage", "Hemorrhage"),
    ("Anaemia", "Anemia"),
    ("Diarrhoea", "diarrhea"),
    ("Dyspnoea", "Dyspnea"),
    ("Ischaemic stroke", "Ischemic Stroke"),
    ("Leucopenia", "Leukopenia"),
    ("Tumour pain", "Tumor pain"),
    ("Generalised oedema", "Generalized edema"),
    ("Flu-like symptoms", "Flu like symptom"),
    ("Injection-site reaction", "Injection site reactions"),
    ("Rashes", "Rash"),
    ("Psychoses", "Psychosis"),
    ("Nausea ", "  nausea"),
    ("Crohn's disease", "Crohn\u2019s disease"),
    ("Purpura fulminans (Sjögren)", "Purpura fulminans (Sjogren)"),
]
OTHERS = [
    ("Oedema", "Oedema peripheral"),
    ("Creatinine increased", "Creatinine decreased"),
    ("Hypotension", "Hypertension"),
    ("Hyperkalaemia", "Hypokalaemia"),
    ("Fever", "Fever (in the absence of neutropenia)"),
    ("Nausea, vomiting, diarrhoea", "diarrhoea nausea vomiting"),
    ("Death", "Deaf"),
    ("Thrombus", "Thrombosis"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_words_in_another_spelling_are_one_term(one: str, other: str) -> None:
    assert match(one, names_of([(1, [other])])) == 1
    assert match(other, names_of([(1, [one])])) == 1


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_what_only_looks_alike_is_another_term(one: str, other: str) -> None:
    assert match(one, names_of([(1, [other])])) is None
    assert match(other, names_of([(1, [one])])) is None


def test_a_name_that_two_effects_share_names_neither() -> None:
    names = names_of([(1, ["Confusion", "Delirium"]), (2, ["Agitation", "delirium"])])
    assert match("Delirium", names) is None
    assert (match("Confusion", names), match("Agitation", names)) == (1, 2)


def test_a_term_that_turned_round_is_another_effect_names_neither() -> None:
    names = names_of([(1, ["Pain chest"]), (2, ["Chest pain"])])
    assert match("Pain, chest", names) is None


def test_the_word_for_anything_else_names_no_effect() -> None:
    term = "Vascular disorders - Other, specify"
    assert forms(term) == ()
    assert match(term, names_of([(1, [term])])) is None


@pytest.mark.parametrize("term", ["", "  ", ",", "---", "\u0301", "%"])
def test_a_term_without_a_word_names_no_effect(term: str) -> None:
    assert match(term, names_of([(1, [term])])) is None


def test_no_two_terms_of_ctcae_are_taken_for_one(registry_folder: Path) -> None:
    with (registry_folder / "vocab/ctcae_v5.csv").open(encoding="utf-8", newline="") as table:
        terms = [row["CTCAE.Term"] for row in csv.DictReader(table)]
    assert len(terms) == 837
    assert len({normal(term) for term in terms}) == 837


def test_every_starter_effect_is_found_by_its_ctcae_term(registry_folder: Path) -> None:
    effects = yaml.safe_load(STARTER.read_text(encoding="utf-8"))
    names = names_of(
        (key, [one["name"], one.get("ctcae_term", ""), *one.get("synonyms", [])])
        for key, one in enumerate(effects)
    )
    with (registry_folder / "vocab/ctcae_v5.csv").open(encoding="utf-8", newline="") as table:
        ctcae = {row["CTCAE.Term"] for row in csv.DictReader(table)}
    asked = 0
    for key, one in enumerate(effects):
        term = one.get("ctcae_term", "")
        if not term or term.endswith("Other, specify"):
            continue
        assert term in ctcae
        assert match(term, names) == key, term
        asked += 1
    assert asked > 70


def test_terms_of_a_real_record_are_matched_by_name_and_synonym(registry_folder: Path) -> None:
    study = json.loads((registry_folder / "ctgov_v2_real_il2/NCT00554515.json").read_text())
    events = study["resultsSection"]["adverseEventsModule"]["seriousEvents"]
    names = names_of([(1, ["Hypocalcaemia"]), (2, ["Low lymphocyte count", "Lymphopenia"])])
    found = {event["term"]: match(event["term"], names) for event in events}
    assert {term: key for term, key in found.items() if key} == {
        "Hypocalcemia": 1,
        "Lymphopenia": 2,
    }
