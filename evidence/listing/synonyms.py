"""Words of the field that mean the same, in one table for what is written and what is asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Group:
    """Spellings of one thing, found as one token.

    `capitals`: its one-word spellings count in a text only where they stand in capitals (ART is
    not art); `holds` are words that a text with any of the spellings holds as well.
    """

    token: str
    spellings: tuple[str, ...]
    capitals: bool = False
    holds: str = ""


def _group(token: str, *spellings: str, capitals: bool = False, holds: str = "") -> Group:
    return Group(token=token, spellings=spellings, capitals=capitals, holds=holds)


GROUPS: tuple[Group, ...] = (
    # Forms of IL-2, its receptor, and its neighbours.
    _group("aldesleukin", "aldesleukin", "proleukin"),
    _group("nktr214", "NKTR-214", "bempegaldesleukin", "bempeg", holds="IL-2"),
    _group("denileukin", "denileukin diftitox", "denileukin", "Ontak", "Lymphir"),
    _group("pegil2", "PEG-IL-2", "pegylated IL-2", "polyethylene glycol IL-2", holds="IL-2"),
    _group("il2r", "IL-2R", "IL-2 receptor", holds="IL-2 receptor"),
    _group(
        "il2ra",
        "IL-2R-alpha",
        "IL2RA",
        "IL-2Ralpha",
        "IL-2 receptor alpha",
        "IL-2 receptor alpha chain",
        "CD25",
        holds="IL-2R receptor",
    ),
    _group(
        "sil2r",
        "sIL-2R",
        "sIL-2R-alpha",
        "soluble IL-2R",
        "soluble IL-2 receptor",
        "soluble IL-2 receptor alpha",
        "sCD25",
        "soluble CD25",
        holds="IL-2R CD25 receptor soluble",
    ),
    _group("ifngamma", "IFN-gamma", "IFNG", "interferon gamma", "gamma interferon", holds="IFN"),
    _group("ifnalpha", "IFN-alpha", "IFNA", "interferon alpha", "alpha interferon", holds="IFN"),
    _group("ifn", "IFN", "interferon"),
    _group("tnf", "TNF", "TNF-alpha", "tumour necrosis factor", "tumour necrosis factor alpha"),
    _group("tgfbeta", "TGF-beta", "TGFB", "transforming growth factor beta"),
    _group("gmcsf", "GM-CSF", "granulocyte macrophage colony stimulating factor"),
    _group("gcsf", "G-CSF", "granulocyte colony stimulating factor"),
    # Cells.
    _group(
        "treg",
        "Treg",
        "T reg",
        "Treg cell",
        "T-reg cell",
        "regulatory T cell",
        "regulatory T lymphocyte",
        "T regulatory cell",
        "regulatory CD4 T cell",
        holds="cell",
    ),
    _group("nk", "NK", "NK cell", "natural killer", "natural killer cell"),
    _group(
        "lak", "LAK", "LAK cell", "lymphokine activated killer", "lymphokine activated killer cell"
    ),
    _group("til", "TIL", "tumour infiltrating lymphocyte", holds="lymphocyte"),
    _group("ctl", "CTL", "cytotoxic T lymphocyte", "cytotoxic T cell"),
    _group("pbmc", "PBMC", "peripheral blood mononuclear cell"),
    _group("foxp3", "FOXP3", "FoxP-3", "forkhead box P3"),
    _group("cartcell", "CAR-T", "CAR T cell", "chimeric antigen receptor T cell"),
    # Infections.
    _group("hiv", "HIV", "human immunodeficiency virus", "human immune deficiency virus"),
    _group("hiv1", "HIV-1", "HIV1", "human immunodeficiency virus type 1", holds="HIV"),
    _group("hiv2", "HIV-2", "HIV2", "human immunodeficiency virus type 2", holds="HIV"),
    _group(
        "aids",
        "AIDS",
        "acquired immunodeficiency syndrome",
        "acquired immune deficiency syndrome",
        capitals=True,
    ),
    _group(
        "hivart",
        "ART",
        "cART",
        "HAART",
        "antiretroviral therapy",
        "anti-retroviral therapy",
        "antiretroviral treatment",
        "combination antiretroviral therapy",
        "highly active antiretroviral therapy",
        capitals=True,
        holds="antiretroviral",
    ),
    _group("tb", "TB", "tuberculosis", "tuberculous"),
    _group(
        "mdrtb",
        "MDR-TB",
        "MDR tuberculosis",
        "multidrug-resistant TB",
        "multidrug-resistant tuberculosis",
        "multi-drug-resistant TB",
        "multi-drug-resistant tuberculosis",
        holds="TB resistant MDR",
    ),
    _group(
        "xdrtb",
        "XDR-TB",
        "XDR tuberculosis",
        "extensively drug-resistant TB",
        "extensively drug-resistant tuberculosis",
        holds="TB resistant XDR",
    ),
    _group("hbv", "HBV", "hepatitis B", "hepatitis B virus", holds="hepatitis"),
    _group("hcv", "HCV", "hepatitis C", "hepatitis C virus", holds="hepatitis"),
    _group("hepatitisa", "HAV", "hepatitis A", "hepatitis A virus", holds="hepatitis"),
    _group("cmv", "CMV", "cytomegalovirus"),
    _group("ebv", "EBV", "Epstein-Barr virus"),
    _group("hpv", "HPV", "human papillomavirus", "human papilloma virus"),
    _group("hsv", "HSV", "herpes simplex", "herpes simplex virus", holds="herpes"),
    _group("vzv", "VZV", "varicella zoster", "varicella zoster virus", holds="zoster"),
    _group("rsv", "RSV", "respiratory syncytial virus"),
    _group(
        "covid19",
        "COVID",
        "COVID-19",
        "COVID19",
        "coronavirus disease 2019",
        "SARS-CoV-2",
        "SARS-CoV2",
    ),
    _group("bcg", "BCG", "bacillus Calmette-Guérin", "bacille Calmette-Guérin"),
    # The newborn.
    _group(
        "nec",
        "NEC",
        "necrotizing enterocolitis",
        "necrotising enterocolitis",
        holds="enterocolitis",
    ),
    _group("bpd", "BPD", "bronchopulmonary dysplasia"),
    _group("rds", "RDS", "respiratory distress syndrome"),
    _group("ivh", "IVH", "intraventricular haemorrhage", holds="haemorrhage"),
    _group("rop", "ROP", "retinopathy of prematurity", holds="retinopathy"),
    _group("hie", "HIE", "hypoxic-ischaemic encephalopathy", holds="encephalopathy"),
    _group("vlbw", "VLBW", "very low birth weight", "very low birthweight"),
    _group("elbw", "ELBW", "extremely low birth weight", "extremely low birthweight"),
    _group("nle", "NLE", "neonatal lupus", "neonatal lupus erythematosus", holds="lupus neonatal"),
    # Immunity.
    _group(
        "sle",
        "SLE",
        "systemic lupus",
        "systemic lupus erythematosus",
        "disseminated lupus erythematosus",
        holds="lupus",
    ),
    _group(
        "gvhd",
        "GVHD",
        "graft versus host disease",
        "graft vs host disease",
        "graft versus host",
        "graft vs host",
        "graft against host disease",
        holds="graft host",
    ),
    _group(
        "cgvhd",
        "cGVHD",
        "chronic GVHD",
        "chronic graft versus host disease",
        "chronic graft vs host disease",
        holds="GVHD chronic",
    ),
    _group(
        "agvhd",
        "aGVHD",
        "acute GVHD",
        "acute graft versus host disease",
        "acute graft vs host disease",
        holds="GVHD acute",
    ),
    _group(
        "t1d",
        "T1D",
        "T1DM",
        "IDDM",
        "type 1 diabetes",
        "type I diabetes",
        "type 1 diabetes mellitus",
        "type I diabetes mellitus",
        "diabetes mellitus type 1",
        "insulin-dependent diabetes mellitus",
        holds="diabetes",
    ),
    _group("rheumatoidarthritis", "RA", "rheumatoid arthritis", capitals=True, holds="arthritis"),
    _group("multiplesclerosis", "MS", "multiple sclerosis", capitals=True, holds="sclerosis"),
    _group(
        "als",
        "ALS",
        "amyotrophic lateral sclerosis",
        "motor neurone disease",
        "motor neuron disease",
        holds="sclerosis",
    ),
    _group(
        "scid",
        "SCID",
        "severe combined immunodeficiency",
        "severe combined immune deficiency",
        holds="immunodeficiency",
    ),
    _group(
        "cvid",
        "CVID",
        "common variable immunodeficiency",
        "common variable immune deficiency",
        holds="immunodeficiency",
    ),
    _group("cgd", "CGD", "chronic granulomatous disease"),
    _group(
        "itp",
        "ITP",
        "immune thrombocytopenia",
        "immune thrombocytopenic purpura",
        "idiopathic thrombocytopenic purpura",
        holds="thrombocytopenia",
    ),
    _group("ibd", "IBD", "inflammatory bowel disease"),
    _group("ulcerativecolitis", "UC", "ulcerative colitis", capitals=True, holds="colitis"),
    # Cancer.
    _group(
        "rcc",
        "RCC",
        "renal cell carcinoma",
        "renal cell cancer",
        "renal carcinoma",
        "kidney cancer",
        holds="renal carcinoma",
    ),
    _group(
        "mrcc",
        "mRCC",
        "metastatic RCC",
        "metastatic renal cell carcinoma",
        "metastatic renal cell cancer",
        "metastatic renal carcinoma",
        holds="RCC metastatic renal carcinoma",
    ),
    _group(
        "aml",
        "AML",
        "acute myeloid leukaemia",
        "acute myelogenous leukaemia",
        "acute myeloblastic leukaemia",
        holds="leukaemia",
    ),
    _group(
        "cml",
        "CML",
        "chronic myeloid leukaemia",
        "chronic myelogenous leukaemia",
        holds="leukaemia",
    ),
    _group("cll", "CLL", "chronic lymphocytic leukaemia", holds="leukaemia"),
    _group(
        "nhl",
        "NHL",
        "non-Hodgkin lymphoma",
        "non-Hodgkin's lymphoma",
        "nonhodgkin lymphoma",
        holds="lymphoma",
    ),
    _group("ctcl", "CTCL", "cutaneous T-cell lymphoma", holds="lymphoma"),
    _group(
        "nsclc",
        "NSCLC",
        "non-small-cell lung cancer",
        "non-small-cell lung carcinoma",
        holds="lung",
    ),
    _group("hcc", "HCC", "hepatocellular carcinoma", "hepatocellular cancer", holds="carcinoma"),
    # The heart, the lungs, and harms.
    _group(
        "cls",
        "CLS",
        "VLS",
        "capillary leak",
        "vascular leak",
        "capillary leak syndrome",
        "vascular leak syndrome",
        "vascular leakage syndrome",
        holds="leak",
    ),
    _group(
        "ards", "ARDS", "acute respiratory distress syndrome", "adult respiratory distress syndrome"
    ),
    _group("acs", "ACS", "acute coronary syndrome", holds="coronary"),
    _group("crs", "CRS", "cytokine release syndrome"),
    # Words of trials.
    _group(
        "rct",
        "RCT",
        "randomised controlled trial",
        "randomized controlled trial",
        holds="randomised trial",
    ),
)

REWRITTEN: dict[tuple[str, ...], tuple[str, ...]] = {
    ("ld", "il2"): ("low", "dose", "il2"),
    ("hd", "il2"): ("high", "dose", "il2"),
    ("ldil2",): ("low", "dose", "il2"),
    ("hdil2",): ("high", "dose", "il2"),
    ("ril2",): ("recombinant", "il2"),
    ("rhil2",): ("recombinant", "human", "il2"),
    ("rhuil2",): ("recombinant", "human", "il2"),
    ("vs",): ("versus",),
    ("newborn",): ("neonate",),
    ("newborns",): ("neonates",),
}
"""Short forms that are read as the words they stand for."""

SAME: tuple[frozenset[str], ...] = (
    frozenset({"il-2", "il2", "il 2", "interleukin-2", "interleukin 2", "interleukin2"}),
    frozenset({"aldesleukin", "proleukin"}),
)
"""Words that are the same in a name, whoever compares names letter by letter."""
