"""What the rule reads of the database, gathered for many topics at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from evidence import vocab
from evidence.assess import ApprovalFacts, FindingFacts, TrialFacts
from evidence.ledger.trees import Tree, grow
from evidence.models import (
    Approval,
    Condition,
    Finding,
    HarmReport,
    Topic,
    Trial,
    TrialPublication,
)
from evidence.templatetags import names

Question = tuple[int, str]
"""An intervention's key and a role: evidence is never read across two of these."""

REVIEWS = frozenset({vocab.Design.REVIEW, vocab.Design.REVIEW_RANDOMISED})


def question(topic: Topic) -> Question:
    """Return what a topic shares with the topics that may be read with it."""
    return topic.intervention_id, topic.role


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What the last derivation kept for each topic: the topics and the trials that it read."""

    reads: dict[int, frozenset[int]]
    trials: dict[int, frozenset[int]]


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """All published evidence of some questions, and how their conditions stand to each other."""

    tree: Tree
    topics: dict[Question, list[Topic]]
    findings: dict[int, list[Finding]]
    approvals: dict[int, list[Approval]]
    trials: dict[int, list[Trial]]
    harms: Counter[int]
    included: dict[int, frozenset[str]]
    stored: Stored

    def reads(self, topic: Topic) -> list[Topic]:
        """Return the topics read for this one: itself, narrower conditions, covered populations."""
        return [
            other
            for other in self.related(topic)
            if vocab.covers(topic.population, other.population)
        ]

    def related(self, topic: Topic) -> list[Topic]:
        """Return the same question in this or narrower conditions, in any population."""
        below = self.tree.at_or_below([topic.condition_id])
        return [other for other in self.topics[question(topic)] if other.condition_id in below]

    def finding_facts(self, topic: Topic) -> list[FindingFacts]:
        """Return the findings that the rule is to look at, those of other populations too."""
        return [
            _finding_facts(finding, topic=other, includes=self.included)
            for other in self.related(topic)
            for finding in self.findings[other.pk]
        ]

    def approval_facts(self, topic: Topic) -> list[ApprovalFacts]:
        """Return the approvals of this very intervention in this condition or a wider one."""
        wider = self.tree.at_or_above(topic.condition_id)
        return [
            ApprovalFacts(
                id=str(approval.pk),
                agency=approval.agency,
                population=approval.population,
                from_year=approval.from_year,
                withdrawn_year=approval.withdrawn_year,
                il2_is_the_substance=approval.substance_is_il2,
            )
            for approval in self.approvals[topic.intervention_id]
            if approval.condition_id in wider
        ]

    def trial_facts(self, topic: Topic) -> list[TrialFacts]:
        """Return the trials that address this question, here or in a narrower condition."""
        return [
            TrialFacts(
                id=trial.slug,
                label=names.trial_name(trial),
                start=trial.start,
                status=trial.recruitment_status,
                population=other.population,
            )
            for other in self.related(topic)
            for trial in self.trials[other.pk]
        ]


def gather(questions: Iterable[Question] | None) -> Gathered:
    """Read the evidence of some questions (None: of all); a constant number of queries."""
    topics = Topic.objects.select_related("condition").order_by("pk")
    wanted = None if questions is None else set(questions)
    if wanted is not None:
        topics = topics.filter(
            intervention_id__in={pk for pk, _ in wanted}, role__in={role for _, role in wanted}
        )
    grouped: dict[Question, list[Topic]] = defaultdict(list)
    for topic in topics:
        if wanted is None or question(topic) in wanted:
            grouped[question(topic)].append(topic)
    keys = None if wanted is None else [topic.pk for group in grouped.values() for topic in group]
    return Gathered(
        tree=grow(Condition),
        topics=grouped,
        findings=_findings(keys),
        approvals=_approvals(),
        trials=_trials(keys),
        harms=_harms(keys),
        included=_included(),
        stored=Stored(
            reads=_links(Topic.reads.through, "from_topic_id", "to_topic_id", keys),
            trials=_links(Topic.read_trials.through, "topic_id", "trial_id", keys),
        ),
    )


def _findings(keys: list[int] | None) -> dict[int, list[Finding]]:
    rows = (
        Finding.objects.public()
        .select_related("publication", "trial", "outcome_group")
        .prefetch_related("trial__phase_rows")
        .order_by("pk")
    )
    if keys is not None:
        rows = rows.filter(topic_id__in=keys)
    found: dict[int, list[Finding]] = defaultdict(list)
    for finding in rows:
        found[finding.topic_id].append(finding)
    return found


def _approvals() -> dict[int, list[Approval]]:
    found: dict[int, list[Approval]] = defaultdict(list)
    for approval in Approval.objects.public().order_by("pk"):
        found[approval.intervention_id].append(approval)
    return found


def _trials(keys: list[int] | None) -> dict[int, list[Trial]]:
    links = Topic.trials.through.objects.filter(trial__accepted_at__isnull=False)
    if keys is not None:
        links = links.filter(topic_id__in=keys)
    found: dict[int, list[Trial]] = defaultdict(list)
    for link in links.select_related("trial").order_by("trial__slug"):
        found[link.topic_id].append(link.trial)
    return found


def _harms(keys: list[int] | None) -> Counter[int]:
    rows = HarmReport.objects.public().filter(topic__isnull=False).order_by()
    if keys is not None:
        rows = rows.filter(topic_id__in=keys)
    return Counter(dict(rows.values_list("topic_id").annotate(number=Count("pk"))))


def _links(
    through: Any, topic: str, other: str, keys: list[int] | None
) -> dict[int, frozenset[int]]:
    rows = through.objects.values_list(topic, other)
    if keys is not None:
        rows = rows.filter(**{f"{topic}__in": keys})
    found: dict[int, set[int]] = defaultdict(set)
    for key, value in rows:
        found[key].add(value)
    return {key: frozenset(values) for key, values in found.items()}


def _included() -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    rows = TrialPublication.objects.filter(relation=vocab.PublicationRelation.INCLUDES)
    for publication, trial in rows.values_list("publication_id", "trial_id"):
        found[publication].add(f"trial:{trial}")
    return {publication: frozenset(trials) for publication, trials in found.items()}


def study_key(finding: Finding) -> str:
    """Return the key of a finding's study: its trial, or else the series in its publication."""
    if finding.trial_id is not None:
        return f"trial:{finding.trial_id}"
    return f"publication:{finding.publication_id}"


