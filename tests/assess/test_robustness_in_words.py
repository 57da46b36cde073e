"""The sentence on what a word rests on."""

import pytest

from evidence.assess import Pivot
from evidence.assess.words import robustness
from evidence.vocab import RULE_GROUND, RULE_STATUS


def pivot(label, rule="E1", **changes):
    """A trial without which a line holds."""
    told = {
        "study": f"trial:{label}",
        "label": label,
        "is_review": False,
        "rule": rule,
        "status": RULE_STATUS[rule].value,
        "ground": str(RULE_GROUND.get(rule, "")),
    }
    return Pivot(**told | changes)


def series(label, rule="E1"):
    """One series of people, which has no trial."""
    return pivot(label, rule, study=f"publication:{label}")


def pooled(label, rule="E1"):
    """A review."""
    return pivot(label, rule, study=f"publication:{label}", is_review=True)


def said(*pivots, status="variable", ground=""):
    return robustness(status=status, ground=ground, pivots=pivots)


def test_a_word_that_rests_on_no_one_study_says_so():
    assert said() == "stays variable without any one study"
    assert said(status="experimental") == "stays experimental without any one study"


@pytest.mark.parametrize(
    ("ground", "told"),
    [
        ("approved-use", "an approved use"),
        ("confirmatory-evidence-agrees", "confirmatory evidence agrees"),
        ("no-treatment-found", "no treatment of people found"),
    ],
)
def test_investigated_is_never_named_without_its_ground(ground, told):
    sentence = f"stays investigated ({told}) without any one study"
    assert said(status="investigated", ground=ground) == sentence
    rule = next(rule for rule, word in RULE_GROUND.items() if word == ground)
    assert said(pivot("A", rule)).endswith(f"without it, investigated ({told})")


def test_one_study_is_named_alone():
    assert said(pivot("ESPRIT")) == "rests on ESPRIT alone: without it, experimental"
    assert said(series("Smith 1999")) == "rests on Smith 1999 alone: without it, experimental"
    assert said(pooled("Jones 2015")) == (
        "rests on the review Jones 2015 alone: without it, experimental"
    )


def test_a_title_in_place_of_a_name_stands_in_quotation_marks():
    title = "IL-2 alone as maintenance: meta-analysis of…"
    assert said(pooled(title)) == f"rests on the review “{title}” alone: without it, experimental"
    assert said(pivot(title), pivot("B")).startswith(f"rests on two trials (“{title}” and B)")


def test_two_and_three_studies_are_counted_and_named():
    assert (
        said(pivot("A"), pivot("B"))
        == "rests on two trials (A and B): without either, experimental"
    )
    assert said(pivot("A"), pivot("B"), pivot("C")) == (
        "rests on three trials (A, B and C): without any one of them, experimental"
    )


def test_beyond_three_studies_the_others_are_counted():
    assert said(*map(pivot, "ABCDE")) == (
        "rests on 5 trials (A, B, C and 2 more): without any one of them, experimental"
    )


def test_studies_are_called_trials_only_where_all_of_them_are():
    assert said(pivot("A"), series("B")).startswith("rests on two studies (A and B)")
    assert said(pooled("A"), pooled("B")).startswith("rests on two reviews (A and B)")
    assert said(pivot("A"), pooled("B")).startswith("rests on two studies (A and the review B)")
    filed = pivot("B", is_review=True)
    assert said(pivot("A"), filed).startswith("rests on two studies (A and the review B)")


def test_different_outcomes_without_different_studies_are_told_apart():
    assert said(pivot("A"), pivot("B", "I3")) == (
        "rests on two trials (A and B): without A, experimental; without B, investigated "
        "(confirmatory evidence agrees)"
    )
    assert said(pivot("A"), pivot("B", "I2"), pivot("C")) == (
        "rests on three trials (A, B and C): without either of A and C, experimental; without B, "
        "investigated (an approved use)"
    )
    assert said(*map(pivot, "ABC"), pivot("D", "I1")).startswith(
        "rests on 4 trials (A, B, C and 1 more): without any one of A, B and C, experimental; "
    )


def test_lines_of_one_status_and_ground_are_one_outcome():
    told = pivot("A", "V1"), pivot("B", "V2")
    assert said(*told, status="experimental") == (
        "rests on two trials (A and B): without either, variable"
    )


def test_two_studies_of_one_name_are_two():
    same = pivot("Smith 1999"), series("Smith 1999")
    assert said(*same).startswith("rests on two studies (Smith 1999 and Smith 1999)")


def test_the_sentence_has_no_full_stop():
    assert not said(pivot("A")).endswith(".")
    assert not said().endswith(".")
