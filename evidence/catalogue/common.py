"""What several listings share: term trees, published counts and the words of a source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, NullIf, Substr

from evidence.ledger import index
from evidence.ledger.trees import grow
from evidence.listing.core import JOINT, Column, Kind, Many, Row
from evidence.listing.filters import Through
from evidence.listing.text import Text
from evidence.models import (
    AdverseEffect,
    Condition,
    Intervention,
    Outcome,
    Publication,
    Topic,
    Trial,
)

conditions = partial(grow, Condition)
interventions = partial(grow, Intervention)
effects = partial(grow, AdverseEffect)
outcomes = partial(grow, Outcome)

SOURCE_YEAR = Coalesce(
    F("publication__year"),
    Cast(NullIf(Substr("results_posted", 1, 4), Value("")), IntegerField()),
)
"""The year of a finding's or harm report's source: the paper's, or that of posted results."""


def text(kind: str, *, about: str, key: str = "pk") -> Text:
    """Return the plain text filter of rows of a kind that can be searched; `key` is its column."""
    return Text(key=key, find=partial(index.matching, kind=kind), about=about)


def first_published(model: Any) -> Case:
    """Return when the first edition of a row's record became public."""
    editions = model.objects.filter(record=OuterRef("record"), published_at__isnull=False)
    by_record = editions.order_by().values("record")
    earliest = Subquery(by_record.annotate(at=Min("published_at")).values("at"))
    # A first edition is its own answer: most rows are one, and need not be asked about.
    return Case(When(number=1, then=F("published_at")), default=earliest)


def judged(model: Any) -> tuple[Column, ...]:
    """Return the columns that every listing of judgements ends with."""
    return (
        Column(
            key="first_published",
            label="First published",
            about="When its first edition became public here.",
            kind=Kind.DATE,
            source=first_published(model),
            costly=True,
        ),
        Column(
            key="last_reviewed",
            label="Last reviewed",
            about="When a second person last read it against its source; empty: not yet.",
            kind=Kind.DATE,
            source="reviewed_at",
        ),
    )


def joined(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, str]:
    """Join the values of each key, each once, in the order in which they come."""
    found: dict[Any, dict[str, None]] = defaultdict(dict)
    for key, value in pairs:
        if value not in (None, ""):
            found[key][str(value)] = None
    return {key: JOINT.join(values) for key, values in found.items()}


def many(rows: Callable[[], QuerySet[Any]], key: str, value: str) -> Callable[..., dict[Any, str]]:
    """Return what joins, for a chunk of keys, the values of the rows that belong to each."""

    def look_up(keys: Sequence[int]) -> dict[Any, str]:
        wanted = {key for key in keys if key is not None}
        found = rows().filter(**{f"{key}__in": wanted}).order_by(value)
        return joined(found.values_list(key, value))

    return look_up


def of_all_read(rows: QuerySet[Any], value: str, topics: Sequence[int]) -> dict[int, str]:
    """Join, for a chunk of topics, a value of the rows on all topics that are read for each.

    Asked in one, SQLite looks through all of the chunk's topics for each of the rows.
    """
    ties = Topic.reads.through.objects.filter(from_topic_id__in=set(topics)).order_by()
    reads = list(ties.values_list("from_topic_id", "to_topic_id"))
    held: dict[int, set[Any]] = defaultdict(set)
    wanted = {read for _, read in reads}
    for topic, one in rows.filter(topic__in=wanted).order_by().values_list("topic_id", value):
        held[topic].add(one)
    found: dict[int, set[Any]] = defaultdict(set)
    for topic, read in reads:
        found[topic] |= held[read]
    return joined((topic, one) for topic, ones in found.items() for one in sorted(ones))


