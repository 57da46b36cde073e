"""The registries and the literature as the settings name them, asked in this site's name."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from evidence.registries.addresses import LOOPBACK
from evidence.registries.ctgov_client import ClinicalTrialsGov
from evidence.registries.http import Polite

TOOL = "il2tracker"
CTGOV_A_SECOND = 1.0
PUBMED_A_SECOND, PUBMED_A_SECOND_WITH_KEY = 3.0, 10.0
CROSSREF_A_SECOND = 1.0
HERE_A_SECOND, HERE_FIRST_WAIT = 1_000.0, 0.01


def ctgov() -> ClinicalTrialsGov:
    """Return the client of ClinicalTrials.gov."""
    base = settings.IL2TRACKER_CTGOV_URL
    return ClinicalTrialsGov(_wire(base, per_second=CTGOV_A_SECOND), base=base)


def pubmed_wire() -> Polite:
    """Return the wire to PubMed, which takes more questions a second from who has a key."""
    keyed = bool(settings.IL2TRACKER_PUBMED_KEY)
    per_second = PUBMED_A_SECOND_WITH_KEY if keyed else PUBMED_A_SECOND
    return _wire(settings.IL2TRACKER_PUBMED_URL, per_second=per_second)


def crossref_wire() -> Polite:
    """Return the wire to Crossref."""
    return _wire(settings.IL2TRACKER_CROSSREF_URL, per_second=CROSSREF_A_SECOND)


def mail_address() -> str:
    """Return the site's e-mail address, where its contact is one, else nothing."""
    address = settings.IL2TRACKER_CONTACT.removeprefix("mailto:").partition("?")[0]
    return address if re.fullmatch(r"[!-~]+@[!-~]+", address) and ":" not in address else ""


def user_agent() -> str:
    """Return the name that a registry reads in its logs, with where to find and write to us."""
    parts = [mail_address() or settings.IL2TRACKER_CONTACT]
    if urlsplit(settings.IL2TRACKER_BASE_URL).hostname not in LOOPBACK:
        parts.insert(0, f"+{settings.IL2TRACKER_BASE_URL}")
    known = "; ".join(part for part in parts if re.fullmatch(r"[!-~]+", part))
    return f"{TOOL} ({known})" if known else TOOL


def _wire(base: str, *, per_second: float) -> Polite:
    """Return the wire to one address; on this machine nobody needs sparing."""
    host = urlsplit(base).hostname or ""
    patience: dict[str, Any] = {"per_second": per_second}
    if host in LOOPBACK:
        patience = {"per_second": HERE_A_SECOND, "first_wait": HERE_FIRST_WAIT}
    return Polite(hosts=[host], user_agent=user_agent(), **patience)
