"""Tables, constraints and the querysets whose `public()` is the only gate to readers."""

from evidence.models.arms import Arm
from evidence.models.base import Edition, Record
from evidence.models.conditions import Condition
from evidence.models.considerations import Consideration
from evidence.models.effects import AdverseEffect
from evidence.models.facts import Fact
from evidence.models.findings import Finding
from evidence.models.harms import HarmReport
from evidence.models.interventions import (
    Approval,
    CellTarget,
    CombinationPartner,
    Intervention,
    InterventionPartner,
)
from evidence.models.outcomes import Outcome
from evidence.models.periods import RulePeriod, RuleWord
from evidence.models.publications import Publication, TrialPublication
from evidence.models.registry_records import Drift, RegistryRecord, Snapshot
from evidence.models.sources import SourcedEdition
from evidence.models.steps import Step
from evidence.models.sync_runs import SavedSearch, SyncFault, SyncRun
from evidence.models.terms import NestedTerm, Term
from evidence.models.topics import Assessment, Topic
from evidence.models.trials import Trial, TrialIdentifier, TrialPhase
from evidence.models.versions import DataVersion

__all__ = [
    "AdverseEffect",
    "Approval",
    "Arm",
    "Assessment",
    "CellTarget",
    "CombinationPartner",
    "Condition",
    "Consideration",
    "DataVersion",
    "Drift",
    "Edition",
    "Fact",
    "Finding",
    "HarmReport",
    "Intervention",
    "InterventionPartner",
    "NestedTerm",
    "Outcome",
    "Publication",
    "Record",
    "RegistryRecord",
    "RulePeriod",
    "RuleWord",
    "SavedSearch",
    "Snapshot",
    "SourcedEdition",
    "Step",
    "SyncFault",
    "SyncRun",
    "Term",
    "Topic",
    "Trial",
    "TrialIdentifier",
    "TrialPhase",
    "TrialPublication",
]
