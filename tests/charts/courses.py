"""Courses of a status, written shortly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from evidence.charts.steps import Edition, Period, Steps

VARIABLE = ("variable", "")
EXPERIMENTAL = ("experimental", "")
NOTHING = ("investigated", "no-treatment-found")
AGREES = ("investigated", "confirmatory-evidence-agrees")
APPROVED = ("investigated", "approved-use")
WORDS = (VARIABLE, EXPERIMENTAL, NOTHING, AGREES, APPROVED)

Change = tuple[int, tuple[str, str]]


def periods(*changes: Change) -> tuple[Period, ...]:
    """Periods that begin in these years, each until the next."""
    ends = [year - 1 for year, _ in changes[1:]] + [9999]
    return tuple(
        Period(from_year=year, to_year=end, status=status, ground=ground)
        for (year, (status, ground)), end in zip(changes, ends, strict=True)
    )


def editions(*said: tuple[str, tuple[str, str]]) -> tuple[Edition, ...]:
    return tuple(
        Edition(on=dt.date.fromisoformat(day), number=number, status=status, ground=ground)
        for number, (day, (status, ground)) in enumerate(said, start=1)
    )


HIV = Steps(
    name="course",
    title="IL-2 with antiretroviral therapy for HIV infection",
    until=2026,
    periods=periods((1970, NOTHING), (1993, EXPERIMENTAL), (2011, VARIABLE)),
    findings=(1996, 1996, 2003, 2011, 2011, 2011, 2017),
    editions=editions(("2026-11-21", VARIABLE)),
)


def course(*changes: Change, **given: Any) -> Steps:
    """The course of HIV infection, otherwise where told."""
    changed = {"periods": periods(*changes)} if changes else {}
    return replace(HIV, **changed | given)


def found_in(year: int, count: int) -> Sequence[int]:
    return (year,) * count
