"""The rows that detail pages share, with all that their tables print fetched at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from evidence import vocab
from evidence.models import (
    Assessment,
    Consideration,
    Finding,
    HarmReport,
    Publication,
    Trial,
)


def assessments() -> QuerySet[Assessment]:
    """Give the published assessments with their questions, in the order of a table of topics."""
    return (
        Assessment.objects.public()
        .select_related("topic__condition", "topic__intervention", "certainty_outcome")
        .order_by("topic__condition__name", "topic__intervention__name", "topic__population", "pk")
    )


def findings() -> QuerySet[Finding]:
    """Give the published findings, each knowing whether its topic has a page."""
    return (
        Finding.objects.public()
        .select_related(
            "topic__condition", "topic__intervention", "publication", "trial", "outcome_group"
        )
        .annotate(topic_has_page=_has_page())
        .order_by("pk")
    )


def by_year(findings: Iterable[Finding]) -> list[Finding]:
    """Order findings by the year of their source, be it a paper or posted results; none last."""
    return sorted(findings, key=lambda one: (one.year is None, one.year or 0, one.pk))


def harms() -> QuerySet[HarmReport]:
    """Give the published harm reports, each knowing whether its topic has a page."""
    return (
        HarmReport.objects.public()
        .select_related(
            "topic__condition",
            "topic__intervention",
            "intervention",
            "adverse_effect",
            "publication",
            "trial",
        )
        .annotate(topic_has_page=_has_page())
        .order_by("adverse_effect__name", "pk")
    )


def _has_page() -> Exists:
    return Exists(Assessment.objects.public().filter(topic=OuterRef("topic")))


def considerations() -> QuerySet[Consideration]:
    """Give the published considerations with their sources."""
    return Consideration.objects.public().select_related("publication").order_by("kind", "pk")


def trials() -> QuerySet[Trial]:
    """Give the accepted trials with what a table of trials prints."""
    return (
        Trial.objects.public()
        .prefetch_related("identifiers", "phase_rows")
        .order_by("-start", "slug")
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class DoseGroup:
    """The harm reports of one dose class; none is said in words."""

    label: str
    reports: tuple[HarmReport, ...]


def by_dose(reports: Iterable[HarmReport]) -> tuple[DoseGroup, ...]:
    """Group harm reports by dose class, the classes of IL-2 itself named even when empty."""
    rows = list(reports)
    always = {
        vocab.DoseClass.ULTRA_LOW,
        vocab.DoseClass.LOW,
        vocab.DoseClass.INTERMEDIATE,
        vocab.DoseClass.HIGH,
    }
    groups = []
    for dose_class in vocab.DoseClass:
        held = tuple(row for row in rows if row.dose_class == dose_class)
        if held or dose_class in always:
            groups.append(DoseGroup(label=str(dose_class.label), reports=held))
    return tuple(groups)


def sources(*editions: Iterable[Any]) -> tuple[Publication, ...]:
    """Give the publications behind these editions, each once, the oldest first."""
    found: dict[int, Publication] = {}
    for edition in (one for many in editions for one in many):
        if edition.publication is not None:
            found.setdefault(edition.publication.pk, edition.publication)
    return tuple(sorted(found.values(), key=lambda each: (each.year or 0, each.pk)))


def searched() -> dict[str, int]:
    """Count what is held here, so that "nothing found" says where it was looked for."""
    return {
        "trials": Trial.objects.public().count(),
        "publications": Publication.objects.public().count(),
    }
