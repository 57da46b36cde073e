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


def will_say(found: tuple[what_if.Forecast, ...]) -> dict[int, tuple[str, str]]:
    """Give the status and the line that are forecast of each topic."""
    return {one.topic.pk: (one.after_status, one.after_rule) for one in found}


def words() -> dict[int, tuple[str, str]]:
    """Give the status and the line that are stored on every topic."""
    rows = Topic.objects.values_list("pk", "rule_status", "rule")
    return {pk: (status, rule) for pk, status, rule in rows}


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
    """One question in a condition and in a narrower one, in adults and in anybody.

    And beside them the same one in a condition that has nothing to do with it.
    """
    other = examples.condition("Melanoma", "melanoma")
    return [
        *(
            examples.topic(condition=condition, population=population)
            for condition in (wide, narrow)
            for population in ("adult", "any")
        ),
        examples.topic(condition=other),
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
    before = words()
    forecasts = what_if.if_published([*fresh, *later])
    for draft in [*fresh, *later]:
        found = forecasts[draft.pk]
        assert found[0].topic == draft.topic
        assert all(one.changes for one in found[1:])
        state = {one.pk: one.state for one in Finding.objects.all()}
        publish(draft)
        derivation.rederive()
        # What is not forecast stays as it is: on every topic there is.
        assert before | will_say(found) == words(), draft
        publish_nothing(state)


@pytest.mark.parametrize("seed", range(6))
def test_the_forecast_of_many_is_what_publishing_all_of_them_makes_of_the_rule(
    seed: int, topics: list[Topic], paper: Publication
) -> None:
    dice = random.Random(seed)  # noqa: S311
    studies = [examples.trial(f"NCT0000000{n}", enrolment=n * 60) for n in range(4)]
    told = (dice, topics, studies, paper, [])
    shown = [varied(*told) for _ in range(3)]
    drafts = [varied(*told, **DRAFT) for _ in range(3)]
    drafts += [varied(*told, record=old.record, number=2, **DRAFT) for old in shown[:2]]
    derivation.rederive()
    before = words()
    found = what_if.if_all_published(drafts)
    assert all(one.changes for one in found)
    for draft in drafts:
        publish(draft)
    derivation.rederive()
    assert before | will_say(found) == words()


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
    before = words()
    forecasts = what_if.if_withdrawn(shown)
    for finding in shown:
        Finding.objects.filter(pk=finding.pk).update(state=vocab.State.SUPERSEDED)
        derivation.rederive()
        assert before | will_say(forecasts[finding.pk]) == words()
        Finding.objects.filter(pk=finding.pk).update(state=vocab.State.PUBLISHED)
        derivation.rederive()


def test_a_second_study_that_disagrees_is_forecast_to_make_a_topic_variable(
    topics: list[Topic], paper: Publication
) -> None:
    topic = topics[2]
    draft = a_second_study_that_disagrees(topic, paper)
    forecast = what_if.if_published([draft])[draft.pk][0]
    assert forecast == what_if.Forecast(
        topic=topic,
        before_status="experimental",
        before_rule="E1",
        after_status="variable",
        after_rule="V1",
        published="",
        published_ground="",
        explained=False,
    )
    assert forecast.changes
    assert says(topic) == ("experimental", "E1")


def a_second_study_that_disagrees(topic: Topic, paper: Publication) -> Finding:
    """Give the draft of a finding that speaks against the one that is published on a topic."""
    examples.finding(topic, paper, trial=examples.trial("NCT00000001", enrolment=20))
    other = examples.trial("NCT00000002", enrolment=20)
    draft = examples.finding(topic, paper, trial=other, direction="favours", **DRAFT)
    derivation.rederive()
    return draft


def test_a_finding_on_a_narrow_topic_is_forecast_of_every_wider_one_too(
    topics: list[Topic], paper: Publication
) -> None:
    wide_adults, wide_any, narrow_adults, narrow_any, _ = topics
    draft = a_second_study_that_disagrees(narrow_adults, paper)
    found = what_if.if_published([draft])[draft.pk]
    assert [one.topic for one in found] == [narrow_adults, wide_adults, wide_any, narrow_any]
    assert {one.after_rule for one in found} == {"V1"}
    publish(draft)
    derivation.rederive()
    found = what_if.if_withdrawn([draft])[draft.pk]
    assert {one.topic for one in found} == {*topics[:4]}
    assert {one.after_rule for one in found} == {"E1"}


def test_a_wider_topic_may_change_where_its_own_does_not(
    topics: list[Topic], paper: Publication
) -> None:
    wide_adults, wide_any, narrow_adults, *_ = topics
    examples.finding(wide_adults, paper, trial=examples.trial("NCT00000001", enrolment=20))
    other = examples.trial("NCT00000002", enrolment=20)
    narrow_adults.trials.add(other)
    draft = examples.finding(narrow_adults, paper, trial=other, direction="favours", **DRAFT)
    derivation.rederive()
    own, *others = what_if.if_published([draft])[draft.pk]
    assert (own.topic, own.changes, own.after_rule) == (narrow_adults, False, "E1")
    assert {one.topic: one.after_rule for one in others} == {wide_adults: "V1", wide_any: "V1"}


def test_an_edition_that_moves_is_forecast_where_it_stood_as_well(
    topics: list[Topic], paper: Publication
) -> None:
    old, new = topics[2], topics[4]
    shown = examples.finding(old, paper)
    moved = examples.finding(new, paper, record=shown.record, number=2, **DRAFT)
    derivation.rederive()
    found = {one.topic: one.after_rule for one in what_if.if_published([moved])[moved.pk]}
    assert (found[new], found[old]) == ("E1", "I1")


@pytest.mark.parametrize(
    "ours",
    [
        {},
        {"status": "experimental"},
        {"status": "variable", "reason": "Soon.", "review_by": "2027-01-01"},
        {"status": "investigated", "ground": "approved-use"},
    ],
)
def test_a_forecast_knows_the_word_that_readers_see_there(
    ours: dict[str, Any], topics: list[Topic], paper: Publication
) -> None:
    topic = topics[2]
    if ours:
        examples.assessment(topic, **ours)
    draft = a_second_study_that_disagrees(topic, paper)
    forecast = what_if.if_published([draft])[draft.pk][0]
    assert forecast.published == ours.get("status", "")
    assert forecast.published_ground == ours.get("ground", "")
    assert forecast.explained == ("reason" in ours)


def test_a_later_edition_stands_in_the_place_of_the_published_one(
    topics: list[Topic], paper: Publication
) -> None:
    topic = topics[2]
    old = examples.finding(topic, paper)
    gone = examples.finding(topic, paper, record=old.record, number=2, subjects="animal", **DRAFT)
    derivation.rederive()
    forecast = what_if.if_published([gone])[gone.pk][0]
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


def test_nothing_is_forecast_of_nothing_and_nothing_is_asked() -> None:
    with CaptureQueriesContext(connection) as captured:
        assert what_if.if_published([]) == what_if.if_withdrawn([]) == {}
        assert what_if.if_all_published([]) == ()
    assert len(captured) == 0


def test_what_the_rule_says_now_is_worked_out_and_not_what_is_stored(
    topics: list[Topic], paper: Publication
) -> None:
    topic = topics[2]
    a_second_study_that_disagrees(topic, paper)
    Topic.objects.update(rule="I1", rule_status="investigated", rule_ground="no-treatment-found")
    derived, pivots = what_if.as_things_stand(topic)
    assert (derived.rule, derived.status) == ("E1", "experimental")
    assert [pivot.rule for pivot in pivots] == ["I1"]
