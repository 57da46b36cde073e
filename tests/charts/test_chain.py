"""A chain of effects names all that is reached, each once with what follows it, loops and all."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from evidence.charts.chain import Branch, Effect, chain, drawn, turned

LEAK = {
    "leak": ["oedema", "hypotension", "death"],
    "hypotension": ["kidney-injury"],
    "storm": ["hypotension"],
    "sepsis": ["death"],
}


def effects(*slugs: str) -> dict[str, Effect]:
    return {slug: Effect(name=slug.capitalize(), path=f"/x/{slug}/") for slug in slugs}


def walked(branches: tuple[Branch, ...]) -> list[Branch]:
    return [each for one in branches for each in (one, *walked(one.branches))]


def test_a_chain_goes_on_from_step_to_step_both_ways() -> None:
    after = chain("leak", LEAK)
    assert [one.slug for one in after] == ["oedema", "hypotension", "death"]
    assert after[1].branches == (Branch(slug="kidney-injury"),)
    (before,) = chain("kidney-injury", turned(LEAK))
    assert before.slug == "hypotension"
    assert {one.slug for one in before.branches} == {"leak", "storm"}
    assert chain("oedema", LEAK) == ()


def test_a_loop_ends_where_it_comes_round() -> None:
    (rash,) = chain("fever", {"fever": ["rash"], "rash": ["fever", "rash"]})
    assert rash.branches == (Branch(slug="fever", again=True), Branch(slug="rash", again=True))


def test_what_is_reached_twice_is_followed_where_it_is_reached_first() -> None:
    steps = {"a": ["b", "c"], "b": ["d"], "d": ["c"], "c": ["e"]}
    by_b, by_a = chain("a", steps)
    assert by_a == Branch(slug="c", branches=(Branch(slug="e"),))
    assert by_b.branches[0].branches == (Branch(slug="c", again=True),)


@given(
    steps=st.dictionaries(
        st.sampled_from("abcdefg"), st.lists(st.sampled_from("abcdefg"), unique=True)
    )
)
def test_all_that_is_reached_is_named_and_followed_once(steps: dict[str, list[str]]) -> None:
    reached, todo = {"a"}, ["a"]
    while todo:
        for one in steps.get(todo.pop(), []):
            if one not in reached:
                reached.add(one)
                todo.append(one)
    named = walked(chain("a", steps))
    assert {one.slug for one in named} | {"a"} == reached
    followed = [one.slug for one in named if one.branches]
    assert len(followed) == len(set(followed))
    assert len(named) <= sum(len(after) for after in steps.values())


def test_every_step_is_a_link_within_a_list_that_says_whose_it_is() -> None:
    known = effects("leak", "oedema", "hypotension", "death", "kidney-injury")
    html = drawn("leak", chain("leak", LEAK), known, "leads to")
    assert re.findall(r'href="/x/([a-z-]+)/"', html) == [
        "oedema",
        "hypotension",
        "kidney-injury",
        "death",
    ]
    assert '<ul aria-label="Leak leads to">' in html
    assert '<ul aria-label="Hypotension leads to">' in html
    assert '<b class="step">Leak</b>' in html


def test_a_name_is_never_markup() -> None:
    known = {"a": Effect(name="<b>", path="/x/"), "b": Effect(name="& so", path="/y/")}
    html = drawn("a", chain("a", {"a": ["b"]}), known, "leads to")
    assert "<b>" not in html.replace('<b class="step">', "")
    assert "&amp; so" in html
