"""The editions of a judgement, newest first, with what changed from one to the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from evidence.ledger.differences import Difference, differences, with_names
from evidence.models import Assessment, Edition
from evidence.templatetags.names import finding_title, harm_title
from evidence.templatetags.things import topic_title
from evidence.vocab import State
from evidence.web import evidence_rows as rows
from evidence.web.addresses import FINDING, HARM, TOPIC, Kind, withdrawn_or_missing
from evidence.web.render import page


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One edition in a history: until when it stood, and how it differs from the one before.

    `address` is empty where the edition is no longer shown; `status_before` is the assessment
    whose status was another.
    """

    edition: Any
    address: str
    replaced_at: dt.datetime | None
    before: Edition | None
    changes: tuple[Difference, ...]
    status_before: Assessment | None


@require_safe
def finding(request: HttpRequest, code: str) -> HttpResponse:
    """Show the editions of a finding."""
    return _history(request, FINDING, code, finding_title)


@require_safe
def harm(request: HttpRequest, code: str) -> HttpResponse:
    """Show the editions of a harm report."""
    return _history(request, HARM, code, harm_title)


@require_safe
def topic(request: HttpRequest, code: str) -> HttpResponse:
    """Show the editions of a topic's assessments, those of withdrawn ones among them."""
    return _history(request, TOPIC, code, lambda assessment: topic_title(assessment.topic))


def _history(
    request: HttpRequest, kind: Kind, code: str, title_of: Callable[[Any], str]
) -> HttpResponse:
    current = kind.current(code)
    if current is None:
        return withdrawn_or_missing(request, kind.withdrawn(code), kind=kind.word, code=code)
    of_it = Q(record=current.record_id) | Q(record__in=kind.withdrawn(code).values("record"))
    editions = with_names(kind.model.objects.shown().filter(of_it))
    editions = editions.select_related("author", "reviewer")
    # Two may be published in one moment.
    in_time = list(editions.order_by("published_at", "record_id", "number"))
    title = title_of(next(one for one in in_time if one.pk == current.pk))
    return page(
        "evidence/history.html",
        path=kind.history(code),
        title=f"History of {kind.word} {code}: {title}",
        description=f"The editions of {kind.word} {code}, and what changed between them.",
        section=kind.section,
        cited_as=f"history of {kind.word} {code}: {title}",
        heading=f"History of {kind.word} {code}",
        thing=title,
        thing_path=kind.page(code),
        code=code,
        entries=_entries(kind, code, current, in_time),
        several_records=len({one.record_id for one in in_time}) > 1,
    )


def _entries(kind: Kind, code: str, current: Edition, in_time: list[Any]) -> list[Entry]:
    """Set each edition against the one before it in time, newest first."""
    ended = rows.replaced(in_time)
    entries = []
    for before, edition in pairwise([None, *in_time]):
        has_page = edition.record_id == current.record_id and edition.state != State.WITHDRAWN
        entries.append(
            Entry(
                edition=edition,
                address=kind.edition(code, edition.number) if has_page else "",
                replaced_at=ended.get(edition.pk),
                before=before,
                changes=differences(before, edition) if before is not None else (),
                status_before=before if _status(before) != _status(edition) else None,
            )
        )
    return entries[::-1]


def _status(edition: Any) -> tuple[str, str] | None:
    """Give the status of an assessment with its ground, which are one."""
    return (edition.status, edition.ground) if isinstance(edition, Assessment) else None
