"""Which entries of the search a row's change bears on: its own, and those that hold its words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.db.models import Model, Q

from evidence.models import (
    AdverseEffect,
    Arm,
    Assessment,
    CellTarget,
    CombinationPartner,
    Condition,
    Finding,
    HarmReport,
    Intervention,
    InterventionPartner,
    Publication,
    Topic,
    Trial,
    TrialIdentifier,
    TrialPublication,
)

Reach = Mapping[str, frozenset[int]]
"""Keys of things by their kind."""


def reach_of(instance: Model) -> Reach:
    """Return the things whose entries hold words of a row, the row's own with them.

    Of a row that is to be deleted it is asked before.
    """
    found = _REACH.get(type(instance))
    return {} if found is None else found(instance)


def reach_of_facts(*, trials: Collection[int] = (), publications: Collection[int] = ()) -> Reach:
    """Return the things whose entries hold words of some trials and publications."""
    tied = (_of_publication(one) for one in publications)
    return _joined(_of_trials(trials), *tied) if trials else _joined(*tied)


def reading(topics: Iterable[int]) -> frozenset[int]:
    """Return some topics with all for which they are read."""
    asked = frozenset(topics)
    ties = Topic.reads.through.objects.filter(to_topic_id__in=asked).order_by()
    return asked | frozenset(ties.values_list("from_topic_id", flat=True))


def _of_record(instance: Finding | HarmReport) -> Reach:
    # The edition before it may have stood on another topic.
    editions = type(instance).objects.filter(record=instance.record_id, topic__isnull=False)
    topics = editions.order_by().values_list("topic", flat=True)
    kind = "finding" if isinstance(instance, Finding) else "harm"
    return {kind: frozenset({instance.record_id}), "topic": reading(topics)}


def _of_trials(trials: Collection[int]) -> Reach:
    ties = Topic.read_trials.through.objects.filter(trial__in=trials).order_by()
    topics = frozenset(ties.values_list("topic_id", flat=True))
    return _joined(_judgements(Q(trial__in=trials)), {"trial": frozenset(trials), "topic": topics})


def _of_publication(publication: int) -> Reach:
    ties = TrialPublication.objects.filter(publication=publication).order_by()
    trials = _of_trials(list(ties.values_list("trial_id", flat=True)))
    own = {"publication": frozenset({publication})}
    return _joined(trials, _judgements(Q(publication=publication)), own)


def _judgements(condition: Q) -> Reach:
    """Return the published findings and harms that meet a condition, and who reads them."""
    findings = Finding.objects.public().filter(condition).order_by()
    harms = HarmReport.objects.public().filter(condition).order_by()
    topics = reading(findings.values_list("topic_id", flat=True))
    return {
        "finding": frozenset(findings.values_list("record_id", flat=True)),
        "harm": frozenset(harms.values_list("record_id", flat=True)),
        "topic": topics,
    }


def _keys(found: Any) -> frozenset[int]:
    return frozenset(found.values_list("pk", flat=True))


def _joined(*several: Reach) -> Reach:
    found: dict[str, frozenset[int]] = {}
    for one in several:
        for kind, keys in one.items():
            found[kind] = found.get(kind, frozenset()) | keys
    return found


def _own(kind: str) -> Callable[[Any], Reach]:
    return lambda one: {kind: frozenset({one.pk})}


_REACH: Mapping[type[Model], Callable[[Any], Reach]] = {
    Condition: _own("condition"),
    Intervention: _own("intervention"),
    AdverseEffect: _own("adverse-effect"),
    CellTarget: lambda one: {"intervention": _keys(one.interventions.all())},
    CombinationPartner: lambda one: {"intervention": _keys(one.interventions.all())},
    InterventionPartner: lambda one: {"intervention": frozenset({one.intervention_id})},
    Topic: lambda one: _joined(_judgements(Q(topic=one.pk)), {"topic": reading([one.pk])}),
    Assessment: lambda one: {"topic": frozenset({one.topic_id})},
    Finding: _of_record,
    HarmReport: _of_record,
    Trial: lambda one: _of_trials([one.pk]),
    Arm: lambda one: _of_trials([one.trial_id]),
    TrialIdentifier: lambda one: _of_trials([one.trial_id]),
    Publication: lambda one: _of_publication(one.pk),
    TrialPublication: lambda one: _joined(
        _of_trials([one.trial_id]), _of_publication(one.publication_id)
    ),
}
