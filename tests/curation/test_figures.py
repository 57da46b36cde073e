"""Figures that cannot be are told from figures that are only odd."""

from __future__ import annotations

from typing import Any

import pytest

from evidence.curation.figures import odd, of_phases

INTERVAL = {"effect_measure": "hazard-ratio", "ci_level": 95.0}


@pytest.mark.parametrize(
    ("model", "values", "field"),
    [
        ("finding", {"effect_measure": "hazard-ratio", "estimate": -0.2}, "estimate"),
        ("finding", {"effect_measure": "odds-ratio", "ci_low": -1.0}, "ci_low"),
        ("finding", {"ci_level": 0.95}, "ci_level"),
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


def test_not_applicable_stands_alone_among_phases() -> None:
    assert of_phases(["NA", "PHASE2"])
    assert not of_phases(["NA"])
    assert not of_phases(["PHASE1", "PHASE2"])
    assert not of_phases(["", "NA"][1:])
