"""What the rule reads of the database, gathered for many topics at once."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from evidence import vocab
from evidence.assess import (
    ApprovalFacts,
    Derivation,
    FindingFacts,
    Pivot,
    TrialFacts,
    derive,
    rests_on,
)
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
from evidence.templatetags.words import running

Question = tuple[int, str]
"""An intervention's key and a role: evidence is never read across two of these."""
Family = tuple[int, str, int]
"""A question and the key of the widest condition: no evidence is read from outside it."""

BATCH = 250
"""So many topics are read at once, or a few more."""

# All that the rule, its words and the counts take of a finding: half the time is making rows.
OF_A_FINDING = (
    *("record_id", "topic_id", "results_posted", "outcome", "outcome_kind", "analysis"),
    *("comparison", "subjects", "population", "direction", "design", "certainty"),
    *("n_il2", "n_comparator", "n_total", "outcome_group__slug"),
    *("publication__title", "publication__authors", "publication__year", "publication__standing"),
    *("trial__slug", "trial__acronym", "trial__title", "trial__design", "trial__enrolment"),
)
OF_A_TRIAL = tuple(
    f"trial__{name}" for name in ("slug", "acronym", "title", "start", "recruitment_status")
)

REVIEWS = frozenset({vocab.Design.REVIEW, vocab.Design.REVIEW_RANDOMISED})


