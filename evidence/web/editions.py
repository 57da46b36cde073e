"""One edition of a judgement at an address of its own, which stays when another replaces it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from evidence.models import Assessment, Edition
from evidence.templatetags.things import topic_title
from evidence.vocab import State
from evidence.web import details, errors
from evidence.web import evidence_rows as rows
from evidence.web.addresses import FINDING, HARM, TOPIC, Kind, number_in, withdrawn_or_missing
from evidence.web.details import Place
from evidence.web.render import page


@require_safe
def finding(request: HttpRequest, code: str, edition: str) -> HttpResponse:
    """Show a finding as one of its editions had it."""
    return _edition(request, FINDING, code, edition, rows.whole_findings, details.finding_page)


@require_safe
def harm(request: HttpRequest, code: str, edition: str) -> HttpResponse:
    """Show a harm report as one of its editions had it."""
    return _edition(request, HARM, code, edition, rows.whole_harms, details.harm_page)


@require_safe
def topic(request: HttpRequest, code: str, edition: str) -> HttpResponse:
    """Show the assessment of a topic as one of its editions had it, without today's evidence."""

    def shown(assessment: Assessment, *, place: Place) -> HttpResponse:
        return _assessment_page(assessment, code=code, place=place)

    return _edition(request, TOPIC, code, edition, rows.whole_assessments, shown)


def _edition(
    request: HttpRequest,
    kind: Kind,
    code: str,
    edition: str,
    whole: Callable[[Any], Any],
    show: Callable[..., HttpResponse],
) -> HttpResponse:
    """Show an edition that is or was public, of a record that is."""
    current = kind.current(code)
    if current is None:
        return withdrawn_or_missing(request, kind.withdrawn(code), kind=kind.word, code=code)
    number = number_in(edition, letter="")
    of_record = kind.model.objects.shown().filter(record=current.record_id)
    numbered = whole(of_record).select_related("author", "reviewer").filter(number=number)
    found: Edition | None = numbered.first()
    if found is None or found.state == State.WITHDRAWN:
        return _gone_or_missing(request, kind, code, edition, found)
    return show(found, place=_place(found, current, list(of_record), page=kind.page(code)))


def _place(found: Edition, current: Edition, editions: list[Edition], *, page: str) -> Place:
    """Say what replaced an edition: the next that was published, for numbers may have gaps."""
    if found.pk == current.pk:
        return Place(current=current, replaced_by=None, page=page)
    later = [one for one in editions if one.number > found.number]
    replaced_by = min(later, key=lambda one: one.number, default=current)
    return Place(current=current, replaced_by=replaced_by, page=page)


def _gone_or_missing(
    request: HttpRequest, kind: Kind, code: str, edition: str, found: Edition | None
) -> HttpResponse:
    """Say that an edition was withdrawn, by itself or with its whole record, or never public."""
    if found is not None:
        former = kind.withdrawn(code).filter(pk=found.pk)
    else:
        with_number = kind.model.objects.shown().filter(number=number_in(edition, letter=""))
        former = kind.withdrawn(code).filter(record__in=with_number.values("record"))
    named = edition if len(edition) <= errors.LONGEST_ECHO else f"{edition[: errors.LONGEST_ECHO]}…"
    word = f"edition {named} of {kind.word}"
    return withdrawn_or_missing(request, former, kind=word, code=code, current=kind.page(code))


def _assessment_page(assessment: Assessment, *, code: str, place: Place) -> HttpResponse:
    """Show an edition of an assessment alone: the evidence beside it today is not part of it."""
    title = topic_title(assessment.topic)
    return page(
        "evidence/detail/topic_edition.html",
        **details.frame(TOPIC, assessment, code=code, title=title, place=place),
        description=details.status_and_summary(assessment),
        code=code,
        topic=assessment.topic,
        assessment=assessment,
        former=TOPIC.withdrawn(code).exclude(record=assessment.record_id).exists(),
    )
