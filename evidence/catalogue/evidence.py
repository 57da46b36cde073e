"""The evidence listing: one row per topic, with its status and what that rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache, partial
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, IntegerField, Q, QuerySet, Value

from evidence import vocab
from evidence.catalogue import common, rule, standing, topics
from evidence.catalogue.evidence_filters import AS_OF_ABOUT, filters
from evidence.ledger.as_of import this_year
from evidence.listing.core import Column, Facet, Kind, Listing, Row
from evidence.listing.years import AS_OF
from evidence.models import Assessment, Finding, HarmReport, Intervention, Topic

OF_THE_RULE = (
    "rule_status",
    "rule",
    "rule_ground",
    "agrees",
    "robust",
    "borrowed",
    "discordant",
    "approval",
    "for",
    "against",
    "excluded",
)
"""The facets of the rule's word, today's or a year's."""
OF_A_YEAR = (*OF_THE_RULE, "has_trial")
"""The facets that ask of a year, where one is asked for."""
SHOWN_THEN = (
    "condition",
    "rule_status",
    "rule",
    "for",
    "against",
    "excluded",
    "findings",
    "studies",
)


def _pmids(keys: Sequence[int], *, year: int | None) -> dict[int, str]:
    findings = Finding.objects.public().filter(publication__pmid__isnull=False)
    if year is not None:
        known = findings.annotate(source_year=common.SOURCE_YEAR)
        findings = known.filter(source_year__lte=year)
    return common.of_all_read(findings, "publication__pmid", keys)


def _pmids_column(year: int | None) -> Column:
    return common.list_column(
        "pmids",
        "PMIDs",
        "PubMed's numbers of the papers behind the findings." + rule.OF_THE_YEAR,
        partial(_pmids, year=year),
        source="topic_id",
    )


def _effects(keys: Sequence[int]) -> dict[int, str]:
    return common.of_all_read(HarmReport.objects.public(), "adverse_effect__name", keys)


def _second(row: Row) -> str:
    population = vocab.Population(row["population"]).label.partition(" (")[0]
    parts = [row["intervention"], population]
    if row["role"] != vocab.Role.TREATMENT:
        parts.insert(1, vocab.Role(row["role"]).label)
    return " · ".join(parts)


def _todays(column: Column) -> Column:
    return replace(column, about=column.about + rule.TODAYS)


def _columns(before: str, year: int | None) -> tuple[Column, ...]:
    """Return the columns of topics with today's word of the rule, or with that of a year."""
    return (
        common.code_column(
            "id", "Id", "The topic's number: for ever the same question.", "topic_id", "T"
        ),
        *topics.topic_columns("topic__", heading=True),
        Column.of(Intervention, "dose_class", path="topic__intervention__dose_class"),
        Column.of(Topic, "population", path="topic__population"),
        _todays(Column.of(Assessment, "status", show="status")),
        *rule.word_columns(before),
        rule.rests_on_column(),
        rule.agrees_column(),
        _todays(Column.of(Assessment, "direction", show="direction")),
        _todays(Column.of(Assessment, "certainty", show="certainty")),
        _todays(Column.of(Assessment, "ground")),
        _todays(standing.since_column()),
        rule.approval_column(before),
        _todays(
            Column.of(Assessment, "summary", label="What was found", show="text", sortable=False)
        ),
        *rule.count_columns(before),
        _todays(Column.of(Topic, "harms_count", key="harms", path="topic__harms_count")),
        _pmids_column(year),
        _todays(_EFFECTS),
        *(_todays(column) for column in common.judged(Assessment)),
        _todays(_REVIEWED),
        Column(
            key=AS_OF,
            label="As of",
            about=AS_OF_ABOUT,
            kind=Kind.NUMBER,
            source=Value(year, output_field=IntegerField(null=True)),
            show="year",
            whole=True,
            sortable=False,
        ),
        common.address_column(
            "topic", "topic_id", "/evidence/T", suffix="" if year is None else f"?{AS_OF}={year}"
        ),
    )


