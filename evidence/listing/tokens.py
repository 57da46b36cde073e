"""Words as the search knows them: what is written and what is asked become the same tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from evidence.listing.spelling import fold
from evidence.listing.units import Piece, Unit, also_held, is_group, pieces, units

MOST_CHARACTERS = 200
MOST_WORDS = 16
SHORTEST_PREFIX = 3

STOP_WORDS = frozenset("a an and are as at by for from in is of on or the to was were with".split())
"""Words that a query may hold without asking for them, outside quotes."""

_BEFORE_AN_IDENTIFIER = re.compile(
    r"https?://(?:dx\.)?doi\.org/|https?://pubmed\.ncbi\.nlm\.nih\.gov/"
    r"|\bdoi:\s*(?=10\.)|\bpmid:?\s*(?=\d)",
    re.IGNORECASE,
)
"""What people copy along with an identifier."""

_QUOTES = str.maketrans(dict.fromkeys("“”„«»\uff02", '"'))
_ASKED = re.compile(r'(?P<no>[-\u2013\u2212]?)"(?P<quoted>[^"]*)(?:"|$)|(?P<chunk>[^\s"]+)')
_NEGATED = re.compile(r"[-\u2013\u2212](?=\w)")
_DOI = re.compile(r"10\.\d")
_APART = re.compile(r"[/,;&|]")


@dataclass(frozen=True, slots=True)
class Word:
    """One thing asked: a word or a phrase, found by `tokens` or as it stands, by `plain`.

    `prefix` is what a token may begin with where no token is the word; "" where none may.
    """

    kind: str
    tokens: tuple[str, ...]
    plain: tuple[str, ...]
    negated: bool
    prefix: str
    typed: str

    @property
    def alternatives(self) -> tuple[tuple[str, ...], ...]:
        """The sequences of tokens of which a text that answers holds one."""
        return tuple(dict.fromkeys((self.tokens, self.plain)))


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked, in order; without words it is answered by nothing."""

    words: tuple[Word, ...]

    @property
    def wanted(self) -> tuple[Word, ...]:
        """The words that must be found."""
        return tuple(word for word in self.words if not word.negated)

    @property
    def unwanted(self) -> tuple[Word, ...]:
        """The words that must not be found."""
        return tuple(word for word in self.words if word.negated)

    def __bool__(self) -> bool:
        return bool(self.words)


def spans(text: str) -> list[tuple[int, int, str]]:
    """Return every token of a text with where it stands, in order; never raises.

    Parts of a compound stand beside the compound, words beside what they mean together.
    """
    found = pieces(text)
    all_of = [(piece.start, piece.end, piece.token) for piece in found]
    for unit in units(found):
        all_of.append((unit.start, unit.end, unit.token))
        all_of += [(unit.start, unit.end, token) for token in also_held(unit)]
    return sorted(dict.fromkeys(all_of), key=lambda span: (span[0], span[1]))


def tokens(text: str) -> list[str]:
    """Return the tokens of a text, [a-z0-9]+ each, in order."""
    return [token for _, _, token in spans(text)]


def streams(text: str) -> list[list[str]]:
    """Return the sequences of tokens in which phrases of a text are found.

    As it stands; with synonyms and compounds as one; and, one by one, what is held besides.
    """
    found = pieces(text)
    plain = [piece.token for piece in found]
    joined = units(found)
    held = {token: None for unit in joined for token in also_held(unit)}
    several = [plain, [unit.token for unit in joined]]
    if several[0] == several[1]:
        several.pop()
    return [stream for stream in several if stream] + [[token] for token in held]


def parse(query: str) -> Query:
    """Take a query apart: words, "phrases", -unwanted words; any text is a query."""
    bare = _BEFORE_AN_IDENTIFIER.sub("", query.translate(_QUOTES))[:MOST_CHARACTERS]
    words: dict[Word, None] = {}
    run: list[str] = []
    for found in _ASKED.finditer(bare):
        chunk = found["chunk"]
        if chunk is not None and not _NEGATED.match(chunk):
            run.append(chunk if _DOI.match(chunk) else _APART.sub(" ", chunk))
            continue
        words |= dict.fromkeys(_of_run(" ".join(run)))
        run = []
        if chunk is not None:
            words |= dict.fromkeys(_phrase(chunk[1:], negated=True))
        else:
            words |= dict.fromkeys(_phrase(found["quoted"], negated=bool(found["no"]), quoted=True))
    words |= dict.fromkeys(_of_run(" ".join(run)))
    return Query(tuple(_without_stop_words(list(words))[:MOST_WORDS]))


def _of_run(text: str) -> Iterator[Word]:
    """Give the words of a text without quotes; what hangs together is asked as a phrase."""
    together: list[Unit] = []
    for unit in units(pieces(text), asked=True):
        if together and not unit.link:
            yield _word(together)
            together = []
        together.append(unit)
    if together:
        yield _word(together)


def _phrase(text: str, *, negated: bool, quoted: bool = False) -> list[Word]:
    together = units(pieces(text), asked=True)
    return [_word(together, negated=negated, quoted=quoted)] if together else []


def _word(together: list[Unit], *, negated: bool = False, quoted: bool = False) -> Word:
    held = [piece for unit in together for piece in unit.pieces]
    found = tuple(unit.token for unit in together)
    whole = " ".join(piece.word for piece in held)
    return Word(
        kind="phrase" if quoted or len(found) > 1 else "word",
        tokens=found,
        plain=_plain(together, held),
        negated=negated,
        prefix="" if quoted or negated or is_group(together[0]) else _prefix(held),
        typed=whole,
    )


def _plain(together: list[Unit], held: list[Piece]) -> tuple[str, ...]:
    """Return the words as they stand, but what a group means by them where it is but one."""
    if len(together) == 1 and len(held) == 1:
        return (together[0].token,)
    return tuple(piece.token for piece in held)


def _prefix(held: list[Piece]) -> str:
    if len(held) > 1 or len(held[0].word) < SHORTEST_PREFIX:
        return ""
    return held[0].word


def _without_stop_words(words: list[Word]) -> list[Word]:
    kept = [
        word
        for word in words
        if word.negated or word.kind == "phrase" or word.typed not in STOP_WORDS
    ]
    return kept if any(not word.negated for word in kept) else words


__all__ = ["Query", "Word", "fold", "parse", "spans", "streams", "tokens"]
