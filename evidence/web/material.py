"""What is read for a topic, and what was looked at for it and left out, fetched at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Q

from evidence.assess import admission
from evidence.ledger import trees
from evidence.models import Approval, Condition, Finding, Topic, Trial
from evidence.web import evidence_rows as rows
from evidence.web.addresses import number_in


@dataclass(frozen=True, kw_only=True, slots=True)
class Material:
    """The published rows behind the rule's word on one topic.

    `read` are the keys of the topics whose evidence is read for it, and `findings` and `trials`
    are theirs: the trials that address them, whose keys `linked` holds, and those of the findings.
    `looked_at` holds with the findings those of other populations, `set_aside` the trials that do
    not count, by their words in addresses.
    """

    read: frozenset[int]
    looked_at: list[Finding]
    findings: list[Finding]
    trials: list[Trial]
    linked: frozenset[int]
    set_aside: Mapping[str, Trial]
    approvals: list[Approval]

    @property
    def addressing(self) -> list[Trial]:
        """The trials that the rule reads: of others it reads the findings alone."""
        return [trial for trial in self.trials if trial.pk in self.linked]

    @property
    def treatment(self) -> bool:
        """Whether a trial, or a finding in people who were treated, is held."""
        return bool(self.trials) or any(map(is_treatment, self.findings))


def is_treatment(finding: Finding) -> bool:
    """Say whether people were given IL-2 for what a finding shows."""
    # A finding has the three fields that the rule looks at for this.
    return admission.is_treatment(cast("Any", finding))


def gather(question: Topic, trace: Mapping[str, Any]) -> Material:
    """Read what a page about a topic shows of its evidence; a constant number of queries."""
    read = frozenset({question.pk, *question.reads.values_list("pk", flat=True)})
    looked_at = rows.by_year(_looked_at(read, trace))
    findings = [finding for finding in looked_at if finding.topic_id in read]
    addressing = Trial.objects.public().filter(topics__in=read)
    linked = frozenset(addressing.values_list("pk", flat=True))
    reported = {one.trial_id for one in findings if one.trial_id is not None}
    return Material(
        read=read,
        looked_at=looked_at,
        findings=findings,
        trials=list(rows.trials().filter(pk__in=linked | reported)),
        linked=linked,
        set_aside={trial.slug: trial for trial in _set_aside(trace)},
        approvals=_approvals_of(question),
    )


def _looked_at(read: frozenset[int], trace: Mapping[str, Any]) -> Any:
    """Give the findings of the topics that are read, and all that were left out."""
    left_out = [number_in(one["id"], letter="F") for one in trace.get("left_out", ())]
    return rows.findings().filter(Q(topic__in=read) | Q(record_id__in=left_out))


def _set_aside(trace: Mapping[str, Any]) -> Any:
    """Give the trials that do not count in the rule; an approval among them names none."""
    return Trial.objects.public().filter(slug__in=[one["id"] for one in trace.get("set_aside", ())])


def _approvals_of(topic: Topic) -> list[Approval]:
    """Give the approvals of this intervention, in this condition or a wider one."""
    wider = trees.grow(Condition).at_or_above(topic.condition_id)
    approvals = Approval.objects.public().select_related("intervention", "condition")
    return list(approvals.filter(condition__in=wider, intervention=topic.intervention))
