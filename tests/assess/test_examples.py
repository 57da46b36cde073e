"""The worked examples of the page on statuses: made up, and worked by the rule."""

import pytest

from evidence.assess.examples import EXAMPLES
from evidence.vocab import RULE_WHEN, Rule

EACH = pytest.mark.parametrize("example", EXAMPLES.values(), ids=lambda example: example.rule.value)


def test_every_line_of_the_rule_has_its_words_and_an_example_in_the_order_of_the_rule():
    assert [*EXAMPLES] == [*RULE_WHEN] == [*Rule]
    assert all(example.rule == rule for rule, example in EXAMPLES.items())


@EACH
def test_the_line_of_an_example_is_the_first_that_holds(example):
    assert example.derivation.rule == example.rule


@EACH
def test_an_example_tells_every_fact_with_its_study_and_its_result(example):
    facts = (*example.findings, *example.approvals, *example.trials)
    assert len(example.told) == len(facts)
    for told, fact in zip(example.told, facts, strict=True):
        named = getattr(fact, "study_label", "") or getattr(fact, "agency", "") or fact.label
        assert told.study.startswith(f"{named}, a")
        assert told.year.isdigit()
        assert told.result


@EACH
def test_an_example_says_of_each_fact_without_a_voice_why(example):
    trace = example.derivation.trace
    said = [told.aside for told in example.told if told.aside]
    assert sorted(said) == sorted(one.sentence for one in (*trace.left_out, *trace.set_aside))


@EACH
def test_the_studies_of_the_examples_are_plainly_made_up(example):
    names = {told.study.partition(",")[0] for told in example.told}
    assert names <= {
        f"{sort} {letter}" for sort in ("Trial", "Study", "Agency") for letter in "ABC"
    }


def test_a_fact_is_told_in_plain_words():
    (first, *_, last) = EXAMPLES[Rule.V1].told
    assert (first.study, first.year) == (
        "Trial A, a randomised phase 2 trial of 60 people (adults)",
        "2005",
    )
    assert (first.measured, first.comparison) == ("Relapse (clinical)", "with v without IL-2")
    assert (first.result, first.aside) == ("favours IL-2", "")
    assert last.aside == "It has no concurrent comparison."
