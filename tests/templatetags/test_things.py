"""Trials, publications and results are put in words as they were printed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from evidence.templatetags import things
from evidence.vocab import Role


def finding(**given: Any) -> SimpleNamespace:
    nothing: dict[str, Any] = dict.fromkeys(
        ("estimate", "ci_low", "ci_high", "ci_level", "n_il2", "n_comparator", "n_total")
    )
    blank = dict.fromkeys(("effect_measure", "value_il2", "value_comparator", "p_value"), "")
    return SimpleNamespace(**nothing | blank | given)


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (
            {
                "effect_measure": "hazard-ratio",
                "estimate": 0.94,
                "ci_low": 0.75,
                "ci_high": 1.16,
                "ci_level": 95.0,
                "p_value": "0.55",
            },
            "HR 0.94 (95 % CI 0.75 to 1.16), p = 0.55",
        ),
        ({"value_il2": "428 to 916", "value_comparator": "406 to 349"}, "428 to 916 v 406 to 349"),
        ({"p_value": "<0.001"}, "p &lt;0.001"),
        ({"effect_measure": "mean-difference", "estimate": 159.0}, "mean difference 159"),
        ({"effect_measure": "risk-ratio"}, '<span class="none">not reported</span>'),
    ],
)
def test_figures_stand_as_printed(given: dict[str, Any], line: str) -> None:
    assert things.figures(finding(**given)) == line


def test_people_of_both_groups_are_named() -> None:
    assert things.people(finding(n_il2=2071, n_comparator=2040)) == "2,071 and 2,040"
    assert things.people(finding(n_total=4111)) == "4,111"
    assert "not reported" in things.people(finding())


@pytest.mark.parametrize(
    ("count", "at_risk", "percent", "said"),
    [
        (466, 2071, None, '466 of 2,071 <span class="nw">(22.5 %)</span>'),
        (0, 2040, None, '0 of 2,040 <span class="nw">(0.0 %)</span>'),
        (None, 525, 71.0, "71 % of 525"),
        (None, None, 4.0, "4 %"),
        (3, None, None, "3 people"),
        (None, 20, None, '<span class="none">not reported</span>'),
        (0, 0, None, "0 people"),
    ],
)
def test_a_printed_percent_is_never_worked_back(
    count: int | None, at_risk: int | None, percent: float | None, said: str
) -> None:
    assert things.affected(count, at_risk, percent) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0, 28, "0 days to 28 days"),
        (6575, None, "18 years and over"),
        (6570, 23741, "18 years to 65 years"),
        (None, 730, "up to 2 years"),
        (None, None, '<span class="none">not reported</span>'),
    ],
)
def test_ages_are_said_as_people_say_them(low: int | None, high: int | None, said: str) -> None:
    assert things.ages(SimpleNamespace(min_age_days=low, max_age_days=high)) == said


def test_a_dose_keeps_its_unit() -> None:
    arm = SimpleNamespace(dose_text="", dose_low=7.5, dose_high=None, dose_unit="MIU")
    assert things.dose(arm) == "7.5 MIU"
    units = SimpleNamespace(dose_text="", dose_low=600000.0, dose_high=720000.0, dose_unit="U/kg")
    assert things.dose(units) == "600,000 to 720,000 U/kg"


@pytest.mark.parametrize("role", Role.values)
def test_every_role_makes_a_question(role: str) -> None:
    topic = SimpleNamespace(
        role=role, intervention="Aldesleukin", condition="HIV infection", population="adult"
    )
    title = things.topic_title(topic)
    assert title.startswith("Aldesleukin")
    assert title.endswith("in adults")


def test_only_https_becomes_a_link() -> None:
    assert "<a " not in things.external("javascript:alert(1)", "a page")
    assert 'href="https://example.org/"' in things.external("https://example.org/", "a page")
