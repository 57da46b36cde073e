"""One valid pair of rows of every model, for all tests of a module."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.db import models, transaction

from evidence.models import DataVersion, Trial
from tests.models import rows
from tests.models.violations.kit import Pair

Pairs = Mapping[type[models.Model], Pair]


@pytest.fixture(scope="module")
def pairs(django_db_setup: None, django_db_blocker: Any) -> Iterator[Pairs]:
    """Hold the pairs for a module, in a transaction that is never committed.

    Each test marked `django_db` takes back what it does to them.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        people = {name: rows.someone(name) for name in ("ann", "ben", "cai")}
        trial = rows.make(Trial)
        yield {
            model: Pair(
                first=rows.make(model),
                second=None if model is DataVersion else rows.make(model),
                people=people,
                trial=trial,
            )
            for model in rows.BUILDERS
        }
        transaction.set_rollback(True)
