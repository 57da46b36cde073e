"""The search over everything: the best of each kind, where an identifier leads, what was meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When, Window
from django.utils.safestring import SafeString

from evidence.catalogue.jumps import jump
from evidence.catalogue.meant import corrected, vocabulary
from evidence.catalogue.results import SEARCHED, Shown
from evidence.ledger import version
from evidence.ledger.index import Answer, answers
from evidence.listing.highlight import highlighted, snippet
from evidence.listing.tokens import Query, parse
from evidence.templatetags.words import unbroken

BEST = 5
"""So many results of a kind are shown; the listing of the same query has them all."""
TERMS = ("condition", "intervention", "adverse-effect")
"""The kinds whose names are words of the field: one that is all of a query is what was meant."""
FEW = 10
"""Up to so many results may be those of a misspelt word."""
FAR_MORE = 3
"""What finds so many times as much is offered beside it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """One thing that was found: safe HTML with the query's words marked, and its path."""

    path: str
    title: SafeString
    second: SafeString
    snippet: SafeString
    status: str
    ground: str
    tag: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """What was found of one kind: how many, the best of them, and where all of them are listed.

    The query is the whole name of the first `exact` of them.
    """

    kind: str
    label: str
    total: int
    results: tuple[Result, ...]
    more_url: str
    exact: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """The answer to a query.

    `jump` is the path of the thing that an identifier names, and then nothing else is looked for;
    `missing` says that none is held; `meant` is the query whose results are shown in place of the
    asked one's, which has none. `near` is one that finds far more than the asked one, which has few
    results and a word that no name or title holds.
    """

    asked: str
    jump: str = ""
    missing: str = ""
    meant: str = ""
    near: str = ""
    groups: tuple[Group, ...] = ()

    @property
    def total(self) -> int:
        """How many things were found, of all kinds together."""
        return sum(group.total for group in self.groups)

    @property
    def best(self) -> tuple[tuple[str, Result], ...]:
        """The terms that the query is the whole name of, each after the word for its kind."""
        return tuple(
            (group.kind.replace("-", " "), result)
            for group in self.groups
            for result in group.results[: group.exact]
        )


def find(text: str) -> Found:
    """Look for a text in everything that readers see; any text has an answer.

    The number of queries depends on the kinds that something is found of, not on how much; where
    that is little, what may have been meant is asked for as well.
    """
    text = readable(text)
    query = parse(text)
    if not query.wanted:
        return Found(asked=text)
    led = jump(text)
    if led.path:
        return Found(asked=text, jump=led.path)
    found = Found(asked=text, missing=led.missing, groups=_groups(query, text))
    # Of an identifier that is not held, another one is never what was meant.
    if led.missing:
        return found
    return _with_near(found) if found.total else _as_meant(found)


def readable(text: str) -> str:
    """Return a text on one line without what no database holds: a NUL, half of a character."""
    return " ".join(text.encode("utf-8", "replace").decode().replace("\0", " ").split())


def _groups(query: Query, text: str) -> tuple[Group, ...]:
    answered = answers(query, tuple(SEARCHED))
    return tuple(_group(kind, answered[kind], query, text) for kind in SEARCHED)


def _group(kind: str, answer: Answer, query: Query, text: str) -> Group:
    searched = SEARCHED[kind]
    keys, total, exact = ([], 0, 0) if answer.is_empty else _best(kind, answer, query)
    rows = searched.whole(searched.rows().filter(pk__in=keys)) if keys else ()
    whole: Mapping[int, Any] = {row.pk: row for row in rows}
    return Group(
        kind=kind,
        label=searched.label,
        total=total,
        results=tuple(_result(searched.show(whole[key]), query) for key in keys if key in whole),
        more_url=f"/{searched.listing}/?{urlencode({'q': text})}",
        exact=exact if kind in TERMS else 0,
    )


def _best(kind: str, answer: Answer, query: Query) -> tuple[list[int], int, int]:
    """Return the keys of the best rows in order, how many there are, and how many are named."""
    counted = _in_order(kind, answer, query).annotate(matched=Window(Count("pk")))
    best = list(counted.values_list("pk", "matched", "step")[:BEST])
    named = sum(step == 0 for *_, step in best)
    return [pk for pk, *_ in best], best[0][1] if best else 0, named


def ranked(kind: str, query: Query) -> QuerySet[Any]:
    """Return the rows of a kind that a query finds, the best first.

    The order is the same on every database: what the words name, what has them in its title, the
    rest; within these what the kind puts first, then by key.
    """
    return _in_order(kind, answers(query, (kind,))[kind], query)


def _in_order(kind: str, answer: Answer, query: Query) -> QuerySet[Any]:
    searched = SEARCHED[kind]
    found = searched.rows().filter(**{f"{searched.key}__in": answer.keys})
    in_title = Q(**{f"{searched.key}__in": answer.in_title})
    steps = [in_title]
    if searched.named is not None:
        steps.insert(0, searched.named(query, searched.rows().filter(in_title)))
    step = Case(
        *(When(one, then=Value(number)) for number, one in enumerate(steps) if one),
        default=Value(len(steps)),
        output_field=IntegerField(),
    )
    return found.annotate(step=step).order_by("step", *searched.first, searched.key)


def _result(shown: Shown, query: Query) -> Result:
    return Result(
        path=shown.path,
        title=highlighted(shown.title, query, written=unbroken),
        second=highlighted(shown.second, query, written=unbroken),
        snippet=snippet(shown.texts, query, written=unbroken),
        status=shown.status,
        ground=shown.ground,
        tag=shown.tag,
    )


def _as_meant(found: Found) -> Found:
    """Answer what finds nothing with what was probably meant, where that finds something."""
    words = vocabulary(version.current().token)
    meant = corrected(found.asked, words, held=_held)
    if meant == found.asked:
        return found
    groups = _groups(parse(meant), meant)
    if not any(group.total for group in groups):
        return found
    return replace(found, meant=meant, groups=groups)


def _with_near(found: Found) -> Found:
    """Offer what was probably meant by a word that no name or title holds, where it finds more."""
    if found.total > FEW:
        return found
    words = vocabulary(version.current().token)
    near = corrected(found.asked, words, held=lambda word: False)
    if near == found.asked:
        return found
    total = sum(group.total for group in _groups(parse(near), near))
    return replace(found, near=near) if total >= FAR_MORE * found.total else found


def _held(word: str) -> bool:
    """Say whether anything that readers see holds a word."""
    answered = answers(parse(word), tuple(SEARCHED))
    return any(
        searched.rows().filter(**{f"{searched.key}__in": answered[kind].keys}).exists()
        for kind, searched in SEARCHED.items()
        if not answered[kind].is_empty
    )
