"""Crossref over the wire: one work by its DOI."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from evidence.registries.http import Answer, Malformed, NotFound, Polite
from evidence.registries.ids import doi as matched


class Crossref:
    """Asks for works; a `mailto` puts us into the pool of those who can be written to."""

    def __init__(self, wire: Polite, *, base: str, mailto: str = "") -> None:
        self.wire = wire
        self.base = base.rstrip("/")
        self.said = {"mailto": mailto} if mailto else {}

    def work(self, doi: str) -> dict[str, object]:
        """Return the work that has a DOI, without the wrapper; NotFound where there is none."""
        number = matched(doi)
        if number is None:
            raise NotFound("That is not how a DOI is written.")
        address = f"{self.base}/works/{quote(number, safe='')}"
        return self.wire.read(address, self.said, parse=_work)


def _work(answer: Answer) -> dict[str, object]:
    document = answer.json()
    message = document.get("message") if isinstance(document, Mapping) else None
    if not isinstance(message, Mapping) or not isinstance(message.get("DOI"), str):
        raise Malformed("was not a work")
    return dict(message)
