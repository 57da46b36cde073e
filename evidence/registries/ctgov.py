"""Studies of ClinicalTrials.gov, as its API v2 gives them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from evidence import vocab
from evidence.registries import ctgov_arms, unread
from evidence.registries.ctgov_contacts import without_people
from evidence.registries.ctgov_events import adverse_events
from evidence.registries.foreign import sentence
from evidence.registries.ids import NCT, identifier, nct
from evidence.registries.parts import lines, part, parts, several, word
from evidence.registries.records import (
    Identifier,
    Payload,
    Reference,
    StudyOutcome,
    TrialRecord,
    Unreadable,
)
from evidence.registries.texts import ages, line, number, partial_date, text, unescaped

SOURCE = vocab.Source.CTGOV.value
STATUSES = frozenset(vocab.RecruitmentStatus.values)
PHASES = tuple(vocab.Phase.values)
REFERENCE_KINDS = frozenset({"BACKGROUND", "RESULT", "DERIVED"})
ENROLMENT_TYPES: Mapping[str, str] = {
    "ACTUAL": vocab.EnrolmentType.ACTUAL.value,
    "ESTIMATED": vocab.EnrolmentType.ESTIMATED.value,
}
ALLOCATIONS: Mapping[str, str] = {
    "RANDOMIZED": vocab.TrialDesign.RANDOMISED.value,
    "NON_RANDOMIZED": vocab.TrialDesign.NON_RANDOMISED.value,
    "NA": vocab.TrialDesign.SINGLE_GROUP.value,
}
UNREAD: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("recruitment_status", "status", ("statusModule", "overallStatus")),
    ("enrolment", "enrolment", ("designModule", "enrollmentInfo", "count")),
    ("enrolment_type", "enrolment_type", ("designModule", "enrollmentInfo", "type")),
    ("start", "start", ("statusModule", "startDateStruct", "date")),
    (
        *("primary_completion", "primary_completion"),
        ("statusModule", "primaryCompletionDateStruct", "date"),
    ),
    ("completion", "completion", ("statusModule", "completionDateStruct", "date")),
    ("results_posted", "results_posted", ("statusModule", "resultsFirstPostDateStruct", "date")),
    ("registry_updated", "updated", ("statusModule", "lastUpdatePostDateStruct", "date")),
    ("min_age_days", "min_age_days", ("eligibilityModule", "minimumAge")),
    ("max_age_days", "max_age_days", ("eligibilityModule", "maximumAge")),
)
"""Fields of a trial, what has them in its record, and where they stand in the protocol."""


def payload(study: object) -> Payload:
    """Take a v2 study in, without people's contact data; it is not changed.

    Raises Unreadable for anything that is no v2 study with a number and a title.
    """
    if not isinstance(study, dict) or not isinstance(study.get("protocolSection"), dict):
        raise Unreadable(sentence(study))
    number_there, _ = _name(study)
    data = without_people(study)
    held = part(study, "derivedSection", "miscInfoModule").get("versionHolder")
    return Payload(source=SOURCE, value=number_there, data=data, data_date=partial_date(held))


def _name(data: Mapping[str, object]) -> tuple[str, str]:
    """Give a study's number and title."""
    named = part(data, "protocolSection", "identificationModule")
    given = named.get("nctId")
    if not isinstance(given, str) or not (NCT.fullmatch(given) and given.isupper()):
        raise Unreadable("This study has no well-formed NCT number (NCT and eight digits).")
    title = line(named.get("briefTitle")) or line(named.get("officialTitle"))
    if title is None:
        raise Unreadable(f"{given} has no title.")
    return given, title


def read(data: Mapping[str, object]) -> TrialRecord:
    """Read the data of a payload; raises Unreadable where it has no number or no title."""
    data = dict(data)
    given, title = _name(data)
    protocol = part(data, "protocolSection")
    named = part(protocol, "identificationModule")
    status = part(protocol, "statusModule")
    eligible = part(protocol, "eligibilityModule")
    conditions = part(protocol, "conditionsModule")
    given_module = part(protocol, "armsInterventionsModule")
    design = part(protocol, "designModule")
    enrolment, enrolment_type = _enrolment(part(design, "enrollmentInfo"))
    youngest, oldest = ages(eligible.get("minimumAge"), eligible.get("maximumAge"))
    record = TrialRecord(
        source=SOURCE,
        id=Identifier(registry=vocab.Registry.NCT.value, value=given),
        title=title,
        aliases=_aliases(named, given),
        other_ids=_other_ids(named),
        official_title=line(named.get("officialTitle")),
        acronym=line(named.get("acronym")),
        summary=unescaped(part(protocol, "descriptionModule").get("briefSummary")),
        status=word(status.get("overallStatus"), STATUSES),
        last_known_status=word(status.get("lastKnownStatus"), STATUSES),
        why_stopped=text(status.get("whyStopped")),
        phases=_phases(design),
        design=_design(design),
        enrolment=enrolment,
        enrolment_type=enrolment_type,
        start=_date(status, "startDateStruct"),
        primary_completion=_date(status, "primaryCompletionDateStruct"),
        completion=_date(status, "completionDateStruct"),
        min_age_days=youngest,
        max_age_days=oldest,
        sponsor=line(part(protocol, "sponsorCollaboratorsModule", "leadSponsor").get("name")),
        countries=_countries(part(protocol, "contactsLocationsModule")),
        conditions=lines(conditions, "conditions"),
        keywords=lines(conditions, "keywords"),
        interventions=tuple(ctgov_arms.interventions(given_module)),
        arms=tuple(ctgov_arms.arms(given_module)),
        primary_outcomes=tuple(_outcomes(part(protocol, "outcomesModule"), "primaryOutcomes")),
        results_posted=_date(status, "resultsFirstPostDateStruct"),
        has_results=data.get("hasResults") is True or bool(part(data, "resultsSection")),
        updated=_date(status, "lastUpdatePostDateStruct"),
        references=tuple(_references(part(protocol, "referencesModule"))),
        adverse_events=adverse_events(part(data, "resultsSection", "adverseEventsModule")),
    )
    odd = tuple(_unread(data.get("protocolSection"), record))
    return replace(record, unread=odd) if odd else record


