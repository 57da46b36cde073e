"""One fact per page: a trial as registered, a publication."""

from __future__ import annotations

import datetime as dt

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from evidence.catalogue.registry_and_paper import NOTED, compare
from evidence.models import Assessment, Finding, Publication, Trial, TrialPublication
from evidence.registries.ids import identifier
from evidence.templatetags.names import trial_name, trial_title
from evidence.vocab import Registry
from evidence.web import cite_links, linked_data, linked_things
from evidence.web import evidence_rows as rows
from evidence.web.addresses import missing, number_in
from evidence.web.at_registry import at_registry, looked_at
from evidence.web.harm_bars import harm_bars
from evidence.web.render import dates_of, page


@require_safe
def trial(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one trial under all its identifiers: arms, findings, harms, publications."""
    found: Trial | None = (
        rows.trials()
        .prefetch_related("conditions", "interventions", "arms__intervention", "registry_records")
        .filter(slug=slug)
        .first()
    )
    if found is None:
        return _other_identifier(request, slug)
    findings = rows.by_year(rows.findings().filter(trial=found))
    harms = list(rows.harms().filter(trial=found))
    publication_rows = list(_publications_of(found))
    records = list(found.registry_records.all())
    dates = dates_of(reviewed=[_accepted(found)], trials=[found])
    return page(
        "evidence/detail/trial.html",
        path=reverse("evidence:trial", args=[slug]),
        title=trial_title(found),
        description=found.results_summary or found.title,
        section="trials",
        linked_data=linked_data.thing_page(
            linked_things.trial(found),
            section="trials",
            name=trial_name(found),
            path=reverse("evidence:trial", args=[slug]),
        ),
        dates=looked_at(dates, records),
        cited_as=f"trial {slug}: {found.title}",
        cite_links=cite_links.of_thing(
            reverse("evidence:trial", args=[slug]), sources="Its records and papers"
        ),
        trial=found,
        findings=findings,
        several_topics=_several_topics(findings),
        harms=harms,
        dose_groups=harm_bars(harms),
        publication_rows=publication_rows,
        compared=compare(found, publication_rows),
        noted=NOTED,
        at_registry=at_registry(found, records),
        results_at=_results_at(found),
        assessments=list(rows.assessments().filter(topic__trials=found)),
    )


def _results_at(trial: Trial) -> str:
    """Give the number under which a trial's results are posted; empty where none are."""
    if not trial.results_posted:
        return ""
    numbers = [one.value for one in trial.identifiers.all() if one.registry == Registry.NCT]
    return trial.slug if trial.slug in numbers else next(iter(numbers), "")


def _accepted(fact: Trial | Publication) -> dt.datetime | None:
    """Say when a person accepted a fact; the starter data is no person."""
    return fact.accepted_at if fact.accepted_by_id is not None else None


def _several_topics(findings: list[Finding]) -> bool:
    """Say whether a table of findings has to name the topic of each."""
    return len({finding.topic_id for finding in findings}) > 1


def _publications_of(trial: Trial) -> QuerySet[TrialPublication]:
    """Give the accepted publications of a trial with how they stand to it."""
    return (
        TrialPublication.objects.filter(trial=trial, publication__in=Publication.objects.public())
        .select_related("publication")
        .order_by(F("publication__year").asc(nulls_last=True), "pk")
    )


def _other_identifier(request: HttpRequest, value: str) -> HttpResponse:
    """Lead from another of a trial's numbers, in any case, to its page, else return the 404."""
    known = identifier(value)
    wanted = Q(identifiers__value=value)
    # The same number in other letters, never one with something before or after it.
    if known is not None and known.value.casefold() == value.casefold():
        wanted |= Q(slug=known.value) | Q(identifiers__value=known.value)
    found = Trial.objects.public().filter(wanted).first()
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
    harms = list(rows.harms().filter(publication=found))
    findings = rows.by_year(rows.findings().filter(publication=found))
    trial_rows = list(_trials_of(found))
    return page(
        "evidence/detail/publication.html",
        path=reverse("evidence:publication", args=[code]),
        title=found.title,
        description=found.summary or found.title,
        section="publications",
        linked_data=linked_data.thing_page(
            linked_things.publication(found),
            section="publications",
            name=found.title,
            path=reverse("evidence:publication", args=[code]),
        ),
        dates=dates_of(reviewed=[_accepted(found)], trials=[row.trial for row in trial_rows]),
        cited_as=f"publication {code}: {found.title}",
        cite_links=cite_links.of_thing(
            reverse("evidence:publication", args=[code]), sources="The publication itself"
        ),
        publication=found,
        trial_rows=trial_rows,
        findings=findings,
        several_topics=_several_topics(findings),
        harms=harms,
        dose_groups=harm_bars(harms),
        considerations=rows.by_kind(rows.considerations().filter(publication=found)),
        assessments=list(_assessments_from(found)),
    )


def _trials_of(publication: Publication) -> QuerySet[TrialPublication]:
    """Give the accepted trials of a publication, those with the same relation together."""
    return (
        TrialPublication.objects.filter(publication=publication, trial__in=Trial.objects.public())
        .select_related("trial")
        .order_by("relation", "trial__slug")
    )


def _assessments_from(publication: Publication) -> QuerySet[Assessment]:
    """Give the assessments that set this source page's own word beside ours."""
    return rows.assessments().filter(
        pk__in=Assessment.objects.public().filter(narrative_source=publication)
    )
