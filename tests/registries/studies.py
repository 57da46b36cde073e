"""Made-up records, small and whole, and the real ones where a folder of them is at hand."""

from __future__ import annotations

import copy
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.registries.made_up import mentioning_study as mentioning_study
from tests.registries.made_up import small_study as small_study

STUDY: dict[str, Any] = {
    "protocolSection": {
        "identificationModule": {
            "nctId": "NCT01234567",
            "nctIdAliases": ["NCT00002421"],
            "orgStudyIdInfo": {"id": "ABC-1"},
            "secondaryIdInfos": [
                {"id": "2015-000123-12"},
                {"id": "ISRCTN12345678", "type": "REGISTRY"},
                {"id": "2023-503951-81-00", "type": "OTHER"},
                {"id": "U10CA095861", "type": "NIH"},
                {"id": "NCT07654321", "type": "OTHER"},
            ],
            "briefTitle": "Low-dose interleukin-2\r\n in  lupus",
            "officialTitle": "A randomised trial of low-dose interleukin-2 in lupus",
            "acronym": "LUPIL-9",
        },
        "statusModule": {
            "overallStatus": "UNKNOWN",
            "lastKnownStatus": "RECRUITING",
            "whyStopped": "No funds",
            "startDateStruct": {"date": "2015-09"},
            "primaryCompletionDateStruct": {"date": "2017-03-04", "type": "ACTUAL"},
            "completionDateStruct": {"date": "2018", "type": "ESTIMATED"},
            "resultsFirstPostDateStruct": {"date": "2019-01-02", "type": "ACTUAL"},
            "lastUpdatePostDateStruct": {"date": "2020-05-06", "type": "ACTUAL"},
        },
        "sponsorCollaboratorsModule": {
            "responsibleParty": {
                "type": "PRINCIPAL_INVESTIGATOR",
                "investigatorFullName": "Ada Contactperson",
                "investigatorTitle": "Professor",
                "investigatorAffiliation": "Hospital of Somewhere",
                "oldNameTitle": "Ada Contactperson, Professor",
            },
            "leadSponsor": {"name": "University of Somewhere", "class": "OTHER"},
        },
        "descriptionModule": {
            "briefSummary": "CD4 \\> 300\r\nand \\*more\\*. Write to ada@somewhere.example."
        },
        "conditionsModule": {"conditions": ["Lupus", "Lupus", "SLE"], "keywords": ["Treg"]},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE2", "PHASE1"],
            "designInfo": {"allocation": "RANDOMIZED", "interventionModel": "PARALLEL"},
            "enrollmentInfo": {"count": 60, "type": "ACTUAL"},
        },
        "armsInterventionsModule": {
            "armGroups": [
                {
                    "label": "IL-2",
                    "type": "EXPERIMENTAL",
                    "description": "1 MIU",
                    "interventionNames": ["Drug: Proleukin"],
                },
                {"label": "Placebo", "type": "PLACEBO_COMPARATOR"},
                {"label": "Nothing", "type": "SOMETHING_NEW"},
            ],
            "interventions": [
                {
                    "type": "DRUG",
                    "name": "Proleukin",
                    "description": "under the skin",
                    "armGroupLabels": ["IL-2"],
                    "otherNames": ["aldesleukin", "aldesleukin", "rhIL-2"],
                },
                {"type": "OTHER", "name": "Saline: sterile", "armGroupLabels": ["Placebo"]},
            ],
        },
        "outcomesModule": {
            "primaryOutcomes": [
                {"measure": "Flares", "description": "SLEDAI \\<4", "timeFrame": "24 weeks"}
            ]
        },
        "eligibilityModule": {"minimumAge": "18 Years", "maximumAge": "65 Years"},
        "contactsLocationsModule": {
            "centralContacts": [
                {"name": "Ada Contactperson", "phone": "555-0100", "email": "ada@somewhere.example"}
            ],
            "overallOfficials": [{"name": "Bert Official", "affiliation": "Hospital"}],
            "locations": [
                {
                    "facility": "Hospital",
                    "city": "Lyon",
                    "country": "France",
                    "contacts": [{"name": "Carla Contactperson", "phone": "555-0101"}],
                },
                {"facility": "Clinic", "country": "Germany"},
                {"facility": "Practice", "country": "France"},
            ],
        },
        "referencesModule": {
            "references": [
                {"pmid": "12345678", "type": "RESULT", "citation": "A trial."},
                {"citation": "A book."},
                {"pmid": "not known"},
            ]
        },
    },
    "resultsSection": {
        "adverseEventsModule": {
            "frequencyThreshold": "5",
            "timeFrame": "24 weeks",
            "eventGroups": [
                {
                    "id": "EG000",
                    "title": "IL-2",
                    "seriousNumAffected": 1,
                    "seriousNumAtRisk": 30,
                },
                {"id": "EG001", "title": "Placebo", "otherNumAtRisk": 0},
            ],
            "seriousEvents": [
                {
                    "term": "Capillary leak syndrome",
                    "organSystem": "Vascular disorders",
                    "sourceVocabulary": "MedDRA (10.0)",
                    "assessmentType": "SYSTEMATIC_ASSESSMENT",
                    "stats": [
                        {"groupId": "EG000", "numAffected": 0, "numAtRisk": 30, "numEvents": 0},
                        {"groupId": "EG001", "numAtRisk": 0},
                    ],
                }
            ],
            "otherEvents": [{"term": "Fever", "sourceVocabulary": "Cough", "stats": []}],
        },
        "moreInfoModule": {
            "pointOfContact": {"title": "Dora Pointofcontact", "email": "dora@somewhere.example"}
        },
    },
    "annotationSection": {
        "annotationModule": {
            "unpostedAnnotation": {"unpostedResponsibleParty": "Ada Contactperson"}
        }
    },
    "derivedSection": {"miscInfoModule": {"versionHolder": "2026-02-04"}},
    "hasResults": True,
}


def study(**modules: Any) -> dict[str, Any]:
    """Give a copy of the made-up study with modules of its protocol put in place of its own.

    A module that is None is left out.
    """
    made = copy.deepcopy(STUDY)
    protocol = made["protocolSection"]
    for name, module in modules.items():
        protocol[name] = module
        if module is None:
            del protocol[name]
    return made


def real_studies(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every v2 study of the folder with a word on where it is from."""
    for path in sorted([*folder.glob("ctgov_v2_*/*.json"), *folder.glob("ctrdata_CTGOV2/*.json")]):
        found = json.loads(path.read_bytes())
        if isinstance(found, dict):
            found = found.get("studies", [found])
        for at, each in enumerate(found):
            yield f"{path.parent.name}/{path.name}[{at}]", each
    for path in sorted(folder.glob("ctgov_v2_*/*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as rows:
            for at, row in enumerate(rows):
                yield f"{path.name}[{at}]", json.loads(row)
