"""V1 and V2: what makes a topic variable, and what just fails to."""

import pytest

from tests.assess.given import derived, finding, lines, marker, review, single_arm

NO_DIFFERENCE = {"direction": "no-difference"}


@pytest.mark.parametrize("against", ["no-difference", "harm"])
def test_two_studies_that_disagree_on_a_clinical_outcome_are_v1(against):
    up, down = finding("s1"), finding("s2", direction=against)
    said = derived(up, down)
    assert (said.rule, said.status, said.ground) == ("V1", "variable", "")
    assert said.trace.lines[0].findings == (up.id, down.id)


@pytest.mark.parametrize("silent", ["mixed", "unclear", "raised", "lowered", "favours"])
def test_one_study_against_nothing_decided_is_not_v1(silent):
    assert derived(finding("s1"), finding("s2", direction=silent)).rule == "E1"


def test_no_difference_and_harm_do_not_disagree():
    assert derived(finding("s1", **NO_DIFFERENCE), finding("s2", direction="harm")).rule == "E1"


def test_one_study_does_not_disagree_with_itself():
    said = derived(
        finding("s1", outcome_group="aids-or-death"),
        finding("s1", outcome_group="all-cause-death", **NO_DIFFERENCE),
    )
    assert said.rule == "E1"


def test_clinical_outcomes_are_compared_whatever_their_groups():
    said = derived(
        finding("s1", outcome_group="aids-or-death"),
        finding("s2", outcome_group="all-cause-death", **NO_DIFFERENCE),
    )
    assert said.rule == "V1"


@pytest.mark.parametrize("kind", ["surrogate", "microbiological"])
def test_markers_are_compared_within_one_outcome_group_only(kind):
    up = marker("s1", outcome_kind=kind)
    same = marker("s2", outcome_kind=kind, **NO_DIFFERENCE)
    other = marker("s2", outcome_kind=kind, outcome_group="pet", **NO_DIFFERENCE)
    assert derived(up, same).rule == "V1"
    assert derived(up, other).rule == "E1"


def test_markers_without_a_group_are_compared_with_nothing():
    said = derived(marker("s1", outcome_group=""), marker("s2", outcome_group="", **NO_DIFFERENCE))
    assert said.rule == "E1"


def test_a_clinical_result_and_a_marker_are_no_two_comparable_results():
    assert derived(finding("s1"), marker("s2", **NO_DIFFERENCE)).rule == "E1"


@pytest.mark.parametrize("one", ["adds-il2", "package", "active"])
@pytest.mark.parametrize("other", ["adds-il2", "package", "active"])
def test_results_are_comparable_within_one_kind_of_comparison(one, other):
    said = derived(finding("s1", comparison=one), finding("s2", comparison=other, **NO_DIFFERENCE))
    assert said.rule == ("V1" if one == other else "E1")


@pytest.mark.parametrize("comparison", ["none", "dose", "groups"])
def test_results_without_a_concurrent_comparison_never_disagree(comparison):
    said = derived(
        finding("s1", comparison=comparison), finding("s2", comparison=comparison, **NO_DIFFERENCE)
    )
    assert "V1" not in lines(said)


@pytest.mark.parametrize(
    "change",
    [
        {"subjects": "healthy"},
        {"subjects": "animal"},
        {"subjects": "in-vitro"},
        {"population": "child"},
        {"population": "mixed-ages"},
        {"analysis": "subgroup"},
        {"analysis": "post-hoc"},
        {"outcome_kind": "safety"},
        {"outcome_kind": "level"},
        {"outcome_kind": "mechanistic"},
        {"retracted": True},
        {"superseded": True},
    ],
    ids=str,
)
def test_what_does_not_argue_makes_nothing_variable(change):
    assert derived(finding("s1"), finding("s2", **NO_DIFFERENCE | change)).rule == "E1"
    assert derived(finding("s1", **change), marker("s1"), finding("s2")).rule == "E1"


def test_a_narrower_condition_counts_for_the_wider_one_and_is_named():
    said = derived(
        finding("s1", condition="pulmonary-tuberculosis", outcome="cure"),
        finding("s2", condition="multidrug-resistant-tuberculosis", **NO_DIFFERENCE),
    )
    assert said.rule == "V1"
    assert "S1 favours IL-2 (cure in pulmonary tuberculosis)" in said.trace.lines[0].sentence


@pytest.mark.parametrize("kind", ["surrogate", "microbiological"])
@pytest.mark.parametrize("against", ["no-difference", "harm"])
def test_a_marker_in_favour_and_patients_not_is_v2_even_in_one_study(kind, against):
    up, down = marker("s1", outcome_kind=kind), finding("s1", direction=against)
    said = derived(up, down)
    assert (said.rule, said.status) == ("V2", "variable")
    assert said.trace.lines[0].findings == (up.id, down.id)


def test_v2_does_not_ask_for_the_same_kind_of_comparison():
    said = derived(marker("s1", comparison="active"), finding("s2", **NO_DIFFERENCE))
    assert said.rule == "V2"


@pytest.mark.parametrize(
    ("up", "down"),
    [
        (marker("s1"), finding("s1", direction="unclear")),
        (marker("s1", direction="mixed"), finding("s1", **NO_DIFFERENCE)),
        (marker("s1", **NO_DIFFERENCE), finding("s1")),
        (marker("s1", outcome_kind="mechanistic"), finding("s1", **NO_DIFFERENCE)),
        (marker("s1", comparison="none"), finding("s1", **NO_DIFFERENCE)),
        (marker("s1"), single_arm("s1", **NO_DIFFERENCE)),
        (marker("s1"), finding("s1", outcome_kind="safety", direction="harm")),
    ],
)
def test_what_just_fails_to_be_v2(up, down):
    assert derived(up, down).rule == "E1"


def test_a_review_that_argues_can_make_v2():
    said = derived(marker("s1"), review(direction="no-difference", certainty="low"))
    assert said.rule == "V2"


def test_two_reviews_of_different_people_can_disagree():
    apart = review("r1", includes=frozenset({"t1"})), review("r2", **NO_DIFFERENCE)
    assert lines(derived(*apart))[0] == "V1"


@pytest.mark.parametrize(
    ("one", "other"),
    [({"t1", "t2"}, {"t2"}), ({"r2"}, set()), (set(), {"r1"})],
)
def test_two_reviews_of_the_same_people_are_not_two_studies(one, other):
    said = derived(
        review("r1", includes=frozenset(one)),
        review("r2", includes=frozenset(other), **NO_DIFFERENCE),
    )
    assert "V1" not in lines(said)
