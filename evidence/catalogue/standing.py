"""Since when our word on a topic has stood."""

from __future__ import annotations

from typing import Any

from django.db.models import (
    Case,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    When,
)
from django.db.models.functions import Cast, Coalesce, Substr

from evidence import vocab
from evidence.listing.core import Column, Kind
from evidence.listing.numbers import Numbers
from evidence.models import Assessment

LABEL = "Status since"
ABOUT = (
    "Since when our status, with its ground, has stood here without interruption: by another word, "
    "or by a withdrawal."
)


def _since() -> Case:
    """Return the day since which the status and ground of a published assessment have stood."""
    editions = Assessment.objects.shown().order_by()
    other = ~Q(status=OuterRef(OuterRef("status"))) | ~Q(ground=OuterRef(OuterRef("ground")))
    gone = Q(state=vocab.State.WITHDRAWN)
    broken = (
        editions.filter(gone | other, topic=OuterRef(OuterRef("topic")))
        .values("topic")
        .annotate(at=Max(Case(When(gone, then=F("withdrawn_at")), default=F("published_at"))))
    )
    of_topic = editions.filter(topic=OuterRef("topic"))
    unbroken = of_topic.annotate(broken=Subquery(broken.values("at")))
    since = (
        unbroken.filter(Q(broken__isnull=True) | Q(published_at__gt=F("broken")))
        .values("topic")
        .annotate(at=Min("published_at"))
    )
    # A first edition begins its record, and another record's before it was withdrawn.
    first = When(number=1, then=F("published_at"))
    return Case(first, default=Coalesce(Subquery(since.values("at")), F("published_at")))


_SINCE = _since()


def standing(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Give each published assessment the day since which its word has stood, and its year."""
    # Of the day as text, in UTC on every database: for a year SQLite would ask Python row by row.
    year = Cast(Substr(Cast("status_since", TextField()), 1, 4), IntegerField())
    return rows.annotate(status_since=_SINCE).annotate(status_since_year=year)


def since_column() -> Column:
    """Return the column of that day, of rows that know it."""
    return Column(
        key="status_since",
        label=LABEL,
        about=ABOUT,
        kind=Kind.DATE,
        source="status_since",
        costly=True,
    )


def since_filter() -> Numbers:
    """Return the filter by the year of that day, of rows that know it."""
    return Numbers(
        field="status_since_year", least=1900, most=2100, label=LABEL, about=f"{ABOUT} A year."
    )
