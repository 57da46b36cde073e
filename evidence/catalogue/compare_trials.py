"""Trials of interventions, or of conditions, side by side."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from evidence import vocab
from evidence.catalogue.compare import (
    NONE,
    Cell,
    Compared,
    Entry,
    Group,
    Row,
    Table,
    counted,
    linked,
)
from evidence.models import Trial, TrialPhase

TRIALS = ("trial", "trials")
FIELDS = ("pk", "start", "results_posted")
YEAR = 4


def trials(side: Compared) -> Table:
    """Count trials, those of each phase and those with posted results, and say when they began.

    A trial is counted once in a column, whatever it is mapped to; one of two phases is in both.
    """
    public = Trial.objects.public().values("pk")
    tied = side.axis.ties().filter(**{f"{side.axis.tied}__in": side.every, "trial_id__in": public})
    columns: list[set[int]] = [set() for _ in side.terms]
    for trial, key in tied.values_list("trial_id", side.axis.tied):
        for nth in side.place(key):
            columns[nth].add(trial)
    about = _about(tied.values("trial_id"))
    phases = defaultdict(set)
    of_these = TrialPhase.objects.filter(trial_id__in=tied.values("trial_id"))
    for trial, phase in of_these.values_list("trial_id", "phase"):
        phases[phase].add(trial)
    posted = {trial for trial, (_, results) in about.items() if results}
    of_a_phase = set().union(*phases.values())
    without = [one - of_a_phase for one in columns]
    rows = [
        _row(side, "All", columns),
        *(
            _row(side, str(phase.label), [one & phases[phase] for one in columns], phase=phase)
            for phase in vocab.Phase
            if phase in phases
        ),
        *([_unlisted("Phase not reported", without)] if any(without) else []),
        _row(side, "Results posted, date known", [one & posted for one in columns], results="yes"),
        Row(label="Started", cells=tuple(_years(one, about) for one in columns)),
    ]
    return Table(first="Trials", groups=(Group(rows=tuple(rows)),))


def _about(trials: Any) -> dict[int, tuple[str, str]]:
    """Give the start of trials and the day on which their results were posted."""
    public = Trial.objects.public().filter(pk__in=trials)
    return {pk: (start, posted) for pk, start, posted in public.values_list(*FIELDS)}


def _row(
    side: Compared, label: str, columns: list[set[int]], *, phase: str = "", results: str = ""
) -> Row:
    asked = {key: word for key, word in (("phase", phase), ("has_results", results)) if word}
    counts = [len(one) for one in columns]
    return Row(label=label, cells=linked(side, counts, listing="trials", noun=TRIALS, **asked))


def _unlisted(label: str, columns: list[set[int]]) -> Row:
    """Count trials that no filter of the listing asks for."""
    cells = tuple((Entry(words=counted(TRIALS, len(one))),) if one else NONE for one in columns)
    return Row(label=label, cells=cells)


def _years(trials: set[int], about: dict[int, tuple[str, str]]) -> Cell:
    """Say in which years trials began, and of how many of them no start is reported."""
    known = sorted(about[one][0][:YEAR] for one in trials if about[one][0])
    if not known:
        return (Entry(words=""),)
    first, last = known[0], known[-1]
    span = Entry(words=first if first == last else f"{first} to {last}")
    if len(known) == len(trials):
        return (span,)
    silent = f"of {len(known):,} with a start; {len(trials) - len(known):,} not reported"
    return (span, Entry(words=silent))
