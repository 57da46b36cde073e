"""A status through the years as a step chart: the rule's line, our editions, the findings below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from evidence.charts.course import (
    Edition,
    Period,
    Steps,
    findings_by_year,
    findings_in_words,
    in_words,
    runs,
)
from evidence.charts.grounds import grounds
from evidence.charts.sheet import Sheet, first_year
from evidence.charts.svg import element, escaped, number, text
from evidence.vocab import Status

__all__ = ["Edition", "Period", "Steps", "steps"]

HEIGHT = 156
LANES = {
    Status.VARIABLE.value: 22.0,
    Status.EXPERIMENTAL.value: 56.0,
    Status.INVESTIGATED.value: 90.0,
}
LABELS = 10.0
BASE = 132.0
# Findings stand between the marks of the lowest lane and the base; many in a year stand closer.
ROOM, SQUARE, PITCH, GAP = 33.0, 6.0, 7.0, 2.0
# Below this pitch a stack of squares is drawn as a bar, which is never too low to be seen.
LEAST_PITCH, LEAST_BAR = 2.5, 1.5
MARK = 6.0
# An edition stands above its lane on a stem, so that it hides neither the line nor its marks.
STEM, HEAD = 12.0, 5.0
# Closer than this, two editions with the same status are one mark.
APART = 11.0

Pin = tuple[str, float]
"""An edition's status and place."""


def steps(chart: Steps, *, narrow: bool = False) -> str:
    """Draw the course as an SVG of 760 x 156, or of 328 x 156 where narrow."""
    sheet = _sheet(chart, narrow=narrow)
    width = "narrow" if narrow else "wide"
    title, desc = (f"{chart.name}-{width}-{part}" for part in ("title", "desc"))
    told = f"{in_words(chart)} {findings_in_words(chart)}"
    return element(
        "svg",
        element("title", escaped(chart.title), id=title)
        + element("desc", escaped(told), id=desc)
        + "".join(_drawn(chart, sheet)),
        xmlns="http://www.w3.org/2000/svg",
        class_=f"steps {width}",
        viewBox=f"0 0 {sheet.width} {HEIGHT}",
        width=sheet.width,
        height=HEIGHT,
        font_size=12,
        role="img",
        aria_labelledby=f"{title} {desc}",
    )


def _sheet(chart: Steps, *, narrow: bool) -> Sheet:
    years = {"first": first_year(chart), "last": chart.until}
    if narrow:
        return Sheet(width=328, left=92, right=314, apart=36, **years)
    return Sheet(width=760, left=112, right=748, apart=60, **years)


def _drawn(chart: Steps, sheet: Sheet) -> Iterator[str]:
    """Draw all, what must be seen last."""
    shown = [one for one in runs(chart.periods, until=sheet.last) if one.to_year >= sheet.first]
    pins = _pins(chart.editions, sheet)
    on_lane = [place for status, place in pins if status == Status.INVESTIGATED]
    yield from _lanes(sheet)
    yield from _findings(findings_by_year(chart), sheet)
    yield from _years(sheet)
    yield from grounds(shown, on_lane, sheet, y=LANES[Status.INVESTIGATED] - MARK)
    yield _line(shown, sheet)
    for period in shown[1:]:
        yield _change(period.status, sheet.middle(period.from_year))
    for status, place in pins:
        yield _edition(status, place)


def _lanes(sheet: Sheet) -> Iterator[str]:
    for status, y in LANES.items():
        yield text(status, LABELS, y + 4)
        yield element("path", class_="lane", d=f"M{sheet.left:g} {y:g}H{sheet.right:g}")


def _years(sheet: Sheet) -> Iterator[str]:
    for year in sheet.ticks():
        place = sheet.middle(year)
        yield element("path", class_="base", d=f"M{number(place)} {BASE:g}v4")
        yield text(str(year), place, BASE + 16, class_="quiet", text_anchor="middle")


