"""Studies from ClinicalTrials.gov over the wire: those known here, and those a search finds.

Numbers come first, and nothing is written before all of them are in; then the studies, in order of
their numbers. So a run that is cut short goes on after the last number that it wrote down, and ends
as one that nothing disturbed. Nothing is asked while a transaction is open.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from evidence.registries import ctgov, json_values
from evidence.registries.ctgov_client import Another, ClinicalTrialsGov
from evidence.registries.http import Moved, NotFound, Refused, TooBig, Unreachable, WireFault
from evidence.registries.records import Fault, Payload, Unreadable
from evidence.sync import absent, census, trials
from evidence.sync import searches as saved
from evidence.sync.census import Known, batches, number_of, numbers_of
from evidence.sync.runs import Run
from evidence.sync.searches import Search
from evidence.sync.tally import Counts

AT_A_TIME = 50
"""So many whole studies are asked for at once, and written in one transaction."""
KNOWN, FOUND, ASKED = "known", "found", "asked"
"""What a cursor begins with: the known studies, those that searches found, those asked for."""
LABELS = {KNOWN: "Known studies", FOUND: "Studies found", ASKED: "Studies asked for"}
UNKNOWN = "ClinicalTrials.gov knows no study of this number."
GONE = "ClinicalTrials.gov does not know it any more."
MOVED = "ClinicalTrials.gov has it as {new} now."
MERGED = "It is {new} at ClinicalTrials.gov now, which is another trial here: join them."
UNHELD = "It is {new} at ClinicalTrials.gov now, which was deleted here."
FINDS = "It finds {n:,} stud{ies}."

Told = Callable[[str, int, int], None]


def nobody(_what: str, _done: int, _of: int) -> None:
    """Tell nobody how far it is."""


def sync_known(
    run: Run, client: ClinicalTrialsGov, *, accept_fewer: bool = False, told: Told = nobody
) -> frozenset[str]:
    """Look at every study that is known here, and return their numbers, before and now.

    Stops the run before anything is written where more than a tenth of them is not returned,
    unless that is accepted. What the registry does not know any more is flagged, never deleted.
    """
    held = census.known()
    if _place(run)[0] == FOUND:
        return frozenset(held)
    told(LABELS[KNOWN], 0, len(held))
    day = _day(client)
    there = census.there(client, [*held])
    if not accept_fewer and (why := census.loss(held, there)):
        run.stop(why)
    # A number that a study had before is not asked for beside the one that it has.
    moved = {old: now for old in held if (now := there.get(old, old)) != old and now in held}
    told_of = {*census.merged(held, moved), *(one for one in moved if held[one].vanished)}
    numbers = [one for one in held if one not in moved or one in told_of]
    leave = frozenset(held)
    known = _Bringing(run, client, day, phase=KNOWN, told=told, held=held, leave=leave, moved=moved)
    known.bring(numbers)
    return leave | known.new


def search(
    run: Run,
    client: ClinicalTrialsGov,
    searches: Sequence[Search],
    *,
    leave: Collection[str] = (),
    accept_fewer: bool = False,
    told: Told = nobody,
) -> None:
    """Bring in what some searches find, but for the numbers to leave.

    Stops the run before anything of it is written where a search finds more than a tenth less than
    when it was last asked, unless that is accepted.
    """
    totals: dict[Search, int] = {}
    found: set[str] = set()
    refused: dict[Search, Refused] = {}
    for one in searches:
        try:
            numbers, total = census.found_by(client, one)
        except Refused as error:
            refused[one] = error  # its words, as a rule: the other searches go on
            continue
        if not accept_fewer and one.last_total is not None:
            _refuse_fewer(run, one, len(numbers))
        if len(numbers) < total:
            run.fault(one.name, f"It finds {total:,} studies, of which {len(numbers):,} came.")
        if run.tell is not None:
            ies = "y" if len(numbers) == 1 else "ies"
            run.tell(one.name, FINDS.format(n=len(numbers), ies=ies))
        totals[one] = len(numbers)
        found |= numbers
    for one, refusal in refused.items():
        if not totals:
            raise refusal
        run.fault(one.name, refusal.sentence)
    _Bringing(run, client, _day(client), phase=FOUND, told=told).bring(sorted(found - {*leave}))
    if not run.dry_run:
        saved.remember(totals)


def by_ids(run: Run, client: ClinicalTrialsGov, ids: Iterable[str], *, told: Told = nobody) -> None:
    """Bring studies in by their NCT numbers.

    One that the registry does not know is a fault; one that is known here, too, is flagged.
    """
    held = census.known()
    _Bringing(run, client, _day(client), phase=ASKED, told=told, held=held).bring(sorted({*ids}))


def _refuse_fewer(run: Run, search: Search, now: int) -> None:
    before = search.last_total or 0
    if census.is_too_few(now, of=before):
        run.stop(
            f"The search “{search.name}” finds {now:,} studies, where it found {before:,}; "
            f"{census.WHAT_HELPS}"
        )


def _place(run: Run) -> tuple[str, str]:
    """Return what a run was at when it was cut short, and the last number it wrote down."""
    phase, _, last = run.cursor.partition(" ")
    return phase, last


def _day(client: ClinicalTrialsGov) -> dt.date | None:
    """Return the day of the registry's data."""
    try:
        return dt.date.fromisoformat((client.version().data_date or "")[:10])
    except ValueError:
        return None


