"""What the tables of trials, publications and approvals refuse."""

from __future__ import annotations

from evidence import vocab
from evidence.models import (
    Approval,
    Arm,
    Publication,
    Trial,
    TrialIdentifier,
    TrialPhase,
    TrialPublication,
)
from tests.models.violations.kit import (
    Check,
    Columns,
    Twice,
    Violation,
    address,
    counted,
    fact,
    given,
    known,
    of,
    partial_date,
    shapes,
)

TRIAL: dict[str, Violation] = {
    **fact(),
    "title_given": given("title"),
    "slug_given": given("slug"),
    "design_known": known("design", vocab.TrialDesign),
    "recruitment_status_known": known("recruitment_status", vocab.RecruitmentStatus, blank=True),
    "enrolment_type_known": known("enrolment_type", vocab.EnrolmentType, blank=True, enrolment=1),
    "enrolment_type_of_number": Check(
        refused=[{"enrolment": None, "enrolment_type": "actual"}],
        allowed=[
            {"enrolment": None, "enrolment_type": ""},
            {"enrolment": 0, "enrolment_type": "actual"},
            {"enrolment": 4111, "enrolment_type": ""},
        ],
    ),
    "start_date": partial_date("start"),
    "primary_completion_date": partial_date("primary_completion"),
    "completion_date": partial_date("completion"),
    "results_posted_date": partial_date("results_posted"),
    "registry_updated_date": partial_date("registry_updated"),
    "ages_in_order": Check(
        refused=[{"min_age_days": 29, "max_age_days": 28}],
        allowed=[
            {"min_age_days": 28, "max_age_days": 28},
            {"min_age_days": 28, "max_age_days": None},
            {"min_age_days": None, "max_age_days": 28},
            {"min_age_days": None, "max_age_days": None},
        ],
    ),
}

PHASE: dict[str, Violation] = {
    "once": Twice(
        same=["trial", "phase"],
        unless=[{"phase": "PHASE2"}, {"trial": lambda pair: pair.second.trial}],
    ),
    "phase_known": known("phase", vocab.Phase),
}


def _identifier(registry: str, *values: str) -> list[Columns]:
    return [{"registry": registry, "value": value} for value in values]


IDENTIFIER: dict[str, Violation] = {
    "once": Twice(same=["registry", "value"], unless=[{"value": "NCT99999999"}]),
    "registry_known": Check(
        refused=_identifier("?", "NCT00004978") + _identifier("nct", "NCT00004978"),
        allowed=_identifier("NCT", "NCT00004978"),
        also=["shape"],  # of a registry that nobody knows
    ),
    "value_given": Check(refused=_identifier("other", ""), allowed=_identifier("other", "x")),
    "shape": Check(
        refused=[
            *_identifier("NCT", "NCT0000497", "NCT000049789", "nct00004978", "NCT0000497x"),
            *_identifier("NCT", "ISRCTN27852285", "00004978", "NCT-0004978"),
            *_identifier("ISRCTN", "ISRCTN2785228", "isrctn27852285", "ISRCTN2785228x"),
            *_identifier("EUCTR", "2004-000563-2", "2004-000563-2x", "200400-0563-29"),
            *_identifier("EUCTR", "2004 000563 29", "--------------", "NCT00004978"),
            *_identifier("CTIS", "2023-508923-1", "2023/508923/10"),
            *_identifier("ChiCTR", "ChiCTR", "CHICTR2000034567", "2000034567"),
        ],
        allowed=[
            *_identifier("NCT", "NCT00004978"),
            *_identifier("ISRCTN", "ISRCTN27852285"),
            *_identifier("EUCTR", "2004-000563-29"),
            *_identifier("CTIS", "2023-508923-10"),
            *_identifier("ChiCTR", "ChiCTR2000034567", "ChiCTR-TRC-12002179"),
            *_identifier("other", "ACTG A5102"),
        ],
    ),
}

ARM: dict[str, Violation] = {
    "label_given": given("label"),
    "kind_known": known("kind", vocab.ArmKind),
    "route_known": known("route", vocab.Route),
    "dose_unit_known": Check(
        refused=[{"dose_low": 1, "dose_unit": unit} for unit in ("?", "iu", "IE", "units")],
        allowed=[{"dose_low": 1, "dose_unit": "IU"}, {"dose_unit": ""}],
    ),
    "dose_in_order": Check(
        refused=[
            {"dose_low": 7.5, "dose_high": 7.4, "dose_unit": "MIU"},
            {"dose_low": -1, "dose_unit": "MIU"},
            {"dose_low": -2, "dose_high": -1, "dose_unit": "MIU"},
            {"dose_low": None, "dose_high": 7.5},
        ],
        allowed=[
            {"dose_low": None, "dose_high": None},
            {"dose_low": 7.5, "dose_high": 7.5, "dose_unit": "MIU"},
            {"dose_low": 0, "dose_high": None, "dose_unit": "MIU"},
        ],
    ),
    "dose_with_unit": Check(
        refused=[{"dose_low": 7.5, "dose_unit": ""}, {"dose_low": None, "dose_unit": "MIU"}],
        allowed=[{"dose_low": 7.5, "dose_unit": "MIU"}, {"dose_low": None, "dose_unit": ""}],
    ),
}

