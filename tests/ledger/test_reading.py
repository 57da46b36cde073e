"""What is read for a topic, and how much of each kind it is."""

from __future__ import annotations

import pytest

from evidence.ledger import derivation
from evidence.models import Condition, Publication
from tests.ledger.kept import reads, stored
from tests.web import examples

pytestmark = pytest.mark.django_db


def test_a_topic_reads_itself_narrower_conditions_and_covered_populations(
    wide: Condition, narrow: Condition
) -> None:
    any_age = examples.topic(condition=wide, population="any")
    adults = examples.topic(condition=wide, population="adult")
    late = examples.topic(condition=narrow, population="adult")
    newborn = examples.topic(condition=narrow, population="neonate")
    preterm = examples.topic(condition=narrow, population="neonate-preterm")
    other_role = examples.topic(condition=narrow, role="prevention")
    other_drug = examples.topic(
        condition=narrow, intervention=examples.intervention("Aldesleukin", "aldesleukin")
    )
    derivation.rederive()
    assert reads(any_age) == {any_age.pk, adults.pk, late.pk, newborn.pk, preterm.pk}
    assert reads(adults) == {adults.pk, late.pk}
    assert reads(late) == {late.pk}
    assert reads(newborn) == {newborn.pk, preterm.pk}
    assert reads(preterm) == {preterm.pk}
    assert reads(other_role) == {other_role.pk}
    assert reads(other_drug) == {other_drug.pk}


def test_counts_are_of_all_that_is_read_each_thing_once(
    wide: Condition, narrow: Condition, paper: Publication
) -> None:
    above, below = examples.topic(condition=wide), examples.topic(condition=narrow)
    study, registered = examples.trial(), examples.trial("NCT00000002")
    second = examples.publication(pmid=2)
    for source in (paper, second):  # two papers of one trial are one study
        examples.finding(below, source, trial=study)
    examples.finding(below, second)  # a series without a trial is a study of its own
    examples.finding(above, paper, design="review-randomised")  # a review is none
    below.trials.add(registered, study)
    examples.harm(paper, topic=below)
    derivation.rederive()
    assert stored(below) == (3, 3, 2, 2, 1)
    assert stored(above) == (4, 3, 2, 2, 1)
    assert set(above.read_trials.all()) == {study, registered}


def test_drafts_and_what_nobody_accepted_count_for_nothing(
    narrow: Condition, paper: Publication
) -> None:
    topic = examples.topic(condition=narrow)
    topic.trials.add(examples.trial("NCT00000003", accepted_at=None))
    examples.finding(topic, paper, state="draft", published_at=None)
    examples.harm(paper, topic=topic, state="draft", published_at=None)
    derivation.rederive()
    assert stored(topic) == (0, 0, 0, 0, 0)
    assert topic.rule == "I1"
    assert not topic.read_trials.exists()
