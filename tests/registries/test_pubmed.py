"""PubMed's XML gives publications as they are printed, and no bad article costs the others."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest

from evidence.registries import literature, pubmed
from evidence.registries.records import (
    Fault,
    Identifier,
    Payload,
    PublicationRecord,
    StandingNotice,
    Unreadable,
)
from tests.registries.papers import article, article_set

NAMES = "pmid title authors journal published volume pages ids types trials corrections".split()


def records(*articles: str) -> list[PublicationRecord]:
    found = [*pubmed.payloads(article_set(*articles))]
    assert all(isinstance(one, Payload) for one in found), found
    return [literature.read(one.source, one.data) for one in found if isinstance(one, Payload)]


def record(**changes: object) -> PublicationRecord:
    (found,) = records(article(**changes))  # type: ignore[arg-type]
    return found


def sentences(xml: bytes) -> list[str]:
    return [one.sentence for one in pubmed.payloads(xml) if isinstance(one, Fault)]


def test_an_article_is_read_as_it_is_printed() -> None:
    found = record(
        doi="10.5555/Made.Up", pmc="PMC123456", trials=("NCT00000101", "GENBANK7", "NCT00000101")
    )
    assert found == PublicationRecord(
        source="pubmed",
        title="Interleukin 2 in made-up fever",
        pmid=11111111,
        doi="10.5555/Made.Up",
        pmcid="PMC123456",
        kind="trial-report",
        authors=("Vireo AB", "Finch Study Group"),
        container="J Made Up Med",
        year=2012,
        volume="12",
        first_page="107",
        trial_ids=(Identifier(registry="NCT", value="NCT00000101"),),
        updated="2020-01-02",
    )


def test_tags_inside_a_title_leave_their_text() -> None:
    found = record(title="CD4<sup>+</sup> cells, <i>in\n vivo</i>: H<sub>2</sub>O &amp; more.")
    assert found.title == "CD4+ cells, in vivo: H2O & more"


@pytest.mark.parametrize(
    ("pages", "first"),
    [
        ("107-14", "107"),
        ("e47506", "e47506"),
        ("S12-5; discussion S16", "S12"),
        ("1116\u20131122", "1116"),
        ("", None),
    ],
)
def test_the_first_page_is_taken_of_any_printed_pages(pages: str, first: str | None) -> None:
    assert record(pages=pages).first_page == first


@pytest.mark.parametrize(
    ("date", "year"),
    [
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", 1998),
        ("<Year>1990</Year><Season>Spring</Season>", 1990),
        ("<MedlineDate>Winter</MedlineDate>", None),
    ],
)
def test_the_year_is_taken_of_any_printed_date(date: str, year: int | None) -> None:
    assert record(date=date).year == year


def test_a_wrong_spelling_of_an_author_is_left_out_and_a_suffix_stands_last() -> None:
    authors = (
        '<Author ValidYN="N"><LastName>Wrong</LastName><Initials>X</Initials></Author>'
        "<Author><LastName>Finch</LastName><ForeName>Cy</ForeName><Initials>CT</Initials>"
        "<Suffix>Jr</Suffix></Author><Author><ForeName>alone</ForeName></Author>"
    )
    assert record(authors=authors).authors == ("Finch CT Jr",)


def test_no_affiliation_and_no_mail_address_is_kept() -> None:
    title = "Write to ada@hospital.example about interleukin 2."
    for one in pubmed.payloads(article_set(article(title=title))):
        assert isinstance(one, Payload)
        kept = json.dumps(one.data)
        assert "@" not in kept
        assert "Hospital" not in kept


def test_the_ids_of_its_references_are_not_its_own() -> None:
    references = (
        '<ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.5555/other'
        "</ArticleId></ArticleIdList></Reference></ReferenceList>"
    )
    assert record(references=references).doi is None


def test_a_translated_title_gives_way_to_its_own_where_there_is_none() -> None:
    title = "[Not Available].</ArticleTitle><VernacularTitle>Über Fieber.</VernacularTitle>"
    found = record(title=title + "<ArticleTitle>")
    assert found.title == "Über Fieber"


@pytest.mark.parametrize(
    ("kind", "standing"),
    [
        ("RetractionIn", "retracted"),
        ("ExpressionOfConcernIn", "concern"),
        ("ErratumIn", "corrected"),
        ("PartialRetractionIn", "corrected"),
    ],
)
def test_a_notice_about_it_is_read_with_its_number_and_date(kind: str, standing: str) -> None:
    source = "J Made Up Med. 2014 May 1;14(5):3. doi: 10.5555/notice."
    found = record(corrections=((kind, 22222222, source), ("CommentIn", 3, "Elsewhere")))
    assert found.notices == (
        StandingNotice(
            standing=standing,
            date="2014-05-01",
            pmid=22222222,
            doi="10.5555/notice",
            citation=source,
        ),
    )
    assert not found.retracts


def test_a_retracted_publication_is_one_even_where_no_notice_is_named() -> None:
    found = record(types=("Journal Article", "Retracted Publication"))
    assert [notice.standing for notice in found.notices] == ["retracted"]


def test_a_retraction_of_something_else_is_known_as_such_and_is_not_retracted_itself() -> None:
    found = record(
        types=("Retraction of Publication",), corrections=(("RetractionOf", 33333333, "There"),)
    )
    assert found.retracts
    assert found.notices == ()
    assert found.kind == "other"


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        (("Journal Article", "Systematic Review", "Review"), "systematic-review"),
        (("Meta-Analysis",), "systematic-review"),
        (("Clinical Trial, Phase II", "Review"), "trial-report"),
        (("Case Reports", "Review"), "case-report"),
        (("Observational Study",), "observational-study"),
        (("Review",), "review"),
        (("Letter",), "other"),
        ((), "other"),
    ],
)
def test_its_types_say_what_sort_of_text_it_is(types: tuple[str, ...], kind: str) -> None:
    assert record(types=types).kind == kind


def test_a_chapter_of_a_book_stands_in_its_book() -> None:
    book = (
        "<PubmedBookArticle><BookDocument><PMID>44444444</PMID><ArticleIdList>"
        '<ArticleId IdType="doi">10.5555/book.3</ArticleId></ArticleIdList><Book>'
        "<BookTitle>Made-up drugs</BookTitle><PubDate><Year>2019</Year></PubDate>"
        '<AuthorList Type="editors"><Author><LastName>Editor</LastName><Initials>E</Initials>'
        "</Author></AuthorList></Book><ArticleTitle>Aldesleukin.</ArticleTitle>"
        '<AuthorList Type="authors"><Author><LastName>Vireo</LastName><Initials>A</Initials>'
        "</Author></AuthorList><PublicationType>Review</PublicationType>"
        "</BookDocument></PubmedBookArticle>"
    )
    (found,) = records(book)
    assert (found.title, found.container, found.year) == ("Aldesleukin", "Made-up drugs", 2019)
    assert (found.pmid, found.doi, found.authors) == (44444444, "10.5555/book.3", ("Vireo A",))


def test_one_bad_article_does_not_cost_the_others() -> None:
    bad = article(22222222, title="")
    nobody = "<PubmedArticle><Anything/></PubmedArticle>"
    found = [*pubmed.payloads(article_set(article(1), bad, nobody, article(4)))]
    assert [getattr(one, "value", "") for one in found] == ["1", "", "", "4"]
    assert [one.about for one in found if isinstance(one, Fault)] == ["PMID 22222222", "record 3"]
    assert sentences(article_set(bad)) == ["It has no title."]


def test_what_stands_before_a_cut_is_read() -> None:
    whole = article_set(article(1), article(2))
    first, *rest = pubmed.payloads(whole[: whole.rindex(b"</PubmedArticle>")])
    assert isinstance(first, Payload)
    assert len(rest) == 1
    assert isinstance(rest[0], Fault)
    assert "not whole XML" in rest[0].sentence


def test_a_bomb_and_a_file_on_this_machine_are_refused() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]>'
    leak = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>'
    for head in (bomb, leak):
        xml = f"{head}<PubmedArticleSet>{article(title='&b;')}</PubmedArticleSet>".encode()
        assert sentences(xml) == ["It declares entities of its own; such XML is not read."]


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"not xml",
        b"\xff\xfe\x00",
        b'<?xml version="1.0" encoding="nothing"?><PubmedArticleSet/>',
        b'<?xml version="1.0" encoding="utf-16"?><PubmedArticleSet/>',
        b"<html><body/></html>",
        b"<PubmedArticleSet>" + b"<a>" * 5_000,
    ],
)
def test_anything_else_is_one_fault_in_one_line(xml: bytes) -> None:
    (fault,) = pubmed.payloads(BytesIO(xml))
    assert isinstance(fault, Fault)
    assert "\n" not in fault.sentence


@pytest.mark.parametrize("wrong", [None, 7, "text", [], [None, 3, {}], {"a": []}, float("nan")])
@pytest.mark.parametrize("name", NAMES)
def test_a_payload_of_wrong_types_is_read_or_refused(name: str, wrong: object) -> None:
    (good,) = pubmed.payloads(article_set(article(corrections=(("ErratumIn", 5, "There"),))))
    assert isinstance(good, Payload)
    data = {**good.data, name: wrong}
    try:
        assert pubmed.read(data).title
    except Unreadable:
        assert name in {"pmid", "title"}


def test_real_articles_are_read_whole(registry_folder: Path) -> None:
    folder = registry_folder / "literature"
    found = {}
    for name in ("biopython_pubmed1.xml", "biopython_pubmed4.xml"):
        for one in pubmed.payloads((folder / name).read_bytes()):
            assert isinstance(one, Payload)
            found[one.value] = literature.read(one.source, one.data)
    (metric,) = pubmed.payloads((folder / "pubmed_efetch_citation_22663011.xml").read_bytes())
    assert isinstance(metric, Payload)
    read = literature.read(metric.source, metric.data)
    assert read.authors[-1] == "METRIC Study Group"
    assert len(read.authors) == 26
    assert read.trial_ids == (Identifier(registry="NCT", value="NCT01245062"),)
    assert (read.kind, read.container, read.first_page) == ("trial-report", "N Engl J Med", "107")
    assert found["9997"].doi == "10.1016/0005-2795(76)90109-4"
    assert (found["12091962"].year, found["12091962"].kind) == (1990, "review")
    assert "TERT gene" in found["27797938"].title
    assert found["27797938"].pmcid == "PMC5442267"
    assert "@" not in json.dumps(metric.data)


def test_real_answers_of_efetch_are_read_whole(registry_folder: Path) -> None:
    yaml = pytest.importorskip("yaml")
    found = {}
    for file in sorted((registry_folder / "literature").glob("hawc_*.yaml")):
        for call in yaml.safe_load(file.read_text(encoding="utf-8"))["interactions"]:
            body = call["response"]["body"]["string"].encode()
            for one in pubmed.payloads(body):
                assert isinstance(one, Payload)
                found[one.value] = literature.read(one.source, one.data)
    assert len(found) == 7
    assert found["21860499"].authors == ("National Toxicology Program",)
    assert [one.standing for one in found["18239126"].notices] == ["corrected"]
    assert found["18239126"].notices[0].date == "2008-04-18"
