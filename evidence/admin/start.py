"""From one identifier, as it is pasted, to what is known by it or to a form that starts with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from django.contrib import admin
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Q
from django.http import HttpRequest

from evidence.admin.panels import address
from evidence.models import Publication, Trial, TrialIdentifier
from evidence.vocab import Registry

LONGEST = 500
# Of a name; less is in every other title.
SHORTEST = 3
NUMBERS: Mapping[str, re.Pattern[str]] = {
    Registry.NCT: re.compile(r"\bNCT\s*([0-9]{8})(?![0-9])", re.IGNORECASE | re.ASCII),
    Registry.ISRCTN: re.compile(r"\bISRCTN\s*([0-9]{8})(?![0-9])", re.IGNORECASE | re.ASCII),
    Registry.CHICTR: re.compile(r"\bChiCTR(-?[-A-Z0-9]*[0-9]{4,})", re.IGNORECASE | re.ASCII),
}
# The EU's two registries write theirs alike; the newer one's middle starts with 5.
EUROPEAN = re.compile(r"(?<![0-9-])((?:19|20)[0-9]{2}-([0-9])[0-9]{5}-[0-9]{2})(?![0-9])")
DOI = re.compile(r"(?<![0-9])10\.[0-9]{4,9}/\S+")
PMCID = re.compile(r"\bPMC\s*([0-9]{1,9})(?![0-9])", re.IGNORECASE | re.ASCII)
PMID = re.compile(
    r"(?:\bPMID\s*:?\s*|pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/(?:m/)?pubmed/)"
    r"([1-9][0-9]{0,7})(?![0-9])",
    re.IGNORECASE | re.ASCII,
)
BARE = re.compile(r"[1-9][0-9]{0,7}", re.ASCII)
AN_ADDRESS = re.compile(r"[a-z]+://", re.IGNORECASE)
# What publishers put behind a DOI in the addresses of its pages.
PAGE_OF_A_DOI = re.compile(r"(?:/(?:full|abstract|pdf|epdf|html|fulltext|meta)|\.pdf)$", re.I)
UNKNOWN = (
    "No identifier was recognised in “{text}”, and no one trial is called so. Give an NCT number "
    "or another registry's number, a PMID, a DOI, a PMCID, an address that holds one, or a trial's "
    "acronym."
)
NOT_YOURS = "{name} is not here yet, and your duties do not include adding it."
NOT_TO_SEE = "{name} is here, but your duties do not include looking at it."


@dataclass(frozen=True, kw_only=True)
class Identifier:
    """A number of a registry, or a publication's by the name of its field."""

    kind: str
    value: str

    @property
    def of_a_trial(self) -> bool:
        """Say whether a registry gave it."""
        return self.kind in Registry.values

    def __str__(self) -> str:
        return self.value if self.kind != "pmid" else f"PMID {self.value}"


def recognise(text: str) -> Identifier | None:
    """Return the identifier in a pasted text or address; None where there is none."""
    for registry, pattern in NUMBERS.items():
        if found := pattern.search(text):
            return Identifier(kind=registry, value=f"{registry}{found[1].upper()}")
    if doi := _doi(text):
        return Identifier(kind="doi", value=doi)
    if found := PMCID.search(text):
        return Identifier(kind="pmcid", value=f"PMC{found[1]}")
    if found := EUROPEAN.search(text):
        registry = Registry.CTIS if found[2] == "5" else Registry.EUCTR
        return Identifier(kind=registry, value=found[1])
    if found := PMID.search(text):
        return Identifier(kind="pmid", value=found[1])
    return Identifier(kind="pmid", value=text) if BARE.fullmatch(text) else None


