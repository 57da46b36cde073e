"""PubMed over the wire: E-utilities' ESearch and EFetch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from xml.etree.ElementTree import ParseError

from defusedxml.ElementTree import iterparse

from evidence.registries.http import Answer, Malformed, Polite
from evidence.registries.ids import pmid
from evidence.registries.parts import part, several
from evidence.registries.texts import line, number

MOST_FOUND = 9_999
"""ESearch gives no more of a search."""
MOST_FETCHED = 200
"""More PMIDs than that are asked for by POST only."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """The PMIDs that a search finds, newest first, and how many there are in all."""

    pmids: tuple[int, ...]
    total: int


class PubMed:
    """Asks E-utilities, saying who asks; `wire` keeps to their three requests a second.

    `base` is the address of the folder of the utilities; with a `key`, ten a second are allowed.
    """

    def __init__(
        self, wire: Polite, *, base: str, tool: str, email: str = "", key: str = ""
    ) -> None:
        self.wire = wire
        self.base = base.rstrip("/")
        said = {"tool": tool, "email": email, "api_key": key}
        self.said = {name: value for name, value in said.items() if value}

    def search(self, term: str, *, most: int = MOST_FOUND) -> Found:
        """Return what a term in PubMed's own language finds."""
        asked = {"term": term, "retmode": "json", "retmax": str(min(most, MOST_FOUND))}
        return self.wire.read(f"{self.base}/esearch.fcgi", self._asking(asked), parse=_found)

    def fetch(self, pmids: Sequence[int]) -> bytes:
        """Return the XML of at most 200 articles; those that PubMed does not know are not in it."""
        if not 0 < len(pmids) <= MOST_FETCHED:
            raise ValueError(f"EFetch takes 1 to {MOST_FETCHED} PMIDs, not {len(pmids)}.")
        asked = {"id": ",".join(str(one) for one in pmids), "retmode": "xml"}
        return self.wire.read(f"{self.base}/efetch.fcgi", self._asking(asked), parse=_whole)

    def _asking(self, asked: Mapping[str, str]) -> dict[str, str]:
        return {"db": "pubmed", **asked, **self.said}


def _found(answer: Answer) -> Found:
    result = part(answer.json(), "esearchresult")
    if "ERROR" in result:
        raise Malformed(f"was an error: {line(result['ERROR']) or 'without words'}")
    total = number(result.get("count"))
    if total is None or not isinstance(result.get("idlist"), list):
        raise Malformed("was not the list of a search")
    numbers = [pmid(one) for one in several(result, "idlist")]
    return Found(pmids=tuple(one for one in numbers if one is not None), total=total)


def _whole(answer: Answer) -> bytes:
    """Return XML that has its end: of a cut answer, articles would seem to be gone."""
    # Trouble of theirs comes as a small document, and with this status too.
    if b"<PubmedArticleSet" not in answer.body and b"<PubmedBookArticleSet" not in answer.body:
        raise Malformed("was not a set of articles")
    try:
        for _, element in iterparse(BytesIO(answer.body), forbid_entities=True):
            element.clear()
    except (ParseError, ValueError, LookupError) as error:
        raise Malformed("was cut short or is not XML") from error
    return answer.body
