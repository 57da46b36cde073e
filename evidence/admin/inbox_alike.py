"""Which trials that are held look like those that wait: two queries for a page of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Q

from evidence.admin.inbox_cards import LooksLike
from evidence.admin.panels import address
from evidence.curation.sameness import SPELT_OTHERWISE, words
from evidence.models import Trial

SHORTEST_PROBE = 4
MOST_HELD = 2_000
MOST_NAMED = 3
SAME_TITLE = "the same title"
SAME_PLAN = "the same sponsor, start and number of people"


def looks_like(trials: Sequence[Trial]) -> Mapping[int, tuple[LooksLike, ...]]:
    """Return by key the trials that have the same title, or the same sponsor, start and people."""
    asked = Q(pk__in=())
    for trial in trials:
        asked |= _probe(trial)
    by_title: dict[str, list[Trial]] = defaultdict(list)
    by_plan: dict[Any, list[Trial]] = defaultdict(list)
    for held in Trial.objects.filter(asked).order_by("pk")[:MOST_HELD]:
        by_title[_title(held)].append(held)
        by_plan[_plan(held)].append(held)
    return {
        trial.pk: tuple(
            _told(
                trial,
                (by_title[_title(trial)], SAME_TITLE),
                (by_plan[_plan(trial)] if _plan(trial) else (), SAME_PLAN),
            )
        )[:MOST_NAMED]
        for trial in trials
    }


def _told(trial: Trial, *kinds: tuple[Iterable[Trial], str]) -> Iterator[LooksLike]:
    told = {trial.pk}
    for rows, because in kinds:
        for one in rows:
            if one.pk not in told:
                told.add(one.pk)
                url = address(Trial, "change", args=[one.pk])
                yield LooksLike(url=url, name=one.slug, because=because)


def _probe(trial: Trial) -> Q:
    """Return what finds rows that may be like a trial; what they are is compared afterwards."""
    # Letters that every database folds alike, of a word that is spelt in one way only.
    spelt = (one for one in re.findall("[A-Za-z]+", trial.title))
    longest = max((one for one in spelt if one.lower() not in SPELT_OTHERWISE), key=len, default="")
    asked = Q(title__iexact=trial.title)
    if len(longest) >= SHORTEST_PROBE:
        asked |= Q(title__icontains=longest)
    if _plan(trial):
        asked |= Q(sponsor=trial.sponsor, start=trial.start, enrolment=trial.enrolment)
    return asked


def _title(trial: Trial) -> str:
    return "".join(words(trial.title))


def _plan(trial: Trial) -> tuple[str, str, int] | None:
    if not trial.sponsor or not trial.start or not trial.enrolment:
        return None
    return trial.sponsor, trial.start, trial.enrolment
