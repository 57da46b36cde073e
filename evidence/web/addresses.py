"""From a word in an address to the thing it names, or to what became of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind of judgement with pages of its own; `key` is the field that its codes number."""

    model: type[Edition]
    route: str
    section: str
    word: str
    letter: str
    key: str

    def current(self, code: str) -> Edition | None:
        """Give the published edition under a code such as F34."""
        found: Edition | None = self.model.objects.public().filter(**self._named(code)).first()
        return found

    def withdrawn(self, code: str) -> Any:
        """Give the withdrawn editions under a code."""
        return self.model.objects.withdrawn().filter(**self._named(code))

    def _named(self, code: str) -> dict[str, int]:
        return {self.key: number_in(code, letter=self.letter)}

    def page(self, code: str) -> str:
        """Give the path that always shows the current edition."""
        return reverse(f"evidence:{self.route}", args=[code])

    def edition(self, code: str, number: int) -> str:
        """Give the path of one edition, which stays when another replaces it."""
        return reverse(f"evidence:{self.route}-edition", args=[code, number])

    def history(self, code: str) -> str:
        """Give the path of all editions and of what changed between them."""
        return reverse(f"evidence:{self.route}-history", args=[code])


FINDING = Kind(
    model=Finding,
    route="finding",
    section="findings",
    word="finding",
    letter="F",
    key="record_id",
)
HARM = Kind(
    model=HarmReport,
    route="harm",
    section="harms",
    word="harm report",
    letter="H",
    key="record_id",
)
TOPIC = Kind(
    model=Assessment,
    route="topic",
    section="evidence",
    word="topic",
    letter="T",
    key="topic_id",
)


def missing(request: HttpRequest, *, kind: str, code: str) -> HttpResponse:
    """Return the 404 that names what there is not."""
    shown = code if len(code) <= errors.LONGEST_ECHO else f"{code[: errors.LONGEST_ECHO]}…"
    return errors.not_found(request, f"There is no {kind} {shown}.")


def withdrawn_or_missing(
    request: HttpRequest, editions: Any, *, kind: str, code: str, current: str = ""
) -> HttpResponse:
    """Return the 410 of a withdrawn record with its reason, else the 404.

    `editions` are the withdrawn editions under this code; `current` is the path of the published
    one, where there is one again.
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
    if current:
        details.append(format_html('<a href="{}">The current edition of {}</a>.', current, code))
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
    *_, code = path.strip("/").split("/")
    return format_html('In its place: <a href="{}">{}</a>.', path, code)


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
    term = standing_for(model, slug)
    if term is None or term.slug == slug:
        return missing(request, kind=kind, code=slug)
    return HttpResponsePermanentRedirect(reverse(route, args=[term.slug]))


def standing_for(model: type[Term], slug: str) -> Term | None:
    """Give the term of a slug, or the one that it was merged into in the end; None where none."""
    term = model.objects.filter(slug=slug).select_related("merged_into").first()
    for _ in range(LONGEST_CHAIN):
        if term is None or term.merged_into is None:
            break
        term = term.merged_into
    return term
