"""A made-up world with everything in it that a listing can stumble over: trees, blanks, ties."""

from __future__ import annotations

import datetime as dt
import random
from itertools import pairwise
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from evidence import vocab
from evidence.ledger import derivation, index, version
from evidence.models import (
    AdverseEffect,
    Approval,
    Assessment,
    CellTarget,
    CombinationPartner,
    Condition,
    Finding,
    HarmReport,
    Intervention,
    InterventionPartner,
    Publication,
    RegistryRecord,
    Topic,
    Trial,
    TrialIdentifier,
    TrialPhase,
    TrialPublication,
)
from tests.benchmarks import world
from tests.web import examples

DAY = dt.datetime(2025, 3, 4, 5, 6, tzinfo=dt.UTC)


def fill(*, topics: int = 60, findings: int = 160) -> None:
    """Fill an empty database: a plain world first, then what makes it uneven."""
    chance = random.Random(7)  # noqa: S311 - a repeatable world, not a secret
    world.fill(topics=topics, findings=findings)
    _put_under(Condition, chance)
    _put_under(Intervention, chance)
    _of_terms(chance)
    _of_trials(chance)
    _of_publications(chance)
    _of_judgements(chance)
    disagree(40)
    derivation.rederive()
    index.rebuild()
    version.bump()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # plans made for empty tables take minutes
            cursor.execute("ANALYZE")


def disagree(number: int) -> None:
    """Let studies disagree in so many topics, and in every other one markers and patients."""
    papers = list(Publication.objects.filter(standing="current").order_by("pk"))
    question = {"trial": None, "analysis": "primary", "comparison": "adds-il2"}
    topics = Topic.objects.filter(role__in=vocab.TREATING_ROLES).order_by("pk")[:number]
    for i, topic in enumerate(topics):
        one, other = papers[i % len(papers)], papers[(i + 1) % len(papers)]
        against = vocab.Direction.HARM if i % 3 else vocab.Direction.NO_DIFFERENCE
        kind = vocab.OutcomeKind.SURROGATE if i % 2 else vocab.OutcomeKind.CLINICAL
        favours = {"direction": vocab.Direction.FAVOURS, "outcome": "Count; week 24"}
        examples.finding(topic, one, outcome_kind=kind, **favours, **question)
        examples.finding(topic, other, direction=against, **question)


def _put_under(model: Any, chance: random.Random) -> None:
    """Build chains of three terms and a fan of four; the rest stay alone."""
    terms = list(model.objects.order_by("pk"))
    for upper, lower in (*pairwise(terms[:3]), *((terms[3], each) for each in terms[4:8])):
        model.objects.filter(pk=lower.pk).update(parent=upper)
    for term in chance.sample(terms[8:], 6):
        model.objects.filter(pk=term.pk).update(parent=terms[0])


def _of_terms(chance: random.Random) -> None:
    effects = list(AdverseEffect.objects.order_by("pk"))
    for effect in effects[::3]:
        effect.leads_to.set(chance.sample(effects, 3))
    AdverseEffect.objects.filter(pk__in=[e.pk for e in effects[::2]]).update(serious=True)
    AdverseEffect.objects.filter(pk=effects[1].pk).update(organ_system="Eye; ear, and “nose”")
    cells = [CellTarget.objects.create(name=f"CD{i}+ T, {i}", slug=f"cd{i}") for i in range(4)]
    partner = CombinationPartner.objects.create(name="Interferon, alfa", slug="interferon")
    for intervention in Intervention.objects.order_by("pk")[::2]:
        intervention.cell_targets.set(chance.sample(cells, 2))
        InterventionPartner.objects.create(intervention=intervention, partner=partner)
        if chance.random() < 0.5:
            _approve(intervention, chance)
    Intervention.objects.filter(name__endswith="3").update(stage="approved", developer="=Maker")
    Condition.objects.filter(name__endswith="1").update(
        definition='Line one,\nline "two"', mesh_id="D012345", synonyms="Erste\nZweite; dritte"
    )


