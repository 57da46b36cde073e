"""What a result of the search says of its thing: plain words, none of them marked yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evidence import vocab
from evidence.models import (
    AdverseEffect,
    Assessment,
    Condition,
    Finding,
    HarmReport,
    Intervention,
    Publication,
    Trial,
)
from evidence.templatetags.names import (
    finding_title,
    harm_title,
    publication_name,
    trial_title,
)
from evidence.templatetags.things import topic_title
from evidence.templatetags.words import label_of, number, running


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A thing in words, none of it marked yet: `texts` are its own, for a piece of one."""

    path: str
    title: str
    second: str
    texts: Sequence[str]
    status: str = ""
    ground: str = ""
    tag: str = ""


def topic(one: Assessment) -> Shown:
    """Show a topic: its ground, what was asked of whom, and how many studies there are."""
    topic = one.topic
    studies = topic.studies_count
    return Shown(
        path=f"/evidence/{topic.code}/",
        title=topic_title(topic),
        second=_parts(
            one.ground and label_of(one.ground, vocabulary="Ground"),
            _short(topic.role, "Role"),
            _short(topic.population, "Population"),
            f"{number(studies)} {'study' if studies == 1 else 'studies'}",
        ),
        texts=(one.summary, one.reason),
        status=one.status,
        ground=one.ground,
    )


def condition(one: Condition) -> Shown:
    """Show a condition: its area and other names."""
    return Shown(
        path=f"/conditions/{one.slug}/",
        title=one.name,
        second=_parts(label_of(one.area, vocabulary="Area"), ", ".join(one.synonym_list)),
        texts=(one.definition, one.unknowns),
    )


def intervention(one: Intervention) -> Shown:
    """Show a form of IL-2: its kind and other names."""
    return Shown(
        path=f"/interventions/{one.slug}/",
        title=one.name,
        second=_parts(
            label_of(one.kind, vocabulary="InterventionKind"), ", ".join(one.synonym_list)
        ),
        texts=(one.definition, one.history, one.developer),
    )


def effect(one: AdverseEffect) -> Shown:
    """Show an adverse effect: its organ system and other names."""
    return Shown(
        path=f"/adverse-effects/{one.slug}/",
        title=one.name,
        second=_parts(one.organ_system, ", ".join(one.synonym_list)),
        texts=(one.definition, one.mechanism, one.management),
    )


def trial(one: Trial) -> Shown:
    """Show a trial: its phases and status, and how many people are in it."""
    phases = ", ".join(label_of(phase, vocabulary="Phase") for phase in one.phases)
    people = "" if one.enrolment is None else f"{number(one.enrolment)} people"
    if people and one.enrolment_type == vocab.EnrolmentType.ESTIMATED:
        people += " planned"
    status = one.recruitment_status
    return Shown(
        path=f"/trials/{one.slug}/",
        title=trial_title(one),
        second=_parts(phases, status and _short(status, "RecruitmentStatus"), people),
        texts=(one.results_summary, one.primary_outcome, one.population_text, one.sponsor),
    )


def publication(one: Publication) -> Shown:
    """Show a publication: authors, year and journal."""
    # Without authors its name is its title, which stands above already; a name has the year.
    named = publication_name(one) if one.author_list else one.year
    standing = one.standing
    return Shown(
        path=f"/publications/{one.code}/",
        title=one.title,
        second=_parts(named, one.container),
        texts=(one.summary, ", ".join(one.author_list)),
        tag="" if standing == vocab.Standing.CURRENT else _short(standing, "Standing"),
    )


def finding(one: Finding) -> Shown:
    """Show a finding: what was given for what, its direction and year."""
    topic = one.topic
    return Shown(
        path=f"/findings/{one.code}/",
        title=finding_title(one),
        second=_parts(
            f"{topic.intervention}, {running(str(topic.condition))}",
            _short(one.direction, "Direction"),
            one.year,
        ),
        texts=(one.statement,),
        tag=_standing_of_source(one),
    )


def harm(one: HarmReport) -> Shown:
    """Show a harm report: the condition, the dose class and the year."""
    return Shown(
        path=f"/harms/{one.code}/",
        title=harm_title(one),
        second=_parts(
            one.topic and one.topic.condition,
            _short(one.dose_class, "DoseClass"),
            one.year,
        ),
        texts=(one.statement, one.term_as_printed, one.arm),
        tag=_standing_of_source(one),
    )


def _standing_of_source(one: Finding | HarmReport) -> str:
    """Say what has become of the paper behind a row, where that is not as it was."""
    source = one.publication
    if source is None or source.standing == vocab.Standing.CURRENT:
        return ""
    return f"source: {_short(source.standing, 'Standing')}"


def _short(value: str, vocabulary: str) -> str:
    return label_of(value, vocabulary=vocabulary, short=True)


def _parts(*parts: object) -> str:
    """Join what a second line says, without what is not known."""
    return " · ".join(str(part) for part in parts if part)
