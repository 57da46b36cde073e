"""A topic as of a year: what the rule would have said, plainly told apart from our own word."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evidence import vocab
from evidence.ledger import derivation
from evidence.ledger.as_of import this_year
from evidence.models import Approval, Assessment, Outcome, RulePeriod, Topic
from evidence.models.periods import FIRST_YEAR, LAST_YEAR
from evidence.web.as_of import Word, neighbours
from tests.web import examples
from tests.web.published_again import withdraw
from tests.web.reading import body, words

pytestmark = pytest.mark.django_db

HOST = "http://127.0.0.1:8000"


@pytest.fixture
def question() -> Topic:
    """A first trial in 1993, a marker in its favour in 2003, no benefit to patients in 2009."""
    asked = examples.topic()
    examples.assessment(asked)
    asked.trials.add(examples.trial("NCT00000001", acronym="FIRST", start="1993-05"))
    asked.trials.add(examples.trial("NCT00000002", acronym="WHENEVER", start=""))
    asked.trials.add(examples.trial("NCT00000004", acronym="LAST", start="2012"))
    group = Outcome.objects.create(name="CD4 count", slug="cd4-count", kind="surrogate")
    examples.finding(
        asked,
        examples.publication(1, authors="Early A", year=2003),
        outcome="CD4 count",
        outcome_kind=vocab.OutcomeKind.SURROGATE,
        outcome_group=group,
        direction=vocab.Direction.FAVOURS,
    )
    examples.finding(asked, examples.publication(2, authors="Late B", year=2009))
    examples.finding(
        asked, examples.publication(3, authors="Undated C", year=None), outcome="Undated outcome"
    )
    Approval.objects.create(
        intervention=asked.intervention,
        condition=asked.condition,
        population=asked.population,
        agency=vocab.Agency.FDA,
        from_year=2015,
        withdrawn_year=2018,
        **examples.accepted(),
    )
    derivation.rederive()
    return asked


def as_of(client: Client, topic: Topic, year: int | str, *, status: int = 200) -> str:
    return body(client, f"/evidence/{topic.code}/?as_of={year}", status=status)


def section(html: str, heading: str) -> str:
    """What stands under a heading, up to the next of its size."""
    start = html.index(f'<h2 id="{heading}"')
    return html[start : html.index("<h2", start + 5)]


def test_a_year_is_plainly_the_rules_word_and_not_the_curators(
    client: Client, question: Topic
) -> None:
    html = as_of(client, question, 2005)
    note = html.index("<b>This is the rule")
    assert html.index("<h1") < note < html.index('<section class="verdict experimental"')
    assert (
        "At the end of 2005 the rule would have said experimental, from dated evidence alone."
        in words(html)
    )
    assert "Today we say variable ." in words(html)
    assert Assessment.objects.get().summary not in html


def test_a_year_says_when_a_person_last_reviewed_the_topic(client: Client, question: Topic) -> None:
    author, reviewer = examples.person("author"), examples.person("reviewer")
    read_on = dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC)
    people = {"author": author, "reviewer": reviewer, "origin": vocab.Origin.CURATOR}
    Assessment.objects.public().update(reviewed_at=read_on, **people)
    for html in (as_of(client, question, 2005), body(client, f"/evidence/{question.code}/")):
        assert "Last reviewed by a person 4 May 2026" in words(html)


def test_a_year_has_an_address_a_title_and_a_citation_of_its_own(
    client: Client, question: Topic
) -> None:
    html = as_of(client, question, 2005)
    address = f"{HOST}/evidence/{question.code}/?as_of=2005"
    assert f'rel="canonical" href="{address}"' in html
    assert re.search(r"<title>[^<]+, in adults, as of 2005 · il2tracker</title>", html)
    assert re.search(r"<h1>.*, in adults, as of 2005</h1>", html)
    text = words(html)
    assert f"topic {question.code} as of 2005, by the rule: " in text
    assert f"&lt;{address}&gt;" in text


@pytest.mark.parametrize(
    ("year", "status", "rule"),
    [
        (FIRST_YEAR, "investigated", "I1"),
        (1992, "investigated", "I1"),
        (1993, "experimental", "E1"),
        (2008, "experimental", "E1"),
        (2009, "variable", "V2"),
        (2016, "variable", "V2"),
    ],
)
def test_each_year_says_what_the_rule_would_have_said_at_its_end(
    client: Client, question: Topic, year: int, status: str, rule: str
) -> None:
    html = as_of(client, question, year)
    assert f'<section class="verdict {status}"' in html
    assert f'<a href="/about/status/#{rule}">{rule}</a>' in section(html, "why")


def test_the_current_year_says_today(client: Client, question: Topic) -> None:
    text = words(as_of(client, question, this_year()))
    said = f"Up to today in {this_year()} the rule says variable, from dated evidence alone."
    assert said in text
    assert "Known today 2 findings, 2 trials begun or reported Approval" in text
    assert "Dated findings known today" in text
    assert "by then" not in text


def test_what_appeared_later_is_in_no_table_and_is_named_as_left_out(
    client: Client, question: Topic
) -> None:
    html = as_of(client, question, 2005)
    known = words(section(html, "findings"))
    assert "Early 2003" in known
    assert "Late 2009" not in known
    trials = words(section(html, "trials"))
    assert "FIRST" in trials
    assert "LAST" not in trials
    why = words(section(html, "why"))
    assert "It appeared later, in 2009. Late 2009 , Opportunistic disease or death" in why
    assert "It starts later: 2012. LAST" in why
    assert "It was given later, in 2015. FDA, HIV infection" in why
    assert "Late 2009" in words(section(as_of(client, question, 2009), "findings"))


def test_what_has_no_date_stays_out_of_every_year_and_is_named(
    client: Client, question: Topic
) -> None:
    for year in (2005, this_year()):
        html = as_of(client, question, year)
        assert "Without a date 1 finding and 1 trial: out of every year" in words(html)
        assert "Undated outcome" not in section(html, "findings")
        assert "WHENEVER" not in section(html, "trials")
        why = words(section(html, "why"))
        assert "so nobody can say when it was known. Undated , Undated outcome" in why
        assert "stays out of every year. WHENEVER" in why


def table_of(client: Client, path: str) -> list[dict[str, str]]:
    """The rows of a CSV."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    text = b"".join(answer) if answer.streaming else answer.content
    return [*csv.DictReader(io.StringIO(text.decode("utf-8-sig")))]


