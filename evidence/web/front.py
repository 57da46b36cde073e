"""What the home page draws from the data: statuses with an example, topics by area, what is new."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Count, Subquery, When

from evidence import vocab
from evidence.models import Assessment
from evidence.web import evidence_rows as rows

# A row of marks says something up to here; more of them are counted.
MOST_MARKS = 40
# A sentence ends where a capital follows; "v. placebo" and "p = .55" go on.
SENTENCE = re.compile(r"(?<=[.?])\s+(?=[A-Z])")


@dataclass(frozen=True, kw_only=True, slots=True)
class GroundCount:
    """How many topics are investigated on one ground."""

    ground: str
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusCard:
    """One status with its definition, how many topics have it, and the most studied treatment.

    `said` is the first sentence of what was found there.
    """

    status: str
    definition: str
    count: int
    grounds: tuple[GroundCount, ...]
    example: Assessment | None
    said: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """How many topics of an area have one status on one ground."""

    status: str
    ground: str
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class AreaRow:
    """One field of medicine: its topics as marks, or where they are many, their tallies."""

    area: str
    total: int
    tallies: tuple[Tally, ...]
    marks: tuple[Assessment, ...]


Counts = Counter[tuple[str, str, str]]


def counts() -> Counts:
    """Count the published topics by area, status and ground; one query."""
    held = Assessment.objects.public().order_by()
    counted = held.values_list("topic__condition__area", "status", "ground").annotate(Count("pk"))
    return Counter({(area, status, ground): n for area, status, ground, n in counted})


def cards(counted: Counts) -> tuple[StatusCard, ...]:
    """Give the three statuses, each with an example; three queries."""
    return tuple(_card(status, counted) for status in vocab.Status)


def _card(status: vocab.Status, counted: Counts) -> StatusCard:
    grounds: Counter[str] = Counter()
    for (_, word, ground), n in counted.items():
        if word == status:
            grounds[ground] += n
    # What was tried says more of a status than what was measured.
    tried = Case(When(topic__role__in=vocab.TREATING_ROLES, then=0), default=1)
    order = (tried, "-topic__studies_count", "-topic__findings_count", "pk")
    # By its key, which is sorted sooner than whole rows.
    best = Assessment.objects.public().filter(status=status).order_by(*order).values("pk")[:1]
    example = rows.assessments().filter(pk=Subquery(best)).first()
    return StatusCard(
        status=status.value,
        definition=vocab.STATUS_DEFINITIONS[status],
        count=grounds.total(),
        grounds=tuple(
            GroundCount(ground=ground.value, count=grounds[ground])
            for ground in vocab.Ground
            if grounds[ground]
        ),
        example=example,
        said=SENTENCE.split(example.summary)[0] if example is not None else "",
    )


def areas(counted: Counts) -> tuple[AreaRow, ...]:
    """Give the areas that have topics; one query for all the marks."""
    totals: Counter[str] = Counter()
    for (area, _, _), n in counted.items():
        totals[area] += n
    few = [area for area, n in totals.items() if n <= MOST_MARKS]
    marks: dict[str, list[Assessment]] = {area: [] for area in few}
    for one in rows.assessments().filter(topic__condition__area__in=few):
        marks[one.topic.condition.area].append(one)
    return tuple(
        AreaRow(
            area=area,
            total=totals[area],
            tallies=_tallies(area, counted),
            marks=tuple(_in_order(marks.get(area, ()))),
        )
        for area in vocab.Area.values
        if totals[area]
    )


def _in_order(assessments: Iterable[Assessment]) -> list[Assessment]:
    """Order marks by status and ground, so that like stands beside like."""
    statuses, grounds = vocab.Status.values, ["", *vocab.Ground.values]
    return sorted(
        assessments, key=lambda one: (statuses.index(one.status), grounds.index(one.ground))
    )


def _tallies(area: str, counted: Counts) -> tuple[Tally, ...]:
    return tuple(
        Tally(status=status.value, ground=ground, count=n)
        for status in vocab.Status
        for ground in ("", *vocab.Ground.values)
        if (n := counted[area, status, ground])
    )


def newest(most: int) -> list[Assessment]:
    """Give the topics published last; two queries, for keys alone are quickly sorted."""
    order = ("-published_at", "-pk")
    keys = Assessment.objects.public().order_by(*order).values_list("pk", flat=True)[:most]
    return list(rows.assessments().filter(pk__in=list(keys)).order_by(*order))
