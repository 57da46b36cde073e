"""What a judgement still lacks before a second reader may have it, and before readers may."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from evidence.assess.words import status_and_ground
from evidence.models import Assessment, Edition, Fact, Finding, HarmReport, Term, Topic
from evidence.templatetags.words import day_words
from evidence.vocab import State

LOCATOR = "Say where in the source it stands: table, page or paragraph."
UNCHECKED = (
    "Its figures have not been seen in the source itself: check them there, then take the tick "
    "away."
)
NO_DATE = "Give the day by which the reason is to be looked at again."
TOPIC_NOT_PUBLIC = (
    "Readers do not see topic {code} yet: publish an assessment of it first, or together with "
    "this, on the review screen of that assessment."
)
NEEDLESS = "The rule says the same: take the reason and its date away."
PAST = "{day} has passed: give a day to come."
FAR = "{day} is more than ten years away."
MOST_YEARS = 10


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is missing or wrong, and the field that mends it (empty: none of the form's own)."""

    field: str
    sentence: str


def faults(edition: Edition) -> tuple[Fault, ...]:
    """Say why a draft cannot be submitted yet, the first thing to mend first; nothing if it can."""
    return (
        *_figures(edition),
        *_locator(edition),
        *_relations(edition),
        *_question(edition),
        *_fields(edition),
        *_days(edition),
        *_needless(edition),
    )


def obstacles(edition: Edition, *, published_with: Collection[int] = ()) -> tuple[Fault, ...]:
    """Say why readers may not have it yet, though two people agree.

    `published_with` are the keys of topics whose assessment is published in the same go.
    """
    return (*faults(edition), *_topic(edition, published_with), *_proposal(edition))


def _figures(edition: Edition) -> Iterator[Fault]:
    if getattr(edition, "figures_unchecked", False):
        yield Fault(field="figures_unchecked", sentence=UNCHECKED)


def _locator(edition: Edition) -> Iterator[Fault]:
    if getattr(edition, "locator", None) == "":
        yield Fault(field="locator", sentence=LOCATOR)


def _relations(edition: Edition) -> Iterator[Fault]:
    """A public row leads to public ones only: accepted facts, and words that still stand."""
    for field, row in _rows(edition):
        if isinstance(row, Fact) and row.accepted_at is None:
            sentence = f"The {row._meta.verbose_name} “{row}” has not been accepted yet."
            yield Fault(field=field, sentence=sentence)
        if isinstance(row, Term) and row.merged_into is not None:
            sentence = f"“{row}” was merged into “{row.merged_into}”: choose that one."
            yield Fault(field=field, sentence=sentence)
        if isinstance(row, Topic):
            for word in (row.condition, row.intervention):
                if word.merged_into is not None:
                    sentence = f"“{word}” of {row.code} was merged into “{word.merged_into}”."
                    yield Fault(field=field, sentence=sentence)


def _rows(edition: Edition) -> Iterator[tuple[str, Any]]:
    """Give each row that an edition's content names, with the field that names it."""
    for field in edition._meta.fields:
        if field.is_relation and field.editable:
            row = getattr(edition, field.name)
            if row is not None:
                yield field.name, row
    for relation in edition._meta.local_many_to_many:
        if edition.pk is not None:
            for row in getattr(edition, relation.name).all():
                yield relation.name, row


def _question(edition: Edition) -> Iterator[Fault]:
    """An assessment stays with its topic: elsewhere it would leave that one without any."""
    if not isinstance(edition, Assessment) or edition.number == 1:
        return
    others = Assessment.objects.shown().filter(record=edition.record_id)
    elsewhere = others.exclude(topic=edition.topic_id).first()
    if elsewhere is not None:
        sentence = (
            f"{edition.code} is the assessment of {elsewhere.topic.code}. Of another topic begin a "
            "new assessment."
        )
        yield Fault(field="topic", sentence=sentence)


