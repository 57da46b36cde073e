"""What the rule would have said in each year is stored without a gap, and follows the evidence."""

from __future__ import annotations

from itertools import pairwise

import pytest
import time_machine

from evidence import vocab
from evidence.ledger import as_of, derivation
from evidence.models import Approval, Condition, Publication, RulePeriod, Topic
from evidence.models.periods import FIRST_YEAR, LAST_YEAR
from tests.web import examples

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("today"),
]


@pytest.fixture
def today():
    with time_machine.travel("2026-11-21T09:00:00Z", tick=False) as clock:
        yield clock


def paper(year: int | None, pmid: int) -> Publication:
    return examples.publication(pmid=pmid, year=year)


def course(topic: Topic) -> list[tuple[int, str]]:
    """The year in which each word of the rule began."""
    words: list[tuple[int, str]] = []
    for period in topic.rule_periods.order_by("from_year"):
        if not words or words[-1][1] != period.rule:
            words.append((period.from_year, period.rule))
    return words


def disputed(condition: Condition) -> Topic:
    """A trial from 1993, in favour in 2001; another against in 2009; one without a year."""
    topic = examples.topic(condition=condition)
    topic.trials.add(examples.trial(slug="NCT00001354", start="1993-03", acronym=""))
    small = {"n_total": 40, "outcome": "AIDS or death"}
    examples.finding(topic, paper(2001, 1), direction="favours", **small)
    examples.finding(topic, paper(2009, 2), direction="no-difference", **small)
    examples.finding(topic, paper(None, 3), direction="harm", **small)
    derivation.rederive()
    return topic


def test_the_words_of_a_topic_change_in_the_years_in_which_evidence_appeared(
    narrow: Condition,
) -> None:
    assert course(disputed(narrow)) == [(1970, "I1"), (1993, "E1"), (2009, "V1")]


def test_periods_follow_each_other_without_a_gap_and_each_differs_from_the_one_before(
    narrow: Condition,
) -> None:
    periods = [*disputed(narrow).rule_periods.order_by("from_year")]
    assert periods[0].from_year == FIRST_YEAR
    assert periods[-1].to_year == LAST_YEAR
    names = derivation.STORED[: derivation.STORED.index("rule_version")]
    for before, after in pairwise(periods):
        assert after.from_year == before.to_year + 1
        assert [getattr(before, n) for n in names] != [getattr(after, n) for n in names]


def test_what_is_stored_of_a_year_is_what_is_worked_out_when_it_is_asked(
    narrow: Condition,
) -> None:
    topic = disputed(narrow)
    for year in range(FIRST_YEAR, as_of.this_year() + 1):
        period = topic.rule_periods.get(from_year__lte=year, to_year__gte=year)
        said = as_of.said(topic, year=year)
        assert (period.rule, period.rule_status) == (said.derivation.rule, said.derivation.status)
        assert period.robust == (said.pivots == ())
        assert period.discordant == (said.derivation.rule == "V1")


def test_counts_of_a_year_are_of_what_was_known_by_its_end(narrow: Condition) -> None:
    topic = disputed(narrow)

    def known(year: int) -> tuple[int, ...]:
        period = topic.rule_periods.get(from_year__lte=year, to_year__gte=year)
        return (
            period.findings_count,
            period.studies_count,
            period.trials_count,
            period.publications_count,
            period.studies_for,
            period.studies_against,
            period.left_out,
        )

    assert known(1992) == (0, 0, 0, 0, 0, 0, 0)
    assert known(1993) == (0, 1, 1, 0, 0, 0, 0)
    assert known(2001) == (1, 2, 1, 1, 1, 0, 0)
    assert known(2026) == (2, 3, 1, 2, 1, 1, 0)


def test_what_has_no_date_stays_out_of_every_year_and_is_named(narrow: Condition) -> None:
    topic = disputed(narrow)
    undated = examples.trial(slug="NCT00000002", start="", acronym="")
    topic.trials.add(undated)
    Approval.objects.create(
        condition=narrow,
        intervention=topic.intervention,
        population="adult",
        agency=vocab.Agency.FDA,
        substance_is_il2=True,
        **examples.accepted(),
    )
    derivation.rederive()
    topic.refresh_from_db()
    assert {line["rule"] for line in topic.rule_trace["lines"]} >= {"V1", "I2"}
    said = as_of.said(topic, year=2026)
    assert [line.rule for line in said.derivation.trace.lines] == ["V1"]
    finding = topic.findings.get(publication__year=None)
    assert said.undated_findings == (finding.code,)
    assert said.undated_trials == ("NCT00000002",)
    assert said.undated_approvals == 1


