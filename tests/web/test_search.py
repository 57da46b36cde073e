"""The search page: the box keeps what was typed, results are links, faults are sentences."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from evidence.ledger import index, version
from evidence.models import Finding
from tests.web import examples
from tests.web.reading import body, words

pytestmark = pytest.mark.django_db

TAGS = re.compile(r"<[^>]+>")


@pytest.fixture(autouse=True)
def held() -> None:
    examples.world()
    index.rebuild()
    version.bump()


def box(page: str) -> str:
    found = re.search(r'<input[^>]*name="q"[^>]*>', page)
    assert found is not None
    value = re.search(r'value="([^"]*)"', found[0])
    return unescape(value[1]) if value else ""


def test_results_stand_in_groups_that_can_be_jumped_to(client: Client) -> None:
    page = body(client, "/search/?q=hiv")
    targets = re.findall(r'<a href="#([a-z-]+)">', page.split("<main")[1])
    assert targets == ["topic", "condition", "trial", "publication", "finding", "harm"]
    for target in targets:
        assert f'id="{target}"' in page
        assert f'aria-labelledby="{target}-head"' in page
    assert "Interventions 0" in words(page)
    assert "7 results for “hiv”" in words(page)


def test_a_result_is_a_link_with_the_words_marked_and_a_topic_has_its_status(
    client: Client,
) -> None:
    page = body(client, "/search/?q=hiv")
    topic = re.search(r'<li><a class="name" href="/evidence/T\d+/">(.*?)</li>', page, re.DOTALL)
    assert topic is not None
    assert "<mark>HIV</mark> infection" in topic[1]
    assert "variable" in topic[1]
    assert "treatment · adults" in topic[1]
    assert "CD4 counts rise" in topic[1]


def test_every_result_leads_to_a_page(client: Client) -> None:
    page = body(client, "/search/?q=hiv").split("<main")[1]
    paths = re.findall(r'<a class="name" href="([^"]+)"', page)
    assert len(paths) == 7
    for path in paths:
        body(client, path)


def test_a_long_group_leads_to_all_of_it_in_its_listing(client: Client) -> None:
    topic = Finding.objects.earliest("pk").topic
    for number in range(8):
        examples.finding(topic, examples.publication(1000 + number))
    index.rebuild()
    version.bump()
    page = body(client, "/search/?q=HIV+infection")
    more = re.findall(r'<p class="more"><a href="([^"]+)">', page)
    more = [path for path in more if urlsplit(path).path in {"/publications/", "/findings/"}]
    assert len(more) == 2
    assert {parse_qs(urlsplit(unescape(path)).query)["q"][0] for path in more} == {"HIV infection"}
    assert "10 of 10 findings" in words(body(client, unescape(more[1])))


def test_a_short_group_leads_to_its_listing_as_well(client: Client) -> None:
    page = body(client, "/search/?q=hiv")
    more = re.findall(r'<p class="more"><a href="([^"]+)">', page)
    assert len(more) == 6
    assert "All 2 findings, with filters and CSV" in words(page)
    assert "The same in the list of topics, with filters and CSV" in words(page)


def test_the_best_match_stands_before_the_groups(client: Client) -> None:
    page = body(client, "/search/?q=capillary+leak+syndrome")
    assert page.index('id="best"') < page.index('<nav class="found"')
    best = page.partition('id="best"')[2].partition("</section>")[0]
    assert 'href="/adverse-effects/capillary-leak-syndrome/"' in best
    assert 'id="best"' not in body(client, "/search/?q=syndrome")


def test_the_box_keeps_what_was_typed(client: Client) -> None:
    for typed in ("hiv", '"low-dose IL-2" -x', "<script>", "zzzz", "NCT09999999", "a&b=c"):
        page = client.get("/search/", {"q": typed}).content.decode()
        assert box(page) == typed
        assert "<script>" not in page.split("<main")[1]


def test_an_identifier_leads_straight_to_its_page(client: Client) -> None:
    answer = client.get("/search/", {"q": "nct00004978"})
    assert (answer.status_code, answer["Location"]) == (302, "/trials/NCT00004978/")


def test_an_identifier_that_is_not_held_is_said_so_with_how_to_report_it(
    client: Client, settings: object
) -> None:
    settings.IL2TRACKER_CONTACT = "mail@example.org"  # type: ignore[attr-defined]
    page = body(client, "/search/?q=NCT09999999")
    assert "We hold no trial NCT09999999." in words(page)
    assert "Report a missing study" in words(page)
    assert "mailto:mail@example.org" in page


def test_what_was_meant_is_shown_with_its_results_and_a_link(client: Client) -> None:
    page = body(client, "/search/?q=capilary+leak")
    assert "No result for “capilary leak”. Shown:" in words(page)
    assert 'href="/search/?q=capillary+leak"' in page
    assert box(page) == "capilary leak"
    assert "/adverse-effects/capillary-leak-syndrome/" in page


def test_nothing_found_says_where_it_was_looked_and_what_to_do(client: Client) -> None:
    said = words(body(client, "/search/?q=zzzz+psoriasis"))
    assert "0 results for “zzzz psoriasis”" in said
    assert "1 trial, 1 publication" in said
    assert "It is not proof that no study exists" in said
    page = body(client, "/search/?q=zzzz+psoriasis")
    assert 'href="/search/?q=psoriasis"' in page


@pytest.mark.parametrize("query", ["", "?q=", "?q=++", "?utm_source=x", "?q=&as_of="])
def test_without_a_query_the_page_says_what_can_be_searched(client: Client, query: str) -> None:
    page = body(client, f"/search/{query}")
    examples_ = re.findall(r'<a class="name" href="(/search/\?q=[^"]+)"', page)
    assert len(examples_) >= 5
    for path in examples_:
        assert client.get(unescape(path)).status_code in {200, 302}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?q=" + "x" * 201, "at most 200 characters"),
        ("?q=" + "+".join(["hiv"] * 17), "at most 16"),
    ],
)
def test_too_much_is_refused_in_a_sentence_and_stays_in_the_box(
    client: Client, query: str, said: str
) -> None:
    page = body(client, f"/search/{query}", status=400)
    assert said in words(page)
    assert box(page) == query.removeprefix("?q=").replace("+", " ")
    assert 'role="alert"' in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?query=hiv", "There is nothing called “query” to search by."),
        ("?q=hiv&status=variable", "There is nothing called “status” to search by."),
        ("?q=hiv&page=2", "There is nothing called “page” to search by."),
        ("?Q=hiv", "Did you mean q?"),
        ("?q=hiv&q=tb", "q can be given once only; it stands here 2 times."),
        ("?q=hiv&as_of=2005", "cannot be asked for with as_of"),
        ("?=x", "There is nothing called “” to search by."),
    ],
)
def test_a_key_that_is_not_known_is_a_fault_with_its_name(
    client: Client, query: str, said: str
) -> None:
    assert said in words(body(client, f"/search/{query}", status=400))


def test_search_engines_are_asked_to_leave_results_out_and_may_keep_the_page_itself(
    client: Client,
) -> None:
    assert 'name="robots"' not in body(client, "/search/")
    for query in ("hiv", "zzzz", "capilary+leak"):
        assert '<meta name="robots" content="noindex">' in body(client, f"/search/?q={query}")


def test_the_title_has_the_query_and_a_long_one_in_part(client: Client) -> None:
    assert "<title>“hiv” — search · il2tracker</title>" in body(client, "/search/?q=hiv")
    title = re.findall(r"<title>(.*?)</title>", body(client, "/search/?q=" + "x" * 200))[0]
    assert len(title) < 120


def test_the_whole_page_has_one_h1_one_box_and_an_announcement(client: Client) -> None:
    for query in ("", "?q=hiv", "?q=zzzz", "?q=capilary+leak", "?q=" + "x" * 201):
        page = client.get(f"/search/{query}").content.decode()
        assert page.count("<h1") == 1
        assert page.count('name="q"') == 1
        assert 'role="search"' in page
        if query:
            assert 'role="status"' in page or 'role="alert"' in page