def _people(finding: Finding) -> int | None:
    if finding.trial is not None and finding.trial.enrolment is not None:
        return finding.trial.enrolment
    if finding.n_il2 is not None and finding.n_comparator is not None:
        return finding.n_il2 + finding.n_comparator
    return finding.n_total


def _finding_facts(
    finding: Finding, *, topic: Topic, includes: dict[int, frozenset[str]]
) -> FindingFacts:
    trial, publication = finding.trial, finding.publication
    randomised = finding.design == vocab.Design.RANDOMISED or (
        finding.design == vocab.Design.NOT_STATED
        and trial is not None
        and trial.design == vocab.TrialDesign.RANDOMISED
    )
    return FindingFacts(
        id=finding.code,
        study=study_key(finding),
        study_label=names.study_name(finding),
        year=finding.year,
        outcome=finding.outcome,
        outcome_group=finding.outcome_group.slug if finding.outcome_group else "",
        outcome_kind=finding.outcome_kind,
        analysis=finding.analysis,
        comparison=finding.comparison,
        subjects=finding.subjects,
        population=finding.population,
        direction=finding.direction,
        retracted=publication is not None and publication.standing == vocab.Standing.RETRACTED,
        is_review=finding.design in REVIEWS,
        of_randomised=finding.design == vocab.Design.REVIEW_RANDOMISED,
        certainty=finding.certainty,
        includes=includes.get(finding.publication_id or 0, frozenset()),
        randomised=randomised,
        phases=tuple(trial.phases) if trial is not None else (),
        people=_people(finding),
        condition=topic.condition.slug,
    )
