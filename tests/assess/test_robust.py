"""What the word rests on: each study left out in turn."""

import json
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date

import pytest

from evidence.assess import Pivot, rests_on
from tests.assess.chance import topics
from tests.assess.given import (
    TODAY,
    approval,
    finding,
    late,
    marker,
    review,
    single_arm,
    trial,
)
from tests.assess.test_worked_examples import HIV, TUBERCULOSIS

NO_DIFFERENCE = {"direction": "no-difference"}


def resting(*findings, **changes):
    """What the rule's word on treatment in adults today rests on."""
    told = {"role": "treatment", "population": "adult", "on": TODAY}
    return rests_on(findings=findings, **told | changes)


def pillars(*findings, **changes):
    """The studies that it rests on, each with the line that holds without it."""
    return {pivot.study: pivot.rule for pivot in resting(*findings, **changes)}


def one_by_one(asked):
    """Leave each study out by asking the rule again without it: the plain way."""
    said = asked.derived()
    read = [f for f in asked.findings if f.id in said.trace.counted]
    aside = {one.id for one in said.trace.set_aside}
    started = [t for t in asked.trials if t.id not in aside]
    included = defaultdict(frozenset)
    for each in read:
        if each.is_review:
            included[each.study] |= each.includes
    first = set(said.trace.lines[0].findings) if said.rule in {"V1", "V2", "I3"} else set()
    found = {}
    for study in {f.study for f in read} | {key_of(t) for t in started}:
        gone = {study}
        if any(f.study == study and f.is_review and f.id in first for f in read):
            gone |= included[study]
        gone |= {key for key, trials in included.items() if trials and trials <= gone}
        without = asked.but(
            findings=tuple(f for f in asked.findings if f.study not in gone),
            trials=tuple(t for t in asked.trials if key_of(t) not in gone),
        ).derived()
        if (without.status, without.ground) != (said.status, said.ground):
            found[study] = (without.rule, without.status, without.ground)
    return found


def key_of(one):
    """A trial of which no study is told is a study of its own."""
    return one.study or f"trial:{one.id}"


@pytest.mark.parametrize("reviews", [True, False])
def test_the_quick_way_finds_what_leaving_out_one_by_one_finds(reviews):
    met = Counter()
    for asked in topics(5000, reviews=reviews):
        pivots = asked.rests_on()
        quick = {p.study: (p.rule, p.status, p.ground) for p in pivots}
        assert quick == one_by_one(asked), asked
        assert [*pivots] == sorted(pivots, key=lambda p: (p.label, p.study))
        met[asked.derived().rule, bool(pivots)] += 1
    lines_that_may_rest = ["V1", "V2", "I3", "E1"]
    assert all(met[rule, rests] for rule in lines_that_may_rest for rests in (True, False)), met


def test_the_order_of_the_facts_does_not_matter():
    for asked in topics(500):
        turned = asked.but(findings=asked.findings[::-1], trials=asked.trials[::-1])
        assert turned.rests_on() == asked.rests_on()


def test_a_study_of_several_papers_has_one_name_whichever_comes_first():
    told = marker("s1", study_label="Smith 1999"), finding("s1", study_label="Jones 2005")
    for order in (told, told[::-1]):
        (pivot,) = resting(*order)
        assert pivot.label == "Jones 2005"


def test_a_word_of_many_studies_stays_without_any_one_of_them():
    told = [finding("s1"), finding("s2")]
    against = [finding("s3", **NO_DIFFERENCE), finding("s4", direction="harm")]
    assert resting(*told, *against) == ()


def test_two_studies_that_disagree_are_both_needed():
    told = finding("s1"), finding("s2", **NO_DIFFERENCE)
    assert pillars(*told) == {"s1": "E1", "s2": "E1"}


def test_one_against_many_is_the_one_that_is_needed():
    told = finding("s1"), finding("s2"), finding("s3", **NO_DIFFERENCE)
    assert pillars(*told) == {"s3": "E1"}


def test_all_findings_of_a_study_go_together():
    told = marker("s1"), finding("s1", **NO_DIFFERENCE), single_arm("s2")
    assert pillars(*told) == {"s1": "E1"}


def test_another_line_of_the_same_status_is_no_pivot():
    told = (
        finding("s1"),
        finding("s2", **NO_DIFFERENCE),
        finding("s3", **NO_DIFFERENCE),
        marker("s4"),
    )
    assert resting(*told) == ()


