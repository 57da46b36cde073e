"""One judgement per page: a topic with its assessment, a finding, a harm report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from evidence import vocab
from evidence.assess import Pivot
from evidence.assess.words import status_and_ground
from evidence.listing.years import AS_OF
from evidence.models import (
    Assessment,
    Edition,
    Finding,
    HarmReport,
    Publication,
    Topic,
)
from evidence.templatetags.names import finding_title, harm_title
from evidence.templatetags.things import topic_title
from evidence.templatetags.words import definition_alone, running
from evidence.web import as_of, cite_links, errors, linked_data
from evidence.web import evidence_rows as rows
from evidence.web.addresses import FINDING, HARM, TOPIC, Kind, number_in, withdrawn_or_missing
from evidence.web.forest import forest
from evidence.web.harm_bars import harm_bars
from evidence.web.material import Material, gather
from evidence.web.render import dates_of, page
from evidence.web.through_time import through_time
from evidence.web.why import Why, why

# What the papers behind a page are to it.
SOURCES = {"topic": "The papers behind it", "finding": "Its source", "harm": "Its source"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """An edition's place among the others: what replaced it; nothing replaced the current one."""

    current: Edition
    replaced_by: Edition | None
    page: str


def frame(
    kind: Kind, edition: Edition, *, code: str, title: str, place: Place | None = None
) -> dict[str, Any]:
    """Give what pages of a judgement share: how they are cited, and the way to other editions.

    With a `place` it is the page of this edition, else the one that always shows the current.
    """
    permanent = kind.edition(code, edition.number)
    is_current = _is_current(place)
    return {
        "path": kind.page(code) if is_current else permanent,
        "title": f"{title}, edition {edition.number}" if place else title,
        "section": kind.section,
        "cited_as": f"{kind.word} {code}, edition {edition.number}: {title}",
        "cited_path": permanent,
        "permanent": permanent,
        "history": kind.history(code),
        "place": place,
        "edition": edition,
        "cite_links": cite_links.of_thing(kind.page(code), sources=SOURCES[kind.route])
        if is_current
        else None,
    }


def _is_current(place: Place | None) -> bool:
    return place is None or place.replaced_by is None


def _shown_at(kind: Kind, edition: Any, place: Place | None) -> str:
    """Give the path of a page of an edition, as `frame` does."""
    code = edition.code
    return kind.page(code) if _is_current(place) else kind.edition(code, edition.number)


@require_safe
def topic(request: HttpRequest, code: str) -> HttpResponse:
    """Show one question: its status and why, its findings, harms, trials and sources.

    With a year in `as_of` it is shown as of the end of that year, by the rule alone.
    """
    number = number_in(code, letter="T")
    assessment = _assessment_of(number)
    if assessment is None:
        return withdrawn_or_missing(request, TOPIC.withdrawn(code), kind=TOPIC.word, code=code)
    try:
        year = as_of.year_asked(request.GET)
    except as_of.NoYearError as error:
        return _refused(request, error)
    if year is not None:
        return as_of.topic_page(assessment.topic, assessment, year=year)
    return _topic_page(assessment, code=code)


def _refused(request: HttpRequest, error: as_of.NoYearError) -> HttpResponse:
    first, last = as_of.years()
    details = (
        f"Known here: {AS_OF}, a year from {first} to {last}.",
        "What is ignored would give the page of another year, so none is shown.",
    )
    return errors.bad_request(request, str(error), details=details)


def _topic_page(assessment: Assessment, *, code: str) -> HttpResponse:
    """Show a topic as it stands today."""
    question = assessment.topic
    material = gather(question, question.rule_trace)
    harms = list(rows.harms().filter(topic__in=material.read))
    considerations = list(_considerations_on(question))
    sources = _with_narrative(rows.sources(material.findings, harms, considerations), assessment)
    return page(
        "evidence/detail/topic.html",
        **frame(TOPIC, assessment, code=code, title=topic_title(question)),
        description=status_and_summary(assessment),
        dates=dates_of(reviewed=[assessment.reviewed_at], trials=material.trials),
        topic=question,
        assessment=assessment,
        differs=bool(question.rule_status) and not assessment.agrees,
        definition=running(definition_alone(assessment.status)),
        why=_why(question, material),
        through_time=through_time(
            question,
            material.findings,
            trials=material.addressing,
            approvals=material.approvals,
        ),
        years=as_of.years(),
        findings=material.findings,
        forest=forest(question, material.findings),
        dose_groups=harm_bars(harms),
        harms=harms,
        trials=material.trials,
        approvals=material.approvals,
        considerations=rows.by_kind(considerations),
        sources=sources,
        linked_data=linked_data.topic_page(
            assessment, title=topic_title(question), path=TOPIC.page(code), sources=sources
        ),
        searched=rows.searched()
        if _asks_for_treatment(assessment) and not (harms or material.treatment)
        else None,
    )


