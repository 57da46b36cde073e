"""The terms of one kind, found by name and synonym in what a registry writes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from evidence.registries.il2_words import plain
from evidence.sync.naming import Match, Names, matches, name_of

LONGEST_QUOTE = 120

_IN_BRACKETS = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """A term of ours for a study, and why, in a sentence for the curator."""

    term: Any
    because: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A term that was found, how well it fits, and why."""

    term: Any
    because: str
    exact: bool = False
    length: int = 0


class Terms:
    """Terms by their names, and by what stands above them."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self.all = list(rows)
        self._by_pk = {term.pk: term for term in self.all}
        self._named: dict[str, list[Any]] = {}
        for term in self.all:
            for text in texts_of(term):
                self._named.setdefault(text, []).append(term)
        names = [name_of(text) for text in self._named]
        self._names = Names(names)
        self._called: dict[tuple[str, ...], Any] = {}
        for name in names:
            for way in name.ways:
                self._called.setdefault(tuple(sorted(way)), self._named[name.text][0])

    def above(self, term: Any) -> list[int]:
        """Return the keys of the wider terms, the next one first."""
        found: list[int] = []
        step = term.parent_id
        while step is not None and step not in found:
            found.append(step)
            step = self._by_pk[step].parent_id if step in self._by_pk else None
        return found

    def get(self, key: int) -> Any:
        """Return the term with a key, a wider one of some term here."""
        return self._by_pk[key]

    def called(self, words: Sequence[str]) -> Any:
        """Return the term that has a name of just these words, or None."""
        return self._called.get(tuple(sorted(words)))

    def matches(self, text: str) -> Iterator[tuple[Match, Any]]:
        """Give every term that a text names."""
        for match in matches(plain(text), self._names):
            for term in self._named[match.name.text]:
                yield match, term

    def found(self, texts: Iterable[str], how: str) -> list[Hit]:
        """Return the terms that texts name, each once, with the best reason."""
        hits: dict[int, Hit] = {}
        for text in texts:
            for match, term in self.matches(text):
                hit = Hit(term, _because(text, match, term, how), match.exact, match.found)
                held = hits.get(term.pk)
                if held is None or (hit.exact, hit.length) > (held.exact, held.length):
                    hits[term.pk] = hit
        return list(hits.values())

    def sorted(self, hits: Iterable[Hit]) -> tuple[Suggestion, ...]:
        """Return suggestions, the most specific first."""
        best = sorted(
            {hit.term.pk: hit for hit in hits}.values(),
            key=lambda hit: (not hit.exact, -len(self.above(hit.term)), -hit.length, hit.term.name),
        )
        return tuple(Suggestion(term=hit.term, because=hit.because) for hit in best)


def texts_of(term: Any) -> list[str]:
    """Return a term's names, those in brackets apart: Simlukafusp alfa (FAP-IL2v) has two."""
    apart = [_IN_BRACKETS.sub("", term.name).strip(), *_IN_BRACKETS.findall(term.name)]
    return list(dict.fromkeys((term.name, *apart, *term.synonym_list)))


def quoted(text: str) -> str:
    """Return a text in quotation marks, cut where it is long."""
    short = text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE].rstrip() + "…"
    return f"“{short}”"


def _because(text: str, match: Match, term: Any, how: str) -> str:
    shown = how.format(quoted(text))
    called = {name.casefold(): name for name in texts_of(term)}.get(text.casefold())
    called = called or match.name.text
    if called == term.name:
        return f"{shown}; {term.name} is our name."
    return f"{shown}; “{called}” is a synonym of {term.name}."
