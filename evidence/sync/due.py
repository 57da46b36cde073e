"""What was not looked at for long, and when each kind of run was last finished."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from evidence.models import Publication, SyncRun, Trial, TrialIdentifier
from evidence.vocab import Registry, RunKind, RunState

DAYS = 30
COMMANDS: Mapping[str, tuple[str, str]] = {
    RunKind.SYNC_TRIALS: ("python manage.py sync_trials", "every night"),
    RunKind.CHECK_STANDING: ("python manage.py check_standing", "every night"),
    RunKind.IMPORT_TRIALS: ("python manage.py import_trials PATH", "when there is a file"),
    RunKind.IMPORT_PUBLICATIONS: (
        "python manage.py import_publications PATH",
        "when there is a file",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of run: what to type, how often, and when it was last finished or began."""

    kind: str
    label: str
    command: str
    often: str
    finished_at: dt.datetime | None
    running_since: dt.datetime | None


def kinds() -> list[Kind]:
    """Return every kind of run, with when it was last finished; one query."""
    told = {
        row["kind"]: row
        for row in SyncRun.objects.order_by()
        .values("kind")
        .annotate(
            finished=Max("finished_at", filter=Q(state=RunState.FINISHED)),
            running=Max("started_at", filter=Q(state=RunState.RUNNING)),
        )
    }
    return [_kind(kind, told.get(kind, {})) for kind in COMMANDS]


def _kind(kind: str, row: Mapping[str, Any]) -> Kind:
    command, often = COMMANDS[kind]
    return Kind(
        kind=str(kind),
        label=str(RunKind(kind).label),
        command=command,
        often=often,
        finished_at=row.get("finished"),
        running_since=row.get("running"),
    )


def trials() -> QuerySet[Trial]:
    """Return the accepted trials of ClinicalTrials.gov that were not looked at for long."""
    numbers = TrialIdentifier.objects.filter(trial=OuterRef("pk"), registry=Registry.NCT)
    rows: QuerySet[Trial] = Trial.objects.public().filter(
        Exists(numbers), Q(checked_on__isnull=True) | Q(checked_on__lt=_long_ago())
    )
    return rows


def publications() -> QuerySet[Publication]:
    """Return the accepted publications with a PMID or DOI whose standing was not looked up."""
    rows: QuerySet[Publication] = Publication.objects.public().filter(
        Q(pmid__isnull=False) | ~Q(doi=""),
        Q(standing_checked_on__isnull=True) | Q(standing_checked_on__lt=_long_ago()),
    )
    return rows


def _long_ago() -> dt.date:
    return timezone.localdate() - dt.timedelta(days=DAYS)