def test_an_approval_stands_in_the_years_in_which_it_was_in_force(narrow: Condition) -> None:
    topic = examples.topic(condition=narrow)
    Approval.objects.create(
        condition=narrow,
        intervention=topic.intervention,
        population="adult",
        agency=vocab.Agency.FDA,
        substance_is_il2=True,
        from_year=1999,
        withdrawn_year=2014,
        **examples.accepted(),
    )
    derivation.rederive()
    assert course(topic) == [(1970, "I1"), (1999, "I2"), (2014, "I1")]


def test_a_retraction_takes_a_finding_out_of_every_year(narrow: Condition) -> None:
    topic = disputed(narrow)
    source = Publication.objects.get(pmid=2)
    source.standing = vocab.Standing.RETRACTED
    source.save()
    derivation.after_change(source)
    assert course(topic) == [(1970, "I1"), (1993, "E1")]


def test_a_trial_that_is_to_begin_later_this_year_has_not_begun(narrow: Condition, today) -> None:
    topic = examples.topic(condition=narrow)
    topic.trials.add(examples.trial(start="2026-12-01", recruitment_status="RECRUITING"))
    derivation.rederive()
    assert course(topic) == [(1970, "I1")]
    today.move_to("2026-12-02T00:00:00Z")
    derivation.rederive()
    assert course(topic) == [(1970, "I1"), (2026, "E1")]


def test_what_is_older_than_the_first_year_counts_as_known_by_its_end(narrow: Condition) -> None:
    topic = examples.topic(condition=narrow)
    examples.finding(topic, paper(1960, 1))
    derivation.rederive()
    assert course(topic) == [(1970, "E1")]


def test_a_topic_without_findings_says_one_word_in_all_years(narrow: Condition) -> None:
    topic = examples.topic(condition=narrow)
    derivation.rederive()
    assert course(topic) == [(1970, "I1")]
    assert as_of.said(topic, year=2005).derivation.rule == "I1"


def test_a_role_that_is_no_treatment_is_never_anything_but_not_treated(narrow: Condition) -> None:
    topic = examples.topic(condition=narrow, role="biomarker")
    examples.finding(topic, paper(1999, 1))
    derivation.rederive()
    assert course(topic) == [(1970, "I1")]
    assert [p.findings_count for p in topic.rule_periods.all()] == [0, 1]


def test_the_periods_of_a_topic_go_with_it(narrow: Condition) -> None:
    topic = disputed(narrow)
    topic.findings.all().delete()
    topic.reads.clear()
    topic.delete()
    assert not RulePeriod.objects.exists()


# --- Which years can be asked about ---------------------------------------------------------------


@pytest.mark.parametrize("text", ["1970", "2005", "2026"])
def test_a_year_from_the_first_to_this_one_can_be_asked_about(text: str) -> None:
    assert as_of.year_in(text) == int(text)


@pytest.mark.parametrize(
    "text",
    ["", "1969", "2027", "20x5", "02005", " 2005", "-2005", "2005.0", "²⁰⁰⁵", "٢٠٠٥", "9" * 500],
)
def test_anything_else_is_refused_with_the_years_that_can_be_asked(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a year from 1970 to 2026\.$") as refusal:
        as_of.year_in(text)
    assert len(str(refusal.value)) < 150


def test_a_past_year_asks_as_many_queries_for_many_findings_as_for_one(
    narrow: Condition, django_assert_max_num_queries
) -> None:
    topic = examples.topic(condition=narrow)

    def one_more(number: int) -> None:
        study = examples.trial(slug=f"NCT000001{number}", acronym="")
        topic.trials.add(study)
        examples.finding(topic, paper(2000, number), trial=study)

    one_more(10)
    with django_assert_max_num_queries(12) as one:
        as_of.said(topic, year=2005)
    for number in range(11, 20):
        one_more(number)
    with django_assert_max_num_queries(len(one)):
        assert len(as_of.said(topic, year=2005).derivation.trace.counted) == 10
