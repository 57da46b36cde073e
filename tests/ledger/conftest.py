"""Two conditions, one within the other, and a paper: what most tests here begin with."""

from __future__ import annotations

import pytest

from evidence.models import Condition, Publication
from tests.web import examples


@pytest.fixture
def wide() -> Condition:
    return examples.condition("Infection", "infection")


@pytest.fixture
def narrow(wide: Condition) -> Condition:
    return examples.condition("HIV infection", "hiv-infection", parent=wide)


@pytest.fixture
def paper() -> Publication:
    return examples.publication()
