"""Every thing and list can be cited and taken as a reference, and so can the papers behind it."""

from __future__ import annotations

import re
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.test import Client

from evidence import vocab
from evidence.catalogue import CATALOGUE
from evidence.models import Finding, HarmReport, Publication, Topic
from tests.web import examples
from tests.web.reading import body, words
from tests.web.test_references import read_bibtex, read_ris

pytestmark = pytest.mark.django_db


@pytest.fixture
def question() -> Topic:
    return examples.world()


@pytest.fixture
def things(question: Topic) -> dict[str, str]:
    """The path of one thing of each kind."""
    return {
        "topic": f"/evidence/{question.code}/",
        "finding": f"/findings/{Finding.objects.earliest('pk').code}/",
        "harm": f"/harms/{HarmReport.objects.get().code}/",
        "trial": "/trials/NCT00004978/",
        "publication": f"/publications/{Publication.objects.get().code}/",
        "condition": "/conditions/hiv-infection/",
        "intervention": "/interventions/intermittent-sc/",
        "effect": "/adverse-effects/capillary-leak-syndrome/",
    }


def test_every_thing_offers_its_reference_and_its_sources(
    client: Client, things: dict[str, str]
) -> None:
    for path in things.values():
        html = body(client, path)
        for file in ("cite.ris", "cite.bib", "sources.ris", "sources.bib"):
            assert f'href="{path}{file}"' in html, path
            response = client.get(path + file)
            assert response.status_code == 200
            assert "attachment" in response["Content-Disposition"]
        assert 'id="citation"' in html


def test_every_list_offers_its_reference_and_its_sources(client: Client, question: Topic) -> None:
    for name in CATALOGUE:
        html = body(client, f"/{name}/")
        for path in (
            f"/{name}.ris",
            f"/{name}.bib",
            f"/{name}/sources.ris",
            f"/{name}/sources.bib",
        ):
            assert f'href="{path}"' in html, name
            assert client.get(path).status_code == 200


def test_a_topic_is_cited_by_the_address_of_its_edition(
    client: Client, things: dict[str, str]
) -> None:
    (read,) = read_ris(body(client, f"{things['topic']}cite.ris"))
    said = dict(read)
    assert said["UR"].endswith(f"{things['topic']}editions/1/")
    assert said["ET"] == "1"
    assert said["N1"].startswith("Data version ")
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/", said["Y2"])
    (entry,) = read_bibtex(body(client, f"{things['topic']}cite.bib")).values()
    assert entry["url"] == said["UR"]


def test_a_page_and_its_file_name_the_same_address(client: Client, things: dict[str, str]) -> None:
    for path in things.values():
        (read,) = read_ris(body(client, f"{path}cite.ris"))
        cited = re.search(r'id="citation">.*?&lt;(.*?)&gt;', body(client, path))
        assert cited is not None
        assert dict(read)["UR"] == cited[1], path


def test_a_publication_offers_the_paper_itself(client: Client, things: dict[str, str]) -> None:
    (read,) = read_ris(body(client, f"{things['publication']}sources.ris"))
    assert ("TY", "JOUR") in read
    assert [value for tag, value in read if tag == "AU"] == ["First, A.", "Second, B."]
    assert ("AN", "19828532") in read


def test_the_sources_of_a_topic_are_those_of_its_page(client: Client, question: Topic) -> None:
    second = examples.publication(pmid=2, title="Another report")
    examples.finding(question, second)
    unseen = examples.publication(pmid=3, title="A draft is read from it")
    examples.finding(question, unseen, state=vocab.State.DRAFT, published_at=None)
    path = f"/evidence/{question.code}/"
    listed = re.search(r'<ol class="sources">.*?</ol>', body(client, path), re.DOTALL)
    assert listed is not None
    shown = re.findall(r'href="/publications/(P\d+)/"', listed[0])
    entries = read_bibtex(body(client, f"{path}sources.bib"))
    assert {key.rpartition("-")[2] for key in entries} == set(shown)
    assert len(shown) == 2


def test_a_list_is_cited_with_what_was_asked(client: Client, question: Topic) -> None:
    (read,) = read_ris(body(client, "/evidence.ris?status=variable"))
    assert dict(read)["TI"] == "Evidence (Status: variable)"
    assert dict(read)["UR"].endswith("/evidence/?status=variable")
    assert ("TY", "DATA") in read
    html = body(client, "/evidence/?status=variable")
    assert 'href="/evidence/sources.bib?status=variable"' in html


