"""A small listing of conditions, so that the kernel is tested on declarations of its own."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Q

from evidence import vocab
from evidence.ledger import index
from evidence.ledger.trees import grow
from evidence.listing.core import Column, Facet, Kind, Listing
from evidence.listing.filters import Bound, Terms, Words, YesOrNo
from evidence.listing.filterset import StrictFilterSet
from evidence.listing.text import Text
from evidence.models import Condition


class MadeUpFilters(StrictFilterSet):
    """Every kind of filter that asks a row itself."""

    condition = Terms(
        field="pk", tree=lambda: grow(Condition), label="Condition", about="Or a narrower one."
    )
    area = Words(field="area", vocabulary=vocab.Area, label="Area", about="The field.")
    coded = YesOrNo(when=lambda: ~Q(mesh_id=""), label="Coded", about="Whether MeSH has it.")
    year_min = Bound(field="pk", lookup="gte", label="From", about="From.")
    year_max = Bound(field="pk", lookup="lte", label="To", about="To.")
    q = Text(key="pk", find=partial(index.matching, kind="condition"), about="Words.")


def listing(**given: Any) -> Listing:
    """The listing, with some of its declarations replaced."""
    declared: dict[str, Any] = {
        "name": "made-up",
        "title": "Made up",
        "noun": ("thing", "things"),
        "about": "A row is a condition.",
        "rows": lambda: Condition.objects.public(),
        "filterset": MadeUpFilters,
        "columns": (
            Column.of(Condition, "slug", key="id"),
            Column.of(Condition, "name", show="name"),
            Column.of(Condition, "area"),
            Column.of(Condition, "mesh_id"),
            Column(key="url", label="Address", about="Its page.", kind=Kind.URL, source="slug"),
        ),
        "shown": ("name", "area"),
        "facets": (Facet(filter="area"), Facet(filter="condition"), Facet(filter="coded")),
        "link": lambda row: f"/made-up/{row['id']}/",
        "order": "name",
    }
    return Listing(**declared | given)


def condition(name: str, **given: Any) -> Condition:
    slug = name.lower().replace(" ", "-")
    made = Condition.objects.create(**{"name": name, "slug": slug, "area": "other"} | given)
    index.write("condition", [made.pk])
    return made
