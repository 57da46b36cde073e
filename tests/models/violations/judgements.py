"""What the tables of topics, their judgements, records and the data version refuse."""

from __future__ import annotations

from evidence import vocab
from evidence.models import (
    Assessment,
    Consideration,
    DataVersion,
    Finding,
    HarmReport,
    Record,
    RulePeriod,
    Step,
    Topic,
)
from tests.models.violations.editions import EDITION, LOCATED, PUBLISHED, SOURCED
from tests.models.violations.kit import (
    DAY,
    Check,
    Columns,
    Twice,
    Violation,
    ann,
    given,
    known,
    of,
    partial_date,
)

AT_MOST_1000 = Check(refused=[{"statement": "x" * 1001}], allowed=[{"statement": "x" * 1000}])

RATIO: Columns = {"effect_measure": "hazard-ratio"}
INTERVAL: Columns = {**RATIO, "ci_low": 0.5, "ci_high": 1.5, "ci_level": 95}

FIGURES: dict[str, Violation] = {
    "interval_whole": Check(
        refused=[
            # each part missing, and each part alone
            {**INTERVAL, "ci_low": None},
            {**INTERVAL, "ci_high": None},
            {**INTERVAL, "ci_level": None},
            {**RATIO, "ci_low": 0.5},
            {**RATIO, "ci_high": 1.5},
            {**RATIO, "ci_level": 95},
            # out of order, and levels that are none
            {**INTERVAL, "ci_low": 1.6},
            {**INTERVAL, "ci_level": 0},
            {**INTERVAL, "ci_level": 100},
        ],
        allowed=[RATIO, INTERVAL, {**INTERVAL, "ci_low": 1.5}, {**INTERVAL, "ci_level": 99.9}],
    ),
    "estimate_in_interval": Check(
        refused=[{**INTERVAL, "estimate": 0.49}, {**INTERVAL, "estimate": 1.51}],
        allowed=[
            {**INTERVAL, "estimate": 0.5},
            {**INTERVAL, "estimate": 1.5},
            {**INTERVAL, "estimate": None},
            {**RATIO, "estimate": 0.49},
        ],
    ),
    "estimate_has_measure": Check(
        refused=[
            {"estimate": 0.9, "effect_measure": ""},
            {"estimate": 0, "effect_measure": ""},
            {**INTERVAL, "effect_measure": ""},
        ],
        allowed=[{"estimate": 0.9, **RATIO}, INTERVAL, {"effect_measure": ""}, RATIO],
    ),
}

FINDING: dict[str, Violation] = {
    **SOURCED,
    **FIGURES,
    "outcome_kind_known": known("outcome_kind", vocab.OutcomeKind),
    "analysis_known": known("analysis", vocab.Analysis),
    "comparison_known": known("comparison", vocab.Comparison),
    "subjects_known": known("subjects", vocab.Subjects),
    "population_known": known("population", vocab.Population),
    "direction_known": Check(
        refused=[{"direction": word} for word in ("?", "", "supports", "no-data")],
        allowed=[{"direction": "favours"}, {"direction": "no-difference"}],
    ),
    "effect_measure_known": known("effect_measure", vocab.EffectMeasure, blank=True),
    "design_known": known("design", vocab.Design),
    "risk_of_bias_known": known("risk_of_bias", vocab.RiskOfBias),
    "certainty_known": known("certainty", vocab.Certainty, design="review"),
    "outcome_given": given("outcome"),
    "statement_given": given("statement"),
    "statement_length": AT_MOST_1000,
    "certainty_of_reviews_only": Check(
        refused=[{"certainty": "low", "design": "randomised"}, {"certainty": "low"}],
        allowed=[
            {"certainty": "not-assessed", "design": "randomised"},
            {"certainty": "low", "design": "review"},
            {"certainty": "low", "design": "review-randomised"},
        ],
    ),
}


