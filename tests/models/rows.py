"""One smallest valid row of every model, made under a name of its own each time."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

from evidence import vocab
from evidence.models import (
    AdverseEffect,
    Approval,
    Arm,
    Assessment,
    CellTarget,
    CombinationPartner,
    Condition,
    Consideration,
    DataVersion,
    Drift,
    Finding,
    HarmReport,
    Intervention,
    InterventionPartner,
    Outcome,
    Publication,
    Record,
    RegistryRecord,
    RulePeriod,
    SavedSearch,
    Snapshot,
    Step,
    SyncFault,
    SyncRun,
    Topic,
    Trial,
    TrialIdentifier,
    TrialPhase,
    TrialPublication,
)

NUMBERS = count(1)


def make(model: type[models.Model], **fields: Any) -> Any:
    """Make a row of a model: the smallest valid one, unless told otherwise."""
    row = model(**BUILDERS[model](next(NUMBERS)) | fields)
    row.save()
    return row


def someone(name: str = "") -> User:
    """Make a person who may be an author or a reviewer."""
    return User.objects.create(username=name or f"person-{next(NUMBERS)}")


def published(author: User, reviewer: User) -> dict[str, Any]:
    """Give what makes an edition a published one, by two people."""
    now = timezone.now()
    return {
        "state": vocab.State.PUBLISHED,
        "published_at": now,
        "author": author,
        "submitted_by": author,
        "submitted_at": now,
        "reviewer": reviewer,
        "reviewed_at": now,
    }


def _term(number: int) -> dict[str, Any]:
    return {"name": f"Term {number}", "slug": f"term-{number}"}


def _arm(_: int) -> dict[str, Any]:
    return {"trial": make(Trial), "label": "IL-2"}


def _finding(_: int) -> dict[str, Any]:
    return {
        "topic": make(Topic),
        "publication": make(Publication),
        "locator": "Table 2",
        "outcome": "CD4 count at week 24",
        "outcome_kind": vocab.OutcomeKind.SURROGATE,
        "analysis": vocab.Analysis.PRIMARY,
        "comparison": vocab.Comparison.ADDS_IL2,
        "population": vocab.Population.ADULT,
        "direction": vocab.Direction.FAVOURS,
        "statement": "CD4 counts rose more with IL-2 than without.",
    }


def _harm_report(_: int) -> dict[str, Any]:
    return {
        "intervention": make(Intervention),
        "adverse_effect": make(AdverseEffect),
        "publication": make(Publication),
        "locator": "Table 3",
        "term_as_printed": "Fever",
        "dose_class": vocab.DoseClass.INTERMEDIATE,
        "collected": vocab.Collected.ALL_GRADES,
    }


def _consideration(_: int) -> dict[str, Any]:
    return {
        "kind": vocab.ConsiderationKind.MECHANISM,
        "statement": "IL-2 moves regulatory T cells.",
        "publication": make(Publication),
        "locator": "p. 3",
    }


def _assessment(_: int) -> dict[str, Any]:
    return {
        "topic": make(Topic),
        "status": vocab.Status.EXPERIMENTAL,
        "direction": vocab.TopicDirection.UNCLEAR,
        "summary": "Too early to say.",
    }


def _topic(_: int) -> dict[str, Any]:
    return {
        "condition": make(Condition),
        "intervention": make(Intervention),
        "role": vocab.Role.TREATMENT,
        "population": vocab.Population.ADULT,
    }


def _approval(_: int) -> dict[str, Any]:
    return {
        "intervention": make(Intervention),
        "condition": make(Condition),
        "population": vocab.Population.ADULT,
        "agency": vocab.Agency.FDA,
    }


def _drift(_: int) -> dict[str, Any]:
    record = make(RegistryRecord)
    return {
        "publication": record.publication,
        "record": record,
        "field": "title",
        "opened_at": timezone.now(),
    }


def _run(_: int) -> dict[str, Any]:
    now = timezone.now()
    return {"kind": vocab.RunKind.SYNC_TRIALS, "started_at": now, "last_step_at": now}


BUILDERS: dict[type[models.Model], Callable[[int], dict[str, Any]]] = {
    AdverseEffect: lambda n: _term(n) | {"organ_system": "Vascular disorders"},
    Approval: _approval,
    Arm: _arm,
    Assessment: _assessment,
    CellTarget: _term,
    CombinationPartner: _term,
    Condition: lambda n: _term(n) | {"area": vocab.Area.INFECTIOUS},
    Consideration: _consideration,
    DataVersion: lambda _: {"id": 1},
    RulePeriod: lambda _: {"topic": make(Topic), "from_year": 1970, "to_year": 9999},
    Drift: _drift,
    Finding: _finding,
    HarmReport: _harm_report,
    Intervention: lambda n: _term(n) | {"kind": vocab.InterventionKind.RECOMBINANT},
    InterventionPartner: lambda _: {
        "intervention": make(Intervention),
        "partner": make(CombinationPartner),
    },
    Outcome: lambda n: _term(n) | {"kind": vocab.OutcomeKind.SURROGATE},
    Publication: lambda n: {"title": f"Paper {n}", "pmid": 1000 + n},
    Record: lambda _: {"kind": vocab.RecordKind.FINDING},
    RegistryRecord: lambda n: {
        "source": vocab.Source.PUBMED,
        "value": str(1000 + n),
        "publication": make(Publication),
    },
    SavedSearch: lambda n: {"name": f"Search {n}", "intervention": "aldesleukin"},
    Snapshot: lambda n: {
        "source": vocab.Source.CTGOV,
        "value": f"NCT{n:08}",
        "sha256": f"{n:064x}",
        "payload": "{}",
        "received_at": timezone.now(),
    },
    Step: lambda n: {
        "record": make(Record),
        "number": 1,
        "verb": vocab.Verb.PUBLISHED,
        "by": someone(f"mover-{n}"),
    },
    SyncFault: lambda _: {"run": make(SyncRun), "sentence": "It is no study."},
    SyncRun: _run,
    Topic: _topic,
    Trial: lambda n: {"title": f"Trial {n}", "slug": f"trial-{n}"},
    TrialIdentifier: lambda n: {
        "trial": make(Trial),
        "registry": vocab.Registry.NCT,
        "value": f"NCT{n:08}",
    },
    TrialPhase: lambda _: {"trial": make(Trial), "phase": vocab.Phase.PHASE3},
    TrialPublication: lambda _: {"trial": make(Trial), "publication": make(Publication)},
}
