"""The legacy public XML of ClinicalTrials.gov, shaped as a study of its API v2.

Contacts, officials and investigators are not taken over.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from evidence.registries.ctgov_xml_events import adverse_events
from evidence.registries.ctgov_xml_parts import (
    age,
    all_said,
    block,
    code,
    filled,
    outcomes,
    phases,
    places,
    references,
    said,
    struct,
    told,
    yes_or_no,
)
from evidence.registries.records import Unreadable
from evidence.registries.texts import line, number, partial_date

ROOT = "clinical_study"
PROCESSED = "ClinicalTrials.gov processed this data on "


def study(xml: bytes) -> dict[str, object]:
    """Give the v2 study that a legacy file holds; raises Unreadable for any other file."""
    try:
        element = fromstring(xml, forbid_dtd=True)
    except DefusedXmlException:
        raise Unreadable(
            "This XML declares entities or a document type, and is not read."
        ) from None
    except (ParseError, ValueError, LookupError) as fault:
        raise Unreadable(f"This XML breaks off or is malformed ({fault}).") from None
    if element.tag != ROOT:
        raise Unreadable("This XML is no legacy record of ClinicalTrials.gov.")
    protocol = filled(
        identificationModule=_identification(element),
        statusModule=_status(element),
        sponsorCollaboratorsModule=_sponsors(element),
        oversightModule=filled(oversightHasDmc=yes_or_no(said(element, "oversight_info/has_dmc"))),
        descriptionModule=filled(
            briefSummary=block(element, "brief_summary/textblock"),
            detailedDescription=block(element, "detailed_description/textblock"),
        ),
        conditionsModule=filled(
            conditions=all_said(element, "condition"), keywords=all_said(element, "keyword")
        ),
        designModule=_design(element),
        armsInterventionsModule=_arms(element),
        outcomesModule=filled(
            primaryOutcomes=outcomes(element, "primary_outcome"),
            secondaryOutcomes=outcomes(element, "secondary_outcome"),
            otherOutcomes=outcomes(element, "other_outcome"),
        ),
        eligibilityModule=_eligibility(element),
        contactsLocationsModule=filled(locations=list(places(element))),
        referencesModule=filled(references=list(references(element))),
    )
    reported = element.find("clinical_results/reported_events")
    events = adverse_events(reported) if reported is not None else {}
    return {
        "protocolSection": protocol,
        **filled(
            resultsSection=filled(adverseEventsModule=events), derivedSection=_derived(element)
        ),
        "hasResults": element.find("clinical_results") is not None,
    }


def _identification(element: Element) -> dict[str, object]:
    """Give the names and numbers."""
    return filled(
        nctId=said(element, "id_info/nct_id"),
        nctIdAliases=all_said(element, "id_info/nct_alias"),
        orgStudyIdInfo=filled(id=said(element, "id_info/org_study_id")),
        secondaryIdInfos=[{"id": each} for each in all_said(element, "id_info/secondary_id")],
        organization=filled(fullName=said(element, "source")),
        briefTitle=said(element, "brief_title"),
        officialTitle=said(element, "official_title"),
        acronym=said(element, "acronym"),
    )


def _status(element: Element) -> dict[str, object]:
    """Give status and dates."""
    return filled(
        statusVerifiedDate=partial_date(said(element, "verification_date")),
        overallStatus=code(said(element, "overall_status")),
        lastKnownStatus=code(said(element, "last_known_status")),
        whyStopped=said(element, "why_stopped"),
        expandedAccessInfo=filled(
            hasExpandedAccess=yes_or_no(said(element, "has_expanded_access"))
        ),
        startDateStruct=struct(element, "start_date"),
        primaryCompletionDateStruct=struct(element, "primary_completion_date"),
        completionDateStruct=struct(element, "completion_date"),
        studyFirstSubmitDate=partial_date(said(element, "study_first_submitted")),
        studyFirstPostDateStruct=struct(element, "study_first_posted"),
        resultsFirstSubmitDate=partial_date(said(element, "results_first_submitted")),
        resultsFirstPostDateStruct=struct(element, "results_first_posted"),
        lastUpdateSubmitDate=partial_date(said(element, "last_update_submitted")),
        lastUpdatePostDateStruct=struct(element, "last_update_posted"),
    )


def _sponsors(element: Element) -> dict[str, object]:
    """Give who sponsors it, and who helps."""
    return filled(
        leadSponsor=_agency(element.find("sponsors/lead_sponsor")),
        collaborators=[_agency(each) for each in element.findall("sponsors/collaborator")],
    )


def _agency(element: Element | None) -> dict[str, object]:
    """Give one sponsor; `class` is a word of Python's."""
    name, kind = said(element, "agency"), code(said(element, "agency_class"))
    return filled(**{"name": name, "class": kind})


def _design(element: Element) -> dict[str, object]:
    """Give the design, the phases and the number of people."""
    info = element.find("study_design_info")
    people = element.find("enrollment")
    enrolment = {} if people is None else {"count": _figure(people.text)}
    kind = None if people is None else code(people.get("type"))
    return filled(
        studyType=code(said(element, "study_type")),
        phases=phases(said(element, "phase")),
        designInfo=filled(
            allocation=code(said(info, "allocation")),
            interventionModel=code(said(info, "intervention_model")),
            interventionModelDescription=told(info, "intervention_model_description"),
            primaryPurpose=code(said(info, "primary_purpose")),
            observationalModel=code(said(info, "observational_model")),
            timePerspective=code(said(info, "time_perspective")),
            maskingInfo=filled(masking=code(said(info, "masking"))),
        ),
        enrollmentInfo=filled(**enrolment, type=kind),
    )


def _figure(written: str | None) -> int | str | None:
    """Give a number, or what stands in its place."""
    found = number(written)
    return line(written) if found is None else found


def _arms(element: Element) -> dict[str, object]:
    """Give the arms, the interventions, and which is given in which."""
    given = [
        filled(
            type=code(said(each, "intervention_type")),
            name=said(each, "intervention_name"),
            description=told(each, "description"),
            armGroupLabels=all_said(each, "arm_group_label"),
            otherNames=all_said(each, "other_name"),
        )
        for each in element.findall("intervention")
    ]
    return filled(
        armGroups=[
            filled(
                label=said(each, "arm_group_label"),
                type=code(said(each, "arm_group_type")),
                description=told(each, "description"),
            )
            for each in element.findall("arm_group")
        ],
        interventions=given,
    )


def _eligibility(element: Element) -> dict[str, object]:
    """Give who may take part."""
    found = element.find("eligibility")
    return filled(
        eligibilityCriteria=block(found, "criteria/textblock"),
        healthyVolunteers=yes_or_no(said(found, "healthy_volunteers")),
        sex=code(said(found, "gender")),
        minimumAge=age(said(found, "minimum_age")),
        maximumAge=age(said(found, "maximum_age")),
        studyPopulation=block(found, "study_pop/textblock"),
        samplingMethod=code(said(found, "sampling_method")),
    )


def _derived(element: Element) -> dict[str, object]:
    """Give the day of the data, and the terms that the registry has added."""
    processed = (said(element, "required_header/download_date") or "").removeprefix(PROCESSED)
    meshes = {
        f"{kind}BrowseModule": filled(
            meshes=[{"term": each} for each in all_said(element, f"{kind}_browse/mesh_term")]
        )
        for kind in ("condition", "intervention")
    }
    return filled(
        miscInfoModule=filled(
            versionHolder=partial_date(processed),
            removedCountries=all_said(element, "removed_countries/country"),
        ),
        **meshes,
    )
