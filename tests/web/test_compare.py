"""Interventions, or conditions, side by side: every count leads to as many rows."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from evidence import vocab
from evidence.models import AdverseEffect, Approval, CellTarget, Condition, Intervention, Topic
from tests.web import examples
from tests.web.reading import body, words

pytestmark = pytest.mark.django_db

COUNT = re.compile(r'<a href="(/[a-z]+/\?[^"]*)">([0-9,]+) ([a-z]+)</a>')
BOTH = "/compare/?intervention=aldesleukin&intervention=nemvaleukin"


def rows_in(client: Client, path: str) -> int:
    """How many rows a listing says that it holds."""
    page = words(body(client, f"{path}&size=500"))
    return int(re.search(r"([0-9,]+) of [0-9,]+ ", page)[1].replace(",", ""))


def table(page: str, anchor: str) -> str:
    """The markup under one heading."""
    return page.partition(f'<h2 id="{anchor}">')[2].partition("<h2 ")[0]


def row(part: str, label: str) -> str:
    return next(
        words(one)
        for one in re.findall(r"<tr.*?</tr>", part, re.DOTALL)
        if words(one).startswith(label)
    )


def asked(question: Topic, number: int, **given: Any) -> None:
    """Give a topic an assessment, a finding, a harm report and a trial."""
    study = examples.trial(f"NCT0000{number:04}", start=f"{1990 + number}-03", acronym="")
    study.conditions.add(question.condition)
    study.interventions.add(question.intervention)
    paper = examples.publication(number)
    examples.assessment(question, **given)
    examples.finding(question, paper, trial=study)
    examples.harm(
        paper, topic=question, intervention=question.intervention, affected=number % 50, at_risk=100
    )


@pytest.fixture
def world() -> None:
    """Two forms of IL-2 with HIV in common, and a variant of the first."""
    first = examples.intervention(
        "Aldesleukin",
        "aldesleukin",
        kind=vocab.InterventionKind.RECOMBINANT,
        stage=vocab.DevelopmentStage.APPROVED,
        usual_routes="subcutaneous\nintravenous bolus",
    )
    first.cell_targets.add(CellTarget.objects.create(name="Natural killer", slug="nk"))
    variant = examples.intervention("Inhaled IL-2", "inhaled", parent=first)
    second = examples.intervention("Nemvaleukin alfa", "nemvaleukin")
    melanoma = examples.condition("Melanoma", "melanoma", area=vocab.Area.ONCOLOGY)
    asked(examples.topic(intervention=first), 1)
    asked(examples.topic(intervention=variant), 2, status=vocab.Status.EXPERIMENTAL)
    asked(
        examples.topic(intervention=second),
        3,
        status=vocab.Status.INVESTIGATED,
        ground=vocab.Ground.CONFIRMED,
    )
    asked(examples.topic(intervention=first, condition=melanoma), 4)
    Approval.objects.create(
        intervention=first,
        condition=melanoma,
        population=vocab.Population.ADULT,
        agency=vocab.Agency.FDA,
        from_year=1998,
        **examples.accepted(),
    )


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    "path", [BOTH, "/compare/?condition=hiv-infection&condition=melanoma"], ids=["IL-2", "in"]
)
def test_every_count_leads_to_as_many_rows(client: Client, path: str) -> None:
    counts = COUNT.findall(body(client, path))
    assert {noun.rstrip("s") for _, _, noun in counts} == {"topic", "finding", "report", "trial"}
    for address, count, _ in counts:
        assert rows_in(client, html.unescape(address)) == int(count), address


@pytest.mark.usefixtures("world")
def test_what_stands_under_a_term_is_counted_with_it(client: Client) -> None:
    page = body(client, BOTH)
    assert row(table(page, "statuses"), "All") == "All 3 topics 1 topic"
    assert row(table(page, "findings"), "All") == "All 3 findings 1 finding"
    trials = table(page, "trials")
    assert row(trials, "All") == "All 3 trials 1 trial"
    assert row(trials, "Started") == "Started 1991 to 1994 1993"


@pytest.mark.usefixtures("world")
def test_trials_without_a_start_or_a_phase_are_counted(client: Client) -> None:
    silent = examples.trial("NCT00009999", start="", acronym="")
    silent.phase_rows.all().delete()
    silent.interventions.add(Intervention.objects.get(slug="aldesleukin"))
    trials = table(body(client, BOTH), "trials")
    assert row(trials, "Started") == ("Started 1991 to 1994 of 3 with a start; 1 not reported 1993")
    assert row(trials, "Phase not reported") == "Phase not reported 1 trial 0"


@pytest.mark.usefixtures("world")
def test_what_is_not_known_of_a_condition_leads_to_its_page(client: Client) -> None:
    Condition.objects.filter(slug="melanoma").update(unknowns="Which dose is enough.")
    page = body(client, "/compare/?condition=hiv-infection&condition=melanoma")
    said = row(table(page, "about"), "What is not known")
    assert said == "What is not known as its page works it out Which dose is enough."
    assert 'href="/conditions/hiv-infection/#unknown"' in page


@pytest.mark.usefixtures("world")
def test_a_term_under_another_is_said_to_be_counted_twice(client: Client) -> None:
    said = words(body(client, "/compare/?intervention=inhaled&intervention=aldesleukin"))
    assert "Inhaled IL-2 stands under aldesleukin: what is counted for it is counted" in said
    assert "stands under" not in words(body(client, BOTH)).replace("all that stands under it", "")


@pytest.mark.usefixtures("world")
def test_investigated_is_never_shown_without_its_ground(client: Client) -> None:
    page = body(client, BOTH)
    for anchor in ("statuses", "in-common"):
        part = words(table(page, anchor))
        assert "investigated confirmatory evidence agrees" in part
        bare = re.sub(
            r"investigated (confirmatory evidence agrees|no treatment of people found"
            r"|an approved use)",
            "",
            part,
        )
        assert "investigated" not in bare


@pytest.mark.usefixtures("world")
def test_what_both_have_topics_in_leads_to_the_topic_or_the_list_of_them(client: Client) -> None:
    part = table(body(client, BOTH), "in-common")
    single = Topic.objects.get(intervention__slug="nemvaleukin")
    assert f'<a href="/evidence/{single.code}/">{single.code}</a>' in part
    assert "Melanoma" not in part
    said = row(part, "HIV infection")
    assert said.startswith("HIV infection experimental T")


@pytest.mark.usefixtures("world")
def test_what_they_are_stands_first(client: Client) -> None:
    part = table(body(client, BOTH), "about")
    assert row(part, "Kind") == "Kind recombinant regimen"
    assert row(part, "Usual routes").startswith("Usual routes subcutaneous; intravenous bolus not")
    assert row(part, "Cell targets") == "Cell targets Natural killer not reported"
    assert row(part, "Approved uses") == "Approved uses melanoma, adults: FDA, 1998 we hold none"


@pytest.mark.usefixtures("world")
def test_harms_give_reports_and_the_percents_they_lie_between_and_add_nobody_up(
    client: Client,
) -> None:
    part = table(body(client, BOTH), "harms")
    assert "Collected: grade 4 only" in words(part)
    said = row(part, "Capillary leak syndrome")
    assert said == "Capillary leak syndrome 3 reports 1.0 to 4.0 % 1 report 3.0 %"
    assert "300" not in words(part)


@pytest.mark.usefixtures("world")
def test_unlike_collections_stand_apart_and_unlike_thresholds_give_no_percent(
    client: Client,
) -> None:
    fever = AdverseEffect.objects.create(
        name="Fever", slug="fever", organ_system="General disorders"
    )
    for number, slug in ((11, "aldesleukin"), (12, "nemvaleukin")):
        given_ = Intervention.objects.get(slug=slug)
        paper = examples.publication(number)
        about = {"intervention": given_, "adverse_effect": fever, "affected": 5, "at_risk": 10}
        above = {"collected": vocab.Collected.ABOVE_THRESHOLD, "collected_note": "in 5 %"}
        examples.harm(paper, **about, **above)
    examples.harm(
        paper, intervention=given_, adverse_effect=fever, collected=vocab.Collected.ALL_GRADES
    )
    part = table(body(client, BOTH), "harms")
    assert row(part, "Fever") == "Fever 1 report 1 report"
    assert "all grades" not in words(part)


@pytest.mark.usefixtures("world")
def test_a_percent_that_is_printed_and_one_worked_out_stand_in_one_range(client: Client) -> None:
    leak = {"adverse_effect": examples.effect(), "affected": None, "at_risk": None}
    printed = {"percent": 0.4, "comparator": vocab.Comparator.NONE}
    none = {"comparator_affected": None, "comparator_at_risk": None}
    examples.harm(
        examples.publication(20),
        intervention=Intervention.objects.get(slug="nemvaleukin"),
        **leak,
        **printed,
        **none,
    )
    said = row(table(body(client, BOTH), "harms"), "Capillary leak syndrome")
    assert said.endswith("2 reports 0.40 to 3.0 %")


@pytest.mark.usefixtures("world")
def test_terms_stand_in_the_order_in_which_they_were_asked_for_each_once(client: Client) -> None:
    path = "/compare/?intervention=nemvaleukin&intervention=aldesleukin&intervention=nemvaleukin"
    page = body(client, path)
    assert "<h1>Nemvaleukin alfa and aldesleukin side by side</h1>" in page
    heads = re.search(r"<thead.*?</thead>", page, re.DOTALL)[0]
    assert words(heads) == "What it is Nemvaleukin alfa Aldesleukin"


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("intervention=aldesleukin&condition=melanoma", "Interventions are compared with"),
        ("intervntion=aldesleukin", "no key called “intervntion” here. Did you mean intervention?"),
        ("intervention=aldesleukn&intervention=inhaled", "Did you mean aldesleukin? Known:"),
        ("condition=a&condition=b&condition=c&condition=d&condition=e", "At most 4 conditions"),
        ("condition=melanoma&page=2", "no key called “page”"),
        ("condition=melanoma&as_of=2005", "cannot be asked for with as_of"),
    ],
)
def test_what_cannot_be_compared_gets_a_sentence_and_nothing_else(
    client: Client, query: str, said: str
) -> None:
    page = words(body(client, f"/compare/?{query}", status=400))
    assert said in page
    assert "Topics by status" not in page


@pytest.mark.usefixtures("world")
def test_keys_of_other_sites_and_empty_fields_ask_nothing(client: Client) -> None:
    page = body(client, f"{BOTH}&intervention=&condition=&utm_source=letter&as_of=")
    assert "Aldesleukin and nemvaleukin alfa side by side" in words(page)


@pytest.mark.usefixtures("world")
def test_a_merged_term_leads_to_the_comparison_with_the_one_in_its_place(client: Client) -> None:
    new = Intervention.objects.get(slug="nemvaleukin")
    examples.intervention("ALKS 4230", "alks-4230", merged_into=new)
    response = client.get("/compare/?intervention=aldesleukin&intervention=alks-4230")
    assert response.status_code == 301
    assert response["Location"] == BOTH
    # With the one that it was merged into there is one left, and the form asks for another.
    alone = client.get("/compare/?intervention=nemvaleukin&intervention=alks-4230", follow=True)
    assert "Choose what to compare nemvaleukin alfa with." in words(alone.content.decode())


@pytest.mark.usefixtures("world")
def test_a_form_asks_for_what_is_missing_and_keeps_what_was_given(client: Client) -> None:
    page = body(client, "/compare/")
    assert page.count("<select") == 8
    given_ = body(client, "/compare/?condition=melanoma")
    assert given_.count("<select") == 4
    assert given_.count("selected>Melanoma</option>") == 1
    assert "Choose what to compare melanoma with." in words(given_)


@pytest.mark.usefixtures("world")
def test_the_form_offers_what_has_a_topic_itself_or_under_it(client: Client) -> None:
    wider = Condition.objects.create(name="Infection", slug="infection", area="infectious")
    Condition.objects.filter(slug="hiv-infection").update(parent=wider)
    examples.condition("Leprosy", "leprosy")
    page = body(client, "/compare/")
    assert 'value="infection"' in page
    assert "Leprosy" not in page
    assert ">Leprosy</option>" in body(client, "/compare/?condition=leprosy")


def test_an_empty_site_says_that_there_is_nothing_to_compare(client: Client) -> None:
    assert "there is nothing to compare" in words(body(client, "/compare/"))
    examples.condition("Leprosy", "leprosy")
    examples.condition("Lupus", "lupus")
    page = words(body(client, "/compare/?condition=leprosy&condition=lupus"))
    assert "No intervention is in topics of two of them." in page
    assert "That is not a report of no harm." in page
    assert "None of them has a topic yet." in page


@pytest.mark.usefixtures("world")
def test_drafts_count_nowhere(client: Client) -> None:
    before = body(client, BOTH)
    draft = {"state": vocab.State.DRAFT, "origin": vocab.Origin.CURATOR, "published_at": None}
    second = Intervention.objects.get(slug="nemvaleukin")
    question = Topic.objects.get(intervention=second)
    leprosy = examples.condition("Leprosy", "leprosy")
    examples.assessment(examples.topic(intervention=second, condition=leprosy), **draft)
    paper = examples.publication(30, accepted_at=None, origin=vocab.Origin.CURATOR)
    examples.finding(question, paper, **draft)
    examples.harm(paper, intervention=second, **draft)
    study = examples.trial("NCT00009999", accepted_at=None, origin=vocab.Origin.CURATOR)
    study.interventions.add(second)
    assert body(client, BOTH) == before


@pytest.mark.usefixtures("world")
def test_queries_do_not_grow_with_what_is_compared(client: Client) -> None:
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as asked_:
            body(client, path)
        return len(asked_)

    before = queries(BOTH)
    for number in range(40, 52):
        condition = examples.condition(f"Condition {number}", f"condition-{number}")
        for slug in ("aldesleukin", "nemvaleukin"):
            given_ = Intervention.objects.get(slug=slug)
            asked(
                examples.topic(intervention=given_, condition=condition),
                number + (100 if slug == "aldesleukin" else 0),
            )
    assert queries(BOTH) == before
    assert queries(f"{BOTH}&intervention=inhaled&intervention=") == before


class AnyQuery(TestCase):
    """No query breaks the page."""

    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["intervention", "condition", "as_of", "utm_x", ""]) | st.text(),
                st.sampled_from(["aldesleukin", "melanoma", "", "\0", "2005"]) | st.text(),
            ),
            max_size=6,
        )
    )
    def test_any_query_is_answered(self, pairs: list[tuple[str, str]]) -> None:
        """Whatever is asked gets the page, another address or a sentence."""
        asked_: dict[str, list[str]] = {}
        for key, value in pairs:
            safe = (text.encode("utf-8", "replace").decode() for text in (key, value))
            key_, value_ = safe
            asked_.setdefault(key_, []).append(value_)
        assert self.client.get("/compare/", asked_).status_code in {200, 301, 400}
