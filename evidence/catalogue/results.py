"""What the search shows of each kind of thing: which rows, and which of them first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Length

from evidence.catalogue import shown
from evidence.catalogue.common import SOURCE_YEAR
from evidence.catalogue.shown import Shown
from evidence.listing.tokens import Query, parse
from evidence.models import (
    AdverseEffect,
    Assessment,
    Condition,
    Finding,
    HarmReport,
    Intervention,
    Publication,
    Trial,
)
from evidence.models.fields import lines


@dataclass(frozen=True, kw_only=True)
class Searched:
    """A kind of thing that the search looks through.

    `key` is the column of `rows` that the index knows them by. Those that are `named` by a query
    itself come first, then those with its words in their title; among these `first` is the order.
    `whole` fetches what `show` puts in words.
    """

    label: str
    listing: str
    rows: Callable[[], QuerySet[Any]]
    first: Sequence[Any]
    show: Callable[[Any], Shown]
    key: str = "pk"
    named: Callable[[Query, QuerySet[Any]], Q] | None = None
    whole: Callable[[QuerySet[Any]], QuerySet[Any]] = lambda rows: rows


def _called(query: Query, rows: QuerySet[Any]) -> Q:
    """Find the terms, of those with the words in a name, of which they are a whole name."""
    wanted = [word.tokens for word in query.wanted]
    names = rows.order_by().values_list("pk", "name", "synonyms")
    return Q(
        pk__in=[
            pk
            for pk, name, synonyms in names
            if any(_name(one) == wanted for one in (name, *lines(synonyms)))
        ]
    )


@lru_cache(maxsize=5_000)
def _name(name: str) -> list[tuple[str, ...]]:
    return [word.tokens for word in parse(name).wanted]


def _first_author(query: Query, rows: QuerySet[Any]) -> Q:
    """Find the papers whose authors begin with one of the words."""
    words = [word.typed for word in query.wanted if word.kind == "word"]
    return Q(*(Q(authors__istartswith=f"{word} ") for word in words), _connector=Q.OR)


def _acronym(query: Query, rows: QuerySet[Any]) -> Q:
    """Find the trials that one of the words is the acronym of."""
    words = [word.typed for word in query.wanted]
    return Q(*(Q(acronym__iexact=word) for word in words), _connector=Q.OR)


def _reported_first() -> Case:
    """Put the trials whose results are held here, or posted, before the others."""
    held = Exists(Finding.objects.public().filter(trial=OuterRef("pk")))
    return Case(
        When(held, then=0),
        When(results_posted__gt="", then=1),
        default=Value(2),
        output_field=IntegerField(),
    )


SEARCHED: Mapping[str, Searched] = MappingProxyType(
    {
        "topic": Searched(
            label="Topics",
            listing="evidence",
            rows=lambda: Assessment.objects.public(),
            key="topic_id",
            first=(F("topic__studies_count").desc(), F("topic__findings_count").desc()),
            show=shown.topic,
            whole=lambda rows: rows.select_related("topic__condition", "topic__intervention"),
        ),
        "condition": Searched(
            label="Conditions",
            listing="conditions",
            rows=lambda: Condition.objects.public(),
            named=_called,
            first=(Length("name"),),
            show=shown.condition,
        ),
        "intervention": Searched(
            label="Interventions",
            listing="interventions",
            rows=lambda: Intervention.objects.public(),
            named=_called,
            first=(Length("name"),),
            show=shown.intervention,
        ),
        "adverse-effect": Searched(
            label="Adverse effects",
            listing="adverse-effects",
            rows=lambda: AdverseEffect.objects.public(),
            named=_called,
            first=(Length("name"),),
            show=shown.effect,
        ),
        "trial": Searched(
            label="Trials",
            listing="trials",
            rows=lambda: Trial.objects.public(),
            named=_acronym,
            first=(_reported_first(), F("enrolment").desc(nulls_last=True)),
            show=shown.trial,
            whole=lambda rows: rows.prefetch_related("phase_rows"),
        ),
        "publication": Searched(
            label="Publications",
            listing="publications",
            rows=lambda: Publication.objects.public(),
            named=_first_author,
            first=(F("year").desc(nulls_last=True),),
            show=shown.publication,
        ),
        "finding": Searched(
            label="Findings",
            listing="findings",
            rows=lambda: Finding.objects.public(),
            key="record_id",
            first=(SOURCE_YEAR.desc(nulls_last=True),),
            show=shown.finding,
            whole=lambda rows: rows.select_related(
                "topic__condition", "topic__intervention", "publication", "trial"
            ),
        ),
        "harm": Searched(
            label="Harm reports",
            listing="harms",
            rows=lambda: HarmReport.objects.public(),
            key="record_id",
            first=(F("at_risk").desc(nulls_last=True),),
            show=shown.harm,
            whole=lambda rows: rows.select_related(
                "topic__condition", "intervention", "adverse_effect", "publication", "trial"
            ),
        ),
    }
)
"""The kinds of things that the search looks through, in the order of its page."""