@dataclass(kw_only=True)
class _Batch:
    """What came of some numbers: payloads, what could not be read, and what is not there.

    `moved` leads from numbers that studies had before to those they have.
    """

    payloads: list[Payload] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)


class _Bringing:
    """Studies asked for by number and brought in, batch by batch.

    Of those held, what is not there is flagged. Those known to have `moved` to others of them are
    not asked for.
    """

    def __init__(
        self,
        run: Run,
        client: ClinicalTrialsGov,
        day: dt.date | None,
        *,
        phase: str,
        told: Told,
        held: Mapping[str, Known] | None = None,
        leave: frozenset[str] = frozenset(),
        moved: Mapping[str, str] | None = None,
    ) -> None:
        self.run, self.client, self.day = run, client, day
        self.phase, self.told, self.held, self.leave = phase, told, held or {}, leave
        self.moved = moved or {}
        self.new: set[str] = set()  # numbers under which studies came that had others

    def bring(self, numbers: Sequence[str]) -> None:
        """Bring in what comes after the run's cursor."""
        phase, last = _place(self.run)
        todo = [one for one in numbers if phase != self.phase or one > last]
        done = len(numbers) - len(todo)
        self.told(LABELS[self.phase], done, len(numbers))
        for batch in batches(todo, AT_A_TIME):
            asked = self._ask(batch)
            self._write(asked, batch)
            self.new |= {*asked.moved.values()}
            done += len(batch)
            self.told(LABELS[self.phase], done, len(numbers))

    def _ask(self, numbers: list[str]) -> _Batch:
        """Ask for some studies: together, and what is lacking then one by one."""
        studies: dict[str, dict[str, Any]] = {}
        batch = _Batch(moved={one: self.moved[one] for one in numbers if one in self.moved})
        lacking = {*numbers} - {*batch.moved}
        came = self.client.by_ids(sorted(lacking)).studies
        own = {number_of(study) for study in came}
        for study in came:
            # What comes by itself is not taken for another that names its number.
            if found := numbers_of(study) & (lacking - own | {number_of(study)} & lacking):
                lacking -= found
                self._take(study, found, studies, batch)
        for number in sorted(lacking):
            try:
                study = self.client.study(number)
            except NotFound:
                batch.gone.append(number)
            except WireFault as error:
                self._raise_unless_of_one(error)
                batch.faults.append(Fault(about=number, sentence=error.sentence))
            else:
                self._take(study, {number}, studies, batch)
        for number in sorted(studies):
            try:
                batch.payloads.append(ctgov.payload(studies[number]))
            except Unreadable as error:
                batch.faults.append(Fault(about=number, sentence=str(error)))
            except RecursionError as error:
                batch.faults.append(Fault(about=number, sentence=json_values.why_not(error)))
        return batch

    def _raise_unless_of_one(self, error: WireFault) -> None:
        """Raise what is wrong with the registry; what is wrong with one study costs no other."""
        if isinstance(error, TooBig | Another):
            return
        if isinstance(error, Moved | Unreachable) or getattr(error, "status", None):
            self.client.version()  # raises where it gives no answer at all
            return
        raise error

    def _take(
        self,
        study: dict[str, Any],
        asked: set[str],
        studies: dict[str, dict[str, Any]],
        batch: _Batch,
    ) -> None:
        """Take a study for the numbers by which it was asked for."""
        number = number_of(study) or min(asked)
        if number not in asked and number in self.leave:
            return  # it comes, or came, in a batch of its own
        studies[number] = study
        batch.moved |= dict.fromkeys(asked - {number}, number)

    def _write(self, batch: _Batch, numbers: list[str]) -> None:
        """Bring a batch in, and write down with it what is not there and where to go on."""
        faults = [*batch.faults]
        merged = census.merged(self.held, batch.moved)
        moved = {old: new for old, new in batch.moved.items() if old not in merged}
        vanished = sorted({*(one for one in batch.gone if one in self.held), *merged})
        newly = [one for one in vanished if not self.held[one].vanished]
        if self.phase == ASKED:
            unknown = sorted({*batch.gone} - {*vanished})
            faults += [Fault(about=one, sentence=UNKNOWN) for one in unknown]
        # Whoever asks for a number is told of it each time; each night only what is new is said.
        named = vanished if self.phase == ASKED else newly
        lines = [Fault(about=one, sentence=GONE) for one in named if one not in merged]
        lines += [self._of_two(old, new) for old, new in sorted(merged.items())]
        own = Counts(vanished=len(newly), same=len(vanished) - len(newly), failed=len(faults))

        def write_down(counts: Counts, more: list[Fault]) -> None:
            cursor = f"{self.phase} {numbers[-1]}"
            self.run.step(counts + own, cursor=cursor, faults=[*faults, *more, *lines])

        with transaction.atomic() if vanished or batch.moved else nullcontext():
            if not self.run.dry_run:
                today = timezone.now().date()  # what the registry says may lie ahead of it
                absent.note(moved, vanished, min(self.day or today, today))
            trials.bring_in(
                batch.payloads,
                checked_on=self.day,
                dry_run=self.run.dry_run,
                write_down=write_down,
                tell=self.run.tell,
            )
        if self.run.tell is not None:
            for old, new in sorted(moved.items()):
                self.run.tell(old, MOVED.format(new=new))

    def _of_two(self, old: str, new: str) -> Fault:
        """Say of a study that it is one with another here, until somebody has joined them."""
        sentence = UNHELD if self.held[new].trial is None else MERGED
        return Fault(about=old, sentence=sentence.format(new=new))
