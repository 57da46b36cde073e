"""I2 and I3: an approved use, and confirmatory evidence that agrees; and what just fails to."""

from datetime import date

import pytest

from evidence.assess.words import NOT_COMPARABLE
from tests.assess.given import (
    TODAY,
    approval,
    derived,
    finding,
    late,
    lines,
    marker,
    review,
    set_aside,
)


def test_an_approval_in_force_is_i2_with_its_ground():
    said = derived(approvals=[approval()])
    assert (said.rule, said.status, said.ground) == ("I2", "investigated", "approved-use")
    assert said.trace.lines[0].approvals == ("1",)
    assert "FDA (adults, from 1992)" in said.trace.lines[0].sentence


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"il2_is_the_substance": False}, "not-the-substance"),
        ({"population": "child"}, "other-population"),
        ({"population": "mixed-ages"}, "other-population"),
        ({"from_year": TODAY.year + 1}, "later"),
        ({"withdrawn_year": TODAY.year}, "withdrawn"),
        ({"withdrawn_year": 2014}, "withdrawn"),
        ({"from_year": None, "withdrawn_year": 2014}, "withdrawn"),
    ],
)
def test_an_approval_that_does_not_hold_is_set_aside_with_the_reason(change, reason):
    said = derived(approvals=[approval(**change)])
    assert said.rule == "I1"
    assert set_aside(said) == {"1": reason}


@pytest.mark.parametrize(
    "change",
    [
        {"from_year": TODAY.year},
        {"from_year": None},
        {"withdrawn_year": TODAY.year + 1},
        {"population": "any"},
    ],
)
def test_an_approval_holds_to_the_edge_of_its_years_and_population(change):
    assert derived(approvals=[approval(**change)]).rule == "I2"


@pytest.mark.parametrize(
    ("approved", "asked", "rule"),
    [
        ("neonate", "neonate-preterm", "I2"),
        ("neonate-preterm", "neonate", "I1"),
        ("mixed-ages", "mixed-ages", "I2"),
        ("adult", "any", "I1"),
    ],
)
def test_an_approval_must_cover_the_population_of_the_topic(approved, asked, rule):
    assert derived(approvals=[approval(population=approved)], population=asked).rule == rule


@pytest.mark.parametrize(
    ("change", "year", "rule"),
    [
        ({}, 1992, "I2"),
        ({}, 1991, "I1"),
        ({"from_year": None}, 2020, "I1"),
        ({"withdrawn_year": 2014}, 2013, "I2"),
        ({"withdrawn_year": 2014}, 2014, "I1"),
    ],
)
def test_an_as_of_reads_the_approvals_of_its_year(change, year, rule):
    said = derived(approvals=[approval(**change)], on=date(year, 12, 31), as_of=True)
    assert said.rule == rule


@pytest.mark.parametrize("direction", ["favours", "no-difference", "harm"])
def test_a_late_trial_of_a_hundred_people_is_i3_whichever_way_it_points(direction):
    said = derived(late(direction=direction))
    assert (said.rule, said.status) == ("I3", "investigated")
    assert said.ground == "confirmatory-evidence-agrees"


@pytest.mark.parametrize(
    "phases", [("PHASE3",), ("PHASE4",), ("PHASE3", "PHASE4"), ("PHASE4", "PHASE3")]
)
def test_phases_three_and_four_are_late(phases):
    assert derived(late(phases=phases)).rule == "I3"


@pytest.mark.parametrize(
    "change",
    [
        {"people": 99},
        {"people": None},
        {"phases": ("PHASE2", "PHASE3")},
        {"phases": ("PHASE2",)},
        {"phases": ()},
        {"phases": ("NA",)},
        {"randomised": False},
        {"direction": "unclear"},
        {"direction": "mixed"},
        {"comparison": "none"},
        {"comparison": "dose"},
        {"outcome_kind": "surrogate"},
        {"outcome_kind": "microbiological"},
        {"analysis": "subgroup"},
        {"subjects": "healthy"},
    ],
    ids=str,
)
def test_what_just_fails_to_be_confirmatory_is_e1(change):
    assert derived(late(**change)).rule == "E1"


@pytest.mark.parametrize("comparison", ["adds-il2", "package", "active"])
def test_confirmatory_evidence_may_have_any_concurrent_comparison(comparison):
    assert derived(late(comparison=comparison)).rule == "I3"


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"certainty": "high"}, "I3"),
        ({"certainty": "moderate"}, "I3"),
        ({"certainty": "low"}, "E1"),
        ({"certainty": "very-low"}, "E1"),
        ({"certainty": "not-assessed"}, "E1"),
        ({"of_randomised": False}, "E1"),
        ({"of_randomised": False, "randomised": True, "phases": ("PHASE3",), "people": 500}, "E1"),
        ({"direction": "unclear"}, "E1"),
        ({"outcome_kind": "surrogate"}, "E1"),
    ],
    ids=str,
)
def test_a_review_confirms_by_randomised_trials_and_certainty(change, rule):
    assert derived(review(**change)).rule == rule


def test_a_review_does_not_confirm_where_a_single_study_speaks():
    assert derived(review(), finding("s1")).rule == "E1"
    assert derived(review(), finding("s1", direction="unclear")).rule == "I3"
    assert derived(review(), marker("s1")).rule == "I3"


def test_the_certainty_of_a_single_study_is_no_ground():
    assert derived(finding(certainty="high", of_randomised=True)).rule == "E1"


def test_confirmatory_sentences_say_what_confirms():
    trial = derived(late("esprit", people=4111, direction="no-difference")).trace.lines[0]
    assert trial.sentence == (
        "There is confirmatory evidence: ESPRIT shows no difference (AIDS or death), a randomised "
        "phase 3 trial of 4,111 people."
    )
    assert derived(review()).trace.lines[0].sentence == (
        "There is confirmatory evidence: R1 favours IL-2 (AIDS or death), a review of randomised "
        "trials with moderate certainty."
    )
    both = derived(late(phases=("PHASE4", "PHASE3"))).trace.lines[0]
    assert "a randomised phase 3/4 trial" in both.sentence


def test_confirmatory_results_that_cannot_be_compared_are_said_to_point_different_ways():
    package = late("s1", comparison="package")
    (line,) = derived(package, late("s2", direction="no-difference")).trace.lines
    assert line.rule == "I3"
    assert line.sentence.endswith(f"100 people. {NOT_COMPARABLE}")
    agreeing = derived(package, late("s2")).trace.lines[0]
    against = derived(late("s1", direction="harm"), late("s2", direction="no-difference"))
    clash = derived(late("s1"), late("s2", direction="harm")).trace.lines[-1]
    assert clash.rule == "I3"
    for other in (agreeing, against.trace.lines[0], clash):
        assert NOT_COMPARABLE not in other.sentence


def test_the_trace_names_every_line_that_holds_in_the_order_of_the_rule():
    said = derived(
        late("s1", direction="no-difference"), finding("s2"), marker("s2"), approvals=[approval()]
    )
    assert lines(said) == ["V1", "V2", "I2", "I3"]
    assert lines(derived(late(), approvals=[approval()])) == ["I2", "I3"]
    assert lines(derived(finding(), approvals=[approval()])) == ["I2"]