def _approve(intervention: Any, chance: random.Random) -> None:
    topic = Topic.objects.filter(intervention=intervention).order_by("pk").first()
    if topic is not None:
        Approval.objects.create(
            intervention=intervention,
            condition=topic.condition,
            population=topic.population,
            agency=vocab.Agency.FDA,
            from_year=1992,
            withdrawn_year=chance.choice([None, 2001]),
            origin=vocab.Origin.STARTER,
            accepted_at=timezone.now(),
        )


def _of_trials(chance: random.Random) -> None:
    conditions = list(Condition.objects.order_by("pk")[:20])
    interventions = list(Intervention.objects.order_by("pk")[:15])
    for i, trial in enumerate(Trial.objects.order_by("pk")):
        trial.conditions.set(chance.sample(conditions, chance.randint(0, 4)))
        trial.interventions.set(chance.sample(interventions, chance.randint(0, 3)))
        trial.acronym = chance.choice(["", "", "ALPHA", "beta", "=SUM(1)", "-1"])
        trial.design = chance.choice(vocab.TrialDesign.values)
        trial.sponsor = chance.choice(["", "A, B and C", "Ésope", "esope"])
        trial.results_posted = chance.choice(["", "2011", "2011-04"])
        trial.checked_on = chance.choice([None, dt.date(2026, 1, 2)])
        if i % 7 == 0:
            trial.start, trial.enrolment, trial.recruitment_status = "", None, ""
        trial.save()
        second = chance.choice(vocab.Phase.values)
        TrialPhase.objects.get_or_create(trial=trial, phase=second)
        TrialIdentifier.objects.create(trial=trial, registry="other", value=f"X-{i:03}")


def _of_publications(chance: random.Random) -> None:
    trials = list(Trial.objects.order_by("pk"))
    for i, publication in enumerate(Publication.objects.order_by("pk")):
        publication.kind = chance.choice(vocab.PublicationKind.values[:9])
        publication.standing = chance.choice(vocab.Standing.values)
        publication.authors = "First A\nSecond B"
        if i % 9 == 0:
            publication.year, publication.pmid = None, None
        publication.save()
        for trial in chance.sample(trials, chance.randint(0, 3)):
            TrialPublication.objects.create(trial=trial, publication=publication)
    _of_registries(trials)


def _of_registries(trials: list[Trial]) -> None:
    """Let registries not know some trials, and papers of some say otherwise than they do."""
    for i, trial in enumerate(trials[::4]):
        RegistryRecord.objects.create(
            source=vocab.Source.CTGOV,
            value=f"NCT9{i:07}",
            trial=trial,
            vanished_on=dt.date(2026, 1 + i % 9, 5) if i % 2 else None,
        )
    for tie in TrialPublication.objects.filter(trial__in=trials[::3]).order_by("pk"):
        tie.people, tie.primary_outcome = tie.pk % 40, "Death, of “any” cause"
        tie.save()
    Trial.objects.filter(pk__in=[trial.pk for trial in trials[::6]], enrolment__gt=0).update(
        enrolment_type=vocab.EnrolmentType.ESTIMATED, primary_outcome="Remission"
    )


def _of_judgements(chance: random.Random) -> None:
    author, reviewer = (User.objects.create(username=name) for name in ("author", "reviewer"))
    reviewed = {
        "origin": vocab.Origin.CURATOR,
        "author": author,
        "reviewer": reviewer,
        "reviewed_at": DAY,
    }
    for model in (Assessment, Finding, HarmReport):
        keys = list(model.objects.order_by("pk").values_list("pk", flat=True))
        model.objects.filter(pk__in=keys[::3]).update(**reviewed)
    findings = list(Finding.objects.order_by("pk"))
    for finding in findings[::5]:
        finding.estimate = finding.ci_low = finding.ci_high = finding.ci_level = None
        finding.effect_measure, finding.outcome_group, finding.n_total = "", None, None
        finding.statement = chance.choice(["+1 is, “quoted”", "-0.17", "@who", 'He said "no"'])
        finding.save()
    for finding in (each for each in findings[2::5] if each.trial_id):
        finding.publication, finding.results_posted = None, "2014-06-01"
        finding.save()
    for harm in HarmReport.objects.order_by("pk")[::4]:
        harm.topic, harm.affected, harm.percent = None, None, 12.5
        harm.trial = Trial.objects.order_by("pk")[chance.randint(0, 20)]
        harm.save()
