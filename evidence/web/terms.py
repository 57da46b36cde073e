"""One term per page: a condition, an intervention, an adverse effect."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from evidence import vocab
from evidence.ledger import trees
from evidence.models import (
    AdverseEffect,
    Approval,
    Assessment,
    Condition,
    Intervention,
)
from evidence.web import evidence_rows as rows
from evidence.web.addresses import merged_or_missing
from evidence.web.material import is_treatment
from evidence.web.render import dates_of, page

NEAREST = 12


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
    assessments = _by_role(rows.assessments().filter(topic__condition__in=within))
    trials = list(rows.trials().filter(conditions__in=within).distinct())
    harms = list(rows.harms().filter(topic__condition__in=within))
    findings = rows.by_year(rows.findings().filter(topic__condition__in=within))
    treated = (
        bool(trials)
        or any(map(is_treatment, findings))
        or any(
            one.topic.role in vocab.TREATING_ROLES and one.ground != vocab.Ground.NO_TREATMENT
            for one in assessments
        )
    )
    return page(
        "evidence/detail/condition.html",
        path=reverse("evidence:condition", args=[slug]),
        title=found.name,
        description=f"What is known of interleukin-2 in this condition: {found.name}.",
        section="conditions",
        dates=dates_of(reviewed=(one.reviewed_at for one in assessments), trials=trials),
        condition=found,
        assessments=assessments,
        treated=treated,
        searched=None if treated else rows.searched(),
        findings=findings,
        finding_groups=rows.by_outcome_kind(findings),
        harms=harms,
        dose_groups=rows.by_dose(harms, most=rows.MOST_HARMS),
        trials=trials[: rows.MOST_TRIALS],
        trial_count=len(trials),
        query=f"condition={slug}",
        approvals=list(_approvals().filter(condition__in=within)),
        considerations=rows.by_kind(rows.considerations().filter(conditions=found)),
        narrower=list(found.children.public()),
        nearby=_nearby(found, without=within),
    )


def _by_role(assessments: Iterable[Assessment]) -> list[Assessment]:
    """Order assessments by role as the vocabulary has it, treatment first."""
    order = vocab.Role.values
    return sorted(assessments, key=lambda one: order.index(one.topic.role))


def _approvals() -> Any:
    return Approval.objects.public().select_related("intervention", "condition")


@dataclass(frozen=True, kw_only=True, slots=True)
class Neighbour:
    """Another condition of the same area, with the statuses of its topics."""

    condition: Condition
    statuses: tuple[tuple[str, str], ...]


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


@require_safe
def intervention(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one form of IL-2: what it is, its variants, where it was tried, harms by dose."""
    found: Intervention | None = (
        Intervention.objects.public()
        .select_related("parent")
        .prefetch_related("cell_targets", "partner_rows__partner")
        .filter(slug=slug)
        .first()
    )
    if found is None:
        return merged_or_missing(
            request, Intervention, route="evidence:intervention", kind="intervention", slug=slug
        )
    within = trees.grow(Intervention).at_or_below([found.pk])
    harms = list(rows.harms().filter(intervention__in=within))
    assessments = list(rows.assessments().filter(topic__intervention__in=within))
    trials = list(rows.trials().filter(interventions__in=within).distinct())
    return page(
        "evidence/detail/intervention.html",
        path=reverse("evidence:intervention", args=[slug]),
        title=found.name,
        description=found.definition or f"{found.name}: where it was tried and what was found.",
        section="interventions",
        dates=dates_of(reviewed=(one.reviewed_at for one in assessments), trials=trials),
        intervention=found,
        variants=list(found.children.public()),
        assessments=assessments,
        approvals=list(_approvals().filter(intervention__in=within)),
        harms=harms,
        dose_groups=rows.by_dose(harms, most=rows.MOST_HARMS),
        trials=trials[: rows.MOST_TRIALS],
        trial_count=len(trials),
        query=f"intervention={slug}",
        considerations=rows.by_kind(rows.considerations().filter(interventions=found)),
    )


@require_safe
def adverse_effect(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one adverse effect: what it leads to, and where it was reported, by dose class."""
    found: AdverseEffect | None = AdverseEffect.objects.public().filter(slug=slug).first()
    if found is None:
        return merged_or_missing(
            request,
            AdverseEffect,
            route="evidence:adverse-effect",
            kind="adverse effect",
            slug=slug,
        )
    harms = list(rows.harms().filter(adverse_effect=found))
    return page(
        "evidence/detail/adverse_effect.html",
        path=reverse("evidence:adverse-effect", args=[slug]),
        title=found.name,
        description=found.definition or f"{found.name}: where it was reported with IL-2.",
        section="adverse-effects",
        dates=dates_of(
            reviewed=(one.reviewed_at for one in harms),
            trials=[one.trial for one in harms if one.trial is not None],
        ),
        effect=found,
        leads_to=list(AdverseEffect.objects.public().filter(follows_from=found)),
        follows_from=list(AdverseEffect.objects.public().filter(leads_to=found)),
        harms=harms,
        dose_groups=rows.by_dose(harms, most=rows.MOST_HARMS),
        query=f"adverse_effect={slug}",
    )
