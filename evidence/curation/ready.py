"""What a judgement still lacks before a second reader may have it, and before readers may."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from evidence.models import Assessment, Edition, Fact, Finding, HarmReport, Term, Topic
from evidence.vocab import State

LOCATOR = "Say where in the source it stands: table, page or paragraph."
UNCHECKED = (
    "Its figures have not been seen in the source itself: check them there, then take the tick "
    "away."
)
TOPIC_NOT_PUBLIC = (
    "Readers do not see topic {code} yet: publish an assessment of it first, or together with this."
)


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
    rule = Topic.objects.values_list("rule_status", flat=True).get(pk=assessment.topic_id)
    if not rule or rule == assessment.status or assessment.reason:
        return ""
    return (
        f"The rule says {rule} of T{assessment.topic_id} and the assessment {assessment.status}: "
        "that takes a reason for readers and a date to look again."
    )
