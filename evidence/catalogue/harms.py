"""The harms listing: one row per adverse effect in one group of one source."""

from __future__ import annotations

from evidence import vocab
from evidence.catalogue import common, sources, topics
from evidence.listing.core import Column, Facet, Listing, Row
from evidence.listing.filters import Terms, Words
from evidence.listing.filterset import StrictFilterSet
from evidence.models import AdverseEffect, Condition, HarmReport
from evidence.templatetags.words import running

_INTERVENTION = topics.intervention_filters("intervention__")
_THINGS = sources.thing_filters("topic")
_YEARS = sources.year_bounds()


class HarmFilters(StrictFilterSet):
    """What harm reports can be filtered by."""

    adverse_effect = Terms(
        field="adverse_effect",
        tree=common.effects,
        label="Adverse effect",
        about="The effect, in CTCAE's wording.",
    )
    condition = topics.condition_filter("topic__condition")
    area = topics.area_filter("topic__condition__area")
    intervention = _INTERVENTION["intervention"]
    kind = _INTERVENTION["kind"]
    selectivity = _INTERVENTION["selectivity"]
    dose_class = Words(
        field="dose_class",
        vocabulary=vocab.DoseClass,
        label="Dose class",
        about="The dose class of the group.",
    )
    collected = Words(
        field="collected",
        vocabulary=vocab.Collected,
        label="Collected",
        about="Which events the source counted.",
    )
    attribution = Words(
        field="attribution",
        vocabulary=vocab.Attribution,
        label="Attribution",
        about="Whether the source held the treatment responsible.",
    )
    comparator = Words(
        field="comparator",
        vocabulary=vocab.Comparator,
        label="Comparator",
        about="What the other group received.",
    )
    given = Words(
        field="given",
        vocabulary=vocab.Given,
        label="IL-2 given",
        about="Whether the group received IL-2 alone or in a package.",
    )
    role = topics.role_filter("topic__role")
    population = topics.population_filter("topic__population")
    topic = _THINGS["topic"]
    publication = _THINGS["publication"]
    trial = _THINGS["trial"]
    year_min = _YEARS["year_min"]
    year_max = _YEARS["year_max"]
    has_trial = sources.has_trial()
    standing = sources.standing()
    reviewed = sources.reviewed()
    q = common.text(
        "harm",
        key="record_id",
        about="Words of the effect, the source's own word, the group, the intervention, the "
        "condition, their synonyms, the paper's title, or an identifier.",
    )


def _second(row: Row) -> str:
    what = str(row["intervention"])
    if row["condition"]:
        what += f" in {running(row['condition'])}"
    return " · ".join([what, *sources.source_in_words(row)])


COLUMNS = (
    common.code_column(
        "id", "Id", "The harm report's number, the same for all its editions.", "record_id", "H"
    ),
    Column.of(
        AdverseEffect,
        "name",
        key="adverse_effect",
        label="Adverse effect",
        path="adverse_effect__name",
        about="The effect, in CTCAE's wording.",
        show="name",
    ),
    common.word_column(
        "adverse_effect_slug",
        "Effect's word",
        "The effect's word in addresses and filters.",
        "adverse_effect__slug",
    ),
    Column.of(AdverseEffect, "organ_system", path="adverse_effect__organ_system"),
    Column.of(HarmReport, "term_as_printed"),
    *topics.intervention_columns("intervention__"),
    common.code_column(
        "topic",
        "Topic",
        "The topic's number; empty where the report stands on its intervention alone.",
        "topic_id",
        "T",
    ),
    Column.of(Condition, "name", key="condition", label="Condition", path="topic__condition__name"),
    common.word_column(
        "condition_slug",
        "Condition's word",
        "The condition's word in addresses and filters.",
        "topic__condition__slug",
    ),
    Column.of(HarmReport, "arm"),
    Column.of(HarmReport, "dose_class", show="word:DoseClass"),
    Column.of(HarmReport, "collected", show="word:Collected"),
    Column.of(HarmReport, "collected_note"),
    Column.of(HarmReport, "grades_as_printed"),
    Column.of(HarmReport, "affected"),
    Column.of(HarmReport, "at_risk"),
    Column.of(HarmReport, "percent", unit="%"),
    Column.of(HarmReport, "comparator"),
    Column.of(HarmReport, "comparator_affected"),
    Column.of(HarmReport, "comparator_at_risk"),
    Column.of(HarmReport, "comparator_percent", unit="%"),
    Column.of(HarmReport, "attribution", show="word:Attribution"),
    Column.of(HarmReport, "given"),
    Column.of(HarmReport, "follow_up"),
    Column.of(HarmReport, "statement", sortable=False),
    *sources.source_columns(HarmReport),
    Column.of(HarmReport, "origin"),
    *common.judged(HarmReport),
    common.address_column("harm report", "record_id", "/harms/H"),
)

HARMS = Listing(
    name="harms",
    title="Harms",
    noun=("harm report", "harm reports"),
    about="A row is one adverse effect in one group of one source. Rows overlap: people are never "
    "to be added up over rows, and unlike collections are not compared.",
    rows=lambda: HarmReport.objects.public().annotate(source_year=common.SOURCE_YEAR),
    filterset=HarmFilters,
    columns=COLUMNS,
    shown=(
        "adverse_effect",
        "dose_class",
        "collected",
        "affected",
        "at_risk",
        "percent",
        "attribution",
        "year",
    ),
    facets=(
        Facet(filter="dose_class", open=True),
        Facet(filter="collected", open=True),
        Facet(filter="adverse_effect", open=True),
        Facet(filter="attribution", open=True),
        Facet(filter="condition"),
        Facet(filter="intervention"),
        Facet(filter="comparator"),
        Facet(filter="given"),
        Facet(filter="reviewed"),
    ),
    link=lambda row: f"/harms/H{row['id']}/",
    second=_second,
    order="adverse_effect",
)
