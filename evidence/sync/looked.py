"""That a source was looked at and says nothing new: the day moves, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q

from evidence.ledger import version
from evidence.models import RegistryRecord, Trial
from evidence.sync.held import Last


def at(same: Sequence[tuple[Last, dt.date | None]], *, today: dt.date) -> None:
    """Note the day of the data for records of which nothing is new, and for their trials.

    A day that is held but still to come gives way to one that was.
    """
    moved: dict[dt.date, list[Last]] = defaultdict(list)
    for last, day in same:
        if day is not None and (last.checked_on is None or day > last.checked_on):
            moved[day].append(last)
    back = [last for last, _ in same if last.vanished_on is not None]
    if not moved and not back:
        return
    version.hold()
    told = {
        last.trial for some in (*moved.values(), back) for last in some if last.trial is not None
    }
    for day, several in sorted(moved.items()):
        keys = [last.pk for last in several]
        RegistryRecord.objects.filter(pk__in=keys).update(checked_on=day)
        trials = [last.trial for last in several if last.trial is not None]
        earlier = Q(checked_on=None) | Q(checked_on__lt=day) | Q(checked_on__gt=today)
        Trial.objects.filter(earlier, pk__in=trials).update(checked_on=day)
    RegistryRecord.objects.filter(pk__in=[last.pk for last in back]).update(vanished_on=None)
    if Trial.objects.public().filter(pk__in=told).exists():
        version.touch()
