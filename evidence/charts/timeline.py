"""Trials through time as strips: a bar from start to completion, as far as both are known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from evidence.charts.runs import Day, Look, Run
from evidence.charts.sheet import Sheet
from evidence.charts.svg import Value, element, number, text

WIDTH, HEIGHT, AXIS_HEIGHT = 300, 26, 20
MIDDLE = HEIGHT / 2
LEFT, RIGHT = 10.0, 288.0
APART = 44.0
BAR, MAYBE = 10.0, 3.0
# What is certain of a bar is never too short to be seen.
LEAST = 2.0
SIGN, ARROW = 3.0, 4.0
ROOM, LEAST_COUNT = 20.0, 1.5
# Years are counted in fives, and a short time is not stretched over the whole width.
ROUND, FEWEST_YEARS = 5, 10


def sheet_of(runs: Iterable[Run], *, today: dt.date) -> Sheet:
    """Give the years that hold all these runs, and today."""
    ends = [one for run in runs for one in (run.start, run.end) if one is not None]
    years = [year for one in ends for year in (one.first.year, one.last.year)]
    return sheet_of_years([*years, today.year])


def sheet_of_years(years: Iterable[int]) -> Sheet:
    """Give a sheet of 300 with all these years, and of some more where they are few."""
    held = list(years)
    last = max(held)
    first = min([*held, last - FEWEST_YEARS + 1])
    return Sheet(
        width=WIDTH, left=LEFT, right=RIGHT, apart=APART, first=first - first % ROUND, last=last
    )


def bar(run: Run, sheet: Sheet, *, today: dt.date) -> str:
    """Draw one run, in a height of 26."""
    now = f"M{number(sheet.at(today))} 0V{HEIGHT}"
    line = element("path", class_="reference", **LINE, stroke_dasharray="2 2", d=now)
    return _grid(sheet) + line + "".join(_run(run, sheet, today))


def counts(by_year: Mapping[int, int], sheet: Sheet) -> str:
    """Draw how many runs began in each year as columns, in a height of 26."""
    most = max(by_year.values(), default=1)
    columns = [_column(sheet, year, count / most) for year, count in sorted(by_year.items())]
    return _grid(sheet) + "".join(columns)


def years_axis(sheet: Sheet) -> str:
    """Draw the axis of the runs above it, each round year at its beginning, in a height of 20."""
    ticks = [(sheet.at(dt.date(year, 1, 1)), str(year)) for year in sheet.ticks()]
    line = f"M{sheet.left:g} .5H{sheet.right:g}"
    line += "".join(f"M{number(x)} .5v4" for x, _ in ticks)
    edge = sheet.width - 14
    named = "".join(text(words, min(max(x, 14), edge), 16) for x, words in ticks)
    inside = element("path", class_="line", **LINE, d=line)
    return inside + element("g", named, text_anchor="middle", fill="currentColor", font_size=11)


def sample(look: Look) -> str:
    """Draw a short bar of a look, for the key of the drawing."""
    sheet = Sheet(width=44, left=4, right=40, apart=99, first=2000, last=2003)
    start, end = dt.date(2000, 3, 1), dt.date(2003, 1, 1)
    run = Run(start=Day(start, start), end=Day(end, end), look=look)
    return strip("".join(_run(run, sheet, dt.date(2004, 1, 1))), sheet, look="sample")


def strip(inside: str, sheet: Sheet, *, look: str = "strip", height: int = HEIGHT) -> str:
    """Make a drawing a part of a page; hidden from readers of its table, which says it in words."""
    return element(
        "svg",
        inside,
        class_=f"{look} time",
        viewBox=f"0 0 {sheet.width} {height}",
        aria_hidden="true",
    )


LINE: Mapping[str, Value] = {"stroke": "currentColor", "fill": "none"}
FULL: Mapping[str, Value] = {"fill": "currentColor"}
OPEN: Mapping[str, Value] = {"stroke": "currentColor", "fill": "#fff"}


def _grid(sheet: Sheet) -> str:
    """Draw a faint line at each named year."""
    places = (number(sheet.at(dt.date(year, 1, 1))) for year in sheet.ticks())
    d = "".join(f"M{x} 0V{HEIGHT}" for x in places)
    return element("path", class_="grid", stroke="#ddd", d=d)


def _run(run: Run, sheet: Sheet, today: dt.date) -> Iterator[str]:
    """Draw what may be as a thin line, what is certain as a bar, and what is planned dashed."""
    if run.reversed:
        yield _tick(sheet.at(run.start.first))
        return
    now = sheet.at(today)
    if run.look == Look.NOT_BEGUN or run.start.first > today:
        yield _dashes(sheet.at(run.start.first), _last(run, sheet))
        return
    begun, ended = sheet.at(run.start.last), sheet.at(run.end.first if run.end else today)
    yield from _maybe(run, sheet, now)
    past = min(ended, now)
    if run.end is None and run.look != Look.GOING:
        yield _tick(sheet.at(run.start.first))
    elif past - begun >= LEAST:
        yield _rect(begun, past, filled=run.look in (Look.DONE, Look.STOPPED))
    else:
        middle = (begun + past) / 2
        yield _rect(middle - LEAST / 2, middle + LEAST / 2, filled=True)
    if _last(run, sheet) > now:
        yield _dashes(max(sheet.at(run.start.first), now), _last(run, sheet))
    yield from _sign(run, sheet, now)


def _last(run: Run, sheet: Sheet) -> float:
    return sheet.at((run.end or run.start).last)


def _maybe(run: Run, sheet: Sheet, now: float) -> Iterator[str]:
    """Draw a thin line over the days on which it may have begun or ended."""
    first = sheet.at(run.start.first)
    if run.end is None and run.look != Look.GOING:
        spans = [(first, now)]
    else:
        spans = [(first, sheet.at(run.start.last))]
        if run.end is not None:
            spans.append((sheet.at(run.end.first), sheet.at(run.end.last)))
    for left, right in spans:
        if min(right, now) - left >= 1:
            yield element(
                "rect",
                class_="filled",
                **FULL,
                x=left,
                y=MIDDLE - MAYBE / 2,
                width=min(right, now) - left,
                height=MAYBE,
            )


def _sign(run: Run, sheet: Sheet, now: float) -> Iterator[str]:
    """Put at the end that it was stopped, that its status is unknown, or that it goes on."""
    if run.end is None:
        tip = f"M{number(now - ARROW)} {MIDDLE - ARROW:g}l{ARROW:g} {ARROW:g}-{ARROW:g} {ARROW:g}"
        yield element("path", class_="line", **LINE, d=tip)
    x = min((now if run.end is None else _last(run, sheet)) + SIGN + 4, sheet.width - SIGN)
    if run.look == Look.STOPPED:
        left, upper, lower = number(x - SIGN), MIDDLE - SIGN, MIDDLE + SIGN
        d = f"M{left} {upper:g}l6 6M{left} {lower:g}l6-6"
        yield element("path", class_="line", **LINE, d=d)
    if run.look == Look.UNKNOWN:
        yield text("?", x, MIDDLE + 4, text_anchor="middle", fill="currentColor")


def _tick(x: float) -> str:
    return element("path", class_="line", **LINE, d=f"M{number(x)} {MIDDLE - 5:g}v{BAR:g}")


def _rect(left: float, right: float, *, filled: bool) -> str:
    look: Mapping[str, Value] = (
        {"class_": "filled", **FULL} if filled else {"class_": "open", **OPEN}
    )
    inset = 0.0 if filled else 0.5
    return element(
        "rect",
        **look,
        x=left + inset,
        y=MIDDLE - BAR / 2 + inset,
        width=right - left - 2 * inset,
        height=BAR - 2 * inset,
    )


def _dashes(left: float, right: float) -> str:
    """Draw what is planned: two dashed lines where a bar would have its edges."""
    end = number(max(right, left + BAR))
    upper, lower = f"{MIDDLE - BAR / 2 + 0.5:g}", f"{MIDDLE + BAR / 2 - 0.5:g}"
    d = f"M{number(left)} {upper}H{end}V{lower}H{number(left)}"
    return element("path", class_="planned", **LINE, stroke_dasharray="3 2", d=d)


def _column(sheet: Sheet, year: int, part: float) -> str:
    left, height = sheet.at(dt.date(year, 1, 1)), max(ROOM * part, LEAST_COUNT)
    return element(
        "rect",
        class_="filled",
        **FULL,
        x=left,
        y=HEIGHT - height,
        width=max(1.0, sheet.year - 1),
        height=height,
    )
