"""The trials of a condition or of a form of IL-2 through time, as a drawing of its own."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from evidence.charts.timeline_sheet import Drawing, Line, drawn
from evidence.ledger import trees, version
from evidence.models import Condition, Intervention, Term
from evidence.templatetags.names import trial_name
from evidence.templatetags.words import day_words, label_of
from evidence.web import errors
from evidence.web import evidence_rows as rows
from evidence.web import trials_time as through_time
from evidence.web.addresses import merged_or_missing
from evidence.web.forest import NOT_ADVICE
from evidence.web.render import absolute


@require_safe
def condition(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the trials of a condition, and of all narrower ones, as one drawing."""
    return _drawing(request, Condition, slug, field="conditions", route="condition")


@require_safe
def intervention(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the trials of a form of IL-2, and of all its variants, as one drawing."""
    return _drawing(request, Intervention, slug, field="interventions", route="intervention")


def _drawing(
    request: HttpRequest, model: type[Term], slug: str, *, field: str, route: str
) -> HttpResponse:
    tree = trees.grow(model)
    node = tree.by_slug.get(slug)
    if node is None:
        return merged_or_missing(
            request, model, route=f"evidence:{route}-trials", kind=route, slug=slug
        )
    trials = rows.many_trials().filter(**{f"{field}__in": tree.at_or_below([node.pk])}).distinct()
    time = through_time.trials_time(trials, name=node.name)
    if time is None:
        return errors.not_found(request, f"We hold no trial to be drawn: {node.name}.")
    text = drawn(
        Drawing(
            title=f"Trials through time: {node.name}",
            sheet=time.sheet,
            today=time.today,
            groups=[(phase.label, list(_lines(phase, time))) for phase in time.phases],
            older=time.older.by_year if time.older else {},
            older_sheet=time.older.sheet if time.older else None,
            foot=list(_foot(time, path=reverse(f"evidence:{route}", args=[slug]))),
        )
    )
    response = HttpResponse(text, content_type="image/svg+xml")
    response["Content-Disposition"] = f'attachment; filename="il2tracker-{slug}-trials.svg"'
    return response


def _lines(phase: through_time.Phase, time: through_time.TrialsTime) -> Iterator[Line]:
    for line in phase.lines:
        one, run = line.trial, line.run
        start, end = day_words(one.start), day_words(one.completion or one.primary_completion)
        dates = f"{start} to {end}" if run.end else f"from {start}"
        status = label_of(one.recruitment_status, vocabulary="RecruitmentStatus")
        name = one.acronym or one.title
        yield Line(
            name=name,
            number=one.slug if one.slug != name else "",
            status=status or "status not reported",
            dates=dates,
            notes=through_time.notes(one, run, today=time.today),
            run=run,
        )


def _foot(time: through_time.TrialsTime, *, path: str) -> Iterator[str]:
    """Say what is not drawn, where it comes from, and what it is not."""
    if time.undated_count:
        named = ", ".join(trial_name(one) for one in time.undated)
        more = f" and {time.undated_more:,} more" if time.undated_more else ""
        yield f"{time.undated_count:,} without a start date: {named}{more}."
    data = version.current()
    when = day_words(time.today, full=True)
    yield f"{absolute(path)} · data version {data.number} · drawn {when}"
    yield NOT_ADVICE
