"""A text taken apart: pieces as they stand, and units in which synonyms and compounds are one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from evidence.listing.spelling import LONGEST, fold, spell, stem
from evidence.listing.synonyms import GROUPS, REWRITTEN, Group

_PIECE = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")
_INTERLEUKIN = re.compile(r"((?:rhu|rh|r|s|hu|h)?)(?:il|interleukin)(\d{1,2}\w*)?")
_NUMBERED = re.compile(r"\d{1,2}(?:r\w*|[a-f]|p\d\d)?")


@dataclass(frozen=True, slots=True)
class Piece:
    """A word of a text in its one spelling; `link` is what ties it to the one before.

    "-" for a hyphen, "" for a space, else what stands between; `capital`: written in capitals.
    """

    start: int
    end: int
    word: str
    link: str
    capital: bool

    @property
    def token(self) -> str:
        """The stem."""
        return stem(self.word)


@dataclass(frozen=True, slots=True)
class Unit:
    """A token of a text with the pieces that it stands for."""

    token: str
    pieces: tuple[Piece, ...]

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.pieces[0].start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.pieces[-1].end

    @property
    def link(self) -> str:
        """What ties it to the unit before."""
        return self.pieces[0].link


def pieces(text: str) -> list[Piece]:
    """Take a text apart into words; IL-2 and its like are one."""
    return _rewritten(_interleukins(list(_pieces(text))))


def _pieces(text: str) -> Iterator[Piece]:
    folded, places = fold(text)
    last = 0
    for found in _PIECE.finditer(folded):
        start, end = found.span()
        between = folded[last:start] if last else ""
        last = end
        link = "" if not between or any(one.isspace() for one in between) else between
        link = "-" if link and not link.strip("-") else link
        word = found.group().removesuffix("'s").replace("'", "")[:LONGEST]
        if places is not None:
            start, end = places[start], places[end - 1] + 1
        capital = sum(one.isupper() for one in text[start:end]) > 1
        yield Piece(start, end, spell(word), link, capital)


def _interleukins(found: list[Piece]) -> list[Piece]:
    """Join interleukin, or IL, with its number: IL-2, IL 2, IL2 and interleukin-2 are il2."""
    joined: list[Piece] = []
    at = 0
    while at < len(found):
        piece = found[at]
        at += 1
        matched = _INTERLEUKIN.fullmatch(piece.word)
        if matched is None:
            joined.append(piece)
            continue
        before, number = matched.groups()
        follows = found[at] if at < len(found) else None
        if number is None and follows is not None and _NUMBERED.fullmatch(follows.word):
            number, piece = follows.word, replace(piece, end=follows.end)
            at += 1
        word = f"{before}il{number}" if number else f"{before}interleukin"
        joined.append(replace(piece, word=word))
    return joined


def _rewritten(found: list[Piece]) -> list[Piece]:
    """Put the words that a short form stands for in its place."""
    written: list[Piece] = []
    at = 0
    while at < len(found):
        for size in (2, 1):
            taken = found[at : at + size]
            instead = REWRITTEN.get(tuple(one.word for one in taken))
            if instead is not None:
                whole = replace(taken[0], end=taken[-1].end)
                for place, word in enumerate(instead):
                    written.append(replace(whole, word=word, link="~" if place else whole.link))
                at += len(taken)
                break
        else:
            written.append(found[at])
            at += 1
    return written


@dataclass(frozen=True, slots=True)
class _Spelling:
    """One spelling of a group, as the tokens that it is made of."""

    tokens: tuple[str, ...]
    group: Group


@cache
def _spellings() -> dict[str, list[_Spelling]]:
    """Return the spellings by their first token, the longest first."""
    found: dict[str, dict[tuple[str, ...], _Spelling]] = {}
    for group in GROUPS:
        for written in group.spellings:
            tokens = tuple(piece.token for piece in pieces(written))
            found.setdefault(tokens[0], {})[tokens] = _Spelling(tokens, group)
    return {
        first: sorted(several.values(), key=lambda one: -len(one.tokens))
        for first, several in found.items()
    }


@cache
def held_by(group: Group) -> tuple[str, ...]:
    """Return the tokens that a text with a group's spelling holds as well."""
    held: dict[str, None] = {}
    for unit in units(pieces(group.holds)):
        held |= dict.fromkeys([unit.token, *(piece.token for piece in unit.pieces)])
        held |= dict.fromkeys(nested(unit.pieces, asked=True))
    return tuple(held)


@cache
def _by_token() -> dict[str, Group]:
    return {group.token: group for group in GROUPS}


def units(found: Sequence[Piece], *, asked: bool = False) -> list[Unit]:
    """Join what means one thing: the longest spelling of a group first, then compounds.

    `asked`: of a query, where nobody minds capitals.
    """
    tokens = [piece.token for piece in found]
    several: list[Unit] = []
    compound: list[Piece] = []

    def close() -> None:
        if compound:
            word = "".join(piece.word for piece in compound)[:LONGEST]
            several.append(Unit(stem(spell(word)), tuple(compound)))
            compound.clear()

    at = 0
    while at < len(found):
        spelling = _at(found, tokens, at, asked=asked)
        if spelling is None:
            if found[at].link != "-":
                close()
            compound.append(found[at])
            at += 1
        else:
            close()
            size = len(spelling.tokens)
            several.append(Unit(spelling.group.token, tuple(found[at : at + size])))
            at += size
    close()
    return several


def _at(
    found: Sequence[Piece], tokens: Sequence[str], at: int, *, asked: bool, below: int = 99
) -> _Spelling | None:
    """Return the longest spelling that begins at a piece, shorter than `below` pieces."""
    for spelling in _spellings().get(tokens[at], ()):
        size = len(spelling.tokens)
        if size < below and tuple(tokens[at : at + size]) == spelling.tokens:
            one_word = spelling.group.capitals and size == 1
            if asked or not one_word or found[at].capital:
                return spelling
    return None


def nested(found: Sequence[Piece], *, asked: bool = False) -> list[str]:
    """Return the groups' tokens inside the pieces of one group, and what they all hold."""
    tokens = [piece.token for piece in found]
    held: dict[str, None] = {}
    for at in range(len(found)):
        below = len(found) if at == 0 else 99
        spelling = _at(found, tokens, at, asked=asked, below=below)
        if spelling is not None:
            held |= dict.fromkeys([spelling.group.token, *held_by(spelling.group)])
    return list(held)


def is_group(unit: Unit) -> bool:
    """Say whether a unit is a spelling of a group: it means that thing, and begins no other."""
    return unit.token in _by_token()


def also_held(unit: Unit) -> list[str]:
    """Return the tokens under which a unit is found besides its own."""
    group = _by_token().get(unit.token)
    if group is None:
        return []
    return list(dict.fromkeys([*held_by(group), *nested(unit.pieces)]))
