"""What the rule would say if findings were published, or withdrawn: worked out, never tried."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import prefetch_related_objects
from django.utils import timezone

from evidence.assess import Derivation, FindingFacts, Pivot, derive
from evidence.ledger.evidence_of import Evidence, gather, question
from evidence.models import Assessment, Finding, Topic

# All that the rule reads of a finding, so that many of them take as many queries as one.
READ = ("topic", "publication", "trial__phase_rows", "outcome_group")


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """The rule's status and line on one topic today, and as they would be.

    `published` is the status that readers see there, empty where they see none, with its ground;
    `explained` whether it comes with a reason to differ from the rule.
    """

    topic: Topic
    before_status: str
    before_rule: str
    after_status: str
    after_rule: str
    published: str
    published_ground: str
    explained: bool

    @property
    def changes(self) -> bool:
        """Say whether the rule would read otherwise: another status, or another line."""
        return self.before_rule != self.after_rule


Forecasts = tuple[Forecast, ...]


def if_published(findings: Iterable[Finding]) -> dict[int, Forecasts]:
    """Say of each finding, by its key, what the rule would say if it alone were published.

    The first forecast is of its own topic, whether or not that changes; after it come the other
    topics that would change: wider ones, other populations, and where it stood before. The
    published edition of its record, if there is one, gives way to it.
    """
    return _of_each([*findings], stays=True)


def if_withdrawn(findings: Iterable[Finding]) -> dict[int, Forecasts]:
    """Say of each finding, by its key, what the rule would say without its record.

    The forecasts are those of `if_published`.
    """
    return _of_each([*findings], stays=False)


def if_all_published(findings: Iterable[Finding]) -> Forecasts:
    """Say what the rule would say if all of some findings were published together.

    Of the topics that would change, and of no others.
    """
    asked = [*findings]
    if not asked:
        return ()
    found = _Outlook(asked).forecasts(gone=asked, new=asked)
    return tuple(one for one in found if one.changes)


def as_things_stand(topic: Topic) -> tuple[Derivation, tuple[Pivot, ...]]:
    """Return what the rule says of a topic now, and the studies that this rests on.

    Worked out, so that it is today's word: trials start with time.
    """
    gathered = gather({question(topic)})
    return gathered.evidence(topic).word(on=timezone.now().date())


def _of_each(findings: Sequence[Finding], *, stays: bool) -> dict[int, Forecasts]:
    if not findings:
        return {}
    outlook = _Outlook(findings)
    return {one.pk: outlook.of_one(one, stays=stays) for one in findings}


class _Outlook:
    """The evidence of some findings' questions, read once, with the rule's word on it today."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        prefetch_related_objects(findings, *READ)
        self.on = timezone.now().date()
        records = {finding.record_id for finding in findings}
        shown = Finding.objects.public().filter(record__in=records).select_related("topic")
        # Where the published edition stands, which need not be where its next one does.
        self.stood = {one.record_id: one.topic for one in shown}
        asked = {question(finding.topic) for finding in findings}
        asked |= {question(topic) for topic in self.stood.values()}
        self.gathered = gather(asked)
        self.topics = {topic.pk: topic for topic in self.gathered.asked}
        self._today: dict[int, Derivation] = {}
        self._evidence: dict[int, Evidence] = {}
        self._facts: dict[int, FindingFacts] = {}

    @cached_property
    def published(self) -> dict[int, tuple[str, str, bool]]:
        """By topic: status and ground that readers see, and whether with a reason to differ."""
        rows = Assessment.objects.public().filter(topic__in=self.topics)
        told = rows.values_list("topic", "status", "ground", "reason")
        return {topic: (status, ground, bool(why)) for topic, status, ground, why in told}

    def of_one(self, finding: Finding, *, stays: bool) -> Forecasts:
        """Forecast its own topic, then the others that would change."""
        found = [*self.forecasts(gone=[finding], new=[finding] if stays else [])]
        own = [one for one in found if one.topic.pk == finding.topic_id]
        others = [one for one in found if one.topic.pk != finding.topic_id and one.changes]
        return (*own, *others)

    def forecasts(self, *, gone: Sequence[Finding], new: Sequence[Finding]) -> Iterator[Forecast]:
        """Forecast every topic that reads what goes or what comes, in the order of their keys."""
        codes = {finding.code for finding in gone}
        read: dict[int, list[Finding]] = defaultdict(list)
        for finding in new:
            for pk in self._read_by(finding.topic):
                read[pk].append(finding)
        before = [self.stood[one.record_id] for one in gone if one.record_id in self.stood]
        for topic in (*before, *(finding.topic for finding in gone)):
            for pk in self._read_by(topic):
                read.setdefault(pk, [])
        for pk in sorted(read):
            yield self._forecast(self.topics[pk], without=codes, new=read[pk])

    def _forecast(
        self, topic: Topic, *, without: Collection[str], new: Sequence[Finding]
    ) -> Forecast:
        evidence = self._evidence_of(topic)
        if topic.pk not in self._today:
            self._today[topic.pk] = self._word(evidence)
        before = self._today[topic.pk]
        facts = [one for one in evidence.findings if one.id not in without]
        facts += [self._facts_of(finding) for finding in new]
        after = self._word(replace(evidence, findings=facts))
        status, ground, explained = self.published.get(topic.pk, ("", "", False))
        return Forecast(
            topic=topic,
            before_status=before.status,
            before_rule=before.rule,
            after_status=after.status,
            after_rule=after.rule,
            published=status,
            published_ground=ground,
            explained=explained,
        )

    def _read_by(self, topic: Topic) -> list[int]:
        """Give the topics of the same question in this or a wider condition."""
        wider = self.gathered.common.tree.at_or_above(topic.condition_id)
        return [
            other.pk
            for other in self.gathered.topics[question(topic)]
            if other.condition_id in wider
        ]

    def _evidence_of(self, topic: Topic) -> Evidence:
        if topic.pk not in self._evidence:
            self._evidence[topic.pk] = self.gathered.evidence(topic)
        return self._evidence[topic.pk]

    def _facts_of(self, finding: Finding) -> FindingFacts:
        if finding.pk not in self._facts:
            alone = defaultdict(list, {finding.topic_id: [finding]})
            (facts,) = replace(self.gathered, findings=alone).finding_facts(finding.topic)
            self._facts[finding.pk] = facts
        return self._facts[finding.pk]

    def _word(self, evidence: Evidence) -> Derivation:
        return derive(
            role=evidence.role,
            population=evidence.population,
            findings=evidence.findings,
            approvals=evidence.approvals,
            trials=evidence.trials,
            on=self.on,
        )