def question(topic: Topic) -> Question:
    """Return what a topic shares with the topics that may be read with it."""
    return topic.intervention_id, topic.role


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All that the rule is to look at for one topic."""

    role: str
    population: str
    findings: Sequence[FindingFacts]
    approvals: Sequence[ApprovalFacts]
    trials: Sequence[TrialFacts]

    def word(self, *, on: dt.date, as_of: bool = False) -> tuple[Derivation, tuple[Pivot, ...]]:
        """Return what the rule says as the facts stand on a day, and the studies it rests on."""
        asked: dict[str, Any] = {
            "role": self.role,
            "population": self.population,
            "findings": self.findings,
            "approvals": self.approvals,
            "trials": self.trials,
            "on": on,
            "as_of": as_of,
        }
        return derive(**asked), rests_on(**asked)

    def years(self, *, until: int) -> list[int]:
        """Return the years, in order, in which something became known, began or ended."""
        years = {finding.year for finding in self.findings if finding.year is not None}
        years |= {int(trial.start[:4]) for trial in self.trials if trial.start}
        for approval in self.approvals:
            years |= {y for y in (approval.from_year, approval.withdrawn_year) if y is not None}
        return sorted(year for year in years if year <= until)


@dataclass(frozen=True, kw_only=True)
class Common:
    """What the evidence of every topic has in common, read once for all of them."""

    tree: Tree
    approvals: dict[int, list[Approval]]
    included: dict[int, frozenset[str]]


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """All published evidence of some topics, and how their conditions stand to each other."""

    common: Common
    topics: dict[Question, list[Topic]]
    findings: dict[int, list[Finding]]
    trials: dict[int, list[Trial]]
    harms: Counter[int]

    @property
    def asked(self) -> list[Topic]:
        """All topics that this is the evidence of."""
        return [topic for group in self.topics.values() for topic in group]

    def reads(self, topic: Topic) -> list[Topic]:
        """Return the topics read for this one: itself, narrower conditions, covered populations."""
        return [
            other
            for other in self.related(topic)
            if vocab.covers(topic.population, other.population)
        ]

    def related(self, topic: Topic) -> list[Topic]:
        """Return the same question in this or narrower conditions, in any population."""
        below = self.common.tree.at_or_below([topic.condition_id])
        return [other for other in self.topics[question(topic)] if other.condition_id in below]

    def evidence(self, topic: Topic) -> Evidence:
        """Return all that the rule is to look at for a topic."""
        return Evidence(
            role=topic.role,
            population=topic.population,
            findings=self.finding_facts(topic),
            approvals=self.approval_facts(topic),
            trials=self.trial_facts(topic),
        )

    def finding_facts(self, topic: Topic) -> list[FindingFacts]:
        """Return the findings that the rule is to look at, those of other populations too."""
        return [
            _finding_facts(finding, topic=other, includes=self.common.included)
            for other in self.related(topic)
            for finding in self.findings[other.pk]
        ]

    def approval_facts(self, topic: Topic) -> list[ApprovalFacts]:
        """Return the approvals of this very intervention in this condition or a wider one."""
        wider = self.common.tree.at_or_above(topic.condition_id)
        return [
            ApprovalFacts(
                id=f"approval:{approval.pk}",
                agency=approval.agency,
                population=approval.population,
                from_year=approval.from_year,
                withdrawn_year=approval.withdrawn_year,
                il2_is_the_substance=approval.substance_is_il2,
            )
            for approval in self.common.approvals[topic.intervention_id]
            if approval.condition_id in wider
        ]

    def trial_facts(self, topic: Topic) -> list[TrialFacts]:
        """Return the trials that address this question, here or in a narrower condition."""
        # One that addresses both is one trial.
        found = {
            (trial.pk, other.population): TrialFacts(
                id=trial.slug,
                label=names.trial_name(trial),
                start=trial.start,
                status=trial.recruitment_status,
                population=other.population,
                study=f"trial:{trial.pk}",
            )
            for other in self.related(topic)
            for trial in self.trials[other.pk]
        }
        return [*found.values()]


def common() -> Common:
    """Read what all topics have in common; three queries."""
    return Common(tree=grow(Condition), approvals=_approvals(), included=_included())


def gather(questions: Iterable[Question]) -> Gathered:
    """Read the evidence of all topics of some questions; a constant number of queries."""
    wanted = set(questions)
    rows = Topic.objects.filter(
        intervention_id__in={pk for pk, _ in wanted}, role__in={role for _, role in wanted}
    )
    found = rows.order_by("pk").values_list("pk", "intervention_id", "role")
    return gather_topics([pk for pk, *asked in found if tuple(asked) in wanted], common=common())


def gather_topics(keys: Sequence[int], *, common: Common, lock: bool = False) -> Gathered:
    """Read the evidence of some topics; a constant number of queries.

    They must be all that are read for one another, as `batches` gives them. With `lock` nobody
    else changes them until the transaction ends.
    """
    rows = Topic.objects.filter(pk__in=keys).order_by("pk")
    if lock:
        list(rows.select_for_update(no_key=True).values_list("pk"))
    topics: dict[Question, list[Topic]] = defaultdict(list)
    # The stored reasons are long, and nobody reads them to work them out again.
    told = rows if lock else rows.defer("rule_trace", "rule_rests_on")
    for topic in told.select_related("condition"):
        topics[question(topic)].append(topic)
    return Gathered(
        common=common,
        topics=topics,
        findings=_findings(keys),
        trials=_trials(keys),
        harms=_harms(keys),
    )


def batches(common: Common, topics: Iterable[int] | None = None) -> Iterator[list[int]]:
    """Give the keys of all topics (None), or of some and all that stand under or over them.

    What is read for one another is never parted: the same intervention and role, in conditions
    under the same widest one. So many together that a batch is worth its queries, and memory does
    not grow with their number.
    """
    tops = common.tree.tops
    rows = Topic.objects.order_by("intervention_id", "role", "pk")
    columns = ("pk", "intervention_id", "role", "condition_id")
    wanted: set[Family] | None = None
    if topics is not None:
        asked = rows.filter(pk__in=list(topics)).values_list(*columns)
        wanted = {
            (drug, role, tops.get(condition, condition)) for _, drug, role, condition in asked
        }
        rows = rows.filter(
            intervention_id__in={drug for drug, _, _ in wanted},
            role__in={role for _, role, _ in wanted},
        )
    families: dict[Family, list[int]] = defaultdict(list)
    for pk, drug, role, condition in rows.values_list(*columns):
        family = (drug, role, tops.get(condition, condition))
        if wanted is None or family in wanted:
            families[family].append(pk)
    batch: list[int] = []
    for keys in families.values():
        batch += keys
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _findings(keys: Sequence[int]) -> dict[int, list[Finding]]:
    rows = (
        Finding.objects.public()
        .select_related("publication", "trial", "outcome_group")
        .prefetch_related("trial__phase_rows")
        .filter(topic_id__in=keys)
        .only(*OF_A_FINDING)
        .order_by("pk")
    )
    found: dict[int, list[Finding]] = defaultdict(list)
    for finding in rows:
        found[finding.topic_id].append(finding)
    return found


def _approvals() -> dict[int, list[Approval]]:
    found: dict[int, list[Approval]] = defaultdict(list)
    for approval in Approval.objects.public().order_by("pk"):
        found[approval.intervention_id].append(approval)
    return found


def _trials(keys: Sequence[int]) -> dict[int, list[Trial]]:
    links = Topic.trials.through.objects.filter(trial__accepted_at__isnull=False, topic_id__in=keys)
    found: dict[int, list[Trial]] = defaultdict(list)
    links = links.select_related("trial").only("topic_id", *OF_A_TRIAL)
    for link in links.order_by("trial__slug"):
        found[link.topic_id].append(link.trial)
    return found


def _harms(keys: Sequence[int]) -> Counter[int]:
    rows = HarmReport.objects.public().filter(topic_id__in=keys).order_by()
    return Counter(dict(rows.values_list("topic_id").annotate(number=Count("pk"))))


def _included() -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    rows = TrialPublication.objects.filter(
        relation=vocab.PublicationRelation.INCLUDES,
        # A tie to what nobody has accepted is nothing that readers know of.
        trial__accepted_at__isnull=False,
        publication__accepted_at__isnull=False,
    )
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
    return _analysed(finding)


def _analysed(finding: Finding) -> int | None:
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
        analysed=_analysed(finding),
        condition=topic.condition.slug,
        condition_name=running(topic.condition.name),
    )
