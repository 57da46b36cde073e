"""A published status is the rule's or says why not, and the rule's history is that of evidence."""

from __future__ import annotations

import pytest
from django.db.models import QuerySet

from evidence.assess import RULE_VERSION, Trace
from evidence.ledger.as_of import said, this_year
from evidence.models import Assessment, RulePeriod, Topic
from evidence.vocab import RULE_GROUND, RULE_STATUS, Rule

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter_evidence")]

YEARS = (1995, 2005, 2015)
# What the lists of these years show beside treatment that is not settled, and none found.
DECIDED = {
    1995: {("renal-cell-carcinoma", "high-dose-il-2"): "I2"},
    2005: {("renal-cell-carcinoma", "high-dose-il-2"): "I2"},
    2015: {
        ("hiv-infection", "il-2-with-antiretroviral-therapy"): "V1",
        ("hiv-infection", "intermittent-subcutaneous-il-2"): "V2",
        ("tuberculosis", "adjunctive-il-2-tuberculosis"): "V1",
        ("renal-cell-carcinoma", "high-dose-il-2"): "I2",
        ("acute-myeloid-leukaemia", "il-2-with-histamine-dihydrochloride"): "I3",
        ("acute-myeloid-leukaemia", "aldesleukin"): "I3",
        ("neuroblastoma", "il-2-with-dinutuximab"): "I3",
    },
}
UNDECIDED = (Rule.E1, Rule.I1)


def test_every_published_status_and_ground_is_the_rules_or_carries_a_reason_and_a_date() -> None:
    published = list(Assessment.objects.public().select_related("topic", "record"))
    assert len(published) == Topic.objects.public().count()
    other = []
    for one in published:
        ours = (one.status, one.ground)
        if ours == (one.topic.rule_status, one.topic.rule_ground):
            assert not one.reason, f"{one.record.starter_key}: a reason, and nothing to explain"
            continue
        other.append(one.record.starter_key)
        assert one.reason, one.record.starter_key
        assert one.review_by is not None, one.record.starter_key
    assert other, "no status differs from the rule's any more: nothing was tested"


def test_every_stored_word_is_the_first_line_of_a_whole_trace() -> None:
    for topic in Topic.objects.all():
        trace = Trace.from_json(topic.rule_trace)
        assert topic.rule == trace.lines[0].rule
        assert topic.rule_status == RULE_STATUS[topic.rule]
        assert topic.rule_ground == RULE_GROUND.get(topic.rule, "")
        assert topic.rule_version == RULE_VERSION
        assert all(line.sentence for line in trace.lines)


def test_every_finding_that_is_read_for_a_treatment_argues_or_says_why_not() -> None:
    for topic in Topic.objects.filter(role__in=["treatment", "prevention", "vaccine-adjuvant"]):
        trace = Trace.from_json(topic.rule_trace)
        argue = {
            code for one in (*trace.studies_for, *trace.studies_against) for code in one.findings
        }
        silent = [one.id for one in trace.left_out]
        assert len(silent) == len(set(silent))
        assert not argue & set(silent)
        assert set(trace.counted) <= argue | set(silent)


@pytest.mark.parametrize("year", YEARS)
def test_the_list_as_of_a_year_shows_what_was_decided_by_then(year: int) -> None:
    then = as_of(year)
    assert then.count() == Topic.objects.public().count()
    decided = then.exclude(rule__in=UNDECIDED).values_list(
        "topic__condition__slug", "topic__intervention__slug", "rule"
    )
    assert {(condition, drug): rule for condition, drug, rule in decided} == DECIDED[year]


@pytest.mark.parametrize("year", YEARS)
def test_the_list_as_of_a_year_says_what_is_worked_out_when_one_topic_is_asked(year: int) -> None:
    for period in as_of(year).select_related("topic__condition"):
        derivation = said(period.topic, year=year).derivation
        assert (period.rule, period.rule_status, period.rule_ground) == (
            derivation.rule,
            derivation.status,
            derivation.ground,
        )


def test_treatment_that_was_found_once_stays_found_in_all_later_years() -> None:
    for topic in Topic.objects.prefetch_related("rule_periods"):
        found = [period.rule != Rule.I1 for period in topic.rule_periods.all()]
        assert found == sorted(found), topic


def test_the_last_word_is_todays_unless_something_that_is_read_has_no_date() -> None:
    for period in as_of(this_year()).select_related("topic__condition"):
        topic = period.topic
        if period.rule != topic.rule:
            asked = said(topic, year=this_year())
            undated = (asked.undated_findings, asked.undated_trials, asked.undated_approvals)
            assert any(undated), topic


def as_of(year: int) -> QuerySet[RulePeriod]:
    """Return the words that stood at the end of a year, one for each public topic."""
    return RulePeriod.objects.filter(
        topic__in=Topic.objects.public(), from_year__lte=year, to_year__gte=year
    )
