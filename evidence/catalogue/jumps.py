"""Identifiers that somebody types or pastes alone: where they lead, or that we hold no such thing.

A number of a registry, a PMID, DOI or PMCID, a code of ours such as T12, and addresses that hold
one of these.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.db.models import Q

from evidence.models import (
    AdverseEffect,
    Assessment,
    Condition,
    Consideration,
    Finding,
    HarmReport,
    Intervention,
    Publication,
    Trial,
    TrialIdentifier,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Jump:
    """Where an identifier leads: the path of its thing, else the sentence that we hold none."""

    path: str = ""
    missing: str = ""


NOWHERE = Jump()
EITHER_CASE = re.ASCII | re.IGNORECASE

# p53 and c3 in small letters are proteins before they are anything of ours.
CODE = re.compile(r"([TtFfHhPC])([1-9][0-9]{0,17})", re.ASCII)
PMID = re.compile(r"(?:PMID|PubMed)\s*(?:ID)?\s*[:#]?\s*([0-9]{1,8})", EITHER_CASE)
BARE_NUMBER = re.compile(r"([0-9]{5,8})", re.ASCII)
# Of so many digits it is hardly anything but PubMed's.
SURELY_PMID = 7
PMCID = re.compile(r"(?:PMCID\s*[:#]?\s*)?(PMC[0-9]{3,9})(?:\.[0-9])?", EITHER_CASE)
DOI = re.compile(r"(?:doi\s*[:#]?\s*)?(10\.[0-9]{4,9}/\S+)", EITHER_CASE)
EU_NUMBER = r"([0-9]{4}-[0-9]{6}-[0-9]{2})(?:-[0-9A-Z]{2,3})?"
NCT = re.compile(r"NCT[ :-]?([0-9]{8})", EITHER_CASE)
DIGITS_OF_NCT = 8
NCT_OF_ANY_LENGTH = re.compile(r"NCT[ :-]?([0-9]{5,12})", EITHER_CASE)
ISRCTN = re.compile(r"ISRCTN[ :-]?([0-9]{8})", EITHER_CASE)
EUROPEAN = re.compile(
    rf"(?:EudraCT|EUCTR|EU\s?CT|CTIS)?(?:\s*number|\s*no\.?)?[ :#-]*{EU_NUMBER}", EITHER_CASE
)
CHINESE = re.compile(r"ChiCTR([0-9A-Z-]*[0-9])", EITHER_CASE)
# Other registries and sponsors write their numbers as they like: a digit, and a space or none.
OTHER_NUMBER = re.compile(r"(?=.*[0-9])\S{2,40}(?: \S{2,40})?", re.ASCII)

PUBMED_PATH = re.compile(r"/(?:pubmed/|(?:article|abstract)/med/)?([0-9]{1,8})(?:/|$)", EITHER_CASE)
PUBMED_HOSTS = ("pubmed.ncbi.nlm.nih.gov", "ncbi.nlm.nih.gov", "pubmed.gov", "europepmc.org")
PMC_WITHIN = re.compile(r"/(PMC[0-9]{3,9})(?:/|$)", EITHER_CASE)
DOI_WITHIN = re.compile(r"10\.[0-9]{4,9}/[^\s?#&]+", re.ASCII)
REGISTERED_WITHIN = re.compile(
    rf"NCT[0-9]{{8}}|ISRCTN[0-9]{{8}}|(?<![0-9]){EU_NUMBER}(?![0-9])", EITHER_CASE
)
WITHOUT_SCHEME = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}/\S+", EITHER_CASE)
OUR_CODES = re.compile(r"/(?:evidence|findings|harms|publications)/([TFHP][1-9][0-9]{0,17})(?:/|$)")
OUR_WORDS = re.compile(
    r"/(trials|conditions|interventions|adverse-effects)/([\w-]{1,80})(?:/|$)", re.ASCII
)


def jump(text: str) -> Jump:
    """Return where a text leads that is one identifier and nothing else; at most four queries."""
    bare = text.strip().rstrip(".,;").strip()
    if bare.startswith("(") and bare.endswith(")"):
        bare = bare[1:-1].strip()
    if bare.startswith(("http://", "https://", "/", "www.")):
        return _of_address(bare)
    if WITHOUT_SCHEME.fullmatch(bare):
        return _of_address(f"https://{bare}")
    for shape, look_up in SHAPES:
        if (found := shape.fullmatch(bare)) is not None:
            return look_up(found.groups())
    return _of_number(bare)


def _of_address(address: str) -> Jump:
    """Look for the identifier in a pasted address, ours or another site's."""
    try:
        parts = urlsplit(f"https://{address}" if address.startswith("www.") else address)
    except ValueError:
        return NOWHERE
    if not parts.netloc or parts.netloc == urlsplit(settings.IL2TRACKER_BASE_URL).netloc:
        return _of_our_path(parts.path)
    return _of_another_site(parts)


def _of_another_site(parts: SplitResult) -> Jump:
    host, path = parts.netloc.lower().removeprefix("www."), unquote(parts.path)
    if (pmcid := PMC_WITHIN.search(path)) is not None:
        return _pmcid(pmcid[1])
    if host in PUBMED_HOSTS and (pmid := PUBMED_PATH.match(path)) is not None:
        return _pmid(pmid[1])
    if (doi := DOI_WITHIN.search(path)) is not None:
        return _doi(doi[0])
    registered = REGISTERED_WITHIN.search(f"{path}?{unquote(parts.query)}")
    return _registered(registered[1] or registered[0]) if registered is not None else NOWHERE


