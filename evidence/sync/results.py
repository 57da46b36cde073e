"""Adverse events from a trial's posted results: what the record counts, and drafts made of it.

A curator says what each group of the record received; which of our effects a term is follows from
its name. Counts are people, as the record gives them: nothing is added up, and what it leaves out
stays "not reported".
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from evidence.ledger import derivation, version
from evidence.ledger.actors import acting
from evidence.ledger.reasons import because
from evidence.models import AdverseEffect, HarmReport, Intervention, RegistryRecord, Trial
from evidence.registries import adverse, trials
from evidence.registries.records import AdverseEvents, Unreadable
from evidence.sync.errors import Refused
from evidence.sync.proposals import Proposal, Term, propose, terms_of
from evidence.vocab import Comparator, DoseClass, Given, Origin, Source

# How CT.gov's payloads, and ours that were made from its older XML, name what is looked for.
MODULE = '"adverseEventsModule"'
IL2, LEFT_OUT = "il2", ""
NO_DAY = (
    "The record does not say when its results were posted, and a harm report read there needs that "
    "day: give it on the page of the trial first."
)
NO_NAME = (
    "“{term}” cannot be another name of that effect: it is a word for anything else, or names "
    "another effect too."
)


@dataclass(frozen=True, kw_only=True)
class Posted:
    """The adverse events of one record of a trial; `as_read` names the payload they stand in."""

    number: str
    as_read: str
    results_posted: str
    events: AdverseEvents


@dataclass(frozen=True, kw_only=True)
class Received:
    """What a group received: IL-2 in one of our forms, or what a comparator is; else left out.

    `use` is `il2`, a value of `vocab.Comparator`, or empty.
    """

    use: str = LEFT_OUT
    intervention: Intervention | None = None
    dose_class: str = DoseClass.NOT_REPORTED
    given: str = Given.NOT_STATED


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What could become drafts, and the terms that are none of our effects."""

    proposals: tuple[Proposal, ...]
    unmatched: tuple[Term, ...]
    comparators: int


def has_posted(trial: Trial) -> bool:
    """Say whether a record of a trial holds adverse events; one query."""
    return bool(_records(trial).exists())


def posted(trial: Trial) -> tuple[Posted, ...]:
    """Return the posted adverse events of a trial, record by record."""
    found = []
    for record in _records(trial).select_related("snapshot"):
        try:
            read = trials.read(record.source, json.loads(record.snapshot.payload))
        except (Unreadable, ValueError):
            continue  # it was readable when it came in; the next run says what is wrong with it
        if read.adverse_events is not None and read.adverse_events.groups:
            found.append(
                Posted(
                    number=record.value,
                    as_read=record.snapshot.sha256,
                    results_posted=trial.results_posted or read.results_posted or "",
                    events=read.adverse_events,
                )
            )
    return tuple(found)


def _records(trial: Trial) -> Any:
    return RegistryRecord.objects.filter(
        trial=trial, source=Source.CTGOV, snapshot__payload__contains=MODULE
    ).order_by("value")


def plan(
    trial: Trial,
    source: Posted,
    received: Mapping[str, Received],
    *,
    attribution: Mapping[bool, str],
) -> Plan:
    """Return what the record proposes for the groups that received IL-2.

    `received` is by the id of a group; `attribution` by whether events are serious.
    """
    names = _names()
    effects = AdverseEffect.objects.in_bulk({*names.values()})
    matched, unmatched = terms_of(source.events, names)
    compared = [group for group, one in received.items() if one.use in Comparator.values]
    proposals = propose(
        source.events,
        matched,
        given_il2=[group for group, one in received.items() if one.use == IL2],
        compared_with=compared[0] if len(compared) == 1 else "",
        attribution=attribution,
        effects=effects,
        held=list(_held(trial)),
    )
    return Plan(proposals=proposals, unmatched=unmatched, comparators=len(compared))


def _held(trial: Trial) -> Any:
    """Give the reports of a trial that stand or are being worked on, withdrawn ones too."""
    return HarmReport.objects.filter(trial=trial).select_related("adverse_effect").order_by("pk")


def make_drafts(
    trial: Trial,
    source: Posted,
    received: Mapping[str, Received],
    *,
    attribution: Mapping[bool, str],
    keys: Collection[str],
    by: Any,
) -> list[HarmReport]:
    """Make drafts of some proposals, by their keys, and return them; what is held is left out.

    Nobody is their author until somebody submits them; till then they are in the hands of whoever
    made them. All or none. Raises Refused where the day
    on which results were posted is not known.
    """
    if not source.results_posted:
        raise Refused(NO_DAY)
    why = f"From the posted results of {source.number}"
    with transaction.atomic(), acting(by), because(why):
        version.hold()  # two who tick the same rows take turns
        offered = plan(trial, source, received, attribution=attribution).proposals
        return [
            _draft(trial, source, one, received, by=by)
            for one in offered
            if one.key in keys and one.may_be_drafted
        ]


def teach(effect: AdverseEffect, term: str, *, by: Any) -> None:
    """Make a term another name of one of our effects, so that records which use it are matched.

    Raises Refused where that would not match it: the term may be anything, or names two effects.
    """
    why = "A term of posted results"
    with transaction.atomic(), acting(by), because(why):
        version.hold()
        fresh = AdverseEffect.objects.select_for_update(no_key=True).get(pk=effect.pk)
        fresh.synonyms = "\n".join([*fresh.synonym_list, term])
        fresh.save()
        if adverse.match(term, _names()) != fresh.pk:
            raise Refused(NO_NAME.format(term=term))
        derivation.after_change(fresh, changed=("synonyms",))


def _names() -> dict[str, int]:
    return adverse.names_of(
        (effect.pk, [effect.name, effect.ctcae_term, *effect.synonym_list])
        for effect in AdverseEffect.objects.public()
    )


def _draft(
    trial: Trial, source: Posted, one: Proposal, received: Mapping[str, Received], *, by: Any
) -> HarmReport:
    group = received[one.group.id]
    topics = list(trial.topics.all()[:2])
    against = next(
        (other.use for key, other in received.items() if key == one.compared_with), Comparator.NONE
    )
    report = HarmReport(
        origin=Origin.IMPORT,
        assignee=by,
        intervention=group.intervention,
        topic=topics[0] if len(topics) == 1 else None,
        adverse_effect=one.effect,
        trial=trial,
        results_posted=source.results_posted,
        dose_class=group.dose_class,
        given=group.given,
        comparator=against,
        note=f"From the record of {source.number} at ClinicalTrials.gov, as read here "
        f"({source.as_read[:12]}).",
        **one.values,
    )
    report.save()
    return report
