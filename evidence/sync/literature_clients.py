"""PubMed and Crossref as the settings name them, asked in this site's name."""

from __future__ import annotations

from django.conf import settings

from evidence.registries.crossref_client import Crossref
from evidence.registries.pubmed_client import PubMed
from evidence.sync import clients


def pubmed() -> PubMed:
    """Return the client of PubMed."""
    return PubMed(
        clients.pubmed_wire(),
        base=settings.IL2TRACKER_PUBMED_URL,
        tool=clients.TOOL,
        email=clients.mail_address(),
        key=settings.IL2TRACKER_PUBMED_KEY,
    )


def crossref() -> Crossref:
    """Return the client of Crossref."""
    return Crossref(
        clients.crossref_wire(),
        base=settings.IL2TRACKER_CROSSREF_URL,
        mailto=clients.mail_address(),
    )
