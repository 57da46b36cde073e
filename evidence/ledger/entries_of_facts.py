"""What the search holds of facts and terms: trials and papers, conditions, agents and effects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from evidence.ledger.entry import Entry, Keys, among, many, public
from evidence.models import (
    AdverseEffect,
    Arm,
    Condition,
    Intervention,
    InterventionPartner,
    Publication,
    Trial,
    TrialIdentifier,
)


def conditions(keys: Keys) -> Iterator[Entry]:
    """Give the conditions: their names, definitions and codes."""
    for one in public(Condition, keys):
        body = [one.definition, one.unknowns, one.mesh_id, one.icd10cm, one.doid]
        yield Entry(key=one.pk, title=[one.name, *one.synonym_list], body=body)


def interventions(keys: Keys) -> Iterator[Entry]:
    """Give the forms of IL-2, with the names of their cell targets and partners."""
    partners: dict[int, list[str]] = defaultdict(list)
    for tie in InterventionPartner.objects.select_related("partner"):
        partners[tie.intervention_id] += [tie.partner.name, *tie.partner.synonym_list]
    for one in public(Intervention, keys).prefetch_related("cell_targets"):
        targets = [
            word
            for target in one.cell_targets.all()
            for word in (target.name, *target.synonym_list)
        ]
        numbers = [one.atc, one.drugbank, one.chembl, one.unii, one.mesh_id]
        said = [one.definition, one.history, one.developer, one.usual_dose]
        body = [*said, *numbers, *targets, *partners[one.pk]]
        yield Entry(key=one.pk, title=[one.name, *one.synonym_list], body=body)


def effects(keys: Keys) -> Iterator[Entry]:
    """Give the adverse effects: their names and what is said of them."""
    for one in public(AdverseEffect, keys):
        said = [one.definition, one.organ_system, one.ctcae_term, one.mechanism, one.management]
        yield Entry(key=one.pk, title=[one.name, *one.synonym_list], body=said)


def trials(keys: Keys) -> Iterator[Entry]:
    """Give the trials with their numbers and arms, and the terms that they are registered for."""
    found = public(Trial, keys)
    numbers = many(TrialIdentifier.objects.all(), "trial_id", "value", keys)
    arms: dict[int, list[str]] = defaultdict(list)
    for trial, *said in among(Arm.objects.all(), "trial_id", keys).values_list(
        "trial_id", "label", "given", "dose_text"
    ):
        arms[trial] += said
    conditions = many(Trial.conditions.through.objects.all(), "trial_id", "condition_id", keys)
    forms = many(Trial.interventions.through.objects.all(), "trial_id", "intervention_id", keys)
    for one in found:
        said = [one.sponsor, *one.country_list, one.primary_outcome, one.population_text]
        yield Entry(
            key=one.pk,
            title=[one.title, one.acronym, one.slug, *numbers[one.pk]],
            body=[*said, one.results_summary, one.why_stopped, *arms[one.pk]],
            terms=[
                *(("c", key) for key in conditions[one.pk]),
                *(("i", key) for key in forms[one.pk]),
            ],
        )


def publications(keys: Keys) -> Iterator[Entry]:
    """Give the publications: what they are called, by whom and where, and their summaries."""
    for one in public(Publication, keys):
        year = str(one.year or "")
        yield Entry(
            key=one.pk,
            title=[one.title, *identified(one), one.code],
            body=["\n".join(one.author_list), one.container, year, one.summary],
        )


def identified(paper: Publication) -> list[str]:
    """Return the identifiers of a paper."""
    return [str(paper.pmid or ""), paper.doi, paper.pmcid]
