"""What stands beside an edition: the rule's word, likenesses, its source, what was said of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from evidence.admin.doubles import Double
from evidence.admin.panels import address
from evidence.admin.queue import marked_up
from evidence.curation import figures, forecasts, ready
from evidence.curation.alike import alike
from evidence.curation.place import out_of_place
from evidence.ledger.what_if import Forecast, if_published, if_withdrawn
from evidence.models import Assessment, Edition, Finding, Step
from evidence.models.base import OPEN_STATES
from evidence.templatetags.names import publication_name
from evidence.templatetags.things import source_links
from evidence.vocab import Standing, State, Verb


@dataclass(frozen=True, kw_only=True)
class Word:
    """What the rule would say, in sentences, and whether it would say otherwise than now."""

    changes: bool
    sentences: tuple[SafeString, ...]


def word_of_the_rule(edition: Edition) -> Word | None:
    """Say what the rule would say of every topic that a move of a finding touches.

    Publishing it while it is open, withdrawing it once that is proposed.
    """
    if edition.state in OPEN_STATES:
        return word_if_published(edition)
    return word_if_withdrawn(edition) if is_to_be_withdrawn(edition) else None


def word_if_published(edition: Edition) -> Word | None:
    """Say what the rule would say if a finding were published; nothing of what it does not read."""
    if not isinstance(edition, Finding):
        return None
    return word(if_published([edition])[edition.pk], deed=forecasts.PUBLISHING)


def word_if_withdrawn(edition: Edition) -> Word | None:
    """Say what the rule would say without a finding; nothing of what it does not read."""
    if not isinstance(edition, Finding):
        return None
    return word(if_withdrawn([edition])[edition.pk], deed=forecasts.WITHDRAWING)


def word(found: Sequence[Forecast], *, deed: str) -> Word | None:
    """Put forecasts into sentences; nothing where there are none."""
    told = forecasts.told(found, deed=deed)
    sentences = tuple(marked_up(why) for why in told)
    return Word(changes=any(one.changes for one in found), sentences=sentences) if told else None


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A withdrawal that waits for a second person: why, by whom, when, and what follows."""

    by: object
    at: dt.datetime
    reason: str
    successor: str
    successor_url: str
    not_read: bool


def is_to_be_withdrawn(edition: Edition) -> bool:
    """Say whether it is published and its withdrawal proposed."""
    return edition.state == State.PUBLISHED and edition.withdrawal_proposed_by_id is not None


def proposal_of(edition: Edition) -> Proposal | None:
    """Return the proposal to withdraw an edition that readers see."""
    if not is_to_be_withdrawn(edition) or edition.withdrawal_proposed_at is None:
        return None
    follows = edition.successor_id and type(edition)._default_manager.public().filter(
        record=edition.successor_id
    )
    shown = follows.first() if follows else None
    return Proposal(
        by=edition.withdrawal_proposed_by,
        at=edition.withdrawal_proposed_at,
        reason=edition.withdrawal_reason,
        successor=str(shown or edition.successor or ""),
        successor_url=url_of(shown) if shown is not None else "",
        not_read=not isinstance(edition, (Finding, Assessment)),
    )


@dataclass(frozen=True, kw_only=True)
class NotPublic:
    """That readers don't see the topic yet, and the assessments of it that wait in review."""

    sentence: str
    # Names with the pages where they can be published together.
    assessments: tuple[tuple[str, str], ...]


def not_public(edition: Edition) -> NotPublic | None:
    """Say of what is not published yet that its topic stands in the way, and what would help."""
    said = ready.topic_not_public(edition) if edition.state in OPEN_STATES else ""
    if not said:
        return None
    topic = getattr(edition, "topic_id", None)
    waiting = Assessment.objects.filter(topic=topic, state=State.IN_REVIEW).order_by("pk")
    return NotPublic(
        sentence=said,
        assessments=tuple(
            (one.code, address(Assessment, "review", args=[one.pk])) for one in waiting
        ),
    )


def likenesses(edition: Edition) -> list[Double]:
    """Return what looks like the same thing, while there is still a choice."""
    found = alike(edition) if edition.state in OPEN_STATES else ()
    return [
        Double(
            url=url_of(one.row), name=getattr(one.row, "code", str(one.row)), sentence=one.sentence
        )
        for one in found
    ]


def last_return(edition: Edition) -> Step | None:
    """Return the note with which a draft came back, if it did."""
    if edition.state != State.DRAFT:
        return None
    steps = Step.objects.filter(record=edition.record_id, number=edition.number, verb=Verb.RETURNED)
    return steps.select_related("by").last()


def steps_of(record_id: int) -> Iterable[Step]:
    """Return what was done to a record and said about it, in order."""
    return Step.objects.filter(record=record_id).select_related("by", "to")


def published_before(edition: Edition) -> Any:
    """Return the published edition of the same record, if it is another one."""
    return (
        type(edition)
        .objects.public()
        .filter(record=edition.record_id)
        .exclude(pk=edition.pk)
        .first()
    )


def url_of(row: Any) -> str:
    """Return the admin's page of a row."""
    return address(type(row), "change", args=[row.pk])


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where an edition was read, with what leads there and what has become of it."""

    name: str
    title: str
    links: SafeString
    url: str
    standing: str
    standing_note: str
    trial: object
    trial_url: str
    results_posted: str


def source_of(edition: Any) -> Source | None:
    """Return the source of an edition that has one."""
    publication: Any = getattr(edition, "publication", None)
    trial: Any = getattr(edition, "trial", None)
    if publication is None and trial is None:
        return None
    fine = publication is None or publication.standing == Standing.CURRENT
    return Source(
        name=publication_name(publication) if publication else "",
        title=_citation(publication) if publication else "",
        links=source_links(publication) if publication else SafeString(""),
        url=url_of(publication) if publication else "",
        standing="" if fine else Standing(publication.standing).label,
        standing_note=publication.standing_note if publication else "",
        trial=trial,
        trial_url=url_of(trial) if trial is not None else "",
        results_posted=str(getattr(edition, "results_posted", "")),
    )


def _citation(publication: Any) -> str:
    where = [publication.container, publication.volume, publication.first_page]
    printed = " ".join(part for part in where if part)
    end = "" if publication.title.endswith((".", "?")) else "."
    return f"{publication.title}{end} {printed}".strip()


def odd_figures(edition: Edition) -> tuple[str, ...]:
    """Say what is odd in figures as printed, and in the place that a result was given."""
    values = {field.name: getattr(edition, field.attname) for field in edition._meta.fields}
    rows = {name: getattr(edition, name, None) for name in ("topic", "trial", "publication")}
    model = str(edition._meta.model_name)
    found = (*figures.odd(model, values), *out_of_place(model, values | rows))
    return tuple(one.sentence for one in found)
