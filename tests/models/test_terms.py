"""Terms never stand under themselves, and one that is merged leads somewhere."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from evidence.models import CellTarget, Condition, Intervention
from tests.models.rows import make
from tests.models.together import at_once

LINKS = [
    (Condition, "parent"),
    (Condition, "merged_into"),
    (Intervention, "parent"),
    (CellTarget, "merged_into"),
]


def linked(term: Any, link: str, to: Any) -> Any:
    """Return a term as another person reads it, with a link that is not saved yet."""
    term = type(term).objects.get(pk=term.pk)
    setattr(term, link, to)
    return term


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "link"), LINKS)
@pytest.mark.parametrize("length", [1, 2, 3, 5])
def test_a_chain_never_comes_back_to_its_start(model: Any, link: str, length: int):
    first = last = make(model)
    for _ in range(length - 1):
        last = make(model, **{link: last})
    loop = linked(first, link, last)
    with pytest.raises(ValidationError) as refusal:
        loop.save()
    assert list(refusal.value.message_dict) == [link]
    with pytest.raises(ValidationError) as refusal:
        loop.clean()
    assert list(refusal.value.message_dict) == [link]
    first.refresh_from_db()
    assert getattr(first, link) is None


@pytest.mark.django_db
def test_two_branches_may_meet_and_a_term_may_move():
    top, left, right = make(Condition), make(Condition), make(Condition)
    low = make(Condition, parent=left)
    for term in (linked(left, "parent", top), linked(right, "parent", top)):
        term.full_clean()
        term.save()
    moved = linked(low, "parent", right)
    moved.full_clean()
    moved.save()
    assert [term.pk for term in right.children.all()] == [low.pk]


@pytest.mark.django_db
def test_a_new_term_can_stand_under_another_at_once():
    parent = make(Condition)
    child = Condition(name="HIV infection", slug="hiv-infection", area="infectious", parent=parent)
    child.full_clean()
    child.save()
    assert child.parent == parent


@pytest.mark.django_db
def test_the_sentences_say_which_way_the_loop_goes():
    top = make(Condition)
    below, merged = make(Condition, parent=top), make(Condition, merged_into=top)
    with pytest.raises(ValidationError, match="stands under this term already"):
        linked(top, "parent", below).clean()
    with pytest.raises(ValidationError, match="is itself merged into this one"):
        linked(top, "merged_into", merged).clean()


@pytest.mark.django_db
def test_a_term_is_not_merged_into_one_that_is_gone_itself():
    gone = make(CellTarget, name="Treg cell", merged_into=make(CellTarget, name="Treg"))
    late = make(CellTarget)
    late.merged_into = gone
    with pytest.raises(ValidationError, match="“Treg cell” is itself merged into another"):
        late.full_clean()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("model", "link"), LINKS)
def test_two_people_cannot_make_a_loop_together(model: Any, link: str):
    for _ in range(5):
        one, other = make(model), make(model)
        answers = at_once(linked(one, link, other).save, linked(other, link, one).save)
        assert sorted(type(answer).__name__ for answer in answers) == [
            "NoneType",
            "ValidationError",
        ]
        one.refresh_from_db()
        other.refresh_from_db()
        assert (getattr(one, link) is None) != (getattr(other, link) is None)


@pytest.mark.django_db
def test_names_stand_one_per_line():
    term = make(Condition, name="tuberculosis", synonyms="TB\n\n consumption \n")
    assert term.synonym_list == ["TB", "consumption"]
    assert str(term) == "tuberculosis"