def counted(
    rows: Callable[[], QuerySet[Any]], term: str, tree: Callable[[], Any]
) -> Callable[[Sequence[int]], Mapping[int, int]]:
    """Return what counts, for a chunk of terms, the rows at or under each, every row once."""

    def look_up(keys: Sequence[int]) -> dict[int, int]:
        holders: dict[int, set[int]] = defaultdict(set)
        for pk, row in rows().order_by().values_list(term, "pk").distinct():
            holders[pk].add(row)
        grown = tree()
        below = {key: grown.at_or_below([key]) for key in keys}
        return {key: len(set().union(*(holders[pk] for pk in below[key]))) for key in keys}

    return look_up


def find_topics(codes: Sequence[str]) -> dict[str, int]:
    """Return the keys of the public topics with these codes (`T12`)."""
    return _find(Topic.objects.public(), codes, "T")


def find_publications(codes: Sequence[str]) -> dict[str, int]:
    """Return the keys of the public publications with these codes (`P7`)."""
    return _find(Publication.objects.public(), codes, "P")


def find_trials(slugs: Sequence[str]) -> dict[str, int]:
    """Return the keys of the public trials with these names in addresses."""
    rows = Trial.objects.public().filter(slug__in=list(slugs))
    return dict(rows.values_list("slug", "pk"))


def _find(rows: QuerySet[Any], codes: Sequence[str], letter: str) -> dict[str, int]:
    numbers = {}
    for code in codes:
        digits = code.removeprefix(letter)
        # Eighteen digits are what every database takes for a key.
        if code.startswith(letter) and digits.isascii() and digits.isdigit() and len(digits) < 19:
            numbers[code] = int(digits)
    known = set(rows.filter(pk__in=numbers.values()).values_list("pk", flat=True))
    return {code: pk for code, pk in numbers.items() if pk in known}


def of_topics(path: str) -> Callable[[Sequence[int]], Q]:
    """Return what narrows rows to those read for some topics; `path` leads to a row's topic."""

    def narrow(topics: Sequence[int]) -> Q:
        read = Topic.reads.through.objects.filter(from_topic_id__in=topics)
        return Q(**{f"{path}__in": read.values("to_topic_id")})

    return narrow


def number_of(through: Through) -> Callable[[Sequence[int]], Mapping[int, int]]:
    """Return what counts, for a chunk of keys, the rows that hang on each; none is 0."""

    def look_up(keys: Sequence[int]) -> dict[int, int]:
        rows = through.rows().filter(**{f"{through.link}__in": set(keys)}).order_by()
        counts = dict(rows.values_list(through.link).annotate(number=Count("pk")))
        return {key: counts.get(key, 0) for key in keys}

    return look_up


def number_column(key: str, label: str, about: str, many: Many) -> Column:
    """Return a column of numbers that are counted for a chunk of rows at once."""
    return Column(
        key=key,
        label=label,
        about=about,
        kind=Kind.NUMBER,
        source="pk",
        many=many,
        show="number",
    )


def list_column(
    key: str, label: str, about: str, many: Many, *, source: str = "pk", show: str = ""
) -> Column:
    """Return a column of joined values that are looked up for a chunk of rows at once."""
    return Column(
        key=key, label=label, about=about, kind=Kind.LIST, source=source, many=many, show=show
    )


def code_column(key: str, label: str, about: str, source: str, letter: str) -> Column:
    """Return a column of codes such as T12."""
    return Column(key=key, label=label, about=about, kind=Kind.CODE, source=source, prefix=letter)


def word_column(key: str, label: str, about: str, source: str) -> Column:
    """Return a column of words in addresses, as filters take them."""
    return Column(key=key, label=label, about=about, source=source)


def address_column(thing: str, source: str, prefix: str, *, suffix: str = "") -> Column:
    """Return the column of the addresses of the rows' things, the last of every listing."""
    return Column(
        key="url",
        label="Address",
        about=f"The {thing}'s page.",
        kind=Kind.URL,
        source=source,
        prefix=prefix,
        suffix=suffix,
    )


def other_names(row: Row) -> str:
    """Return a term's first other names, for the second line of its row."""
    return ", ".join(str(row["synonyms"] or "").splitlines()[:3])
