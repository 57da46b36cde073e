"""Conditions in which IL-2 was tried or measured."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from evidence import vocab
from evidence.models import constraints as refuse
from evidence.models.terms import NestedTerm


class Condition(NestedTerm):
    """A disease or state in which IL-2 was tried or measured."""

    area = models.CharField(
        max_length=20,
        choices=vocab.Area.choices,
        help_text="The field of medicine it is listed under.",
    )
    mesh_id = models.CharField(
        "MeSH id",
        max_length=12,
        blank=True,
        default="",
        help_text="Medical Subject Headings descriptor, such as D015658; empty if there is none.",
    )
    icd10cm = models.CharField(
        "ICD-10-CM code",
        max_length=20,
        blank=True,
        default="",
        help_text="Code or range, such as B20 or A15-A19; empty where no single code fits.",
    )
    doid = models.CharField(
        "Disease Ontology id",
        max_length=20,
        blank=True,
        default="",
        help_text="Such as DOID:526; empty where there is none.",
    )
    unknowns = models.TextField(
        "what is not known",
        blank=True,
        default="",
        help_text="What was looked for and not found, and where: shown to readers as it stands.",
    )

    class Meta(NestedTerm.Meta):
        constraints: ClassVar = [
            *NestedTerm.Meta.constraints,
            refuse.one_of("area", vocab.Area.values),
            refuse.shaped(
                "mesh_id",
                ["D######", "D#########"],
                "A MeSH descriptor is a D and six or nine digits.",
            ),
            refuse.numbered("doid", "DOID:", 6, "A Disease Ontology id is DOID: and digits."),
        ]
