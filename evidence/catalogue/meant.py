"""What was probably meant by a word that nothing holds: the public names and titles nearest to it.

The words are read once for each data version and kept in the process, and only when somebody asks
for what is not there.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from evidence.models import (
    AdverseEffect,
    Condition,
    Intervention,
    Outcome,
    Publication,
    Trial,
)

RUN = re.compile(r"[^\W\d_]+")
SHORTEST = 3
SHORTEST_TO_COMPLETE = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """One known word: how it is written most often, in how many names, and its letters."""

    spelling: str
    count: int
    letters: int


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The known words by their bare letters, in order of the alphabet."""

    words: Mapping[str, Known]

    def nearest(self, word: str) -> str:
        """Return the known word that was probably meant, as it is written; else nothing.

        A word that goes on where this one ends comes before any that is spelt otherwise.
        """
        bare = bare_letters(word)
        if len(bare) < SHORTEST or bare in self.words:
            return ""
        best = self._completed(bare) or self._respelt(bare)
        return self.words[best].spelling if best else ""

    def _completed(self, bare: str) -> str:
        if len(bare) < SHORTEST_TO_COMPLETE:
            return ""
        longer = [
            (-known.count, word) for word, known in self.words.items() if word.startswith(bare)
        ]
        return min(longer)[1] if longer else ""

    def _respelt(self, bare: str) -> str:
        most, letters = _most_faults(bare), _letters(bare)
        ranked: list[tuple[int, bool, int, str]] = []
        for word, known in self.words.items():
            # Each fault changes two letters of the sets at the most: this spares the counting.
            if (
                abs(len(word) - len(bare)) <= most
                and (letters ^ known.letters).bit_count() <= 2 * most
                and (faults := faults_between(bare, word, most=most)) <= most
            ):
                ranked.append((faults, word[0] != bare[0], -known.count, word))
        return min(ranked)[3] if ranked else ""


_kept: tuple[str, Vocabulary] | None = None


def vocabulary(token: str) -> Vocabulary:
    """Return the public words; kept as long as the token stays, never for an empty token."""
    global _kept
    kept = _kept
    if kept is not None and token and kept[0] == token:
        return kept[1]
    # Two threads may both read them: they read the same, and the last one is kept.
    read = _read()
    if token:
        _kept = (token, read)
    return read


def corrected(text: str, words: Vocabulary, *, held: Callable[[str], bool]) -> str:
    """Return a query with each word that nothing holds as it was probably meant.

    Words with a minus before them stay, and so do numbers. The same text comes back where no
    other is known.
    """

    def meant(found: re.Match[str]) -> str:
        word = found[0]
        if _is_left_out(text, found.start()) or len(word) < SHORTEST:
            return word
        near = words.nearest(word)
        return _as_typed(near, word) if near and not held(word) else word

    return RUN.sub(meant, text)


def _as_typed(known: str, typed: str) -> str:
    """Write a known word small or with a capital, as the word was that it stands for."""
    if typed.islower() and known.istitle():
        return known.lower()
    return known.capitalize() if typed.istitle() and known.islower() else known


def _is_left_out(text: str, at: int) -> bool:
    """Say whether a minus before a word leaves out what holds it."""
    return text[at - 1 : at] == "-" and (at == 1 or text[at - 2].isspace())


def bare_letters(word: str) -> str:
    """Return a word in small letters without accents: Sjögren is sjogren."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def faults_between(one: str, other: str, *, most: int) -> int:
    """Count the letters left out, put in, changed or exchanged; more than `most` is `most + 1`."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        last, row_before = row, before
        row = [i]
        for j, another in enumerate(other, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != another))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == another:
                cost = min(cost, row_before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before = last
    return row[-1]


def _most_faults(word: str) -> int:
    """Give how many faults a word of this length may have."""
    return 1 if len(word) < 6 else 2 if len(word) < 10 else 3


def _letters(word: str) -> int:
    """Return the set of a word's letters as bits."""
    found = 0
    for letter in word:
        found |= 1 << (ord(letter) % 64)
    return found


def _read() -> Vocabulary:
    spelt: dict[str, Counter[str]] = defaultdict(Counter)
    for text in _public_texts():
        for run in set(RUN.findall(text)):
            if len(run) >= SHORTEST:
                spelt[bare_letters(run)][run] += 1
    words = {
        bare: Known(
            # As within a sentence, where it is ever written so: melanoma, but Proleukin.
            spelling=min(spellings, key=lambda one: (not one.islower(), -spellings[one], one)),
            count=spellings.total(),
            letters=_letters(bare),
        )
        for bare, spellings in sorted(spelt.items())
    }
    return Vocabulary(words=words)


def _public_texts() -> Iterator[str]:
    """Give the names, synonyms and titles of what readers see; six queries."""
    terms: tuple[Any, ...] = (Condition, Intervention, AdverseEffect, Outcome)
    for model in terms:
        yield from chain.from_iterable(
            model.objects.public().order_by().values_list("name", "synonyms")
        )
    trials = Trial.objects.public().order_by()
    yield from chain.from_iterable(trials.values_list("title", "acronym", "sponsor"))
    papers = Publication.objects.public().order_by()
    yield from chain.from_iterable(papers.values_list("title", "authors", "container"))
