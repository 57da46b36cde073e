"""Why the rule says what it says of a topic, as a page tells it: from the stored trace to rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evidence import vocab
from evidence.assess import Pivot, Reason
from evidence.assess import words as told
from evidence.models import Approval, Finding, Topic, Trial
from evidence.templatetags.words import definition_alone
from evidence.web.material import Material

Trace = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Argument:
    """What one study showed on one outcome, with the findings that decided it.

    `condition` is given where the study was of a narrower condition than the topic's.
    """

    result: Mapping[str, Any]
    findings: tuple[Finding, ...]
    condition: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """The results that point one way, and from how many studies they come."""

    heading: str
    studies: int
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """A reason, with the findings, trials and approvals that it keeps silent."""

    sentence: str
    findings: tuple[Finding, ...]
    trials: tuple[Trial, ...]
    approvals: tuple[Approval, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Why:
    """The rule's word on a topic with its reasons; `robustness` may be empty."""

    rule: str
    status: str
    ground: str
    definition: str
    when: str
    lines: tuple[Mapping[str, Any], ...]
    sides: tuple[Side, ...]
    left_out: tuple[LeftOut, ...]
    robustness: str
    borrowed: bool
    discordant: tuple[str, ...]
    # Whether its role is one that the rule reads line by line.
    treating: bool


def why(
    topic: Topic,
    trace: Trace,
    *,
    rule: str,
    status: str,
    ground: str,
    pivots: Sequence[Pivot] | None,
    material: Material,
) -> Why | None:
    """Tell why the rule says this status; None where it has said nothing.

    `pivots` are the studies that the word rests on, None where nobody has worked them out.
    """
    if not rule:
        return None
    treating = topic.role in vocab.TREATING_ROLES
    held = {line["rule"] for line in trace.get("lines", ())}
    return Why(
        rule=rule,
        status=status,
        ground=ground,
        definition=definition_alone(status),
        when=vocab.RULE_WHEN[vocab.Rule(rule)],
        lines=tuple(trace.get("lines", ())),
        sides=_sides(trace, condition=topic.condition_id, material=material),
        left_out=tuple(_left_out(trace, material)),
        robustness=_robustness(
            trace, status=status, ground=ground, pivots=pivots if treating else None
        ),
        borrowed=bool(trace.get("borrowed")),
        discordant=tuple(one.value for one in vocab.DISCORDANT if one in held),
        treating=treating,
    )


def _sides(trace: Trace, *, condition: int, material: Material) -> tuple[Side, ...]:
    """Give both sides, the empty one too; nothing where no study argues."""
    by_code = {finding.code: finding for finding in material.looked_at}
    sides = tuple(
        Side(
            heading=heading,
            studies=len({result["study"] for result in trace.get(key, ())}),
            arguments=tuple(
                _argument(result, by_code, condition=condition) for result in trace.get(key, ())
            ),
        )
        for key, heading in (
            ("studies_for", "Favours IL-2"),
            ("studies_against", "No difference or harm"),
        )
    )
    return sides if any(side.arguments for side in sides) else ()


def _argument(
    result: Mapping[str, Any], by_code: Mapping[str, Finding], *, condition: int
) -> Argument:
    findings = tuple(by_code[code] for code in result["findings"] if code in by_code)
    narrower = [one.topic.condition for one in findings if one.topic.condition_id != condition]
    return Argument(
        result=result,
        findings=findings,
        condition=narrower[0].name if narrower else "",
    )


def _left_out(trace: Trace, material: Material) -> list[LeftOut]:
    """Give what has no voice in the rule, each reason once."""
    findings = {finding.code: finding for finding in material.looked_at}
    approvals = {f"approval:{approval.pk}": approval for approval in material.approvals}
    reasons: dict[str, dict[str, None]] = {}
    for one in _in_order((*trace.get("left_out", ()), *trace.get("set_aside", ()))):
        reasons.setdefault(one["sentence"], {})[one["id"]] = None
    return [
        LeftOut(
            sentence=sentence,
            findings=tuple(findings[name] for name in names if name in findings),
            trials=tuple(material.set_aside[name] for name in names if name in material.set_aside),
            approvals=tuple(approvals[name] for name in names if name in approvals),
        )
        for sentence, names in reasons.items()
    ]


def _in_order(left_out: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Put what appeared or began later after all else, year by year."""
    later = str(Reason.LATER)
    return sorted(left_out, key=lambda one: (one["reason"] == later) * one["sentence"])


def _robustness(trace: Trace, *, status: str, ground: str, pivots: Sequence[Pivot] | None) -> str:
    """Say what the word rests on; nothing where there is no study to leave out."""
    if pivots is None or not (pivots or _has_studies(trace)):
        return ""
    return told.robustness(status=status, ground=ground, pivots=pivots)


def _has_studies(trace: Trace) -> bool:
    return bool(trace.get("counted") or any(line["trials"] for line in trace.get("lines", ())))
