"""What the rule is forecast to say is what it says once an edition is really published."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evidence import vocab
from evidence.ledger import derivation, what_if
from evidence.models import Condition, Finding, Outcome, Publication, Topic, Trial
from tests.web import examples

pytestmark = pytest.mark.django_db
DRAFT = {"state": vocab.State.DRAFT, "origin": vocab.Origin.CURATOR, "published_at": None}
ARGUING = ("favours", "no-difference", "harm", "unclear", "mixed")


def publish(finding: Finding) -> None:
    """Publish an edition in the place of its record's published one, with no rule asked."""
    shown = Finding.objects.public().filter(record=finding.record_id)
    shown.update(state=vocab.State.SUPERSEDED)
    two = examples.person("author"), examples.person("reviewer")
    finding.author, finding.reviewer = two
    finding.state = vocab.State.PUBLISHED
    finding.published_at = finding.reviewed_at = examples.published()["published_at"]
    finding.locator = "Table 2"
    finding.save()


def says(topic: Topic) -> tuple[str, str]:
    """Give the status and the line that are stored on a topic."""
    topic.refresh_from_db()
    return topic.rule_status, topic.rule


def varied(
    dice: random.Random,
    topics: list[Topic],
    studies: list[Trial],
    paper: Publication,
    groups: list[Outcome],
    **given: Any,
) -> Finding:
    """Make a finding of which all that the rule reads is left to the dice."""
    topic = dice.choice(topics)
    return examples.finding(
        topic,
        paper,
        **{
            "trial": dice.choice([*studies, None]),
            "outcome_group": dice.choice([*groups, None]),
            "outcome_kind": dice.choice(["clinical", "surrogate", "microbiological", "level"]),
            "direction": dice.choice(ARGUING),
            "comparison": dice.choice(["adds-il2", "adds-il2", "package", "none"]),
            "subjects": dice.choice(["patients", "patients", "patients", "animal"]),
            "analysis": dice.choice(["primary", "primary", "secondary", "subgroup"]),
            "population": dice.choice([topic.population, "adult", "child"]),
        }
        | given,
    )


@pytest.fixture
def topics(wide: Condition, narrow: Condition) -> list[Topic]:
    """One question in a condition and in a narrower one, in adults and in anybody."""
    return [
        examples.topic(condition=condition, population=population)
        for condition in (wide, narrow)
        for population in ("adult", "any")
    ]


@pytest.mark.parametrize("seed", range(12))
def test_the_forecast_is_what_publishing_makes_of_the_rule(
    seed: int, topics: list[Topic], paper: Publication
) -> None:
    dice = random.Random(seed)  # noqa: S311
    studies = [examples.trial(f"NCT0000000{n}", enrolment=n * 60) for n in range(4)]
    groups = [
        Outcome.objects.create(name=name, slug=name, kind="surrogate") for name in ("one", "two")
    ]
    told = (dice, topics, studies, paper, groups)
    shown = [varied(*told) for _ in range(dice.randrange(5))]
    fresh = [varied(*told, **DRAFT) for _ in range(4)]
    later = [varied(*told, record=old.record, number=2, **DRAFT) for old in shown]
    derivation.rederive()
    before = {topic.pk: says(topic) for topic in topics}
    forecasts = what_if.if_published([*fresh, *later])
    for draft in [*fresh, *later]:
        forecast = forecasts[draft.pk]
        assert (forecast.before_status, forecast.before_rule) == before[draft.topic_id]
        state = {one.pk: one.state for one in Finding.objects.all()}
        publish(draft)
        derivation.rederive()
        assert (forecast.after_status, forecast.after_rule) == says(draft.topic), draft
        publish_nothing(state)


def publish_nothing(state: dict[int, str]) -> None:
    """Put every edition back to where it stood."""
    for pk, word in state.items():
        if word == vocab.State.DRAFT:
            Finding.objects.filter(pk=pk).update(
                **DRAFT, author=None, reviewer=None, reviewed_at=None
            )
    for pk, word in state.items():
        Finding.objects.filter(pk=pk).update(state=word)
    derivation.rederive()


@pytest.mark.parametrize("seed", range(6))
def test_the_forecast_is_what_withdrawing_makes_of_the_rule(
    seed: int, topics: list[Topic], paper: Publication
) -> None:
    dice = random.Random(seed)  # noqa: S311
    studies = [examples.trial(f"NCT0000000{n}", enrolment=n * 60) for n in range(3)]
    shown = [varied(dice, topics, studies, paper, []) for _ in range(5)]
    derivation.rederive()
    forecasts = what_if.if_withdrawn(shown)
    for finding in shown:
        Finding.objects.filter(pk=finding.pk).update(state=vocab.State.SUPERSEDED)
        derivation.rederive()
        after = forecasts[finding.pk]
        assert (after.after_status, after.after_rule) == says(finding.topic)
        Finding.objects.filter(pk=finding.pk).update(state=vocab.State.PUBLISHED)
        derivation.rederive()


def test_a_second_study_that_disagrees_is_forecast_to_make_a_topic_variable(
    topics: list[Topic], paper: Publication
) -> None:
    topic = topics[2]
    examples.finding(topic, paper, trial=examples.trial("NCT00000001", enrolment=20))
    other = examples.trial("NCT00000002", enrolment=20)
    draft = examples.finding(topic, paper, trial=other, direction="favours", **DRAFT)
    derivation.rederive()
    forecast = what_if.if_published([draft])[draft.pk]
    assert forecast == what_if.Forecast(
        before_status="experimental", before_rule="E1", after_status="variable", after_rule="V1"
    )
    assert forecast.changes
    assert says(topic) == ("experimental", "E1")


def test_a_later_edition_stands_in_the_place_of_the_published_one(
    topics: list[Topic], paper: Publication
) -> None:
    topic = topics[2]
    old = examples.finding(topic, paper)
    gone = examples.finding(topic, paper, record=old.record, number=2, subjects="animal", **DRAFT)
    derivation.rederive()
    forecast = what_if.if_published([gone])[gone.pk]
    assert (forecast.before_rule, forecast.after_rule) == ("E1", "I1")


def test_a_forecast_writes_nothing_and_many_take_as_many_queries_as_one(
    topics: list[Topic], paper: Publication
) -> None:
    def asked(drafts: list[Finding]) -> list[str]:
        found = [*Finding.objects.filter(pk__in=[draft.pk for draft in drafts])]
        with CaptureQueriesContext(connection) as captured:
            assert len(what_if.if_published(found)) == len(drafts)
        return [query["sql"] for query in captured]

    study = examples.trial()
    drafts = [
        examples.finding(topics[n % 4], paper, trial=study, **DRAFT, outcome=f"Outcome {n}")
        for n in range(12)
    ]
    examples.finding(topics[0], paper, trial=study)
    few, many = asked(drafts[:1]), asked(drafts)
    assert len(few) == len(many)
    assert all(sql.startswith("SELECT") for sql in many)


def test_nothing_is_forecast_of_nothing() -> None:
    assert what_if.if_published([]) == {}
