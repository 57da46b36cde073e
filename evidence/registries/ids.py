"""Numbers of studies and papers: matched whole before they are believed or put in an address."""

from __future__ import annotations

import re

from evidence import vocab
from evidence.registries.records import Identifier

MOST_CHARACTERS = 200
# [0-9], never \d, which takes the digits of every script; fullmatch, never $, which lets a newline
# follow. ClinicalTrials.gov itself knows no number of noughts alone.
NCT = re.compile(r"NCT(?!0{8})[0-9]{8}", re.IGNORECASE)
ISRCTN = re.compile(r"ISRCTN[0-9]{8}", re.IGNORECASE)
# Both EU registers number alike; CTIS counts from 500000 and adds the number of the submission.
EU = re.compile(
    r"(?:(?:EUCTR|EudraCT|CTIS|EU ?CT)[ :]{0,2})?"
    r"(?P<value>20[0-9]{2}-(?P<count>[0-9]{6})-[0-9]{2})"
    r"(?:-[0-9]{2}|-[A-Z]{2}|-3rd|-Outside-EU/EEA)?",
    re.IGNORECASE,
)
CHINESE = re.compile(r"ChiCTR(?P<number>[0-9]{10}|-[A-Z0-9]{2,5}-[0-9]{8})", re.IGNORECASE)
PMID = re.compile(r"[1-9][0-9]{0,7}")
DOI = re.compile(
    r"(?:(?:https?://(?:dx\.)?doi\.org/|doi: ?))?(?P<doi>10\.[0-9]{4,9}/[!-~]+)", re.IGNORECASE
)
FIRST_OF_CTIS = 500_000


def identifier(text: object) -> Identifier | None:
    """Return a study's number as its registry writes it, or None for anything else."""
    if not isinstance(text, str) or len(text) > MOST_CHARACTERS:
        return None
    if NCT.fullmatch(text):
        return Identifier(registry=vocab.Registry.NCT.value, value=text.upper())
    if ISRCTN.fullmatch(text):
        return Identifier(registry=vocab.Registry.ISRCTN.value, value=text.upper())
    if match := CHINESE.fullmatch(text):
        value = f"ChiCTR{match['number'].upper()}"
        return Identifier(registry=vocab.Registry.CHICTR.value, value=value)
    if match := EU.fullmatch(text):
        of_ctis = int(match["count"]) >= FIRST_OF_CTIS
        registry = vocab.Registry.CTIS if of_ctis else vocab.Registry.EUCTR
        return Identifier(registry=registry.value, value=match["value"])
    return None


def nct(text: object) -> str | None:
    """Return an NCT number in capitals, or None for anything else."""
    found = identifier(text)
    return found.value if found and found.registry == vocab.Registry.NCT.value else None


def pmid(text: object) -> int | None:
    """Return a PubMed number, or None for anything else."""
    return int(text) if isinstance(text, str) and PMID.fullmatch(text) else None


def doi(text: object) -> str | None:
    """Return a DOI without what may stand before it, or None for anything else."""
    if not isinstance(text, str) or len(text) > MOST_CHARACTERS:
        return None
    match = DOI.fullmatch(text)
    if match is None or "\\" in text or {".", ".."} & {*match["doi"].split("/")}:
        return None
    return match["doi"]
