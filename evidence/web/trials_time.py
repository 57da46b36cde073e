"""The trials of a condition or of a form of IL-2 through time, by phase."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.safestring import SafeString

from evidence import vocab
from evidence.charts.runs import Look, Run, known, look_of
from evidence.charts.sheet import Sheet
from evidence.charts.timeline import (
    AXIS_HEIGHT,
    bar,
    counts,
    sample,
    sheet_of,
    sheet_of_years,
    strip,
    years_axis,
)
from evidence.models import Trial
from evidence.templatetags.cells import phases_in_short
from evidence.templatetags.words import day

MOST_DRAWN = 20
MOST_UNDATED = 25

KEY = {
    Look.DONE: "completed",
    Look.GOING: "going on",
    Look.STOPPED: "stopped early",
    Look.UNKNOWN: "status unknown",
    Look.NOT_BEGUN: "planned, or never begun",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A trial, its time in words, and the same as a strip."""

    trial: Trial
    run: Run
    words: SafeString
    strip: SafeString


@dataclass(frozen=True, kw_only=True, slots=True)
class Phase:
    """The trials of one phase, or of one pair of phases."""

    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Older:
    """The trials that started before those that are drawn, by the year of their start."""

    by_year: Mapping[int, int]
    sheet: Sheet
    strip: SafeString
    axis: SafeString

    @property
    def count(self) -> int:
        """How many they are."""
        return sum(self.by_year.values())

    @property
    def first(self) -> int:
        """The year in which the first of them started."""
        return min(self.by_year)

    @property
    def last(self) -> int:
        """The year in which the last of them started."""
        return max(self.by_year)


@dataclass(frozen=True, kw_only=True, slots=True)
class TrialsTime:
    """What the section "Trials through time" shows of the trials of `name`.

    `undated` are some of the `undated_count` trials whose start is not reported.
    """

    name: str
    total: int
    drawn: int
    phases: tuple[Phase, ...]
    sheet: Sheet
    axis: SafeString
    older: Older | None
    undated: tuple[Trial, ...]
    undated_count: int
    today: dt.date

    @property
    def undated_more(self) -> int:
        """How many trials without a start are not named."""
        return self.undated_count - len(self.undated)

    @property
    def key(self) -> tuple[tuple[SafeString, str], ...]:
        """The looks of a bar, each as a sample and in words."""
        return _key()


def trials_time(trials: Iterable[Trial], *, name: str) -> TrialsTime | None:
    """Draw the trials that started last, count those before them, and name those without a start.

    None where there is no trial. Identifiers and phases of those that are drawn are fetched where
    they did not come with the trials: two queries at most.
    """
    held = list(trials)
    if not held:
        return None
    today = timezone.now().date()
    runs = [(run, one) for one in held if (run := run_of(one, today=today)) is not None]
    runs.sort(key=lambda pair: (pair[0].start.first, pair[1].slug), reverse=True)
    drawn, before = runs[:MOST_DRAWN], runs[MOST_DRAWN:]
    prefetch_related_objects([one for _, one in drawn], "identifiers", "phase_rows")
    sheet = sheet_of((run for run, _ in drawn), today=today)
    dated = {one.pk for _, one in runs}
    undated = sorted(
        (one for one in held if one.pk not in dated), key=lambda one: (_end(one), one.slug)
    )
    undated.reverse()
    return TrialsTime(
        name=name,
        total=len(held),
        drawn=len(drawn),
        phases=tuple(_phases(drawn, sheet, today)),
        sheet=sheet,
        axis=_axis(sheet),
        older=_older([run for run, _ in before]),
        undated=tuple(undated[:MOST_UNDATED]),
        undated_count=len(undated),
        today=today,
    )


def run_of(trial: Trial, *, today: dt.date) -> Run | None:
    """Give the time of a trial; none where its start is not reported.

    Where no completion is reported, the primary one stands for it. What would still go on though
    its end has passed is of unknown status: its entry is old.
    """
    start = known(trial.start)
    if start is None:
        return None
    end, look = known(_end(trial)), look_of(trial.recruitment_status)
    if look == Look.GOING and end is not None and end.last < today:
        look = Look.UNKNOWN
    return Run(start=start, end=end, look=look)


