"""The chain of effects around an adverse effect: what it leads to, and what it follows from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse
from django.utils.safestring import SafeString

from evidence.charts.chain import Effect, Steps, chain, drawn, turned
from evidence.models import AdverseEffect, HarmReport


@dataclass(frozen=True, kw_only=True, slots=True)
class Chains:
    """Both directions, drawn; empty where there is none."""

    leads_to: SafeString
    follows_from: SafeString


def chains(effect: AdverseEffect) -> Chains:
    """Draw the chains of an effect; two queries, however long they are."""
    steps, effects = _steps()
    back = turned(steps)
    return Chains(
        leads_to=_drawn(effect.slug, steps, effects, "leads to"),
        follows_from=_drawn(effect.slug, back, effects, "follows from"),
    )


def _drawn(slug: str, steps: Steps, effects: Mapping[str, Effect], word: str) -> SafeString:
    branches = chain(slug, steps)
    return SafeString(drawn(slug, branches, effects, word) if branches else "")


def _steps() -> tuple[dict[str, list[str]], dict[str, Effect]]:
    """Read all steps between effects that have a page, and how often each was reported."""
    counted = HarmReport.objects.public().values("adverse_effect").annotate(count=Count("pk"))
    reports = {row["adverse_effect"]: row["count"] for row in counted}
    rows = (
        AdverseEffect.objects.public()
        .order_by("name", "leads_to__name")
        .values_list("pk", "slug", "name", "leads_to__slug")
    )
    effects: dict[str, Effect] = {}
    pairs = []
    for pk, slug, name, after in rows:
        path = reverse("evidence:adverse-effect", args=[slug])
        effects[slug] = Effect(name=name, path=path, second=_reports(reports.get(pk, 0)))
        pairs.append((slug, after))
    steps: dict[str, list[str]] = {}
    for slug, after in pairs:
        if after in effects:
            steps.setdefault(slug, []).append(after)
    return steps, effects


def _reports(count: int) -> str:
    if not count:
        return "no harm report here"
    return f"{count:,} {'harm report' if count == 1 else 'harm reports'}"
