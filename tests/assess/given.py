"""The smallest facts, each argument of which a test may change."""

from dataclasses import replace
from datetime import date
from itertools import count

from evidence.assess import ApprovalFacts, Derivation, FindingFacts, TrialFacts, derive

TODAY = date(2026, 11, 21)
NUMBERS = count(1)

PLAIN = FindingFacts(
    id="",
    study="",
    study_label="",
    year=2009,
    outcome="AIDS or death",
    outcome_group="",
    outcome_kind="clinical",
    analysis="primary",
    comparison="adds-il2",
    subjects="patients",
    population="adult",
    direction="favours",
    retracted=False,
    is_review=False,
    of_randomised=False,
    certainty="not-assessed",
    includes=frozenset(),
    randomised=True,
    phases=("PHASE2",),
    people=40,
    condition="hiv-infection",
)


def finding(study="S1", **changes):
    """One study's primary clinical result in favour, from a small randomised phase 2 trial."""
    told = {"id": f"F{next(NUMBERS)}", "study": study, "study_label": study.upper()}
    return replace(PLAIN, **told | changes)


def marker(study="S1", **changes):
    """The same on a surrogate outcome."""
    told = {"outcome": "CD4 count", "outcome_group": "cd4-count", "outcome_kind": "surrogate"}
    return finding(study, **told | changes)


def late(study="S1", **changes):
    """The same from a phase 3 trial of just enough people to be confirmatory."""
    return finding(study, **{"phases": ("PHASE3",), "people": 100} | changes)


def review(study="R1", **changes):
    """The same from a review of randomised trials."""
    told = {
        "is_review": True,
        "of_randomised": True,
        "randomised": False,
        "phases": (),
        "people": None,
        "certainty": "moderate",
    }
    return finding(study, **told | changes)


def single_arm(study="S1", **changes):
    """The same without a comparison."""
    return finding(study, **{"comparison": "none", "randomised": False} | changes)


def approval(**changes):
    """An approval of aldesleukin for adults, in force since 1992."""
    plain = ApprovalFacts(
        id="1",
        agency="FDA",
        population="adult",
        from_year=1992,
        withdrawn_year=None,
        il2_is_the_substance=True,
    )
    return replace(plain, **changes)


def trial(**changes):
    """A registered trial in adults that began in 1993."""
    plain = TrialFacts(
        id="NCT00001354",
        label="NCT00001354",
        start="1993-03",
        status="COMPLETED",
        population="adult",
    )
    return replace(plain, **changes)


def derived(*findings, **changes) -> Derivation:
    """What the rule says of treatment in adults today."""
    told = {"role": "treatment", "population": "adult", "on": TODAY}
    return derive(findings=findings, **told | changes)


def lines(derivation):
    """The lines that hold, in order."""
    return [line.rule for line in derivation.trace.lines]


def reasons(derivation):
    """Why each finding was left out."""
    return {one.id: one.reason for one in derivation.trace.left_out}


def set_aside(derivation):
    """Why each approval and trial does not count."""
    return {one.id: one.reason for one in derivation.trace.set_aside}


def ids(results):
    """The findings that decided."""
    return [i for result in results for i in result.findings]
