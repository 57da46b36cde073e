"""Taking an acceptance back, as long as nothing stands on it: it waits in the inbox again."""

from __future__ import annotations

from typing import Any

from auditlog.models import LogEntry

from evidence.ledger import derivation, index, version
from evidence.ledger.derivation import Change
from evidence.models import Publication, RegistryRecord, Trial, TrialPublication
from evidence.sync.errors import Refused
from evidence.sync.waiting import GONE, MOST_NAMED, used_by, what_became_of
from evidence.vocab import Origin

TAKEN_BACK = "The acceptance was taken back."
WAITS = "It waits in the inbox already."
NOT_FROM_THE_INBOX = "It did not come in by the inbox, so that it cannot go back there."
STOOD_ON = (
    "It cannot go back to the inbox, because {named} stands on it already. Change or delete that "
    "first."
)
TIED = (
    "It cannot go back to the inbox, because somebody has tied it to {named} since. Take that off "
    "first."
)


def accepted(fact: Trial | Publication) -> Any:
    """Return the row as it stands now, locked; refuse one that did not come out of the inbox."""
    row = type(fact)._default_manager.select_for_update(of=("self",)).filter(pk=fact.pk).first()
    if row is None:
        raise Refused(what_became_of(getattr(fact, "slug", "")) or GONE)
    if row.accepted_at is None:
        raise Refused(WAITS)
    if row.origin != Origin.IMPORT:
        raise Refused(NOT_FROM_THE_INBOX)
    return row


def refuse_if_stood_on(fact: Trial | Publication) -> None:
    """Refuse, in words that name what stands on a thing or was tied to it since."""
    if named := used_by(fact):
        raise Refused(STOOD_ON.format(named=named))
    ties = {str(tie.pk): tie for tie in _ties(fact)}
    rows = LogEntry.objects.get_for_objects(TrialPublication.objects.filter(pk__in=ties))
    made = rows.filter(
        action=LogEntry.Action.CREATE, actor__isnull=False, timestamp__gt=fact.accepted_at
    )
    keys = made.order_by("pk").values_list("object_pk", flat=True)[:MOST_NAMED]
    others = [
        tie.publication.code if isinstance(fact, Trial) else tie.trial.slug
        for tie in (ties[str(key)] for key in keys)
    ]
    if others:
        raise Refused(TIED.format(named=", ".join(others)))


def undecided(record: RegistryRecord, *, verdict: str, reason: str) -> None:
    """Let a record be as if nobody had decided on it."""
    record.verdict, record.reason = verdict, reason
    record.decided_by = record.decided_at = None
    record.save()


def put_back(row: Any) -> list[Change]:
    """Take a thing from readers, and its words from what they search."""
    row.accepted_by = row.accepted_at = None
    row.save()
    changes = derivation.after_change(row)
    # What nobody has accepted moves nothing by itself: readers have seen this one until now.
    index.after_change(row)
    version.bump()
    return changes


def _ties(fact: Trial | Publication) -> Any:
    kind = str(fact._meta.model_name)
    return TrialPublication.objects.filter(**{kind: fact.pk}).select_related("trial", "publication")
