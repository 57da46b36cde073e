"""What the rule would say if a finding were published, or withdrawn: worked out, never tried."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import prefetch_related_objects
from django.utils import timezone

from evidence.assess import Derivation, derive
from evidence.ledger.evidence_of import Gathered, gather, question
from evidence.models import Finding, Topic

# All that the rule reads of a finding, so that many of them take as many queries as one.
READ = ("topic", "publication", "trial__phase_rows", "outcome_group")


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """The rule's status and line on one topic today, and as they would be."""

    before_status: str
    before_rule: str
    after_status: str
    after_rule: str

    @property
    def changes(self) -> bool:
        """Say whether the rule would read otherwise: another status, or another line."""
        return self.before_rule != self.after_rule


def if_published(findings: Iterable[Finding]) -> dict[int, Forecast]:
    """Say of each finding, by its key, what its topic's rule would be if it alone were published.

    The published edition of its record, if there is one, gives way to it.
    """
    return _forecasts([*findings], published=True)


def if_withdrawn(findings: Iterable[Finding]) -> dict[int, Forecast]:
    """Say of each finding, by its key, what its topic's rule would be without its record."""
    return _forecasts([*findings], published=False)


def _forecasts(findings: list[Finding], *, published: bool) -> dict[int, Forecast]:
    if not findings:
        return {}
    prefetch_related_objects(findings, *READ)
    gathered = gather({question(finding.topic) for finding in findings})
    topics = {topic.pk: topic for group in gathered.topics.values() for topic in group}
    today = {pk: _rule(topics[pk], gathered) for pk in {finding.topic_id for finding in findings}}
    found = {}
    for finding in findings:
        before = today[finding.topic_id]
        after = _rule(topics[finding.topic_id], _without(gathered, finding, stays=published))
        found[finding.pk] = Forecast(
            before_status=before.status,
            before_rule=before.rule,
            after_status=after.status,
            after_rule=after.rule,
        )
    return found


def _without(gathered: Gathered, finding: Finding, *, stays: bool) -> Gathered:
    """Take a record's published edition out of the evidence; put this edition in if it stays."""
    findings: dict[int, list[Finding]] = defaultdict(list, gathered.findings)
    for topic, published in gathered.findings.items():
        findings[topic] = [one for one in published if one.record_id != finding.record_id]
    if stays:
        findings[finding.topic_id] = [*findings[finding.topic_id], finding]
    return replace(gathered, findings=findings)


def _rule(topic: Topic, gathered: Gathered) -> Derivation:
    return derive(
        role=topic.role,
        population=topic.population,
        findings=gathered.finding_facts(topic),
        approvals=gathered.approval_facts(topic),
        trials=gathered.trial_facts(topic),
        on=timezone.now().date(),
    )