def links_of(html: str) -> list[str]:
    return [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]+\.csv\?[^"]+)"', html)]


@pytest.fixture
def reported(question: Topic) -> Topic:
    """The same with trials that are known by their findings, and with one never begun."""
    elsewhere = examples.trial("NCT00000005", acronym="ELSEWHERE", start="2001")
    undated = examples.trial("NCT00000006", acronym="REPORTED", start="")
    question.trials.add(
        undated,
        examples.trial(
            "NCT00000007",
            acronym="GIVEN UP",
            start="2004",
            recruitment_status=vocab.RecruitmentStatus.WITHDRAWN,
        ),
    )
    examples.finding(question, examples.publication(4, year=2004), trial=undated)
    examples.finding(question, examples.publication(5, year=2008), trial=elsewhere)
    derivation.rederive()
    return question


@pytest.mark.parametrize("year", [FIRST_YEAR, 1993, 2003, 2004, 2007, 2008, 2012, "now"])
def test_a_year_counts_what_the_listing_counts_and_lists_it(
    client: Client, reported: Topic, year: int | str
) -> None:
    year = this_year() if year == "now" else year
    html = as_of(client, reported, year)
    of_findings, of_evidence = links_of(html) if ".csv?topic" in html else ["", *links_of(html)]
    (row,) = table_of(client, of_evidence)
    assert (row["id"], row["as_of"]) == (reported.code, str(year))
    (counts,) = re.findall(r"(\d+) findings?, (\d+) trials? begun or reported", html)
    assert counts == (row["findings"], row["trials"])
    listed = re.findall(r'class="name" href="/trials/', section(html, "trials"))
    assert len(listed) == int(row["trials"])
    known = re.findall(r'class="name" href="/findings/(F\d+)/', section(html, "findings"))
    taken = table_of(client, of_findings) if of_findings else []
    assert sorted(known) == sorted(row["id"] for row in taken)
    assert len(known) == int(row["findings"])


def test_a_trial_is_known_from_its_findings_where_nothing_else_dates_it(
    client: Client, reported: Topic
) -> None:
    assert "REPORTED" not in section(as_of(client, reported, 2003), "trials")
    html = as_of(client, reported, 2004)
    assert "REPORTED" in section(html, "trials")
    assert "ELSEWHERE" not in section(html, "trials")  # begun in 2001, and of no topic by itself
    assert "ELSEWHERE" in section(as_of(client, reported, 2008), "trials")


def test_a_trial_that_never_began_is_of_no_year(client: Client, reported: Topic) -> None:
    for year in (2003, 2004, 2026):
        assert "GIVEN UP" not in section(as_of(client, reported, year), "trials")
    assert "GIVEN UP" in section(body(client, f"/evidence/{reported.code}/"), "trials")


def test_todays_page_lists_the_trials_of_its_findings_too(client: Client, reported: Topic) -> None:
    html = body(client, f"/evidence/{reported.code}/")
    reported.refresh_from_db()
    assert reported.trials_count == 6
    assert len(re.findall(r'class="name" href="/trials/', section(html, "trials"))) == 6
    course = section(html, "through-time")
    assert "WHENEVER" in course
    assert "REPORTED" not in course  # its findings have years


def test_a_word_that_undated_evidence_makes_another_today_says_so_and_which(
    client: Client,
) -> None:
    asked = examples.topic()
    examples.assessment(asked)
    asked.trials.add(examples.trial("NCT00000002", acronym="WHENEVER", start=""))
    derivation.rederive()
    for year in (2005, this_year() - 1, this_year()):
        html = as_of(client, asked, year)
        text = words(html)
        assert (
            "said investigated (no" in text or f"in {year} the rule says investigated (no" in text
        )
        today = "Today the rule also reads what has no date (1 trial, named below ), and says"
        assert f"{today} experimental , by line E1." in text
        assert 'href="#left-out">named below</a>' in html
        assert 'id="left-out"' in html


def test_a_word_that_dated_evidence_changed_since_is_not_put_down_to_undated(
    client: Client, question: Topic
) -> None:
    # What is dated made it variable, and what has no date changes nothing.
    for year in (1990, 2005, 2016, this_year()):
        assert "Today the rule also reads" not in as_of(client, question, year)


@pytest.mark.parametrize(
    ("yearless", "said"),
    [
        (1, "Approval one is held whose year was not seen (EMA, in adults)"),
        (2, "Approval 2 are held whose years were not seen (EMA, in adults; MHRA, in adults)"),
    ],
)
def test_an_approval_whose_year_was_not_seen_is_said_to_be_held(
    client: Client, question: Topic, yearless: int, said: str
) -> None:
    for agency in (vocab.Agency.EMA, vocab.Agency.MHRA)[:yearless]:
        Approval.objects.create(
            intervention=question.intervention,
            condition=question.condition,
            population=question.population,
            agency=agency,
            withdrawn_year=2017,
            **examples.accepted(),
        )
    text = words(as_of(client, question, 2005))
    assert said in text
    assert "we hold none" not in text
    beside = said.removeprefix("Approval ")
    assert f"FDA, 2015 to 2018, in adults; {beside}" in words(as_of(client, question, 2016))
    assert "not seen (" not in words(as_of(client, question, 2017))  # all withdrawn by then


@pytest.mark.parametrize(
    ("year", "held"), [(2014, False), (2015, True), (2017, True), (2018, False)]
)
def test_approvals_are_those_in_force_then(
    client: Client, question: Topic, year: int, held: bool
) -> None:
    text = words(as_of(client, question, year))
    assert ("FDA, 2015 to 2018, in adults" in text) is held
    assert ("we hold none that was in force then" in text) is not held


def test_the_years_before_and_after_which_the_word_changed_are_linked(
    client: Client, question: Topic
) -> None:
    html = as_of(client, question, 2005)
    assert '<a href="?as_of=1992">Until 1992</a>' in html
    assert '<a href="?as_of=2009">From 2009</a>' in html
    assert f'<a href="/evidence/{question.code}/">Today</a>' in html
    assert "Until" not in words(as_of(client, question, 1980)).partition("Why the rule")[0]
    assert "From " not in words(as_of(client, question, 2016)).partition("Why the rule")[0]


def test_periods_that_say_the_same_are_one(question: Topic) -> None:
    periods = [
        RulePeriod(from_year=first, to_year=last, rule_status=status, rule_ground=ground)
        for first, last, status, ground in (
            (1970, 1990, "investigated", "no-treatment-found"),
            (1991, 1994, "experimental", ""),
            (1995, 2000, "experimental", ""),
            (2001, LAST_YEAR, "investigated", "approved-use"),
        )
    ]
    before = Word(from_year=1970, to_year=1990, status="investigated", ground="no-treatment-found")
    after = Word(from_year=2001, to_year=LAST_YEAR, status="investigated", ground="approved-use")
    for year in (1991, 1994, 1995, 2000):
        assert neighbours(periods, year=year) == (before, after)
    assert neighbours(periods, year=1970)[0] is None
    assert neighbours(periods, year=2020)[1] is None
    assert neighbours([], year=2020) == (None, None)


def test_todays_page_asks_for_a_year(client: Client, question: Topic) -> None:
    html = body(client, f"/evidence/{question.code}/")
    (form,) = re.findall(r'<form class="ask-year.*?</form>', html, re.DOTALL)
    assert f'action="/evidence/{question.code}/"' in form
    assert f'name="as_of" type="number" required min="{FIRST_YEAR}" max="{this_year()}"' in form
    # This year's end is today, of which the page itself speaks, with what has no date.
    assert f'value="{this_year() - 1}"' in form


@pytest.mark.parametrize(
    "wrong", ["1969", "2027", "9999", "0", "-5", "20x5", "2005.5", " 2005", "٢٠٠٥", "9" * 30, "x"]
)
def test_a_year_that_there_is_not_is_refused_with_the_key_and_the_range(
    client: Client, question: Topic, wrong: str
) -> None:
    text = words(as_of(client, question, wrong, status=400))
    assert f"as_of: “{wrong}” is not a year from {FIRST_YEAR} to {this_year()}." in text
    assert "<table" not in text


def test_two_years_are_refused(client: Client, question: Topic) -> None:
    query = "as_of=2005&as_of=2006"
    text = words(body(client, f"/evidence/{question.code}/?{query}", status=400))
    assert "as_of can be given once only; it stands here 2 times." in text
    for same in ("as_of=2005&as_of=2005", "as_of=&as_of=2005"):
        assert "as of 2005" in body(client, f"/evidence/{question.code}/?{same}")


@pytest.mark.parametrize("key", ["asof", "as-of", "As_Of", "asOf", "as_off", "_as_of", "as_of[]"])
def test_a_misspelt_key_is_refused_with_the_one_that_was_meant(
    client: Client, question: Topic, key: str
) -> None:
    text = words(body(client, f"/evidence/{question.code}/?{key}=2005", status=400))
    assert f"There is no filter called “{key}” here. Did you mean as_of?" in text
    assert f"a year from {FIRST_YEAR} to {this_year()}" in text


@pytest.mark.parametrize(
    "query", ["utm_source=x", "ref=mail", "q=il-2", "page=2", "as_of=", "x", "utm_as_of=2005"]
)
def test_what_asks_for_no_year_shows_today(client: Client, question: Topic, query: str) -> None:
    page = f"/evidence/{question.code}/"
    assert body(client, f"{page}?{query}") == body(client, page)


def test_a_topic_that_is_not_public_has_no_years(client: Client, question: Topic) -> None:
    body(client, "/evidence/T99999/?as_of=2005", status=404)
    withdraw(Assessment.objects.get())
    assert "has been withdrawn" in as_of(client, question, 2005, status=410)


def test_a_topic_without_evidence_is_investigated_in_every_year(client: Client) -> None:
    asked = examples.topic()
    examples.assessment(asked)
    for year in (FIRST_YEAR, 2005, this_year()):
        html = as_of(client, asked, year)  # its periods have never been worked out
        assert '<section class="verdict investigated"' in html
        assert "No finding with a date " in html
        assert "No trial of this question that we hold had begun or reported by then." in html


def test_a_year_shows_no_draft(client: Client, question: Topic) -> None:
    before = as_of(client, question, 2005)
    secret = {"state": "draft", "published_at": None, "origin": "import"}
    paper = examples.publication(9, year=1999, authors="Secret S")
    examples.finding(question, paper, **secret)
    question.trials.add(examples.trial("NCT00000009", accepted_at=None, start="1990"))
    derivation.rederive()
    assert as_of(client, question, 2005) == before


def test_queries_do_not_grow_with_what_was_known(client: Client, question: Topic) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            as_of(client, question, 2005)
        return len(queries)

    first = examples.publication(99, year=2001)
    examples.finding(question, first, trial=examples.trial("NCT00000099", start="2001"))
    before = count()
    for number in range(8):
        study = examples.trial(f"NCT0000010{number}", start="2001")
        question.trials.add(study)
        paper = examples.publication(100 + number, year=2000 + number)
        examples.finding(question, paper, trial=study)
        narrow = examples.condition(f"HIV {number}", f"hiv-{number}", parent=question.condition)
        examples.finding(examples.topic(condition=narrow), paper)
    derivation.rederive()
    assert count() == before
