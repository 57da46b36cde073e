"""A small filled database of our own making: some of everything, drafts and published."""

from __future__ import annotations

from typing import Any

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
    Drift,
    Finding,
    HarmReport,
    Intervention,
    InterventionPartner,
    Outcome,
    Publication,
    RegistryRecord,
    SavedSearch,
    SyncRun,
    Topic,
    Trial,
    TrialIdentifier,
    TrialPhase,
    TrialPublication,
)


def shown() -> dict[str, Any]:
    """Give what makes an edition a published one of the starter evidence."""
    return {
        "state": vocab.State.PUBLISHED,
        "origin": vocab.Origin.STARTER,
        "published_at": timezone.now(),
    }


def accepted() -> dict[str, Any]:
    """Give what makes a fact an accepted one of the starter evidence."""
    return {"origin": vocab.Origin.STARTER, "accepted_at": timezone.now()}


def make_finding(topic: Topic, publication: Publication, **fields: Any) -> Finding:
    """Make a finding: a draft, unless told otherwise."""
    values: dict[str, Any] = {
        "outcome": "CD4 count at week 24",
        "outcome_kind": vocab.OutcomeKind.SURROGATE,
        "analysis": vocab.Analysis.PRIMARY,
        "comparison": vocab.Comparison.ADDS_IL2,
        "population": topic.population,
        "direction": vocab.Direction.FAVOURS,
        "locator": "Table 2",
        "statement": "CD4 counts rose more with IL-2 than without.",
    }
    return Finding.objects.create(topic=topic, publication=publication, **values | fields)


def make_assessment(topic: Topic, **fields: Any) -> Assessment:
    """Make an assessment: a draft, unless told otherwise."""
    values: dict[str, Any] = {
        "status": vocab.Status.EXPERIMENTAL,
        "direction": vocab.TopicDirection.UNCLEAR,
        "summary": "Too early to say.",
    }
    return Assessment.objects.create(topic=topic, **values | fields)


def make_harm(topic: Topic, effect: AdverseEffect, **fields: Any) -> HarmReport:
    """Make a harm report: a draft, unless told otherwise."""
    values: dict[str, Any] = {
        "intervention": topic.intervention,
        "term_as_printed": "Fever",
        "dose_class": vocab.DoseClass.INTERMEDIATE,
        "collected": vocab.Collected.ALL_GRADES,
        "locator": "Table 3",
        "affected": 3,
        "at_risk": 10,
    }
    return HarmReport.objects.create(topic=topic, adverse_effect=effect, **values | fields)


def make_topic(number: int = 1) -> Topic:
    """Make a topic with a condition and an intervention of its own."""
    condition = Condition.objects.create(
        name=f"Condition {number}", slug=f"condition-{number}", area=vocab.Area.INFECTIOUS
    )
    intervention = Intervention.objects.create(
        name=f"Intervention {number}",
        slug=f"intervention-{number}",
        kind=vocab.InterventionKind.RECOMBINANT,
    )
    return Topic.objects.create(
        condition=condition,
        intervention=intervention,
        role=vocab.Role.TREATMENT,
        population=vocab.Population.ADULT,
    )


def make_publication(number: int = 1, **fields: Any) -> Publication:
    """Make an accepted paper."""
    values = {"title": f"Paper {number}", "year": 2009, "pmid": 1000 + number}
    return Publication.objects.create(**values | accepted() | fields)


def make_trial(number: int = 1, **fields: Any) -> Trial:
    """Make an accepted trial with a number, a phase and an arm."""
    values = {"title": f"Trial {number}", "slug": f"trial-{number}", "acronym": f"TRIAL{number}"}
    trial = Trial.objects.create(**values | accepted() | fields)
    TrialIdentifier.objects.create(
        trial=trial, registry=vocab.Registry.NCT, value=f"NCT{number:08d}"
    )
    TrialPhase.objects.create(trial=trial, phase=vocab.Phase.PHASE3)
    Arm.objects.create(trial=trial, label="IL-2")
    return trial


def fill(number: int = 1) -> Topic:
    """Make one of everything, under names of its own, and return the topic."""
    topic = make_topic(number)
    publication, trial = make_publication(number), make_trial(number)
    # Of a paper that reports one trial, a finding without that trial would be asked about.
    TrialPublication.objects.create(
        trial=trial, publication=publication, relation=vocab.PublicationRelation.MENTIONS
    )
    topic.trials.add(trial)
    trial.conditions.add(topic.condition)
    cell = CellTarget.objects.create(name=f"Cell {number}", slug=f"cell-{number}")
    partner = CombinationPartner.objects.create(name=f"Drug {number}", slug=f"drug-{number}")
    InterventionPartner.objects.create(intervention=topic.intervention, partner=partner)
    topic.intervention.cell_targets.add(cell)
    Approval.objects.create(
        intervention=topic.intervention,
        condition=topic.condition,
        population=topic.population,
        agency=vocab.Agency.FDA,
        **accepted(),
    )
    effect = AdverseEffect.objects.create(
        name=f"Effect {number}", slug=f"effect-{number}", organ_system="Vascular disorders"
    )
    outcome = Outcome.objects.create(
        name=f"Outcome {number}", slug=f"outcome-{number}", kind=vocab.OutcomeKind.SURROGATE
    )
    now = timezone.now()
    record = RegistryRecord.objects.create(
        source=vocab.Source.CTGOV, value=f"NCT{number:08d}", trial=trial
    )
    Drift.objects.create(record=record, trial=trial, field="sponsor", after="B", opened_at=now)
    SyncRun.objects.create(kind=vocab.RunKind.SYNC_TRIALS, started_at=now, last_step_at=now)
    SavedSearch.objects.create(name=f"Search {number}", intervention="aldesleukin")
    make_assessment(topic, **shown())
    make_finding(topic, publication, trial=trial, outcome_group=outcome, **shown())
    make_finding(topic, publication)
    make_harm(topic, effect, publication=publication, trial=trial, **shown())
    consideration = Consideration.objects.create(
        kind=vocab.ConsiderationKind.MECHANISM,
        statement="IL-2 moves regulatory T cells.",
        publication=publication,
        locator="p. 3",
    )
    consideration.conditions.add(topic.condition)
    return topic
