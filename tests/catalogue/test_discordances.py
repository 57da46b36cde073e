"""Every topic on which studies, or markers and patients, disagree, with both sides named."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from evidence.ledger import derivation
from evidence.models import Outcome, Topic
from tests.catalogue.asked import codes, ids, listing, row
from tests.web import examples
from tests.web.reading import body, words

pytestmark = pytest.mark.django_db

OWN_SERIES = {"trial": None, "outcome_group": None}


@pytest.fixture
def question() -> Topic:
    """A topic on which markers and patients disagree, within one trial."""
    return examples.world()


def add(topic: Topic, *, pmid: int, year: int | None = 2012, **given: Any) -> str:
    """Publish a finding of another study, and give its code."""
    paper = examples.publication(pmid=pmid, year=year, authors=f"Author{pmid} A")
    found = examples.finding(topic, paper, **OWN_SERIES | given)
    derivation.rederive()
    return found.code


def test_markers_and_patients_disagree_with_both_sides_named(question: Topic) -> None:
    one = row("discordances")
    good, bad = (
        question.findings.get(direction=word).code for word in ("favours", "no-difference")
    )
    assert one["id"] == question.code
    assert (one["what"], one["rule"]) == ("markers and patients disagree [V2]", "V2")
    assert one["favours"] == f"ESPRIT: CD4 count, 2009 ({good}) [V2]"
    assert one["against"] == (
        f"ESPRIT: Opportunistic disease or death, no difference, 2009 ({bad}) [V2]"
    )
    assert (one["findings"], one["pmids"]) == (f"{good}; {bad}", "19828532")
    assert (one["status"], one["rule_status"]) == ("variable", "variable")


def test_both_lines_are_said_where_both_hold(question: Topic) -> None:
    code = add(question, pmid=5, direction="favours", outcome="Death; any cause")
    one = row("discordances")
    assert one["what"] == "studies disagree [V1]; markers and patients disagree [V2]"
    assert one["rule"] == "V1"
    sides = one["favours"].split("; ")
    assert len(sides) == 2
    assert any(side.endswith(f": Death, any cause, 2012 ({code}) [V1]") for side in sides)
    assert any(side.startswith("ESPRIT: CD4") and side.endswith(" [V2]") for side in sides)
    assert one["against"].endswith(" [V1, V2]")
    assert code in one["findings"].split("; ")
    assert one["pmids"] == "5; 19828532"
    for key in ("favours", "against"):
        about = listing("discordances").column(key).about
        assert "V1, studies disagree; V2, markers and patients disagree." in about


def test_a_result_that_no_line_rests_on_is_on_neither_side(question: Topic) -> None:
    other = Outcome.objects.create(name="Weight", slug="weight", kind="surrogate")
    code = add(
        question,
        pmid=5,
        direction="no-difference",
        outcome_kind="surrogate",
        outcome="Weight",
        outcome_group=other,
    )
    assert code in str(question.__class__.objects.get(pk=question.pk).rule_trace)
    one = row("discordances")
    assert code not in one["favours"] + one["against"] + one["findings"]
    assert one["pmids"] == "19828532"


def test_a_harm_says_that_it_is_one(question: Topic) -> None:
    code = add(question, pmid=5, direction="harm", outcome="Death")
    assert f"Death, harm, 2012 ({code}) [V2]" in row("discordances")["against"]


def test_topics_on_which_all_agree_are_not_there(client: Client) -> None:
    topic = examples.topic()
    examples.assessment(topic)
    add(topic, pmid=5, direction="favours")
    assert ids("discordances") == []
    assert "There are no discordances yet." in words(body(client, "/discordances/"))


def test_a_topic_that_readers_do_not_see_is_not_there(question: Topic) -> None:
    question.assessments.update(state="superseded")
    assert ids("discordances") == []


def test_it_is_filtered_as_the_evidence_is(question: Topic) -> None:
    assert ids("discordances", "rule=V2&agrees=yes&status=variable") == codes(question)
    assert ids("discordances", "condition=hiv-infection&area=infectious") == codes(question)
    assert ids("discordances", "intervention=intermittent-sc&kind=regimen") == codes(question)
    assert ids("discordances", "role=treatment&population=adult&q=opportunistic") == codes(question)
    for nothing in ("rule=V1", "agrees=no", "population=child", "q=zzyzx"):
        assert ids("discordances", nothing) == []


def test_the_page_names_both_sides_and_leads_to_the_topic(client: Client, question: Topic) -> None:
    html = body(client, "/discordances/")
    table = html[html.index("<tbody") : html.index("</table>")]
    assert f'href="/evidence/{question.code}/"' in table
    assert "ESPRIT: CD4 count, 2009" in words(table)
    assert "ESPRIT: Opportunistic disease or death, no difference, 2009" in words(table)
    for finding in question.findings.all():
        link = f'(<a href="/findings/{finding.code}/">{finding.code}</a>)'
        assert f'{link} <span class="nw">[V2]</span></span>' in table


def test_it_is_led_to_from_the_evidence_the_foot_and_the_dictionary(
    client: Client, question: Topic
) -> None:
    evidence = body(client, "/evidence/")
    main = evidence[evidence.index("<main") : evidence.index("</main>")]
    assert 'href="/discordances/"' in main
    assert 'href="/discordances/"' in evidence[evidence.index("<footer") :]
    head = evidence[evidence.index("<header") : evidence.index("</header>")]
    assert "/discordances/" not in head
    assert 'href="/discordances/"' in body(client, "/data/")


def test_a_trace_of_another_shape_is_no_fault(client: Client, question: Topic) -> None:
    Topic.objects.filter(pk=question.pk).update(rule_trace={})
    one = row("discordances")
    assert (one["what"], one["favours"], one["against"]) == ("", "", "")
    assert (one["findings"], one["pmids"]) == ("", "")
    assert body(client, "/discordances/")
