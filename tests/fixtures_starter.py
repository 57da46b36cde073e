"""The starter evidence for tests of any layer (a plugin of tests/conftest.py)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction

if TYPE_CHECKING:
    from evidence.starter.tally import Tally


@pytest.fixture(scope="module")
def starter_evidence(django_db_setup: None, django_db_blocker: Any) -> Iterator[Tally]:
    """The whole starter evidence, loaded once for a module and gone after it.

    It lives in a transaction that is never committed: a test that needs another thread, process
    or `transaction=True` calls `load_starter()` itself.
    """
    from evidence.starter import load_starter

    with django_db_blocker.unblock(), transaction.atomic():
        yield load_starter()
        transaction.set_rollback(True)
