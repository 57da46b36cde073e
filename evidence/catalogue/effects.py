"""The adverse effects listing: what harms were looked for and reported."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from evidence import vocab
from evidence.catalogue import common
from evidence.listing.core import Column, Facet, Listing, Row
from evidence.listing.filters import Terms, Through, Words, YesOrNo
from evidence.listing.filterset import StrictFilterSet
from evidence.models import AdverseEffect, HarmReport

HARMS = Through(
    name="harms", rows=lambda: HarmReport.objects.public(), link="adverse_effect_id", outer="pk"
)


def _leading(keys: Any) -> dict[Any, str]:
    rows = AdverseEffect.leads_to.through.objects.filter(from_adverseeffect__in=set(keys))
    pairs = rows.order_by("to_adverseeffect__name")
    return common.joined(pairs.values_list("from_adverseeffect_id", "to_adverseeffect__name"))


def _dose_classes(keys: Any) -> dict[Any, str]:
    order = vocab.DoseClass.values
    rows = HARMS.rows().filter(adverse_effect__in=set(keys)).order_by()
    pairs = rows.values_list("adverse_effect_id", "dose_class").distinct()
    return common.joined(sorted(pairs, key=lambda pair: order.index(pair[1])))


class EffectFilters(StrictFilterSet):
    """What adverse effects can be filtered by."""

    adverse_effect = Terms(
        field="pk", tree=common.effects, label="Adverse effect", about="The effect itself."
    )
    serious = YesOrNo(
        when=lambda: Q(serious=True),
        label="Serious",
        about="Whether it can threaten life or needs treatment in hospital.",
    )
    intervention = Terms(
        field="intervention",
        tree=common.interventions,
        through=HARMS,
        label="Intervention",
        about="A form of IL-2 that it was reported with, or any variant or regimen of it.",
    )
    condition = Terms(
        field="topic__condition",
        tree=common.conditions,
        through=HARMS,
        label="Condition",
        about="A condition that it was reported in; with an intervention, in the same report.",
    )
    dose_class = Words(
        field="dose_class",
        vocabulary=vocab.DoseClass,
        through=HARMS,
        label="Dose class",
        about="A dose class that it was reported at; with an intervention, in the same report.",
    )
    has_harm = YesOrNo(
        when=lambda: HARMS.holding(Q()),
        label="Has a harm report",
        about="Whether a published harm report is of it.",
    )
    q = common.text(
        "adverse-effect",
        about="Words of the name, the synonyms, the organ system and the mechanism.",
    )


def _second(row: Row) -> str:
    return str(row["organ_system"])


COLUMNS = (
    Column.of(
        AdverseEffect, "slug", key="id", label="Id", about="Its word in addresses and filters."
    ),
    Column.of(AdverseEffect, "name", show="name"),
    Column.of(AdverseEffect, "organ_system"),
    Column.of(AdverseEffect, "ctcae_term"),
    Column.of(AdverseEffect, "serious"),
    Column.of(AdverseEffect, "synonyms", sortable=False),
    Column.of(AdverseEffect, "mechanism", sortable=False),
    Column.of(AdverseEffect, "management", sortable=False),
    common.list_column(
        "leads_to",
        "Leads to",
        "Other effects that it brings about.",
        _leading,
        show="many:none entered",
    ),
    common.list_column(
        "dose_classes",
        "Reported at",
        "The dose classes that it was reported at.",
        _dose_classes,
        show="words:DoseClass",
    ),
    common.number_column(
        "harms", "Harm reports", "Published harm reports of it.", common.number_of(HARMS)
    ),
    common.address_column("adverse effect", "slug", "/adverse-effects/"),
)

EFFECTS = Listing(
    name="adverse-effects",
    title="Adverse effects",
    noun=("adverse effect", "adverse effects"),
    about="A row is a harm that may follow IL-2, in the wording of CTCAE. A row is no proof that "
    "IL-2 caused it.",
    rows=lambda: AdverseEffect.objects.public(),
    filterset=EffectFilters,
    columns=COLUMNS,
    shown=("name", "serious", "harms", "dose_classes", "leads_to"),
    facets=(
        Facet(filter="serious", open=True),
        Facet(filter="dose_class", open=True),
        Facet(filter="intervention", open=True),
        Facet(filter="has_harm", open=True),
        Facet(filter="condition"),
    ),
    link=lambda row: f"/adverse-effects/{row['id']}/",
    second=_second,
    order="name",
)
