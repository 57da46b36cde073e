"""Conditions, agents, effects, trials and papers in schema.org's words: only what is held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from evidence import vocab
from evidence.models import AdverseEffect, Condition, Intervention, Publication, Trial
from evidence.templatetags.things import REGISTRY_PAGES
from evidence.web.references import inverted, is_group
from evidence.web.render import absolute

Said = dict[str, Any]

STUDY_STATUSES = {
    vocab.RecruitmentStatus.ACTIVE_NOT_RECRUITING: "ActiveNotRecruiting",
    vocab.RecruitmentStatus.COMPLETED: "Completed",
    vocab.RecruitmentStatus.ENROLLING_BY_INVITATION: "EnrollingByInvitation",
    vocab.RecruitmentStatus.NOT_YET_RECRUITING: "NotYetRecruiting",
    vocab.RecruitmentStatus.RECRUITING: "Recruiting",
    vocab.RecruitmentStatus.SUSPENDED: "Suspended",
    vocab.RecruitmentStatus.TERMINATED: "Terminated",
    vocab.RecruitmentStatus.WITHDRAWN: "Withdrawn",
}
# Of others, and where no design is stated, no more is said than that it is a study.
STUDY_TYPES = {
    vocab.TrialDesign.RANDOMISED: "MedicalTrial",
    vocab.TrialDesign.NON_RANDOMISED: "MedicalTrial",
    vocab.TrialDesign.SINGLE_GROUP: "MedicalTrial",
    vocab.TrialDesign.OBSERVATIONAL: "MedicalObservationalStudy",
}
INTERVENTION_TYPES = {
    vocab.InterventionKind.ENDOGENOUS: "Substance",
    vocab.InterventionKind.GENE_OR_CELL: "MedicalTherapy",
    vocab.InterventionKind.REGIMEN: "MedicalTherapy",
    vocab.InterventionKind.COMBINATION: "MedicalTherapy",
}
TEXT_TYPES = {
    vocab.PublicationKind.NARRATIVE_PAGE: "WebPage",
    vocab.PublicationKind.LABEL: "CreativeWork",
    vocab.PublicationKind.OTHER: "CreativeWork",
}


def held(kind: str, **said: Any) -> Said:
    """Say what is held of a thing; what is empty or None is not said."""
    return {"@type": kind} | {key: value for key, value in said.items() if value not in _NOTHING}


_NOTHING: tuple[Any, ...] = (None, "", [], ())


def condition(term: Condition) -> Said:
    """Describe a condition."""
    codes = (("MeSH", term.mesh_id), ("ICD-10-CM", term.icd10cm), ("DOID", term.doid))
    return held(
        "MedicalCondition",
        name=term.name,
        alternateName=term.synonym_list,
        description=term.definition,
        url=absolute(f"/conditions/{term.slug}/"),
        code=_codes(codes),
    )


def intervention(term: Intervention) -> Said:
    """Describe a form of IL-2: a drug, a therapy with one, or the body's own substance."""
    codes = (
        ("ATC", term.atc),
        ("DrugBank", term.drugbank),
        ("ChEMBL", term.chembl),
        ("UNII", term.unii),
        ("MeSH", term.mesh_id),
    )
    kind = INTERVENTION_TYPES.get(vocab.InterventionKind(term.kind), "Drug")
    path = absolute(f"/interventions/{term.slug}/")
    return held(
        kind,
        name=term.name,
        alternateName=term.synonym_list,
        description=term.definition,
        url=path,
        code=_codes(codes),
    )


def adverse_effect(term: AdverseEffect) -> Said:
    """Describe an adverse effect."""
    return held(
        "MedicalCondition",
        name=term.name,
        alternateName=term.synonym_list,
        description=term.definition,
        url=absolute(f"/adverse-effects/{term.slug}/"),
        code=_codes([("CTCAE", term.ctcae_term)]),
    )


