"""The findings listing: one row per thing that one source showed."""

from __future__ import annotations

from evidence import vocab
from evidence.catalogue import common, sources, topics
from evidence.listing.core import Column, Facet, Listing, Row
from evidence.listing.filters import Terms, Words
from evidence.listing.filterset import StrictFilterSet
from evidence.models import Finding, Intervention, Outcome
from evidence.templatetags.words import running

_INTERVENTION = topics.intervention_filters("topic__intervention__")
_THINGS = sources.thing_filters("topic")
_YEARS = sources.year_bounds()


class FindingFilters(StrictFilterSet):
    """What findings can be filtered by."""

    condition = topics.condition_filter("topic__condition")
    area = topics.area_filter("topic__condition__area")
    intervention = _INTERVENTION["intervention"]
    kind = _INTERVENTION["kind"]
    selectivity = _INTERVENTION["selectivity"]
    dose_class = _INTERVENTION["dose_class"]
    role = topics.role_filter("topic__role")
    population = topics.population_filter("population")
    direction = Words(
        field="direction",
        vocabulary=vocab.Direction,
        label="Direction",
        about="What happened to patients or markers.",
    )
    outcome_kind = Words(
        field="outcome_kind",
        vocabulary=vocab.OutcomeKind,
        label="Kind of outcome",
        about="What sort of thing was measured.",
    )
    outcome_group = Terms(
        field="outcome_group",
        tree=common.outcomes,
        label="Outcome",
        about="The outcome's name across studies.",
    )
    analysis = Words(
        field="analysis",
        vocabulary=vocab.Analysis,
        label="Analysis",
        about="The result's place in its study's plan.",
    )
    comparison = Words(
        field="comparison",
        vocabulary=vocab.Comparison,
        label="Comparison",
        about="What the people with IL-2 were compared with.",
    )
    subjects = Words(
        field="subjects",
        vocabulary=vocab.Subjects,
        label="Subjects",
        about="Whom or what the result comes from.",
    )
    design = Words(
        field="design",
        vocabulary=vocab.Design,
        label="Design",
        about="How the result was obtained.",
    )
    risk_of_bias = Words(
        field="risk_of_bias",
        vocabulary=vocab.RiskOfBias,
        label="Risk of bias",
        about="Of a single study.",
    )
    certainty = Words(
        field="certainty",
        vocabulary=vocab.Certainty,
        label="Certainty",
        about="Of a review, as GRADE has it.",
    )
    topic = _THINGS["topic"]
    publication = _THINGS["publication"]
    trial = _THINGS["trial"]
    year_min = _YEARS["year_min"]
    year_max = _YEARS["year_max"]
    has_trial = sources.has_trial()
    standing = sources.standing()
    reviewed = sources.reviewed()
    q = common.text(
        "finding",
        key="record_id",
        about="Words of the statement, the outcome, the condition, the intervention, their "
        "synonyms, the paper's title, or an identifier.",
    )


def _second(row: Row) -> str:
    what = f"{row['intervention']} in {running(row['condition'])}"
    parts = [what, *sources.source_in_words(row)]
    if row["analysis"] in {vocab.Analysis.SUBGROUP, vocab.Analysis.POST_HOC}:
        parts.insert(0, vocab.Analysis(row["analysis"]).label)
    return " · ".join(parts)


COLUMNS = (
    common.code_column(
        "id", "Id", "The finding's number, the same for all its editions.", "record_id", "F"
    ),
    common.code_column("topic", "Topic", "The topic's number.", "topic_id", "T"),
    *topics.topic_columns("topic__"),
    Column.of(Intervention, "dose_class", path="topic__intervention__dose_class"),
    Column.of(Finding, "population"),
    Column.of(Finding, "outcome", show="name"),
    Column.of(Finding, "outcome_kind", label="Kind of outcome"),
    Column.of(
        Outcome,
        "slug",
        key="outcome_group",
        label="Outcome group",
        path="outcome_group__slug",
        about="The outcome's word across studies.",
    ),
    Column.of(Finding, "analysis"),
    Column.of(Finding, "comparison", show="word:Comparison"),
    Column.of(Finding, "subjects"),
    Column.of(Finding, "direction", show="direction"),
    Column.of(Finding, "effect_measure"),
    Column.of(Finding, "estimate"),
    Column.of(Finding, "ci_low"),
    Column.of(Finding, "ci_high"),
    Column.of(Finding, "ci_level"),
    Column.of(Finding, "value_il2"),
    Column.of(Finding, "value_comparator"),
    Column.of(Finding, "p_value"),
    Column.of(Finding, "n_il2"),
    Column.of(Finding, "n_comparator"),
    Column.of(Finding, "n_total"),
    Column.of(Finding, "time_point"),
    Column.of(Finding, "design", show="word:Design"),
    Column.of(Finding, "risk_of_bias"),
    Column.of(Finding, "certainty"),
    Column.of(Finding, "statement", label="What was found", sortable=False),
    *sources.source_columns(Finding),
    Column.of(Finding, "origin"),
    *common.judged(Finding),
    common.address_column("finding", "record_id", "/findings/F"),
)

FINDINGS = Listing(
    name="findings",
    title="Findings",
    noun=("finding", "findings"),
    about="A row is what one source showed on one topic, with its figures and its place there.",
    rows=lambda: Finding.objects.public().annotate(source_year=common.SOURCE_YEAR),
    filterset=FindingFilters,
    columns=COLUMNS,
    shown=("outcome", "statement", "direction", "comparison", "design", "year"),
    facets=(
        Facet(filter="direction", open=True),
        Facet(filter="outcome_kind", open=True),
        Facet(filter="area", open=True),
        Facet(filter="population", open=True),
        Facet(filter="condition"),
        Facet(filter="intervention"),
        Facet(filter="role"),
        Facet(filter="comparison"),
        Facet(filter="design"),
        Facet(filter="analysis"),
        Facet(filter="outcome_group"),
        Facet(filter="reviewed"),
    ),
    link=lambda row: f"/findings/F{row['id']}/",
    second=_second,
    order="id",
)
