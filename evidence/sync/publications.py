"""Publications brought in: new ones wait for a person, known ones are kept as their source is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from django.db import transaction

from evidence.ledger import version
from evidence.registries import literature
from evidence.registries.json_values import why_not
from evidence.registries.records import Fault, Payload, Unreadable
from evidence.sync import notices, publication_fields, snapshots
from evidence.sync.publication_batch import Batch, News, make_publication
from evidence.sync.publications_held import hold
from evidence.sync.tally import Counts

__all__ = ["WriteDown", "bring_in", "look_at_standing", "make_publication", "nothing"]

WAITS, CHANGED = "waits in the inbox", "changed"
LEFT_OUT = "a person deleted it or turned it down here, left out"
Tell = Callable[[str, str], None]
WriteDown = Callable[[Counts, list[Fault]], None]


def nothing(_counts: Counts, _faults: list[Fault]) -> None:
    """Write nothing down."""


def bring_in(
    payloads: Sequence[Payload],
    *,
    checked_on: dt.date | None = None,
    dry_run: bool = False,
    write_down: WriteDown = nothing,
    tell: Tell | None = None,
) -> Counts:
    """Bring in one batch in one transaction, so give some ten; a dry run writes nothing.

    `write_down` is called at its end, inside it. `checked_on` is the day on which the source said
    so; without it, that of the payload, or the one that the record itself names. `tell` is told,
    once all is written, what became of each that is not the same.
    """
    return _write(payloads, day=checked_on, dry_run=dry_run, write_down=write_down, tell=tell)


def look_at_standing(
    payloads: Sequence[Payload],
    *,
    today: dt.date,
    dry_run: bool = False,
    write_down: WriteDown = nothing,
    tell: Tell | None = None,
) -> Counts:
    """Take from payloads of publications that are held what became of these, in one transaction.

    Their other fields move with it only where an import had brought these in before.
    """
    return _write(
        payloads,
        day=today,
        dry_run=dry_run,
        write_down=write_down,
        tell=tell,
        standing_only=True,
    )


def _write(
    payloads: Sequence[Payload],
    *,
    day: dt.date | None,
    dry_run: bool,
    write_down: WriteDown,
    tell: Tell | None,
    standing_only: bool = False,
) -> Counts:
    news, faults = _read(payloads, day)
    with transaction.atomic():
        version.hold()  # before any row is read: a person may be changing one
        batch = Batch(held=hold(news), standing_only=standing_only)
        batch.seen = snapshots.known([one.kept.sha256 for one in news])
        counts = Counts(failed=len(faults))
        lines = []
        for one in news:
            came = batch.take(one)
            counts += came
            if tell is not None and (said := _said(one, came, standing_only=standing_only)):
                lines.append((one.about, said))
        faults += batch.faults
        batch.end()
        write_down(counts, faults)
        if dry_run:
            transaction.set_rollback(True)
    if tell is not None:
        for line in lines:
            tell(*line)
    return counts


def _said(one: News, came: Counts, *, standing_only: bool) -> str:
    """Say what became of a publication; nothing of one that is the same, or a fault."""
    if came.changed and standing_only:
        return one.standing
    words = {WAITS: came.created, CHANGED: came.changed, LEFT_OUT: came.left_out}
    return next((said for said, n in words.items() if n), "")


def _read(payloads: Sequence[Payload], day: dt.date | None) -> tuple[list[News], list[Fault]]:
    news, faults = [], []
    for payload in payloads:
        try:
            record = literature.read(payload.source, payload.data)
            kept = snapshots.kept(payload)
        except Unreadable as error:
            faults.append(Fault(about=payload.value, sentence=str(error)))
            continue
        except (RecursionError, TypeError, ValueError) as error:
            faults.append(Fault(about=payload.value, sentence=why_not(error)))
            continue
        news.append(
            News(
                kept=kept,
                record=record,
                values=publication_fields.values_of(record),
                standing=notices.standing_of(record),
                day=day or _whole_day(payload.data_date) or _whole_day(record.updated),
            )
        )
    return news, faults


def _whole_day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text and len(text) == len("2015-09-03") else None
