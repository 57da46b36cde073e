"""What becomes of a field when its source says something: one table, and cards that follow it."""

from __future__ import annotations

from itertools import product

import pytest

from evidence.sync.comparing import (
    AGREES,
    LEAVE,
    NOTHING,
    PUT,
    PUT_AND_TELL,
    Card,
    Decision,
    Meeting,
    card,
    decide,
)


def meeting(ours: str, last: str | None, new: str, *words: str) -> Meeting:
    """One field: the texts, and what is true of it by name."""
    return Meeting(
        ours=ours,
        last=last,
        new=new,
        by_a_person="by a person" in words,
        watched="watched" in words,
        seen="unseen" not in words,
    )


TABLE = [
    # ours, last, new, …: what becomes of it
    (("A", "A", "A"), AGREES),
    (("A", "A", "B"), PUT),
    (("A", "A", "B", "watched"), PUT_AND_TELL),
    (("A", "A", "B", "watched", "unseen"), PUT),
    (("A", "A", ""), PUT),
    (("", "", "B"), PUT),
    (("C", "A", "A"), NOTHING),
    (("C", "A", "A", "watched"), NOTHING),
    (("C", "A", "B"), LEAVE),
    (("C", "A", "B", "watched", "unseen"), LEAVE),
    (("C", "A", "C"), AGREES),
    (("C", "", "B"), LEAVE),
    (("", "A", "B"), LEAVE),
    # the first meeting
    (("", None, "B"), PUT),
    (("", None, "B", "by a person", "watched"), LEAVE),
    (("", None, "", "by a person"), AGREES),
    (("A", None, "A", "by a person"), AGREES),
    (("A", None, ""), NOTHING),
    (("A", None, "B", "by a person"), LEAVE),
    (("A", None, "B"), PUT),
    (("A", None, "B", "watched"), PUT_AND_TELL),
    (("A", None, "B", "watched", "unseen"), PUT),
]


@pytest.mark.parametrize(("case", "expected"), TABLE, ids=str)
def test_the_table_of_what_becomes_of_a_field(case: tuple[str, ...], expected: Decision) -> None:
    assert decide(meeting(*case)) == expected


EVERY = [
    meeting(ours, last, new, *words)
    for ours, last, new in product(["", "A", "B", "C"], [None, "", "A", "B"], ["", "A", "B"])
    for words in product(["by a person", ""], ["watched", ""], ["unseen", ""])
]


@pytest.mark.parametrize("one", EVERY, ids=str)
def test_what_a_person_corrected_is_never_written_over(one: Meeting) -> None:
    corrected = one.last is not None and one.ours != one.last
    written = one.last is None and one.by_a_person and one.new != one.ours
    if corrected or written:
        assert not decide(one).put


def test_a_first_change_opens_a_card_with_all_three_texts() -> None:
    one = meeting("C", "A", "B")
    assert card(None, one, decide(one)) == Card(ours="C", before="A", after="B", applied=False)


def test_a_second_change_moves_the_card_on_and_keeps_what_came_before_it() -> None:
    open_card = Card(ours="C", before="A", after="B", applied=False)
    one = meeting("C", "B", "D")
    assert card(open_card, one, decide(one)) == Card(ours="C", before="A", after="D", applied=False)
    seen = Card(ours="A", before="A", after="B", applied=True)
    two = meeting("B", "B", "D", "watched")
    assert card(seen, two, decide(two)) == Card(ours="A", before="A", after="D", applied=True)


def test_a_card_closes_when_the_source_goes_back_to_what_stands_here() -> None:
    open_card = Card(ours="C", before="A", after="B", applied=False)
    one = meeting("C", "B", "C")
    assert card(open_card, one, decide(one)) is None
    seen = Card(ours="A", before="A", after="B", applied=True)
    two = meeting("B", "B", "A", "watched")
    assert card(seen, two, decide(two)) is None


def test_a_card_closes_when_the_source_goes_back_to_what_it_said_before() -> None:
    open_card = Card(ours="C", before="A", after="B", applied=False)
    one = meeting("C", "B", "A")
    assert card(open_card, one, decide(one)) is None


def test_a_card_stays_where_what_had_been_put_stands_though_the_source_took_it_back() -> None:
    open_card = Card(ours="A", before="A", after="B", applied=True)
    one = meeting("B", "B", "A")
    assert card(open_card, one, LEAVE) == Card(ours="B", before="A", after="A", applied=False)
    corrected = meeting("C", "B", "A")
    assert card(open_card, corrected, LEAVE) is None


def test_a_card_of_what_stands_here_already_waits_until_somebody_has_seen_it() -> None:
    seen = Card(ours="A", before="A", after="B", applied=True)
    one = meeting("B", "B", "B", "watched")
    assert card(seen, one, decide(one)) == seen


def test_a_correction_of_what_had_been_put_turns_its_card_round() -> None:
    seen = Card(ours="A", before="A", after="B", applied=True)
    one = meeting("C", "B", "D", "watched")
    assert card(seen, one, decide(one)) == Card(ours="C", before="A", after="D", applied=False)
