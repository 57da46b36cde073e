"""Feeds tell what was published, newest first, and nothing that was not."""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ET

import pytest
from django.test import Client
from django.utils import timezone

from evidence import vocab
from evidence.models import Publication, Topic, Trial
from evidence.web.feeds import LISTED, MOST
from tests.web import examples
from tests.web.reading import body

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def question() -> Topic:
    return examples.world()


def read(client: Client, path: str) -> ET.Element:
    response = client.get(path)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(response.content)  # noqa: S314 - our own text


def titles(feed: ET.Element) -> list[str]:
    return [one.findtext(f"{ATOM}title") or "" for one in feed.iter(f"{ATOM}entry")]


def test_a_feed_is_atom_as_its_standard_asks(client: Client, question: Topic) -> None:
    for path in ("/feed.atom", *(f"/{name}.atom" for name in LISTED)):
        feed = read(client, path)
        assert feed.tag == f"{ATOM}feed"
        assert feed.findtext(f"{ATOM}author/{ATOM}name") == "il2tracker"
        own = [one.get("href") for one in feed.findall(f"{ATOM}link") if one.get("rel") == "self"]
        assert own == [feed.findtext(f"{ATOM}id")]
        found = [feed, *feed.findall(f"{ATOM}entry")]
        for one in found:
            assert one.findtext(f"{ATOM}title")
            assert dt.datetime.fromisoformat(one.findtext(f"{ATOM}updated") or "").tzinfo
        ids = [one.findtext(f"{ATOM}id") for one in found]
        assert all(one and one.startswith("http") for one in ids)
        assert len(set(ids)) == len(ids)


def test_every_entry_leads_to_a_page(client: Client, question: Topic) -> None:
    feed = read(client, "/feed.atom")
    links = [one.find(f"{ATOM}link").get("href") for one in feed.iter(f"{ATOM}entry")]
    assert len(links) == 7
    for link in links:
        path = "/" + link.split("/", 3)[3].partition("#")[0]
        assert client.get(path).status_code == 200, link


def test_the_newest_comes_first_and_the_oldest_are_left_out(
    client: Client, question: Topic
) -> None:
    paper = examples.publication(pmid=7)
    for number in range(MOST + 5):
        at = timezone.now() + dt.timedelta(minutes=number)
        examples.finding(question, paper, outcome=f"Outcome {number}", published_at=at)
    found = titles(read(client, "/findings.atom"))
    assert len(found) == MOST
    assert f"Outcome {MOST + 4}:" in found[0]
    assert f"Outcome {MOST + 4}:" in titles(read(client, "/feed.atom"))[0]


def test_a_feed_takes_the_filters_of_its_list(client: Client, question: Topic) -> None:
    assert len(titles(read(client, "/findings.atom?direction=favours"))) == 1
    assert titles(read(client, "/findings.atom?direction=harm")) == []
    html = body(client, "/findings/?direction=favours")
    assert 'type="application/atom+xml"' in html
    assert "/findings.atom?direction=favours" in html


@pytest.mark.parametrize("asked", ["populaton=x", "as_of=2005", "sort=id", "columns=id", "page=2"])
def test_what_a_feed_does_not_know_is_refused(client: Client, question: Topic, asked: str) -> None:
    response = client.get(f"/evidence.atom?{asked}")
    assert response.status_code == 400
    assert response["Content-Type"].startswith("text/plain")


def test_drafts_are_no_news(client: Client, question: Topic) -> None:
    paths = ("/feed.atom", "/evidence.atom", "/findings.atom", "/harms.atom", "/publications.atom")
    before = [body(client, path) for path in paths]
    draft = {"state": vocab.State.DRAFT, "published_at": None}
    examples.finding(question, examples.publication(pmid=8, accepted_at=None), **draft)
    examples.assessment(
        examples.topic(condition=examples.condition("Sepsis", "sepsis")),
        origin=vocab.Origin.CURATOR,
        **draft,
    )
    assert [body(client, path) for path in paths] == before


def test_markup_in_a_title_stays_text(client: Client, question: Topic) -> None:
    examples.finding(question, examples.publication(pmid=9), outcome="<b>p & q</b>\x0b]]>")
    assert any("<b>p & q</b> ]]>" in one for one in titles(read(client, "/findings.atom")))


def test_a_feed_says_that_it_ends_where_the_list_goes_on(client: Client, question: Topic) -> None:
    for path in ("/feed.atom", "/evidence.atom"):
        assert f"newest {MOST} entries" in (read(client, path).findtext(f"{ATOM}subtitle") or "")


def test_a_site_without_evidence_has_empty_feeds(client: Client) -> None:
    for path in ("/feed.atom", *(f"/{name}.atom" for name in LISTED)):
        assert titles(read(client, path)) == []


def test_every_page_leads_to_the_feed_of_the_site(client: Client, question: Topic) -> None:
    for path in ("/", "/about/", f"/evidence/{question.code}/", "/conditions/hiv-infection/"):
        assert "/feed.atom" in body(client, path)
    assert "/evidence.atom?condition=hiv-infection" in body(client, "/conditions/hiv-infection/")


def test_what_xml_has_no_room_for_is_left_out(client: Client, question: Topic) -> None:
    Trial.objects.update(title="Low \x0bdose\ufffe in\uffff children", results_summary="\x1f\uffff")
    Publication.objects.update(title="\x85Dose\ufffe", summary="Of\ufffe adults")
    for path in ("/feed.atom", "/trials.atom", "/publications.atom"):
        assert not any(one in body(client, path) for one in "\x0b\x1f\x85\ufffe\uffff"), path
    assert [one.partition(": ")[2] for one in titles(read(client, "/trials.atom"))] == [
        "Low dose in children"
    ]
