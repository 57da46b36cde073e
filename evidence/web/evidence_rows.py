"""The rows that detail pages share, with all that their tables print fetched at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from evidence import vocab
from evidence.models import (
    Assessment,
    Consideration,
    Edition,
    Finding,
    HarmReport,
    Publication,
    Trial,
)


def assessments() -> QuerySet[Assessment]:
    """Give the published assessments with their questions, in the order of a table of topics."""
    return whole_assessments(Assessment.objects.public()).order_by(
        "topic__condition__name", "topic__intervention__name", "topic__population", "pk"
    )


def whole_assessments(editions: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """Fetch with these assessments their questions and the outcome that the certainty is for."""
    return editions.select_related("topic__condition", "topic__intervention", "certainty_outcome")


def findings() -> QuerySet[Finding]:
    """Give the published findings, each knowing whether its topic has a page."""
    return whole_findings(Finding.objects.public()).order_by("pk")


def whole_findings(editions: QuerySet[Finding]) -> QuerySet[Finding]:
    """Fetch with these findings all that their pages print."""
    return editions.select_related(
        "topic__condition", "topic__intervention", "publication", "trial", "outcome_group"
    ).annotate(topic_has_page=_has_page())


def by_year(findings: Iterable[Finding]) -> list[Finding]:
    """Order findings by the year of their source, be it a paper or posted results; none last."""
    return sorted(findings, key=lambda one: (one.year is None, one.year or 0, one.pk))


def harms() -> QuerySet[HarmReport]:
    """Give the published harm reports, each knowing whether its topic has a page."""
    return whole_harms(HarmReport.objects.public()).order_by("adverse_effect__name", "pk")


def whole_harms(editions: QuerySet[HarmReport]) -> QuerySet[HarmReport]:
    """Fetch with these harm reports all that their pages print."""
    return editions.select_related(
        "topic__condition",
        "topic__intervention",
        "intervention",
        "adverse_effect",
        "publication",
        "trial",
    ).annotate(topic_has_page=_has_page())


def _has_page() -> Exists:
    return Exists(Assessment.objects.public().filter(topic=OuterRef("topic")))


# What the rows of many print; whole rows would be ten times as much.
OF_HARMS = (
    *("record", "intervention__name", "adverse_effect__name", "adverse_effect__slug"),
    *("topic__condition__name", "affected", "at_risk", "percent"),
    *("arm", "dose_class", "collected", "collected_note"),
    *("comparator", "comparator_affected", "comparator_at_risk", "comparator_percent"),
    *("attribution", "given", "term_as_printed", "grades_as_printed"),
    *("results_posted", "reviewed_at"),
    *("trial__slug", "trial__acronym", "trial__title", "trial__checked_on"),
    *("publication__title", "publication__authors", "publication__year", "publication__standing"),
    *("publication__pmid", "publication__doi", "publication__pmcid", "publication__url"),
)
OF_TRIALS = (
    *("slug", "title", "acronym", "recruitment_status", "enrolment", "enrolment_type"),
    *("start", "primary_completion", "completion", "results_posted", "checked_on"),
)
OF_TOPICS = (
    *("status", "ground", "direction", "certainty", "summary", "reviewed_at"),
    *("topic__role", "topic__population", "topic__rule_status", "topic__rule_ground"),
    *("topic__studies_count", "topic__condition__name", "topic__intervention__name"),
)


def many_assessments() -> QuerySet[Assessment]:
    """Give the published assessments with what a table of many topics prints, and no more."""
    return (
        Assessment.objects.public()
        .select_related("topic__condition", "topic__intervention")
        .only(*OF_TOPICS)
        .order_by("topic__condition__name", "topic__intervention__name", "topic__population", "pk")
    )


def many_harms() -> QuerySet[HarmReport]:
    """Give the published harm reports with what the rows of many print, and no more."""
    with_them = ("intervention", "adverse_effect", "publication", "trial", "topic__condition")
    return HarmReport.objects.public().select_related(*with_them).only(*OF_HARMS).order_by("pk")


def many_trials() -> QuerySet[Trial]:
    """Give the accepted trials with what a drawing of many prints, and no more."""
    return Trial.objects.public().only(*OF_TRIALS).order_by("-start", "slug")


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


# On a page about a term, so many rows of each collection stand there; the listing has them all.
MOST_HARMS = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class OutcomeGroup:
    """The findings on one kind of outcome."""

    label: str
    findings: tuple[Finding, ...]


def by_outcome_kind(findings: Iterable[Finding]) -> tuple[OutcomeGroup, ...]:
    """Group findings by kind of outcome, what patients experience first."""
    rows = list(findings)
    held = (
        (kind, tuple(row for row in rows if row.outcome_kind == kind)) for kind in vocab.OutcomeKind
    )
    return tuple(OutcomeGroup(label=str(kind.label), findings=rows) for kind, rows in held if rows)


CONSIDERATION_HEADINGS = {
    vocab.ConsiderationKind.MECHANISM: "Mechanisms",
    vocab.ConsiderationKind.CHALLENGE: "Challenges",
    vocab.ConsiderationKind.FUTURE_DIRECTION: "Future directions",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsiderationGroup:
    """The considerations of one kind."""

    heading: str
    considerations: tuple[Consideration, ...]


def by_kind(considerations: Iterable[Consideration]) -> tuple[ConsiderationGroup, ...]:
    """Group considerations by kind, as the vocabulary orders them."""
    rows = list(considerations)
    held = (
        (heading, tuple(row for row in rows if row.kind == kind))
        for kind, heading in CONSIDERATION_HEADINGS.items()
    )
    return tuple(
        ConsiderationGroup(heading=heading, considerations=rows) for heading, rows in held if rows
    )


def sources(*editions: Iterable[Any]) -> tuple[Publication, ...]:
    """Give the publications behind these editions, each once, the oldest first, undated last."""
    found: dict[int, Publication] = {}
    for edition in (one for many in editions for one in many):
        if edition.publication is not None:
            found.setdefault(edition.publication.pk, edition.publication)
    return tuple(sorted(found.values(), key=lambda each: (each.year or 9999, each.pk)))


def replaced(editions: Iterable[Edition]) -> dict[int, dt.datetime | None]:
    """Say when superseded editions were: when the next of their record was published."""
    by_number = sorted(editions, key=lambda one: (one.record_id, one.number))
    return {
        one.pk: later.published_at
        for one, later in pairwise(by_number)
        if one.record_id == later.record_id and one.state == vocab.State.SUPERSEDED
    }


def searched() -> dict[str, int]:
    """Count what is held here, so that "nothing found" says where it was looked for."""
    return {
        "trials": Trial.objects.public().count(),
        "publications": Publication.objects.public().count(),
    }
