"""Where a query's words stand in a text, and the text with them marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString

from evidence.listing.tokens import Query, Word, spans

Span = tuple[int, int]
Held = tuple[int, int, str]
Written = Callable[[str], str]
"""What makes safe HTML of a piece of text."""

LONGEST_SNIPPET = 240
BEFORE = 70
"""So many characters of a snippet stand before its first marked word, at the most."""


def marked(text: str, query: Query) -> list[Span]:
    """Return the places of a query's words, first to last, none overlapping another."""
    found = spans(text)
    places: set[Span] = set()
    for word in query.wanted:
        held = {place for wanted in word.alternatives for place in _runs(found, wanted)}
        places |= held or set(_beginning(found, word))
    return _apart(places)


def highlighted(text: str, query: Query, *, written: Written = escape) -> SafeString:
    """Return a text as safe HTML with the query's words in `<mark>`."""
    return _with_marks(text, marked(text, query), written)


def snippet(texts: Sequence[str], query: Query, *, written: Written = escape) -> SafeString:
    """Return what stands around the first of the query's words, from the first text that has one.

    Where none has, it is the beginning of the first text that is not empty.
    """
    # Line ends are spaces on a page, and cutting between words needs no other kind.
    flat = [" ".join(text.split()) for text in texts if text]
    held = [text for text in flat if text]
    if not held:
        return SafeString("")
    for text in held:
        if places := marked(text, query):
            return _cut(text, places, written)
    return _cut(held[0], [], written)


def _runs(found: Sequence[Held], wanted: Sequence[str]) -> Iterator[Span]:
    """Yield the place of each run of tokens that is this word or phrase.

    Tokens overlap: the parts of a compound stand beside the compound, so a run goes on with
    whatever starts first after its last token.
    """
    for start, end, token in found:
        if wanted and token == wanted[0]:
            for last in _ends(found, end, wanted[1:]):
                yield start, last


def _ends(found: Sequence[Held], end: int, wanted: Sequence[str]) -> Iterator[int]:
    if not wanted:
        yield end
        return
    after = min((start for start, _, _ in found if start >= end), default=None)
    for start, next_end, token in found:
        if start == after and token == wanted[0]:
            yield from _ends(found, next_end, wanted[1:])


def _beginning(found: Sequence[Held], word: Word) -> Iterator[Span]:
    """Yield the places of the tokens that a word is the beginning of."""
    for start, end, token in found:
        if word.prefix and token.startswith(word.prefix):
            yield start, end


def _apart(places: Iterable[Span]) -> list[Span]:
    """Join places that overlap."""
    joined: list[Span] = []
    for start, end in sorted(places):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _with_marks(text: str, places: Iterable[Span], written: Written) -> SafeString:
    pieces, at = [], 0
    for start, end in places:
        pieces += [written(text[at:start]), f"<mark>{written(text[start:end])}</mark>"]
        at = end
    pieces.append(written(text[at:]))
    # Each piece was escaped on its own, so that no text of ours or theirs can open an element.
    return SafeString("".join(pieces))


def _cut(text: str, places: Sequence[Span], written: Written) -> SafeString:
    """Cut a text between words around its first marked place."""
    start, end = 0, len(text)
    first = places[0][0] if places else 0
    if end > LONGEST_SNIPPET:
        start = _word_start(text, max(0, min(first - BEFORE, end - LONGEST_SNIPPET)))
        start = min(start, first)
        end = _word_end(text, start + LONGEST_SNIPPET)
    within = [(a - start, b - start) for a, b in places if a >= start and b <= end]
    body = _with_marks(text[start:end], within, written)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return SafeString(f"{before}{body}{after}")


def _word_start(text: str, at: int) -> int:
    """Move on to the start of the next word, unless one starts here."""
    if at == 0 or text[at - 1] == " ":
        return at
    space = text.find(" ", at)
    return space + 1 if space >= 0 else at


def _word_end(text: str, at: int) -> int:
    """Move back to the end of the word before, unless one ends here."""
    if at >= len(text) or text[at] == " ":
        return min(at, len(text))
    space = text.rfind(" ", 0, at)
    return space if space > 0 else at
