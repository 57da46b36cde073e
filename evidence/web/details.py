"""One judgement per page: a topic with its assessment, a finding, a harm report."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from evidence import vocab
from evidence.ledger import trees
from evidence.models import (
    Approval,
    Assessment,
    Condition,
    Edition,
    Finding,
    HarmReport,
    Publication,
    Topic,
)
from evidence.templatetags.names import study_name
from evidence.templatetags.things import topic_title
from evidence.templatetags.words import running
from evidence.web import evidence_rows as rows
from evidence.web.addresses import FINDING, HARM, TOPIC, Kind, number_in, withdrawn_or_missing
from evidence.web.render import dates_of, page

CODE = re.compile(r"F[1-9][0-9]*", re.ASCII)


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
    is_current = place is None or place.replaced_by is None
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
    }


@require_safe
def topic(request: HttpRequest, code: str) -> HttpResponse:
    """Show one question: its status and why, its findings, harms, trials and sources."""
    number = number_in(code, letter="T")
    assessment = _assessment_of(number)
    if assessment is None:
        return withdrawn_or_missing(request, TOPIC.withdrawn(code), kind=TOPIC.word, code=code)
    question = assessment.topic
    trace = question.rule_trace or {}
    read = {question.pk, *question.reads.values_list("pk", flat=True)}
    looked_at = rows.by_year(_findings_looked_at(read, trace))
    findings = [finding for finding in looked_at if finding.topic_id in read]
    harms = list(rows.harms().filter(topic__in=read))
    considerations = list(_considerations_on(question))
    trials = list(rows.trials().filter(topics__in=read).distinct())
    approvals = _approvals_of(question)
    return page(
        "evidence/detail/topic.html",
        **frame(TOPIC, assessment, code=code, title=topic_title(question)),
        description=f"{assessment.status}: {assessment.summary}",
        dates=dates_of(reviewed=[assessment.reviewed_at], trials=trials),
        topic=question,
        assessment=assessment,
        differs=bool(question.rule_status) and question.rule_status != assessment.status,
        definition=_as_clause(vocab.STATUS_DEFINITIONS[assessment.status]),
        trace=trace,
        left_out=_left_out(trace, looked_at),
        findings=findings,
        dose_groups=rows.by_dose(harms),
        harms=harms,
        trials=trials,
        approvals=approvals,
        considerations=rows.by_kind(considerations),
        sources=_with_narrative(rows.sources(findings, harms, considerations), assessment),
        searched=rows.searched() if _says_nothing_found(assessment) else None,
    )


def _assessment_of(number: int) -> Assessment | None:
    """Give the published assessment of a topic by the topic's number."""
    of_it = rows.assessments().filter(topic_id=number)
    return of_it.select_related("narrative_source", "author", "reviewer").first()


def _findings_looked_at(read: set[int], trace: dict[str, Any]) -> Any:
    """Give the findings of the topics that are read for this one, and all that were left out."""
    left_out = [number_in(one["id"], letter="F") for one in trace.get("left_out", ())]
    return rows.findings().filter(Q(topic__in=read) | Q(record_id__in=left_out))


def _considerations_on(topic: Topic) -> Any:
    """Give what sources say of this condition, and of this intervention in no one condition."""
    on_it = Q(conditions=topic.condition) | Q(
        conditions__isnull=True, interventions=topic.intervention
    )
    return rows.considerations().filter(on_it).distinct()


def _approvals_of(topic: Topic) -> list[Approval]:
    """Give the approvals of this intervention, in this condition or a wider one."""
    wider = trees.grow(Condition).at_or_above(topic.condition_id)
    approvals = Approval.objects.public().select_related("intervention", "condition")
    return list(approvals.filter(condition__in=wider, intervention=topic.intervention))


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """A reason, with the findings, trials (by slug) and approvals that it keeps silent."""

    sentence: str
    findings: tuple[Finding, ...]
    trials: tuple[str, ...]
    approvals: int


def _left_out(trace: dict[str, Any], findings: Iterable[Finding]) -> list[LeftOut]:
    """Give what has no voice in the rule, each reason once."""
    by_code = {finding.code: finding for finding in findings}
    reasons: dict[str, dict[str, None]] = {}
    for one in (*trace.get("left_out", ()), *trace.get("set_aside", ())):
        reasons.setdefault(one["sentence"], {})[one["id"]] = None
    return [
        LeftOut(
            sentence=sentence,
            findings=tuple(by_code[name] for name in names if name in by_code),
            # A trial has its word in addresses, an approval its number.
            trials=tuple(n for n in names if not n.isdigit() and not CODE.fullmatch(n)),
            approvals=sum(name.isdigit() for name in names),
        )
        for sentence, names in reasons.items()
    ]


def _as_clause(definition: str) -> str:
    """Let a definition stand after a colon."""
    return definition[0].lower() + definition[1:]


def _with_narrative(
    sources: tuple[Publication, ...], assessment: Assessment
) -> tuple[Publication, ...]:
    """Put the narrative source page among the sources."""
    narrative = assessment.narrative_source
    if narrative is None or narrative.accepted_at is None or narrative in sources:
        return sources
    return (*sources, narrative)


def _says_nothing_found(assessment: Assessment) -> bool:
    """Say whether the page is about a treatment that nobody was found to have had."""
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
    return page(
        "evidence/detail/finding.html",
        **frame(FINDING, found, code=found.code, title=finding_title(found), place=place),
        description=found.statement,
        dates=dates_of(reviewed=[found.reviewed_at], trials=[found.trial] if found.trial else []),
        finding=found,
    )


def finding_title(found: Finding) -> str:
    """Name a finding by what was measured, and where."""
    return f"{found.outcome}: {study_name(found)}"


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
    title = harm_title(found)
    return page(
        "evidence/detail/harm.html",
        **frame(HARM, found, code=found.code, title=title, place=place),
        description=found.statement or title,
        dates=dates_of(reviewed=[found.reviewed_at], trials=[found.trial] if found.trial else []),
        harm=found,
    )


def harm_title(found: HarmReport) -> str:
    """Name a harm report by the effect, what was given, and where."""
    given = running(str(found.intervention))
    return f"{found.adverse_effect} with {given}: {study_name(found)}"
