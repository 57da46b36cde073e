"""The search is built anew by a command, which says what it made."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from evidence.ledger import engines, entries, index
from evidence.management import first_run
from evidence.models import DataVersion
from tests.web import examples

pytestmark = pytest.mark.django_db


def test_it_says_how_many_entries_of_each_kind_there_are() -> None:
    examples.world()
    engines.empty(engines.TABLE)
    out = io.StringIO()
    call_command("rebuild_search", stdout=out)
    assert out.getvalue().startswith("The search holds ")
    assert "topic 1, condition 1" in out.getvalue()
    assert len(engines.held()) > 1


def test_what_the_search_lacks_is_a_fault_that_the_command_mends() -> None:
    topic = examples.world()
    engines.replace(engines.TABLE, [entries.row_id("topic", topic.pk)], [])
    said = io.StringIO()
    with pytest.raises(CommandError):
        call_command("verify", stderr=said)
    lacks = "The search lacks entries of this kind: topic (1). Run manage.py rebuild_search."
    assert lacks in said.getvalue()
    call_command("rebuild_search", stdout=io.StringIO())
    assert [*index.faults()] == []


@pytest.mark.django_db(transaction=True)
def test_a_rebuild_that_another_has_overtaken_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one begins after the first entries of this one."""
    examples.world()
    fill = index._fill

    def begin_another(*given: Any) -> None:
        monkeypatch.setattr(index, "_fill", fill)
        fill(*given)
        index.rebuild()

    monkeypatch.setattr(index, "_fill", begin_another)
    with pytest.raises(CommandError, match="Another rebuild of the search began after this one"):
        call_command("rebuild_search", stdout=io.StringIO())
    assert [*index.faults()] == []


@pytest.mark.django_db
def test_an_instance_starts_while_another_one_builds_the_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    examples.world()
    DataVersion.objects.update(search_version=0)

    def overtaken() -> None:
        raise index.Overtaken

    monkeypatch.setattr(index, "rebuild", overtaken)
    assert first_run.load_evidence().endswith("The search is being built by another instance.")
