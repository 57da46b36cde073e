"""What is stored on a topic follows every change of its evidence, and of nothing else."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evidence import vocab
from evidence.ledger import derivation
from evidence.models import (
    Approval,
    Condition,
    Finding,
    Publication,
    Topic,
    Trial,
    TrialPhase,
    TrialPublication,
)
from tests.ledger.kept import RULE, reads, stored
from tests.web import examples

pytestmark = pytest.mark.django_db


def spoil(*topics: Topic) -> None:
    """Store a version that no derivation would give, to see who is worked out again."""
    Topic.objects.filter(pk__in=[topic.pk for topic in topics]).update(rule_version=99)


def worked_out(topic: Topic) -> bool:
    topic.refresh_from_db()
    return topic.rule_version != 99


# --- What follows a change ------------------------------------------------------------------------


def test_a_finding_moves_its_topic_and_the_wider_ones_alone(
    wide: Condition, narrow: Condition, paper: Publication
) -> None:
    above, below = examples.topic(condition=wide), examples.topic(condition=narrow)
    apart = examples.topic(condition=narrow, role="prevention")
    derivation.rederive()
    spoil(apart)
    made = examples.finding(below, paper)
    (one, other) = derivation.after_change(made)
    assert {one.topic, other.topic} == {above.pk, below.pk}
    assert (one.before, one.after) == ("investigated", "experimental")
    assert stored(above) == stored(below) == (1, 1, 0, 1, 0)
    assert not worked_out(apart)


def test_a_finding_that_went_to_another_topic_leaves_the_first(
    narrow: Condition, paper: Publication
) -> None:
    first = examples.topic(condition=narrow)
    second = examples.topic(condition=narrow, role="prevention")
    old = examples.finding(first, paper)
    derivation.rederive()
    Finding.objects.filter(pk=old.pk).update(state="superseded")
    author, reviewer = examples.person("author"), examples.person("reviewer")
    new = examples.finding(
        second,
        paper,
        record=old.record,
        number=2,
        origin="curator",
        locator="Table 1",
        author=author,
        reviewer=reviewer,
        reviewed_at=old.published_at,
    )
    derivation.after_change(new)
    assert stored(first)[0] == 0
    assert stored(second)[0] == 1


def test_a_trial_that_starts_makes_a_topic_experimental(wide: Condition, narrow: Condition) -> None:
    above, below = examples.topic(condition=wide), examples.topic(condition=narrow)
    apart = examples.topic(condition=narrow, role="prevention")
    study = examples.trial(start="", recruitment_status="NOT_YET_RECRUITING")
    below.trials.add(study)
    derivation.rederive()
    assert stored(above, RULE[:2]) == ("I1", "investigated")
    assert stored(above) == (0, 1, 1, 0, 0)
    spoil(apart)
    study.recruitment_status = "RECRUITING"
    study.save()
    changes = derivation.after_change(study)
    assert {change.topic for change in changes} == {above.pk, below.pk}
    assert stored(above, RULE[:2]) == stored(below, RULE[:2]) == ("E1", "experimental")
    assert not worked_out(apart)


def test_a_trial_of_a_topic_and_of_a_narrower_one_is_told_once(
    wide: Condition, narrow: Condition
) -> None:
    above, below = examples.topic(condition=wide), examples.topic(condition=narrow)
    study = examples.trial()
    for topic in (above, below):
        topic.trials.add(study)
    derivation.rederive()
    above.refresh_from_db()
    (line,) = above.rule_trace["lines"]
    assert line["trials"] == [study.slug]
    assert "1 trial begun (ESPRIT)" in line["sentence"]


def test_a_phase_that_becomes_known_bears_on_the_rule(
    narrow: Condition, paper: Publication
) -> None:
    topic, study = examples.topic(condition=narrow), examples.trial()
    TrialPhase.objects.all().delete()
    examples.finding(topic, paper, trial=study)
    derivation.rederive()
    assert stored(topic, RULE[:1]) == ("E1",)
    derivation.after_change(TrialPhase.objects.create(trial=study, phase="PHASE3"))
    assert stored(topic, RULE[:3]) == ("I3", "investigated", "confirmatory-evidence-agrees")


def test_a_retraction_silences_what_was_read_from_it(wide: Condition, narrow: Condition) -> None:
    above, below = examples.topic(condition=wide), examples.topic(condition=narrow)
    paper, sound = examples.publication(), examples.publication(pmid=2)
    examples.finding(below, paper)
    apart = examples.topic(condition=narrow, role="prevention")
    examples.finding(apart, sound)
    derivation.rederive()
    spoil(apart)
    paper.standing = vocab.Standing.RETRACTED
    paper.save()
    changes = derivation.after_change(paper)
    assert {(change.topic, change.after) for change in changes} == {
        (above.pk, "investigated"),
        (below.pk, "investigated"),
    }
    assert stored(above, RULE[:1]) == ("I1",)
    assert not worked_out(apart)


def test_a_condition_that_moves_takes_its_evidence_along(
    wide: Condition, narrow: Condition, paper: Publication
) -> None:
    above, below = examples.topic(condition=wide), examples.topic(condition=narrow)
    elsewhere = examples.topic(condition=examples.condition("Cancer", "cancer", area="oncology"))
    examples.finding(below, paper)
    derivation.rederive()
    assert (stored(above)[0], stored(elsewhere)[0]) == (1, 0)
    narrow.parent = elsewhere.condition
    narrow.save()
    derivation.after_change(narrow)
    assert (stored(above)[0], stored(elsewhere)[0], stored(below)[0]) == (0, 1, 1)
    assert reads(elsewhere) == {elsewhere.pk, below.pk}
    assert above.rule == "I1"


@pytest.mark.parametrize(
    ("changed", "is_worked_out"),
    [(["definition", "synonyms"], False), (["name", "parent"], True), (None, True), ((), False)],
)
def test_a_condition_bears_on_the_rule_by_its_place_alone(
    changed: list[str] | None, is_worked_out: bool, narrow: Condition
) -> None:
    topic = examples.topic(condition=narrow)
    derivation.rederive()
    spoil(topic)
    derivation.after_change(narrow, changed=changed)
    assert worked_out(topic) == is_worked_out


def test_an_approval_is_in_force_for_its_own_use_while_it_lasts(
    wide: Condition, narrow: Condition, paper: Publication
) -> None:
    below = examples.topic(condition=narrow)
    children = examples.topic(condition=narrow, population="child")
    above = examples.topic(condition=wide)
    other = examples.intervention("Aldesleukin", "aldesleukin")
    apart = examples.topic(condition=narrow, intervention=other)
    derivation.rederive()
    spoil(apart)
    approval = Approval.objects.create(
        intervention=below.intervention,
        condition=narrow,
        population="adult",
        agency="FDA",
        from_year=1998,
        **examples.accepted(),
    )
    derivation.after_change(approval)
    assert stored(below, RULE) == ("I2", "investigated", "approved-use", True)
    assert stored(children, RULE[3:]) == stored(above, RULE[3:]) == (False,)
    assert not worked_out(apart)
    approval.withdrawn_year = 2001
    approval.save()
    derivation.after_change(approval)
    assert stored(below, RULE) == ("I1", "investigated", "no-treatment-found", False)


def test_an_approval_in_a_wider_condition_holds_for_narrower_ones(
    wide: Condition, narrow: Condition
) -> None:
    below = examples.topic(condition=narrow)
    approval = Approval.objects.create(
        intervention=below.intervention,
        condition=wide,
        population="any",
        agency="FDA",
        **examples.accepted(),
    )
    derivation.after_change(approval)
    assert stored(below, RULE[3:]) == (True,)


def test_a_harm_moves_counts_and_no_rule(narrow: Condition, paper: Publication) -> None:
    topic = examples.topic(condition=narrow)
    derivation.rederive()
    assert derivation.after_change(examples.harm(paper, topic=topic)) == []
    assert stored(topic) == (0, 0, 0, 0, 1)
    assert derivation.after_change(examples.harm(paper)) == []


def test_a_term_of_another_kind_moves_no_topic(narrow: Condition) -> None:
    topic = examples.topic(condition=narrow)
    derivation.rederive()
    spoil(topic)
    assert derivation.after_change(examples.effect()) == []
    assert not worked_out(topic)


# --- How it is done -------------------------------------------------------------------------------


def test_working_out_what_has_not_changed_writes_nothing(
    narrow: Condition, paper: Publication
) -> None:
    topic = examples.topic(condition=narrow)
    examples.finding(topic, paper, trial=examples.trial())
    assert derivation.rederive() != []
    with CaptureQueriesContext(connection) as captured:
        assert derivation.rederive() == []
    writes = [q["sql"] for q in captured if q["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]
    assert writes == []


def test_the_number_of_queries_does_not_grow_with_topics(
    narrow: Condition, paper: Publication
) -> None:
    def queries() -> int:
        derivation.rederive()
        with CaptureQueriesContext(connection) as captured:
            derivation.rederive()
        return len(captured)

    examples.finding(examples.topic(condition=narrow), paper, trial=examples.trial())
    few = queries()
    for population in vocab.Population.values[:5]:
        topic = examples.topic(condition=narrow, population=population)
        examples.finding(topic, paper, trial=Trial.objects.get())
    assert queries() == few


def test_the_trace_names_what_the_rule_read(narrow: Condition, paper: Publication) -> None:
    topic = examples.topic(condition=narrow)
    made = examples.finding(topic, paper)
    derivation.rederive([topic.pk])
    topic.refresh_from_db()
    assert made.code in str(topic.rule_trace)
    assert topic.rule_version == 1


def test_a_review_is_read_with_the_trials_that_were_accepted_alone(
    narrow: Condition, paper: Publication
) -> None:
    topic, unaccepted = examples.topic(condition=narrow), examples.trial(accepted_at=None)
    pooled = {"design": "review-randomised", "certainty": "moderate"}
    for direction, source in (("favours", paper), ("harm", examples.publication(pmid=2))):
        examples.finding(topic, source, direction=direction, **pooled)
        tie = TrialPublication.objects.create(
            trial=unaccepted, publication=source, relation="includes"
        )
        derivation.after_change(tie)
    derivation.rederive()
    assert stored(topic, RULE[:1]) == ("V1",)
    unaccepted.accepted_at = paper.accepted_at
    unaccepted.save()
    derivation.rederive()
    assert stored(topic, RULE[:1]) == ("I3",)


def test_what_a_row_bore_on_is_known_before_it_goes(wide: Condition, narrow: Condition) -> None:
    above, below = examples.topic(condition=wide), examples.topic(condition=narrow)
    child = examples.topic(condition=narrow, population="child")
    apart = examples.topic(condition=narrow, role="prevention")
    study = examples.trial()
    below.trials.add(study)
    derivation.rederive()
    assert {*derivation.before_deletion(study).topics} == {above.pk, below.pk, child.pk}
    assert {*derivation.before_deletion(below).topics} == {above.pk, below.pk, child.pk}
    assert derivation.before_deletion(examples.condition("Cancer", "cancer")).topics == ()
    gone = derivation.before_deletion(below)
    below.delete()
    derivation.after_deletion(gone)
    assert stored(above, RULE[:1]) == ("I1",)
    assert apart.pk not in gone.topics
