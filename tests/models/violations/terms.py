"""What the term tables refuse."""

from __future__ import annotations

from evidence import vocab
from evidence.models import (
    AdverseEffect,
    CellTarget,
    CombinationPartner,
    Condition,
    Intervention,
    InterventionPartner,
    Outcome,
)
from tests.models.violations.kit import (
    Check,
    Twice,
    Violation,
    given,
    itself,
    known,
    of,
    shapes,
    the_other,
)

TERM: dict[str, Violation] = {
    "slug_given": given("slug"),
    "name_given": given("name"),
    "not_into_itself": Check(
        refused=[{"merged_into": itself}],
        allowed=[{"merged_into": None}, {"merged_into": the_other}],
    ),
}
NESTED: dict[str, Violation] = {
    **TERM,
    "not_its_own_parent": Check(
        refused=[{"parent": itself}], allowed=[{"parent": None}, {"parent": the_other}]
    ),
}

CONDITION: dict[str, Violation] = {
    "area_known": known("area", vocab.Area),
    "mesh_id_shape": shapes(
        "mesh_id",
        refused=["015658", "d015658", "D01565", "D0156580", "C015658", "D01565x", "D 15658"],
        allowed=["", "D015658", "D000086382"],
    ),
    "doid_shape": shapes(
        "doid",
        refused=["526", "doid:526", "DOID526", "DOID:", "DOID:52x", "DOID: 526"],
        allowed=["", "DOID:4", "DOID:0050117"],
    ),
}

INTERVENTION: dict[str, Violation] = {
    "kind_known": known("kind", vocab.InterventionKind),
    "selectivity_known": known("selectivity", vocab.Selectivity),
    "dose_class_known": known("dose_class", vocab.DoseClass),
    "stage_known": known("stage", vocab.DevelopmentStage),
    "drugbank_shape": shapes(
        "drugbank",
        refused=["00041", "db00041", "DB0004", "DB000411", "DB0004x"],
        allowed=["", "DB00041"],
    ),
    "chembl_shape": shapes(
        "chembl",
        refused=["1201438", "chembl1201438", "CHEMBL", "CHEMBL12014x"],
        allowed=["", "CHEMBL1", "CHEMBL1201438"],
    ),
    "mesh_id_shape": shapes(
        "mesh_id",
        refused=["007376", "d007376", "D00737", "E007376", "C08259x"],
        allowed=["", "D007376", "C082598", "D000086382"],
    ),
    "atc_shape": shapes("atc", refused=["L0", "L03AC0", "L03AC011"], allowed=["", "L03AC01"]),
    "unii_shape": shapes("unii", refused=["M89N0Q7EQ"], allowed=["", "M89N0Q7EQR"]),
}

TERMS: dict[str, Violation] = {
    **of(CellTarget, TERM),
    **of(CombinationPartner, TERM),
    **of(AdverseEffect, TERM | {"organ_system_given": given("organ_system")}),
    **of(Outcome, TERM | {"kind_known": known("kind", vocab.OutcomeKind)}),
    **of(Condition, NESTED | CONDITION),
    **of(Intervention, NESTED | INTERVENTION),
    **of(
        InterventionPartner,
        {
            "once": Twice(
                same=["intervention", "partner"],
                unless=[
                    {"partner": lambda pair: pair.second.partner},
                    {"intervention": lambda pair: pair.second.intervention},
                ],
            ),
            "timing_known": known("timing", vocab.PartnerTiming),
        },
    ),
}
