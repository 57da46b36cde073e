"""Every edition that was published stays readable as it was, and nothing else has an address."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evidence import vocab
from evidence.models import Assessment, Finding, HarmReport, Publication, Topic, Trial
from tests.web import examples
from tests.web.published_again import begin, replace, withdraw
from tests.web.reading import body, words

pytestmark = pytest.mark.django_db

HOST = "http://127.0.0.1:8000"
# What each kind of judgement says, and what its next edition says instead.
WORDS = {
    "findings": ("statement", "Said at first.", "Said afterwards."),
    "harms": ("statement", "Said at first.", "Said afterwards."),
    "evidence": ("summary", "Said at first.", "Said afterwards."),
}
KINDS = list(WORDS)


@pytest.fixture
def question() -> Topic:
    return examples.world()


def first_of(kind: str) -> Any:
    """The published judgement of a kind, in its first words."""
    model = {"findings": Finding, "harms": HarmReport, "evidence": Assessment}[kind]
    field, first, _ = WORDS[kind]
    found = model.objects.order_by("pk").first()
    model.objects.filter(pk=found.pk).update(**{field: first})
    found.refresh_from_db()
    return found


def path_of(edition: Any) -> str:
    if isinstance(edition, Assessment):
        return f"/evidence/T{edition.topic_id}/"
    return f"/{'findings' if isinstance(edition, Finding) else 'harms'}/{edition.code}/"


def next_of(edition: Any, kind: str, **given: Any) -> Any:
    field, _, later = WORDS[kind]
    return replace(edition, **{field: later} | given)


@pytest.mark.parametrize("kind", KINDS)
def test_an_edition_that_was_replaced_reads_as_it_did(
    client: Client, question: Topic, kind: str
) -> None:
    first = first_of(kind)
    next_of(first, kind)
    page = path_of(first)
    html = body(client, f"{page}editions/1/")
    text = sentences(html)
    assert "Said at first." in text
    assert "Said afterwards." not in text
    assert "This is edition 1. Edition 2 replaced it on 3 December 2026." in text
    assert html.index('class="place"') < html.index("<h1")
    assert f'<a href="{page}">See the current edition</a>' in html
    assert f'rel="canonical" href="{HOST}{page}editions/1/"' in html
    assert re.search(r"<title>[^<]+, edition 1 · il2tracker</title>", html)
    assert "Said afterwards." in body(client, page)


@pytest.mark.parametrize("kind", KINDS)
def test_the_current_edition_has_an_address_that_stays(
    client: Client, question: Topic, kind: str
) -> None:
    next_of(first_of(kind), kind)
    page = path_of(first_of(kind))
    html = body(client, f"{page}editions/2/")
    assert "This is edition 2, the current one." in words(html)
    assert "Said afterwards." in words(html)
    assert f'rel="canonical" href="{HOST}{page}"' in html


@pytest.mark.parametrize("kind", KINDS)
def test_pages_are_cited_by_the_edition_that_they_show(
    client: Client, question: Topic, kind: str
) -> None:
    next_of(first_of(kind), kind)
    page = path_of(first_of(kind))
    for address, number in ((page, 2), (f"{page}editions/1/", 1)):
        text = words(body(client, address))
        assert f"edition {number}: " in text
        assert f"&lt;{HOST}{page}editions/{number}/&gt;" in text
    html = body(client, page)
    assert "Edition 2, published 3 December 2026 ·" in words(html)
    assert f'href="{page}history/"' in html


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", ["draft", "in-review"])
def test_a_next_edition_has_no_address_before_it_is_published(
    client: Client, question: Topic, kind: str, state: str
) -> None:
    first = first_of(kind)
    page = path_of(first)
    never = body(client, f"{page}editions/2/", status=404)
    before = body(client, page)
    given = {"submitted_by": examples.person("x"), "submitted_at": "2026-11-21T09:00Z"}
    begin(first, **{WORDS[kind][0]: "Secret"}, state=state, **given if state == "in-review" else {})
    assert body(client, f"{page}editions/2/", status=404) == never
    assert body(client, page) == before
    code = page.split("/")[2]
    assert f"There is no edition 2 of {word_of(kind)} {code}." in words(never)


def sentences(html: str) -> str:
    """The text of a page without the spaces that tags leave before stops."""
    return re.sub(r" ([.,])", r"\1", words(html))


def word_of(kind: str) -> str:
    return {"findings": "finding", "harms": "harm report", "evidence": "topic"}[kind]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", ["0", "7", "01", "+1", "1e3", "٣", "one", "9" * 18, "9" * 300])
def test_an_edition_that_never_was_is_missing_in_words(
    client: Client, question: Topic, kind: str, number: str
) -> None:
    page = path_of(first_of(kind))
    text = words(body(client, f"{page}editions/{number}/", status=404))
    assert f"There is no edition {number[:120]}" in text


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/findings/F99/editions/1/", "There is no finding F99."),
        ("/harms/h1/editions/1/", "There is no harm report h1."),
        ("/evidence/T99/editions/1/", "There is no topic T99."),
    ],
)
def test_an_edition_of_nothing_names_what_there_is_not(
    client: Client, path: str, sentence: str
) -> None:
    assert sentence in body(client, path, status=404)


def test_discarded_drafts_leave_gaps_that_mean_nothing(client: Client, question: Topic) -> None:
    first = first_of("findings")
    third = replace(first, number=3)
    replace(third, number=7, days=4)
    page = path_of(first)
    text = sentences(body(client, f"{page}editions/1/"))
    assert "Edition 3 replaced it on 3 December 2026. See the current edition, edition 7." in text
    assert "Edition 7 replaced it on 5 December" in words(body(client, f"{page}editions/3/"))
    body(client, f"{page}editions/2/", status=404)


@pytest.mark.parametrize("kind", KINDS)
def test_a_withdrawn_judgement_is_gone_at_all_its_addresses(
    client: Client, question: Topic, kind: str
) -> None:
    first = first_of(kind)
    second = next_of(first, kind)
    other = examples.finding(question, Publication.objects.get())
    withdraw(second, successor=other.record)
    page = path_of(first)
    answers = {
        address: body(client, address, status=410)
        for address in (page, f"{page}editions/1/", f"{page}editions/2/", f"{page}history/")
    }
    assert set(answers.values()) == {answers[page]}
    assert "because: The figures were of another trial." in words(answers[page])
    assert f'href="/findings/{other.code}/"' in answers[page]


def test_an_edition_that_was_withdrawn_says_so_where_a_later_one_is_published(
    client: Client, question: Topic
) -> None:
    first = first_of("findings")
    second = replace(first)
    withdraw(second)
    replace(second, days=9, number=4)
    page = path_of(first)
    html = body(client, f"{page}editions/2/", status=410)
    assert f"Edition 2 of finding {first.code} has been withdrawn" in words(html)
    assert f'href="{page}"' in html
    assert "Edition 2 replaced it" in words(body(client, f"{page}editions/1/"))
    body(client, f"{page}editions/4/")


def test_a_topics_addresses_are_of_the_assessment_that_is_published(
    client: Client, question: Topic
) -> None:
    first = Assessment.objects.get()
    second = replace(first)
    withdraw(second)
    examples.assessment(question, summary="Judged anew.", status="experimental")
    page = f"/evidence/{question.code}/"
    assert "Judged anew." in body(client, page)
    edition = words(body(client, f"{page}editions/1/"))
    assert "Judged anew." in edition
    assert "An earlier assessment of this topic was withdrawn" in edition
    gone = words(body(client, f"{page}editions/2/", status=410))
    assert f"Edition 2 of topic {question.code} has been withdrawn" in gone


def test_an_older_assessment_comes_without_todays_evidence(client: Client, question: Topic) -> None:
    replace(Assessment.objects.get())
    page = f"/evidence/{question.code}/"
    html = body(client, f"{page}editions/1/")
    assert "those of today, and not part of it" in words(html)
    assert Finding.objects.first().code not in html
    assert HarmReport.objects.get().code not in html


def test_who_wrote_and_who_read_are_named_where_they_have_a_name(
    client: Client, question: Topic
) -> None:
    replace(first_of("findings"), conflict_of_interest="Worked with the trial's sponsor in 2019.")
    html = body(client, path_of(Finding.objects.first()))
    text = words(html)
    assert "Written by Ada Moss, read and published by a second reader." in text
    assert "conflicts of interest: Worked with the trial&#x27;s sponsor in 2019." in text
    assert "moss-a" not in html
    assert "roe-b" not in html


def test_nothing_links_to_a_source_that_is_no_longer_accepted(
    client: Client, question: Topic
) -> None:
    first = first_of("findings")
    paper, study = examples.publication(7), examples.trial("NCT00000007", acronym="OTHER")
    replace(first, publication=paper, trial=study)
    Publication.objects.exclude(pk=paper.pk).update(accepted_at=None)
    Trial.objects.exclude(pk=study.pk).update(accepted_at=None)
    html = body(client, f"{path_of(first)}editions/1/")
    assert "ESPRIT" in html
    links = re.findall(r'href="(/[^"#]*)', html)
    assert links
    for link in links:
        if not link.startswith(("/static/", "/admin/")):
            assert client.get(link).status_code == 200, link


def test_an_older_edition_does_not_link_to_a_topic_without_a_page(
    client: Client, question: Topic
) -> None:
    first = first_of("findings")
    hidden = examples.topic(population=vocab.Population.CHILD)
    Finding.objects.filter(pk=first.pk).update(topic=hidden)
    replace(first)
    assert f"/evidence/{hidden.code}/" not in body(client, f"{path_of(first)}editions/1/")


@pytest.mark.parametrize("kind", KINDS)
def test_a_parameter_changes_nothing_and_nothing_is_kept(
    client: Client, question: Topic, kind: str
) -> None:
    address = f"{path_of(first_of(kind))}editions/1/"
    response = client.get(f"{address}?x=1")
    assert response.content == client.get(address).content
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert client.post(address).status_code == 405
    assert not re.search(
        r"\sstyle=|<style|<script(?! src=| type=.application/ld)|csrf|nonce",
        response.content.decode(),
    )


@pytest.mark.parametrize("kind", KINDS)
def test_queries_do_not_grow_with_editions(client: Client, question: Topic, kind: str) -> None:
    latest = next_of(first_of(kind), kind)
    page = path_of(latest)

    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            body(client, address)
        return len(queries)

    addresses = (page, f"{page}editions/1/")
    before = [count(address) for address in addresses]
    for days in range(3, 7):
        latest = next_of(latest, kind, days=days)
    assert [count(address) for address in addresses] == before
