"""One term per page: an intervention, an adverse effect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from evidence import vocab
from evidence.ledger import trees
from evidence.models import (
    AdverseEffect,
    Approval,
    Assessment,
    HarmReport,
    Intervention,
)
from evidence.templatetags.words import running
from evidence.web import cite_links, linked_data, linked_things
from evidence.web import evidence_rows as rows
from evidence.web.addresses import merged_or_missing
from evidence.web.chains import chains
from evidence.web.harm_bars import harm_bars
from evidence.web.render import dates_of, page
from evidence.web.trials_time import trials_time

NEAREST = 12
MOST_TOPICS = 15
# Shorter names and abbreviations are found within other words.
SHORTEST_NAME = 8


def _approvals() -> Any:
    return Approval.objects.public().select_related("intervention", "condition")


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
    harms = list(rows.many_harms().filter(intervention__in=within))
    assessments = _treatment_first(rows.many_assessments().filter(topic__intervention__in=within))
    trials = list(rows.many_trials().filter(interventions__in=within).distinct())
    return page(
        "evidence/detail/intervention.html",
        path=reverse("evidence:intervention", args=[slug]),
        title=found.name,
        cite_links=cite_links.of_thing(reverse("evidence:intervention", args=[slug])),
        description=found.definition or f"{found.name}: where it was tried and what was found.",
        section="interventions",
        linked_data=linked_data.thing_page(
            linked_things.intervention(found),
            section="interventions",
            name=found.name,
            path=reverse("evidence:intervention", args=[slug]),
        ),
        dates=dates_of(reviewed=(one.reviewed_at for one in assessments), trials=trials),
        intervention=found,
        variants=list(found.children.public()),
        statuses=_statuses(assessments),
        assessments=assessments[:MOST_TOPICS],
        more_topics=_by_role(assessments[MOST_TOPICS:]),
        approvals=list(_approvals().filter(intervention__in=within)),
        harms=harms,
        dose_groups=harm_bars(harms, most=rows.MOST_HARMS),
        trials_time=trials_time(trials, name=found.name),
        query=f"intervention={slug}",
        considerations=rows.by_kind(rows.considerations().filter(interventions=found)),
    )


def _treatment_first(assessments: Iterable[Assessment]) -> list[Assessment]:
    """Put what was tried before what was measured or proposed, the most studied first."""
    return sorted(
        assessments,
        key=lambda one: (one.topic.role not in vocab.TREATING_ROLES, -one.topic.studies_count),
    )


def _by_role(assessments: Iterable[Assessment]) -> list[tuple[str, list[Assessment]]]:
    """Group topics by the role of IL-2, treatment first, and in each by condition."""
    ordered = sorted(assessments, key=lambda one: running(one.topic.condition.name).casefold())
    held = [
        (role, [one for one in ordered if one.topic.role == role]) for role in vocab.Role.values
    ]
    return [(role, ones) for role, ones in held if ones]


def _statuses(assessments: Iterable[Assessment]) -> list[tuple[str, str, int]]:
    """Count the topics of each status and ground that there is, as the vocabulary orders them."""
    counted = Counter((one.status, one.ground) for one in assessments)
    order, grounds = vocab.Status.values, ["", *vocab.Ground.values]
    in_order = sorted(counted, key=lambda one: (order.index(one[0]), grounds.index(one[1])))
    return [(status, ground, counted[status, ground]) for status, ground in in_order]


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
    harms = list(rows.many_harms().filter(adverse_effect=found))
    groups = harm_bars(harms, most=rows.MOST_HARMS, by_source=True)
    return page(
        "evidence/detail/adverse_effect.html",
        path=reverse("evidence:adverse-effect", args=[slug]),
        title=found.name,
        cite_links=cite_links.of_thing(reverse("evidence:adverse-effect", args=[slug])),
        description=found.definition or f"{found.name}: where it was reported with IL-2.",
        section="adverse-effects",
        linked_data=linked_data.thing_page(
            linked_things.adverse_effect(found),
            section="adverse-effects",
            name=found.name,
            path=reverse("evidence:adverse-effect", args=[slug]),
        ),
        dates=dates_of(
            reviewed=(one.reviewed_at for one in harms),
            trials=[one.trial for one in harms if one.trial is not None],
        ),
        effect=found,
        chains=chains(found),
        harms=harms,
        elsewhere=list(_named_elsewhere(found)),
        dose_groups=groups,
        silent_doses=[one.label for one in groups if not one.collections],
        query=f"adverse_effect={slug}",
    )


def _named_elsewhere(effect: AdverseEffect) -> Any:
    """Give reports of other effects whose printed term names this one: what it has led to."""
    printed = Q()
    for name in (effect.name, *effect.synonym_list):
        if len(name) >= SHORTEST_NAME:
            printed |= Q(term_as_printed__icontains=name.removesuffix(" syndrome"))
    if not printed:
        return HarmReport.objects.public().none()
    others = rows.many_harms().filter(printed).exclude(adverse_effect=effect)
    return others.order_by("adverse_effect__name", "pk")[:NEAREST]
