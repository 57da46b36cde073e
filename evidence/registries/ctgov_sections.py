"""The sections of a study of ClinicalTrials.gov, and what a payload without one says nothing of.

Who asks its API for some fields alone gets studies without the other sections.
"""

from __future__ import annotations

from collections.abc import Mapping

from evidence.registries.parts import part

SECTIONS: Mapping[str, frozenset[str]] = {
    "statusModule": frozenset(
        {
            *("recruitment_status", "why_stopped", "start", "primary_completion", "completion"),
            *("results_posted", "registry_updated"),
        }
    ),
    "sponsorCollaboratorsModule": frozenset({"sponsor"}),
    "designModule": frozenset({"design", "phases", "enrolment", "enrolment_type"}),
    "armsInterventionsModule": frozenset({"arms"}),
    "outcomesModule": frozenset({"primary_outcome"}),
    "eligibilityModule": frozenset({"min_age_days", "max_age_days"}),
    "contactsLocationsModule": frozenset({"countries"}),
}
"""The fields of a trial that are read from each section."""


def not_said(data: Mapping[str, object]) -> frozenset[str]:
    """Return the fields whose sections are not in a study's payload, by their names here."""
    protocol = part(data, "protocolSection")
    return frozenset(
        name for section, names in SECTIONS.items() if section not in protocol for name in names
    )