def status_and_summary(assessment: Assessment) -> str:
    """Describe an assessment to those who see a link to it: its status, ground and summary."""
    return f"{status_and_ground(assessment.status, assessment.ground)}: {assessment.summary}"


def _why(topic: Topic, material: Material) -> Why | None:
    pivots = tuple(Pivot.from_json(one) for one in topic.rule_rests_on)
    return why(
        topic,
        topic.rule_trace,
        rule=topic.rule,
        status=topic.rule_status,
        ground=topic.rule_ground,
        # A topic that rests on no study and is not said to be robust was derived before this was.
        pivots=pivots if pivots or topic.robust else None,
        material=material,
    )


def _assessment_of(number: int) -> Assessment | None:
    """Give the published assessment of a topic by the topic's number."""
    of_it = rows.assessments().filter(topic_id=number)
    return of_it.select_related("narrative_source", "author", "reviewer").first()


def _considerations_on(topic: Topic) -> Any:
    """Give what sources say of this condition, and of this intervention in no one condition."""
    on_it = Q(conditions=topic.condition) | Q(
        conditions__isnull=True, interventions=topic.intervention
    )
    return rows.considerations().filter(on_it).distinct()


def _with_narrative(
    sources: tuple[Publication, ...], assessment: Assessment
) -> tuple[Publication, ...]:
    """Put the narrative source page among the sources."""
    narrative = assessment.narrative_source
    if narrative is None or narrative.accepted_at is None or narrative in sources:
        return sources
    return (*sources, narrative)


def _asks_for_treatment(assessment: Assessment) -> bool:
    """Say whether the page is about a treatment that, we say, nobody was found to have had."""
    asks_for_treatment = assessment.topic.role in {
        *vocab.TREATING_ROLES,
        vocab.Role.PROPOSED_TREATMENT,
    }
    return asks_for_treatment and assessment.ground == vocab.Ground.NO_TREATMENT


@require_safe
def finding(request: HttpRequest, code: str) -> HttpResponse:
    """Show what one source showed on one topic."""
    of_it = rows.findings().filter(record_id=number_in(code, letter="F"))
    found: Finding | None = of_it.select_related("author", "reviewer").first()
    if found is None:
        return withdrawn_or_missing(request, FINDING.withdrawn(code), kind=FINDING.word, code=code)
    return finding_page(found)


def finding_page(found: Finding, *, place: Place | None = None) -> HttpResponse:
    """Show an edition of a finding."""
    title, path = finding_title(found), _shown_at(FINDING, found, place)
    return page(
        "evidence/detail/finding.html",
        **frame(FINDING, found, code=found.code, title=title, place=place),
        description=found.statement,
        linked_data=linked_data.finding_page(found, title=title, path=path),
        dates=dates_of(reviewed=[found.reviewed_at], trials=[found.trial] if found.trial else []),
        finding=found,
    )


@require_safe
def harm(request: HttpRequest, code: str) -> HttpResponse:
    """Show one adverse effect in one group of one source."""
    of_it = rows.harms().filter(record_id=number_in(code, letter="H"))
    found: HarmReport | None = of_it.select_related("author", "reviewer").first()
    if found is None:
        return withdrawn_or_missing(request, HARM.withdrawn(code), kind=HARM.word, code=code)
    return harm_page(found)


def harm_page(found: HarmReport, *, place: Place | None = None) -> HttpResponse:
    """Show an edition of a harm report."""
    title, path = harm_title(found), _shown_at(HARM, found, place)
    return page(
        "evidence/detail/harm.html",
        **frame(HARM, found, code=found.code, title=title, place=place),
        description=found.statement or title,
        linked_data=linked_data.harm_page(found, title=title, path=path),
        dates=dates_of(reviewed=[found.reviewed_at], trials=[found.trial] if found.trial else []),
        harm=found,
    )
