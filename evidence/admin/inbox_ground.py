"""What a grey verdict rests on: the intervention or arm that it names, and its words about IL-2."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evidence.registries.il2 import LONGEST_QUOTE
from evidence.registries.il2_words import plain, words_in
from evidence.registries.records import TrialRecord

AROUND = 100


@dataclass(frozen=True, kw_only=True)
class Told:
    """An intervention or arm as its card lists it; `about` is what the record says of it."""

    name: str
    words: str
    about: str = ""


def named_first(some: Sequence[Told], reasons: Iterable[str]) -> list[str]:
    """Return the words of each, those first that a reason names, with what is said of IL-2."""
    said = tuple(reasons)
    named = [one for one in some if any(_quote(one.name) in reason for reason in said)]
    others = [one.words for one in some if one not in named]
    return [*(f"{one.words}{_of_il2(one.about)}" for one in named), *others]


def interventions(record: TrialRecord) -> list[Told]:
    """Return the interventions of a record."""
    return [
        Told(
            name=one.name,
            words=f"{one.name} ({one.kind.replace('_', ' ').lower()})" if one.kind else one.name,
            about=one.description or "",
        )
        for one in record.interventions
    ]


def arms(record: TrialRecord) -> list[Told]:
    """Return the arms of a record."""
    return [
        Told(
            name=one.label,
            words=f"{one.label}: {'; '.join(one.given)}" if one.given else one.label,
            about=one.description or "",
        )
        for one in record.arms
    ]


def _quote(name: str) -> str:
    """Return how a reason begins to quote a name."""
    text = plain(name)
    whole = len(text) <= LONGEST_QUOTE
    return f"“{text}”" if whole else f"“{text[:LONGEST_QUOTE].rstrip()}"


def _of_il2(about: str) -> str:
    """Return what stands around the first word of IL-2 in a description; empty where none does."""
    text = plain(about)
    found = next(iter(words_in(text)), None)
    if found is None:
        return ""
    start = max(0, found.start - AROUND)
    end = min(len(text), found.start + len(found.word) + AROUND)
    # Whole words alone, but for one that is longer than all of it.
    while start and not text[start - 1].isspace() and start < found.start:
        start += 1
    while end < len(text) and not text[end].isspace() and end > found.start + len(found.word):
        end -= 1
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return f" — “{before}{text[start:end].strip()}{after}”"