def _end(trial: Trial) -> str:
    return trial.completion or trial.primary_completion


def in_words(trial: Trial, run: Run, *, today: dt.date) -> SafeString:
    """Write from when to when, as registered, and what is only planned or not reported."""
    start, end = day(trial.start), day(_end(trial))
    words = f"{start} to {end}" if run.end else f"from {start}"
    said = ", ".join(notes(trial, run, today=today))
    return SafeString(f'{words}<span class="second">{said}</span>' if said else words)


def notes(trial: Trial, run: Run, *, today: dt.date) -> list[str]:
    """Say what is only planned, what is not reported, and what cannot be."""
    said = []
    if trial.recruitment_status == vocab.RecruitmentStatus.WITHDRAWN:
        said.append("never begun")
    elif run.look == Look.NOT_BEGUN or run.start.first > today:
        said.append("planned")
    elif run.end is not None and run.end.first > today:
        said.append("the end planned")
    if run.end is None:
        said.append("completion not reported")
    elif not trial.completion:
        said.append("primary completion")
    if _is_old(trial, run, today):
        said.append("the registry's entry is old")
    if run.reversed:
        said.append("as registered, though it would end before it starts")
    return said


def _is_old(trial: Trial, run: Run, today: dt.date) -> bool:
    """Say whether its status is of a day that is over: to begin or to go on after it should have.

    A day of which only the month or the year is known has passed when all of that has.
    """
    if trial.recruitment_status == vocab.RecruitmentStatus.NOT_YET_RECRUITING:
        return run.start.last < today
    going = look_of(trial.recruitment_status) == Look.GOING
    return going and run.end is not None and run.end.last < today


def _phases(drawn: Sequence[tuple[Run, Trial]], sheet: Sheet, today: dt.date) -> Iterable[Phase]:
    """Group trials by their phases, the latest phase first, those without one last."""
    apart: dict[tuple[str, ...], list[Line]] = {}
    for run, trial in drawn:
        line = Line(
            trial=trial,
            run=run,
            words=in_words(trial, run, today=today),
            strip=SafeString(strip(bar(run, sheet, today=today), sheet)),
        )
        apart.setdefault(tuple(trial.phases), []).append(line)
    latest_first = sorted(apart, key=_phase_place, reverse=True)
    return (Phase(label=phase_label(phases), lines=tuple(apart[phases])) for phases in latest_first)


def _phase_place(phases: Sequence[str]) -> tuple[bool, list[int]]:
    """Order by the last phase, and phase 2 alone after phase 1/2; none before all."""
    order = vocab.Phase.values
    return bool(phases), [*(order.index(one) for one in reversed(phases)), len(order)]


def phase_label(phases: Sequence[str]) -> str:
    """Name a trial's phases as a heading does: "Phase 1/2", "Early phase 1"."""
    if not phases:
        return "Phase not reported"
    if tuple(phases) == (vocab.Phase.EARLY_PHASE1,):
        return str(vocab.Phase.EARLY_PHASE1.label)
    return f"Phase {phases_in_short(phases)}"


def _older(runs: Sequence[Run]) -> Older | None:
    """Count the starts of each year, on an axis of their own, so that the bars have room."""
    by_year = Counter(run.start.first.year for run in runs)
    if not by_year:
        return None
    sheet = sheet_of_years(by_year)
    return Older(
        by_year=by_year,
        sheet=sheet,
        strip=SafeString(strip(counts(by_year, sheet), sheet)),
        axis=_axis(sheet),
    )


def _axis(sheet: Sheet) -> SafeString:
    return SafeString(strip(years_axis(sheet), sheet, look="strip axis", height=AXIS_HEIGHT))


@cache
def _key() -> tuple[tuple[SafeString, str], ...]:
    return tuple((SafeString(sample(look)), words) for look, words in KEY.items())
