"""What a registry or the literature says of one thing, as frozen values.

Texts are without control characters and stray blanks; None is "not given", an empty tuple "none
given". Dates are as precise as their source: `2015`, `2015-09` or `2015-09-03`. No record holds
the contact data of a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


class Unreadable(ValueError):
    """A payload that is no record; its words say in one line what is wrong with it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Identifier:
    """A number of a study: `registry` is a value of `vocab.Registry`."""

    registry: str
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenThing:
    """One intervention of a study: `kind` in the registry's word, such as DRUG."""

    kind: str | None
    name: str
    description: str | None = None
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class StudyArm:
    """One arm: `kind` is a value of `vocab.ArmKind`; `given` names its interventions."""

    label: str
    kind: str
    description: str | None = None
    given: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class StudyOutcome:
    """One registered outcome."""

    measure: str
    description: str | None = None
    time_frame: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """A paper that a study's record names; `kind` is BACKGROUND, RESULT, DERIVED or None."""

    pmid: int | None
    kind: str | None
    citation: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class EventGroup:
    """One group in which adverse events were counted; numbers of people, None where not given."""

    id: str
    title: str
    description: str | None = None
    deaths_affected: int | None = None
    deaths_at_risk: int | None = None
    serious_affected: int | None = None
    serious_at_risk: int | None = None
    other_affected: int | None = None
    other_at_risk: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class EventCount:
    """How many people of one group had an event; None is "not reported", 0 is none."""

    group: str
    affected: int | None
    at_risk: int | None
    events: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AdverseEvent:
    """One term in posted results; `organ_system` as the record words it."""

    term: str
    organ_system: str | None
    serious: bool
    assessment: str | None
    vocabulary: str | None
    notes: str | None
    counts: tuple[EventCount, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AdverseEvents:
    """The adverse events of posted results; `threshold` is a percent as printed, or None."""

    threshold: str | None
    time_frame: str | None
    description: str | None
    groups: tuple[EventGroup, ...]
    events: tuple[AdverseEvent, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class TrialRecord:
    """One registered study.

    `source` is a value of `vocab.Source`, `status` of `vocab.RecruitmentStatus`, `design` of
    `vocab.TrialDesign`, `enrolment_type` of `vocab.EnrolmentType`; `phases` are values of
    `vocab.Phase` in order, None where the record does not say. Ages are days. `unread` are fields
    of a trial that the record gives, with its words, but not so that they can be understood.
    """

    source: str
    id: Identifier
    title: str
    aliases: tuple[str, ...] = ()
    other_ids: tuple[Identifier, ...] = ()
    official_title: str | None = None
    acronym: str | None = None
    summary: str | None = None
    status: str | None = None
    last_known_status: str | None = None
    why_stopped: str | None = None
    phases: tuple[str, ...] | None = None
    design: str = "not-stated"
    enrolment: int | None = None
    enrolment_type: str | None = None
    start: str | None = None
    primary_completion: str | None = None
    completion: str | None = None
    min_age_days: int | None = None
    max_age_days: int | None = None
    sponsor: str | None = None
    countries: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    interventions: tuple[GivenThing, ...] = ()
    arms: tuple[StudyArm, ...] = ()
    primary_outcomes: tuple[StudyOutcome, ...] = ()
    results_posted: str | None = None
    has_results: bool = False
    updated: str | None = None
    references: tuple[Reference, ...] = ()
    adverse_events: AdverseEvents | None = None
    data_date: str | None = None
    unread: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class StandingNotice:
    """That a publication was corrected, put under concern or retracted.

    `standing` is a value of `vocab.Standing`; `pmid` and `doi` are of the notice itself.
    """

    standing: str
    date: str | None = None
    pmid: int | None = None
    doi: str | None = None
    citation: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicationRecord:
    """One publication; `kind` is a value of `vocab.PublicationKind`, `year` four digits."""

    source: str
    title: str
    pmid: int | None = None
    doi: str | None = None
    pmcid: str | None = None
    kind: str = "other"
    authors: tuple[str, ...] = ()
    container: str | None = None
    year: int | None = None
    volume: str | None = None
    first_page: str | None = None
    trial_ids: tuple[Identifier, ...] = ()
    notices: tuple[StandingNotice, ...] = ()
    retracts: bool = False
    updated: str | None = None

    @property
    def value(self) -> str:
        """Its number in its source: the PMID, or else the DOI or PMCID, or a made-up key."""
        if self.pmid:
            return str(self.pmid)
        made_up = f"{self.container or ''}|{self.year or ''}|{self.first_page or ''}"
        return (self.doi or self.pmcid or made_up).lower()[:200]


@dataclass(frozen=True, kw_only=True, slots=True)
class Payload:
    """One thing as a source gave it, without people's contact data.

    `data` is plain JSON; its canonical text is what is kept and hashed.
    """

    source: str
    value: str
    data: Mapping[str, object] = field(hash=False)
    # The day of the source's data; not part of what is hashed, as it moves when nothing else does.
    data_date: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One thing that could not be read, in one line; what stands beside it is read all the same."""

    about: str
    sentence: str