def _codes(codes: Iterable[tuple[str, str]]) -> list[Said]:
    return [
        held("MedicalCode", codingSystem=system, codeValue=code) for system, code in codes if code
    ]


def trial(found: Trial) -> Said:
    """Describe a trial as registered; schema.org has no word for a phase, which stands in text."""
    kind = STUDY_TYPES.get(vocab.TrialDesign(found.design), "MedicalStudy")
    numbers = list(found.identifiers.all())
    phases = " / ".join(str(vocab.Phase(one).label) for one in found.phases if one != "NA")
    randomised = found.design == vocab.TrialDesign.RANDOMISED
    return held(
        kind,
        name=found.title,
        alternateName=found.acronym,
        description=found.results_summary,
        disambiguatingDescription=phases,
        url=absolute(f"/trials/{found.slug}/"),
        identifier=[
            held("PropertyValue", propertyID=str(one.get_registry_display()), value=one.value)
            for one in numbers
        ],
        sameAs=[
            REGISTRY_PAGES[one.registry].format(one.value)
            for one in numbers
            if one.registry in REGISTRY_PAGES
        ],
        status=_status(found.recruitment_status),
        sponsor=held("Organization", name=found.sponsor) if found.sponsor else None,
        trialDesign="https://schema.org/RandomizedTrial" if randomised else None,
        healthCondition=[
            held("MedicalCondition", name=one.name, url=absolute(f"/conditions/{one.slug}/"))
            for one in found.conditions.all()
        ],
        studySubject=[_in_short(one) for one in found.interventions.all()],
        studyLocation=[held("Country", name=name) for name in found.country_list],
    )


def _in_short(term: Intervention) -> Said:
    kind = INTERVENTION_TYPES.get(vocab.InterventionKind(term.kind), "Drug")
    return held(kind, name=term.name, url=absolute(f"/interventions/{term.slug}/"))


def _status(word: str) -> str | None:
    """Give schema.org's word for a status, or the registry's own where it has none."""
    if not word:
        return None
    known = STUDY_STATUSES.get(vocab.RecruitmentStatus(word))
    return f"https://schema.org/{known}" if known else str(vocab.RecruitmentStatus(word).label)


def publication(one: Publication) -> Said:
    """Describe a publication, with what is held of it and no more."""
    return held(
        TEXT_TYPES.get(vocab.PublicationKind(one.kind), "ScholarlyArticle"),
        name=one.title,
        author=[_author(name) for name in one.author_list],
        datePublished=str(one.year) if one.year else None,
        isPartOf=_container(one),
        pageStart=one.first_page,
        identifier=[
            held("PropertyValue", propertyID=system, value=value)
            for system, value in (
                ("PMID", str(one.pmid or "")),
                ("DOI", one.doi),
                ("PMCID", one.pmcid),
            )
            if value
        ],
        creativeWorkStatus=""
        if one.standing == vocab.Standing.CURRENT
        else str(one.get_standing_display()),
        url=absolute(f"/publications/{one.code}/"),
        sameAs=_elsewhere(one),
    )


def _author(name: str) -> Said:
    if is_group(name):
        return held("Organization", name=name)
    family, _, given = inverted(name).partition(", ")
    return held("Person", name=name, familyName=family, givenName=given)


def _container(one: Publication) -> Said | None:
    if not one.container or TEXT_TYPES.get(vocab.PublicationKind(one.kind)):
        return None
    journal = held("Periodical", name=one.container)
    if not one.volume:
        return journal
    return held("PublicationVolume", volumeNumber=one.volume, isPartOf=journal)


def _elsewhere(one: Publication) -> list[str]:
    pages: Mapping[str, object] = {
        "https://doi.org/{}": one.doi,
        "https://pubmed.ncbi.nlm.nih.gov/{}/": one.pmid,
        "https://pmc.ncbi.nlm.nih.gov/articles/{}/": one.pmcid,
        "{}": one.url,
    }
    return [page.format(value) for page, value in pages.items() if value]
