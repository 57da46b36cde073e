"""What would become of the rule's word, in words: for the queue and for the screens alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

from django.db.models import prefetch_related_objects

from evidence.curation.queue_rows import Way, Why, word_of
from evidence.ledger.what_if import Forecast, Forecasts
from evidence.models import Topic
from evidence.templatetags.words import label_of
from evidence.vocab import RULE_GROUND, Rule, Status

PUBLISHING = "Publishing this"
PUBLISHING_THEM = "Publishing these"
WITHDRAWING = "Withdrawing this"
AFTER_THAT = ". After that our word there needs a new edition: with a reason, or another status."

# A status with its ground, which is empty but for investigated.
Word = tuple[str, str]
Key = TypeVar("Key")


def asked(topic: Topic) -> str:
    """Say which topic: "HIV infection / treatment / adults (T43, Interleukin-2)"."""
    people = label_of(topic.population, vocabulary="Population", short=True)
    question = f"{topic.condition} / {topic.get_role_display()} / {people}"
    return f"{question} ({topic.code}, {topic.intervention})"


def rule_word(status: str, line: str) -> Word:
    """Give the word of a line of the rule: its status, and its ground if it has one."""
    return status, RULE_GROUND.get(line, "")


def told(forecasts: Sequence[Forecast], *, deed: str = PUBLISHING) -> tuple[Why, ...]:
    """Say of every topic that would change how, and what that takes; a sentence or two for each.

    Where nothing would change, say so of the first topic.
    """
    changing = [one for one in forecasts if one.changes]
    if not changing:
        _name(forecasts[:1])
        return tuple(_stays(one, deed=deed) for one in forecasts[:1])
    _name(changing)
    return tuple((*_changes(one, deed=deed), ".", *_and_we(one)) for one in changing)


def in_rows(found: Mapping[Key, Forecasts], *, deed: str = PUBLISHING) -> dict[Key, Why]:
    """Say of each finding, in one row of a queue, what a move would change of the rule.

    Empty where it changes nothing. As many queries for many findings as for one.
    """
    _name([one for told_of in found.values() for one in told_of if one.changes])
    return {key: _in_a_row(told_of, deed=deed) for key, told_of in found.items()}


def _in_a_row(found: Forecasts, *, deed: str) -> Why:
    row: Why = ()
    for one in found:
        if one.changes:
            row = (*row, *((". ",) if row else ()), *_changes(one, deed=deed))
            word = _ours(one)
            if word[0] and _is_another(one) and word != _after(one):
                row = (*row, "; we say ", *word_of(*word))
    return row


def _ours(one: Forecast) -> Word:
    """Give what readers see of ours; no status where they see nothing."""
    return one.published, one.published_ground


def _name(forecasts: Collection[Forecast]) -> None:
    if forecasts:
        prefetch_related_objects([one.topic for one in forecasts], "condition", "intervention")


def _before(one: Forecast) -> Word:
    return rule_word(one.before_status, one.before_rule)


def _after(one: Forecast) -> Word:
    return rule_word(one.after_status, one.after_rule)


def _is_another(one: Forecast) -> bool:
    """Say whether the rule's word would be another, and not by another line alone."""
    return _before(one) != _after(one)


def _changes(one: Forecast, *, deed: str) -> Why:
    topic = _way(one.topic)
    if not _is_another(one):
        lines = f", by {one.after_rule} in place of {one.before_rule}"
        return (f"{deed} leaves the rule at ", *word_of(*_after(one)), " for ", topic, lines)
    says = f"{deed} changes what the rule says of "
    after = word_of(*_after(one), line=one.after_rule)
    return (says, topic, " from ", *word_of(*_before(one)), " to ", *after)


def _stays(one: Forecast, *, deed: str) -> Why:
    line = f" ({one.after_rule}: {Rule(one.after_rule).label}) for "
    return (f"{deed} leaves the rule at ", Status(one.after_status), line, _way(one.topic), ".")


def _and_we(one: Forecast) -> Why:
    """Say what we say there, and what the difference, or its end, takes."""
    word = _ours(one)
    if not word[0] or not _is_another(one):
        return ()
    if word == _after(one):
        takes = " there too, with a reason that is then no longer needed."
        return (" We say ", *word_of(*word), takes if one.explained else " there too.")
    still = ", with a reason to differ from the rule: see whether it still fits."
    return (" We say ", *word_of(*word), " there", still if one.explained else AFTER_THAT)


def _way(topic: Topic) -> Way:
    return Way(words=asked(topic), model=Topic, about=topic.pk)
