"""The conditions listing: in what IL-2 was tried or measured."""

from __future__ import annotations

from django.db.models import Q

from evidence import vocab
from evidence.catalogue import common
from evidence.listing.core import Column, Facet, Listing
from evidence.listing.filters import Terms, Through, Words, YesOrNo
from evidence.listing.filterset import StrictFilterSet
from evidence.models import Assessment, Condition, Finding, HarmReport, Trial

TOPICS = Through(
    name="topics",
    rows=lambda: Assessment.objects.public(),
    link="topic__condition_id",
    outer="pk",
)


class ConditionFilters(StrictFilterSet):
    """What conditions can be filtered by; topics are those of the condition itself."""

    condition = Terms(
        field="pk",
        tree=common.conditions,
        label="Condition",
        about="The condition or any narrower one.",
    )
    area = Words(field="area", vocabulary=vocab.Area, label="Area", about="The field of medicine.")
    status = Words(
        field="status",
        vocabulary=vocab.Status,
        through=TOPICS,
        label="Status",
        about="The status of one of its topics; with a role and a population, of the same topic.",
    )
    role = Words(
        field="topic__role",
        vocabulary=vocab.Role,
        through=TOPICS,
        label="Role",
        about="What IL-2 is in one of its topics.",
    )
    population = Words(
        field="topic__population",
        vocabulary=vocab.Population,
        through=TOPICS,
        label="Population",
        about="Whose evidence one of its topics is.",
    )
    has_topic = YesOrNo(
        when=lambda: TOPICS.holding(Q()),
        label="Has a topic",
        about="Whether a published topic is about it.",
    )
    q = common.text(
        "condition",
        about="Words of the name, the synonyms and the definition, or a MeSH, ICD-10-CM or "
        "Disease Ontology id.",
    )


COLUMNS = (
    Column.of(Condition, "slug", key="id", label="Id", about="Its word in addresses and filters."),
    Column.of(Condition, "name", show="name"),
    Column.of(Condition, "area", show="word:Area"),
    common.word_column(
        "parent", "Wider condition", "The condition that it stands under.", "parent__slug"
    ),
    Column.of(Condition, "synonyms", sortable=False),
    Column.of(Condition, "definition", sortable=False),
    Column.of(Condition, "mesh_id"),
    Column.of(Condition, "icd10cm"),
    Column.of(Condition, "doid"),
    common.number_column(
        "topics",
        "Topics",
        "Published topics about it, those of narrower conditions with it.",
        common.counted(
            lambda: Assessment.objects.public(), "topic__condition_id", common.conditions
        ),
    ),
    common.number_column(
        "findings",
        "Findings",
        "Published findings on it, those of narrower conditions with it.",
        common.counted(lambda: Finding.objects.public(), "topic__condition_id", common.conditions),
    ),
    common.number_column(
        "trials",
        "Trials",
        "Trials mapped to it, those of narrower conditions with it.",
        common.counted(
            lambda: Trial.objects.public().filter(conditions__isnull=False),
            "conditions",
            common.conditions,
        ),
    ),
    common.number_column(
        "harms",
        "Harm reports",
        "Published harm reports in it, those of narrower conditions with it.",
        common.counted(
            lambda: HarmReport.objects.public().filter(topic__isnull=False),
            "topic__condition_id",
            common.conditions,
        ),
    ),
    Column.of(Condition, "unknowns", sortable=False),
    common.address_column("condition", "slug", "/conditions/"),
)

CONDITIONS = Listing(
    name="conditions",
    title="Conditions",
    noun=("condition", "conditions"),
    about="A row is a disease or state in which IL-2 was tried or measured.",
    rows=lambda: Condition.objects.public(),
    filterset=ConditionFilters,
    columns=COLUMNS,
    shown=("name", "area", "topics", "findings", "trials", "harms"),
    facets=(
        Facet(filter="area", open=True),
        Facet(filter="status", open=True),
        Facet(filter="role", open=True),
        Facet(filter="population", open=True),
        Facet(filter="has_topic"),
    ),
    link=lambda row: f"/conditions/{row['id']}/",
    second=common.other_names,
    order="name",
)
