"""What a page shows, in schema.org's words, for engines that read those: only what is held.

A topic, and a finding or harm report in it, is a MedicalWebPage about a condition and a substance:
it is our judgement, with an edition and a day. It is no article, for it stands in no journal, and
no study, for it has none of its own; a finding is a Claim that appears in its source.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evidence.catalogue import CATALOGUE
from evidence.ledger import version
from evidence.listing.core import Listing
from evidence.models import Finding, Publication
from evidence.web.linked_things import (
    Said,
    adverse_effect,
    condition,
    held,
    intervention,
    publication,
)
from evidence.web.render import absolute

LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"


def graph(*things: Said) -> Said:
    """Put what one page shows together."""
    return {"@context": "https://schema.org", "@graph": list(things)}


def site() -> Said:
    """Say whose pages these are, and how they are searched."""
    query = f"{absolute('/search/')}?q={{search_term_string}}"
    search = held("SearchAction", target=held("EntryPoint", urlTemplate=query))
    search["query-input"] = "required name=search_term_string"
    return held(
        "WebSite",
        name="il2tracker",
        url=absolute("/"),
        inLanguage="en-GB",
        publisher=_us(),
        license=LICENCE,
        potentialAction=search,
    )


def _us() -> Said:
    return held("Organization", name="il2tracker", url=absolute("/"))


def crumbs(section: str, *, name: str, path: str) -> Said:
    """Say where a thing's page stands: under its listing."""
    listing = CATALOGUE[section]
    steps = (("il2tracker", "/"), (listing.title, listing.path), (name, path))
    return held(
        "BreadcrumbList",
        itemListElement=[
            held("ListItem", position=place, name=words, item=absolute(to))
            for place, (words, to) in enumerate(steps, start=1)
        ],
    )


def dataset(
    listing: Listing,
    *,
    data: version.Version,
    path: str = "",
    csv_path: str = "",
    name: str = "",
) -> Said:
    """Describe a list, whole or as it was asked, as a set of data with its CSV file."""
    about = listing.note or listing.about
    return held(
        "Dataset",
        name=f"il2tracker: {name or listing.title}",
        description=f"{about} Studies and registries on interleukin-2, as read by il2tracker.",
        url=absolute(path or listing.path),
        license=LICENCE,
        creator=_us(),
        isAccessibleForFree=True,
        inLanguage="en-GB",
        version=str(data.number),
        dateModified=data.as_of.date().isoformat() if data.as_of else None,
        variableMeasured=[column.key for column in listing.columns],
        distribution=[
            held(
                "DataDownload",
                encodingFormat="text/csv",
                contentUrl=absolute(csv_path or listing.csv_path),
            )
        ],
    )


def data_page(*, path: str, name: str) -> Said:
    """Describe the dictionary: every listing as a set of data."""
    data = version.current()
    return graph(
        held(
            "DataCatalog",
            name=f"il2tracker: {name}",
            url=absolute(path),
            license=LICENCE,
            publisher=_us(),
            dataset=[dataset(listing, data=data) for listing in CATALOGUE.values()],
        )
    )


def listing_page(listing: Listing, *, path: str, csv_path: str, name: str) -> Said:
    """Describe the page of a list as it was asked."""
    data = version.current()
    return graph(dataset(listing, data=data, path=path, csv_path=csv_path, name=name))


def judgement(
    edition: Any, *, title: str, path: str, section: str, about: Iterable[Said], **said: Any
) -> Said:
    """Describe the page of an edition: our judgement, when it was made and read again."""
    published, reviewed = edition.published_at, edition.reviewed_at
    page = held(
        "MedicalWebPage",
        name=title,
        url=absolute(path),
        inLanguage="en-GB",
        publisher=_us(),
        license=LICENCE,
        version=str(edition.number),
        datePublished=published.date().isoformat() if published else None,
        lastReviewed=reviewed.date().isoformat() if reviewed else None,
        about=list(about),
        **said,
    )
    return graph(page, crumbs(section, name=title, path=path))


def topic_page(edition: Any, *, title: str, path: str, sources: Iterable[Publication] = ()) -> Said:
    """Describe the page of a topic with the papers behind it."""
    topic = edition.topic
    return judgement(
        edition,
        title=title,
        path=path,
        section="evidence",
        about=[condition(topic.condition), intervention(topic.intervention)],
        abstract=edition.summary,
        citation=[absolute(f"/publications/{one.code}/") for one in sources],
    )


def finding_page(found: Finding, *, title: str, path: str) -> Said:
    """Describe the page of a finding: what its source says."""
    seen_in = publication(found.publication) if found.publication is not None else None
    return judgement(
        found,
        title=title,
        path=path,
        section="findings",
        about=[condition(found.topic.condition), intervention(found.topic.intervention)],
        mainEntity=held("Claim", text=found.statement, appearance=seen_in),
    )


def harm_page(found: Any, *, title: str, path: str) -> Said:
    """Describe the page of a harm report."""
    return judgement(
        found,
        title=title,
        path=path,
        section="harms",
        about=[adverse_effect(found.adverse_effect), intervention(found.intervention)],
        citation=[absolute(f"/publications/{found.publication.code}/")]
        if found.publication
        else [],
    )


def thing_page(said: Said, *, section: str, name: str, path: str) -> Said:
    """Describe the page of one fact or term, with where it stands."""
    return graph(said, crumbs(section, name=name, path=path))
