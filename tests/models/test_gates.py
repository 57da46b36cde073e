"""`public()` gives readers exactly what they may see, for every family."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from evidence.models import (
    AdverseEffect,
    Approval,
    Assessment,
    CellTarget,
    CombinationPartner,
    Condition,
    Consideration,
    Finding,
    HarmReport,
    Intervention,
    Outcome,
    Publication,
    Topic,
    Trial,
)
from tests.models.rows import make, published, someone

TERMS = [AdverseEffect, CellTarget, CombinationPartner, Condition, Intervention, Outcome]
FACTS = [Approval, Publication, Trial]
JUDGEMENTS = [Assessment, Consideration, Finding, HarmReport]

pytestmark = pytest.mark.django_db


def in_every_state(kind: Any, **fields: Any) -> dict[str, Any]:
    """Make an edition in each state, each of a record of its own."""
    ann, ben, cai = someone(), someone(), someone()
    now = timezone.now()
    shown = published(ann, ben)
    withdrawn = {
        "state": "withdrawn",
        "withdrawal_proposed_by": ann,
        "withdrawal_proposed_at": now,
        "withdrawal_reason": "The paper was retracted.",
        "withdrawn_by": cai,
        "withdrawn_at": now,
    }
    starter = {"state": "published", "published_at": now, "origin": "starter"}
    states: dict[str, dict[str, Any]] = {
        "draft": {},
        "in-review": {"state": "in-review", "submitted_by": ann, "submitted_at": now},
        "published": shown,
        "superseded": shown | {"state": "superseded"},
        "withdrawn": shown | withdrawn,
        "starter": starter,
    }
    return {state: make(kind, **columns, **fields) for state, columns in states.items()}


@pytest.mark.parametrize("term", TERMS)
def test_a_term_is_public_unless_it_is_merged_into_another(term: Any):
    kept = make(term)
    make(term, merged_into=kept)
    assert list(term.objects.public()) == [kept]


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_is_public_once_it_is_accepted(fact: Any):
    make(fact)
    make(fact, origin="import")
    make(fact, origin="starter")
    accepted = make(fact, accepted_at=timezone.now(), accepted_by=someone())
    starter = make(fact, accepted_at=timezone.now(), origin="starter")
    assert set(fact.objects.public()) == {accepted, starter}


@pytest.mark.parametrize("kind", JUDGEMENTS)
def test_a_judgement_is_public_while_it_is_published(kind: Any):
    made = in_every_state(kind)
    assert set(kind.objects.public()) == {made["published"], made["starter"]}
    assert set(kind.objects.withdrawn()) == {made["withdrawn"]}


@pytest.mark.parametrize("kind", JUDGEMENTS)
def test_the_published_edition_stays_public_while_the_next_is_written(kind: Any):
    first = make(kind, **published(someone(), someone()))
    make(kind, record=first.record, number=2)
    assert list(kind.objects.filter(record=first.record).public()) == [first]


def test_a_topic_is_public_while_an_assessment_of_it_is_published():
    made = in_every_state(Assessment)
    make(Topic)
    make(Finding, **published(someone(), someone()))  # evidence alone shows nothing
    shown = {made["published"].topic, made["starter"].topic}
    assert set(Topic.objects.public()) == shown


def test_a_topic_is_listed_once_however_many_editions_it_has():
    first = make(Assessment, **published(someone(), someone()))
    make(Assessment, record=first.record, number=2, topic=first.topic)
    assert list(Topic.objects.public()) == [first.topic]


def test_the_gate_can_stand_after_a_filter():
    made = in_every_state(Finding)
    topic = made["draft"].topic
    assert not topic.findings.public().exists()
    assert list(made["published"].topic.findings.public()) == [made["published"]]
