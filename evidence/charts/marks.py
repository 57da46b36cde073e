"""The marks of the three statuses, as parts of a drawing; as many studies, as large a mark."""

from __future__ import annotations

from math import sqrt

from evidence.charts.svg import element, number, text
from evidence.vocab import Ground, Status

LEAST, GROWTH, MOST = 3.2, 1.45, 8.6
# The shapes look equally large at these parts of a radius.
CIRCLE, DIAMOND, SQUARE = 0.92, 1.15, 0.86
# A circle's and a diamond's line, an outlined square's, and that of what was never studied.
STROKE, OUTLINE, THIN = 2.5, 2.0, 1.0
# A ring stays within a row of 24.
GAP, LARGEST_RING = 2.0, 11.9
DAGGER, LIFT = 11, 4.0
# A square of 7.
UNSTUDIED = 3.5 / SQUARE


def radius(studies: int) -> float:
    """Give the radius of the mark of something that rests on so many studies."""
    return min(LEAST + GROWTH * sqrt(studies), MOST)


def mark(
    status: str,
    ground: str = "",
    approved: bool = False,
    *,
    x: float,
    y: float,
    r: float,
    discordant: bool = False,
    studied: bool = True,
) -> str:
    """Draw a status around a point, as a group in a class of its own name.

    Discordance is a ring and an approval a dagger. What was never studied is outlined thinly, as
    small as it is seen, whatever `r` is. The parts have the classes that `.marks` knows.
    """
    r = r if studied else UNSTUDIED
    parts = _shape(status, ground, x, y, r, studied=studied)
    reach = _reach(status, r)
    if discordant:
        reach = min(reach + GAP, LARGEST_RING)
        parts += element("circle", class_="ring", cx=x, cy=y, r=reach)
    if approved or ground == Ground.APPROVED:
        beside = x + sqrt(max(reach**2 - LIFT**2, 0)) + 1
        parts += text("†", beside, y - LIFT, class_="dagger", font_size=DAGGER)
    return element("g", parts, class_=status)


def _shape(status: str, ground: str, x: float, y: float, r: float, *, studied: bool) -> str:
    look = "open" if studied else "open thin"
    if status == Status.EXPERIMENTAL:
        return element("circle", class_=look, cx=x, cy=y, r=r * CIRCLE)
    if status == Status.VARIABLE:
        right_half = element("path", class_="full", d=_diamond(x, y, r * DIAMOND, half=True))
        return element("path", class_=look, d=_diamond(x, y, r * DIAMOND)) + right_half
    half = r * SQUARE
    if not studied:
        half -= THIN / 2
    elif ground == Ground.NO_TREATMENT:
        # The outer edge of an outline is as far out as that of a filled square.
        look, half = "open outlined", half - OUTLINE / 2
    else:
        look = "full"
    return element("rect", class_=look, x=x - half, y=y - half, width=2 * half, height=2 * half)


def _reach(status: str, r: float) -> float:
    """Give how far from the middle a mark reaches."""
    if status == Status.EXPERIMENTAL:
        return r * CIRCLE + STROKE / 2
    return r * (DIAMOND if status == Status.VARIABLE else SQUARE * sqrt(2))


def _diamond(x: float, y: float, reach: float, *, half: bool = False) -> str:
    r = number(reach)
    left = "" if half else f"l-{r} -{r}"
    return f"M{number(x)} {number(y - reach)}l{r} {r}-{r} {r}{left}Z"
