"""A study's result: which of its analyses decides, and when reviews speak."""

import pytest

from tests.assess.given import derived, finding, ids, marker, reasons, review


def sides(said):
    """The findings that decided, for and against."""
    return ids(said.trace.studies_for), ids(said.trace.studies_against)


def test_the_primary_analysis_decides_against_its_secondary_ones():
    primary = finding(direction="no-difference", outcome_group="death")
    secondary = finding(analysis="secondary", outcome_group="death")
    said = derived(primary, secondary)
    assert sides(said) == ([], [primary.id])
    assert reasons(said) == {secondary.id: "another-analysis"}


@pytest.mark.parametrize("place", ["secondary", "not-stated"])
def test_where_the_primary_is_absent_or_unclear_the_secondary_ones_decide_if_they_agree(place):
    one = finding(analysis="secondary", outcome_group="death")
    two = finding(analysis=place, outcome_group="death")
    unclear = finding(direction="unclear", outcome_group="death")
    assert sides(derived(one, two)) == ([one.id, two.id], [])
    assert sides(derived(two, one)) == ([one.id, two.id], [])
    said = derived(one, two, unclear)
    assert sides(said) == ([one.id, two.id], [])
    assert reasons(said) == {unclear.id: "undecided"}


@pytest.mark.parametrize("other", ["no-difference", "harm", "mixed", "unclear"])
def test_secondary_analyses_that_do_not_agree_decide_nothing(other):
    one = finding(analysis="secondary", outcome_group="death")
    two = finding(analysis="secondary", outcome_group="death", direction=other)
    said = derived(one, two)
    assert sides(said) == ([], [])
    assert reasons(said) == {one.id: "undecided", two.id: "undecided"}


def test_a_mixed_primary_is_an_answer_that_secondary_ones_do_not_mend():
    said = derived(
        finding(direction="mixed", outcome_group="death"),
        finding(analysis="secondary", outcome_group="death"),
    )
    assert sides(said) == ([], [])


def test_primary_analyses_that_contradict_one_another_decide_nothing():
    said = derived(
        finding(outcome_group="death"),
        finding(outcome_group="death", direction="harm"),
        finding(outcome_group="death", analysis="secondary"),
    )
    assert sides(said) == ([], [])


def test_a_not_stated_analysis_does_not_overrule_a_primary_one():
    primary = finding(outcome_group="death")
    said = derived(primary, finding(outcome_group="death", analysis="not-stated", direction="harm"))
    assert sides(said) == ([primary.id], [])


@pytest.mark.parametrize("place", ["subgroup", "post-hoc"])
def test_subgroup_and_post_hoc_analyses_are_shown_and_never_decide(place):
    only = finding(analysis=place)
    said = derived(only)
    assert sides(said) == ([], [])
    assert reasons(said) == {only.id: place}
    assert said.trace.counted == (only.id,)
    agreeing = finding(analysis="secondary", outcome_group="death")
    contrary = finding(analysis=place, outcome_group="death", direction="harm")
    assert sides(derived(agreeing, contrary)) == ([agreeing.id], [])


def test_an_outcome_is_its_group_or_its_own_text_where_it_has_none():
    grouped = derived(
        finding(outcome="Death, month 12", outcome_group="death"),
        finding(outcome="Death", outcome_group="death", analysis="secondary", direction="harm"),
    )
    assert len(grouped.trace.studies_against) == 0
    told = derived(
        finding(outcome="Death "), finding(outcome="death", analysis="secondary", direction="harm")
    )
    assert len(told.trace.studies_against) == 0
    apart = derived(
        finding(outcome="Death"), finding(outcome="Relapse", analysis="secondary", direction="harm")
    )
    assert len(apart.trace.studies_against) == 1


def test_an_uncompared_primary_does_not_silence_a_compared_secondary():
    compared = finding(analysis="secondary", outcome_group="death")
    uncompared = finding(comparison="none", outcome_group="death", direction="harm")
    assert sides(derived(compared, uncompared)) == ([compared.id], [])


def test_a_trial_of_several_arms_has_a_result_for_each_comparison():
    added = finding(outcome_group="death")
    package = finding(outcome_group="death", comparison="package", direction="no-difference")
    assert sides(derived(added, package)) == ([added.id], [package.id])


def test_two_papers_on_one_trial_are_one_study():
    assert derived(finding("s1"), finding("s1", direction="harm", outcome="Relapse")).rule == "E1"


def test_a_review_yields_to_a_decided_single_study_of_the_same_kind():
    pooled, alone = review(direction="harm"), finding("s1")
    said = derived(pooled, alone)
    assert sides(said) == ([alone.id], [])
    assert reasons(said) == {pooled.id: "review-yields"}
    assert said.trace.left_out[0].sentence == (
        "A review yields to single studies where they have clinical results: S1."
    )


def test_a_review_yields_whatever_the_outcome_group_and_the_comparison_within_a_kind():
    pooled = review(direction="harm", outcome_group="death", comparison="active")
    assert sides(derived(pooled, finding("s1", outcome_group="relapse")))[1] == []


@pytest.mark.parametrize(
    "change",
    [
        {"direction": "unclear"},
        {"direction": "mixed"},
        {"comparison": "none"},
        {"analysis": "subgroup"},
        {"subjects": "animal"},
        {"population": "child"},
        {"retracted": True},
        {"outcome_kind": "surrogate"},
        {"outcome_kind": "safety"},
    ],
    ids=str,
)
def test_a_review_speaks_where_no_single_study_of_that_kind_argues(change):
    pooled = review(direction="harm")
    assert pooled.id in sides(derived(pooled, finding("s1", **change)))[1]


def test_reviews_do_not_silence_one_another():
    one, two = review("r1"), review("r2")
    assert sides(derived(one, two)) == ([one.id, two.id], [])


def test_a_trial_that_points_neither_way_is_counted_within_the_review_that_includes_it():
    within = finding("s1", direction="unclear")
    outside = finding("s2", direction="unclear")
    pooled = review(includes=frozenset({"s1"}))
    said = derived(within, outside, pooled)
    assert reasons(said) == {within.id: "in-review", outside.id: "undecided"}
    assert sides(said) == ([pooled.id], [])


def test_a_review_speaks_for_its_trials_on_its_own_kind_of_outcome_only():
    within = marker("s1", direction="unclear")
    said = derived(within, review(includes=frozenset({"s1"})))
    assert reasons(said) == {within.id: "undecided"}
