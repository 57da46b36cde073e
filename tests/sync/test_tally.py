"""What a run did, in figures and in words."""

from __future__ import annotations

import pytest

from evidence.models import SyncRun
from evidence.sync.tally import NAMES, Counts
from evidence.vocab import RunKind


def test_a_tally_names_what_was_counted_and_what_is_rare_only_where_there_is_any() -> None:
    assert Counts().sentence == "0 created, 0 changed, 0 the same, 0 not IL-2, 0 failed."
    told = Counts(created=1, changed=2, same=3_000, not_il2=4, left_out=5, vanished=6, failed=7)
    assert told.sentence == (
        "1 created, 2 changed, 3,000 the same, 4 not IL-2, 5 left out, 6 vanished, 7 failed."
    )


@pytest.mark.parametrize("kind", [RunKind.IMPORT_PUBLICATIONS, RunKind.CHECK_STANDING])
def test_of_papers_nobody_asked_whether_they_give_il2(kind: str) -> None:
    assert Counts(created=1).sentence_of(kind) == "1 created, 0 changed, 0 the same, 0 failed."


def test_two_tallies_add_up_figure_by_figure() -> None:
    one = Counts(**{name: place for place, name in enumerate(NAMES)})
    assert one + one == Counts(**{name: 2 * place for place, name in enumerate(NAMES)})


def test_every_figure_of_a_tally_has_its_column_in_a_run() -> None:
    assert {*NAMES} <= {field.name for field in SyncRun._meta.get_fields()}
