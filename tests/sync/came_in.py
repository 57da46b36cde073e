"""Made-up studies and papers that came in, and what became of them; for tests of decisions."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from evidence import vocab
from evidence.models import Drift, Publication, RegistryRecord, Trial
from evidence.registries import ctgov
from evidence.sync import trials
from tests.models.rows import make
from tests.registries.made_up import mentioning_study, small_study

NUMBER = "NCT00000101"


def trial_that_came_in(number: str = NUMBER, **changes: Any) -> Trial:
    """Bring a made-up study in that gives IL-2, and return its trial, which waits."""
    trials.bring_in([ctgov.payload(small_study(number, **changes))])
    return record_of(number).trial  # type: ignore[return-value]


def study_that_only_mentions(number: str = "NCT00000901") -> RegistryRecord:
    """Bring a made-up study in that does not give IL-2, and return its record."""
    trials.bring_in([ctgov.payload(mentioning_study(number))])
    return record_of(number)


def paper_that_came_in(**fields: Any) -> Publication:
    """Make a publication that came in and waits, with its record."""
    paper: Publication = make(Publication, origin=vocab.Origin.IMPORT, **fields)
    RegistryRecord.objects.create(
        source=vocab.Source.PUBMED, value=str(paper.pmid or paper.pk), publication=paper
    )
    return paper


def record_of(number: str) -> RegistryRecord:
    """Return the record of a number."""
    return RegistryRecord.objects.get(value=number)


def drift(trial: Trial, field: str, *, applied: bool, ours: str, after: str) -> Drift:
    """Make a change at the registry that waits."""
    return Drift.objects.create(
        trial=trial,
        record=trial.registry_records.first(),
        field=field,
        ours=ours,
        before=ours,
        after=after,
        applied=applied,
        opened_at=timezone.now(),
    )


def accepted_trial(by: Any, number: str = NUMBER, **changes: Any) -> Trial:
    """Bring a made-up study in and accept it in a person's name."""
    trial = trial_that_came_in(number, **changes)
    trial.accepted_by, trial.accepted_at = by, timezone.now()
    trial.save()
    return trial
