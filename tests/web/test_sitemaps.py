"""What search engines are told of: every public page, and nothing else."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from urllib.robotparser import RobotFileParser

import pytest
from django.test import Client

from evidence import vocab
from evidence.models import Topic
from evidence.web import sitemaps
from tests.web import examples
from tests.web.reading import body

pytestmark = pytest.mark.django_db
LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


@pytest.fixture
def question() -> Topic:
    return examples.world()


def paths(client: Client, path: str) -> list[str]:
    root = ET.fromstring(client.get(path).content)  # noqa: S314 - our own text
    return ["/" + (one.text or "").split("/", 3)[3] for one in root.iter(LOCATION)]


def test_every_page_of_the_map_is_there_and_says_that_it_is_the_one(
    client: Client, question: Topic
) -> None:
    found = paths(client, "/sitemap.xml")
    assert f"/evidence/{question.code}/" in found
    assert len(found) == len(set(found)) > 20
    for path in found:
        html = body(client, path)
        assert f'{path}">' in html.partition("</head>")[0], path


def test_what_is_not_public_is_not_on_the_map(client: Client, question: Topic) -> None:
    before = client.get("/sitemap.xml").content
    examples.publication(pmid=8, accepted_at=None)
    examples.finding(
        question,
        examples.publication(pmid=9, accepted_at=None),
        state=vocab.State.DRAFT,
        published_at=None,
    )
    examples.condition("AIDS", "aids-old", merged_into=question.condition)
    assert client.get("/sitemap.xml").content == before


def test_too_many_pages_make_several_maps(
    client: Client, question: Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = paths(client, "/sitemap.xml")
    monkeypatch.setattr(sitemaps, "MOST", 10)
    maps = paths(client, "/sitemap.xml")
    assert maps == [f"/sitemap-{n}.xml" for n in range(1, -(-len(whole) // 10) + 1)]
    assert [page for one in maps for page in paths(client, one)] == whole
    for number in ("0", str(len(maps) + 1), "9" * 30):
        assert client.get(f"/sitemap-{number}.xml").status_code == 404


def test_robots_may_read_all_but_the_admin_and_what_a_search_finds(client: Client) -> None:
    robots = RobotFileParser()
    robots.parse(body(client, "/robots.txt").splitlines())
    assert robots.can_fetch("*", "/evidence/T1/")
    assert not robots.can_fetch("*", "/admin/login/")
    assert not robots.can_fetch("*", "/search/?q=IL-2")
    (map_of_site,) = robots.site_maps() or []
    assert map_of_site.endswith("/sitemap.xml")
