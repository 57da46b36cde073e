"""Payloads of registered studies brought in: new ones into the inbox, the others compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from evidence.ledger import version
from evidence.models import RegistryRecord, Trial
from evidence.registries import il2
from evidence.registries.records import Fault, Payload, TrialRecord, Unreadable
from evidence.registries.trials import READER, read
from evidence.sync import fields, held, looked, plans, snapshots, told, writes
from evidence.sync.batches import uncollected
from evidence.sync.held import Last
from evidence.sync.refusals import in_words
from evidence.sync.snapshots import Kept
from evidence.sync.steps import News
from evidence.sync.tally import Counts

MOST_AT_ONCE = 250
"""So many records that say something new are written in one transaction."""
MOST_SEEN_AT_ONCE = 50
"""Of these so many that readers see: their topics are worked out again in it."""
REFUSED = (IntegrityError, DataError, OverflowError, UnicodeError)
TO_COME = "Its last update lies in the future ({day}), so it is not taken."
WriteDown = Callable[[Counts, list[Fault]], None]
Tell = Callable[[str, str], None]


def nothing(counts: Counts, faults: list[Fault]) -> None:
    """Write nothing down."""


@dataclass(kw_only=True, slots=True)
class _Batch:
    """What came of the payloads of one batch so far."""

    checked_on: dt.date | None
    dry_run: bool
    today: dt.date
    tell: Tell | None
    counts: Counts = field(default_factory=Counts)
    faults: list[Fault] = field(default_factory=list)
    lines: list[tuple[str, str]] = field(default_factory=list)

    def fault(self, about: str, sentence: str) -> None:
        self.faults.append(Fault(about=about, sentence=sentence))
        self.counts += Counts(failed=1)

    def day_of(self, payload: Payload) -> dt.date | None:
        """Return the day of a payload's data, where it is known."""
        return self.checked_on or day_of(payload.data_date)

    def say(self) -> None:
        """Tell what became of the records that are written."""
        if self.tell is not None:
            for about, sentence in self.lines:
                self.tell(about, sentence)
        self.lines.clear()


def bring_in(
    payloads: Sequence[Payload],
    *,
    checked_on: dt.date | None = None,
    dry_run: bool = False,
    write_down: WriteDown = nothing,
    tell: Tell | None = None,
    today: dt.date | None = None,
) -> Counts:
    """Bring one batch in, of a thousand payloads at most, and return what came of it.

    `checked_on` is the day of the source's data where all payloads share one; else it is each
    payload's own. One after `today` (that of UTC) is not believed. A record that the database
    refuses is a fault, and the others go on. `write_down` is called with the tally and the faults
    in the batch's last transaction (in a dry run too), `tell` with the number of each record that
    is not the same and what became of it.
    """
    today = today or timezone.now().date()
    checked_on = held.not_after(checked_on, today)
    batch = _Batch(checked_on=checked_on, dry_run=dry_run, today=today, tell=tell)
    *before, last = [*_rounds(_believed(one, today) for one in payloads)] or [[]]
    with uncollected():
        for some in before:
            _bring_in(batch, some, nothing)
        _bring_in(batch, last, write_down)
    return batch.counts


def _believed(payload: Payload, today: dt.date) -> Payload:
    """Return a payload; without the day of its data where that is still to come."""
    is_to_come = (payload.data_date or "") > str(today)
    return replace(payload, data_date=None) if is_to_come else payload


def _rounds(payloads: Iterable[Payload]) -> Iterator[list[Payload]]:
    """Part payloads so that no record is twice in a round, in their order."""
    rounds: list[dict[tuple[str, str], Payload]] = []
    for one in payloads:
        key = (one.source, one.value)
        for some in rounds:
            if key not in some:
                some[key] = one
                break
        else:
            rounds.append({key: one})
    return (list(some.values()) for some in rounds)


def _bring_in(batch: _Batch, payloads: Sequence[Payload], write_down: WriteDown) -> None:
    there = held.last_of({(one.source, one.value) for one in payloads}, batch.today)
    same, differing = _sorted(batch, payloads, there)
    news = [one for each in differing if (one := _read(batch, each, there)) is not None]
    *before, last = [*_portions(news)] or [[]]
    for some in before:
        with transaction.atomic():
            _write(batch, some)
        batch.say()
    with transaction.atomic():
        _write(batch, last)
        if not batch.dry_run:
            looked.at(same, today=batch.today)
        write_down(batch.counts, batch.faults)
    batch.say()