def _unread(protocol: object, record: TrialRecord) -> Iterator[tuple[str, str]]:
    """Give the fields that stand in a protocol but are not understood, with its words."""
    for field, name, path in UNREAD:
        if getattr(record, name) is None:
            found = unread.given(protocol, *path)
            is_word = isinstance(found, str) and field == "enrolment_type"
            if found is not None and not (is_word and found in ENROLMENT_TYPES):
                yield field, unread.words(found)
    phases = unread.given(protocol, "designModule", "phases")
    for phase in phases if isinstance(phases, list) else [phases]:
        if phase is not None and not (isinstance(phase, str) and phase in PHASES):
            yield "phases", unread.words(phase)
            break
    if record.design == vocab.TrialDesign.NOT_STATED.value:
        allocation = unread.given(protocol, "designModule", "designInfo", "allocation")
        if allocation is not None:
            yield "design", unread.words(allocation)


def _date(status: Mapping[str, object], key: str) -> str | None:
    """Read one of the dates that have a type beside them."""
    return partial_date(part(status, key).get("date"))


def _aliases(named: Mapping[str, object], given: str) -> tuple[str, ...]:
    """Read the numbers that the study had before."""
    return tuple(alias for alias in lines(named, "nctIdAliases") if nct(alias) == alias != given)


def _other_ids(named: Mapping[str, object]) -> tuple[Identifier, ...]:
    """Read the numbers of other registries, by how they are written: their type is often missing.

    An NCT number among them is another study's, such as the one that it follows.
    """
    texts = [line(each.get("id")) for each in parts(named, "secondaryIdInfos")]
    texts.append(line(part(named, "orgStudyIdInfo").get("id")))
    found = (identifier(each) for each in texts if each)
    return tuple(
        dict.fromkeys(each for each in found if each and each.registry != vocab.Registry.NCT)
    )


def _phases(design: Mapping[str, object]) -> tuple[str, ...] | None:
    """Read the phases in their order; None where the record gives none, which is not NA."""
    found = {each for each in several(design, "phases") if isinstance(each, str)}
    return tuple(phase for phase in PHASES if phase in found) or None


def _design(design: Mapping[str, object]) -> str:
    """Give our word for how people are allotted."""
    kind = design.get("studyType")
    if kind == "EXPANDED_ACCESS":
        return vocab.TrialDesign.EXPANDED_ACCESS.value
    if kind == "OBSERVATIONAL":
        return vocab.TrialDesign.OBSERVATIONAL.value
    how = part(design, "designInfo")
    allocation = how.get("allocation")
    if isinstance(allocation, str) and allocation in ALLOCATIONS:
        return ALLOCATIONS[allocation]
    if how.get("interventionModel") == "SINGLE_GROUP":
        return vocab.TrialDesign.SINGLE_GROUP.value
    return vocab.TrialDesign.NOT_STATED.value


def _enrolment(info: Mapping[str, object]) -> tuple[int | None, str | None]:
    """Read the number of people, and whether it is counted; the latter only with a number."""
    count, kind = number(info.get("count")), info.get("type")
    known = ENROLMENT_TYPES.get(kind) if isinstance(kind, str) else None
    return count, known if count is not None else None


def _countries(contacts: Mapping[str, object]) -> tuple[str, ...]:
    """Read the countries with a site, each once, in the order of the sites."""
    found = (line(place.get("country")) for place in parts(contacts, "locations"))
    return tuple(dict.fromkeys(each for each in found if each))


def _outcomes(module: Mapping[str, object], key: str) -> Iterator[StudyOutcome]:
    """Read the outcomes that say what is measured."""
    for outcome in parts(module, key):
        if measure := line(outcome.get("measure")):
            yield StudyOutcome(
                measure=measure,
                description=unescaped(outcome.get("description")),
                time_frame=line(outcome.get("timeFrame")),
            )


def _references(module: Mapping[str, object]) -> Iterator[Reference]:
    """Read the papers that have a PMID or a citation."""
    for reference in parts(module, "references"):
        pmid, citation = number(reference.get("pmid")), line(reference.get("citation"))
        if pmid or citation:
            yield Reference(
                pmid=pmid or None,
                kind=word(reference.get("type"), REFERENCE_KINDS),
                citation=citation,
            )
