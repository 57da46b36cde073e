"""PubMed: the XML of EFetch to payloads, and payloads (of MEDLINE text too) to records."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from evidence.registries import as_printed, pubmed_words, texts
from evidence.registries.ids import doi, identifier, pmid
from evidence.registries.parts import lines, part, parts
from evidence.registries.records import (
    Fault,
    Identifier,
    Payload,
    PublicationRecord,
    StandingNotice,
    Unreadable,
)
from evidence.vocab import Source, Standing

ROOTS = ("PubmedArticleSet", "PubmedBookArticleSet", "PubmedArticle", "PubmedBookArticle")
THINGS = ("PubmedArticle", "PubmedBookArticle")


def payloads(xml: bytes | BinaryIO) -> Iterator[Payload | Fault]:
    """Yield a payload for every article and book of an answer of EFetch, or a fault in its place.

    External DTDs are not fetched and entities are refused, so a bomb is one fault; where the text
    is cut, what stands before the cut is yielded.
    """
    source = BytesIO(xml) if isinstance(xml, bytes) else xml
    try:
        yield from _things(source)
    except DefusedXmlException:
        yield Fault(about="", sentence="It declares entities of its own; such XML is not read.")
    except (ParseError, ValueError, LookupError) as error:
        yield Fault(about="", sentence=f"It is not whole XML: {texts.line(str(error))}.")


def _things(source: BinaryIO) -> Iterator[Payload | Fault]:
    root: Element | None = None
    number = 0
    for event, element in iterparse(source, events=("start", "end"), forbid_entities=True):
        if root is None:
            root = element
            if element.tag not in ROOTS:
                yield Fault(about="", sentence="It is XML, but not an answer of PubMed.")
                return
        if event == "end" and element.tag in THINGS:
            number += 1
            yield _thing(element, number)
            root.clear()  # else a big file would be kept whole


def _thing(element: Element, number: int) -> Payload | Fault:
    try:
        data = book_data(element) if element.tag == "PubmedBookArticle" else article_data(element)
        return payload(data)
    except Unreadable as error:
        about = texts.line(element.findtext(".//PMID")) or ""
        return Fault(about=f"PMID {about}" if about else f"record {number}", sentence=str(error))


def payload(data: Mapping[str, object]) -> Payload:
    """Return what is kept of a record in our shape of PubMed's; Unreadable where it is none."""
    record = read(data)
    return Payload(source=Source.PUBMED, value=record.value, data=data)


# Abstracts, affiliations (which hold e-mail addresses), references and indexing are left behind.
def article_data(element: Element) -> dict[str, object]:
    """Return what is kept of a PubmedArticle element."""
    article = element.find("MedlineCitation/Article")
    if article is None:
        raise Unreadable("It has no article.")
    issue = article.find("Journal/JournalIssue")
    return _without_nothing(
        {
            "pmid": _at(element, "MedlineCitation/PMID"),
            "title": _title(_at(article, "ArticleTitle"), _at(article, "VernacularTitle")),
            "authors": _authors(article.find("AuthorList")),
            "journal": _at(element, "MedlineCitation/MedlineJournalInfo/MedlineTA")
            or _at(article, "Journal/ISOAbbreviation")
            or _at(article, "Journal/Title"),
            "published": _date_text(issue.find("PubDate") if issue is not None else None)
            or _date_text(article.find("ArticleDate")),
            "volume": _at(issue, "Volume"),
            "pages": _at(article, "Pagination/StartPage") or _at(article, "Pagination/MedlinePgn"),
            "ids": _ids(element, "PubmedData/ArticleIdList/ArticleId", article),
            "types": _all(article, "PublicationTypeList/PublicationType"),
            "trials": _all(article, "DataBankList/DataBank/AccessionNumberList/AccessionNumber"),
            "corrections": _corrections(element),
            "revised": _date_text(element.find("MedlineCitation/DateRevised")),
        }
    )


def book_data(element: Element) -> dict[str, object]:
    """Return what is kept of a PubmedBookArticle element: a chapter, or a book."""
    document = element.find("BookDocument")
    if document is None:
        raise Unreadable("It has no book.")
    chapter, book = _at(document, "ArticleTitle"), _at(document, "Book/BookTitle")
    whole = document.find("Book/AuthorList")
    return _without_nothing(
        {
            "pmid": _at(document, "PMID"),
            "title": _title(chapter or book, _at(document, "VernacularTitle")),
            "authors": _authors(document.find("AuthorList")) or _authors(whole),
            "journal": book if chapter else _at(document, "Book/Publisher/PublisherName"),
            "published": _date_text(document.find("Book/PubDate"))
            or _date_text(document.find("ContributionDate")),
            "volume": _at(document, "Book/Volume"),
            "pages": _at(document, "Pagination/StartPage")
            or _at(document, "Pagination/MedlinePgn"),
            "ids": _ids(element, "BookDocument/ArticleIdList/ArticleId", document),
            "types": _all(document, "PublicationType"),
            "revised": _date_text(document.find("DateRevised")),
        }
    )


