"""The interventions listing: the forms in which IL-2 is given or measured."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from evidence import vocab
from evidence.catalogue import common
from evidence.listing.core import Column, Facet, Listing
from evidence.listing.filters import Terms, Through, Words, YesOrNo
from evidence.listing.filterset import StrictFilterSet
from evidence.models import (
    Approval,
    Assessment,
    Finding,
    HarmReport,
    Intervention,
    InterventionPartner,
    Trial,
)

TOPICS = Through(
    name="topics",
    rows=lambda: Assessment.objects.public(),
    link="topic__intervention_id",
    outer="pk",
)
APPROVALS = Through(
    name="approvals",
    rows=lambda: Approval.objects.public().filter(withdrawn_year__isnull=True),
    link="intervention_id",
    outer="pk",
)


class InterventionFilters(StrictFilterSet):
    """What interventions can be filtered by; topics are those of the intervention itself."""

    intervention = Terms(
        field="pk",
        tree=common.interventions,
        label="Intervention",
        about="The form of IL-2, or any variant or regimen of it.",
    )
    kind = Words(
        field="kind",
        vocabulary=vocab.InterventionKind,
        label="Kind of IL-2",
        about="What sort of IL-2 it is.",
    )
    selectivity = Words(
        field="selectivity",
        vocabulary=vocab.Selectivity,
        label="Selectivity",
        about="Which cells it is made or dosed to move.",
    )
    dose_class = Words(
        field="dose_class",
        vocabulary=vocab.DoseClass,
        label="Dose class",
        about="How much IL-2 a day it gives.",
    )
    stage = Words(
        field="stage",
        vocabulary=vocab.DevelopmentStage,
        label="Development stage",
        about="How far its development has come.",
    )
    status = Words(
        field="status",
        vocabulary=vocab.Status,
        through=TOPICS,
        label="Status",
        about="The status of one of its topics.",
    )
    approval = YesOrNo(
        when=lambda: APPROVALS.holding(Q()),
        label="Approved use",
        about="Whether an approval in force names it.",
    )
    q = common.text(
        "intervention",
        about="Words of the name, the synonyms, the definition and the developer, or an ATC, "
        "DrugBank, ChEMBL, UNII or MeSH id.",
    )


def _partners(keys: Any) -> dict[Any, str]:
    rows = InterventionPartner.objects.filter(intervention__in=set(keys))
    return common.joined(
        rows.order_by("partner__name").values_list("intervention_id", "partner__name")
    )


COLUMNS = (
    Column.of(
        Intervention, "slug", key="id", label="Id", about="Its word in addresses and filters."
    ),
    Column.of(Intervention, "name", show="name"),
    Column.of(Intervention, "kind", show="word:InterventionKind"),
    common.word_column(
        "parent", "Variant or regimen of", "The intervention that it stands under.", "parent__slug"
    ),
    Column.of(Intervention, "synonyms", sortable=False),
    Column.of(Intervention, "definition", sortable=False),
    Column.of(Intervention, "selectivity", show="word:Selectivity"),
    Column.of(Intervention, "dose_class", show="word:DoseClass"),
    Column.of(Intervention, "usual_dose"),
    Column.of(Intervention, "usual_routes", sortable=False),
    Column.of(Intervention, "developer"),
    Column.of(Intervention, "stage", show="word:DevelopmentStage"),
    common.list_column(
        "cell_targets",
        "Cell targets",
        "The cells that it is meant to move.",
        common.many(
            lambda: Intervention.cell_targets.through.objects.all(),
            "intervention_id",
            "celltarget__name",
        ),
    ),
    common.list_column("partners", "Combined with", "What it is combined with.", _partners),
    Column.of(Intervention, "atc"),
    Column.of(Intervention, "drugbank"),
    Column.of(Intervention, "chembl"),
    Column.of(Intervention, "unii"),
    Column.of(Intervention, "mesh_id"),
    common.number_column(
        "topics",
        "Topics",
        "Published topics about it, those of its variants and regimens with it.",
        common.counted(
            lambda: Assessment.objects.public(), "topic__intervention_id", common.interventions
        ),
    ),
    common.number_column(
        "findings",
        "Findings",
        "Published findings on it, those of its variants and regimens with it.",
        common.counted(
            lambda: Finding.objects.public(), "topic__intervention_id", common.interventions
        ),
    ),
    common.number_column(
        "trials",
        "Trials",
        "Trials mapped to it, those of its variants and regimens with it.",
        common.counted(
            lambda: Trial.objects.public().filter(interventions__isnull=False),
            "interventions",
            common.interventions,
        ),
    ),
    common.number_column(
        "harms",
        "Harm reports",
        "Published harm reports of it, those of its variants and regimens with it.",
        common.counted(
            lambda: HarmReport.objects.public(), "intervention_id", common.interventions
        ),
    ),
    common.address_column("intervention", "slug", "/interventions/"),
)

INTERVENTIONS = Listing(
    name="interventions",
    title="Interventions",
    noun=("intervention", "interventions"),
    about="A row is a form of IL-2: the body's own, a drug, a variant, a regimen or a combination.",
    rows=lambda: Intervention.objects.public(),
    filterset=InterventionFilters,
    columns=COLUMNS,
    shown=("name", "kind", "selectivity", "dose_class", "stage", "topics", "findings", "trials"),
    facets=(
        Facet(filter="kind", open=True),
        Facet(filter="selectivity", open=True),
        Facet(filter="dose_class", open=True),
        Facet(filter="stage", open=True),
        Facet(filter="status"),
        Facet(filter="approval"),
    ),
    link=lambda row: f"/interventions/{row['id']}/",
    second=common.other_names,
    order="name",
)
