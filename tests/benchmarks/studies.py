"""Pages of made-up studies, of no meaning but of the real shape, and as long as short real ones."""

from __future__ import annotations

import json
import random
from typing import Any

PAGE = 1_000
WORDS = (
    "aldesleukin patients cells dose response treatment weeks days daily cycle therapy survival "
    "regulatory toxicity grade subcutaneous intravenous metastatic disease measured by within "
    "prior informed consent no the of and with a in to who are per is be at from or for not more "
    "than after before on that will have other each any were received study"
).split()
STATUSES = ("RECRUITING", "ACTIVE_NOT_RECRUITING", "COMPLETED")


def page(number: int, *, size: int, change: int) -> str:
    """Give a page of studies as JSON; another `change` moves status and dates of every one."""
    return json.dumps({"studies": [_study(number * PAGE + at, change) for at in range(size)]})


def _study(number: int, change: int) -> dict[str, Any]:
    chance = random.Random(number)  # noqa: S311 - a repeatable study, not a secret

    def words(least: int, most: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(least, most)))

    year = 2000 + number % 20
    protocol = {
        "identificationModule": {
            "nctId": f"NCT{number + 1:08}",
            "orgStudyIdInfo": {"id": f"MADE-UP-{number}"},
            "organization": {"fullName": "University of Somewhere", "class": "OTHER"},
            "briefTitle": words(8, 16),
            "officialTitle": words(14, 30),
        },
        "statusModule": {
            "statusVerifiedDate": f"{year}-0{1 + change % 9}",
            "overallStatus": STATUSES[change % len(STATUSES)],
            "startDateStruct": {"date": f"{year}-03-15", "type": "ACTUAL"},
            "primaryCompletionDateStruct": {"date": f"{year + 3}-0{1 + change % 9}"},
            "completionDateStruct": {"date": f"{year + 4}-0{1 + change % 9}", "type": "ACTUAL"},
            "studyFirstSubmitDate": f"{year}-01-10",
            "lastUpdateSubmitDate": f"2025-01-{change + 1:02}",
            "lastUpdatePostDateStruct": {"date": f"2025-01-{change + 2:02}", "type": "ACTUAL"},
        },
        "sponsorCollaboratorsModule": {
            "responsibleParty": {"type": "SPONSOR"},
            "leadSponsor": {"name": f"Hospital {number % 400}", "class": "OTHER"},
        },
        "oversightModule": {"oversightHasDmc": True, "isFdaRegulatedDrug": True},
        "descriptionModule": {
            "briefSummary": words(40, 90),
            "detailedDescription": words(40, 160),
        },
        "conditionsModule": {"conditions": [words(1, 3)], "keywords": [words(1, 2), words(1, 2)]},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE1", "PHASE2"] if number % 3 else ["PHASE2"],
            "designInfo": {
                "allocation": "RANDOMIZED",
                "interventionModel": "PARALLEL",
                "primaryPurpose": "TREATMENT",
                "maskingInfo": {"masking": "DOUBLE", "whoMasked": ["PARTICIPANT"]},
            },
            "enrollmentInfo": {"count": chance.randint(8, 900), "type": "ACTUAL"},
        },
        "armsInterventionsModule": {
            "armGroups": [
                {
                    "label": label,
                    "type": kind,
                    "description": words(10, 30),
                    "interventionNames": [f"Drug: {given}"],
                }
                for label, kind, given in (
                    ("IL-2", "EXPERIMENTAL", "Aldesleukin"),
                    ("Placebo", "PLACEBO_COMPARATOR", "Saline"),
                )
            ],
            "interventions": [
                {
                    "type": "DRUG",
                    "name": name,
                    "description": words(8, 25),
                    "armGroupLabels": [label],
                }
                for name, label in (("Aldesleukin", "IL-2"), ("Saline", "Placebo"))
            ],
        },
        "outcomesModule": {
            key: [
                {"measure": words(5, 12), "description": words(10, 30), "timeFrame": "1 year"}
                for _ in range(several)
            ]
            for key, several in (("primaryOutcomes", 1), ("secondaryOutcomes", 3))
        },
        "eligibilityModule": {
            "eligibilityCriteria": words(60, 150),
            "healthyVolunteers": False,
            "sex": "ALL",
            "minimumAge": "18 Years",
            "stdAges": ["ADULT", "OLDER_ADULT"],
        },
        "contactsLocationsModule": {
            "locations": [
                {
                    "facility": f"Hospital {chance.randint(1, 400)}",
                    "city": "Somewhere",
                    "country": country,
                    "geoPoint": {"lat": 51.5, "lon": -0.12},
                }
                for country in chance.sample(["France", "Italy", "Spain", "Norway"], k=3)
            ]
        },
    }
    derived = {"miscInfoModule": {"versionHolder": "2026-11-20"}}
    return {"protocolSection": protocol, "derivedSection": derived, "hasResults": False}
