"""The starter evidence gives the status, the reasons and the history that its sources bear out."""

from __future__ import annotations

from itertools import pairwise

import pytest

from evidence.assess import StudyResult, Trace
from evidence.models import Finding, Topic
from evidence.models.periods import FIRST_YEAR, LAST_YEAR
from evidence.vocab import RULE_STATUS
from tests.starter.golden import GOLDEN, HIV_WITH_ANTIRETROVIRALS, Golden, Pivot, Told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter_evidence")]

each = pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: "/".join(golden.topic))


@each
def test_the_lines_that_hold_give_the_status_with_its_ground(golden: Golden) -> None:
    topic = topic_of(golden)
    assert tuple(line.rule for line in trace_of(topic).lines) == golden.lines
    assert topic.rule == golden.lines[0]
    assert (topic.rule_status, topic.rule_ground) == (golden.status, golden.ground)


@each
def test_both_sides_name_their_studies_with_outcome_year_and_people(golden: Golden) -> None:
    topic = topic_of(golden)
    trace = trace_of(topic)
    assert told(trace.studies_for) == golden.studies_for
    assert told(trace.studies_against) == golden.studies_against
    assert topic.studies_for == len({one.label for one in golden.studies_for})
    assert topic.studies_against == len({one.label for one in golden.studies_against})


@each
def test_every_other_finding_is_left_out_for_its_reason(golden: Golden) -> None:
    topic = topic_of(golden)
    trace = trace_of(topic)
    keys = starter_keys()
    assert {keys[one.id]: one.reason for one in trace.left_out} == dict(golden.left_out)
    assert all(one.sentence for one in trace.left_out)
    assert {one.id: one.reason for one in trace.set_aside} == dict(golden.set_aside)
    assert topic.left_out == len(golden.left_out)


@each
def test_the_word_rests_on_the_studies_that_it_would_change_without(golden: Golden) -> None:
    topic = topic_of(golden)
    found = tuple(
        Pivot(one["label"], one["rule"], one["status"], one["ground"])
        for one in topic.rule_rests_on
    )
    assert found == golden.rests_on
    assert topic.robust == (not golden.rests_on)


@each
def test_the_rule_would_have_said_each_word_from_its_year_on(golden: Golden) -> None:
    assert course_of(topic_of(golden)) == golden.course


@each
def test_borrowed_and_discordant_evidence_is_marked(golden: Golden) -> None:
    topic = topic_of(golden)
    assert topic.borrowed == (golden.borrowed_from is not None)
    assert topic.discordant == golden.discordant
    borrowed = [one.from_year for one in topic.rule_periods.all() if one.borrowed]
    assert (borrowed[0] if borrowed else None) == golden.borrowed_from


def test_hiv_with_antiretrovirals_is_experimental_from_1993_and_variable_from_2009() -> None:
    topic = topic_of(HIV_WITH_ANTIRETROVIRALS)
    statuses = [(year, RULE_STATUS[rule]) for year, rule in course_of(topic)]
    assert statuses == [(1970, "investigated"), (1993, "experimental"), (2009, "variable")]


def test_esprit_is_known_from_its_paper_and_cites_the_posted_figures() -> None:
    findings = Finding.objects.public().filter(
        trial__slug="NCT00004978", publication__starter_key="esprit-silcaat-2009"
    )
    assert set(findings.values_list("record__starter_key", flat=True)) == {
        f"t01-f{number}" for number in range(12, 18)
    }
    for finding in findings:
        assert finding.year == 2009
        assert finding.results_posted == "2011-04-25"
        assert finding.locator.startswith("Posted results, outcome ")


def topic_of(golden: Golden) -> Topic:
    condition, intervention, role, population = golden.topic
    return Topic.objects.public().get(
        condition__slug=condition,
        intervention__slug=intervention,
        role=role,
        population=population,
    )


def trace_of(topic: Topic) -> Trace:
    return Trace.from_json(topic.rule_trace)


def told(results: tuple[StudyResult, ...]) -> tuple[Told, ...]:
    keys = starter_keys()
    return tuple(
        Told(
            label=one.label,
            outcome=one.outcome,
            direction=one.direction,
            year=one.year,
            people=one.people,
            findings=tuple(keys[code] for code in one.findings),
        )
        for one in results
    )


def starter_keys() -> dict[str, str]:
    """Return the starter keys of all findings by their codes."""
    return {
        finding.code: finding.record.starter_key
        for finding in Finding.objects.public().select_related("record")
    }


def course_of(topic: Topic) -> tuple[tuple[int, str], ...]:
    """Return the first year of each line of the rule; the years leave no gap."""
    periods = list(topic.rule_periods.all())
    assert periods[0].from_year == FIRST_YEAR
    assert periods[-1].to_year == LAST_YEAR
    for earlier, later in pairwise(periods):
        assert later.from_year == earlier.to_year + 1
    course: list[tuple[int, str]] = []
    for period in periods:
        if not course or course[-1][1] != period.rule:
            course.append((period.from_year, period.rule))
    return tuple(course)
