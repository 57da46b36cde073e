"""Made-up articles and works, as PubMed and Crossref give them."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

DOCTYPE = (
    '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC '
    '"-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
)
AUTHORS = (
    "<Author><LastName>Vireo</LastName><ForeName>Ada B</ForeName><Initials>AB</Initials>"
    "<AffiliationInfo><Affiliation>Made-up Hospital. ada@hospital.example</Affiliation>"
    "</AffiliationInfo></Author><Author><CollectiveName>Finch Study Group</CollectiveName></Author>"
)
DATE = "<Year>2012</Year><Month>Jul</Month><Day>12</Day>"


def article(
    pmid: int | str = 11111111,
    *,
    title: str = "Interleukin 2 in made-up fever.",
    authors: str = AUTHORS,
    date: str = DATE,
    pages: str = "107-14",
    journal: str = "J Made Up Med",
    volume: str = "12",
    doi: str = "",
    pmc: str = "",
    types: tuple[str, ...] = ("Journal Article", "Randomized Controlled Trial"),
    trials: tuple[str, ...] = (),
    corrections: tuple[tuple[str, int | None, str], ...] = (),
    revised: str = "2020-01-02",
    references: str = "",
) -> str:
    """Give one PubmedArticle element; titles and authors as XML, the rest as text."""
    ids = "".join(
        f"<ArticleId IdType={quoteattr(kind)}>{escape(text)}</ArticleId>"
        for kind, text in (("pubmed", str(pmid)), ("doi", doi), ("pmc", pmc))
        if text
    )
    told = "".join(_correction(*one) for one in corrections)
    year, month, day = revised.split("-")
    return (
        f'<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID>'
        f"<DateRevised><Year>{year}</Year><Month>{month}</Month><Day>{day}</Day></DateRevised>"
        f"<Article><Journal><JournalIssue><Volume>{volume}</Volume><PubDate>{date}</PubDate>"
        "</JournalIssue><Title>The journal of made-up medicine</Title></Journal>"
        f"<ArticleTitle>{title}</ArticleTitle>"
        f"<Pagination><MedlinePgn>{pages}</MedlinePgn></Pagination>"
        f"<AuthorList>{authors}</AuthorList>{_databanks(trials)}<PublicationTypeList>"
        + "".join(f"<PublicationType>{escape(one)}</PublicationType>" for one in types)
        + f"</PublicationTypeList></Article><MedlineJournalInfo><MedlineTA>{journal}</MedlineTA>"
        f"</MedlineJournalInfo><CommentsCorrectionsList>{told}</CommentsCorrectionsList>"
        f"</MedlineCitation><PubmedData>{references}<ArticleIdList>{ids}</ArticleIdList>"
        "</PubmedData></PubmedArticle>"
    )


def _correction(kind: str, pmid: int | None, source: str) -> str:
    number = f"<PMID>{pmid}</PMID>" if pmid else ""
    return (
        f"<CommentsCorrections RefType={quoteattr(kind)}><RefSource>{escape(source)}</RefSource>"
        f"{number}</CommentsCorrections>"
    )


def _databanks(numbers: tuple[str, ...]) -> str:
    if not numbers:
        return ""
    listed = "".join(f"<AccessionNumber>{one}</AccessionNumber>" for one in numbers)
    return (
        "<DataBankList><DataBank><DataBankName>ClinicalTrials.gov</DataBankName>"
        f"<AccessionNumberList>{listed}</AccessionNumberList></DataBank></DataBankList>"
    )


def article_set(*articles: str) -> bytes:
    """Give an answer of EFetch."""
    return f"{DOCTYPE}<PubmedArticleSet>{''.join(articles)}</PubmedArticleSet>".encode()


def work(doi: str = "10.5555/made.up.1", **changes: Any) -> dict[str, Any]:
    """Give one work as Crossref's message has it."""
    return {
        "DOI": doi,
        "type": "journal-article",
        "title": ["Interleukin 2 in made-up fever"],
        "container-title": ["The journal of made-up medicine"],
        "short-container-title": ["J Made Up Med"],
        "author": [
            {
                "given": "Ada B.",
                "family": "Vireo",
                "ORCID": "https://orcid.org/0000-0000-0000-0000",
                "affiliation": [{"name": "Made-up Hospital, ada@hospital.example"}],
            },
            {"name": "Finch Study Group"},
        ],
        "issued": {"date-parts": [[2012, 7, 12]]},
        "volume": "12",
        "page": "107-114",
        "indexed": {"date-time": "2024-01-01T00:00:00Z"},
        "is-referenced-by-count": 7,
        **changes,
    }