def _part_of_whole(part: str, whole: str, **columns: str) -> Check:
    return Check(
        refused=[{part: 11, whole: 10, **columns}, {part: 1, whole: 0, **columns}],
        allowed=[
            {part: 10, whole: 10, **columns},
            {part: 0, whole: 10, **columns},
            {part: 11, whole: None, **columns},
            {part: None, whole: 10, **columns},
            {part: None, whole: None, **columns},
        ],
    )


def _percent(column: str, **columns: str) -> Check:
    return Check(
        refused=[{column: percent, **columns} for percent in (-0.1, 100.1)],
        allowed=[{column: percent, **columns} for percent in (0, 100, None)],
    )


HARM_REPORT: dict[str, Violation] = {
    **SOURCED,
    "dose_class_known": known("dose_class", vocab.DoseClass),
    "collected_known": known("collected", vocab.Collected),
    "comparator_known": known("comparator", vocab.Comparator),
    "attribution_known": known("attribution", vocab.Attribution),
    "given_known": known("given", vocab.Given),
    "statement_length": AT_MOST_1000,
    "term_given": given("term_as_printed"),
    "affected_of_at_risk": _part_of_whole("affected", "at_risk"),
    "comparator_affected_of_comparator_at_risk": _part_of_whole(
        "comparator_affected", "comparator_at_risk", comparator="placebo"
    ),
    "percent_range": _percent("percent"),
    "comparator_percent_range": _percent("comparator_percent", comparator="placebo"),
    "comparator_counts_need_one": Check(
        refused=[
            {"comparator": "none", "comparator_affected": 0},
            {"comparator": "none", "comparator_at_risk": 10},
            {"comparator": "none", "comparator_percent": 0},
        ],
        allowed=[
            {"comparator": "none"},
            {"comparator": "placebo"},
            {"comparator": "placebo", "comparator_affected": 0, "comparator_at_risk": 10},
            {"comparator": "no-il2", "comparator_percent": 0},
        ],
    ),
}

CONSIDERATION: dict[str, Violation] = {
    **EDITION,
    "kind_known": known("kind", vocab.ConsiderationKind),
    "population_known": known("population", vocab.Population),
    "statement_given": given("statement"),
    "statement_length": AT_MOST_1000,
    "locator_given": LOCATED,
}

ASSESSMENT: dict[str, Violation] = {
    **EDITION,
    "one_per_topic": Twice(
        same=["topic"],
        first=PUBLISHED,
        second=PUBLISHED,
        unless=[
            {"topic": lambda pair: pair.second.topic},
            {"state": "superseded"},
            {"state": "draft", "published_at": None},
        ],
    ),
    "status_known": known("status", vocab.Status),
    "direction_known": known("direction", vocab.TopicDirection),
    "certainty_known": known("certainty", vocab.Certainty),
    "rule_answered_known": known("rule_answered", vocab.Rule, blank=True),
    "narrative_word_known": known("narrative_word", vocab.Status, blank=True),
    "narrative_date_date": partial_date("narrative_date"),
    "ground_known": Check(
        refused=[{"status": "investigated", "ground": "?"}],
        allowed=[{"status": "investigated", "ground": ground} for ground in vocab.Ground.values],
    ),
    "ground_with_investigated": Check(
        refused=[
            {"status": "investigated", "ground": ""},
            {"status": "experimental", "ground": "approved-use"},
            {"status": "variable", "ground": "approved-use"},
        ],
        allowed=[
            {"status": "investigated", "ground": "approved-use"},
            {"status": "experimental", "ground": ""},
            {"status": "variable", "ground": ""},
        ],
    ),
    "summary_given": given("summary"),
    "reason_has_date": Check(
        refused=[
            {"reason": "A large trial is about to report.", "review_by": None},
            {"reason": "", "review_by": DAY},
        ],
        allowed=[
            {"reason": "A large trial is about to report.", "review_by": DAY},
            {"reason": "", "review_by": None},
        ],
    ),
}

