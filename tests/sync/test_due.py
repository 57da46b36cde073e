"""What is overdue, and how often each command is to be run."""

from __future__ import annotations

import pytest

from evidence.sync import due
from evidence.vocab import RunKind

pytestmark = pytest.mark.django_db


def test_the_registry_and_the_literature_are_to_be_looked_at_every_night() -> None:
    often = {one.kind: one.often for one in due.kinds()}
    assert often[RunKind.SYNC_TRIALS] == often[RunKind.CHECK_STANDING] == "every night"
