"""How wide words are drawn, and what of them fits into a room."""

from __future__ import annotations

from functools import lru_cache

# In sizes of the face: Arial's own, and a little for the wider faces of the stylesheet.
WIDER = 1.08
NARROW = dict.fromkeys("iIjl.,:;'|!", 0.25) | dict.fromkeys("ft()[]/-r ", 0.32)
BROAD = dict.fromkeys("mMWw%@", 0.85) | dict.fromkeys("ABCDEGHKNOPQRSUVXYZ", 0.71)
OF_LETTERS = NARROW | BROAD
USUAL, LARGEST = 0.555, 1.0
# Letters of other scripts may be as wide as they are high.
LATIN = 0x250
MORE = "\N{HORIZONTAL ELLIPSIS}"


@lru_cache(maxsize=4096)
def width(words: str, *, size: float) -> float:
    """Give the width of words in a face of this size, a little too wide rather than too narrow."""
    usual = (USUAL if ord(one) < LATIN else LARGEST for one in words)
    letters = zip(words, usual, strict=True)
    return size * WIDER * sum(OF_LETTERS.get(letter, other) for letter, other in letters)


@lru_cache(maxsize=4096)
def fitted(words: str, room: float, *, size: float) -> str:
    """Give as many of the words as fit, with an ellipsis where some are left out."""
    if width(words, size=size) <= room:
        return words
    kept = words
    while kept and width(kept + MORE, size=size) > room:
        kept = kept[:-1]
    return kept.rstrip(" ,;:-(") + MORE


def wrapped(words: str, room: float, *, size: float) -> list[str]:
    """Break words into lines that fit; a word that is wider than a line goes on in the next."""
    lines = [""]
    for word in words.split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if width(joined, size=size) <= room:
            lines[-1] = joined
            continue
        lines.append("")
        for letter in word:
            if width(lines[-1] + letter, size=size) > room:
                lines.append("")
            lines[-1] += letter
    return [line for line in lines if line]
