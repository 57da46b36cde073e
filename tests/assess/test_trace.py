"""The trace: complete, stable, readable and storable."""

import json
from datetime import date

import pytest

from evidence.assess import RULE_VERSION, Trace
from tests.assess.given import (
    approval,
    derived,
    finding,
    late,
    marker,
    reasons,
    review,
    set_aside,
    single_arm,
    trial,
)

LEFT_OUT = {
    "retracted": (finding(retracted=True), "Its source has been retracted."),
    "superseded": (finding(superseded=True), "A later one has taken its place."),
    "other-population": (
        finding(population="child"),
        "It is of another population: children.",
    ),
    "not-patients": (
        finding(subjects="healthy"),
        "It does not come from patients: healthy volunteers.",
    ),
    "kind": (
        finding(outcome_kind="level"),
        "Outcomes of this kind are shown and do not argue: level of a biomarker.",
    ),
    "no-comparison": (single_arm(), "It has no concurrent comparison."),
    "subgroup": (
        finding(analysis="subgroup"),
        "It is a subgroup analysis, which is shown and never decides.",
    ),
    "post-hoc": (
        finding(analysis="post-hoc"),
        "It is a post hoc analysis, which is shown and never decides.",
    ),
    "undecided": (finding(direction="mixed"), "It points neither way: mixed."),
}


@pytest.mark.parametrize("reason", LEFT_OUT)
def test_whatever_is_left_out_is_named_with_its_reason(reason):
    only, sentence = LEFT_OUT[reason]
    (one,) = derived(only).trace.left_out
    assert (one.id, one.reason, one.sentence) == (only.id, reason, sentence)


@pytest.mark.parametrize(
    ("comparison", "sentence"),
    [
        ("dose", "It compares doses of IL-2 with one another, and with nothing else."),
        ("groups", "It compares groups of people, not treatments."),
    ],
)
def test_a_missing_comparison_is_told_by_what_stands_in_its_place(comparison, sentence):
    (one,) = derived(finding(comparison=comparison)).trace.left_out
    assert (one.reason, one.sentence) == ("no-comparison", sentence)


def test_in_an_as_of_undated_and_later_findings_stay_out_and_are_named():
    told = finding("s1", year=2005), finding("s2", year=2006), finding("s3", year=None)
    then = derived(*told, on=date(2005, 12, 31), as_of=True)
    assert reasons(then) == {told[1].id: "later", told[2].id: "no-year"}
    assert then.trace.counted == (told[0].id,)
    today = derived(*told, on=date(2005, 12, 31))
    assert reasons(today) == {}


def test_a_first_reason_is_enough_and_the_strongest_comes_first():
    everything = finding(
        retracted=True,
        population="child",
        subjects="animal",
        comparison="none",
        analysis="post-hoc",
    )
    assert reasons(derived(everything)) == {everything.id: "retracted"}


def test_what_is_shown_but_does_not_argue_still_counts_for_the_page():
    shown = single_arm(), finding(outcome_kind="safety"), finding(analysis="subgroup")
    gone = finding(retracted=True), finding(population="child"), finding(superseded=True)
    assert derived(*shown, *gone).trace.counted == tuple(f.id for f in shown)


def test_sentences_name_the_studies_and_what_they_show():
    said = derived(
        marker("esprit"),
        late("esprit", direction="no-difference"),
        late("esprit", direction="no-difference", outcome="death"),
        late("silcaat", direction="no-difference"),
    )
    assert said.trace.lines[0].sentence == (
        "Markers and patients disagree: ESPRIT favours IL-2 (CD4 count); ESPRIT shows no "
        "difference (AIDS or death; death); SILCAAT shows no difference (AIDS or death)."
    )


def test_a_long_side_is_cut_in_the_sentence_and_whole_in_the_ids():
    many = [finding(f"s{i}", year=2000 + i) for i in range(5)]
    line = derived(*many, finding("last", direction="harm")).trace.lines[0]
    assert len(line.findings) == 6
    assert line.sentence == (
        "Studies that can be compared (with v without IL-2) disagree: S0 favours IL-2 (AIDS or "
        "death); S1 favours IL-2 (AIDS or death); S2 favours IL-2 (AIDS or death); and 2 more; "
        "LAST shows harm (AIDS or death)."
    )


def test_the_names_of_a_line_are_joined_and_counted():
    told = [single_arm(f"s{i}") for i in range(5)]
    assert "2 findings (S0 and S1)" in derived(*told[:2]).trace.lines[0].sentence
    assert "3 findings (S0, S1 and S2)" in derived(*told[:3]).trace.lines[0].sentence
    assert "5 findings (S0, S1, S2 and 2 more)" in derived(*told).trace.lines[0].sentence


