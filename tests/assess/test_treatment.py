"""E1 and I1: whether people of this population were treated at all."""

from datetime import date, timedelta

import pytest

from evidence.vocab import TREATING_ROLES, RecruitmentStatus, Role
from tests.assess.given import (
    TODAY,
    approval,
    derived,
    finding,
    late,
    lines,
    reasons,
    set_aside,
    single_arm,
    trial,
)


def test_nothing_known_is_i1_and_never_an_error():
    said = derived()
    assert (said.rule, said.status, said.ground) == ("I1", "investigated", "no-treatment-found")
    assert said.trace.counted == ()
    assert not said.trace.borrowed


def test_a_single_arm_is_treatment_that_settles_nothing():
    only = single_arm()
    said = derived(only)
    assert (said.rule, said.status, said.ground) == ("E1", "experimental", "")
    assert said.trace.lines[0].findings == (only.id,)
    assert reasons(said) == {only.id: "no-comparison"}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"subjects": "healthy"}, "E1"),
        ({"subjects": "animal"}, "I1"),
        ({"subjects": "in-vitro"}, "I1"),
        ({"comparison": "groups"}, "I1"),
        ({"comparison": "dose"}, "E1"),
        ({"outcome_kind": "safety"}, "E1"),
        ({"outcome_kind": "mechanistic"}, "E1"),
        ({"outcome_kind": "level"}, "I1"),
        ({"outcome_kind": "level", "comparison": "dose"}, "E1"),
        ({"outcome_kind": "level", "comparison": "adds-il2"}, "E1"),
        ({"direction": "unclear"}, "E1"),
        ({"analysis": "subgroup"}, "E1"),
        ({"retracted": True}, "I1"),
        ({"superseded": True}, "I1"),
        ({"population": "child"}, "I1"),
    ],
    ids=str,
)
def test_what_counts_as_treatment_of_people(change, rule):
    assert derived(single_arm(**change)).rule == rule


def test_what_lies_below_a_line_that_holds_is_not_another_line():
    said = derived(late(), single_arm("s2"), trials=[trial()])
    assert lines(said) == ["I3"]


@pytest.mark.parametrize("role", [role.value for role in Role if role not in TREATING_ROLES])
def test_every_other_role_is_i1_at_once(role):
    told = late("s1"), finding("s2", direction="harm")
    said = derived(*told, role=role, approvals=[approval()], trials=[trial()])
    assert lines(said) == ["I1"]
    assert said.trace.counted == tuple(f.id for f in told)
    assert (said.trace.studies_for, said.trace.studies_against) == ((), ())
    assert not said.trace.borrowed


@pytest.mark.parametrize("role", sorted(TREATING_ROLES))
def test_the_treating_roles_pass_through_the_lines(role):
    assert derived(single_arm(), role=role).rule == "E1"


@pytest.mark.parametrize(
    ("asked", "own", "counts"),
    [
        ("neonate", "neonate-preterm", True),
        ("neonate", "neonate-term", True),
        ("neonate-preterm", "neonate", False),
        ("neonate-preterm", "neonate-term", False),
        ("any", "adult", True),
        ("any", "mixed-ages", True),
        ("adult", "any", False),
        ("adult", "mixed-ages", False),
        ("mixed-ages", "adult", False),
        ("mixed-ages", "mixed-ages", True),
        ("adult", "older-adult", False),
    ],
)
def test_a_finding_counts_where_the_population_of_the_topic_covers_its_own(asked, own, counts):
    only = single_arm(population=own)
    said = derived(only, population=asked)
    assert said.rule == ("E1" if counts else "I1")
    assert said.trace.counted == ((only.id,) if counts else ())
    assert said.trace.borrowed is not counts
    started = derived(trials=[trial(population=own)], population=asked)
    assert started.rule == ("E1" if counts else "I1")


def test_treatment_in_other_ages_alone_is_borrowed_and_i1():
    said = derived(late(population="adult"), population="neonate")
    assert (said.rule, said.trace.borrowed) == ("I1", True)
    assert said.trace.lines[0].sentence == (
        "No treatment of people was found in this population (newborn babies). All findings of "
        "treatment are of other ages: adults."
    )


def test_borrowed_ends_with_treatment_in_the_own_population():
    own = single_arm("s2", population="neonate-term")
    said = derived(late(population="adult"), own, population="neonate")
    assert (said.rule, said.trace.borrowed) == ("E1", False)


