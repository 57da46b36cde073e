"""What the search holds of each thing that readers see: its own words, and its terms."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.db.models import Model, QuerySet

from evidence.ledger import engines
from evidence.ledger.entries_of_facts import (
    conditions,
    effects,
    interventions,
    publications,
    trials,
)
from evidence.ledger.entries_of_judgements import findings, harms, topics
from evidence.ledger.entry import Entry, Keys, public
from evidence.listing.tokens import streams
from evidence.models import (
    AdverseEffect,
    Condition,
    Finding,
    HarmReport,
    Intervention,
    Publication,
    Topic,
    Trial,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that can be found; `key` is the column that its entries are known by."""

    model: type[Model]
    gather: Callable[[Keys], Iterator[Entry]]
    key: str = "pk"


_KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "topic": Kind(Topic, topics),
        "condition": Kind(Condition, conditions),
        "intervention": Kind(Intervention, interventions),
        "adverse-effect": Kind(AdverseEffect, effects),
        "trial": Kind(Trial, trials),
        "publication": Kind(Publication, publications),
        "finding": Kind(Finding, findings, key="record_id"),
        "harm": Kind(HarmReport, harms, key="record_id"),
    }
)

KINDS = tuple(_KINDS)
"""What can be found, in the order in which it is shown."""

# They are part of the keys of entries: another order is another VERSION of the index.
NUMBERS = {kind: number for number, kind in enumerate(KINDS, start=1)}


def kind_token(kind: str) -> str:
    """Return the token that every entry of a kind holds, and no text."""
    return f"_kind{kind.replace('-', '')}"


def term_token(letter: str, key: int) -> str:
    """Return the token of a term that a thing hangs on: c, i, e or o with its key."""
    return f"_{letter}{key}"


def rows(kind: str, keys: Collection[int] | None) -> Iterator[engines.Row]:
    """Give the entries of some things of a kind (None: all), those alone that readers see."""
    for entry in _KINDS[kind].gather(keys):
        named = [term_token(*term) for term in entry.title_terms]
        others = [term_token(*term) for term in entry.terms]
        yield engines.row(
            row_id(kind, entry.key),
            [*_sequences(entry.title), *([one] for one in named)],
            [
                *_sequences(entry.body),
                *([one] for one in dict.fromkeys([kind_token(kind), *named, *others])),
            ],
        )


def row_id(kind: str, key: int) -> int:
    """Return the key of a thing's entry."""
    return key << engines.KIND_BITS | NUMBERS[kind]


def public_keys(kind: str) -> QuerySet[Any, Any]:
    """Return the keys of all things of a kind that readers see, in order."""
    one = _KINDS[kind]
    return public(one.model, None).order_by(one.key).values_list(one.key, flat=True)


def _sequences(texts: Iterable[str]) -> Iterator[list[str]]:
    for text in dict.fromkeys(texts):
        if text:
            yield from _streams(text)


@lru_cache(maxsize=5_000)
def _streams(text: str) -> list[list[str]]:
    # The words of a source come again with each of its findings, and with their topics.
    return streams(text)
