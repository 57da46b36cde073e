"""A trial with a made-up record that has posted adverse events."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.utils import timezone

from evidence import vocab
from evidence.models import (
    AdverseEffect,
    Intervention,
    RegistryRecord,
    Snapshot,
    Topic,
    Trial,
    TrialIdentifier,
)
from tests.models.rows import make

NUMBER = "NCT00000001"


def event(term: str, *counts: tuple[int | None, int | None], **more: Any) -> dict[str, Any]:
    """Give an event with what was counted in EG000, EG001 and so on: affected, at risk."""
    stats = [
        {"groupId": f"EG{place:03d}"}
        | ({"numAffected": affected} if affected is not None else {})
        | ({"numAtRisk": at_risk} if at_risk is not None else {})
        for place, (affected, at_risk) in enumerate(counts)
    ]
    return {"term": term, "organSystem": "Some disorders", "stats": stats} | more


def study(
    serious: list[dict[str, Any]],
    other: list[dict[str, Any]],
    *,
    groups: tuple[str, ...] = ("IL-2", "Control"),
    **module: Any,
) -> dict[str, Any]:
    """Give a v2 study of which adverse events are posted."""
    return {
        "protocolSection": {
            "identificationModule": {"nctId": NUMBER, "briefTitle": "A made-up trial"},
            "statusModule": {"resultsFirstPostDateStruct": {"date": "2011-04-25"}},
        },
        "hasResults": True,
        "resultsSection": {
            "adverseEventsModule": {
                "timeFrame": "Two years",
                "frequencyThreshold": "5",
                "eventGroups": [
                    {"id": f"EG{place:03d}", "title": title} for place, title in enumerate(groups)
                ],
                "seriousEvents": serious,
                "otherEvents": other,
            }
            | module
        },
    }


def hold(trial: Trial, data: dict[str, Any], *, number: str = NUMBER) -> RegistryRecord:
    """Hold a study as the record of a trial, in place of the one before."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"))
    snapshot = Snapshot.objects.create(
        source=vocab.Source.CTGOV,
        value=number,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        payload=text,
        received_at=timezone.now(),
    )
    record, _ = RegistryRecord.objects.update_or_create(
        source=vocab.Source.CTGOV,
        value=number,
        defaults={"trial": trial, "verdict": vocab.Verdict.GIVES, "snapshot": snapshot},
    )
    return record


def world(*events: dict[str, Any], other: tuple[dict[str, Any], ...] = (), **module: Any) -> Trial:
    """Make an accepted trial on one topic, three effects and a form of IL-2."""
    accepted = {"origin": vocab.Origin.STARTER, "accepted_at": timezone.now()}
    trial: Trial = make(Trial, slug=NUMBER, results_posted="2011-04-25", **accepted)
    TrialIdentifier.objects.create(trial=trial, registry=vocab.Registry.NCT, value=NUMBER)
    form = make(Intervention, name="Subcutaneous IL-2", slug="sc-il-2")
    trial.interventions.add(form)
    trial.topics.add(make(Topic, intervention=form))
    make(AdverseEffect, name="Fever", slug="fever", synonyms="Pyrexia")
    make(AdverseEffect, name="Oedema of the limbs", slug="limb", ctcae_term="Edema limbs")
    make(AdverseEffect, name="Hypotension", slug="hypotension")
    hold(trial, study([*events], [*other], **module))
    return trial
