"""A topic's page tells its course: from the evidence year by year, and from our editions."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evidence import vocab
from evidence.ledger import derivation
from evidence.models import Approval, Assessment, Finding, Publication, RulePeriod, Topic, Trial
from evidence.web.through_time import ThroughTime, through_time
from tests.web import examples
from tests.web.published_again import begin, replace, withdraw
from tests.web.reading import body, words

pytestmark = pytest.mark.django_db

NOTHING = "investigated no treatment of people found"
TODAY = dt.datetime(2026, 12, 5, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def late_in_2026() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def question() -> Topic:
    """Treated from 1993 on; a marker rises in 1996, and patients are no better in 2009."""
    asked = examples.topic()
    examples.assessment(asked, published_at=dt.datetime(2026, 11, 21, tzinfo=dt.UTC))
    asked.trials.add(examples.trial("NCT00001354", start="1993-03", acronym="FIRST"))
    examples.finding(
        asked,
        examples.publication(1, year=1996),
        outcome="CD4 count",
        outcome_kind=vocab.OutcomeKind.SURROGATE,
        direction=vocab.Direction.FAVOURS,
    )
    examples.finding(asked, examples.publication(2, year=2009), outcome="Death")
    return worked_out(asked)


def worked_out(asked: Topic) -> Topic:
    derivation.rederive()
    return Topic.objects.get(pk=asked.pk)


def course(asked: Topic) -> ThroughTime | None:
    findings = Finding.objects.public().filter(topic=asked).order_by("pk")
    trials = Trial.objects.public().filter(topics=asked).order_by("slug")
    return through_time(asked, findings, trials=trials, approvals=Approval.objects.public())


def section(asked: Topic) -> str:
    told = course(asked)
    assert told is not None
    return render_to_string(
        "evidence/parts/through_time.html", {"through_time": told, "topic": asked}
    )


def rows(html: str, caption: str) -> list[str]:
    """The rows of the table under a caption, as text."""
    found = re.search(rf"<caption>{caption}.*?</table>", html, re.DOTALL)
    assert found is not None, html
    inside = found[0].partition("<tbody")[2]
    return [words(row) for row in re.findall(r"<tr\b.*?</tr>", inside, re.DOTALL)]


def test_the_years_are_told_as_the_rule_would_have_read_them(question: Topic) -> None:
    html = section(question)
    assert rows(html, "From the evidence") == [
        f"until 1992 {NOTHING} I1, no treatment of people found 0 0 0",
        "1993 to 2008 experimental E1, treatment not settled 1 0 0",
        "since 2009 variable V2, markers and patients disagree 1 1 0",
    ]
    assert (
        "experimental from 1993 to 2008 and variable since 2009. We have said variable since "
        "21 November 2026 (edition 1)." in words(html)
    )


def test_each_year_leads_to_the_page_as_of_that_year(question: Topic) -> None:
    years = re.findall(r'href="/evidence/T\d+/\?as_of=(\d+)"', section(question))
    assert years == ["1992", "1993", "2008", "2009", "1995", "2005", "2015"]


def test_no_year_before_the_first_evidence_is_offered(question: Topic) -> None:
    question.trials.clear()
    Finding.objects.filter(publication__year=1996).delete()
    html = section(worked_out(question))
    offered = html.partition("This page as of")[2]
    assert re.findall(r"as_of=(\d+)", offered) == ["2005", "2015"]


def test_a_year_alone_is_named_once(question: Topic) -> None:
    Publication.objects.update(year=1994)
    html = section(worked_out(question))
    years = [row.split()[:2] for row in rows(html, "From the evidence")]
    assert years == [["until", "1992"], ["1993", "experimental"], ["since", "1994"]]
    assert html.count("?as_of=1993") == 1


def test_nothing_that_has_not_come_yet_is_told(question: Topic) -> None:
    RulePeriod.objects.filter(topic=question, to_year=9999).update(to_year=2026)
    RulePeriod.objects.create(
        topic=question, from_year=2027, to_year=9999, rule="E1", rule_status="experimental"
    )
    html = section(question)
    assert "2027" not in html
    assert rows(html, "From the evidence")[-1].startswith("since 2009 variable")


def test_both_drawings_are_there_and_each_says_the_course(question: Topic) -> None:
    html = section(question)
    assert html.count('role="img"') == 2
    assert html.count("experimental from 1993 to 2008 and variable since 2009.") == 3
    assert 'class="steps wide"' in html
    assert 'class="steps narrow"' in html


def test_our_editions_are_told_with_when_and_until_when(question: Topic) -> None:
    first = Assessment.objects.get()
    second = replace(first, status=vocab.Status.EXPERIMENTAL)
    begin(second, status=vocab.Status.INVESTIGATED, ground=vocab.Ground.CONFIRMED)
    html = section(question)
    assert rows(html, "From our editions") == [
        "21 Nov 2026 3 Dec 2026 Edition 1 variable",
        "3 Dec 2026 still so Edition 2 experimental",
    ]
    for number in (1, 2):
        assert f'href="/evidence/{question.code}/editions/{number}/"' in html
    assert (
        "We said variable from 21 November 2026 (edition 1) and experimental since "
        "3 December 2026 (edition 2)." in words(html)
    )


def test_what_was_withdrawn_stays_told_and_has_no_page(question: Topic) -> None:
    former = Assessment.objects.get()
    withdraw(replace(former))
    later = examples.assessment(question, status=vocab.Status.EXPERIMENTAL)
    html = section(question)
    assert rows(html, "From our editions") == [
        f"21 Nov 2026 3 Dec 2026 Edition 1 of {former.code} variable",
        f"3 Dec 2026 5 Dec 2026 , withdrawn Edition 2 of {former.code} variable",
        f"5 Dec 2026 still so Edition 1 of {later.code} experimental",
    ]
    assert re.findall(rf'href="/evidence/{question.code}/editions/(\d)/"', html) == ["1"]


def test_what_has_no_date_is_named_with_links_and_stays_out(question: Topic) -> None:
    paper = examples.publication(4, year=None, authors="Gray A", title="Undated")
    undated = examples.finding(question, paper, outcome="Weight")
    question.trials.add(examples.trial("NCT00000001", start="", acronym="SECOND"))
    Approval.objects.create(
        intervention=question.intervention,
        condition=question.condition,
        population=question.population,
        agency=vocab.Agency.EMA,
        **examples.accepted(),
    )
    html = section(worked_out(question))
    text = words(html)
    assert f'<a href="/findings/{undated.code}/">Gray</a>, Weight' in html
    assert '<a href="/trials/NCT00000001/">SECOND</a>' in html
    assert f'<a href="/interventions/{question.intervention.slug}/#approvals">' in html
    assert "1 finding from a source without a year" in text
    assert "1 trial without a start date" in text
    assert "1 approval without a year" in text
    assert len(rows(html, "From the evidence")) == 3


@pytest.mark.parametrize(
    "status", [vocab.RecruitmentStatus.WITHDRAWN, vocab.RecruitmentStatus.NOT_YET_RECRUITING]
)
def test_a_trial_that_never_began_is_not_missed_for_its_date(question: Topic, status: str) -> None:
    question.trials.add(examples.trial("NCT00000001", start="", recruitment_status=status))
    assert "NCT00000001" not in section(worked_out(question))


def test_an_approval_of_something_around_il2_is_not_missed_for_its_year(question: Topic) -> None:
    given = {"intervention": question.intervention, "condition": question.condition}
    for agency, also in (
        (vocab.Agency.EMA, {"population": question.population, "substance_is_il2": False}),
        (vocab.Agency.FDA, {"population": vocab.Population.CHILD}),
    ):
        Approval.objects.create(agency=agency, **given, **also, **examples.accepted())
    assert "without a year" not in section(worked_out(question))


def test_where_everything_has_a_date_nothing_is_said_of_missing_ones(question: Topic) -> None:
    assert "What has no date" not in section(question)
    assert "Today" not in words(section(question))


def test_where_what_has_no_date_changes_the_word_that_is_said(question: Topic) -> None:
    Finding.objects.all().delete()
    question.trials.clear()
    question.trials.add(examples.trial("NCT00000001", start=""))
    text = words(section(worked_out(question)))
    assert "the rule says investigated (no treatment of people found) in every year" in text
    assert "Today, with what has no date, the rule says experimental , by line E1." in text


def test_a_retracted_finding_is_no_square_in_the_drawing(question: Topic) -> None:
    def squares() -> int:
        told = course(question)
        assert told is not None
        assert told.drawn is not None
        return told.drawn.wide.count('class="finding"')

    assert squares() == 2
    Publication.objects.filter(year=1996).update(standing=vocab.Standing.RETRACTED)
    assert squares() == 1


def test_it_says_that_directions_are_as_today_s_readers_code_them(question: Topic) -> None:
    assert "with their directions as today" in section(question)


def test_of_a_role_that_the_rule_does_not_read_only_our_editions_are_shown() -> None:
    asked = examples.topic(role=vocab.Role.HOST_DEFENCE)
    given = {"status": vocab.Status.INVESTIGATED, "ground": vocab.Ground.NO_TREATMENT}
    examples.assessment(asked, **given)
    html = section(worked_out(asked))
    assert "The rule reads only the roles treatment, prevention and vaccine adjuvant" in html
    assert rows(html, "From our editions") == [f"5 Dec 2026 still so Edition 1 {NOTHING}"]
    assert '<svg class="steps' not in html
    assert "From the evidence" not in html
    assert "as_of" not in html


def test_a_question_without_any_evidence_has_a_course() -> None:
    asked = examples.topic()
    examples.assessment(asked)
    html = section(worked_out(asked))
    assert [row.split(" I1")[0] for row in rows(html, "From the evidence")] == [
        f"every year {NOTHING}"
    ]
    assert "none dated" in html


def test_a_topic_that_the_rule_never_read_has_no_course() -> None:
    asked = examples.topic()
    examples.assessment(asked)
    assert course(asked) is None


def test_names_from_the_database_stay_text(question: Topic) -> None:
    question.condition.name = '<b>"HIV" & others</b>'
    question.condition.save()
    html = section(Topic.objects.get(pk=question.pk))
    assert "<b>&quot;HIV" not in html
    assert "&lt;b&gt;&quot;HIV&quot; &amp; others&lt;/b&gt;" in html


def queries(asked: Topic, **given: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        through_time(asked, **given)
    return len(captured)


def test_a_long_course_takes_as_many_queries_as_a_short_one(question: Topic) -> None:
    asked = Topic.objects.select_related("condition", "intervention").get(pk=question.pk)
    assert queries(asked, findings=[], trials=[], approvals=[]) == 2
    edition = Assessment.objects.get()
    for number in range(2, 9):
        edition = replace(edition, number=number, days=number)
    for year in range(1997, 2008):
        paper = examples.publication(100 + year, year=year)
        examples.finding(question, paper, outcome="Death", direction=vocab.Direction.UNCLEAR)
    worked_out(question)
    assert RulePeriod.objects.filter(topic=question).count() > 8
    assert queries(asked, findings=[], trials=[], approvals=[]) == 2


def test_the_page_of_a_topic_has_the_section(client: Client, question: Topic) -> None:
    html = body(client, f"/evidence/{question.code}/")
    assert '<h2 id="through-time">Status through time</h2>' in html
    assert 'href="#through-time"' in html
    assert "since 2009" in words(html)
    assert "style=" not in html
