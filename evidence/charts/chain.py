"""What an adverse effect leads to and follows from, step by step, as lists within lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evidence.charts.svg import element, escaped

Steps = Mapping[str, Sequence[str]]
"""Where one step leads from each effect, by slug."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """An effect's name, the path of its page, and what is said beside it."""

    name: str
    path: str
    second: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Branch:
    """An effect in a chain; `again` where what follows it stands elsewhere in the chain."""

    slug: str
    branches: tuple[Branch, ...] = ()
    again: bool = False


def chain(start: str, steps: Steps) -> tuple[Branch, ...]:
    """Give all that is reached from an effect, each where it is reached in the fewest steps.

    What is reached a second time is named again without what follows it; so is every loop.
    """
    reached, order = {start}, [start]
    below: dict[str, list[tuple[str, bool]]] = {}
    for slug in order:
        below[slug] = []
        for after in steps.get(slug, ()):
            below[slug].append((after, after in reached))
            if after not in reached:
                reached.add(after)
                order.append(after)
    found: dict[str, tuple[Branch, ...]] = {}
    for slug in reversed(order):
        found[slug] = tuple(
            Branch(
                slug=after,
                branches=() if again else found[after],
                again=again and bool(steps.get(after)),
            )
            for after, again in below[slug]
        )
    return found[start]


def turned(steps: Steps) -> dict[str, list[str]]:
    """Give the same steps the other way round."""
    back: dict[str, list[str]] = {}
    for slug, after in steps.items():
        for one in after:
            back.setdefault(one, []).append(slug)
    return back


def drawn(start: str, branches: Iterable[Branch], effects: Mapping[str, Effect], word: str) -> str:
    """Draw a chain as HTML: a list from the effect, whose steps are named "leads to" or the like.

    Every effect but the first is a link.
    """
    first = element("b", escaped(effects[start].name), class_="step")
    inside = first + _list(start, branches, effects, word)
    return element("ul", element("li", inside), class_="chain")


def _list(slug: str, branches: Iterable[Branch], effects: Mapping[str, Effect], word: str) -> str:
    items = "".join(element("li", _item(one, effects, word)) for one in branches)
    label = f"{effects[slug].name} {word}"
    return element("ul", items, aria_label=label) if items else ""


def _item(branch: Branch, effects: Mapping[str, Effect], word: str) -> str:
    effect = effects[branch.slug]
    said = [words for words in (effect.second, "as above" if branch.again else "") if words]
    second = element("span", escaped(", ".join(said)), class_="second") if said else ""
    link = element("a", escaped(effect.name), href=effect.path)
    step = element("span", link + second, class_="step")
    return step + _list(branch.slug, branch.branches, effects, word)
