"""Things, lists and the papers behind them as references to take away: RIS and BibTeX."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from evidence import vocab
from evidence.catalogue import CATALOGUE
from evidence.ledger import version
from evidence.listing import words
from evidence.listing.search import BadQueryError, ask
from evidence.listing.years import AS_OF
from evidence.models import (
    AdverseEffect,
    Condition,
    Edition,
    Intervention,
    Publication,
    Term,
    Trial,
)
from evidence.templatetags.names import family_name, finding_title, harm_title
from evidence.templatetags.things import REGISTRY_PAGES, topic_title
from evidence.web import behind, errors
from evidence.web import evidence_rows as rows
from evidence.web.addresses import (
    FINDING,
    HARM,
    TOPIC,
    Kind,
    merged_or_missing,
    missing,
    number_in,
    withdrawn_or_missing,
)
from evidence.web.references import Medium, Reference, as_bibtex, as_ris, in_one_line
from evidence.web.render import absolute

FORMS: Mapping[str, tuple[Callable[[Iterable[Reference]], str], str]] = {
    "ris": (as_ris, "application/x-research-info-systems; charset=utf-8"),
    "bib": (as_bibtex, "application/x-bibtex; charset=utf-8"),
}
TERMS: Mapping[str, tuple[type[Term], str]] = {
    "condition": (Condition, "condition"),
    "intervention": (Intervention, "intervention"),
    "adverse-effect": (AdverseEffect, "adverse effect"),
}
TITLES: Mapping[str, tuple[Kind, Callable[[], Any], Callable[[Any], str]]] = {
    "topic": (TOPIC, rows.assessments, lambda found: topic_title(found.topic)),
    "finding": (FINDING, rows.findings, finding_title),
    "harm": (HARM, rows.harms, harm_title),
}
# Neither is in a journal, whatever site it stands on.
NO_ARTICLES = (vocab.PublicationKind.NARRATIVE_PAGE, vocab.PublicationKind.LABEL)
OURS = "il2tracker"


@require_safe
def judgement(request: HttpRequest, code: str, *, of: str, what: str, form: str) -> HttpResponse:
    """Give the reference of a topic, finding or harm report, or those of the papers behind it."""
    kind, editions, title = TITLES[of]
    held = editions().filter(**{kind.key: number_in(code, letter=kind.letter)})
    found: Edition | None = held.first()
    if found is None:
        return withdrawn_or_missing(request, kind.withdrawn(code), kind=kind.word, code=code)
    if what == "sources":
        own = _registered(getattr(found, "trial", None)) if of != "topic" else []
        if getattr(found, "publication", None) is not None:
            own = []
        return _sources(behind.papers(held), name=code, form=form, also=own)
    one = _ours(
        title=f"{kind.word} {code}, edition {found.number}: {title(found)}",
        path=kind.edition(code, found.number),
        key=f"{OURS}-{code}-{found.number}",
        edition=str(found.number),
        day=found.published_at,
    )
    return _file([one], name=f"{OURS}-{code}", form=form)


@require_safe
def term(request: HttpRequest, slug: str, *, of: str, what: str, form: str) -> HttpResponse:
    """Give the reference of a condition, intervention or adverse effect, or those behind it."""
    model, word = TERMS[of]
    held = model.objects.public().filter(slug=slug)
    found: Any = held.first()
    if found is None:
        route = f"evidence:{of}-{what}-{form}"
        return merged_or_missing(request, model, route=route, kind=word, slug=slug)
    if what == "sources":
        return _sources(behind.papers(held), name=slug, form=form)
    path = reverse(f"evidence:{of}", args=[slug])
    one = _ours(title=found.name, path=path, key=f"{OURS}-{slug}")
    return _file([one], name=f"{OURS}-{slug}", form=form)


@require_safe
def trial(request: HttpRequest, slug: str, *, of: str, what: str, form: str) -> HttpResponse:
    """Give the reference of a trial's page, or those of its registry record and its papers."""
    held = Trial.objects.public().prefetch_related("identifiers").filter(slug=slug)
    found: Trial | None = held.first()
    if found is None:
        other = Trial.objects.public().filter(identifiers__value=slug).first()
        if other is None:
            return missing(request, kind="trial", code=slug)
        route = f"evidence:{of}-{what}-{form}"
        return HttpResponsePermanentRedirect(reverse(route, args=[other.slug]))
    if what == "sources":
        return _sources(behind.papers(held), name=slug, form=form, also=_registered(found))
    path = reverse("evidence:trial", args=[slug])
    one = _ours(title=f"trial {slug}: {found.title}", path=path, key=f"{OURS}-{slug}")
    return _file([one], name=f"{OURS}-{slug}", form=form)