def _fields(edition: Edition) -> Iterator[Fault]:
    # Relations and constraints would be asked of the database one by one; it says them in a save.
    relations = [field.name for field in edition._meta.fields if field.is_relation]
    labels = {field.name: field.verbose_name for field in edition._meta.fields}
    try:
        edition.clean_fields(exclude=relations)
    except ValidationError as refusal:
        for field, messages in refusal.message_dict.items():
            label = str(labels[field]).capitalize()
            yield from (Fault(field=field, sentence=f"{label}: {said}") for said in messages)


def why_not_on(day: dt.date) -> str:
    """Say why nothing is put off till a day: it is past, or very far; nothing where it may be."""
    today = timezone.now().date()
    words = day_words(day, full=True)
    if day < today:
        return PAST.format(day=words)
    # Compared in parts: ten years after 29 February there need be no such day.
    later = (day.year - MOST_YEARS, day.month, day.day) > (today.year, today.month, today.day)
    return FAR.format(day=words) if later else ""


def _days(edition: Edition) -> Iterator[Fault]:
    for field in ("review_by", "next_review"):
        day = getattr(edition, field, None)
        if isinstance(day, dt.date) and (why := why_not_on(day)):
            yield Fault(field=field, sentence=why)


def _needless(edition: Edition) -> Iterator[Fault]:
    """A reason to differ where nothing differs, unless what may be published with it does that."""
    if not isinstance(edition, Assessment) or not edition.reason or not edition.topic_id:
        return
    if edition.agrees and not _may_go_along(edition.topic_id):
        yield Fault(field="reason", sentence=NEEDLESS)


def topic_not_public(edition: Edition) -> str:
    """Say that readers do not see the topic of a finding or harm report yet; else nothing."""
    return "".join(fault.sentence for fault in _topic(edition, ()))


def _topic(edition: Edition, published_with: Collection[int]) -> Iterator[Fault]:
    if not isinstance(edition, Finding | HarmReport) or edition.topic_id is None:
        return
    if edition.topic_id in published_with:
        return
    if not Topic.objects.public().filter(pk=edition.topic_id).exists():
        sentence = TOPIC_NOT_PUBLIC.format(code=f"T{edition.topic_id}")
        yield Fault(field="topic", sentence=sentence)


def _proposal(edition: Edition) -> Iterator[Fault]:
    public = type(edition)._default_manager.filter(record=edition.record_id, state=State.PUBLISHED)
    if public.filter(withdrawal_proposed_by__isnull=False).exists():
        sentence = (
            f"To withdraw {edition.code} is proposed: confirm that or turn it down before another "
            "edition is published."
        )
        yield Fault(field="", sentence=sentence)


def needs_a_reason(assessment: Assessment) -> str:
    """Say that an assessment differs from the rule without a reason; nothing where it is fine.

    The topic's stored rule must be up to date.
    """
    topic = assessment.topic
    topic.refresh_from_db(fields=["rule_status", "rule_ground"])
    if not topic.rule_status or assessment.agrees or assessment.reason:
        return ""
    rule = status_and_ground(topic.rule_status, topic.rule_ground)
    ours = status_and_ground(assessment.status, assessment.ground)
    return (
        f"The rule says {rule} of {topic.code} and the assessment {ours}: that takes a reason for "
        "readers and a date to look again."
    )


def unexplained(assessment: Assessment) -> tuple[Fault, ...]:
    """Say at both fields what a difference from the rule takes before it can be published.

    Nothing while findings are in review that could change what the rule says: they may be
    published together with it.
    """
    said = needs_a_reason(assessment)
    if not said or _may_go_along(assessment.topic_id):
        return ()
    return (Fault(field="reason", sentence=said), Fault(field="review_by", sentence=NO_DATE))


def _may_go_along(topic: int) -> bool:
    """Say whether a finding that a second reader may publish stands on what a topic reads."""
    read = Q(topic=topic) | Q(topic__read_by=topic)
    return Finding.objects.filter(read, state=State.IN_REVIEW).exists()
