"""The rule: from findings, approvals and trials to a status that can explain itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from evidence.assess import admission, lines
from evidence.assess.facts import ApprovalFacts, FindingFacts, TrialFacts, by_number
from evidence.assess.lines import CONFIRMATORY_PEOPLE
from evidence.assess.results import AGAINST, Result, read_results
from evidence.assess.trace import LeftOut, Line, Trace
from evidence.vocab import RULE_GROUND, RULE_STATUS, TREATING_ROLES, Direction, Rule

__all__ = ["CONFIRMATORY_PEOPLE", "RULE_VERSION", "Derivation", "derive"]

RULE_VERSION = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Derivation:
    """The rule's word on one topic: the first line that holds, its status, and why.

    `ground` is empty unless the status is investigated.
    """

    rule: str
    status: str
    ground: str
    version: int
    trace: Trace


def derive(
    *,
    role: str,
    population: str,
    findings: Iterable[FindingFacts],
    approvals: Iterable[ApprovalFacts] = (),
    trials: Iterable[TrialFacts] = (),
    on: date,
    as_of: bool = False,
) -> Derivation:
    """Say which line of the rule holds for a topic, as the facts stand on a day.

    As it is called it reads today's facts; with `as_of` it asks what the rule would have said by
    then: later findings stay out, and so does all that has no date. Leaving a study out is a
    call with the other studies' findings.
    """
    trials = list(trials)
    current, left_out = admission.current_findings(findings, on=on, as_of=as_of)
    counted, elsewhere = admission.findings_of(current, population=population)
    left_out += elsewhere
    if role not in TREATING_ROLES:
        holding = [lines.not_a_treatment(counted, role=role)]
        return _derivation(holding, _trace(holding, [], left_out, [], counted, borrowed=False))
    in_force, no_force = admission.approvals_in_force(
        approvals, population=population, on=on, as_of=as_of
    )
    started, not_started = admission.trials_started(
        trials, population=population, on=on, as_of=as_of
    )
    voices, voiceless = admission.findings_that_may_argue(counted)
    results, undecided = read_results(voices)
    treatment = [f for f in counted if admission.is_treatment(f)]
    borrowed = [] if treatment else [f for f in current if admission.is_treatment(f)]
    holding = _settling_lines(results, in_force)
    if not holding:
        # E1 is for any other treatment and I1 for anything else: they hold when nothing above does.
        holding = [
            lines.treatment_not_settled(treatment, started, borrowed, population=population)
            or lines.no_treatment(counted, borrowed, population=population)
        ]
    left_out += voiceless + undecided
    # A trial whose findings are read is not left out for want of a date of its own.
    read = {f.study for f in counted}
    studies = {t.id: t.study for t in trials}
    set_aside = no_force + [one for one in not_started if studies[one.id] not in read]
    trace = _trace(holding, results, left_out, set_aside, counted, borrowed=bool(borrowed))
    return _derivation(holding, trace)


def _settling_lines(results: Sequence[Result], approvals: Sequence[ApprovalFacts]) -> list[Line]:
    """Give every line above E1 that holds, in the rule's order."""
    each = (
        lines.studies_disagree(results),
        lines.markers_and_patients_disagree(results),
        lines.approved_use(approvals),
        lines.confirmatory_evidence(results),
    )
    return [line for line in each if line is not None]


def _trace(
    holding: Sequence[Line],
    results: Sequence[Result],
    left_out: Iterable[LeftOut],
    set_aside: Iterable[LeftOut],
    counted: Iterable[FindingFacts],
    *,
    borrowed: bool,
) -> Trace:
    """Put the trace into an order that does not depend on the order of the facts."""
    return Trace(
        lines=tuple(holding),
        studies_for=tuple(r.as_told() for r in results if r.direction == Direction.FAVOURS),
        studies_against=tuple(r.as_told() for r in results if r.direction in AGAINST),
        left_out=tuple(sorted(left_out, key=lambda one: by_number(one.id))),
        set_aside=tuple(sorted(set_aside, key=lambda one: by_number(one.id))),
        counted=tuple(sorted((f.id for f in counted), key=by_number)),
        borrowed=borrowed,
    )


def _derivation(holding: Sequence[Line], trace: Trace) -> Derivation:
    """Let the first line that holds name rule, status and ground."""
    rule = Rule(holding[0].rule)
    ground = RULE_GROUND.get(rule)
    return Derivation(
        rule=rule.value,
        status=RULE_STATUS[rule].value,
        ground=ground.value if ground is not None else "",
        version=RULE_VERSION,
        trace=trace,
    )
