"""What holds of the rule for any facts, tried on random sets."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.assess import ApprovalFacts, FindingFacts, Trace, TrialFacts
from evidence.vocab import (
    RULE_GROUND,
    RULE_STATUS,
    Analysis,
    Certainty,
    Comparison,
    Direction,
    OutcomeKind,
    Population,
    RecruitmentStatus,
    Role,
    Rule,
    Subjects,
)
from tests.assess.given import derived, ids, lines, single_arm

STUDIES = ["s1", "s2", "s3", "r1"]
ORDER = Rule.values
SOME = settings(max_examples=150, deadline=None)


def mostly(usual, others):
    """Words among which the one that argues is common, so that lines do hold."""
    return st.sampled_from([*[usual] * len(others), *others])


@st.composite
def findings(draw, **fixed):
    """A finding of any sort; a study's findings agree on whether it is a review."""
    study = fixed.pop("study", None) or draw(st.sampled_from(STUDIES))
    told = {
        "id": "F0",
        "study": study,
        "study_label": study.upper(),
        "year": draw(st.none() | st.integers(1985, 2030)),
        "outcome": draw(st.sampled_from(["Death", "CD4 count"])),
        "outcome_group": draw(st.sampled_from(["", "death", "cd4-count"])),
        "outcome_kind": draw(mostly("clinical", OutcomeKind.values)),
        "analysis": draw(mostly("primary", Analysis.values)),
        "comparison": draw(mostly("adds-il2", Comparison.values)),
        "subjects": draw(mostly("patients", Subjects.values)),
        "population": draw(mostly("adult", Population.values)),
        "direction": draw(mostly("favours", Direction.values)),
        "retracted": draw(mostly(False, [False, True])),
        "is_review": study == "r1",
        "of_randomised": draw(st.booleans()),
        "certainty": draw(st.sampled_from(Certainty.values)),
        "includes": draw(st.frozensets(st.sampled_from(STUDIES[:3]))),
        "randomised": draw(st.booleans()),
        "phases": draw(st.sampled_from([(), ("PHASE2", "PHASE3"), ("PHASE3",)])),
        "people": draw(st.none() | st.integers(95, 105)),
        "condition": draw(st.sampled_from(["tuberculosis", "pulmonary-tuberculosis"])),
        "superseded": draw(mostly(False, [False, True])),
    }
    return FindingFacts(**told | fixed)


def numbered(told):
    """Give each finding an id of its own."""
    return [_with(f, id=f"F{n}") for n, f in enumerate(told, start=1)]


def _with(fact, **changes):
    return type(fact)(**{name: getattr(fact, name) for name in fact.__slots__} | changes)


SETS = st.lists(findings(), max_size=9).map(numbered)
APPROVALS = st.lists(
    st.builds(
        ApprovalFacts,
        id=st.uuids().map(str),
        agency=st.just("FDA"),
        population=st.sampled_from(Population.values),
        from_year=st.none() | st.integers(1985, 2030),
        withdrawn_year=st.none() | st.integers(1985, 2030),
        il2_is_the_substance=st.booleans(),
    ),
    max_size=2,
)
TRIALS = st.lists(
    st.builds(
        TrialFacts,
        id=st.uuids().map(str),
        label=st.just("NCT"),
        start=st.sampled_from(["", "2015", "2015-09", "2015-09-03", "2031-01-01"]),
        status=st.sampled_from(RecruitmentStatus.values),
        population=st.sampled_from(Population.values),
    ),
    max_size=2,
)


@SOME
@given(SETS, APPROVALS, TRIALS, st.sampled_from(Population.values), st.booleans(), st.data())
def test_the_order_of_the_facts_changes_nothing(told, approvals, trials, asked, as_of, data):
    settled = {"population": asked, "as_of": as_of, "on": date(2016, 12, 31)}
    one = derived(*told, approvals=approvals, trials=trials, **settled)
    other = derived(
        *data.draw(st.permutations(told)),
        approvals=data.draw(st.permutations(approvals)),
        trials=data.draw(st.permutations(trials)),
        **settled,
    )
    assert one == other


@SOME
@given(SETS, APPROVALS, TRIALS, st.sampled_from(Role.values))
def test_every_derivation_is_whole(told, approvals, trials, role):
    said = derived(*told, approvals=approvals, trials=trials, role=role)
    assert lines(said) == sorted(set(lines(said)), key=ORDER.index)
    assert said.rule == lines(said)[0]
    assert said.status == RULE_STATUS[said.rule]
    assert said.ground == RULE_GROUND.get(said.rule, "")
    assert Trace.from_json(said.trace.to_json()) == said.trace


@SOME
@given(SETS)
def test_every_finding_decides_or_is_left_out_once(told):
    trace = derived(*told).trace
    deciding = ids(trace.studies_for) + ids(trace.studies_against)
    left_out = [one.id for one in trace.left_out]
    assert sorted(deciding + left_out) == sorted(f.id for f in told)
    assert set(deciding) <= set(trace.counted)


@SOME
@given(SETS, st.sampled_from(["none", "dose"]), st.data())
def test_adding_a_single_arm_finding_never_makes_a_topic_variable(told, comparison, data):
    added = data.draw(findings(id="F99", comparison=comparison))
    before, after = derived(*told), derived(*told, added)
    assert (before.status == "variable") == (after.status == "variable")
    if before.rule != "I1":
        assert after.rule == before.rule


@SOME
@given(SETS, st.data())
def test_a_retracted_finding_changes_nothing_but_what_is_left_out(told, data):
    added = data.draw(findings(id="F99", retracted=True))
    before, after = derived(*told), derived(*told, added)
    assert (before.rule, before.status, before.ground) == (after.rule, after.status, after.ground)
    stored, then = before.trace.to_json(), after.trace.to_json()
    assert [one["id"] for one in then.pop("left_out")][-1] == "F99"
    stored.pop("left_out")
    assert stored == then


@SOME
@given(SETS, st.data())
def test_a_review_decides_nothing_where_a_single_study_of_that_kind_speaks(told, data):
    kind = data.draw(st.sampled_from(["clinical", "surrogate", "microbiological"]))
    decided = data.draw(st.sampled_from(["favours", "no-difference", "harm"]))
    single = _with(
        single_arm("alone", comparison="adds-il2", direction=decided, id="F98"), outcome_kind=kind
    )
    pooled = data.draw(findings(study="r1", id="F99", outcome_kind=kind))
    without, said = derived(*told, single), derived(*told, single, pooled)
    results = said.trace.studies_for + said.trace.studies_against
    assert not [r for r in results if r.is_review and r.outcome_kind == kind]
    assert without.rule == said.rule
    assert {line.rule for line in without.trace.lines} == {line.rule for line in said.trace.lines}


@SOME
@given(SETS, TRIALS, APPROVALS, st.integers(1985, 2030))
def test_an_as_of_is_what_would_be_said_without_what_came_later(told, trials, approvals, year):
    on = date(year, 12, 31)
    known = [f for f in told if f.year is not None and f.year <= year]
    then = derived(*told, trials=trials, approvals=approvals, on=on, as_of=True)
    alone = derived(*known, trials=trials, approvals=approvals, on=on, as_of=True)
    assert then.rule == alone.rule
    assert then.trace.lines == alone.trace.lines
