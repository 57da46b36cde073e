"""Why a change was made stands in the audit log beside what was changed."""

from __future__ import annotations

import pytest
from auditlog.models import LogEntry

from evidence.ledger.reasons import because
from evidence.models.audited import REASON
from tests.web import examples

pytestmark = pytest.mark.django_db


def why(instance: object) -> list[object]:
    entries = LogEntry.objects.get_for_object(instance).order_by("pk")
    return [entry.additional_data for entry in entries]


def test_a_reason_reaches_every_entry_written_meanwhile() -> None:
    condition = examples.condition()
    with because("A reader wrote in."):
        condition.name = "HIV"
        condition.save()
        paper = examples.publication()
    condition.name = "HIV infection"
    condition.save()
    assert why(condition) == [None, {"reason": "A reader wrote in."}, None]
    assert why(paper) == [{"reason": "A reader wrote in."}]


def test_an_inner_reason_goes_before_the_outer_one_and_leaves_it_standing() -> None:
    with because("outer"):
        with because("inner"):
            inner = examples.condition("A", "a")
        outer = examples.condition("B", "b")
    assert why(inner) == [{"reason": "inner"}]
    assert why(outer) == [{"reason": "outer"}]


def test_a_reason_ends_with_its_block_even_when_that_fails() -> None:
    with pytest.raises(RuntimeError), because("never mind"):
        raise RuntimeError
    assert REASON.get() == ""
