"""Where a page and the papers behind it can be fetched as references."""

from __future__ import annotations

from dataclasses import dataclass

from evidence.listing import words
from evidence.listing.search import Search


@dataclass(frozen=True, kw_only=True, slots=True)
class CiteLinks:
    """Paths of a page's own reference, and of its sources; `sources` says what these are."""

    ris: str
    bib: str
    sources: str = ""
    sources_ris: str = ""
    sources_bib: str = ""


def of_thing(path: str, *, sources: str = "The papers behind it") -> CiteLinks:
    """Give the references of the thing at a path such as /evidence/T12/; no sources where ""."""
    return CiteLinks(
        ris=f"{path}cite.ris",
        bib=f"{path}cite.bib",
        sources=sources,
        sources_ris=f"{path}sources.ris" if sources else "",
        sources_bib=f"{path}sources.bib" if sources else "",
    )


def of_listing(search: Search) -> CiteLinks:
    """Give the references of what a listing was asked, and of the papers behind its rows."""
    name = search.listing.name
    return CiteLinks(
        ris=words.filtered(search, f"/{name}.ris"),
        bib=words.filtered(search, f"/{name}.bib"),
        sources="The papers behind these rows",
        sources_ris=words.filtered(search, f"/{name}/sources.ris"),
        sources_bib=words.filtered(search, f"/{name}/sources.bib"),
    )
