"""The rule that names a status from findings, as a pure function."""

from evidence.assess.facts import ApprovalFacts, FindingFacts, TrialFacts
from evidence.assess.robust import rests_on
from evidence.assess.rule import CONFIRMATORY_PEOPLE, RULE_VERSION, Derivation, derive
from evidence.assess.trace import LeftOut, Line, Pivot, Reason, StudyResult, Trace

__all__ = [
    "CONFIRMATORY_PEOPLE",
    "RULE_VERSION",
    "ApprovalFacts",
    "Derivation",
    "FindingFacts",
    "LeftOut",
    "Line",
    "Pivot",
    "Reason",
    "StudyResult",
    "Trace",
    "TrialFacts",
    "derive",
    "rests_on",
]