def _text(element: Element | None) -> str | None:
    """Return the text of an element and of the tags inside it: <i>, <sup>, MathML."""
    return as_printed.printed("".join(element.itertext())) if element is not None else None


def _at(element: Element | None, path: str) -> str | None:
    return _text(element.find(path)) if element is not None else None


def _all(element: Element, path: str) -> list[str]:
    return [text for found in element.findall(path) if (text := _text(found))]


def _title(title: str | None, vernacular: str | None) -> str | None:
    return vernacular or title if title in {None, "[Not Available]."} else title


def _authors(element: Element | None) -> list[str]:
    found = []
    for author in element.findall("Author") if element is not None else ():
        if author.get("ValidYN") == "N":  # a spelling that was put right beside it
            continue
        name = _at(author, "CollectiveName") or as_printed.author(
            _at(author, "LastName"),
            _at(author, "Initials") or _at(author, "ForeName"),
            _at(author, "Suffix"),
        )
        if name:
            found.append(name)
    return found


def _date_text(element: Element | None) -> str | None:
    """Return a date element as printed: `2012 Jul 12`, or its MedlineDate."""
    if element is None:
        return None
    parts = [_at(element, part) for part in ("Year", "Month", "Day")]
    return " ".join(part for part in parts if part) or _at(element, "MedlineDate")


def _ids(element: Element, path: str, article: Element) -> dict[str, str]:
    # The references of an article have lists of ids too: only its own is asked.
    held = {
        kind: text
        for found in element.findall(path)
        if (kind := found.get("IdType")) in {"doi", "pmc"} and (text := _text(found))
    }
    for found in article.findall("ELocationID"):
        if found.get("EIdType") == "doi" and found.get("ValidYN") != "N" and (text := _text(found)):
            held.setdefault("doi", text)
    return held


def _corrections(element: Element) -> list[dict[str, str]]:
    path = "MedlineCitation/CommentsCorrectionsList/CommentsCorrections"
    return [
        {
            name: text
            for name, text in (
                ("kind", kind),
                ("pmid", _at(found, "PMID")),
                ("source", _at(found, "RefSource")),
            )
            if text
        }
        for found in element.findall(path)
        if (kind := found.get("RefType", "")) in pubmed_words.CORRECTIONS
    ]


def _without_nothing(data: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in data.items() if value}


def read(data: Mapping[str, object]) -> PublicationRecord:
    """Return the publication that a payload of PubMed holds; Unreadable where it holds none."""
    number = pmid(str(data.get("pmid") or ""))
    if number is None:
        raise Unreadable("It has no PMID.")
    title = as_printed.title(data.get("title"))
    if title is None:
        raise Unreadable("It has no title.")
    held, types = part(data, "ids"), lines(data, "types")
    corrections = [str(item.get("kind")) for item in parts(data, "corrections")]
    return PublicationRecord(
        source=Source.PUBMED,
        title=title,
        pmid=number,
        doi=doi(texts.line(held.get("doi")) or ""),
        pmcid=as_printed.pmcid(held.get("pmc")),
        kind=pubmed_words.kind_of(types),
        authors=lines(data, "authors"),
        container=texts.line(data.get("journal")),
        year=as_printed.year(data.get("published")),
        volume=texts.line(data.get("volume")),
        first_page=as_printed.first_page(data.get("pages")),
        trial_ids=_trials(data),
        notices=_notices(data, types),
        retracts=pubmed_words.retracts(types, corrections),
        updated=as_printed.date(data.get("revised")),
    )


def _trials(data: Mapping[str, object]) -> tuple[Identifier, ...]:
    found = [identifier(text) for text in lines(data, "trials")]
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _notices(data: Mapping[str, object], types: Collection[str]) -> tuple[StandingNotice, ...]:
    found = []
    for item in parts(data, "corrections"):
        if standing := pubmed_words.STANDINGS.get(str(item.get("kind"))):
            source = texts.line(item.get("source"))
            found.append(
                StandingNotice(
                    standing=standing,
                    date=as_printed.date(source),
                    pmid=pmid(str(item.get("pmid") or "")),
                    doi=as_printed.doi_in(source),
                    citation=source,
                )
            )
    if pubmed_words.RETRACTED in types and Standing.RETRACTED not in {n.standing for n in found}:
        found.append(StandingNotice(standing=Standing.RETRACTED))
    return tuple(found)
