"""Studies that the registry has under another number now, or has no more; nothing is deleted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from evidence.ledger import version
from evidence.models import RegistryRecord, TrialIdentifier
from evidence.vocab import Registry, Source


def note(moved: Mapping[str, str], vanished: Collection[str], day: dt.date) -> None:
    """Write down which studies have new numbers, and which are not there, since a day.

    Call it in the transaction of the batch, before anything else is written there.
    """
    if not (moved or vanished):
        return
    version.hold()  # before anything is locked
    rows = RegistryRecord.objects.filter(source=Source.CTGOV)
    flagged = 0
    for old, new in sorted(moved.items()):
        if not rows.filter(value=new).exists():
            rows.filter(value=old).update(value=new)
        else:  # what was two trials here is one now
            flagged += rows.filter(value=old).exclude(vanished_on=None).update(vanished_on=None)
    flagged += rows.filter(value__in=vanished, vanished_on=None).update(vanished_on=day)
    if _flag_typed(vanished, day) or flagged:
        version.touch()


def _flag_typed(vanished: Collection[str], day: dt.date) -> bool:
    """Write down of numbers that only a person typed that the registry does not know them."""
    rows = RegistryRecord.objects.filter(source=Source.CTGOV, value__in=vanished)
    lacking = {*vanished} - {*rows.values_list("value", flat=True)}
    typed = TrialIdentifier.objects.filter(registry=Registry.NCT, value__in=lacking)
    made = RegistryRecord.objects.bulk_create(
        RegistryRecord(
            source=Source.CTGOV,
            value=one.value,
            title=one.trial.title,
            trial=one.trial,
            vanished_on=day,
        )
        for one in typed.select_related("trial").order_by("value")
    )
    return bool(made)
