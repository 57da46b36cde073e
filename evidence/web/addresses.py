"""From a word in an address to the thing it names, or to what became of it."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from evidence.models import Assessment, Edition, Finding, HarmReport, Record, Term
from evidence.templatetags.words import day_words
from evidence.vocab import RecordKind
from evidence.web import errors

# Eighteen digits stay below what a database holds in a key.
NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
# Merged terms that lead to merged terms: more steps than this are nobody's intention.
LONGEST_CHAIN = 20


def number_in(code: str, *, letter: str) -> int:
    """Give the number of a code such as F34; 0, which no row has, where it is written otherwise."""
    digits = code.removeprefix(letter)
    return int(digits) if code.startswith(letter) and NUMBER.fullmatch(digits) else 0


def missing(request: HttpRequest, *, kind: str, code: str) -> HttpResponse:
    """Return the 404 that names what there is not."""
    shown = code if len(code) <= errors.LONGEST_ECHO else f"{code[: errors.LONGEST_ECHO]}…"
    return errors.not_found(request, f"There is no {kind} {shown}.")


def withdrawn_or_missing(
    request: HttpRequest, editions: Any, *, kind: str, code: str
) -> HttpResponse:
    """Return the 410 of a withdrawn record with its reason, else the 404.

    `editions` are the withdrawn editions under this code.
    """
    edition: Edition | None = editions.order_by("-withdrawn_at").first()
    if edition is None:
        return missing(request, kind=kind, code=code)
    when = day_words(edition.withdrawn_at, full=True)
    reason = edition.withdrawal_reason.rstrip(".")
    details = [str(edition)]
    successor = successor_link(edition.successor)
    if successor:
        details.append(successor)
    return errors.gone(
        request,
        f"Withdrawn on {when}, because: {reason}.",
        title=f"{kind.capitalize()} {code} has been withdrawn",
        details=details,
    )


def successor_link(record: Record | None) -> SafeString:
    """Link to the record that took a withdrawn one's place, where it has a page of its own."""
    if record is None:
        return SafeString("")
    path = record_path(record)
    if not path:
        return SafeString("")
    return format_html('In its place: <a href="{}">{}</a>.', path, path.strip("/"))


def record_path(record: Record) -> str:
    """Give the path of a published record; nothing where readers have none."""
    if record.kind == RecordKind.FINDING and _published(Finding, record):
        return reverse("evidence:finding", args=[str(record)])
    if record.kind == RecordKind.HARM_REPORT and _published(HarmReport, record):
        return reverse("evidence:harm", args=[str(record)])
    if record.kind == RecordKind.ASSESSMENT:
        found = Assessment.objects.public().filter(record=record).first()
        return reverse("evidence:topic", args=[f"T{found.topic_id}"]) if found else ""
    return ""


def _published(model: type[Finding] | type[HarmReport], record: Record) -> bool:
    return bool(model.objects.public().filter(record=record).exists())


def merged_or_missing(
    request: HttpRequest, model: type[Term], *, route: str, kind: str, slug: str
) -> HttpResponse:
    """Lead from the slug of a merged term to the term that took its place, else return the 404."""
    term = model.objects.filter(slug=slug).select_related("merged_into").first()
    for _ in range(LONGEST_CHAIN):
        if term is None or term.merged_into is None:
            break
        term = term.merged_into
    if term is None or term.slug == slug:
        return missing(request, kind=kind, code=slug)
    return HttpResponsePermanentRedirect(reverse(route, args=[term.slug]))
