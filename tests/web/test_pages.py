"""Home counts, the dictionary holds every column, and the rule is explained word for word."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evidence import vocab
from evidence.catalogue import CATALOGUE
from evidence.ledger import derivation, version
from evidence.models import Finding, Topic
from evidence.templatetags.evidence_format import HEAD_LINKS, LISTING_LINKS
from evidence.web import front
from tests.web import examples
from tests.web.published_again import replace
from tests.web.reading import body, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def question() -> Topic:
    return examples.world()


def test_the_home_page_counts_statuses_and_grounds(client: Client, question: Topic) -> None:
    html = body(client, "/")
    assert 'href="/evidence/?status=variable"' in html
    assert re.search(r'<p class="count">1 <small>topic</small>', html)
    assert 'action="/search/"' in html
    assert 'name="q"' in html


def test_the_home_page_has_one_mark_for_each_topic(client: Client, question: Topic) -> None:
    html = body(client, "/")
    marks = re.findall(r'<a class="(\w+)" href="(/evidence/T\d+/)" aria-label="([^"]+)"', html)
    name = "Intermittent subcutaneous IL-2 for HIV infection, in adults: variable"
    assert marks == [("variable", f"/evidence/{question.code}/", name)]
    assert "Neonatal disorders" not in words(html)


def test_the_site_was_last_reviewed_when_any_judgement_was(client: Client, question: Topic) -> None:
    assert "Last reviewed by a person not yet" in words(body(client, "/"))
    finding = Finding.objects.order_by("pk")[0]
    replace(finding, reviewed_at=dt.datetime(2026, 5, 4, tzinfo=dt.UTC))
    version.bump()
    assert "Last reviewed by a person 4 May 2026" in words(body(client, "/"))


@pytest.mark.parametrize("path", ["/", "/about/"])
def test_two_people_are_not_claimed_of_starter_evidence(
    path: str, client: Client, question: Topic
) -> None:
    said = words(body(client, path)).partition("wo people ")[2].partition(".")[0]
    assert "starter evidence says of itself that no second person has read it yet" in said


def test_many_topics_of_an_area_are_counted_instead(
    client: Client, question: Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "MOST_MARKS", 0)
    html = body(client, "/")
    assert 'href="/evidence/?area=infectious&amp;status=variable"' in html
    assert 'aria-label="Intermittent' not in html
    assert "1 variable" in words(html)


def test_each_status_has_the_topic_that_most_studies_are_about(
    client: Client, question: Topic
) -> None:
    other = examples.topic(population=vocab.Population.CHILD)
    examples.assessment(other, summary="Fewer studies. A second sentence.")
    derivation.rederive()
    text = words(body(client, "/"))
    assert "IL-2 for HIV infection, in adults : CD4 counts rise; deaths do not fall." in text
    Topic.objects.filter(pk=other.pk).update(studies_count=9)
    text = words(body(client, "/"))
    assert "in children : Fewer studies." in text
    assert "A second sentence" not in text


def test_home_says_so_where_nothing_is_published(client: Client) -> None:
    text = words(body(client, "/"))
    assert "Nothing is published yet." in text
    assert "0 topics" in text
    assert "Where the evidence is" not in text


def test_home_asks_as_much_of_one_topic_as_of_many(client: Client, question: Topic) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            body(client, "/")
        return len(queries)

    one = asked()
    for number in range(12):
        drug = examples.intervention(f"Drug {number}", f"drug-{number}")
        status = vocab.Status.values[number % 3]
        ground = vocab.Ground.APPROVED if status == vocab.Status.INVESTIGATED else ""
        examples.assessment(examples.topic(intervention=drug), status=status, ground=ground)
    version.bump()
    assert asked() == one


def test_about_says_under_which_licences(client: Client) -> None:
    text = words(body(client, "/about/"))
    assert "The code is under the MIT licence" in text
    assert "CC0 1.0" in text


def test_about_gives_the_definitions_word_for_word(client: Client) -> None:
    text = words(body(client, "/about/"))
    for definition in vocab.STATUS_DEFINITIONS.values():
        assert definition in text
    for rule in vocab.Rule:
        assert str(rule.value) in text
    for statement in ("ID22", "ID25", "NE26"):
        assert f'id="{statement}"' in body(client, "/about/")


def test_a_contact_gives_a_way_to_write(client: Client, question: Topic, settings: object) -> None:
    path = f"/evidence/{question.code}/"
    without = words(body(client, path))
    assert "Suggest a correction" not in without
    assert "write to whoever runs this copy of the site" in without
    settings.IL2TRACKER_CONTACT = "curators@example.org"
    assert 'href="mailto:curators@example.org?subject=Correction' in body(client, path)
    settings.IL2TRACKER_CONTACT = "javascript:alert(1)"
    assert "javascript" not in body(client, path)


def test_the_foot_links_to_every_listing_and_the_head_to_eight_pages(client: Client) -> None:
    assert [name for name, _ in LISTING_LINKS] == [n for n, one in CATALOGUE.items() if not one.of]
    html = body(client, "/about/")
    head, foot = html.partition("<main")[0], html.partition("</main>")[2]
    assert [f'<a href="/{name}/"' in head for name, _ in HEAD_LINKS].count(True) == 8
    for name in CATALOGUE:
        assert f'href="/{name}/"' in foot
    assert '<a href="/about/" aria-current="page">' in head


def test_the_dictionary_has_every_column_and_filter(client: Client) -> None:
    html = body(client, "/data/")
    for listing in CATALOGUE.values():
        assert f'<h2 id="{listing.name}">' in html
        assert f'href="/{listing.name}.csv"' in html
        for key in [column.key for column in listing.columns] + [*listing.filterset.base_filters]:
            assert f"<code>{key}</code>" in html, (listing.name, key)
