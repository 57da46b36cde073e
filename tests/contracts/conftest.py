"""One uneven world for all contracts of a module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.contracts import varied


@pytest.fixture(scope="module")
def varied_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Hold the uneven world for a module, in a transaction that is never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        varied.fill()
        yield
        transaction.set_rollback(True)
