"""A large made-up world: many topics and findings, of no meaning but of the real shape."""

from __future__ import annotations

import random
from itertools import islice, product
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from evidence import vocab
from evidence.ledger import derivation, index, version
from evidence.models import (
    AdverseEffect,
    Assessment,
    Condition,
    Finding,
    HarmReport,
    Intervention,
    Outcome,
    Publication,
    Record,
    Topic,
    Trial,
    TrialIdentifier,
    TrialPhase,
)

WORDS = [
    *("count", "response", "survival", "therapy", "patients", "after", "weeks", "dose", "cells"),
    *("level", "group", "median", "baseline,", "placebo", "antiretroviral", "subcutaneous"),
    *("cycle", "change", "relapse", "remission", "culture"),
]


def fill(*, topics: int, findings: int, seed: int = 2) -> None:
    """Fill an empty database with so many published topics and findings."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable world, not a secret
    with transaction.atomic():
        conditions = _terms(Condition, 60, chance, area=vocab.Area.values)
        interventions = _terms(
            Intervention,
            40,
            chance,
            kind=vocab.InterventionKind.values,
            dose_class=vocab.DoseClass.values,
            selectivity=vocab.Selectivity.values,
        )
        outcomes = _terms(Outcome, 40, chance, kind=vocab.OutcomeKind.values)
        effects = _terms(AdverseEffect, 45, chance, organ_system=["Vascular disorders"])
        trials = _trials(max(50, topics // 5), chance)
        publications = _publications(max(100, topics // 3), chance)
        questions = _topics(topics, conditions, interventions, chance)
        _assessments(questions, chance)
        _findings(findings, questions, publications, trials, outcomes, chance)
        _harms(max(100, findings // 5), questions, publications, effects, chance)
        links = Topic.trials.through
        links.objects.bulk_create(
            links(topic=topic, trial=chance.choice(trials)) for topic in questions[::2]
        )
    with transaction.atomic():
        derivation.rederive()
        version.bump()
    index.rebuild()


def sentence(chance: random.Random, words: int) -> str:
    """Return a made-up sentence."""
    return " ".join(chance.choices(WORDS, k=words)).capitalize() + "."


def _terms(
    model: type[models.Model], number: int, chance: random.Random, **choices: Any
) -> list[Any]:
    rows = []
    for i in range(number):
        fields = {name: chance.choice(values) for name, values in choices.items()}
        name = f"{model._meta.verbose_name} {i:03}"
        rows.append(model(name=name, slug=name.replace(" ", "-"), synonyms=f"S{i}", **fields))
    return model._default_manager.bulk_create(rows)


def _accepted() -> dict[str, Any]:
    return {"origin": vocab.Origin.STARTER, "accepted_at": timezone.now()}


def _published() -> dict[str, Any]:
    return {
        "state": vocab.State.PUBLISHED,
        "origin": vocab.Origin.STARTER,
        "published_at": timezone.now(),
    }


def _trials(number: int, chance: random.Random) -> list[Trial]:
    trials = Trial.objects.bulk_create(
        Trial(
            slug=f"NCT{i:08}",
            title=sentence(chance, 9),
            recruitment_status=chance.choice(vocab.RecruitmentStatus.values),
            start=f"{chance.randint(1990, 2024)}-0{chance.randint(1, 9)}",
            enrolment=chance.randint(10, 500),
            **_accepted(),
        )
        for i in range(1, number + 1)
    )
    TrialIdentifier.objects.bulk_create(
        TrialIdentifier(trial=trial, registry=vocab.Registry.NCT, value=trial.slug)
        for trial in trials
    )
    TrialPhase.objects.bulk_create(
        TrialPhase(trial=trial, phase=chance.choice(vocab.Phase.values)) for trial in trials
    )
    return trials


def _publications(number: int, chance: random.Random) -> list[Publication]:
    return Publication.objects.bulk_create(
        Publication(
            title=sentence(chance, 12),
            container="A journal",
            year=chance.randint(1985, 2026),
            pmid=10_000_000 + i,
            doi=f"10.1000/{i}",
            **_accepted(),
        )
        for i in range(number)
    )


def _topics(
    number: int, conditions: list[Any], interventions: list[Any], chance: random.Random
) -> list[Topic]:
    every = list(product(conditions, interventions, vocab.Role.values[:4], vocab.Population.values))
    chance.shuffle(every)
    return Topic.objects.bulk_create(
        Topic(condition=condition, intervention=intervention, role=role, population=population)
        for condition, intervention, role, population in islice(every, number)
    )


def _records(kind: str, number: int) -> list[Record]:
    return Record.objects.bulk_create([Record(kind=kind) for _ in range(number)], batch_size=5_000)


def _assessments(topics: list[Topic], chance: random.Random) -> None:
    records = _records(vocab.RecordKind.ASSESSMENT, len(topics))
    rows = []
    for record, topic in zip(records, topics, strict=True):
        status = chance.choice(vocab.Status.values)
        ground = chance.choice(vocab.Ground.values) if status == "investigated" else ""
        rows.append(
            Assessment(
                record=record,
                topic=topic,
                status=status,
                ground=ground,
                direction=chance.choice(vocab.TopicDirection.values),
                certainty=chance.choice(vocab.Certainty.values),
                summary=sentence(chance, 15),
                **_published(),
            )
        )
    Assessment.objects.bulk_create(rows, batch_size=1_000)


def _findings(
    number: int,
    topics: list[Topic],
    publications: list[Publication],
    trials: list[Trial],
    outcomes: list[Outcome],
    chance: random.Random,
) -> None:
    records = _records(vocab.RecordKind.FINDING, number)
    rows = []
    for record in records:
        topic = chance.choice(topics)
        estimate = round(chance.uniform(0.3, 2.0), 2)
        rows.append(
            Finding(
                record=record,
                topic=topic,
                publication=chance.choice(publications),
                trial=chance.choice(trials) if chance.random() < 0.6 else None,
                outcome=sentence(chance, 4),
                outcome_kind=chance.choice(vocab.OutcomeKind.values),
                outcome_group=chance.choice(outcomes),
                analysis=chance.choice(vocab.Analysis.values),
                comparison=chance.choice(vocab.Comparison.values),
                population=topic.population,
                direction=chance.choice(vocab.Direction.values),
                effect_measure=vocab.EffectMeasure.HAZARD_RATIO,
                estimate=estimate,
                ci_low=round(estimate * 0.8, 2),
                ci_high=round(estimate * 1.3, 2),
                ci_level=95,
                p_value=chance.choice(["<0.001", "0.04", "0.55"]),
                value_il2=chance.choice(["+359", "428 to 916", "12/60"]),
                n_total=chance.randint(10, 4000),
                design=chance.choice(
                    [vocab.Design.RANDOMISED, vocab.Design.SINGLE_ARM, vocab.Design.OBSERVATIONAL]
                ),
                statement=sentence(chance, 25),
                locator="Table 2",
                **_published(),
            )
        )
    Finding.objects.bulk_create(rows, batch_size=1_000)


def _harms(
    number: int,
    topics: list[Topic],
    publications: list[Publication],
    effects: list[AdverseEffect],
    chance: random.Random,
) -> None:
    records = _records(vocab.RecordKind.HARM_REPORT, number)
    rows = []
    for record in records:
        topic = chance.choice(topics)
        at_risk = chance.randint(10, 2000)
        rows.append(
            HarmReport(
                record=record,
                topic=topic,
                intervention_id=topic.intervention_id,
                adverse_effect=chance.choice(effects),
                publication=chance.choice(publications),
                term_as_printed=sentence(chance, 2),
                dose_class=chance.choice(vocab.DoseClass.values),
                collected=chance.choice(vocab.Collected.values),
                affected=chance.randint(0, at_risk),
                at_risk=at_risk,
                locator="Table 3",
                **_published(),
            )
        )
    HarmReport.objects.bulk_create(rows, batch_size=1_000)