@require_safe
def publication(request: HttpRequest, code: str, *, of: str, what: str, form: str) -> HttpResponse:
    """Give the reference of our page about a publication, or the publication's own."""
    held = Publication.objects.public().filter(pk=number_in(code, letter="P"))
    found: Publication | None = held.first()
    if found is None:
        return missing(request, kind="publication", code=code)
    if what == "sources":
        return _sources(held, name=code, form=form)
    path = reverse("evidence:publication", args=[code])
    one = _ours(title=f"publication {code}: {found.title}", path=path, key=f"{OURS}-{code}")
    return _file([one], name=f"{OURS}-{code}", form=form)


@require_safe
def listing(request: HttpRequest, name: str, *, what: str, form: str) -> HttpResponse:
    """Give the reference of a list as it was asked, or those of the papers behind its rows."""
    try:
        search = ask(CATALOGUE[name], request.GET, paged=False, tabular=False)
    except BadQueryError as error:
        return errors.bad_query(request, error)
    if what == "sources":
        year = search.asked.get(AS_OF)
        until = int(year[0]) if year else None
        return _sources(behind.papers(search.filterset.qs, until=until), name=name, form=form)
    said = "; ".join(f"{chip.label}: {chip.word}" for chip in words.chips(search))
    one = _ours(
        title=search.listing.title + (f" ({said})" if said else ""),
        path=words.filtered(search, search.listing.path),
        key=f"{OURS}-{name}",
        medium=Medium.DATA,
    )
    return _file([one], name=f"{OURS}-{name}", form=form)


def _sources(
    papers: Iterable[Publication], *, name: str, form: str, also: Iterable[Reference] = ()
) -> HttpResponse:
    references = [*also, *(paper(one) for one in papers)]
    return _file(references, name=f"{OURS}-{name}-sources", form=form)


def _file(references: Iterable[Reference], *, name: str, form: str) -> HttpResponse:
    write, content_type = FORMS[form]
    response = HttpResponse(write(references), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def _ours(
    *,
    title: str,
    path: str,
    key: str,
    edition: str = "",
    day: Any = None,
    medium: Medium = Medium.PAGE,
) -> Reference:
    """Refer to a page of ours, read today; without an edition it is as old as the data."""
    data, today = version.current(), timezone.now().date()
    day = (day or data.as_of or timezone.now()).date()
    return Reference(
        medium=medium,
        key=key,
        title=title[:1].upper() + title[1:],
        authors=(OURS,),
        container=OURS,
        year=day.year,
        published_on=day,
        url=absolute(path),
        publisher=OURS,
        edition=edition,
        note=f"Data version {data.number}",
        read_on=today,
    )


def paper(one: Publication) -> Reference:
    """Refer to a publication itself, with what is held of it and no more."""
    # What PubMed holds stood in a journal, also where its name was not seen here.
    article = bool(one.container or one.pmid) and one.kind not in NO_ARTICLES
    first = family_name(one.author_list[0]) if one.author_list else ""
    stem = "".join(letter for letter in first.lower() if letter.isascii() and letter.isalnum())
    page = f"https://doi.org/{one.doi}" if one.doi else one.url
    if not page and one.pmid:
        page = f"https://pubmed.ncbi.nlm.nih.gov/{one.pmid}/"
    if not page and one.pmcid:
        page = f"https://pmc.ncbi.nlm.nih.gov/articles/{one.pmcid}/"
    noted = "" if one.standing == vocab.Standing.CURRENT else str(one.get_standing_display())
    other = Medium.PAGE if one.kind in NO_ARTICLES else Medium.OTHER
    return Reference(
        medium=Medium.ARTICLE if article else other,
        key="-".join(part for part in (f"{stem}{one.year or ''}", one.code) if part),
        title=one.title,
        authors=tuple(one.author_list),
        container=one.container,
        year=one.year,
        volume=one.volume,
        first_page=one.first_page,
        doi=one.doi,
        pmid=one.pmid,
        pmcid=one.pmcid,
        url=page,
        note=in_one_line(f"{noted}: {one.standing_note}") if noted else "",
    )


def _registered(found: Trial | None) -> list[Reference]:
    """Refer to a trial's record at each registry that has an address for it."""
    if found is None:
        return []
    return [
        Reference(
            medium=Medium.PAGE,
            key=f"registry-{number.value}",
            title=found.title,
            container=str(number.get_registry_display()),
            registered_as=number.value,
            url=REGISTRY_PAGES[number.registry].format(number.value),
            note=f"Last checked {found.checked_on.isoformat()}" if found.checked_on else "",
        )
        for number in found.identifiers.all()
        if number.registry in REGISTRY_PAGES
    ]
