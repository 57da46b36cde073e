"""Where a name of ours stands in what a registry calls a thing: one spelling, one order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from evidence.listing.tokens import STOP_WORDS
from evidence.listing.units import pieces, units

MOST_BETWEEN = 3
"""So many words may stand between two of a name: cutaneous T-cell non-Hodgkin lymphoma."""

_SAME = dict.fromkeys(("neoplasm", "tumor", "malign", "carcinoma"), "cancer") | dict.fromkeys(
    ("disord", "syndrom"), "diseas"
)
_APART = re.compile(r"\s*[;()\[\]]\s*")
_ACRONYM = re.compile(r"[A-Z]{2,5}")


@dataclass(frozen=True, slots=True)
class Name:
    """A name of ours, as sequences of tokens; an acronym counts only where it is one."""

    text: str
    ways: tuple[tuple[str, ...], ...]
    acronym: bool


@dataclass(frozen=True, slots=True)
class Match:
    """Where a name stands in a text: `exact` where the text says nothing else."""

    name: Name
    start: int
    end: int
    exact: bool
    found: int

    def within(self, other: Match) -> bool:
        """Say whether it is only a part of another."""
        return other.found > self.found and other.start <= self.start and self.end <= other.end


Token = tuple[str, int, int, bool]
"""A word in its one spelling, where it begins and ends, and whether it is in capitals."""


@lru_cache(maxsize=4096)
def name_of(text: str) -> Name:
    """Read a name of ours."""
    ways = tuple(dict.fromkeys(tuple(token[0] for token in way) for way in _read(text) if way))
    return Name(text, ways, bool(_ACRONYM.fullmatch(text)))


@lru_cache(maxsize=4096)
def _read(text: str) -> tuple[tuple[Token, ...], ...]:
    """Return a text as tokens, once as it is and once with its groups as one."""
    found = pieces(text)
    plain = [(piece.token, piece.start, piece.end, piece.capital) for piece in found]
    joined = [
        (unit.token, unit.start, unit.end, all(piece.capital for piece in unit.pieces))
        for unit in units(found)
    ]
    ways = (plain, joined)
    return tuple(dict.fromkeys(tuple(_spelt(way, alone=len(way) == 1)) for way in ways))


def _spelt(way: Iterable[Token], *, alone: bool) -> Iterator[Token]:
    for token, start, end, capital in way:
        if alone or token not in STOP_WORDS:
            # Schoenlein is Schönlein, whose dots are gone by now.
            yield _SAME.get(token, token.replace("oe", "o")), start, end, capital


class Names:
    """Names of ours, found in a text by the longest of their words."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._by_word: dict[str, list[tuple[Name, tuple[str, ...]]]] = {}
        for name in names:
            for way in name.ways:
                self._by_word.setdefault(max(way, key=len), []).append((name, way))

    def __bool__(self) -> bool:
        return bool(self._by_word)

    def within(self, text: str) -> Iterator[Match]:
        """Give every place where a name stands in a text."""
        for tokens in _read(text):
            for word in dict.fromkeys(token[0] for token in tokens):
                for name, way in self._by_word.get(word, ()):
                    match = _stands(name, way, tokens)
                    if match is not None:
                        yield match


def turned(text: str) -> str:
    """Return an inverted heading in the order of speech: "Lupus, Systemic" as Systemic Lupus."""
    parts = [part.strip() for part in text.split(",")]
    return " ".join(reversed(parts)) if 1 < len(parts) < 5 else text


def matches(text: str, names: Names) -> list[Match]:
    """Return where names stand in a text, those left out that are only a part of another."""
    if not names:
        return []
    said = list(dict.fromkeys(part for part in (*_APART.split(text), text) if part))
    best: dict[str, Match] = {}
    for one in dict.fromkeys((*said, *(turned(part) for part in said))):
        here = list(names.within(one))
        for match in here:
            held = best.get(match.name.text)
            if any(match.within(other) for other in here):
                continue
            if held is None or (match.exact, match.found) > (held.exact, held.found):
                best[match.name.text] = match
    return list(best.values())


def _stands(name: Name, way: tuple[str, ...], tokens: tuple[Token, ...]) -> Match | None:
    there = [one[0] for one in tokens]
    if not set(way) <= set(there):
        return None
    if len(way) == len(there) and sorted(way) == sorted(there):
        if name.acronym and not tokens[0][3]:
            return None
        return Match(name, tokens[0][1], tokens[-1][2], True, tokens[-1][2] - tokens[0][1])
    for start, token in enumerate(there):
        if token != way[0] or (name.acronym and not tokens[start][3]):
            continue
        end = _end(way, there, start)
        if end is not None:
            length = tokens[end][2] - tokens[start][1]
            return Match(name, tokens[start][1], tokens[end][2], False, length)
    return None


def _end(way: tuple[str, ...], there: list[str], start: int) -> int | None:
    """Return where a sequence ends that begins here, few words between; None where it does not."""
    place, between = start, 0
    for token in way[1:]:
        place += 1
        while place < len(there) and there[place] != token:
            place, between = place + 1, between + 1
            if between > MOST_BETWEEN:
                return None
        if place >= len(there):
            return None
    return place


def tokens_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in their one spelling, those that carry nothing left out."""
    return tuple(token[0] for token in _read(text)[0])
