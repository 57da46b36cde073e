"""Judgements that look entered twice: of one source, or of one trial in two sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models
from django.db.models import Q

from evidence.curation.sameness import Alike, same_name, same_time, words
from evidence.models import Assessment, Consideration, Finding, HarmReport
from evidence.templatetags import names
from evidence.vocab import Analysis, Attribution, Collected, State

CURRENT = (State.DRAFT, State.IN_REVIEW, State.PUBLISHED)
MOST_CANDIDATES = 200
# Two statements that share so much of their words say the same thing.
NEARLY_ALL = 0.8


def findings(finding: Finding) -> Iterator[Alike]:
    """Find the results that may be the same one."""
    if not finding.topic_id:
        return
    for row in _of_its_study(finding, Q(topic_id=finding.topic_id)):
        if _is_same_source(row, finding):
            if same_name(row.outcome, finding.outcome) and _may_agree(
                row.time_point, finding.time_point
            ):
                when = f" ({row.time_point})" if row.time_point else ""
                said = f"has the same topic, source and outcome: {row.outcome}{when}"
                yield Alike(row, f"{row.code} {said}.")
        elif _is_same_outcome(row, finding) and same_time(row.time_point, finding.time_point):
            yield Alike(row, f"{row.code} holds this outcome {_elsewhere(row)}.")


def _is_same_outcome(one: Finding, other: Finding) -> bool:
    """Two sources of a trial word an outcome in two ways: then its name across studies counts."""
    if same_name(one.outcome, other.outcome):
        return True
    parts = {one.analysis, other.analysis}
    return (
        one.outcome_group_id is not None
        and one.outcome_group_id == other.outcome_group_id
        and (len(parts) == 1 or Analysis.SUBGROUP not in parts)
    )


def harm_reports(report: HarmReport) -> Iterator[Alike]:
    """Find the reports of one effect in one group that may be the same one."""
    if not report.intervention_id or not report.adverse_effect_id:
        return
    for row in _of_its_study(report, Q(adverse_effect_id=report.adverse_effect_id)):
        # All events and the serious ones of a group are two rows, and rightly so.
        if not _may_be_one(row.collected, report.collected, unknown=Collected.NOT_STATED):
            continue
        printed = f"printed as “{row.term_as_printed}”"
        if _is_same_source(row, report):
            same_intervention = row.intervention_id == report.intervention_id
            same_arm = words(row.arm) == words(report.arm)
            if same_intervention and same_arm and not _are_two_lines(row, report):
                group = f", group “{row.arm}”" if row.arm else ""
                same_in = "has the same effect, intervention and source"
                yield Alike(row, f"{row.code} {same_in}{group}, {printed}.")
        elif _is_same_group(row, report) and _may_be_one(
            row.attribution, report.attribution, unknown=Attribution.NOT_STATED
        ):
            yield Alike(row, f"{row.code} holds this effect {_elsewhere(row)}, {printed}.")


def _is_same_group(one: HarmReport, other: HarmReport) -> bool:
    """Two sources of a trial name its groups in two ways: then the dose class stands for them."""
    if one.arm and words(one.arm) == words(other.arm):
        return True
    return (one.intervention_id, one.dose_class) == (other.intervention_id, other.dose_class)


def _are_two_lines(one: HarmReport, other: HarmReport) -> bool:
    """Say whether a source has them on two lines: in two words, and with other figures."""
    figures = ("affected", "at_risk", "percent")
    return words(one.term_as_printed) != words(other.term_as_printed) and any(
        not _may_be_one(getattr(one, name), getattr(other, name), unknown=None) for name in figures
    )


def _may_be_one(one: object, other: object, *, unknown: object) -> bool:
    return one == other or unknown in (one, other)


def assessments(assessment: Assessment) -> Iterator[Alike]:
    """Find the other assessments of a topic."""
    if not assessment.topic_id:
        return
    for row in _others(assessment, Q(topic_id=assessment.topic_id)):
        state = State(row.state).label
        yield Alike(row, f"{row.code} is an assessment of the same topic: {state.lower()}.")


def considerations(consideration: Consideration) -> Iterator[Alike]:
    """Find what one source is held to say in nearly the same words."""
    if not consideration.publication_id:
        return
    mine = {*words(consideration.statement)}
    same = Q(kind=consideration.kind, publication_id=consideration.publication_id)
    for row in _others(consideration, same):
        theirs = {*words(row.statement)}
        if mine and len(mine & theirs) >= NEARLY_ALL * len(mine | theirs):
            yield Alike(row, f"{row.code} says nearly the same, from the same source.")


def _of_its_study(edition: Any, same: Q) -> Iterator[Any]:
    """Return what was read in the same paper or of the same trial, whatever the source."""
    study = Q(pk__in=())
    if edition.publication_id:
        study |= Q(publication_id=edition.publication_id)
    if edition.trial_id:
        study |= Q(trial_id=edition.trial_id)
    for row in _others(edition, same & study, "trial", "publication"):
        # One paper may report two trials.
        if _may_be_one(row.trial_id, edition.trial_id, unknown=None):
            yield row


def _is_same_source(one: Any, other: Any) -> bool:
    if one.publication_id or other.publication_id:
        return bool(one.publication_id == other.publication_id)
    return bool(one.results_posted == other.results_posted)


def _elsewhere(row: Any) -> str:
    """Say that a row is of the same trial, and where it was read."""
    if row.publication is None:
        source = "the registry's posted results"
    else:
        source = f"{row.publication.code} ({names.publication_name(row.publication)})"
    return f"of the same trial ({names.trial_name(row.trial)}), read from {source}"


def _others(edition: Any, same: Q, *related: str) -> Iterable[Any]:
    rows: models.QuerySet[Any] = type(edition)._default_manager.filter(same, state__in=CURRENT)
    rows = rows.exclude(record_id=edition.record_id or 0).order_by("-pk")
    return (rows.select_related(*related) if related else rows)[:MOST_CANDIDATES]


def _may_agree(one: str, other: str) -> bool:
    return not one or not other or same_name(one, other)
