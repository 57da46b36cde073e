"""The search of the whole starter evidence: the same rows one by one and all at once."""

from __future__ import annotations

import pytest

from evidence.ledger import engines, entries, index
from evidence.ledger.index import KINDS


@pytest.mark.usefixtures("starter_evidence")
@pytest.mark.django_db
def test_writing_one_by_one_gives_the_rows_that_a_rebuild_gives() -> None:
    index.rebuild()
    whole = engines.contents()
    assert len(whole) > 1_000
    engines.empty(engines.TABLE)
    for kind in KINDS:
        for key in entries.public_keys(kind):
            index.write(kind, [key])
    assert engines.contents() == whole
