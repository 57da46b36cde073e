"""Terms with all that stands under them, from one query."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evidence.ledger.trees import grow
from evidence.models import AdverseEffect, Condition
from tests.web import examples

pytestmark = pytest.mark.django_db


@pytest.fixture
def family() -> dict[str, int]:
    """A chain of three, a second child, and one alone."""
    made: dict[str, Condition] = {}
    for slug, parent in (("a", ""), ("b", "a"), ("c", "b"), ("d", "a"), ("e", "")):
        made[slug] = examples.condition(slug.upper(), slug, parent=made.get(parent))
    return {slug: term.pk for slug, term in made.items()}


def slugs(keys: frozenset[int], family: dict[str, int]) -> str:
    return "".join(slug for slug, pk in family.items() if pk in keys)


def test_a_tree_knows_what_stands_under_and_over_each_term(family: dict[str, int]) -> None:
    with CaptureQueriesContext(connection) as captured:
        tree = grow(Condition)
    assert len(captured) == 1
    under = {slug: slugs(tree.at_or_below([pk]), family) for slug, pk in family.items()}
    assert under == {"a": "abcd", "b": "bc", "c": "c", "d": "d", "e": "e"}
    over = {slug: slugs(tree.at_or_above(pk), family) for slug, pk in family.items()}
    assert over == {"a": "a", "b": "ab", "c": "abc", "d": "ad", "e": "e"}
    assert slugs(tree.at_or_below([family["b"], family["e"]]), family) == "bce"
    assert tree.at_or_below([]) == frozenset()
    assert [node.slug for node in tree.nodes] == ["a", "b", "c", "d", "e"]


def test_a_merged_term_is_no_branch(family: dict[str, int]) -> None:
    Condition.objects.filter(pk=family["b"]).update(merged_into=family["e"])
    tree = grow(Condition)
    assert "b" not in tree.by_slug
    assert slugs(tree.at_or_below([family["a"]]), family) == "ad"
    assert slugs(tree.at_or_below([family["c"]]), family) == "c"


def test_a_loop_that_the_database_let_in_ends(family: dict[str, int]) -> None:
    Condition.objects.filter(pk=family["a"]).update(parent=family["c"])
    tree = grow(Condition)
    assert slugs(tree.at_or_below([family["b"]]), family) == "abcd"


def test_terms_without_parents_stand_alone() -> None:
    effect = examples.effect()
    tree = grow(AdverseEffect)
    assert tree.at_or_below([effect.pk]) == {effect.pk}
    assert tree.at_or_below([effect.pk + 1]) == {effect.pk + 1}