def test_the_sources_of_a_list_are_those_of_its_rows(client: Client, question: Topic) -> None:
    other = examples.topic(condition=examples.condition("Sepsis", "sepsis"))
    examples.assessment(other, status=vocab.Status.EXPERIMENTAL)
    paper = examples.publication(pmid=5, title="On sepsis")
    examples.finding(other, paper)
    from evidence.ledger import derivation

    derivation.rederive()
    found = read_bibtex(body(client, "/evidence/sources.bib?status=experimental"))
    assert [key.rpartition("-")[2] for key in found] == [paper.code]
    assert read_bibtex(body(client, "/evidence/sources.bib?status=investigated")) == {}


def test_as_of_a_year_no_later_paper_is_among_the_sources(client: Client, question: Topic) -> None:
    assert read_bibtex(body(client, "/evidence/sources.bib?as_of=2000")) == {}
    assert len(read_bibtex(body(client, "/evidence/sources.bib?as_of=2010"))) == 1


@pytest.mark.parametrize("path", ["/evidence.ris", "/evidence/sources.bib", "/harms.bib"])
@pytest.mark.parametrize("asked", ["populaton=x", "columns=id", "raw=1", "page=2"])
def test_what_is_no_filter_is_refused_in_plain_words(
    client: Client, question: Topic, path: str, asked: str
) -> None:
    response = client.get(f"{path}?{asked}")
    assert response.status_code == 400
    assert response["Content-Type"].startswith("text/plain")
    assert asked.partition("=")[0] in response.content.decode()


def test_a_trial_offers_its_records_at_registries(client: Client, question: Topic) -> None:
    record, paper = read_ris(body(client, "/trials/NCT00004978/sources.ris"))
    assert dict(record)["UR"] == "https://clinicaltrials.gov/study/NCT00004978"
    assert dict(paper)["AN"] == "19828532"


def test_a_finding_of_posted_results_alone_offers_the_record(
    client: Client, question: Topic
) -> None:
    trial = question.trials.get()
    trial.results_posted = "2011-04"
    trial.save()
    found = examples.finding(question, None, trial=trial, results_posted="2011-04")
    (read,) = read_ris(body(client, f"/findings/{found.code}/sources.ris"))
    assert dict(read)["AN"] == "NCT00004978"


def test_another_name_leads_to_the_file_of_the_thing(client: Client, question: Topic) -> None:
    old = examples.condition("AIDS", "aids-old", merged_into=question.condition)
    response = client.get(f"/conditions/{old.slug}/cite.ris")
    assert (response.status_code, response["Location"]) == (
        301,
        "/conditions/hiv-infection/cite.ris",
    )


def test_the_number_of_queries_of_sources_is_constant(
    client: Client, question: Topic, django_assert_max_num_queries: object
) -> None:
    for number in range(10):
        examples.finding(question, examples.publication(pmid=100 + number))
    with django_assert_max_num_queries(8):
        assert len(read_ris(body(client, f"/evidence/{question.code}/sources.ris"))) == 11


def letter(html: str, words_of_link: str) -> tuple[str, dict[str, list[str]]]:
    """Take apart the address of a letter: to whom, and its subject and body."""
    found = re.search(rf'<a href="([^"]+)">{words_of_link}</a>', html)
    assert found is not None, words_of_link
    address = found[1].replace("&amp;", "&")
    parts = urlsplit(address)
    return f"{parts.scheme}:{unquote(parts.path)}", parse_qs(parts.query, strict_parsing=True)


@pytest.mark.parametrize("subject", ["Suggest a correction", "Report a missing study"])
def test_a_letter_holds_page_title_and_data_version(
    client: Client, things: dict[str, str], settings: object, subject: str
) -> None:
    settings.IL2TRACKER_CONTACT = "curators@example.org"
    for path in [*things.values(), "/evidence/?status=variable&q=a%26b", "/harms/"]:
        html = body(client, path)
        to, said = letter(html, subject)
        assert to == "mailto:curators@example.org"
        canonical = re.search(r'rel="canonical" href="([^"]+)"', html)
        assert canonical is not None
        assert canonical[1].replace("&amp;", "&") in said["body"][0]
        assert re.search(r"Data version \d+\r\n", said["body"][0])
        # A mail program takes it as the header of a letter.
        EmailMessage()["Subject"] = said["subject"][0]


def test_a_web_address_takes_corrections_as_it_is(
    client: Client, question: Topic, settings: object
) -> None:
    settings.IL2TRACKER_CONTACT = "https://example.org/corrections?project=il2"
    html = body(client, f"/evidence/{question.code}/")
    assert html.count('href="https://example.org/corrections?project=il2"') == 4
    settings.IL2TRACKER_CONTACT = "javascript:alert(1)"
    assert "javascript" not in body(client, f"/evidence/{question.code}/")


def test_without_a_contact_it_says_whom_to_write_to(client: Client, question: Topic) -> None:
    text = words(body(client, f"/evidence/{question.code}/"))
    assert "Suggest a correction" not in text
    assert "write to whoever runs this copy of the site" in text
