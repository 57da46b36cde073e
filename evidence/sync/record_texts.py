"""What a record says of its adverse events in words: whose cause, and what to quote of it."""

from __future__ import annotations

import re
from itertools import pairwise

from evidence.registries.records import AdverseEvents
from evidence.vocab import Attribution

# How records say that only what was due to treatment was counted.
RELATED = re.compile(
    r"\battribut(?:ion|ed|able)\b|\b(?:treatment|drug|study[- ]drug)[- ]related\b"
    r"|\brelated to (?:the )?(?:study )?(?:treatment|drug|therapy|medication)\b"
    r"|\bpossibly, probably,? or definitely\b",
    re.IGNORECASE,
)
UNRELATED = re.compile(
    r"\b(?:regardless|irrespective) of (?:\w+ ){0,3}(?:attribution|causality|relation)"
    r"|\bwhether or not\b|\bunrelated\b|\bnot (?:necessarily )?related\b",
    re.IGNORECASE,
)
OF_SERIOUS = re.compile(r"\bserious\b|\bSAEs?\b", re.IGNORECASE)
OF_OTHERS = re.compile(r"\bother\b|\bOAEs?\b", re.IGNORECASE)
CLAUSE_END = re.compile(r"(?<=[.;\n])\s+")
# A sentence ends at a line's end, or at a stop before what may begin another: not within "e.g. 5".
SENTENCE_END = re.compile(
    r"\s*\n\s*|(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bvs\.)(?<!\bNo\.)\s+(?=[A-Z(\"“*])"
)
NOT_SERIOUS = re.compile(r"\bnon[- ]?serious\b|\b(?:not including|other than) serious\b", re.I)
TELLS_SERIOUS = re.compile(r"\bserious\b|\bSAEs?\b|\bgrades? (?:4|IV)\b", re.IGNORECASE)
TELLS_OTHERS = re.compile(
    r"\bother (?:\(|AEs?\b|adverse|events?\b)|\bOAEs?\b|\bcommon\b|\bfrequen|\bthreshold\b",
    re.IGNORECASE,
)
CLAUSE_STOP = re.compile(r"[,;:]\s")
MORE = "…"


def says_related(description: str, *, serious: bool) -> bool:
    """Say whether a description says of such events that only those due to treatment count."""
    mine, theirs = (OF_SERIOUS, OF_OTHERS) if serious else (OF_OTHERS, OF_SERIOUS)
    for sentence in CLAUSE_END.split(description):
        is_ours = mine.search(sentence) or not theirs.search(sentence)
        if is_ours and RELATED.search(sentence) and not UNRELATED.search(sentence):
            return True
    return False


def attribution_of(events: AdverseEvents) -> dict[bool, str]:
    """Return by whether events are serious what a record says of their cause: all, unless it does.

    Its way of assessment says how events were asked for, and nothing of their cause.
    """
    return {
        serious: Attribution.TREATMENT_RELATED
        if says_related(events.description or "", serious=serious)
        else Attribution.ALL_CAUSE
        for serious in (True, False)
    }


def quoted(text: str, longest: int, *, serious: bool) -> str:
    """Return what a text says of serious events, or of the others, on one line with its place.

    A text that has room stands whole; of a longer one whole sentences, those of that kind of event
    first. "…" stands for what is left out between them and after them.
    """
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    sentences = [" ".join(one.split()) for one in SENTENCE_END.split(text) if one.strip()]
    ranks = [_rank(one, serious=serious) for one in sentences]
    # Where all is about the other kind, it is quoted from its beginning: it says of what it is.
    places = [place for place, rank in enumerate(ranks) if rank] or [*range(len(sentences))]
    places.sort(key=lambda place: (-ranks[place], place))
    taken: list[int] = []
    for place in places:
        if len(_joined(sentences, [*taken, place])) <= longest:
            taken.append(place)
        elif not taken:
            return cut(sentences[place], longest)
        elif ranks[place] < ranks[taken[0]]:
            break  # what is said less to the point does not take the room of what was too long
    return _joined(sentences, taken)


def _rank(sentence: str, *, serious: bool) -> int:
    """Say how much a sentence is about a kind of event: 2 it alone, 1 both or none, 0 the other."""
    of_serious = bool(TELLS_SERIOUS.search(NOT_SERIOUS.sub("", sentence)))
    of_others = bool(TELLS_OTHERS.search(sentence) or NOT_SERIOUS.search(sentence))
    mine, theirs = (of_serious, of_others) if serious else (of_others, of_serious)
    return 1 if mine == theirs else 2 * mine


def _joined(sentences: list[str], places: list[int]) -> str:
    """Put sentences together in their order, with a sign for what is left out."""
    if not places:
        return ""
    inorder = sorted(places)
    parts = [sentences[inorder[0]]]
    for before, place in pairwise(inorder):
        parts += [sentences[place]] if place == before + 1 else [MORE, sentences[place]]
    return " ".join([*parts, MORE] if inorder[-1] < len(sentences) - 1 else parts)


def cut(text: str, longest: int) -> str:
    """Return a text on one line, shortened where it is too long: between clauses, or at a word."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    room = line[: longest - 1]
    clauses = [stop.start() for stop in CLAUSE_STOP.finditer(room) if stop.start() > longest // 2]
    head, blank, _ = line[:longest].rpartition(" ")
    head = room[: clauses[-1]] if clauses else (head if blank else room)
    return f"{head.rstrip(' ,;:')}{MORE}"
