"""How statuses are decided is told from the declarations that decide them."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from evidence import vocab
from evidence.assess import CONFIRMATORY_PEOPLE, RULE_VERSION
from evidence.assess.examples import EXAMPLES
from evidence.models import Topic
from tests.web import examples
from tests.web.reading import body, words

pytestmark = pytest.mark.django_db


def line_of(html: str, rule: vocab.Rule) -> str:
    """The section on one line of the rule."""
    found = re.search(rf'<section class="line" id="{rule}">.*?</section>', html, re.DOTALL)
    assert found is not None, rule
    return found[0]


def plain(html: str) -> str:
    """The words, with no space before a stop that followed a tag."""
    return re.sub(r" ([.,;:)])", r"\1", words(html))


@pytest.mark.parametrize("rule", vocab.Rule)
def test_each_line_says_when_it_holds_with_an_example_worked_by_the_rule(
    client: Client, rule: vocab.Rule
) -> None:
    text = plain(line_of(body(client, "/about/status/"), rule))
    assert f"{rule}: {rule.label} {vocab.RULE_STATUS[rule]}" in text
    assert plain(vocab.RULE_WHEN[rule]) in text
    if rule in vocab.RULE_GROUND:
        assert f"on the ground: {vocab.RULE_GROUND[rule].label}" in text
    example = EXAMPLES[rule]
    assert example.derivation.rule == rule
    for fact in example.told:
        assert fact.study in text
        assert fact.result in text
        assert fact.aside in text
    for line in example.derivation.trace.lines:
        assert line.sentence in text


def test_each_line_leads_to_the_topics_that_stand_on_it(client: Client) -> None:
    question = examples.world()
    html = body(client, "/about/status/")
    target = "/evidence/?rule=V2"
    assert f'<a href="{target}">1 published topic stands on this line</a>' in line_of(
        html, vocab.Rule.V2
    )
    assert f"/evidence/{question.code}/" in body(client, target)
    assert "No published topic stands on this line today" in line_of(html, vocab.Rule.E1)


def test_a_topic_without_a_published_assessment_is_not_counted(client: Client) -> None:
    examples.world()
    before = body(client, "/about/status/")
    other = examples.topic(role=vocab.Role.PREVENTION)
    Topic.objects.filter(pk=other.pk).update(rule="V2", rule_status="variable")
    assert body(client, "/about/status/") == before


def test_the_rule_is_told_with_its_version_and_its_convention(client: Client) -> None:
    text = words(body(client, "/about/status/"))
    assert f"This is version {RULE_VERSION}." in text
    assert f"The {CONFIRMATORY_PEOPLE} people of line I3 are a convention" in text
    assert "rederive --dry-run" in text
    for definition in vocab.STATUS_DEFINITIONS.values():
        assert definition in text


def test_each_line_of_the_short_form_leads_to_the_long_one(client: Client) -> None:
    html = body(client, "/about/")
    for rule in vocab.Rule:
        assert f'href="/about/status/#{rule}">{rule}</a>' in html
        assert plain(vocab.RULE_WHEN[rule]) in plain(html)


def test_every_page_leads_to_both(client: Client) -> None:
    html = body(client, "/data/")
    foot = html[html.index('<footer class="foot">') :]
    assert '<a href="/about/status/">How statuses are decided</a>' in foot
    assert '<a href="/about/">About</a>' in foot