def test_only_studies_whose_results_clash_stand_in_the_line():
    up, down = finding("s1"), finding("s2", direction="harm")
    beside = finding("s3", comparison="active")
    said = derived(up, down, beside)
    assert said.trace.lines[0].findings == (up.id, down.id)
    assert len(said.trace.studies_for) == 2


def test_a_result_that_only_its_own_study_contradicts_stands_outside_the_line():
    own, down = finding("s1"), finding("s1", outcome="death", direction="harm")
    up = finding("s2")
    assert derived(own, down, up).trace.lines[0].findings == (down.id, up.id)


def test_a_result_carries_what_a_page_shows_of_it():
    only = late("esprit", outcome_group="aids-or-death", people=4111)
    (result,) = derived(only).trace.studies_for
    assert result.study == "esprit"
    assert (result.label, result.is_review) == ("ESPRIT", False)
    assert (result.outcome, result.outcome_group) == ("AIDS or death", "aids-or-death")
    assert (result.outcome_kind, result.comparison) == ("clinical", "adds-il2")
    assert (result.direction, result.condition) == ("favours", "hiv-infection")
    assert (result.year, result.people, result.findings) == (2009, 4111, (only.id,))


def test_results_stand_in_order_of_year_and_undated_ones_last():
    told = [finding(f"s{i}", year=year) for i, year in enumerate([2009, None, 1996])]
    assert [r.year for r in derived(*told).trace.studies_for] == [1996, 2009, None]


def test_ids_are_ordered_by_their_number():
    told = [single_arm(id=i) for i in ("F34", "F9", "F101")]
    said = derived(*told)
    assert said.trace.counted == ("F9", "F34", "F101")
    assert [one.id for one in said.trace.left_out] == ["F9", "F34", "F101"]


def test_a_stored_trace_comes_back_the_same():
    said = derived(
        marker("s1"),
        late("s2", direction="no-difference"),
        review(includes=frozenset({"s1"})),
        finding(retracted=True),
        approvals=[approval(), approval(id="2", population="child")],
        trials=[trial(status="WITHDRAWN")],
    )
    stored = json.dumps(said.trace.to_json())
    assert Trace.from_json(json.loads(stored)) == said.trace
    assert json.loads(stored) == said.trace.to_json()


def test_a_trace_with_a_part_missing_is_refused_by_name():
    half = derived(finding()).trace.to_json()
    del half["counted"]
    with pytest.raises(ValueError, match="counted missing"):
        Trace.from_json(half)


def test_a_derivation_says_by_which_version_of_the_rule_it_was_made():
    assert derived().version == RULE_VERSION == 1


def test_a_trial_without_a_date_is_not_left_out_where_its_findings_are_read():
    undated = trial(start="", status="UNKNOWN", study="s1")
    other = trial(id="NCT2", start="", status="UNKNOWN", study="s2")
    said = derived(finding("s1"), trials=[undated, other])
    assert set_aside(said) == {"NCT2": "not-started"}
    nothing_known_yet = derived(
        finding("s1", year=2009), trials=[undated], on=date(2005, 12, 31), as_of=True
    )
    assert set_aside(nothing_known_yet) == {undated.id: "no-year"}


def test_people_are_those_compared_and_else_those_of_the_trial():
    said = derived(late("s1", people=3569, analysed=406), late("s2", people=120))
    assert [result.people for result in said.trace.studies_for] == [406, 120]


def test_how_many_make_a_late_trial_confirmatory_is_asked_of_the_trial():
    said = derived(late("s1", people=100, analysed=60))
    assert said.rule == "I3"
    assert "of 100 people" in said.trace.lines[0].sentence


def test_a_line_over_several_conditions_names_them_as_readers_do():
    said = derived(
        finding("s1", condition="mdr-tb", condition_name="multidrug-resistant tuberculosis"),
        finding("s2", direction="no-difference", condition="pulmonary-tuberculosis"),
    )
    assert "in multidrug-resistant tuberculosis)" in said.trace.lines[0].sentence
    assert "in pulmonary tuberculosis)" in said.trace.lines[0].sentence


def test_a_trial_of_which_nothing_is_known_says_so_plainly():
    (one,) = derived(trials=[trial(start="", status="")]).trace.set_aside
    assert one.sentence == (
        "It has neither a start date nor a status, so nothing shows that it began."
    )
