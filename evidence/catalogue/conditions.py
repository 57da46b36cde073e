"""The conditions listing: in what IL-2 was tried or measured."""

from __future__ import annotations

from django.db.models import Q

from evidence import vocab
from evidence.catalogue import common
from evidence.listing.core import Column, Facet, Kind, Listing, Row
from evidence.listing.filters import Terms, Through, Words, YesOrNo
from evidence.listing.filterset import StrictFilterSet
from evidence.listing.text import Text
from evidence.models import Assessment, Condition, Finding, HarmReport, Trial

TOPICS = Through(
    name="topics",
    rows=lambda: Assessment.objects.public(),
    link="topic__condition_id",
    outer="pk",
)


def _elsewhere(spelling: str) -> Q:
    return Q(mesh_id__iexact=spelling) | Q(icd10cm__iexact=spelling) | Q(doid__iexact=spelling)


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
    q = Text(
        fields=("name", "synonyms", "definition"),
        terms={},
        elsewhere=_elsewhere,
        about="Words of the name, the synonyms and the definition, or a MeSH, ICD-10-CM or "
        "Disease Ontology id.",
    )


def _second(row: Row) -> str:
    return ", ".join(str(row["synonyms"] or "").splitlines()[:3])


def _count(key: str, label: str, about: str, rows: object, path: str) -> Column:
    return Column(
        key=key,
        label=label,
        about=f"{about}, those of narrower conditions with it.",
        kind=Kind.NUMBER,
        source="pk",
        many=common.counted(rows, path, common.conditions),  # type: ignore[arg-type]
        show="number",
    )


COLUMNS = (
    Column.of(Condition, "slug", key="id", label="Id", about="Its word in addresses and filters."),
    Column.of(Condition, "name", show="name"),
    Column.of(Condition, "area", show="word:Area"),
    Column(
        key="parent",
        label="Wider condition",
        about="The condition that it stands under.",
        source="parent__slug",
    ),
    Column.of(Condition, "synonyms", sortable=False),
    Column.of(Condition, "definition", sortable=False),
    Column.of(Condition, "mesh_id"),
    Column.of(Condition, "icd10cm"),
    Column.of(Condition, "doid"),
    _count(
        "topics",
        "Topics",
        "Published topics about it",
        lambda: Assessment.objects.public(),
        "topic__condition_id",
    ),
    _count(
        "findings",
        "Findings",
        "Published findings on it",
        lambda: Finding.objects.public(),
        "topic__condition_id",
    ),
    _count(
        "trials",
        "Trials",
        "Trials mapped to it",
        lambda: Trial.objects.public().filter(conditions__isnull=False),
        "conditions",
    ),
    _count(
        "harms",
        "Harm reports",
        "Published harm reports in it",
        lambda: HarmReport.objects.public().filter(topic__isnull=False),
        "topic__condition_id",
    ),
    Column.of(Condition, "unknowns", sortable=False),
    Column(
        key="url",
        label="Address",
        about="The condition's page.",
        kind=Kind.URL,
        source="slug",
        prefix="/conditions/",
    ),
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
    second=_second,
    order="name",
)
