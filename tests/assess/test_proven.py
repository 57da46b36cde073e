"""The rule, proven on ten thousand random topics; `test_properties` finds the smallest failure."""

from dataclasses import replace

import pytest

from evidence.vocab import RULE_GROUND, RULE_STATUS, TREATING_ROLES, Rule, covers
from tests.assess import chance
from tests.assess.given import ids, lines

TOPICS = 10_000
SETTLING = {Rule.V1, Rule.V2, Rule.I2, Rule.I3}
DECIDED = ["favours", "no-difference", "harm"]


@pytest.fixture(scope="module")
def proven():
    """Ten thousand topics with what the rule says of each."""
    return [(asked, asked.derived()) for asked in chance.topics(TOPICS)]


@pytest.fixture
def some(proven):
    """A part of them, for what two derivations have to show."""
    return proven[: TOPICS // 4]


@pytest.fixture
def rng():
    """A chance to change them."""
    return chance.dice()


def word(said):
    """Which line, status and ground the rule names."""
    return said.rule, said.status, said.ground


def settling(said):
    """The lines above E1 that hold: the only ones that do so beside each other."""
    return SETTLING & {*lines(said)}


def test_each_line_holds_often_enough_to_prove_something(proven):
    assert len(proven) == TOPICS
    held = [rule for _, said in proven for rule in lines(said)]
    assert min(held.count(rule) for rule in Rule.values) > TOPICS / 100


def test_the_first_line_that_holds_gives_the_word(proven):
    order = Rule.values
    for asked, said in proven:
        assert lines(said) == sorted({*lines(said)}, key=order.index), asked
        assert word(said) == (
            lines(said)[0],
            RULE_STATUS[said.rule],
            RULE_GROUND.get(said.rule, ""),
        )


def test_the_order_of_the_facts_changes_nothing(proven, rng):
    for asked, said in proven:
        turned = asked.but(
            findings=rng.sample(asked.findings, len(asked.findings)),
            approvals=rng.sample(asked.approvals, len(asked.approvals)),
            trials=rng.sample(asked.trials, len(asked.trials)),
        )
        assert turned.derived() == said, asked


def test_every_finding_is_for_or_against_or_left_out_and_only_once(proven):
    for asked, said in proven:
        trace = said.trace
        told = [
            *ids(trace.studies_for),
            *ids(trace.studies_against),
            *(one.id for one in trace.left_out),
        ]
        if asked.role in TREATING_ROLES:
            assert sorted(told) == sorted(f.id for f in asked.findings), asked
        else:
            assert not trace.studies_for
            assert not trace.studies_against
        assert {r.direction for r in trace.studies_for} <= {"favours"}
        assert {r.direction for r in trace.studies_against} <= {"no-difference", "harm"}


def test_every_line_rests_on_findings_that_count(proven):
    for asked, said in proven:
        trace = said.trace
        arguing = {*ids(trace.studies_for), *ids(trace.studies_against)}
        for line in trace.lines:
            assert {*line.findings} <= {*trace.counted}, asked
            if line.rule in {Rule.V1, Rule.V2, Rule.I3}:
                assert {*line.findings} <= arguing, asked


def test_adding_a_single_arm_finding_never_makes_a_topic_variable(proven, rng):
    for asked, before in proven:
        told = chance.finding(rng, comparison=rng.choice(["none", "dose"]))
        after = asked.with_finding(told).derived()
        assert settling(after) == settling(before), asked
        assert (after.status == "variable") == (before.status == "variable")
        assert after.rule == before.rule or (before.rule, after.rule) == ("I1", "E1"), asked


def test_adding_an_analysis_that_never_decides_settles_nothing(some, rng):
    for asked, before in some:
        told = chance.finding(rng, analysis=rng.choice(["subgroup", "post-hoc"]))
        after = asked.with_finding(told).derived()
        assert settling(after) == settling(before), asked
        assert after.trace.studies_for == before.trace.studies_for
        assert after.trace.studies_against == before.trace.studies_against


def test_a_finding_that_no_longer_stands_changes_nothing_but_by_its_absence(proven, rng):
    for asked, before in proven:
        gone = {rng.choice(["retracted", "superseded"]): True}
        after = asked.with_finding(chance.finding(rng, **gone)).derived()
        others = tuple(one for one in after.trace.left_out if one.id != "F99")
        assert len(after.trace.left_out) == len(others) + 1
        assert replace(after, trace=replace(after.trace, left_out=others)) == before, asked


def test_a_retraction_takes_a_finding_away_as_if_it_had_never_been(some, rng):
    for asked, _ in some:
        if asked.findings:
            gone = rng.choice(asked.findings)
            stay = tuple(f for f in asked.findings if f is not gone)
            after = asked.but(findings=(*stay, replace(gone, retracted=True))).derived()
            assert word(after) == word(asked.but(findings=stay).derived()), asked


def test_a_finding_of_another_population_argues_in_nothing(some, rng):
    for asked, before in some:
        told = chance.finding(rng)
        if covers(asked.population, told.population):
            continue
        after = asked.with_finding(told).derived()
        assert word(after) == word(before), asked
        assert after.trace.counted == before.trace.counted
        assert after.trace.studies_for == before.trace.studies_for
        assert after.trace.studies_against == before.trace.studies_against


def test_a_review_decides_nothing_where_a_single_study_of_that_kind_speaks(proven, rng):
    for asked, _ in proven:
        if asked.role not in TREATING_ROLES:
            continue
        kind = rng.choice(chance.ARGUING)
        told = {
            "population": asked.population,
            "year": 1990,
            "comparison": "adds-il2",
            "subjects": "patients",
            "analysis": "primary",
            "retracted": False,
            "superseded": False,
            "outcome_kind": kind,
            "direction": rng.choice(DECIDED),
        }
        single = asked.with_finding(chance.finding(rng, study="trial:5", **told))
        pooled = told | {"id": "F98", "direction": rng.choice(DECIDED)}
        both = single.with_finding(
            chance.finding(rng, study="publication:7", is_review=True, **pooled)
        )
        said = both.derived()
        results = said.trace.studies_for + said.trace.studies_against
        assert not [r for r in results if r.is_review and r.outcome_kind == kind], asked
        assert word(said) == word(single.derived()), asked
        assert "review-yields" in {one.reason for one in said.trace.left_out}


def test_without_reviews_another_study_never_takes_a_line_away(some, rng):
    for topic, _ in some:
        asked = topic.without_reviews()
        before = asked.derived()
        told = tuple(chance.finding(rng, study="trial:5", id=f"F9{n}") for n in range(2))
        after = asked.but(findings=(*asked.findings, *told)).derived()
        assert settling(before) <= settling(after), asked
        assert before.rule == "I1" or after.rule != "I1", asked


def test_one_study_alone_never_disagrees_with_itself(some):
    for asked, _ in some:
        alone = tuple(f for f in asked.findings if f.study == "trial:1")
        assert "V1" not in lines(asked.but(findings=alone).derived()), asked


def test_a_second_paper_that_says_the_same_changes_no_line(some, rng):
    for asked, before in some:
        if asked.findings:
            again = replace(rng.choice(asked.findings), id="F99")
            assert lines(asked.with_finding(again).derived()) == lines(before), asked


def test_an_approval_in_force_never_makes_anything_experimental(proven, rng):
    for asked, before in proven:
        given = chance.approval(
            rng,
            population=asked.population,
            from_year=1990,
            withdrawn_year=None,
            il2_is_the_substance=True,
        )
        after = asked.but(approvals=(*asked.approvals, given)).derived()
        if asked.role not in TREATING_ROLES:
            assert after == before
            continue
        assert after.rule == (before.rule if before.status == "variable" else "I2"), asked
        assert settling(after) == settling(before) | {Rule.I2}, asked


def test_an_approval_that_is_not_in_force_changes_no_word(some, rng):
    for asked, before in some:
        gone = chance.approval(rng, withdrawn_year=1995)
        after = asked.but(approvals=(*asked.approvals, gone)).derived()
        assert word(after) == word(before), asked


def test_a_trial_that_has_begun_does_no_more_than_end_i1(proven, rng):
    for asked, before in proven:
        begun = chance.trial(rng, start="1990", status="COMPLETED", population=asked.population)
        after = asked.but(trials=(*asked.trials, begun)).derived()
        treating = asked.role in TREATING_ROLES
        assert after.rule == ("E1" if before.rule == "I1" and treating else before.rule), asked
        assert settling(after) == settling(before), asked


def test_borrowed_says_that_treatment_is_of_other_ages_only(proven):
    met = 0
    for asked, said in proven:
        if said.trace.borrowed:
            met += 1
            read = [f for f in asked.findings if f.id in said.trace.counted]
            assert not [
                f
                for f in read
                if f.comparison in {"adds-il2", "package", "active"} and f.subjects == "patients"
            ], asked
            assert said.rule in {"I1", "E1", "I2"}, asked
            assert said.rule != "E1" or said.trace.lines[0].trials, asked
            if said.rule != "I2":
                assert "are of other ages" in said.trace.lines[0].sentence
    assert met > TOPICS / 100
