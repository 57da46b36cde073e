"""Trials, publications and results are put in words as they were printed."""

from __future__ import annotations

import re
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
            'HR 0.94 (95 % CI 0.75 to 1.16), <span class="nw">p = 0.55</span>',
        ),
        (
            {
                "effect_measure": "hazard-ratio",
                "estimate": 0.9,
                "ci_low": 0.735,
                "ci_high": 1.0,
                "ci_level": 95.0,
            },
            "HR 0.90 (95 % CI 0.735 to 1.00)",
        ),
        ({"effect_measure": "odds-ratio", "estimate": 8.5}, "OR 8.5"),
        (
            {
                "effect_measure": "mean-difference",
                "estimate": 1.25,
                "ci_low": 0.5,
                "ci_high": 2.0,
                "ci_level": 95.0,
            },
            "mean difference 1.25 (95 % CI 0.5 to 2)",
        ),
        ({"value_il2": "428 to 916", "value_comparator": "406 to 349"}, "428 to 916 v 406 to 349"),
        ({"p_value": "<0.001 each"}, '<span class="nw">p &lt; 0.001</span> each'),
        ({"p_value": "p = .03"}, '<span class="nw">p = .03</span>'),
        ({"p_value": "NS"}, "p NS"),
        ({"effect_measure": "mean-difference", "estimate": 159.0}, "mean difference 159"),
        ({"effect_measure": "risk-ratio"}, '<span class="none">not reported</span>'),
    ],
)
def test_figures_stand_as_printed(given: dict[str, Any], line: str) -> None:
    assert things.figures(finding(**given)) == line


def test_people_of_both_groups_are_named() -> None:
    assert things.people(finding(n_il2=2071, n_comparator=2040)) == "2,071 v 2,040"
    assert things.people(finding(n_total=4111)) == "4,111"
    assert "not reported" in things.people(finding())


@pytest.mark.parametrize(
    ("count", "at_risk", "percent", "said"),
    [
        (466, 2071, None, '466 of 2,071 <span class="nw">(22.5 %)</span>'),
        (0, 2040, None, '0 of 2,040 <span class="nw">(0 %)</span>'),
        (1, 2040, None, '1 of 2,040 <span class="nw">(0.05 %)</span>'),
        (1, 20400, None, '1 of 20,400 <span class="nw">(under 0.01 %)</span>'),
        (None, 525, 71.0, '<span class="nw">71 %</span> of 525'),
        (None, None, 4.0, '<span class="nw">4 %</span>'),
        (3, None, None, "3 people"),
        (1, None, None, "1 person"),
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


def topic(**given: str) -> SimpleNamespace:
    usual = {
        "role": "treatment",
        "intervention": "Aldesleukin",
        "condition": "HIV infection",
        "population": "adult",
    }
    return SimpleNamespace(**usual | given)


@pytest.mark.parametrize("role", Role.values)
def test_every_role_makes_a_question(role: str) -> None:
    title = things.topic_title(topic(role=role))
    assert title.startswith("Aldesleukin")
    assert title.endswith("HIV infection, in adults")


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ({"condition": "Melanoma"}, "Aldesleukin for melanoma, in adults"),
        ({"condition": "Crohn disease"}, "Aldesleukin for Crohn disease, in adults"),
        (
            {"intervention": "Intermittent subcutaneous IL-2 in HIV"},
            "Intermittent subcutaneous IL-2 for HIV infection, in adults",
        ),
        ({"population": "any", "role": "host-defence"}, "HIV infection, at any age"),
        ({"population": "mixed-ages"}, "HIV infection, in people of mixed ages"),
        (
            {"condition": "Infection in newborn babies", "population": "neonate"},
            "Aldesleukin for infection in newborn babies",
        ),
        (
            {"condition": "Infection in newborn babies", "population": "neonate-preterm"},
            "infection in newborn babies, in preterm newborn babies",
        ),
    ],
)
def test_a_topic_reads_as_a_sentence(given: dict[str, str], title: str) -> None:
    assert things.topic_title(topic(**given)).endswith(title)


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2000-03", "2008-11", "Mar 2000 to Nov 2008"),
        ("2000", "", "from 2000"),
        ("", "1994-01", "until Jan 1994"),
        ("", "", "not reported"),
    ],
)
def test_the_time_of_a_trial_is_said_as_far_as_it_is_known(start: str, end: str, said: str) -> None:
    trial = SimpleNamespace(start=start, completion="", primary_completion=end)
    assert re.sub(r"<[^>]+>", "", things.run_time(trial)) == said


@pytest.mark.parametrize(
    ("printed", "said"), [("3-4", "grade 3-4"), ("any", "any grade"), ("moderate", "moderate")]
)
def test_grades_have_their_word(printed: str, said: str) -> None:
    assert things.grades(SimpleNamespace(grades_as_printed=printed)) == said


def test_the_word_of_the_source_is_given_where_it_is_another() -> None:
    effect = SimpleNamespace(name="Fatigue")
    same = SimpleNamespace(term_as_printed="FATIGUE", adverse_effect=effect)
    other = SimpleNamespace(term_as_printed="Malaise", adverse_effect=effect)
    assert things.printed_term(same) == ""
    assert things.printed_term(other) == "“Malaise”"


def test_only_https_becomes_a_link() -> None:
    assert "<a " not in things.external("javascript:alert(1)", "a page")
    assert 'href="https://example.org/"' in things.external("https://example.org/", "a page")
