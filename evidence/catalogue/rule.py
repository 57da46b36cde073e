"""Columns and filters of the rule's word on a topic: today's, or that of a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import BooleanField, Case, F, FilteredRelation, Q, QuerySet, When

from evidence import vocab
from evidence.assess import Pivot
from evidence.catalogue import common
from evidence.listing.core import JOINT, Column, Facet, Kind
from evidence.listing.filters import Flag, PanelFilter, Words
from evidence.listing.numbers import Numbers
from evidence.models import RuleWord, Topic

NOW = "topic__"
"""The path to today's word of the rule."""
THEN = "then_"
"""The beginning of the columns that hold the word of a year."""
SECTION = "Why this status"
OF_THE_YEAR = " With as_of: at the end of that year."
TODAYS = " Today's, whatever as_of asks."
AGREES = "Whether the rule says our status of today, on the same ground."


def as_of(rows: QuerySet[Any], *, year: int) -> QuerySet[Any]:
    """Give each row the rule's word at the end of a year, in columns that begin with `THEN`."""
    stands = Q(topic__rule_periods__from_year__lte=year, topic__rule_periods__to_year__gte=year)
    # Columns of their own: a filter through the relation itself would join it once more.
    columns = {f"{THEN}{one.name}": F(f"said__{one.name}") for one in RuleWord._meta.get_fields()}
    # Django 5.2 writes this name unquoted, so it is none of SQL's.
    said = FilteredRelation("topic__rule_periods", condition=stands)
    return rows.annotate(said=said).annotate(**columns)


def agreeing(rows: QuerySet[Any], before: str) -> QuerySet[Any]:
    """Give each assessment the answer whether the rule's status and ground are its own."""
    word = {f"{before}rule_status": F("status"), f"{before}rule_ground": F("ground")}
    same = When(**word, then=True)
    return rows.annotate(agrees=Case(same, default=False, output_field=BooleanField()))


def word_columns(before: str) -> tuple[Column, ...]:
    """Return the columns of the rule's word and of what argues; `before` is the path to them."""
    return (
        _column("rule_status", before, label="Rule's status", show="rule_status"),
        _column("rule", before, label="Rule", show="rule"),
        _column("rule_ground", before, label="Rule's ground"),
        _column("borrowed", before),
        _column("discordant", before),
        _column("studies_for", before, key="for"),
        _column("studies_against", before, key="against"),
        _column("left_out", before, key="excluded"),
        _column("robust", before),
    )


def rests_on_column() -> Column:
    """Return the column of the studies that today's word of the rule rests on."""
    return common.list_column(
        "rests_on",
        "Rests on",
        "The studies without any one of which the rule would say another status or ground; empty "
        "where there is none." + TODAYS,
        _rests_on,
        source="topic_id",
    )


def _rests_on(keys: Sequence[int]) -> dict[int, str]:
    rows = Topic.objects.public().filter(pk__in=set(keys)).order_by()
    return common.joined(
        (pk, Pivot.from_json(pivot).label.replace(JOINT, ", "))
        for pk, pivots in rows.values_list("pk", "rule_rests_on")
        for pivot in pivots
    )


def agrees_column() -> Column:
    """Return the column that says whether the rule's status is ours, of rows that know it."""
    return Column(
        key="agrees",
        label="Agrees with the rule",
        about=AGREES + OF_THE_YEAR,
        kind=Kind.YESNO,
        source="agrees",
    )


def count_columns(before: str) -> tuple[Column, ...]:
    """Return the columns of what is read for a topic; `before` is the path to them."""
    return tuple(
        _column(f"{key}_count", before, key=key)
        for key in ("findings", "studies", "trials", "publications")
    )


def approval_column(before: str) -> Column:
    """Return the column that says whether this very use is approved."""
    return _column("approved", before, key="approval", label="Approved use")


def _column(name: str, before: str, **given: Any) -> Column:
    column = Column.of(Topic, name, path=f"{before}{name}", **given)
    return replace(column, about=column.about + OF_THE_YEAR)


def word_filters(before: str) -> Mapping[str, PanelFilter]:
    """Return the filters by the rule's word, by the keys of its columns."""
    return {
        "rule_status": Words(
            field=f"{before}rule_status",
            vocabulary=vocab.Status,
            label="Rule's status",
            about="The status that the rule gives." + OF_THE_YEAR,
        ),
        "rule": rule_filter(f"{before}rule", about=_about("rule")),
        "rule_ground": Words(
            field=f"{before}rule_ground",
            vocabulary=vocab.Ground,
            label="Rule's ground",
            about=_about("rule_ground"),
        ),
        "agrees": agrees_filter(about=AGREES + OF_THE_YEAR),
        "robust": _flag("robust", "Robust", before),
        "borrowed": _flag("borrowed", "Borrowed", before),
        "discordant": _flag("discordant", "Discordant", before),
        "approval": Flag(
            field=f"{before}approved",
            label="Approved use",
            about="Whether an approval in force names this very use." + OF_THE_YEAR,
        ),
        "for": _number("studies_for", "Studies for", before),
        "against": _number("studies_against", "Studies against", before),
        "excluded": _number("left_out", "Findings left out", before),
    }


def rule_filter(field: str, *, about: str) -> Words:
    """Return the filter by line of the rule."""
    return Words(field=field, vocabulary=vocab.Rule, label="Rule", about=about)


def agrees_filter(*, about: str) -> Flag:
    """Return the question whether the rule's status is ours, of rows that know it."""
    return Flag(field="agrees", label="Agrees with the rule", about=about)


def _flag(name: str, label: str, before: str) -> Flag:
    return Flag(field=f"{before}{name}", label=label, about=_about(name))


def _number(name: str, label: str, before: str) -> Numbers:
    return Numbers(field=f"{before}{name}", label=label, about=_about(name) + " A whole number.")


def _about(name: str) -> str:
    field: Any = Topic._meta.get_field(name)
    return str(field.help_text) + OF_THE_YEAR


def facets(*keys: str) -> tuple[Facet, ...]:
    """Return facets under the heading of the rule."""
    return tuple(Facet(filter=key, section=SECTION) for key in keys)