def test_another_ground_of_the_same_status_is_a_pivot():
    (pivot,) = resting(late("s1"))
    assert pivot == Pivot(
        study="s1",
        label="S1",
        is_review=False,
        rule="I1",
        status="investigated",
        ground="no-treatment-found",
    )
    assert pillars(finding("s1"), finding("s2", **NO_DIFFERENCE), approvals=[approval()]) == {
        "s1": "I2",
        "s2": "I2",
    }


def test_approvals_are_never_left_out():
    assert resting(approvals=[approval()]) == ()
    assert resting(finding("s1"), approvals=[approval()]) == ()


def test_a_single_treated_study_holds_up_experimental():
    assert pillars(single_arm("s1")) == {"s1": "I1"}
    assert resting(single_arm("s1"), single_arm("s2")) == ()
    assert pillars(single_arm("s1"), finding("s2", subjects="animal")) == {"s1": "I1"}


def test_a_trial_begun_is_a_study_and_the_same_one_as_its_findings():
    begun = trial(study="s1")
    assert pillars(trials=[begun]) == {"s1": "I1"}
    assert resting(trials=[begun])[0].label == begun.label
    assert pillars(single_arm("s1"), trials=[begun]) == {"s1": "I1"}
    assert resting(single_arm("s1"), trials=[begun])[0].label == "S1"
    assert resting(single_arm("s2"), trials=[begun]) == ()
    assert pillars(single_arm("s2"), trials=[replace(begun, status="WITHDRAWN")]) == {"s2": "I1"}


def test_nothing_rests_on_what_is_not_read():
    aside = finding("s9", retracted=True), finding("s9", population="child")
    assert resting(*aside) == ()
    assert pillars(single_arm("s1"), *aside) == {"s1": "I1"}


@pytest.mark.parametrize("role", ["biomarker", "proposed-treatment"])
def test_a_role_that_is_no_treatment_rests_on_no_study(role):
    assert resting(finding("s1"), finding("s2", **NO_DIFFERENCE), role=role) == ()


def test_a_review_goes_together_with_the_trials_in_it():
    inside = finding("s1", direction="unclear")
    assert pillars(review("r1", includes=frozenset({"s1", "s7"})), inside) == {"r1": "I1"}
    assert pillars(review("r1"), inside) == {"r1": "E1"}
    begun = trial(study="s1")
    assert pillars(review("r1", includes=frozenset({"s1"})), trials=[begun]) == {
        "r1": "I1",
        "s1": "I1",
    }


def test_a_review_whose_trials_are_all_left_out_goes_with_them():
    inside = finding("s1", direction="unclear")
    only = review("r1", includes=frozenset({"s1"}))
    assert pillars(only, inside, single_arm("s2")) == {"r1": "E1", "s1": "E1"}


def test_two_reviews_of_the_same_trials_do_not_hold_each_other_up():
    trials = frozenset({"s1", "s2"})
    both = review("r1", includes=trials), review("r2", includes=trials)
    assert pillars(*both, single_arm("s3")) == {"r1": "E1", "r2": "E1"}
    apart = review("r1", includes=trials), review("r2", includes=frozenset({"s7"}))
    assert resting(*apart, single_arm("s3")) == ()


def test_a_review_that_yields_holds_nothing_up():
    trials = frozenset({"s1", "s2", "s3"})
    told = finding("s1"), finding("s2", **NO_DIFFERENCE), finding("s3", **NO_DIFFERENCE)
    assert pillars(*told, review("r1", includes=trials)) == {"s1": "E1"}


def test_a_review_speaks_once_the_single_study_that_silenced_it_is_gone():
    told = finding("s1"), review("r1", certainty="high"), marker("s2")
    assert pillars(*told) == {"s1": "I3"}
    assert pillars(finding("s1"), review("r1", **NO_DIFFERENCE), marker("s2")) == {"s1": "V2"}


def test_an_as_of_rests_on_what_was_known_by_then():
    told = finding("s1", year=1996), finding("s2", year=1999, **NO_DIFFERENCE)
    later = finding("s3", year=2005)
    then = {"on": date(2000, 12, 31), "as_of": True}
    assert pillars(*told, later, **then) == {"s1": "E1", "s2": "E1"}
    assert pillars(*told, later) == {"s2": "E1"}


def test_the_topics_that_the_project_began_with():
    assert resting(*HIV) == ()
    assert pillars(*TUBERCULOSIS) == {"johnson": "E1", "shen": "E1"}


def test_a_stored_pivot_comes_back_the_same():
    (pivot,) = resting(review("r1"), single_arm("s2"))
    assert pivot.is_review
    assert Pivot.from_json(json.loads(json.dumps(pivot.to_json()))) == pivot
