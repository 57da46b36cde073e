"""Small published examples for pages to show: figures and sentences of our own making."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from evidence import vocab
from evidence.ledger import derivation, index
from evidence.models import (
    AdverseEffect,
    Approval,
    Assessment,
    Condition,
    Consideration,
    Finding,
    HarmReport,
    Intervention,
    Outcome,
    Publication,
    Topic,
    Trial,
    TrialIdentifier,
    TrialPhase,
    TrialPublication,
)

PUBLISHED = {"state": vocab.State.PUBLISHED, "origin": vocab.Origin.STARTER}


def accepted() -> dict[str, Any]:
    """What makes a fact of the starter data public."""
    return {"origin": vocab.Origin.STARTER, "accepted_at": timezone.now()}


def published() -> dict[str, Any]:
    """What makes a judgement of the starter data public."""
    return PUBLISHED | {"published_at": timezone.now()}


def person(name: str) -> User:
    return User.objects.get_or_create(username=name)[0]


def condition(name: str = "HIV infection", slug: str = "hiv-infection", **given: Any) -> Condition:
    defaults = {"name": name, "area": vocab.Area.INFECTIOUS} | given
    return Condition.objects.get_or_create(slug=slug, defaults=defaults)[0]


def intervention(
    name: str = "Intermittent subcutaneous IL-2", slug: str = "intermittent-sc", **given: Any
) -> Intervention:
    defaults = {
        "name": name,
        "kind": vocab.InterventionKind.REGIMEN,
        "dose_class": vocab.DoseClass.INTERMEDIATE,
    } | given
    return Intervention.objects.get_or_create(slug=slug, defaults=defaults)[0]


def effect(name: str = "Capillary leak syndrome", slug: str = "capillary-leak-syndrome") -> Any:
    defaults = {"name": name, "organ_system": "Vascular disorders", "serious": True}
    return AdverseEffect.objects.get_or_create(slug=slug, defaults=defaults)[0]


def trial(slug: str = "NCT00004978", **given: Any) -> Trial:
    """An accepted trial with its identifier and phase."""
    made = Trial.objects.create(
        **{
            "slug": slug,
            "title": "A trial of subcutaneous IL-2 with antiretrovirals",
            "acronym": "ESPRIT",
            "start": "2000-03",
            "recruitment_status": vocab.RecruitmentStatus.COMPLETED,
            "design": vocab.TrialDesign.RANDOMISED,
            "enrolment": 4150,
            "enrolment_type": vocab.EnrolmentType.ACTUAL,
            "checked_on": dt.date(2026, 11, 20),
        }
        | accepted()
        | given
    )
    if slug.startswith("NCT"):
        TrialIdentifier.objects.create(trial=made, registry=vocab.Registry.NCT, value=slug)
    TrialPhase.objects.create(trial=made, phase=vocab.Phase.PHASE3)
    return made


def publication(pmid: int = 19828532, **given: Any) -> Publication:
    return Publication.objects.create(
        **{
            "title": "A report of IL-2 in HIV infection",
            "authors": "First A\nSecond B",
            "container": "A journal",
            "year": 2009,
            "pmid": pmid,
        }
        | accepted()
        | given
    )


def topic(
    *, role: str = vocab.Role.TREATMENT, population: str = vocab.Population.ADULT, **given: Any
) -> Topic:
    """A question without an assessment: not public."""
    return Topic.objects.create(
        condition=given.get("condition") or condition(),
        intervention=given.get("intervention") or intervention(),
        role=role,
        population=population,
    )


def assessment(of: Topic, **given: Any) -> Assessment:
    return Assessment.objects.create(
        **{
            "topic": of,
            "status": vocab.Status.VARIABLE,
            "direction": vocab.TopicDirection.MIXED,
            "certainty": vocab.Certainty.MODERATE,
            "summary": "CD4 counts rise; deaths do not fall.",
        }
        | published()
        | given
    )


def finding(of: Topic, source: Publication, **given: Any) -> Finding:
    return Finding.objects.create(
        **{
            "topic": of,
            "publication": source,
            "outcome": "Opportunistic disease or death",
            "outcome_kind": vocab.OutcomeKind.CLINICAL,
            "analysis": vocab.Analysis.PRIMARY,
            "comparison": vocab.Comparison.ADDS_IL2,
            "population": of.population,
            "direction": vocab.Direction.NO_DIFFERENCE,
            "effect_measure": vocab.EffectMeasure.HAZARD_RATIO,
            "estimate": 0.94,
            "ci_low": 0.75,
            "ci_high": 1.16,
            "ci_level": 95,
            "design": vocab.Design.RANDOMISED,
            "n_total": 4111,
            "statement": "Adding IL-2 did not lower opportunistic disease or death.",
        }
        | published()
        | given
    )


def harm(source: Publication, **given: Any) -> HarmReport:
    return HarmReport.objects.create(
        **{
            "publication": source,
            "intervention": given.get("intervention") or intervention(),
            "adverse_effect": given.get("adverse_effect") or effect(),
            "term_as_printed": "Capillary leak",
            "dose_class": vocab.DoseClass.INTERMEDIATE,
            "collected": vocab.Collected.GRADE_4,
            "affected": 10,
            "at_risk": 2071,
            "comparator": vocab.Comparator.NO_IL2,
            "comparator_affected": 2,
            "comparator_at_risk": 2040,
        }
        | published()
        | given
    )


def world() -> Topic:
    """One topic with all that a page can show of it."""
    question, paper, study = topic(), publication(), trial()
    question.trials.add(study)
    study.conditions.add(question.condition)
    study.interventions.add(question.intervention)
    TrialPublication.objects.create(trial=study, publication=paper)
    assessment(question)
    finding(question, paper, trial=study)
    group = Outcome.objects.create(name="CD4 count", slug="cd4-count", kind="surrogate")
    finding(
        question,
        paper,
        trial=study,
        outcome="CD4 count",
        outcome_kind=vocab.OutcomeKind.SURROGATE,
        outcome_group=group,
        direction=vocab.Direction.FAVOURS,
        effect_measure=vocab.EffectMeasure.MEAN_DIFFERENCE,
        estimate=159,
        ci_low=145,
        ci_high=174,
    )
    harm(paper, topic=question, trial=study)
    Approval.objects.create(
        intervention=question.intervention,
        condition=question.condition,
        population=question.population,
        agency=vocab.Agency.FDA,
        from_year=1992,
        substance_is_il2=False,
        **accepted(),
    )
    challenge = Consideration.objects.create(
        kind=vocab.ConsiderationKind.CHALLENGE,
        statement="High doses of IL-2 can bring capillary leak.",
        publication=paper,
        locator="paragraph 6",
        **published(),
    )
    challenge.conditions.add(question.condition)
    challenge.interventions.add(question.intervention)
    derivation.rederive()
    index.rebuild()
    question.refresh_from_db()
    return question
