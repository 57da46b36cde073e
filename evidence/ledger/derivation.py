"""From rows to the stored rule and trace, in the transaction of whatever changes the evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone

from evidence.ledger import index, version
from evidence.ledger.evidence_of import batches, common, gather_topics
from evidence.ledger.reach import Reach, reach_of, reach_of_facts
from evidence.ledger.readings import read
from evidence.ledger.storing import STORED, Change, Written, store
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

__all__ = [
    "STORED",
    "Change",
    "after_change",
    "after_deletion",
    "after_sync",
    "before_deletion",
    "rederive",
]


# What of a condition the rule reads: where it stands, and its word in the reasons.
PLACE = frozenset({"parent", "merged_into", "slug"})


def rederive(topics: Iterable[int] | None = None) -> list[Change]:
    """Work the rule out again for some topics (None: for all) and store what has changed.

    The wider topics that read them are worked out with them. Call it in the transaction of the
    change: nobody else changes what readers see until that ends. All topics at once are better
    worked out by `evidence.ledger.whole`, which lets others write meanwhile.
    """
    with transaction.atomic():
        written = _rederive(topics)
        if index.is_built():  # else all of it waits for a rebuild
            index.write("topic", written.topics)
    return written.changes


def _rederive(topics: Iterable[int] | None) -> Written:
    """Work the rule out again, and say what was written."""
    today = timezone.now().date()
    written = Written()
    with transaction.atomic():
        version.hold()  # before anything is read: another change may be under way
        shared = common()
        for keys in batches(shared, topics):
            gathered = gather_topics(keys, common=shared, lock=True)
            readings = [read(topic, gathered, today=today) for topic in gathered.asked]
            written += store(gathered.asked, readings)
    return written


def after_change(instance: Model, *, changed: Collection[str] | None = None) -> list[Change]:
    """Work out again what a saved or deleted row bears on; `changed` names fields, where known.

    The data version moves with it, unless readers see nothing new: of a draft, or of a fact that
    nobody has accepted. Where the stored rule was of another day they do, whatever was saved.
    """
    with transaction.atomic():
        version.hold()
        affected = _bears_on(instance, changed)
        written = Written() if affected == [] else _rederive(affected)
        seen = _is_seen(instance)
        if seen:
            index.after_change(instance)
        index.write("topic", written.topics)
        if seen or _any_public(written.topics):
            version.bump()
    return written.changes


def after_sync(*, trials: Collection[int] = (), publications: Collection[int] = ()) -> list[Change]:
    """Work out again what many facts bear on, whose columns were written past the models.

    Call it in the transaction that wrote them and that held the data version first. What nobody
    has accepted moves nothing.
    """
    seen = _accepted(Trial, trials)
    told = _accepted(Publication, publications)
    if not seen and not told:
        return []
    with transaction.atomic():
        version.hold()
        bears_on = _of_trials(seen) | _of_publications(told)
        written = _rederive(Topic.objects.filter(bears_on).values_list("pk", flat=True).distinct())
        index.write_all(reach_of_facts(trials=seen, publications=told))
        index.write("topic", written.topics)
        version.bump()
    return written.changes


def _accepted(model: type[Trial | Publication], keys: Collection[int]) -> list[int]:
    if not keys:
        return []
    return list(model.objects.public().filter(pk__in=keys).values_list("pk", flat=True))


def _any_public(topics: Collection[int]) -> bool:
    return bool(topics) and bool(Topic.objects.public().filter(pk__in=topics).exists())


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


def _bears_on(instance: Model, changed: Collection[str] | None) -> Sequence[int] | None:
    """Return the keys of the topics that a row bears on; None for all of them."""
    if isinstance(instance, Condition):
        # A new parent may put any topic under any other; another definition changes no rule.
        return [] if changed is not None and PLACE.isdisjoint(changed) else None
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


@dataclass(frozen=True, kw_only=True)
class Gone:
    """What a row that is to be deleted bore on: topics of the rule, and entries of the search."""

    topics: tuple[int, ...]
    reach: Reach


def before_deletion(instance: Model) -> Gone:
    """Return what is to be worked out again once a row is gone, for `after_deletion`."""
    keys = _bears_on(instance, ())
    topics = tuple(key for batch in batches(common(), keys) for key in batch)
    return Gone(topics=topics, reach=reach_of(instance))


def after_deletion(gone: Gone) -> list[Change]:
    """Work out again what a deleted row bore on; the data version moves with it."""
    with transaction.atomic():
        written = _rederive(gone.topics)
        index.write_all(gone.reach)
        index.write("topic", written.topics)
        version.bump()
    return written.changes


def _of_trials(trials: list[int]) -> Q:
    return Q(trials__in=trials) | Q(findings__trial__in=trials)


def _of_publications(publications: list[int]) -> Q:
    return Q(findings__publication__in=publications)