def _portions(news: Sequence[News]) -> Iterator[list[News]]:
    """Part what is new into what is written in one transaction."""
    seen = held.seen({one.about for one in news})
    some: list[News] = []
    several = 0
    for one in news:
        several += one.about in seen
        some.append(one)
        if len(some) == MOST_AT_ONCE or several == MOST_SEEN_AT_ONCE:
            yield some
            some, several = [], 0
    if some:
        yield some


def _sorted(
    batch: _Batch, payloads: Sequence[Payload], there: dict[held.Key, Last]
) -> tuple[list[tuple[Last, dt.date | None]], list[Kept]]:
    """Part those that say nothing new, each with the day of its data, from the others."""
    same, differing = [], []
    for payload in payloads:
        try:
            one = snapshots.kept(payload)
        except (RecursionError, TypeError, ValueError) as error:
            batch.fault(payload.value, f"It is no plain JSON ({type(error).__name__}).")
            continue
        last = there.get(one.key)
        if last is not None and last.sha256 == one.sha256 and last.reader == READER:
            same.append((last, batch.day_of(payload)))
        else:
            differing.append(one)
    old = snapshots.known([one.sha256 for one in differing if one.key in there])
    fresh = []
    for one in differing:
        last = there.get(one.key)
        is_old = last is not None and last.sha256 != one.sha256 and one.sha256 in old
        if is_old and not _is_fresher(batch, one, last):
            batch.counts += Counts(same=1)  # what it said once; we know what it said since
            batch.lines.append((one.payload.value, told.OLDER))
        else:
            fresh.append(one)
    batch.counts += Counts(same=len(same))
    return same, fresh


def _is_fresher(batch: _Batch, one: Kept, last: Last | None) -> bool:
    """Say whether data are of a later day than those last looked at."""
    day = batch.day_of(one.payload)
    if day is None or last is None:
        return False
    return last.checked_on is None or day > last.checked_on


def _is_staler(batch: _Batch, one: Kept, last: Last | None) -> bool:
    """Say whether data are of an earlier day than those last looked at."""
    day = batch.day_of(one.payload)
    if day is None or last is None or last.checked_on is None:
        return False
    return day < last.checked_on


def _read(batch: _Batch, one: Kept, there: dict[held.Key, Last]) -> News | None:
    try:
        record = read(one.payload.source, one.payload.data)
    except Unreadable as error:
        batch.fault(one.payload.value, str(error))
        return None
    if (record.updated or "") > str(batch.today + plans.MOST_AHEAD):
        batch.fault(one.payload.value, TO_COME.format(day=record.updated))
        return None
    last = there.get(one.key)
    day = batch.day_of(one.payload) or held.not_after(day_of(record.updated), batch.today)
    return News(
        kept=one,
        record=record,
        values=fields.values_of(record) | {fields.GIVEN: fields.given(one.payload)},
        day=day,
        fresher=_is_fresher(batch, one, last),
        staler=_is_staler(batch, one, last),
        is_held=last is not None and last.sha256 == one.sha256,
        judged=il2.verdict(record) if last is None else None,
    )


def day_of(text: str | None) -> dt.date | None:
    """Return a day; None for what is none, or less precise."""
    try:
        return dt.date.fromisoformat(text or "")
    except ValueError:
        return None


def _write(batch: _Batch, news: Sequence[News]) -> None:
    """Write some records, in a transaction; what the database refuses is looked for by halves."""
    if not news:
        return
    try:
        with transaction.atomic():
            if not batch.dry_run:
                version.hold()  # before anything is read: somebody may be changing it
            made = plans.plan(news, today=batch.today)
            if not batch.dry_run:
                writes.write(made)
    except REFUSED as error:
        if len(news) == 1:
            slug = writes.slug_of(news[0].record.id.value)
            batch.fault(news[0].about, in_words(error, slug=slug))
            return
        half = len(news) // 2
        _write(batch, news[:half])
        _write(batch, news[half:])
    else:
        batch.counts += made.counts
        batch.faults += made.faults
        if batch.tell is not None:
            batch.lines += made.left
            several = [step for step in made.steps if not step.says_nothing]
            batch.lines += [(step.news.about, told.of(step)) for step in several]


def make_trial(row: RegistryRecord, record: TrialRecord) -> Trial:
    """Make the trial of a record that stands without one, for the inbox; in the caller's change."""
    trial = writes.begin_trial(record, checked_on=row.checked_on)
    row.trial, row.values, row.reader = trial, fields.values_of(record), READER
    row.save()
    return trial