def _findings(by_year: Mapping[int, int], sheet: Sheet) -> Iterator[str]:
    """Stack a square for each finding on its year; the scale is said where it is not plain."""
    most = max(by_year.values(), default=0)
    pitch = min(PITCH, ROOM / most) if most else PITCH
    if most and pitch == PITCH:
        yield text("findings", LABELS, BASE - 5, class_="quiet")
    else:
        scale = f"up to {most} a year" if most else "none dated"
        yield text("findings", LABELS, BASE - 15, class_="quiet")
        yield text(scale, LABELS, BASE - 2, class_="quiet", font_size=11)
    yield element("path", class_="base", d=f"M{sheet.left:g} {BASE:g}H{sheet.right:g}")
    width = max(1.0, min(SQUARE, sheet.year - 1))
    for year, count in by_year.items():
        x = sheet.middle(year) - width / 2
        for height, top in _stack(count, pitch):
            yield element("rect", class_="finding", x=x, y=top, width=width, height=height)


def _stack(count: int, pitch: float) -> list[tuple[float, float]]:
    """Give the height and the upper edge of each square, from the base up."""
    floor = BASE - 1
    if pitch < LEAST_PITCH:
        height = max(count * pitch, LEAST_BAR)
        return [(height, floor - height)]
    height = pitch - (GAP if pitch == PITCH else 1)
    return [(height, floor - height - nth * pitch) for nth in range(count)]


def _line(periods: Sequence[Period], sheet: Sheet) -> str:
    d = f"M{sheet.left:g} {LANES[periods[0].status]:g}"
    for before, period in pairwise(periods):
        d += f"H{number(sheet.middle(period.from_year))}"
        if before.status != period.status:
            d += f"V{LANES[period.status]:g}"
    return element("path", class_="line", fill="none", d=f"{d}H{sheet.right:g}")


def _change(status: str, x: float) -> str:
    """Mark a change with the mark of the status that it leads to, left open."""
    y = LANES[status]
    if status == Status.VARIABLE:
        right_half = element("path", class_="half", d=_diamond(x, y, MARK + 2, half=True))
        inside = element("path", class_="open", d=_diamond(x, y, MARK + 2)) + right_half
    elif status == Status.EXPERIMENTAL:
        inside = element("circle", class_="open", cx=x, cy=y, r=MARK)
    else:
        side = 2 * MARK - 1
        inside = element(
            "rect", class_="open", x=x - side / 2, y=y - side / 2, width=side, height=side
        )
    return element("g", inside, class_=status)


def _edition(status: str, x: float) -> str:
    """Mark what we said with the shape of the status, filled, on a stem."""
    lane = LANES[status]
    y = lane - STEM
    stem = element("path", class_="stem", d=f"M{number(x)} {lane:g}V{number(y)}")
    if status == Status.VARIABLE:
        head = element("path", class_="ours", d=_diamond(x, y, HEAD + 1))
    elif status == Status.EXPERIMENTAL:
        head = element("circle", class_="ours", cx=x, cy=y, r=HEAD)
    else:
        side = 2 * HEAD - 1
        head = element(
            "rect", class_="ours", x=x - side / 2, y=y - side / 2, width=side, height=side
        )
    return element("g", stem + head, class_=status)


def _pins(editions: Sequence[Edition], sheet: Sheet) -> list[Pin]:
    """Place the editions; of those that would cover each other the latest stands for all."""
    placed: list[Pin] = []
    for edition in reversed(editions):
        place = sheet.at(edition.on)
        covered = (
            status == edition.status and abs(place - other) < APART for status, other in placed
        )
        if not any(covered):
            placed.append((edition.status, place))
    return placed[::-1]


def _diamond(x: float, y: float, reach: float, *, half: bool = False) -> str:
    r = number(reach)
    left = "" if half else f"l-{r} -{r}"
    return f"M{number(x)} {number(y - reach)}l{r} {r}-{r} {r}{left}Z"
