"""A run: one at a time, written down as it goes, and taken up again where it was cut short."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

from django.db import Error, transaction
from django.db.models import F
from django.utils import timezone

from evidence.models import SyncFault, SyncRun
from evidence.registries.records import Fault
from evidence.registries.texts import line
from evidence.sync import lock
from evidence.sync.tally import NAMES, Counts
from evidence.vocab import RunState

MOST_FAULTS = 1_000
"""So many faults of a run are kept; all are counted."""
TAKEN_UP_FOR = dt.timedelta(days=2)
"""What was cut short longer ago is begun anew: the registry has moved on."""
ABOUT = 300
Tell = Callable[[str, str], None]
"""Told what a thing is, and in a sentence what became of it."""
CUT_SHORT = "Its program ended before it was done."
INTERRUPTED = "It was interrupted."
UNSAID = "It could not be read."
LOST = "The lock on the database was lost, so another run may have begun."


class Ended(Exception):
    """A run that ended before it was done; `sentence` says why, for whoever looks after it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class AnotherRun(Ended):
    """Another run is under way."""


class Stopped(Ended):
    """What came in cannot be right, and what is held stays as it is."""


class BrokenOff(Ended):
    """It cannot go on; the next run goes on where it stood."""


class Run:
    """A run under way; nothing of one that only looks (`dry_run`) is written.

    `tell` is for whoever reads what became of each thing; None where nobody does.
    """

    def __init__(
        self,
        row: SyncRun,
        *,
        dry_run: bool,
        check: Callable[[], bool],
        tell: Tell | None = None,
    ) -> None:
        self.row = row
        self.dry_run = dry_run
        self.tell = tell
        self.cursor: str = row.cursor
        self.faults: list[Fault] = []  # of this process alone, and no more than are kept
        self._check = check
        self._looked = Counts()

    @property
    def counts(self) -> Counts:
        """What was done so far, with what was done before it was cut short."""
        if self.dry_run:
            return self._looked
        (found,) = SyncRun.objects.filter(pk=self.row.pk).values(*NAMES)
        return Counts(**found)

    def step(self, counts: Counts, *, cursor: str = "", faults: Iterable[Fault] = ()) -> None:
        """Write down what a batch did, its faults, which `counts` has already, and where to go on.

        What has vanished is named as faults are, and counted in a column of its own. Call it in the
        transaction of the batch: what is written down then is what was done. BrokenOff where
        another run may have begun.
        """
        faults = [*faults]
        self._tell(faults)
        if self.dry_run:
            self._looked += counts
            return
        if not self._check():
            raise BrokenOff(LOST)
        added = {name: F(name) + n for name in NAMES if (n := getattr(counts, name))}
        rows = SyncRun.objects.filter(pk=self.row.pk)
        with transaction.atomic():
            self._keep(faults)
            rows.update(cursor=cursor, last_step_at=timezone.now(), **added)

    def writer(self, cursor: str = "") -> Callable[[Counts, list[Fault]], None]:
        """Return what writes a batch down that ends at a cursor, for `trials.bring_in`."""
        return lambda counts, faults: self.step(counts, cursor=cursor, faults=faults)

    def fault(self, about: str, sentence: str) -> None:
        """Keep one thing that went wrong, and count it as failed; the run goes on."""
        faults = [Fault(about=about, sentence=sentence)]
        self._tell(faults)
        if self.dry_run:
            self._looked += Counts(failed=1)
            return
        with transaction.atomic():
            self._keep(faults)
            SyncRun.objects.filter(pk=self.row.pk).update(failed=F("failed") + 1)

    def stop(self, sentence: str) -> None:
        """Raise Stopped: what is held stays as it is."""
        raise Stopped(sentence)

    def _tell(self, faults: Iterable[Fault]) -> None:
        self.faults = [*self.faults, *faults][:MOST_FAULTS]

    def _keep(self, faults: Iterable[Fault]) -> None:
        rows = [
            SyncFault(
                run=self.row,
                about=(line(one.about) or "")[:ABOUT],
                sentence=line(one.sentence) or UNSAID,
            )
            for one in faults
        ]
        if rows:
            room = MOST_FAULTS - SyncFault.objects.filter(run=self.row).count()
            SyncFault.objects.bulk_create(rows[: max(room, 0)])


@contextmanager
def running(
    kind: str, *, arguments: str = "", dry_run: bool = False, tell: Tell | None = None
) -> Iterator[Run]:
    """Be the one run that is under way; of a `vocab.RunKind`, with what it was asked to bring in.

    It goes on where one of the same kind and arguments was cut short. AnotherRun where one is
    under way, unless it only looks. Whatever is raised inside ends it: Stopped as stopped, all else
    as broken off, with its sentence.
    """
    if dry_run:
        only_looked = SyncRun(kind=kind, arguments=arguments)
        yield Run(only_looked, dry_run=True, check=lambda: True, tell=tell)
        return
    with lock.held() as check:
        if check is None:
            raise AnotherRun(_under_way())
        run = Run(_begin(kind, arguments), dry_run=False, check=check, tell=tell)
        try:
            yield run
        except BaseException as error:
            state = RunState.STOPPED if isinstance(error, Stopped) else RunState.BROKEN_OFF
            with suppress(Error):  # the database may be what is gone
                _end(run.row, state, _in_words(error))
            raise
        _end(run.row, RunState.FINISHED, cursor="")


def _begin(kind: str, arguments: str) -> SyncRun:
    """Take up the run that was cut short, or begin one; who else says that it runs, is dead."""
    now = timezone.now()
    with transaction.atomic():
        last = SyncRun.objects.filter(kind=kind, arguments=arguments).order_by("-pk").first()
        if last is None or not _may_go_on(last, now):
            last = SyncRun(kind=kind, arguments=arguments, started_at=now)
        dead = SyncRun.objects.filter(state=RunState.RUNNING).exclude(pk=last.pk)
        dead.update(state=RunState.BROKEN_OFF, finished_at=F("last_step_at"), sentence=CUT_SHORT)
        last.state, last.last_step_at = RunState.RUNNING, now
        last.finished_at, last.sentence = None, ""
        last.save()
    return last


def _may_go_on(row: SyncRun, now: dt.datetime) -> bool:
    """Say whether a run was cut short, and not long ago."""
    was_cut_short = row.state in (RunState.RUNNING, RunState.BROKEN_OFF)
    return was_cut_short and row.last_step_at > now - TAKEN_UP_FOR


def _end(row: SyncRun, state: RunState, sentence: str = "", **more: str) -> None:
    SyncRun.objects.filter(pk=row.pk).update(
        state=state, finished_at=timezone.now(), sentence=sentence, **more
    )
    row.refresh_from_db()


def _in_words(error: BaseException) -> str:
    """Say why a run ended: in the fault's own sentence, where it has one."""
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    said = line(getattr(error, "sentence", None) or str(error)) or ""
    own = hasattr(error, "sentence")
    return said if own and said else f"A fault of the program: {type(error).__name__}: {said}"


def _under_way() -> str:
    """Say which run is under way, and since when."""
    row = SyncRun.objects.filter(state=RunState.RUNNING).order_by("-pk").first()
    if row is None:
        return "Another run has just begun; try again when it has ended."
    what = row.get_kind_display()
    article = "An" if what[0] in "aeiou" else "A"
    since = row.started_at.astimezone(dt.UTC)
    on = "" if since.date() == timezone.now().date() else f"{since:%-d %B %Y}, "
    return (
        f"{article} {what} has been running since {on}{since:%H:%M} UTC; try again when it has "
        "ended."
    )
