"""The studies of several topics together, each counted once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from evidence import vocab
from evidence.catalogue import common
from evidence.ledger.evidence_of import REVIEWS
from evidence.ledger.readings import end_of
from evidence.models import Finding, Topic, Trial

FEW = 500
"""So many topics are asked for by their keys; of more, all rows are read, which is quicker."""

Group = tuple[int, int]
"""The keys of a condition and of an intervention."""
Pairs = Iterable[tuple[int, int]]


def united(groups: Mapping[int, Group], *, year: int | None) -> dict[Group, int]:
    """Count the studies behind the topics of each group; `groups` gives that of a topic's key.

    A study is a trial, or else the series of people in a publication, as everywhere; a review is
    none. With a year, those that were known or had begun at its end. Four queries.
    """
    studies: dict[Group, set[int]] = {group: set() for group in groups.values()}
    readers = _readers(groups)
    series = _series()
    if year is None:
        # Joined to its trial, each of the ties would take half as long again.
        public = set(Trial.objects.public().values_list("pk", flat=True))
        read = _of(Topic.read_trials.through.objects.order_by(), "topic", groups)
        for topic, trial in read.values_list("topic_id", "trial_id"):
            if topic in groups and trial in public:
                studies[groups[topic]].add(trial)
    else:
        dated = {"source_year__lte": year}
        known = Finding.objects.public().filter(trial__isnull=False)
        known = known.annotate(source_year=common.SOURCE_YEAR).filter(**dated)
        series = series.annotate(source_year=common.SOURCE_YEAR).filter(**dated)
        begun = _begun(on=end_of(year, today=timezone.now().date()))
        for rows in (known, begun):
            found = _of(rows, "topic", readers).values_list("topic_id", "trial_id")
            _add(studies, found, readers)
    found = _of(series, "topic", readers).values_list("topic_id", "publication_id")
    # No key is below nothing, so a publication is never taken for a trial.
    _add(studies, found, readers, sign=-1)
    return {group: len(held) for group, held in studies.items()}


def _readers(groups: Mapping[int, Group]) -> dict[int, set[Group]]:
    """Give, for each topic that is read for some of these, the groups of its readers."""
    found: dict[int, set[Group]] = defaultdict(set)
    rows = _of(Topic.reads.through.objects.order_by(), "from_topic", groups)
    for reader, read in rows.values_list("from_topic_id", "to_topic_id"):
        if reader in groups:
            found[read].add(groups[reader])
    return found


def _series() -> QuerySet[Any]:
    """Return the findings whose study is the series in their publication."""
    return Finding.objects.public().filter(trial__isnull=True).exclude(design__in=REVIEWS)


def _begun(*, on: dt.date) -> QuerySet[Any]:
    """Return the ties of topics to trials that had begun on a day."""
    rows = Topic.trials.through.objects.filter(
        trial__accepted_at__isnull=False, trial__start__gt="", trial__start__lte=on.isoformat()
    )
    return rows.exclude(trial__recruitment_status__in=vocab.NEVER_BEGUN)


def _of(rows: QuerySet[Any], path: str, topics: Iterable[int]) -> QuerySet[Any]:
    keys = list(topics)
    return rows.filter(**{f"{path}__in": keys}).order_by() if len(keys) <= FEW else rows.order_by()


def _add(
    studies: Mapping[Group, set[int]],
    found: Pairs,
    readers: Mapping[int, Iterable[Group]],
    *,
    sign: int = 1,
) -> None:
    for topic, study in found:
        for group in readers.get(topic, ()):
            studies[group].add(sign * study)