def test_a_level_in_the_own_population_does_not_end_borrowing():
    level = finding("s2", outcome_kind="level", comparison="groups", population="neonate")
    said = derived(late(population="adult"), level, population="neonate")
    assert (said.rule, said.trace.borrowed, said.trace.counted) == ("I1", True, (level.id,))


def test_a_started_trial_in_the_own_population_is_e1_while_the_findings_stay_borrowed():
    said = derived(
        late(population="adult"), trials=[trial(population="neonate")], population="neonate"
    )
    assert (said.rule, said.trace.borrowed) == ("E1", True)
    assert said.trace.lines[0].sentence == (
        "People have been treated in this population (newborn babies), and nothing settles it: "
        "1 trial begun (NCT00001354). All findings of treatment are of other ages: adults."
    )


def test_a_trial_of_other_ages_that_has_begun_is_named_and_does_not_count():
    said = derived(trials=[trial(population="adult")], population="neonate")
    assert (said.rule, said.trace.borrowed) == ("I1", False)
    assert set_aside(said) == {trial().id: "other-population"}


@pytest.mark.parametrize("change", [{"retracted": True}, {"subjects": "animal"}], ids=str)
def test_what_is_no_treatment_elsewhere_is_not_borrowed(change):
    assert not derived(late(population="child", **change)).trace.borrowed


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        (TODAY.isoformat(), None),
        ((TODAY + timedelta(days=1)).isoformat(), "later"),
        ((TODAY - timedelta(days=1)).isoformat(), None),
        ("2026-11", None),
        ("2026-12", "later"),
        ("2026", None),
        ("2027", "later"),
    ],
)
def test_a_start_has_passed_once_its_earliest_day_has_come(start, reason):
    said = derived(trials=[trial(start=start)])
    assert said.rule == ("I1" if reason else "E1")
    assert set_aside(said) == ({trial().id: reason} if reason else {})


@pytest.mark.parametrize("start", ["", "1993", "1993-03-01"])
@pytest.mark.parametrize(
    ("status", "reason"), [("WITHDRAWN", "withdrawn"), ("NOT_YET_RECRUITING", "not-started")]
)
def test_a_trial_withdrawn_or_not_yet_recruiting_has_not_started(start, status, reason):
    said = derived(trials=[trial(start=start, status=status)])
    assert said.rule == "I1"
    assert set_aside(said) == {trial().id: reason}


SILENT = {"WITHDRAWN", "NOT_YET_RECRUITING", "WITHHELD", "UNKNOWN"}


@pytest.mark.parametrize("status", ["", *RecruitmentStatus.values])
def test_a_trial_without_a_date_counts_by_its_status_today_and_never_in_an_as_of(status):
    undated = trial(start="", status=status)
    today = derived(trials=[undated])
    assert today.rule == ("I1" if status in SILENT or not status else "E1")
    assert derived(trials=[undated], on=date(2026, 12, 31), as_of=True).rule == "I1"


def test_a_dated_trial_whose_status_is_unknown_has_started():
    assert derived(trials=[trial(status="UNKNOWN")]).rule == "E1"


def test_a_started_trial_is_named_in_the_line():
    said = derived(single_arm(), trials=[trial(label="ESPRIT")])
    line = said.trace.lines[0]
    assert line.trials == (trial().id,)
    assert "1 finding (S1); 1 trial begun (ESPRIT)" in line.sentence


def test_a_trial_that_addresses_several_populations_or_conditions_is_one_trial():
    adults, children = trial(label="ESPRIT"), trial(label="ESPRIT", population="child")
    for told in ([adults, adults, children], [children, adults, adults]):
        said = derived(trials=told)
        assert said.trace.lines[0].trials == (trial().id,)
        assert "1 trial begun (ESPRIT)" in said.trace.lines[0].sentence
        assert set_aside(said) == {}


def test_a_trial_is_set_aside_once_for_what_holds_it_back_in_the_own_population():
    adults = trial(status="NOT_YET_RECRUITING")
    children = trial(status="NOT_YET_RECRUITING", population="child")
    for told in ([adults, children], [children, adults]):
        (one,) = derived(trials=told).trace.set_aside
        assert one.reason == "not-started"