_EFFECTS = common.list_column(
    "adverse_effects",
    "Adverse effects",
    "Harms that were reported in it.",
    _effects,
    source="topic_id",
)
_REVIEWED = Column(
    key="reviewed",
    label="Reviewed here",
    about="Whether a second person here has read it.",
    kind=Kind.YESNO,
    source=ExpressionWrapper(Q(reviewed_at__isnull=False), output_field=BooleanField()),
)


def _rows() -> QuerySet[Any]:
    return _not_yet_read().all()


@cache
def _not_yet_read() -> QuerySet[Any]:
    """Put the question together once: that takes a tenth of a page's time, and a copy none."""
    return rule.agreeing(standing.standing(Assessment.objects.public()), rule.NOW)


def _at(year: int) -> Listing:
    """Return the listing with the rule's word at the end of a year in place of today's."""
    return _then(year, is_over=year < this_year())


EVIDENCE = Listing(
    name="evidence",
    title="Evidence",
    noun=("topic", "topics"),
    about="A row is one question: a condition, a form of IL-2, what it is in it, and in whom.",
    rows=_rows,
    filterset=filters(rule.NOW),
    columns=_columns(rule.NOW, None),
    shown=("condition", "status", "summary", "direction", "certainty", "findings", "studies"),
    facets=(
        Facet(filter="status", open=True),
        Facet(filter="area", open=True),
        Facet(filter="role", open=True),
        Facet(filter="population", open=True),
        Facet(filter="condition"),
        Facet(filter="intervention"),
        Facet(filter="kind"),
        Facet(filter="selectivity"),
        Facet(filter="dose_class"),
        Facet(filter="direction"),
        Facet(filter="certainty"),
        Facet(filter="phase"),
        Facet(filter="recruitment_status"),
        Facet(filter="adverse_effect"),
        Facet(filter="has_trial"),
        Facet(filter="has_harm"),
        *rule.facets("ground", *OF_THE_RULE, "status_since", "reviewed"),
    ),
    link=lambda row: f"/evidence/T{row['id']}/",
    second=_second,
    order="condition",
    also=(("/discordances/", "Where studies, or markers and patients, disagree"),),
    at=_at,
)


@lru_cache(maxsize=100)
def _then(year: int, *, is_over: bool) -> Listing:
    of_the_year = (
        *rule.word_columns(rule.THEN),
        rule.agrees_column(),
        rule.approval_column(rule.THEN),
        *rule.count_columns(rule.THEN),
        _pmids_column(year),
    )

    def rows() -> QuerySet[Any]:
        then = rule.as_of(Assessment.objects.public(), year=year)
        return rule.agreeing(standing.standing(then), rule.THEN)

    end = f"at the end of {year}" if is_over else f"by now, in {year}"
    return replace(
        EVIDENCE,
        title=f"Evidence as of {year}",
        rows=rows,
        filterset=filters(rule.THEN),
        columns=_columns(rule.THEN, year),
        shown=SHOWN_THEN,
        facets=_facets_then(year),
        link=lambda row: f"/evidence/T{row['id']}/?{AS_OF}={year}",
        year=year,
        today=EVIDENCE,
        of_the_year=tuple(column.key for column in of_the_year),
        note=f"What the rule would have said {end}, from today's published findings "
        "as today's readers code them. What has no date stays out. It is not what curators said "
        "then.",
    )


def _facets_then(year: int) -> tuple[Facet, ...]:
    """Put those of the year first, and say of the others that they are of today."""
    then = [
        Facet(filter=key, section=f"The rule in {year}", open=key in {"rule_status", "rule"})
        for key in OF_A_YEAR
    ]
    others = [replace(f, section="Today") for f in EVIDENCE.facets if f.filter not in OF_A_YEAR]
    return (*then, *others)
