"""Readings into their tables: only what differs is written, many topics at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evidence.ledger.readings import Period, Reading
from evidence.models import RulePeriod, RuleWord, Topic

WORD = tuple(field.name for field in RuleWord._meta.get_fields())
"""The columns of one word of the rule, alike on a topic and on its periods."""
STORED = (*WORD, "rule_version", "rule_trace", "rule_rests_on", "harms_count")
"""The columns of a topic that its evidence fills."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """That another line of the rule holds of a topic than before; none before the first time."""

    topic: int
    before: str
    before_rule: str
    after: str
    after_rule: str


@dataclass(frozen=True, kw_only=True)
class Written:
    """The topics that something was written of, and the words of the rule that gave way."""

    topics: frozenset[int] = frozenset()
    changes: list[Change] = field(default_factory=list)

    def __add__(self, other: Written) -> Written:
        """Join what was written in two goes."""
        return Written(topics=self.topics | other.topics, changes=self.changes + other.changes)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What is stored of a topic now."""

    columns: dict[str, Any]
    reads: frozenset[int]
    trials: frozenset[int]
    periods: tuple[Period, ...]

    def differing(self, reading: Reading) -> list[str]:
        """Name what of it is another than the evidence gives."""
        columns = [name for name in STORED if self.columns[name] != reading.columns[name]]
        others = ("reads", "trials", "periods")
        return columns + [one for one in others if getattr(self, one) != getattr(reading, one)]

    def mark(self) -> int:
        """Return a number that is another when anything of it is, within this process."""
        periods = [(one.from_year, one.to_year, one.word) for one in self.periods]
        return hash(repr((self.columns, sorted(self.reads), sorted(self.trials), periods)))


def kept(topics: Iterable[Topic]) -> dict[int, Kept]:
    """Read what is stored of some topics; three queries."""
    rows = {topic.pk: topic for topic in topics}
    reads = _links(Topic.reads.through, "from_topic_id", "to_topic_id", rows)
    trials = _links(Topic.read_trials.through, "topic_id", "trial_id", rows)
    periods = _periods(rows)
    return {
        pk: Kept(
            columns={name: getattr(topic, name) for name in STORED},
            reads=frozenset(reads[pk]),
            trials=frozenset(trials[pk]),
            periods=tuple(periods[pk]),
        )
        for pk, topic in rows.items()
    }


def change(now: Kept, reading: Reading) -> Change | None:
    """Say which word of the rule gives way to which; None where the line stays."""
    before, after = now.columns, reading.columns
    if before["rule"] == after["rule"]:
        return None
    return Change(
        topic=reading.topic,
        before=before["rule_status"],
        before_rule=before["rule"],
        after=after["rule_status"],
        after_rule=after["rule"],
    )


def store(
    topics: Sequence[Topic], readings: Iterable[Reading], *, marks: Mapping[int, int] | None = None
) -> Written:
    """Write what differs; call it in a transaction that holds the data version.

    With `marks` a topic is left alone that is not as it was when it was read: whoever changed its
    evidence since has worked it out with that change.
    """
    by_key = {topic.pk: topic for topic in topics}
    now = kept(topics)
    differing = [
        one
        for one in readings
        if one.topic in now
        and now[one.topic].differing(one)
        and (marks is None or now[one.topic].mark() == marks[one.topic])
    ]
    if not differing:
        return Written()
    _store_columns([one for one in differing if one.columns != now[one.topic].columns], by_key)
    _store_links(
        Topic.reads.through,
        "from_topic_id",
        "to_topic_id",
        {one.topic: (now[one.topic].reads, one.reads) for one in differing},
    )
    _store_links(
        Topic.read_trials.through,
        "topic_id",
        "trial_id",
        {one.topic: (now[one.topic].trials, one.trials) for one in differing},
    )
    _store_periods([one for one in differing if one.periods != now[one.topic].periods])
    return Written(
        topics=frozenset(one.topic for one in differing),
        changes=[made for one in differing if (made := change(now[one.topic], one)) is not None],
    )


def _store_columns(readings: Sequence[Reading], topics: dict[int, Topic]) -> None:
    changed = []
    for one in readings:
        topic = topics[one.topic]
        for name, value in one.columns.items():
            setattr(topic, name, value)
        changed.append(topic)
    # An upsert of rows that are there: `bulk_update` takes five times as long. No entry is lost, as
    # the audit log leaves out what the program works out.
    Topic.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["pk"], update_fields=STORED
    )


def _store_links(
    through: Any, topic: str, other: str, sets: dict[int, tuple[frozenset[int], frozenset[int]]]
) -> None:
    for key, (before, after) in sets.items():
        if gone := before - after:
            through.objects.filter(**{topic: key, f"{other}__in": gone}).delete()
    new = [
        through(**{topic: key, other: value})
        for key, (before, after) in sets.items()
        for value in sorted(after - before)
    ]
    through.objects.bulk_create(new)


def _store_periods(readings: Sequence[Reading]) -> None:
    RulePeriod.objects.filter(topic__in=[one.topic for one in readings]).delete()
    RulePeriod.objects.bulk_create(
        RulePeriod(
            topic_id=one.topic, from_year=period.from_year, to_year=period.to_year, **period.word
        )
        for one in readings
        for period in one.periods
    )


def _periods(topics: Iterable[int]) -> dict[int, list[Period]]:
    found: dict[int, list[Period]] = defaultdict(list)
    rows = RulePeriod.objects.filter(topic__in=list(topics)).order_by("topic_id", "from_year")
    for topic, first, last, *word in rows.values_list("topic_id", "from_year", "to_year", *WORD):
        columns = dict(zip(WORD, word, strict=True))
        found[topic].append(Period(from_year=first, to_year=last, word=columns))
    return found


def _links(through: Any, topic: str, other: str, keys: Iterable[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    rows = through.objects.filter(**{f"{topic}__in": list(keys)})
    for key, value in rows.values_list(topic, other):
        found[key].add(value)
    return found
