"""One condition per page, to be read from top to bottom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from evidence import vocab
from evidence.ledger import trees
from evidence.models import Approval, Assessment, Condition, Finding, Trial
from evidence.web import cite_links, linked_data, linked_things
from evidence.web import evidence_rows as rows
from evidence.web.addresses import merged_or_missing
from evidence.web.condition_words import is_tried, lead
from evidence.web.harm_bars import harm_bars
from evidence.web.map import map_row
from evidence.web.material import is_treatment
from evidence.web.render import dates_of, page
from evidence.web.trials_time import trials_time

NEAREST = 12
# In each role; the list has them all.
MOST_TOPICS = 20
# More of them make a map that is a page of its own.
MOST_IN_A_ROW = 40
# Of each kind of outcome, and one of each of so many topics beside; the listing has them all.
MOST_FINDINGS = 10
MOST_OTHER_TOPICS = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class RoleGroup:
    """The topics in which IL-2 has one role; `more` are not shown."""

    role: str
    assessments: tuple[Assessment, ...]
    more: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Gaps:
    """What the evidence that is held keeps silent about.

    `unreported` counts the trials of which no finding is held and no results are posted; where
    no harm report is held, `safety` counts the findings on safety.
    """

    trials: int
    unreported: int
    no_clinical: bool
    no_harm: bool
    safety: int

    def __bool__(self) -> bool:
        return bool(self.unreported) or self.no_clinical or self.no_harm


@dataclass(frozen=True, kw_only=True, slots=True)
class Neighbour:
    """Another condition of the same area, with the statuses of its topics."""

    condition: Condition
    statuses: tuple[tuple[str, str], ...]


@require_safe
def condition(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one condition: its topics by role, what treatment was found, and what is not known."""
    found: Condition | None = (
        Condition.objects.public().select_related("parent").filter(slug=slug).first()
    )
    if found is None:
        return merged_or_missing(
            request, Condition, route="evidence:condition", kind="condition", slug=slug
        )
    within = trees.grow(Condition).at_or_below([found.pk])
    assessments = list(rows.assessments().filter(topic__condition__in=within))
    trials = list(rows.trials().filter(conditions__in=within).distinct())
    harms = list(rows.harms().filter(topic__condition__in=within))
    findings = rows.by_year(rows.findings().filter(topic__condition__in=within))
    treated = bool(trials) or any(map(is_treatment, findings)) or any(map(is_tried, assessments))
    said = lead(
        assessments,
        name=found.name,
        treated=treated,
        trials=len(trials),
        findings=len(findings),
    )
    path = reverse("evidence:condition", args=[slug])
    groups = _newest(rows.by_outcome_kind(findings))
    return page(
        "evidence/detail/condition.html",
        path=path,
        title=found.name,
        cite_links=cite_links.of_thing(path),
        description=f"{found.name}: {said}",
        section="conditions",
        feed=f"/evidence.atom?condition={slug}",
        linked_data=linked_data.thing_page(
            linked_things.condition(found), section="conditions", name=found.name, path=path
        ),
        dates=dates_of(reviewed=(one.reviewed_at for one in assessments), trials=trials),
        condition=found,
        lead=said,
        assessments=assessments,
        roles=_by_role(assessments),
        map_row=map_row(slug) if 0 < len(assessments) <= MOST_IN_A_ROW else None,
        treated=treated,
        animals=_in_animals(findings),
        findings=findings,
        finding_groups=groups,
        harms=harms,
        shown=sum(len(one.findings) for one in groups),
        dose_groups=harm_bars(harms, most=rows.MOST_HARMS),
        trials=trials,
        trials_time=trials_time(trials, name=found.name),
        query=f"condition={slug}",
        approvals=list(_approvals(within)),
        considerations=rows.by_kind(rows.considerations().filter(conditions=found)),
        gaps=_gaps(trials, findings, treated=treated, harms=bool(harms)),
        searched=rows.searched(),
        narrower=list(found.children.public()),
        nearby=_nearby(found, without=within),
    )


def _by_role(assessments: Iterable[Assessment]) -> tuple[RoleGroup, ...]:
    """Group topics by role, treatment first, and in it what most studies are about."""
    ordered = sorted(assessments, key=lambda one: -one.topic.studies_count)
    held = (
        (role, tuple(one for one in ordered if one.topic.role == role))
        for role in vocab.Role.values
    )
    return tuple(
        RoleGroup(role=role, assessments=ones[:MOST_TOPICS], more=max(0, len(ones) - MOST_TOPICS))
        for role, ones in held
        if ones
    )


def _newest(groups: Iterable[rows.OutcomeGroup]) -> tuple[rows.OutcomeGroup, ...]:
    """Keep the newest findings of each kind of outcome; what has no year stands last and stays."""
    return tuple(replace(one, findings=_of_every_topic(one.findings)) for one in groups)


def _of_every_topic(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Keep the newest, and of topics that are in none of them the newest, in their order.

    Otherwise the old trials behind an approved use would be hidden by newer ones of others.
    """
    kept = findings[-MOST_FINDINGS:]
    topics = {one.topic_id for one in kept}
    others = {one.topic_id: one for one in findings if one.topic_id not in topics}
    most_studied = sorted(others.values(), key=lambda one: -one.topic.studies_count)
    chosen = {one.pk for one in (*kept, *most_studied[:MOST_OTHER_TOPICS])}
    return tuple(one for one in findings if one.pk in chosen)


def _in_animals(findings: Iterable[Finding]) -> list[Finding]:
    return [one for one in findings if one.subjects == vocab.Subjects.ANIMAL]


def _gaps(
    trials: Sequence[Trial], findings: Sequence[Finding], *, treated: bool, harms: bool
) -> Gaps:
    reported = {one.trial_id for one in findings}
    silent = [one for one in trials if one.pk not in reported and not one.results_posted]
    kinds = Counter(one.outcome_kind for one in findings)
    return Gaps(
        trials=len(trials),
        unreported=len(silent),
        no_clinical=treated and not kinds[vocab.OutcomeKind.CLINICAL],
        no_harm=treated and not harms,
        safety=kinds[vocab.OutcomeKind.SAFETY],
    )


def _approvals(within: frozenset[int]) -> Any:
    approvals = Approval.objects.public().select_related("intervention", "condition")
    return approvals.filter(condition__in=within)


def _nearby(condition: Condition, *, without: frozenset[int]) -> list[Neighbour]:
    """Give other conditions of the area that have topics, those under the same parent first."""
    others: dict[int, tuple[Condition, dict[tuple[str, str], None]]] = {}
    for one in rows.assessments().filter(topic__condition__area=condition.area):
        other = one.topic.condition
        if other.pk not in without and other.merged_into_id is None:
            statuses = others.setdefault(other.pk, (other, {}))[1]
            statuses.setdefault((one.status, one.ground))
    parent = condition.parent_id
    ordered = sorted(
        others.values(),
        key=lambda pair: (parent is None or pair[0].parent_id != parent, pair[0].name),
    )
    return [
        Neighbour(condition=other, statuses=tuple(statuses))
        for other, statuses in ordered[:NEAREST]
    ]
