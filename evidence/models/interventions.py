"""Forms of IL-2, the cells they move and what they are combined with."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from evidence import vocab
from evidence.models import constraints as refuse
from evidence.models.audited import Audited
from evidence.models.facts import Fact
from evidence.models.fields import LinesField
from evidence.models.terms import NestedTerm, Term

# Descriptors and supplementary concepts.
MESH_IDS = ("D######", "D#########", "C######", "C#########")


class CellTarget(Term):
    """A kind of immune cell that IL-2 acts on."""

    class Meta(Term.Meta):
        verbose_name = "cell target"


class CombinationPartner(Term):
    """A drug or procedure that is combined with IL-2."""

    class Meta(Term.Meta):
        verbose_name = "combination partner"


class Intervention(NestedTerm):
    """A form of IL-2: the body's own, a drug, a variant, a regimen or a combination."""

    kind = models.CharField(
        max_length=12,
        choices=vocab.InterventionKind.choices,
        help_text="What sort of IL-2 it is.",
    )
    selectivity = models.CharField(
        max_length=16,
        choices=vocab.Selectivity.choices,
        default=vocab.Selectivity.NON_SELECTIVE,
        help_text="Which cells it is made or dosed to move.",
    )
    dose_class = models.CharField(
        max_length=16,
        choices=vocab.DoseClass.choices,
        default=vocab.DoseClass.NOT_REPORTED,
        help_text="How much IL-2 a day it gives.",
    )
    usual_dose = models.CharField(
        max_length=300, blank=True, default="", help_text="The usual dose, as its sources print it."
    )
    usual_routes = LinesField(help_text="How it is usually given, one route per line.")
    developer = models.CharField(
        max_length=200, blank=True, default="", help_text="Who develops or developed it."
    )
    stage = models.CharField(
        "development stage",
        max_length=16,
        choices=vocab.DevelopmentStage.choices,
        default=vocab.DevelopmentStage.INVESTIGATIONAL,
        help_text="How far its development has come.",
    )
    history = models.TextField(
        blank=True, default="", help_text="Where it comes from, in a sentence or two of our own."
    )
    cell_targets = models.ManyToManyField(
        CellTarget,
        blank=True,
        related_name="interventions",
        help_text="The cells that it is meant to move.",
    )
    partners: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        CombinationPartner,
        through="InterventionPartner",
        related_name="interventions",
        help_text="What it is combined with.",
    )
    atc = models.CharField(
        "ATC code", max_length=10, blank=True, default="", help_text="WHO's ATC code."
    )
    drugbank = models.CharField(
        "DrugBank id", max_length=10, blank=True, default="", help_text="Such as DB00041."
    )
    chembl = models.CharField(
        "ChEMBL id", max_length=20, blank=True, default="", help_text="Such as CHEMBL1201438."
    )
    unii = models.CharField(
        "UNII", max_length=10, blank=True, default="", help_text="FDA's ingredient identifier."
    )
    mesh_id = models.CharField(
        "MeSH id", max_length=12, blank=True, default="", help_text="Such as D007376."
    )

    class Meta(NestedTerm.Meta):
        constraints: ClassVar = [
            *NestedTerm.Meta.constraints,
            refuse.one_of("kind", vocab.InterventionKind.values),
            refuse.one_of("selectivity", vocab.Selectivity.values),
            refuse.one_of("dose_class", vocab.DoseClass.values),
            refuse.one_of("stage", vocab.DevelopmentStage.values),
            refuse.shaped("drugbank", ["DB#####"], "A DrugBank id is DB and five digits."),
            refuse.numbered("chembl", "CHEMBL", 7, "A ChEMBL id is CHEMBL and digits."),
            refuse.shaped("mesh_id", MESH_IDS, "A MeSH id is a C or D and six or nine digits."),
            refuse.as_long_as("atc", [3, 4, 5, 7], "An ATC code has 3, 4, 5 or 7 characters."),
            refuse.as_long_as("unii", [10], "A UNII has ten characters."),
        ]


class InterventionPartner(Audited):
    """That an intervention is combined with a partner, and how."""

    intervention = models.ForeignKey(
        Intervention, on_delete=models.CASCADE, related_name="partner_rows"
    )
    partner = models.ForeignKey(
        CombinationPartner,
        on_delete=models.PROTECT,
        related_name="intervention_rows",
        help_text="What IL-2 is combined with.",
    )
    timing = models.CharField(
        "how",
        max_length=12,
        choices=vocab.PartnerTiming.choices,
        default=vocab.PartnerTiming.TOGETHER,
        help_text="How the partner is given with IL-2.",
    )

    class Meta:
        verbose_name = "combination"
        ordering: ClassVar = ["partner__name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["intervention", "partner"],
                name=refuse.PREFIX + "once",
                violation_error_message="That partner is listed already.",
            ),
            refuse.one_of("timing", vocab.PartnerTiming.values),
        ]

    def __str__(self) -> str:
        return f"{self.intervention} with {self.partner} ({self.get_timing_display()})"


class Approval(Fact):
    """That an agency approved one intervention for one condition: a fact beside the status."""

    intervention = models.ForeignKey(
        Intervention,
        on_delete=models.PROTECT,
        related_name="approvals",
        help_text="The exact product or regimen that was approved.",
    )
    condition = models.ForeignKey(
        "evidence.Condition",
        on_delete=models.PROTECT,
        related_name="approvals",
        help_text="The condition that the indication names.",
    )
    population = models.CharField(
        max_length=16,
        choices=vocab.Population.choices,
        help_text="The people whom the indication names.",
    )
    agency = models.CharField(
        max_length=8, choices=vocab.Agency.choices, help_text="Who approved it."
    )
    from_year = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The year of approval; empty where it was not seen."
    )
    withdrawn_year = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The year in which the approval ended, if it did."
    )
    substance_is_il2 = models.BooleanField(
        "IL-2 is the approved substance",
        default=True,
        help_text="No, where the approval is of something that IL-2 is only given with.",
    )
    indication = models.TextField(
        blank=True, default="", help_text="The approved use, in our own words."
    )
    source = models.CharField(
        max_length=300, blank=True, default="", help_text="Where the approval was seen."
    )
    url = models.URLField(blank=True, default="", help_text="The source's address, https only.")

    class Meta:
        ordering: ClassVar = ["condition__name", "from_year", "pk"]
        constraints: ClassVar = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["intervention", "condition", "population", "agency"],
                name=refuse.PREFIX + "once",
                violation_error_message="That approval is entered already.",
            ),
            refuse.one_of("population", vocab.Population.values),
            refuse.one_of("agency", vocab.Agency.values),
            refuse.between("from_year", 1980, 2100, "A year of approval is 1980 or later."),
            refuse.between("withdrawn_year", 1980, 2100, "An approval ended in 1980 or later."),
            refuse.check(
                "ends_after_it_began",
                models.Q(withdrawn_year__isnull=True)
                | models.Q(from_year__isnull=True)
                | models.Q(withdrawn_year__gte=models.F("from_year")),
                "An approval ends in the year it began or later.",
            ),
            refuse.https_or_blank(),
        ]

    def __str__(self) -> str:
        year = f", {self.from_year}" if self.from_year else ""
        return f"{self.get_agency_display()}: {self.intervention} for {self.condition}{year}"
