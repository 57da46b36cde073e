"""Figures that cannot be are told from figures that are only odd."""

from __future__ import annotations

from typing import Any

import pytest

from evidence.curation.figures import odd, of_phases
from evidence.curation.place import out_of_place
from evidence.models import Finding, HarmReport, Publication, Topic, Trial, TrialPublication
from tests.models.rows import make

INTERVAL = {"effect_measure": "hazard-ratio", "ci_level": 95.0}
DIFFERENCE = {"effect_measure": "mean-difference", "ci_level": 95.0}


@pytest.mark.parametrize(
    ("model", "values", "field"),
    [
        ("finding", {"effect_measure": "hazard-ratio", "estimate": -0.2}, "estimate"),
        ("finding", {"effect_measure": "odds-ratio", "ci_low": -1.0}, "ci_low"),
        ("finding", {"ci_level": 0.95}, "ci_level"),
        ("finding", {"ci_low": 1.17, "ci_high": 0.69}, "ci_low"),
        ("finding", {"n_il2": 30, "n_total": 20}, "n_total"),
        ("harmreport", {"affected": 11, "at_risk": 10}, "affected"),
        ("harmreport", {"comparator_at_risk": 0}, "comparator_at_risk"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    model: str, values: dict[str, Any], field: str
) -> None:
    found = odd(model, values)
    assert [(one.field, one.impossible) for one in found] == [(field, True)]


@pytest.mark.parametrize(
    ("model", "values", "field"),
    [
        ("finding", {"n_il2": 12, "n_comparator": 12, "n_total": 12}, "n_total"),
        ("finding", {"n_il2": 0}, "n_il2"),
        ("finding", INTERVAL | {"ci_low": 0.59, "ci_high": 43.57, "p_value": "0.009"}, "p_value"),
        ("finding", INTERVAL | {"ci_low": 1.2, "ci_high": 3.0, "p_value": "p=0.4"}, "p_value"),
        ("harmreport", {"affected": 3, "at_risk": 10, "percent": 33.0}, "percent"),
        ("trial", {"start": "2015-09", "completion": "2014"}, "completion"),
        ("trial", {"start": "2015-09-03", "primary_completion": "2015-08"}, "primary_completion"),
    ],
)
def test_what_is_odd_can_still_be_printed_so(
    model: str, values: dict[str, Any], field: str
) -> None:
    found = odd(model, values)
    assert [(one.field, one.impossible) for one in found] == [(field, False)]


@pytest.mark.parametrize(
    ("model", "values"),
    [
        ("finding", {}),
        ("finding", {"effect_measure": "mean-difference", "estimate": -3.0, "ci_low": -5.0}),
        ("finding", {"effect_measure": "risk-ratio", "estimate": 0.0}),
        ("finding", {"n_il2": 10, "n_comparator": 11, "n_total": 21}),
        ("finding", INTERVAL | {"ci_low": 0.5, "ci_high": 0.9, "p_value": "<0.001"}),
        ("finding", INTERVAL | {"ci_low": 0.5, "ci_high": 1.0, "p_value": "0.05"}),
        ("finding", INTERVAL | {"ci_low": 0.5, "ci_high": 2.0, "p_value": "NS"}),
        ("finding", INTERVAL | {"ci_low": 0.5, "ci_high": 2.0, "p_value": ">0.05"}),
        ("harmreport", {"affected": 0, "at_risk": 10, "percent": 0.0}),
        ("harmreport", {"affected": 1, "at_risk": 3, "percent": 33.0}),
        ("trial", {"start": "2015-09", "completion": "2015"}),
        ("trial", {"start": "", "completion": "2014"}),
        ("publication", {"year": 1}),
    ],
)
def test_nothing_is_said_of_figures_that_agree(model: str, values: dict[str, Any]) -> None:
    assert odd(model, values) == ()


def test_ends_that_are_swapped_are_called_so_and_judged_no_further() -> None:
    swapped = INTERVAL | {"ci_low": 1.17, "ci_high": 1.05, "direction": "no-difference"}
    (one,) = odd("finding", swapped | {"p_value": "0.4"})
    assert one.sentence == "The low end (1.17) is above the high end (1.05)."


@pytest.mark.parametrize("p", ["42", "p = 42", "1.5", "P<5", "-0.2", "\u22120.2", "4,2"])
def test_a_p_that_is_no_probability_is_asked_about(p: str) -> None:
    assert [(one.field, one.impossible) for one in odd("finding", {"p_value": p})] == [
        ("p_value", False)
    ]


@pytest.mark.parametrize(
    "p",
    [
        *(".42", "<0.001", "NS", "0.04 (two-sided)", "p = 0.5", "0,04", "0·04", "1", "0", "1.0"),
        *("0.0014 against a historical 14%", "<0.001 for both", ""),
    ],
)
def test_a_p_as_printed_is_left_alone(p: str) -> None:
    assert odd("finding", {"p_value": p}) == ()


@pytest.mark.parametrize(
    ("interval", "direction"),
    [
        (INTERVAL | {"ci_low": 0.69, "ci_high": 1.17}, "favours"),
        (INTERVAL | {"ci_low": 0.69, "ci_high": 1.17}, "harm"),
        (DIFFERENCE | {"ci_low": -3.0, "ci_high": 5.0}, "raised"),
        (INTERVAL | {"ci_low": 0.5, "ci_high": 0.9}, "no-difference"),
        (DIFFERENCE | {"ci_low": 0.1, "ci_high": 5.0}, "no-difference"),
    ],
)
def test_a_direction_against_its_interval_is_asked_about(
    interval: dict[str, Any], direction: str
) -> None:
    (one,) = odd("finding", interval | {"direction": direction})
    assert (one.field, one.impossible, one.judged) == ("direction", False, True)


@pytest.mark.parametrize(
    ("interval", "direction"),
    [
        (INTERVAL | {"ci_low": 0.69, "ci_high": 1.17}, "no-difference"),
        (INTERVAL | {"ci_low": 0.69, "ci_high": 1.17}, "unclear"),
        (INTERVAL | {"ci_low": 0.5, "ci_high": 1.0}, "favours"),
        (INTERVAL | {"ci_low": 0.5, "ci_high": 1.0}, "no-difference"),
        (INTERVAL | {"ci_low": 0.5, "ci_high": 0.9}, "favours"),
        (INTERVAL | {"ci_low": 0.5, "ci_high": 1.1, "ci_level": 99.0}, "favours"),
        ({"effect_measure": "median", "ci_low": -1, "ci_high": 2, "ci_level": 95}, "favours"),
    ],
)
def test_a_direction_that_its_interval_allows_is_left_alone(
    interval: dict[str, Any], direction: str
) -> None:
    assert odd("finding", interval | {"direction": direction}) == ()


@pytest.mark.parametrize(
    "statement",
    [
        "Deaths: hazard ratio 0.90 (0.69 to 1.17).",
        "HR 0.90 (95 % CI 0.69 to 1.17)",
        "The hazard ratio was .90.",
        "HR=0·90",
    ],
)
def test_an_estimate_that_the_statement_gives_otherwise_is_asked_about(statement: str) -> None:
    values = {"effect_measure": "hazard-ratio", "estimate": 0.94, "statement": statement}
    (one,) = odd("finding", values)
    assert (one.field, one.impossible) == ("estimate", False)
    assert odd("finding", values | {"estimate": 0.9}) == ()


@pytest.mark.parametrize(
    "statement",
    [
        "Hazard ratio 0.94; per protocol, hazard ratio 0.90.",
        "Fewer died (a hazard ratio below 1).",
        "Risk ratio 0.50 for infection.",
        "HR 95% interval 0.69 to 1.17.",
        "HRs 2 and 3.",
        "Alive or 3 lost.",
        "",
    ],
)
def test_other_numbers_of_a_statement_are_left_alone(statement: str) -> None:
    values = {"effect_measure": "hazard-ratio", "estimate": 0.94, "statement": statement}
    assert odd("finding", values) == ()
    assert odd("finding", values | {"effect_measure": "odds-ratio"}) == ()


@pytest.mark.django_db
def test_a_result_from_people_whom_its_topic_is_not_about_is_asked_about() -> None:
    topic = make(Topic, population="neonate")
    (one,) = out_of_place("finding", {"topic": topic, "population": "adult"})
    assert (one.field, one.impossible, one.judged) == ("population", False, True)
    assert topic.code in one.sentence
    for covered in ("neonate", "neonate-preterm", "", None):
        assert out_of_place("finding", {"topic": topic, "population": covered}) == ()


@pytest.mark.django_db
def test_a_trial_that_its_topic_does_not_name_is_asked_about() -> None:
    topic, trial = make(Topic), make(Trial, acronym="ESPRIT")
    (one,) = out_of_place("finding", {"topic": topic, "trial": trial})
    assert (one.field, one.impossible) == ("trial", False)
    assert one.sentence == f"ESPRIT is not among the trials of {topic.code}."
    topic.trials.add(trial)
    assert out_of_place("finding", {"topic": topic, "trial": trial}) == ()
    assert out_of_place("finding", {"topic": topic, "trial": None}) == ()


@pytest.mark.django_db
def test_a_paper_that_reports_one_trial_is_asked_for_it() -> None:
    topic, paper = make(Topic), make(Publication)
    trial = make(Trial, acronym="STALWART", slug="NCT00110812")
    values = {"topic": topic, "publication": paper, "trial": None}
    assert out_of_place("finding", values) == ()
    tie = make(TrialPublication, trial=trial, publication=paper)
    (one,) = out_of_place("finding", values)
    assert (one.field, one.impossible, one.judged) == ("trial", False, True)
    assert "This paper reports STALWART (NCT00110812)." in one.sentence
    assert out_of_place("finding", values | {"subjects": "animal"}) == ()
    topic.trials.add(trial)
    assert out_of_place("finding", values | {"trial": trial}) == ()
    other = make(TrialPublication, trial=make(Trial), publication=paper)
    assert out_of_place("finding", values) == (), "of two, a person knows which"
    other.delete()
    tie.relation = "mentions"
    tie.save()
    assert out_of_place("finding", values) == ()


@pytest.mark.parametrize("model", [Finding, HarmReport, Trial])
def test_half_a_form_has_no_place_yet(model: Any) -> None:
    assert out_of_place(model._meta.model_name, {}) == ()


def test_not_applicable_stands_alone_among_phases() -> None:
    assert of_phases(["NA", "PHASE2"])
    assert not of_phases(["NA"])
    assert not of_phases(["PHASE1", "PHASE2"])
    assert not of_phases(["", "NA"][1:])