APPROVED_USE: Columns = {
    "rule": "I2",
    "rule_status": "investigated",
    "rule_ground": "approved-use",
}
NOT_SETTLED: Columns = {"rule": "E1", "rule_status": "experimental", "rule_ground": ""}

RULE_WORD: dict[str, Violation] = {
    "rule_known": Check(
        refused=[{**NOT_SETTLED, "rule": "?"}, {**NOT_SETTLED, "rule": "e1"}],
        allowed=[NOT_SETTLED, {"rule": ""}],
    ),
    "rule_status_known": Check(
        refused=[{**NOT_SETTLED, "rule_status": "?"}],
        allowed=[NOT_SETTLED, {"rule_status": ""}],
        also=["rule_whole"],
    ),
    "rule_ground_known": Check(
        refused=[{**APPROVED_USE, "rule_ground": "?"}],
        allowed=[APPROVED_USE, {"rule_ground": ""}],
    ),
    "rule_whole": Check(
        refused=[
            {**APPROVED_USE, "rule": ""},
            {**APPROVED_USE, "rule_status": ""},
            {**APPROVED_USE, "rule_ground": ""},
            {**NOT_SETTLED, "rule_ground": "approved-use"},
            {**NOT_SETTLED, "rule_status": ""},
            {"rule_ground": "approved-use"},
        ],
        allowed=[APPROVED_USE, NOT_SETTLED, {}],
    ),
}

RULE_PERIOD: dict[str, Violation] = {
    **RULE_WORD,
    "once": Twice(
        same=["topic", "from_year"],
        unless=[{"topic": lambda pair: pair.second.topic}, {"from_year": 1971}],
    ),
    "in_order": Check(
        refused=[
            {"from_year": 1969},
            {"from_year": 1994, "to_year": 1993},
            {"to_year": 10_000},
        ],
        allowed=[{"from_year": 1970, "to_year": 1970}, {"from_year": 1994, "to_year": 9999}],
    ),
}

TOPIC: dict[str, Violation] = {
    "once": Twice(
        same=["condition", "intervention", "role", "population"],
        unless=[
            {"condition": lambda pair: pair.second.condition},
            {"intervention": lambda pair: pair.second.intervention},
            {"role": "prevention"},
            {"population": "child"},
        ],
    ),
    "role_known": known("role", vocab.Role),
    "population_known": known("population", vocab.Population),
    **RULE_WORD,
}

STEP: dict[str, Violation] = {
    "verb_known": known("verb", vocab.Verb, note="Why."),
    "number_from_one": Check(refused=[{"number": 0}], allowed=[{"number": 1}, {"number": 2}]),
    "note_given": Check(
        refused=[
            {"verb": verb, "note": ""}
            for verb in ("commented", "returned", "withdrawal-proposed", "withdrawal-turned-down")
        ],
        allowed=[{"verb": "returned", "note": "Why."}, {"verb": "published", "note": ""}],
    ),
    "assigned_to": Check(
        refused=[{"verb": "published", "to": ann}],
        allowed=[{"verb": "assigned", "to": ann}, {"verb": "assigned", "to": None}],
    ),
    "note_length": Check(refused=[{"note": "x" * 4001}], allowed=[{"note": "x" * 4000}]),
}

JUDGEMENTS: dict[str, Violation] = {
    **of(Record, {"kind_known": known("kind", vocab.RecordKind)}),
    **of(Topic, TOPIC),
    **of(RulePeriod, RULE_PERIOD),
    **of(Assessment, ASSESSMENT),
    **of(Finding, FINDING),
    **of(HarmReport, HARM_REPORT),
    **of(Consideration, CONSIDERATION),
    **of(Step, STEP),
    **of(DataVersion, {"one_row": Check(refused=[{"id": 0}, {"id": 2}], allowed=[{"id": 1}])}),
}
