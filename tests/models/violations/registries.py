"""What the tables of registry records, changes, runs and searches refuse."""

from __future__ import annotations

from evidence import vocab
from evidence.models import (
    Drift,
    RegistryRecord,
    SavedSearch,
    Snapshot,
    SyncFault,
    SyncRun,
)
from tests.models.violations.kit import (
    NOW,
    Check,
    Twice,
    Violation,
    a_trial,
    ann,
    given,
    known,
    of,
    partial_date,
    shapes,
)

SNAPSHOT: dict[str, Violation] = {
    "source_known": known("source", vocab.Source),
    "value_given": given("value"),
    # A longer one PostgreSQL refuses by the column itself.
    "sha256_shape": shapes("sha256", refused=["x", "x" * 63], allowed=["x" * 64]),
    "sha256_given": Check(refused=[{"sha256": ""}], allowed=[{"sha256": "x" * 64}]),
    "data_date_date": partial_date("data_date"),
}

RECORD: dict[str, Violation] = {
    "once": Twice(same=["source", "value"], unless=[{"source": "ictrp"}, {"value": "NCT99999999"}]),
    "source_known": known("source", vocab.Source),
    "verdict_known": known("verdict", vocab.Verdict, blank=True),
    "value_given": given("value"),
    "decided_by_pair": Check(
        refused=[{"decided_by": ann}, {"decided_at": NOW}],
        allowed=[{}, {"decided_by": ann, "decided_at": NOW}],
    ),
    "of_one_thing": Check(
        refused=[{"trial": a_trial, "publication": lambda pair: pair.second.publication}],
        allowed=[
            {"trial": a_trial, "publication": None},
            {"trial": None, "publication": lambda pair: pair.second.publication},
            {"trial": None, "publication": None},
        ],
    ),
    "no_trial_without_il2": Check(
        refused=[{"verdict": "not-il2", "trial": a_trial, "publication": None}],
        allowed=[
            {"verdict": "not-il2", "trial": None},
            {"verdict": "grey", "trial": a_trial, "publication": None},
        ],
    ),
}

DRIFT: dict[str, Violation] = {
    "one_open": Twice(
        same=["record", "field"],
        unless=[
            {"field": "completion"},
            {"record": lambda pair: pair.second.record},
            {"decision": "accepted", "decided_by": ann, "decided_at": NOW},
        ],
    ),
    "field_given": given("field"),
    "of_one_thing": Check(
        refused=[
            {"trial": None, "publication": None},
            {"trial": a_trial, "publication": lambda pair: pair.second.record.publication},
        ],
        allowed=[
            {"trial": a_trial, "publication": None},
            {"trial": None, "publication": lambda pair: pair.second.record.publication},
        ],
    ),
    "decision_known": Check(
        refused=[{"decision": "?", "decided_by": ann, "decided_at": NOW}],
        allowed=[{"decision": "accepted", "decided_by": ann, "decided_at": NOW}],
    ),
    "decided": Check(
        refused=[
            {"decided_by": ann},
            {"decided_at": NOW},
            {"decided_by": ann, "decided_at": NOW},
            {"decision": "accepted"},
            {"decision": "accepted", "decided_by": ann},
        ],
        allowed=[{}, {"decision": "accepted", "decided_by": ann, "decided_at": NOW}],
    ),
    "kept_with_reason": Check(
        refused=[{"decision": "kept", "decided_by": ann, "decided_at": NOW}],
        allowed=[{"decision": "kept", "decided_by": ann, "decided_at": NOW, "reason": "x"}],
    ),
}

SEARCH: dict[str, Violation] = {
    "name_given": given("name"),
    "terms_given": Check(
        refused=[{"intervention": "", "condition": ""}],
        allowed=[{"intervention": "", "condition": "HIV"}, {"intervention": "IL-2"}],
    ),
}

RUN: dict[str, Violation] = {
    "kind_known": known("kind", vocab.RunKind),
    "state_known": Check(
        refused=[
            {"state": "?", "finished_at": NOW},
            {"state": "Running", "finished_at": NOW},
            {"state": "", "finished_at": NOW},
        ],
        allowed=[{"state": "running"}, {"state": "stopped", "finished_at": NOW}],
    ),
    "finished_when_over": Check(
        refused=[{"finished_at": NOW}, {"state": "finished"}],
        allowed=[{}, {"state": "broken-off", "finished_at": NOW}],
    ),
}

FAULT: dict[str, Violation] = {"sentence_given": given("sentence")}

REGISTRIES: dict[str, Violation] = {
    **of(Snapshot, SNAPSHOT),
    **of(RegistryRecord, RECORD),
    **of(Drift, DRIFT),
    **of(SavedSearch, SEARCH),
    **of(SyncRun, RUN),
    **of(SyncFault, FAULT),
}
