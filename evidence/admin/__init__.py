"""Where curators work: one file per entity."""

from evidence.admin import (  # noqa: F401 (each registers its own)
    assessments,
    conditions,
    considerations,
    drifts,
    effects,
    findings,
    harms,
    interventions,
    outcomes,
    people,
    publications,
    registry_records,
    runs,
    saved_searches,
    topics,
    trials,
)
