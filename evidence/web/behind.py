"""The papers behind a thing or behind the rows of a list, each once."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from evidence.ledger import trees
from evidence.models import (
    AdverseEffect,
    Assessment,
    Condition,
    Consideration,
    Finding,
    HarmReport,
    Intervention,
    Publication,
    Topic,
    Trial,
    TrialPublication,
)


def papers(rows: QuerySet[Any], *, until: int | None = None) -> QuerySet[Publication]:
    """Give the accepted publications behind rows of one kind, the oldest first, undated last.

    `until` is the last year that counts: what has no year does not count then.
    """
    found = Publication.objects.public().filter(BEHIND[rows.model](rows.order_by()))
    if until is not None:
        found = found.filter(year__lte=until)
    return found.order_by(F("year").asc(nulls_last=True), "pk")


def _of_topics(topics: QuerySet[Any]) -> Q:
    """Find what is read for these topics: their findings and harms, and the narrower topics'."""
    ties = Topic.reads.through.objects.filter(from_topic_id__in=topics)
    read = Q(topic__in=topics) | Q(topic__in=ties.values("to_topic_id"))
    return _cited_in(Finding.objects.public().filter(read)) | _cited_in(
        HarmReport.objects.public().filter(read)
    )


def _cited_in(editions: QuerySet[Any]) -> Q:
    known = editions.order_by().filter(publication__isnull=False)
    return Q(pk__in=known.values("publication_id"))


def _assessments(rows: QuerySet[Any]) -> Q:
    """Find what a topic's page names: what is read for it, considerations, and a source page."""
    topics = rows.values("topic_id")
    here = Q(conditions__in=rows.values("topic__condition_id"))
    in_general = Q(conditions__isnull=True, interventions__in=rows.values("topic__intervention_id"))
    named = rows.filter(narrative_source__isnull=False)
    return (
        _of_topics(topics)
        | _cited_in(Consideration.objects.public().filter(here | in_general))
        | Q(pk__in=named.values("narrative_source_id"))
    )


def _conditions(rows: QuerySet[Any]) -> Q:
    within = trees.grow(Condition).at_or_below(rows.values_list("pk", flat=True))
    topics = Topic.objects.public().filter(condition__in=within)
    said = Consideration.objects.public().filter(conditions__in=within)
    return _of_topics(topics.values("pk")) | _cited_in(said)


def _interventions(rows: QuerySet[Any]) -> Q:
    within = trees.grow(Intervention).at_or_below(rows.values_list("pk", flat=True))
    topics = Topic.objects.public().filter(intervention__in=within)
    said = Consideration.objects.public().filter(interventions__in=within)
    harms = HarmReport.objects.public().filter(intervention__in=within)
    return _of_topics(topics.values("pk")) | _cited_in(said) | _cited_in(harms)


def _effects(rows: QuerySet[Any]) -> Q:
    return _cited_in(HarmReport.objects.public().filter(adverse_effect__in=rows.values("pk")))


def _trials(rows: QuerySet[Any]) -> Q:
    of_them = TrialPublication.objects.filter(trial__in=rows.values("pk"))
    return Q(Exists(of_them.filter(publication=OuterRef("pk"))))


def _themselves(rows: QuerySet[Any]) -> Q:
    return Q(pk__in=rows.values("pk"))


BEHIND = {
    Assessment: _assessments,
    Finding: _cited_in,
    HarmReport: _cited_in,
    Trial: _trials,
    Publication: _themselves,
    Condition: _conditions,
    Intervention: _interventions,
    AdverseEffect: _effects,
}
