"""A condition's page says what is so, in this order: what was tried, found, and is not known."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evidence import vocab
from evidence.ledger import derivation
from evidence.models import Condition, Topic
from tests.web import examples
from tests.web.reading import body, words

pytestmark = pytest.mark.django_db
PATH = "/conditions/sepsis/"
NO_TREATMENT = {
    "status": vocab.Status.INVESTIGATED,
    "ground": vocab.Ground.NO_TREATMENT,
    "direction": vocab.TopicDirection.NO_DATA,
}


@pytest.fixture
def sepsis() -> Condition:
    return examples.condition("Sepsis", "sepsis", area=vocab.Area.NEONATAL)


def ask(of: Condition, **given: Any) -> Any:
    """A published topic with a role, a population, a status and a number of studies."""
    studies = given.pop("studies", 0)
    topic = {key: given.pop(key) for key in ("role", "population", "intervention") if key in given}
    question = examples.topic(condition=of, **topic)
    examples.assessment(question, **given)
    Topic.objects.filter(pk=question.pk).update(studies_count=studies)
    return question


def lead(client: Client, path: str = PATH) -> str:
    found = re.search(r'<p class="lead">(.*?)</p>', body(client, path))
    assert found is not None
    return words(found[1])


def test_a_condition_without_topics_says_so(client: Client, sepsis: Condition) -> None:
    assert lead(client) == "We hold nothing on IL-2 in sepsis yet."
    text = words(body(client, PATH))
    assert "missing study" in text
    for claim in ("No trial has given", "held here on", "Looked", "nobody with this condition"):
        assert claim not in text, "nobody has searched"


def test_what_was_measured_and_proposed_is_not_called_tried(
    client: Client, sepsis: Condition
) -> None:
    ask(sepsis, role="biomarker", population="neonate", studies=2, **NO_TREATMENT)
    ask(sepsis, role="proposed-treatment", population="neonate-preterm", **NO_TREATMENT)
    assert lead(client) == (
        "IL-2 has been measured as a marker and proposed as a treatment in newborn babies. "
        "No study that we hold has tried it as a treatment."
    )


def test_what_no_study_is_entered_of_is_not_called_studied(
    client: Client, sepsis: Condition
) -> None:
    for role in ("biomarker", "pathogenesis", "host-defence", "proposed-treatment"):
        ask(sepsis, role=role, population="neonate", **NO_TREATMENT)
    assert lead(client) == (
        "IL-2 has been named as a marker, named for a part in the disease, named for a part in "
        "host defence and proposed as a treatment in newborn babies. "
        "No study that we hold has tried it as a treatment."
    )


def test_one_topic_has_its_status_with_its_ground(client: Client, sepsis: Condition) -> None:
    ask(sepsis, status=vocab.Status.INVESTIGATED, ground=vocab.Ground.APPROVED)
    assert lead(client) == (
        "IL-2 has been tried as a treatment in adults. "
        "The status of the one topic is investigated (an approved use)."
    )


def test_several_topics_are_counted_by_status(client: Client, sepsis: Condition) -> None:
    ask(sepsis, status=vocab.Status.EXPERIMENTAL)
    ask(sepsis, status=vocab.Status.EXPERIMENTAL, population="child")
    ask(sepsis, status=vocab.Status.VARIABLE, population="infant")
    ask(sepsis, role="host-defence", population="any", studies=1, **NO_TREATMENT)
    assert lead(client) == (
        "IL-2 has been tried as a treatment in infants, children and adults. "
        "Of three topics, two are experimental and one variable. "
        "It has also been studied for its part in host defence."
    )


def test_the_rules_other_word_is_said(client: Client) -> None:
    question = examples.world()
    assert question.rule_status != vocab.Status.EXPERIMENTAL
    question.assessments.update(status=vocab.Status.EXPERIMENTAL)
    said = lead(client, "/conditions/hiv-infection/")
    assert f"is experimental; the rule says {question.rule_status}." in said


def test_a_narrower_condition_counts(client: Client, sepsis: Condition) -> None:
    ask(examples.condition("Late sepsis", "late-sepsis", parent=sepsis))
    assert "tried as a treatment" in lead(client)


def test_trials_without_a_topic_are_said(client: Client, sepsis: Condition) -> None:
    examples.trial().conditions.add(sepsis)
    assert lead(client) == "1 trial is held here, and no topic says yet what it shows."


def test_where_nobody_was_treated_it_says_where_it_was_looked_for(
    client: Client, sepsis: Condition
) -> None:
    question = ask(sepsis, role="proposed-treatment", population="neonate", **NO_TREATMENT)
    mice = examples.finding(
        question,
        examples.publication(),
        subjects=vocab.Subjects.ANIMAL,
        statement="Mice were given something else.",
    )
    text = words(body(client, PATH))
    assert "No trial has given IL-2 to newborn babies with this condition" in text
    assert "it is not proof that none exists" in text
    assert "our searches" not in text, "what is held is no search"
    assert "0 trials and 1 publication held here" in text
    assert "Mice were given something else." in text
    assert f'/findings/{mice.code}/"' in body(client, PATH)
    assert "We do not borrow those results for babies." in text
    assert "nobody with this condition was given IL-2" in text


def test_what_is_not_known_is_worked_out_from_what_is_held(client: Client) -> None:
    question = examples.world()
    quiet = examples.trial("NCT00000001", acronym="QUIET")
    quiet.conditions.add(question.condition)
    text = words(body(client, "/conditions/hiv-infection/"))
    assert "What 1 of the 2 trials found: no results of it are posted" in text
    assert "no finding here is on a clinical outcome" not in text
    assert "no harm report is held" not in text


def test_the_page_reads_from_the_question_to_what_is_unknown(client: Client) -> None:
    examples.world()
    html = body(client, "/conditions/hiv-infection/")
    order = ["topics", "approvals", "findings", "harms", "trials", "considerations", "unknown"]
    places = [html.index(f'id="{name}"') for name in [*order, "cite"]]
    assert places == sorted(places)
    assert html.count("<h1>") == 1


def test_only_the_newest_findings_of_a_kind_stand_there(client: Client) -> None:
    question = examples.world()
    for year in range(1980, 2000):
        paper = examples.publication(pmid=year, year=year)
        examples.finding(question, paper, outcome=f"Outcome of {year}")
    html = body(client, "/conditions/hiv-infection/")
    assert "Outcome of 1999" in html
    assert "Outcome of 1981" not in html
    assert "All 22 findings as a list" in words(html)


def test_the_newest_of_each_topic_stands_there_however_old(client: Client) -> None:
    question = examples.world()
    for year in range(1980, 2000):
        examples.finding(question, examples.publication(pmid=year, year=year))
    high = examples.topic(intervention=examples.intervention("High-dose IL-2", "high-dose"))
    examples.assessment(high)
    for year in (1970, 1971):
        paper = examples.publication(pmid=year, year=year)
        examples.finding(high, paper, outcome=f"Outcome of {year}")
    html = body(client, "/conditions/hiv-infection/")
    assert "Outcome of 1971" in html
    assert "Outcome of 1970" not in html


def test_findings_on_safety_are_led_to_where_no_harm_report_is_held(client: Client) -> None:
    question = examples.world()
    examples.finding(question, examples.publication(2), outcome_kind=vocab.OutcomeKind.SAFETY)
    assert "finding on safety" not in words(body(client, "/conditions/hiv-infection/"))
    question.harm_reports.all().delete()
    html = body(client, "/conditions/hiv-infection/")
    assert "1 finding on safety is held, and may count harms." in words(html)
    asked = "/findings/?condition=hiv-infection&outcome_kind=safety"
    assert asked.replace("&", "&amp;") in html
    assert "1 of " in words(body(client, asked))


def test_the_number_of_queries_is_constant(client: Client) -> None:
    examples.world()

    def asked() -> int:
        derivation.rederive()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            body(client, "/conditions/hiv-infection/")
        return len(queries)

    one = asked()
    for number in range(10):
        drug = examples.intervention(f"Drug {number}", f"drug-{number}")
        question = examples.topic(intervention=drug)
        examples.assessment(question)
        examples.finding(question, examples.publication(pmid=number + 1))
        examples.trial(f"NCT1000000{number}").conditions.add(question.condition)
    assert asked() == one


def test_of_many_topics_the_most_studied_stand_there(client: Client, sepsis: Condition) -> None:
    for number in range(22):
        drug = examples.intervention(f"Drug {number}", f"drug-{number}")
        question = ask(sepsis, intervention=drug)
        Topic.objects.filter(pk=question.pk).update(studies_count=number)
    html = body(client, PATH)
    assert '<a href="/evidence/?condition=sepsis&amp;role=treatment">2 more in the list</a>' in html
    topics = html.partition('id="topics"')[2].partition("</table>")[0]
    assert "Drug 21<" in topics
    assert "Drug 1<" not in topics
