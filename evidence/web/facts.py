"""One fact per page: a trial as registered, a publication."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from evidence.models import Assessment, Publication, Trial, TrialPublication
from evidence.web import evidence_rows as rows
from evidence.web.addresses import missing, number_in
from evidence.web.render import Dates, page, site_dates


@require_safe
def trial(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one trial under all its identifiers: arms, findings, harms, publications."""
    found: Trial | None = (
        rows.trials()
        .prefetch_related("conditions", "interventions", "arms__intervention")
        .filter(slug=slug)
        .first()
    )
    if found is None:
        return _other_identifier(request, slug)
    site = site_dates(data_as_of=None)
    findings = rows.by_year(rows.findings().filter(trial=found))
    harms = list(rows.harms().filter(trial=found))
    return page(
        "evidence/detail/trial.html",
        path=reverse("evidence:trial", args=[slug]),
        title=f"{found.acronym or slug}: {found.title}",
        description=found.results_summary or found.title,
        section="trials",
        dates=Dates(
            last_reviewed=site.last_reviewed,
            registry_checked=found.checked_on,
            data_as_of=site.data_as_of,
        ),
        cited_as=f"trial {slug}: {found.title}",
        trial=found,
        findings=findings,
        harms=harms,
        publication_rows=list(_publications_of(found)),
        assessments=list(rows.assessments().filter(topic__trials=found)),
    )


def _publications_of(trial: Trial) -> QuerySet[TrialPublication]:
    """Give the accepted publications of a trial with how they stand to it."""
    return (
        TrialPublication.objects.filter(trial=trial, publication__in=Publication.objects.public())
        .select_related("publication")
        .order_by("publication__year", "pk")
    )


def _other_identifier(request: HttpRequest, value: str) -> HttpResponse:
    """Lead from another of a trial's numbers to its page, else return the 404."""
    found = Trial.objects.public().filter(identifiers__value=value).first()
    if found is None:
        return missing(request, kind="trial", code=value)
    return HttpResponsePermanentRedirect(reverse("evidence:trial", args=[found.slug]))


@require_safe
def publication(request: HttpRequest, code: str) -> HttpResponse:
    """Show one publication: where to read it, its standing, and what is taken from it."""
    number = number_in(code, letter="P")
    found: Publication | None = Publication.objects.public().filter(pk=number).first()
    if found is None:
        return missing(request, kind="publication", code=code)
    return page(
        "evidence/detail/publication.html",
        path=reverse("evidence:publication", args=[code]),
        title=found.title,
        description=found.summary or found.title,
        section="publications",
        cited_as=f"publication {code}: {found.title}",
        publication=found,
        trial_rows=list(
            TrialPublication.objects.filter(
                publication=found, trial__in=Trial.objects.public()
            ).select_related("trial")
        ),
        findings=rows.by_year(rows.findings().filter(publication=found)),
        harms=list(rows.harms().filter(publication=found)),
        considerations=list(rows.considerations().filter(publication=found)),
        assessments=list(_assessments_from(found)),
    )


def _assessments_from(publication: Publication) -> QuerySet[Assessment]:
    """Give the assessments that set this source page's own word beside ours."""
    return rows.assessments().filter(
        pk__in=Assessment.objects.public().filter(narrative_source=publication)
    )
