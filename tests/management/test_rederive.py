"""The operator sees which words of the rule change before they do, and what we say there."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from evidence.ledger import derivation
from evidence.models import Topic, TrialPhase
from tests.web import examples

pytestmark = pytest.mark.django_db


def said(*arguments: str) -> list[str]:
    out = io.StringIO()
    call_command("rederive", *arguments, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def topic() -> Topic:
    """A topic whose trial has lost its phase behind the program's back."""
    found = examples.world()
    derivation.rederive()
    TrialPhase.objects.all().delete()
    return found


def rule(topic: Topic) -> str:
    topic.refresh_from_db()
    return topic.rule


def test_a_dry_run_tells_what_would_change_and_the_command_then_does_it(topic: Topic) -> None:
    topic.findings.exclude(outcome_kind="clinical").delete()
    would = said("--dry-run")
    assert rule(topic) == "V2"
    assert would == [
        f"{topic.code} {topic}: variable (V2) -> experimental (E1); we say variable",
        "1 topics: the rule's word would change of 1, its reasons or counts alone of 0.",
    ]
    assert said() == [would[0], would[1].replace("would change", "changed")]
    assert rule(topic) == "E1"


def test_reasons_that_change_under_the_same_word_are_counted(topic: Topic) -> None:
    assert said() == ["1 topics: the rule's word changed of 0, its reasons or counts alone of 1."]
    assert said() == ["1 topics: the rule's word changed of 0, its reasons or counts alone of 0."]


def test_a_topic_that_was_never_worked_out_has_no_word_to_give_way() -> None:
    examples.assessment(examples.topic())
    assert "nothing yet -> investigated (I1); we say variable" in said()[0]


def test_a_database_without_topics_has_nothing_to_change() -> None:
    assert said() == ["0 topics: the rule's word changed of 0, its reasons or counts alone of 0."]
