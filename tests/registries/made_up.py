"""Made-up records of studies as ClinicalTrials.gov's API gives them."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

WHOLE = ("hasResults", "resultsSection", "protocolSection", "derivedSection")
PLACES: dict[str, tuple[str, ...]] = {
    "identificationModule": (
        "nctIdAliases",
        "orgStudyIdInfo",
        "secondaryIdInfos",
        "organization",
        "briefTitle",
        "officialTitle",
        "acronym",
    ),
    "statusModule": (
        "overallStatus",
        "lastKnownStatus",
        "whyStopped",
        "startDateStruct",
        "primaryCompletionDateStruct",
        "completionDateStruct",
        "resultsFirstPostDateStruct",
        "lastUpdatePostDateStruct",
    ),
    "sponsorCollaboratorsModule": ("leadSponsor", "responsibleParty"),
    "descriptionModule": ("briefSummary", "detailedDescription"),
    "conditionsModule": ("conditions", "keywords"),
    "designModule": ("studyType", "phases", "designInfo", "enrollmentInfo"),
    "armsInterventionsModule": ("armGroups", "interventions"),
    "outcomesModule": ("primaryOutcomes", "secondaryOutcomes"),
    "eligibilityModule": ("minimumAge", "maximumAge", "eligibilityCriteria"),
    "contactsLocationsModule": ("locations", "centralContacts", "overallOfficials"),
    "referencesModule": ("references",),
}


def small_study(nct: str = "NCT00000101", **changes: Any) -> dict[str, Any]:
    """A made-up study that gives IL-2.

    Changes are by their ClinicalTrials.gov key, wherever PLACES has it: `briefTitle=…`,
    `overallStatus=…`, `enrollmentInfo={"count": 60}`; None takes the key away.
    """
    study: dict[str, Any] = {
        "protocolSection": {
            "identificationModule": {
                "nctId": nct,
                "orgStudyIdInfo": {"id": f"ORG-{nct[-4:]}"},
                "organization": {"fullName": "Example University", "class": "OTHER"},
                "briefTitle": f"Low-dose interleukin-2 in made-up disease {int(nct[3:])}",
                "officialTitle": "A Randomised Trial of Aldesleukin in a Made-up Disease",
            },
            "statusModule": {
                "statusVerifiedDate": "2025-01",
                "overallStatus": "RECRUITING",
                "startDateStruct": {"date": "2020-01", "type": "ACTUAL"},
                "primaryCompletionDateStruct": {"date": "2023-06-30", "type": "ESTIMATED"},
                "completionDateStruct": {"date": "2024-01", "type": "ESTIMATED"},
                "lastUpdatePostDateStruct": {"date": "2025-01-15", "type": "ACTUAL"},
            },
            "sponsorCollaboratorsModule": {
                "leadSponsor": {"name": "Example University", "class": "OTHER"},
            },
            "descriptionModule": {"briefSummary": "A study made up for a test."},
            "conditionsModule": {"conditions": ["Systemic Lupus Erythematosus"]},
            "designModule": {
                "studyType": "INTERVENTIONAL",
                "phases": ["PHASE2"],
                "designInfo": {"allocation": "RANDOMIZED", "interventionModel": "PARALLEL"},
                "enrollmentInfo": {"count": 60, "type": "ESTIMATED"},
            },
            "armsInterventionsModule": {
                "armGroups": [
                    {
                        "label": "Aldesleukin",
                        "type": "EXPERIMENTAL",
                        "description": "1 MIU a day subcutaneously for five days",
                        "interventionNames": ["Drug: Aldesleukin"],
                    },
                    {
                        "label": "Placebo",
                        "type": "PLACEBO_COMPARATOR",
                        "interventionNames": ["Drug: Placebo"],
                    },
                ],
                "interventions": [
                    {
                        "type": "DRUG",
                        "name": "Aldesleukin",
                        "armGroupLabels": ["Aldesleukin"],
                        "otherNames": ["Proleukin", "IL-2"],
                    },
                    {"type": "DRUG", "name": "Placebo", "armGroupLabels": ["Placebo"]},
                ],
            },
            "outcomesModule": {
                "primaryOutcomes": [{"measure": "SRI-4 response", "timeFrame": "Week 12"}],
            },
            "eligibilityModule": {"minimumAge": "18 Years", "maximumAge": "65 Years"},
            "contactsLocationsModule": {
                "locations": [{"city": "Berlin", "country": "Germany"}],
            },
        },
        "derivedSection": {"miscInfoModule": {"versionHolder": "2025-02-01"}},
        "hasResults": False,
    }
    for key, value in changes.items():
        _put(study, key, value)
    return study


def _put(study: dict[str, Any], key: str, value: Any) -> None:
    """Put a value where ClinicalTrials.gov keeps it; None takes it away."""
    if key in WHOLE:
        place = study
    else:
        (module,) = (name for name, keys in PLACES.items() if key in keys or key == name)
        section = study["protocolSection"]
        place = section if key == module else section.setdefault(module, {})
    if value is None:
        place.pop(key, None)
    else:
        place[key] = copy.deepcopy(value)


def mentioning_study(nct: str = "NCT00000901", **changes: Any) -> dict[str, Any]:
    """A made-up study that only measures the soluble IL-2 receptor and gives something else."""
    return small_study(
        nct,
        **{
            "briefTitle": "Methotrexate in a made-up disease",
            "officialTitle": "A Trial of Methotrexate With Soluble IL-2 Receptor as an End Point",
            "armGroups": [
                {
                    "label": "Methotrexate",
                    "type": "EXPERIMENTAL",
                    "interventionNames": ["Drug: Methotrexate"],
                }
            ],
            "interventions": [{"type": "DRUG", "name": "Methotrexate"}],
            "primaryOutcomes": [{"measure": "Soluble IL-2 receptor", "timeFrame": "Week 12"}],
            **changes,
        },
    )


def many_studies(count: int, *, start: int = 101) -> list[dict[str, Any]]:
    """That many made-up studies that give IL-2, numbered upwards."""
    return [small_study(f"NCT{number:08}") for number in range(start, start + count)]


def number_of(study: Mapping[str, Any]) -> str:
    """The NCT number of a record as the API gives it."""
    return str(study["protocolSection"]["identificationModule"]["nctId"])


def numbers_of(studies: Sequence[Mapping[str, Any]]) -> list[str]:
    """The NCT numbers of records as the API gives them."""
    return [number_of(study) for study in studies]
