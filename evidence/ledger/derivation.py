"""From rows to the stored rule and trace, in the transaction of whatever changes the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone

from evidence.assess import Derivation, derive
from evidence.ledger import version
from evidence.ledger.evidence_of import (
    REVIEWS,
    Gathered,
    Question,
    gather,
    question,
    study_key,
)
from evidence.models import (
    Approval,
    Arm,
    Condition,
    Edition,
    Fact,
    Finding,
    HarmReport,
    Publication,
    Topic,
    Trial,
    TrialIdentifier,
    TrialPhase,
    TrialPublication,
)
from evidence.models.base import OPEN_STATES
from evidence.vocab import Rule

NOTHING: frozenset[int] = frozenset()
STORED = (
    "rule",
    "rule_status",
    "rule_ground",
    "rule_version",
    "rule_trace",
    "approved",
    "findings_count",
    "studies_count",
    "trials_count",
    "publications_count",
    "harms_count",
)


@dataclass(frozen=True, kw_only=True)
class Change:
    """That the rule's word on a topic is another than it was."""

    topic: int
    before: str
    after: str


def rederive(topics: Iterable[int] | None = None) -> list[Change]:
    """Work the rule out again for some topics (None: for all) and store what has changed.

    The wider topics that read them are worked out with them. Call it in the transaction of the
    change: nobody else changes what readers see until that ends.
    """
    with transaction.atomic():
        version.hold()  # before anything is read: another change may be under way
        gathered = gather(None if topics is None else _questions(topics))
        locked = [topic for group in gathered.topics.values() for topic in group]
        keys = [topic.pk for topic in locked]
        list(Topic.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
        return [change for topic in locked if (change := _store(topic, gathered)) is not None]


def after_change(instance: Model) -> list[Change]:
    """Work out again what a saved or deleted row bears on.

    The data version moves with it, unless readers see nothing of the row: a draft, or a fact that
    nobody has accepted.
    """
    with transaction.atomic():
        version.hold()
        affected = _affected(instance)
        changes = [] if affected == [] else rederive(affected)
        if _is_seen(instance):
            version.bump()
    return changes


def _is_seen(instance: Model) -> bool:
    """Say whether readers may see something of a row."""
    if isinstance(instance, Edition):
        return instance.state not in OPEN_STATES
    if isinstance(instance, Fact):
        return instance.accepted_at is not None
    if isinstance(instance, Arm | TrialIdentifier | TrialPhase):
        return _is_seen(instance.trial)
    if isinstance(instance, TrialPublication):
        return _is_seen(instance.trial) and _is_seen(instance.publication)
    if isinstance(instance, Topic):
        shown = Q(pk=instance.pk) | Q(reads=instance.pk)
        return bool(Topic.objects.public().filter(shown).exists())
    return True


def _questions(topics: Iterable[int]) -> set[Question]:
    rows = Topic.objects.filter(pk__in=list(topics))
    return {question(topic) for topic in rows.only("pk", "intervention_id", "role")}


def _affected(instance: Model) -> Sequence[int] | None:
    """Return the keys of the topics that a row bears on; None for all of them."""
    if isinstance(instance, Condition):
        return None  # a new parent may put any topic under any other
    if isinstance(instance, Topic):
        return [instance.pk]
    if isinstance(instance, Finding | HarmReport):
        # The edition before it may have stood on another topic.
        editions = type(instance).objects.filter(record=instance.record_id, topic__isnull=False)
        return list(editions.order_by().values_list("topic", flat=True).distinct())
    if isinstance(instance, Approval):
        found = Q(intervention_id=instance.intervention_id)
    elif isinstance(instance, Trial):
        found = _of_trials([instance.pk])
    elif isinstance(instance, Arm | TrialIdentifier | TrialPhase):
        found = _of_trials([instance.trial_id])
    elif isinstance(instance, Publication):
        found = _of_publications([instance.pk])
    elif isinstance(instance, TrialPublication):
        found = _of_trials([instance.trial_id]) | _of_publications([instance.publication_id])
    else:
        return []
    return list(Topic.objects.filter(found).values_list("pk", flat=True).distinct())


def _of_trials(trials: list[int]) -> Q:
    return Q(trials__in=trials) | Q(findings__trial__in=trials)


def _of_publications(publications: list[int]) -> Q:
    return Q(findings__publication__in=publications)


def _store(topic: Topic, gathered: Gathered) -> Change | None:
    derivation = derive(
        role=topic.role,
        population=topic.population,
        findings=gathered.finding_facts(topic),
        approvals=gathered.approval_facts(topic),
        trials=gathered.trial_facts(topic),
        on=timezone.now().date(),
    )
    before = {name: getattr(topic, name) for name in STORED}
    reads = gathered.reads(topic)
    after = _words(derivation) | _counts(reads, gathered)
    if before != after:
        for name, value in after.items():
            setattr(topic, name, value)
        topic.save(update_fields=STORED)
    stored = gathered.stored
    if stored.reads.get(topic.pk, NOTHING) != (keys := {other.pk for other in reads}):
        topic.reads.set(keys)
    if stored.trials.get(topic.pk, NOTHING) != (trials := _trials(reads, gathered)):
        topic.read_trials.set(trials)
    if before["rule_status"] == after["rule_status"]:
        return None
    return Change(topic=topic.pk, before=before["rule_status"], after=str(after["rule_status"]))


def _words(derivation: Derivation) -> dict[str, object]:
    return {
        "rule": str(derivation.rule),
        "rule_status": str(derivation.status),
        "rule_ground": str(derivation.ground),
        "rule_version": derivation.version,
        "rule_trace": derivation.trace.to_json(),
        "approved": any(line.rule == Rule.I2 for line in derivation.trace.lines),
    }


def _trials(reads: list[Topic], gathered: Gathered) -> set[int]:
    """Return the trials of all that is read for a topic."""
    found = {trial.pk for other in reads for trial in gathered.trials[other.pk]}
    for other in reads:
        found |= {f.trial_id for f in gathered.findings[other.pk] if f.trial_id is not None}
    return found


def _counts(reads: list[Topic], gathered: Gathered) -> dict[str, int]:
    findings = [finding for other in reads for finding in gathered.findings[other.pk]]
    trials = _trials(reads, gathered)
    studies = {study_key(finding) for finding in findings if finding.design not in REVIEWS}
    return {
        "findings_count": len(findings),
        "studies_count": len(studies | {f"trial:{trial}" for trial in trials}),
        "trials_count": len(trials),
        "publications_count": len({f.publication_id for f in findings} - {None}),
        "harms_count": sum(gathered.harms[other.pk] for other in reads),
    }
