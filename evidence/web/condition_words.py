"""The truth about a condition in a sentence or two, made of its topics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from evidence import vocab
from evidence.models import Assessment
from evidence.templatetags.things import IN_PEOPLE
from evidence.templatetags.words import label_of, number, running

TRIED = {
    vocab.Role.TREATMENT: "tried as a treatment",
    vocab.Role.PREVENTION: "given to prevent it",
    vocab.Role.VACCINE_ADJUVANT: "given with a vaccine",
}
OTHERWISE = {
    vocab.Role.BIOMARKER: "measured as a marker",
    vocab.Role.PATHOGENESIS: "studied for its part in the disease",
    vocab.Role.HOST_DEFENCE: "studied for its part in host defence",
    vocab.Role.PROPOSED_TREATMENT: "proposed as a treatment",
}
# Of what no study is entered, nobody can say that it was measured or studied.
WITHOUT_STUDY = {
    vocab.Role.BIOMARKER: "named as a marker",
    vocab.Role.PATHOGENESIS: "named for a part in the disease",
    vocab.Role.HOST_DEFENCE: "named for a part in host defence",
    vocab.Role.PROPOSED_TREATMENT: OTHERWISE[vocab.Role.PROPOSED_TREATMENT],
}
# One of several topics, in words; more are figures.
SMALL = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def lead(
    assessments: Sequence[Assessment], *, name: str, treated: bool, trials: int, findings: int
) -> str:
    """Say what IL-2 was in the condition of this name, in whom, and with what status.

    `treated` says whether anything that is held gave it to people, `trials` and `findings` how
    many are held.
    """
    if not assessments:
        return _without_topics(name, treated=treated, trials=trials, findings=findings)
    tried = [one for one in assessments if is_tried(one)]
    others = [one for one in assessments if not is_tried(one)]
    if tried:
        beside = f" {_beside(others)}" if others else ""
        return f"{_tried(tried)} {_statuses(tried)}{beside}"
    return f"IL-2 has been {_others(others)}. {_untried(treated=treated, trials=trials)}"


def is_tried(one: Assessment) -> bool:
    """Say whether a topic is about a treatment that people were given."""
    return one.topic.role in vocab.TREATING_ROLES and one.ground != vocab.Ground.NO_TREATMENT


def in_whom(assessments: Iterable[Assessment]) -> str:
    """Name the people of these topics as they follow each other in the vocabulary."""
    held = {one.topic.population for one in assessments}
    held -= {one for one in held for wider in held - {one} if vocab.covers(wider, one)}
    named = [word for word in vocab.Population.values if word in held and word not in IN_PEOPLE]
    labels = [label_of(word, vocabulary="Population", short=True) for word in named]
    if not labels:
        return " " + IN_PEOPLE[next(iter(held))] if len(held) == 1 else " in people of all ages"
    return f" in {joined(labels)}"


def joined(words: Sequence[str]) -> str:
    """Join words as a sentence does: "adults, children and infants"."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def _tried(tried: Sequence[Assessment]) -> str:
    held = {one.topic.role for one in tried}
    ways = [words for role, words in TRIED.items() if role in held]
    return f"IL-2 has been {joined(ways)}{in_whom(tried)}."


def _statuses(tried: Sequence[Assessment]) -> str:
    """Say how many topics have each status; with its ground, which is inseparable from it."""
    counts = Counter(_word(one) for one in tried)
    differs = _otherwise(tried)
    if len(tried) == 1:
        return f"The status of the one topic is {next(iter(counts))}{differs}."
    if len(counts) == 1:
        both = "both" if len(tried) == 2 else f"all {_count(len(tried))}"
        return f"The status of {both} topics is {next(iter(counts))}{differs}."
    (word, first), *rest = _in_order(counts)
    parts = [f"{_count(first)} {'is' if first == 1 else 'are'} {word}"]
    parts += [f"{_count(n)} {word}" for word, n in rest]
    return f"Of {_count(len(tried))} topics, {joined(parts)}{differs}."


def _otherwise(tried: Sequence[Assessment]) -> str:
    """Say of how many topics the rule says another status than we do."""
    n = sum(one.topic.rule_status not in ("", one.status) for one in tried)
    if not n:
        return ""
    if len(tried) == 1:
        return f"; the rule says {tried[0].topic.rule_status}"
    return f"; the rule says otherwise of {_count(n)}"


def _in_order(counts: Counter[str]) -> list[tuple[str, int]]:
    order = vocab.Status.values
    return sorted(counts.items(), key=lambda pair: (order.index(pair[0].split()[0]), -pair[1]))


def _word(one: Assessment) -> str:
    if one.status != vocab.Status.INVESTIGATED:
        return str(one.status)
    return f"{one.status} ({label_of(one.ground, vocabulary='Ground')})"


def _beside(others: Sequence[Assessment]) -> str:
    return f"It has also been {_others(others, whom=False)}."


def _others(others: Sequence[Assessment], *, whom: bool = True) -> str:
    held = {one.topic.role for one in others}
    studied = {one.topic.role for one in others if one.topic.studies_count}
    ways = [
        (OTHERWISE if role in studied else WITHOUT_STUDY)[role]
        for role in OTHERWISE
        if role in held
    ]
    if held & vocab.TREATING_ROLES:
        ways.append("asked about as a treatment")
    return joined(ways) + (in_whom(others) if whom else "")


def _untried(*, treated: bool, trials: int) -> str:
    if not treated:
        return "No study that we hold has tried it as a treatment."
    if trials:
        held = "1 trial is" if trials == 1 else f"{number(trials)} trials are"
        return f"{held} held that gave it or was to give it, and no status of a treatment yet."
    return "Findings of people who were given it are held, and no status of a treatment yet."


def _without_topics(name: str, *, treated: bool, trials: int, findings: int) -> str:
    if treated and trials:
        return _held(trials, "trial")
    if findings:
        return _held(findings, "finding")
    return f"We hold nothing on IL-2 in {running(name)} yet."


def _held(n: int, what: str) -> str:
    if n == 1:
        return f"1 {what} is held here, and no topic says yet what it shows."
    return f"{number(n)} {what}s are held here, and no topic says yet what they show."


def _count(n: int) -> str:
    return SMALL[n] if n < len(SMALL) else number(n)