NUMBERLESS: Columns = {
    "pmid": None,
    "doi": "",
    "pmcid": "",
    "container": "",
    "year": None,
    "first_page": "",
}
BY_PAGE: Columns = {**NUMBERLESS, "container": "Blood", "year": 2001, "first_page": "1551"}

PUBLICATION: dict[str, Violation] = {
    **fact(),
    "kind_known": known("kind", vocab.PublicationKind),
    "standing_known": known("standing", vocab.Standing),
    "title_given": given("title"),
    "year_range": counted("year", refused=[1899, 2101], allowed=[1900, 2100]),
    "pmid_range": Check(
        refused=[{**BY_PAGE, "pmid": pmid} for pmid in (0, 100_000_000)],
        allowed=[{**BY_PAGE, "pmid": pmid} for pmid in (None, 1, 99_999_999)],
    ),
    "doi_shape": shapes(
        "doi",
        refused=["10.1/x", "doi:10.1056/x", "https://doi.org/10.1056/x", "11.1056/x"],
        allowed=["", "10.1056/NEJMoa0903175"],
    ),
    "pmcid_shape": shapes(
        "pmcid",
        refused=["2869083", "PMC", "pmc2869083", "PMC286908x", "PMC 2869083"],
        allowed=["", "PMC1", "PMC2869083"],
    ),
    "url_https": address(),
    "doi_once": Twice(
        same=["doi"],
        first={"doi": "10.1056/NEJMoa0903175"},
        unless=[{"doi": "10.1056/NEJMoa0903176"}, {"doi": ""}],
    ),
    "pmcid_once": Twice(
        same=["pmcid"], first={"pmcid": "PMC1"}, unless=[{"pmcid": "PMC2"}, {"pmcid": ""}]
    ),
    "identified": Check(
        refused=[
            NUMBERLESS,
            {**BY_PAGE, "container": ""},
            {**BY_PAGE, "year": None},
            {**BY_PAGE, "first_page": ""},
            {**NUMBERLESS, "kind": "review", "url": "https://example.org/"},
            {**NUMBERLESS, "kind": "label"},
        ],
        allowed=[
            {**NUMBERLESS, "pmid": 19710484},
            {**NUMBERLESS, "doi": "10.1056/x"},
            {**NUMBERLESS, "pmcid": "PMC2869083"},
            BY_PAGE,
            {**NUMBERLESS, "kind": "narrative-page"},
            {**NUMBERLESS, "kind": "label", "url": "https://example.org/"},
        ],
    ),
}

TRIAL_PUBLICATION: dict[str, Violation] = {
    "once": Twice(
        same=["trial", "publication"],
        unless=[
            {"trial": lambda pair: pair.second.trial},
            {"publication": lambda pair: pair.second.publication},
        ],
    ),
    "relation_known": known("relation", vocab.PublicationRelation),
    "start_date": partial_date("start"),
    "completion_date": partial_date("completion"),
}

APPROVAL: dict[str, Violation] = {
    **fact(),
    "once": Twice(
        same=["intervention", "condition", "population", "agency"],
        unless=[
            {"intervention": lambda pair: pair.second.intervention},
            {"condition": lambda pair: pair.second.condition},
            {"population": "child"},
            {"agency": "EMA"},
        ],
    ),
    "population_known": known("population", vocab.Population),
    "agency_known": known("agency", vocab.Agency),
    "from_year_range": counted("from_year", refused=[1979, 2101], allowed=[1980, 2100]),
    "withdrawn_year_range": counted("withdrawn_year", refused=[1979, 2101], allowed=[1980, 2100]),
    "ends_after_it_began": Check(
        refused=[{"from_year": 1992, "withdrawn_year": 1991}],
        allowed=[
            {"from_year": 1992, "withdrawn_year": 1992},
            {"from_year": None, "withdrawn_year": 1991},
            {"from_year": 1992, "withdrawn_year": None},
        ],
    ),
    "url_https": address(),
}

FACTS: dict[str, Violation] = {
    **of(Trial, TRIAL),
    **of(TrialPhase, PHASE),
    **of(TrialIdentifier, IDENTIFIER),
    **of(Arm, ARM),
    **of(Publication, PUBLICATION),
    **of(TrialPublication, TRIAL_PUBLICATION),
    **of(Approval, APPROVAL),
}
