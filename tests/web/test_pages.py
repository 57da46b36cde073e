"""Home counts, the dictionary holds every column, and the rule is explained word for word."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from evidence import vocab
from evidence.catalogue import CATALOGUE
from evidence.models import Topic
from evidence.templatetags.evidence_format import LISTING_LINKS
from tests.web import examples
from tests.web.reading import body, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def question() -> Topic:
    return examples.world()


def test_the_home_page_counts_statuses_and_grounds(client: Client, question: Topic) -> None:
    html = body(client, "/")
    assert 'href="/evidence/?status=variable"' in html
    assert re.search(r'<p class="count">1 <small>topic</small>', html)
    assert 'action="/evidence/"' in html
    assert 'name="q"' in html


def test_the_home_page_counts_areas_by_status(client: Client, question: Topic) -> None:
    html = body(client, "/")
    assert 'href="/evidence/?area=infectious&amp;status=variable"' in html
    assert 'href="/evidence/?area=infectious&amp;status=experimental"' not in html
    assert "Neonatal disorders" not in words(html)


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
    assert 'href="mailto:curators@example.org"' in body(client, path)
    settings.IL2TRACKER_CONTACT = "javascript:alert(1)"
    assert "javascript" not in body(client, path)


def test_the_head_links_to_every_listing() -> None:
    assert [name for name, _ in LISTING_LINKS] == [n for n, one in CATALOGUE.items() if not one.of]


def test_the_dictionary_has_every_column_and_filter(client: Client) -> None:
    html = body(client, "/data/")
    for listing in CATALOGUE.values():
        assert f'<h2 id="{listing.name}">' in html
        assert f'href="/{listing.name}.csv"' in html
        for key in [column.key for column in listing.columns] + [*listing.filterset.base_filters]:
            assert f"<code>{key}</code>" in html, (listing.name, key)
