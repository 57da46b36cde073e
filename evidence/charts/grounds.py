"""The grounds of *investigated*, written above its lane where they have room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from evidence.charts.course import Period
from evidence.charts.sheet import Sheet
from evidence.charts.svg import text
from evidence.vocab import Ground, Status

SHORT = {
    Ground.NO_TREATMENT.value: "no treatment found",
    Ground.CONFIRMED.value: "evidence agrees",
    Ground.APPROVED.value: "approved use",
}
# More than a letter of 11 px takes, on average, in any face of the stylesheet.
LETTER = 6.2
# From a place where something stands.
MARGIN = 9.0
EDGE = 3.0

Span = tuple[float, float]
Place = tuple[str, Span, str]
"""Words, from where to where they reach, and at which end they are anchored."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """A run of years on the lane, and where it is drawn."""

    period: Period
    start: float
    end: float


def grounds(
    periods: Sequence[Period], editions: Iterable[float], sheet: Sheet, *, y: float
) -> Iterator[str]:
    """Write the ground of each run of years that is called investigated, where it has room.

    `editions` are the places of what stands above the lane. A ground without room, even in few
    words and beside its years, is left to the table.
    """
    lane = list(_on_lane(periods, sheet))
    taken = [(place - MARGIN, place + MARGIN) for place in editions]
    # At every end of a stretch the line may leave the lane, and a mark may stand.
    ends = {end for one in lane for end in (one.start, one.end)} - {sheet.left, sheet.right}
    taken += [(end - MARGIN, end + MARGIN) for end in ends]
    for one in lane:
        others = [(each.start, each.end) for each in lane if each is not one]
        for words, (start, end), anchor in _places(one):
            within = sheet.left <= start and end <= sheet.right
            if within and not any(_meet((start, end), other) for other in (*taken, *others)):
                x = start if anchor == "start" else end
                yield text(words, x, y, class_="quiet", font_size=11, text_anchor=anchor)
                taken.append((start - EDGE, end + EDGE))
                break


def _on_lane(periods: Sequence[Period], sheet: Sheet) -> Iterator[Stretch]:
    """Give the stretches of the lane, the last as long as the sheet."""
    for number, period in enumerate(periods):
        if period.status != Status.INVESTIGATED:
            continue
        is_last = number == len(periods) - 1
        yield Stretch(
            period=period,
            start=sheet.middle(period.from_year) if number else sheet.left,
            end=sheet.right if is_last else sheet.middle(periods[number + 1].from_year),
        )


def _places(stretch: Stretch) -> Iterator[Place]:
    """Give what to try: words within the years, at their end, then beside, pointing at them."""
    ground = stretch.period.ground
    both = (str(Ground(ground).label), SHORT[ground])
    for words in both:
        yield _from(stretch.start + EDGE, words)
        yield _from(stretch.start + MARGIN, words)
        yield _until(stretch.end - MARGIN, words)
    for words in both:
        yield _from(stretch.end + MARGIN, f"\N{LEFTWARDS ARROW} {words}")
        yield _until(stretch.start - MARGIN, f"{words} \N{RIGHTWARDS ARROW}")


def _from(start: float, words: str) -> Place:
    return words, (start, start + len(words) * LETTER), "start"


def _until(end: float, words: str) -> Place:
    return words, (end - len(words) * LETTER, end), "end"


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
