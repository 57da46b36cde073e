"""What researchers type into the search, and what they must find, on the starter evidence.

Written from the evidence itself and not from what the search gave. Things go by the words of their
addresses; a topic by its condition, intervention, role and population, a paper by its entry in the
starter evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evidence.models import (
    AdverseEffect,
    Assessment,
    Condition,
    Finding,
    HarmReport,
    Intervention,
    Publication,
    Trial,
)


@dataclass(frozen=True, kw_only=True)
class Gold:
    """A query with what must be first, among and not among its results, by kind."""

    first: Mapping[str, str] = field(default_factory=dict)
    among: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    never: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # As another query: every result the same, in the same order.
    same_as: str = ""
    meant: str = ""
    jump: str = ""


def names() -> Mapping[str, Mapping[int, str]]:
    """Name every public thing as the list below does, by kind and by the key of its row."""
    topics = Assessment.objects.public().values_list(
        "pk", "topic__condition__slug", "topic__intervention__slug", "topic__role", POPULATION
    )
    return {
        "topic": {pk: " ".join(words) for pk, *words in topics},
        "finding": _called(Finding, "record__starter_key"),
        "harm": _called(HarmReport, "record__starter_key"),
        "publication": _called(Publication, "starter_key"),
        "trial": _called(Trial, "slug"),
        "condition": _called(Condition, "slug"),
        "intervention": _called(Intervention, "slug"),
        "adverse-effect": _called(AdverseEffect, "slug"),
    }


def _called(model: Any, word: str) -> dict[int, str]:
    return dict(model.objects.public().values_list("pk", word))


POPULATION = "topic__population"
HIV_TOPIC = "hiv-infection il-2-with-antiretroviral-therapy treatment adult"
TB_TOPIC = "tuberculosis adjunctive-il-2-tuberculosis treatment adult"
MDR_TOPIC = "multidrug-resistant-tuberculosis adjunctive-il-2-tuberculosis treatment adult"
SLE_TOPIC = "systemic-lupus-erythematosus low-dose-il-2 treatment adult"
NEC_TOPIC = "necrotizing-enterocolitis endogenous-il-2 pathogenesis neonate"
SEPSIS_TOPIC = "neonatal-sepsis endogenous-il-2 biomarker neonate"

GOLD: Mapping[str, Gold] = {
    # Conditions, by their names and by others.
    "HIV": Gold(
        first={
            "topic": HIV_TOPIC,
            "condition": "hiv-infection",
            "trial": "NCT00004978",
        },
        among={"publication": ("esprit-silcaat-2009", "cochrane-2017"), "condition": ("aids",)},
        never={"condition": ("psoriasis",), "publication": ("he-2016",)},
    ),
    "hiv": Gold(same_as="HIV"),
    "human immunodeficiency virus": Gold(same_as="HIV"),
    "AIDS": Gold(first={"condition": "aids"}),
    "acquired immune deficiency syndrome": Gold(same_as="AIDS"),
    "tuberculosis": Gold(
        first={"topic": TB_TOPIC, "condition": "tuberculosis"},
        among={
            "topic": (MDR_TOPIC,),
            "condition": ("pulmonary-tuberculosis", "multidrug-resistant-tuberculosis"),
            "trial": ("johnson-2003-uganda", "tan-2017"),
            "publication": ("johnson-2003", "shen-2015", "sheng-2022"),
        },
        never={"condition": ("leprosy", "hiv-infection"), "topic": (HIV_TOPIC,)},
    ),
    "TB": Gold(same_as="tuberculosis"),
    "MDR-TB": Gold(
        first={"topic": MDR_TOPIC, "condition": "multidrug-resistant-tuberculosis"},
        among={"trial": ("tan-2017", "johnson-1997-mdr-tb"), "publication": ("shen-2015",)},
        never={"trial": ("johnson-2003-uganda",), "condition": ("pulmonary-tuberculosis",)},
    ),
    "multidrug-resistant tuberculosis": Gold(same_as="MDR-TB"),
    "multidrug resistant TB": Gold(same_as="MDR-TB"),
    "NEC": Gold(
        first={"condition": "necrotizing-enterocolitis", "topic": NEC_TOPIC},
        among={"publication": ("nec-treg-2023", "nec-review-2016")},
        never={"condition": ("tuberculosis",), "publication": ("he-2016",)},
    ),
    "necrotising enterocolitis": Gold(same_as="NEC"),
    "necrotizing enterocolitis": Gold(same_as="NEC"),
    "neonatal sepsis": Gold(
        first={"condition": "neonatal-sepsis", "topic": SEPSIS_TOPIC},
        among={"publication": ("cord-sil2r-2001",)},
    ),
    "tuberculosys": Gold(same_as="tuberculosis"),
    "sle": Gold(
        first={"condition": "systemic-lupus-erythematosus", "topic": SLE_TOPIC},
        among={"publication": ("he-2016", "he-2020", "lupil-2-2022")},
        never={"condition": ("psoriasis", "measles")},
    ),
    "systemic lupus erythematosus": Gold(same_as="sle"),
    "lupus": Gold(
        first={"condition": "systemic-lupus-erythematosus"},
        among={
            "condition": ("systemic-lupus-erythematosus", "lupus-nephritis", "neonatal-lupus"),
            "topic": (SLE_TOPIC,),
        },
    ),
    "low-dose IL-2 lupus": Gold(
        among={"topic": (SLE_TOPIC,), "publication": ("he-2020", "lupil-2-2022")},
        never={
            "topic": ("systemic-lupus-erythematosus rezpegaldesleukin treatment adult", HIV_TOPIC)
        },
    ),
    "melanoma": Gold(
        first={
            "condition": "melanoma",
            "topic": "melanoma til-with-high-dose-il-2 treatment adult",
        },
        among={
            "topic": ("melanoma high-dose-il-2 treatment adult",),
            "publication": ("til-v-ipilimumab-2022", "rosenberg-1994"),
        },
        never={"condition": ("renal-cell-carcinoma",)},
    ),
    "kidney cancer": Gold(
        first={"condition": "renal-cell-carcinoma"}, among={"publication": ("fyfe-1995",)}
    ),
    "RCC": Gold(first={"condition": "renal-cell-carcinoma"}),
    "GVHD": Gold(
        first={"condition": "graft-versus-host-disease"},
        among={
            "condition": (
                "acute-graft-versus-host-disease",
                "chronic-graft-versus-host-disease",
            ),
            "publication": ("koreth-2011",),
        },
    ),
    "type 1 diabetes": Gold(
        first={"condition": "type-1-diabetes"}, among={"publication": ("dilt1d-2016",)}
    ),
    "Sjogren": Gold(
        first={"condition": "primary-sjogren-syndrome"},
        among={"publication": ("il2-sjogren-2022",)},
    ),
    "Sjögren": Gold(same_as="Sjogren"),
    "Behcet": Gold(first={"condition": "behcet-disease", "publication": "il2-behcet-2026"}),
    "leukemia": Gold(
        first={"condition": "leukaemia"}, among={"condition": ("acute-myeloid-leukaemia",)}
    ),
    "leukaemia": Gold(same_as="leukemia"),
    "ALS": Gold(
        first={"condition": "amyotrophic-lateral-sclerosis"},
        among={"publication": ("mirocals-2025",)},
        never={"condition": ("multiple-sclerosis",)},
    ),
    "newborn": Gold(among={"condition": ("neonatal-infection",)}),
    "COVID-19": Gold(first={"condition": "covid-19", "publication": "zhu-2021"}),
    # Forms of IL-2.
    "IL-2": Gold(
        first={"intervention": "endogenous-il-2"},
        among={"intervention": ("low-dose-il-2", "aldesleukin")},
    ),
    "IL2": Gold(same_as="IL-2"),
    "interleukin-2": Gold(same_as="IL-2"),
    "interleukin 2": Gold(same_as="IL-2"),
    "Proleukin": Gold(
        first={"intervention": "aldesleukin"},
        among={"publication": ("proleukin-label", "emery-2002", "select-2015")},
        never={"intervention": ("bempegaldesleukin",)},
    ),
    "aldesleukin": Gold(same_as="Proleukin"),
    "aldesleukine": Gold(same_as="Proleukin"),
    "NKTR-358": Gold(
        first={"intervention": "rezpegaldesleukin"},
        among={"topic": ("atopic-dermatitis rezpegaldesleukin treatment adult",)},
        never={"intervention": ("bempegaldesleukin",)},
    ),
    "NKTR-214": Gold(
        first={"intervention": "bempegaldesleukin"}, among={"publication": ("pivot-02-2021",)}
    ),
    "Ontak": Gold(first={"intervention": "denileukin-diftitox"}),
    "THOR-707": Gold(
        first={"intervention": "pegenzileukin"}, among={"publication": ("hammer-abstract-2021",)}
    ),
    "high-dose IL-2": Gold(first={"intervention": "high-dose-il-2"}),
    '"low-dose IL-2"': Gold(
        among={"intervention": ("low-dose-il-2",)}, never={"publication": ("fyfe-1995",)}
    ),
    # Harms.
    "capillary leak": Gold(
        first={"adverse-effect": "capillary-leak-syndrome"},
        never={"adverse-effect": ("fever", "headache")},
    ),
    "vascular leak": Gold(same_as="capillary leak"),
    "hypotension": Gold(first={"adverse-effect": "hypotension"}),
    "oedema": Gold(among={"adverse-effect": ("generalised-oedema", "limb-oedema")}),
    "edema": Gold(same_as="oedema"),
    "thrombocytopenia": Gold(first={"adverse-effect": "platelet-count-decreased"}),
    "fever": Gold(first={"adverse-effect": "fever"}, never={"adverse-effect": ("headache",)}),
    # Cells, markers, figures, signs.
    "Treg": Gold(
        among={
            "publication": ("castela-2014", "nec-treg-2023", "dilt1d-2016"),
            "intervention": ("donor-treg-with-low-dose-il-2",),
        },
    ),
    "regulatory T cells": Gold(same_as="Treg"),
    "CD4+": Gold(among={"publication": ("he-2016", "ilstim-2002")}),
    "β-cell": Gold(never={"condition": ("b-cell-lymphoma",)}),
    "p<0.05": Gold(),
    # Stems, phrases, words that are not wanted.
    "lymphomas": Gold(first={"condition": "lymphoma"}, among={"condition": ("hodgkin-lymphoma",)}),
    '"renal cell"': Gold(among={"condition": ("renal-cell-carcinoma",)}),
    "melanoma -interferon": Gold(
        among={"topic": ("melanoma bempegaldesleukin treatment adult",)},
        never={
            "topic": ("melanoma il-2-with-interferon-alfa treatment adult",),
            "publication": ("kim-2009", "keilholz-2005"),
        },
    ),
    # Studies and authors.
    "ESPRIT": Gold(first={"trial": "NCT00004978"}, among={"publication": ("esprit-silcaat-2009",)}),
    "Rosenberg": Gold(among={"publication": ("rosenberg-1994", "fyfe-1995")}),
    "Kovacs": Gold(first={"publication": "kovacs-1996"}),
    "Kovacs 1996": Gold(first={"publication": "kovacs-1996"}),
    # Identifiers.
    "NCT00004978": Gold(jump="trial NCT00004978"),
    "nct00004978": Gold(jump="trial NCT00004978"),
    "ISRCTN40319192": Gold(jump="trial NCT*"),
    "2017-001944-36": Gold(jump="trial NCT*"),
    "19828532": Gold(jump="publication esprit-silcaat-2009"),
    "PMID 19828532": Gold(jump="publication esprit-silcaat-2009"),
    "pmid:19828532": Gold(jump="publication esprit-silcaat-2009"),
    "10.1056/NEJMoa0903175": Gold(jump="publication esprit-silcaat-2009"),
    "https://doi.org/10.1056/NEJMoa0903175": Gold(jump="publication esprit-silcaat-2009"),
    "https://pubmed.ncbi.nlm.nih.gov/19828532/": Gold(jump="publication esprit-silcaat-2009"),
    "https://clinicaltrials.gov/study/NCT00004978": Gold(jump="trial NCT00004978"),
    # Misspelt.
    "tubercolosis": Gold(meant="tuberculosis"),
    "aldeslukin": Gold(meant="aldesleukin"),
    "melenoma": Gold(meant="melanoma"),
    "psoriassis": Gold(meant="psoriasis"),
    "interlukin-2": Gold(meant="interleukin-2"),
    "capilary leak": Gold(meant="capillary leak"),
    "lupuss erythematosis": Gold(meant="lupus erythematosus"),
    "HVI infection": Gold(meant="HIV infection"),
    "Rosenburg": Gold(meant="Rosenberg"),
    "necrotizing enterocolytis": Gold(meant="necrotizing enterocolitis"),
}