def begin(site: admin.AdminSite, request: HttpRequest, text: str) -> tuple[str, str]:
    """Return where an identifier leads, or else a sentence that says why it leads nowhere."""
    text = text.strip()
    if len(text) > LONGEST:
        return "", f"An identifier or address has at most {LONGEST} characters."
    identifier, known = recognise(text), find(text)
    if known is not None:
        if not site._registry[type(known)].has_view_permission(request):
            return "", NOT_TO_SEE.format(name=identifier or text)
        return address(type(known), "change", args=[known.pk]), ""
    if identifier is None:
        return "", UNKNOWN.format(text=text)
    model: type[Any] = Trial if identifier.of_a_trial else Publication
    if not site._registry[model].has_add_permission(request):
        return "", NOT_YOURS.format(name=identifier)
    field = "identifier" if identifier.of_a_trial else identifier.kind
    return address(model, "add", query={field: identifier.value}), ""


def find(text: str) -> Trial | Publication | None:
    """Return the one trial or publication that is known by a number, an address or a name."""
    identifier = recognise(text)
    return _known(identifier, text) or (_by_name(text) if identifier is None else None)


class StartsFromIdentifier(admin.ModelAdmin):
    """An admin of trials whose new form can start with a registry's number in its rows."""

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Check the number as if it were sent; it goes into the rows below."""
        first = first_row(request)
        if first:
            try:
                TrialIdentifier(**first).clean()
            except ValidationError as error:
                text = request.GET["identifier"]
                said = " ".join(error.messages)
                raise BadRequest(f"The form cannot start with “{text}”: {said}") from error
            others = request.GET.copy()
            del others["identifier"]
            request.GET = others
            request.first_row = first  # type: ignore[attr-defined]
        return super().get_changeform_initial_data(request)

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Any, inline: Any, prefix: str
    ) -> dict[str, Any]:
        """Fill the first row in ahead."""
        given = super().get_formset_kwargs(request, obj, inline, prefix)
        # Only while the form is opened: when it is sent, a row as it started would count as empty.
        first = getattr(request, "first_row", None)
        if first and inline.model is TrialIdentifier:
            given["initial"] = [first]
        return given


def first_row(request: HttpRequest) -> dict[str, str]:
    """Return the registry and the number that a new trial starts with, if it starts with one."""
    text = str(request.GET.get("identifier", "")).strip()
    if not text:
        return {}
    identifier = recognise(text[:LONGEST])
    if identifier is None or not identifier.of_a_trial:
        raise BadRequest(f"The form cannot start with “{text}”: it is no registry's number.")
    return {"registry": identifier.kind, "value": identifier.value}


def _by_name(text: str) -> Trial | None:
    """Find the one trial of an acronym, or else of a part of a title that no other one has."""
    for asked in (Q(acronym__iexact=text), Q(title__icontains=text)):
        found = list(Trial.objects.filter(asked)[:2]) if len(text) >= SHORTEST else []
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _doi(text: str) -> str:
    """Return the DOI in a text, without what an address or a sentence puts behind it."""
    if AN_ADDRESS.match(text):
        text = unquote(re.split(r"[?#]", text, maxsplit=1)[0])
    found = DOI.search(text)
    if found is None:
        return ""
    doi = found[0].rstrip(".,;:'\"\u201d\u2019")
    if doi.endswith(")") and doi.count(")") > doi.count("("):
        doi = doi[:-1]
    doi = PAGE_OF_A_DOI.sub("", doi)
    longest = Publication._meta.get_field("doi").max_length or 0
    return doi if len(doi) <= longest else ""


def _known(identifier: Identifier | None, text: str) -> Trial | Publication | None:
    """Find the trial or publication of an identifier, or of a number no pattern knows."""
    if identifier is None or identifier.of_a_trial:
        value = identifier.value if identifier is not None else text
        row = TrialIdentifier.objects.filter(value__iexact=value).select_related("trial").first()
        trial: Trial | None = row.trial if row is not None else None
        if trial is None and value:
            trial = Trial.objects.filter(slug__iexact=value).first()
        if trial is not None or identifier is not None:
            return trial
        return Publication.objects.filter(url=text).exclude(url="").first()
    lookup = "pmid" if identifier.kind == "pmid" else f"{identifier.kind}__iexact"
    return Publication.objects.filter(**{lookup: identifier.value}).first()
