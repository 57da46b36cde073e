"""All topics worked out at once give what each gives by itself, whole or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from evidence.ledger import derivation, evidence_of, version, whole
from evidence.ledger.evidence_of import batches, common
from evidence.ledger.storing import Written
from evidence.models import Condition, RulePeriod, Topic
from tests.ledger.kept import COUNTS, RULE, stored
from tests.web import examples

pytestmark = pytest.mark.django_db


@pytest.fixture
def topics(wide: Condition, narrow: Condition) -> list[Topic]:
    """A question in two conditions, one within the other, and one apart; nothing worked out."""
    found = [
        examples.topic(condition=wide),
        examples.topic(condition=narrow),
        examples.topic(condition=examples.condition("Cancer", "cancer", area="oncology")),
    ]
    for number, topic in enumerate(found[1:], start=1):
        examples.assessment(topic)
        examples.finding(topic, examples.publication(pmid=number))
    return found


def everything(topics: list[Topic]) -> list[Any]:
    periods = RulePeriod.objects.order_by("topic", "from_year").values_list("topic", "rule")
    return [*(stored(topic, RULE + COUNTS) for topic in topics), *periods]


def test_a_dry_run_names_what_would_change_and_stores_nothing(topics: list[Topic]) -> None:
    before = everything(topics), version.current()
    would = whole.rederive_all(dry_run=True)
    words = {change.topic: change.after_rule for change in would.changes}
    assert words == {topic.pk: "E1" for topic in topics}
    assert would.topics == {topic.pk for topic in topics}
    assert (everything(topics), version.current()) == before


def test_all_at_once_stores_what_one_by_one_does(topics: list[Topic]) -> None:
    derivation.rederive()
    one_by_one = everything(topics)
    Topic.objects.update(rule="", rule_status="", rule_ground="", findings_count=7)
    RulePeriod.objects.all().delete()
    whole.rederive_all()
    assert everything(topics) == one_by_one


def test_the_data_version_moves_once_and_not_where_nothing_differs(topics: list[Topic]) -> None:
    before = version.current().number
    whole.rederive_all()
    assert version.current().number == before + 1
    assert whole.rederive_all() == Written()
    assert version.current().number == before + 1


def test_a_wrong_count_alone_is_mended_and_is_no_change_of_word(topics: list[Topic]) -> None:
    whole.rederive_all()
    Topic.objects.filter(pk=topics[1].pk).update(findings_count=7)
    assert whole.rederive_all() == Written(topics=frozenset({topics[1].pk}))
    assert stored(topics[1])[0] == 1


def test_evidence_that_comes_meanwhile_is_not_written_over(
    topics: list[Topic], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another study disagrees between the reading and the storing."""
    work_out = whole._work_out

    def while_somebody_publishes(waiting: Any) -> Any:
        worked_out = work_out(waiting)
        source = examples.publication(pmid=77)
        made = examples.finding(topics[1], source, direction="favours", outcome="Death")
        derivation.after_change(made)
        return worked_out

    monkeypatch.setattr(whole, "_work_out", while_somebody_publishes)
    written = whole.rederive_all()
    assert written.topics == {topics[2].pk}
    assert stored(topics[1], RULE[:1]) == stored(topics[0], RULE[:1]) == ("V1",)
    assert stored(topics[2], RULE[:1]) == ("E1",)


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_batches_hold_every_topic_once_and_never_part_what_is_read_together(
    at_once: int, topics: list[Topic], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_of, "BATCH", at_once)
    found = [*batches(common())]
    assert sorted(key for batch in found for key in batch) == sorted(t.pk for t in topics)
    above, below, _ = (topic.pk for topic in topics)
    assert [below in batch for batch in found] == [above in batch for batch in found]
    assert len(found) == (1 if at_once == 3 else 2)
    whole.rederive_all()
    assert stored(topics[0], COUNTS[:1]) == (1,)


def test_some_topics_are_batched_with_those_over_and_under_them_alone(
    topics: list[Topic],
) -> None:
    above, below, apart = (topic.pk for topic in topics)
    shared = common()
    assert [*batches(shared, [below])] == [[above, below]]
    assert [*batches(shared, [above])] == [[above, below]]
    assert [*batches(shared, [apart])] == [[apart]]
    assert [*batches(shared, [])] == []
