"""One entry for every constraint of every model: what it refuses, and the nearest it allows."""

from __future__ import annotations

from tests.models.violations.facts import FACTS
from tests.models.violations.judgements import JUDGEMENTS
from tests.models.violations.kit import Violation
from tests.models.violations.registries import REGISTRIES
from tests.models.violations.terms import TERMS

VIOLATIONS: dict[str, Violation] = {**TERMS, **FACTS, **JUDGEMENTS, **REGISTRIES}