def _of_our_path(path: str) -> Jump:
    if (code := OUR_CODES.match(path)) is not None:
        return _code(code[1][0], code[1][1:])
    if (word := OUR_WORDS.match(path)) is None:
        return NOWHERE
    kind, slug = word.groups()
    if kind == "trials":
        return _registered(slug)
    terms = {"conditions": Condition, "interventions": Intervention}.get(kind, AdverseEffect)
    held = terms.objects.public().filter(slug=slug).exists()
    return Jump(path=f"/{kind}/{slug}/") if held else NOWHERE


def _code(letter: str, digits: str) -> Jump:
    """Find a thing by its code here; what was withdrawn has an address that says so."""
    letter, number = letter.upper(), int(digits)
    word, look_up = CODED[letter]
    path = look_up(number)
    return Jump(path=path) if path else Jump(missing=f"We hold no {word} {letter}{number}.")


def _topic(number: int) -> str:
    return _edition(Assessment, f"/evidence/T{number}/", topic_id=number)


def _finding(number: int) -> str:
    return _edition(Finding, f"/findings/F{number}/", record_id=number)


def _harm(number: int) -> str:
    return _edition(HarmReport, f"/harms/H{number}/", record_id=number)


def _edition(model: Any, path: str, **named: int) -> str:
    editions = model.objects.public() | model.objects.withdrawn()
    return path if editions.filter(**named).exists() else ""


def _paper(number: int) -> str:
    held = Publication.objects.public().filter(pk=number).exists()
    return f"/publications/P{number}/" if held else ""


def _consideration(number: int) -> str:
    """Give the place of a consideration on the page of its source, which shows all of them."""
    held = Consideration.objects.public().filter(
        record_id=number, publication__in=Publication.objects.public()
    )
    publication = held.values_list("publication_id", flat=True).first()
    return f"/publications/P{publication}/#C{number}" if publication else ""


CODED: Mapping[str, tuple[str, Callable[[int], str]]] = {
    "T": ("topic", _topic),
    "F": ("finding", _finding),
    "H": ("harm report", _harm),
    "P": ("publication", _paper),
    "C": ("consideration", _consideration),
}


def _publication(named: Q, missing: str) -> Jump:
    pk = Publication.objects.public().filter(named).values_list("pk", flat=True).first()
    return Jump(path=f"/publications/P{pk}/") if pk else Jump(missing=missing)


def _pmid(digits: str) -> Jump:
    return _publication(Q(pmid=int(digits)), f"We hold no publication with the PMID {digits}.")


def _bare_number(digits: str) -> Jump:
    found = _pmid(digits)
    return found if found.path or len(digits) >= SURELY_PMID else NOWHERE


def _pmcid(value: str) -> Jump:
    value = value.upper()
    return _publication(Q(pmcid__iexact=value), f"We hold no publication with the PMCID {value}.")


def _doi(value: str) -> Jump:
    """Find a paper by its DOI, also where an address goes on behind it (`…/full`)."""
    shorter = value.rpartition("/")[0]
    named = Q(doi__iexact=value)
    if shorter.count("/"):
        named |= Q(doi__iexact=shorter)
    return _publication(named, f"We hold no publication with the DOI {value}.")


def _registered(value: str) -> Jump:
    path = _trial(value)
    return Jump(path=path) if path else Jump(missing=f"We hold no trial {value}.")


def _nct_of(digits: str) -> Jump:
    """Say of a number of another length that it is none, and which is held that it may be."""
    said = f"An NCT number has eight digits; NCT{digits} has {len(digits)}."
    padded = f"NCT{digits.zfill(DIGITS_OF_NCT)}"
    held = _trial(padded) if len(digits) < DIGITS_OF_NCT else ""
    return Jump(missing=f"{said} We hold {padded}." if held else said)


def _of_number(text: str) -> Jump:
    """Find a trial by a number of no known shape; a text that is none says nothing of it."""
    path = _trial(text) if OTHER_NUMBER.fullmatch(text) else ""
    return Jump(path=path) if path else NOWHERE


def _trial(value: str) -> str:
    numbered = TrialIdentifier.objects.filter(value__iexact=value).values("trial_id")
    held = Trial.objects.public().filter(Q(slug__iexact=value) | Q(pk__in=numbered))
    slug = held.order_by("pk").values_list("slug", flat=True).first()
    return f"/trials/{slug}/" if slug else ""


SHAPES: tuple[tuple[re.Pattern[str], Callable[[Any], Jump]], ...] = (
    (CODE, lambda found: _code(*found)),
    (PMID, lambda found: _pmid(*found)),
    (BARE_NUMBER, lambda found: _bare_number(*found)),
    (PMCID, lambda found: _pmcid(*found)),
    (DOI, lambda found: _doi(*found)),
    (NCT, lambda found: _registered(f"NCT{found[0]}")),
    (NCT_OF_ANY_LENGTH, lambda found: _nct_of(found[0])),
    (ISRCTN, lambda found: _registered(f"ISRCTN{found[0]}")),
    (EUROPEAN, lambda found: _registered(found[0])),
    (CHINESE, lambda found: _registered(f"ChiCTR{found[0]}")),
)
