"""The terms that a word of a query names: what hangs on them, or on any under them, is found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from evidence.ledger.engines import GAP, Phrase
from evidence.ledger.entries import term_token
from evidence.ledger.trees import Tree, grow
from evidence.listing.tokens import streams
from evidence.models import AdverseEffect, Condition, Intervention, Outcome

MODELS = {"c": Condition, "i": Intervention, "e": AdverseEffect, "o": Outcome}
LETTERS = {"topic": "cie", "trial": "ci", "finding": "cio", "harm": "cie"}
"""The terms that the entries of a kind hang on."""


def trees_of(kinds: Iterable[str]) -> Mapping[str, Tree]:
    """Read the terms that the entries of some kinds hang on; a query for each sort of term."""
    letters = dict.fromkeys("".join(LETTERS.get(kind, "") for kind in kinds))
    return {letter: grow(MODELS[letter]) for letter in letters}


class Terms:
    """The terms that the entries of a kind hang on."""

    def __init__(self, kind: str, trees: Mapping[str, Tree]) -> None:
        self.trees = {letter: trees[letter] for letter in LETTERS.get(kind, "")}

    def named(self, phrases: Iterable[Phrase]) -> Iterator[Phrase]:
        """Give the tokens of the terms that hold one of the phrases, and of all under them."""
        sought = [_sought(phrase) for phrase in phrases]
        for letter, tree in self.trees.items():
            named = [
                node.pk
                for node in tree.nodes
                if any(one in _laid(node.name, node.synonyms) for one in sought)
            ]
            for key in sorted(tree.at_or_below(named)):
                yield Phrase((term_token(letter, key),))


def _sought(phrase: Phrase) -> str:
    return f" {' '.join(phrase.tokens)}" + ("" if phrase.open else " ")


@lru_cache(maxsize=10_000)
def _laid(name: str, synonyms: str) -> str:
    """Return the tokens of a term's words in a row, with gaps between its words."""
    laid = (" ".join(stream) for text in (name, *synonyms.splitlines()) for stream in streams(text))
    return f" {f' {GAP} '.join(laid)} "
