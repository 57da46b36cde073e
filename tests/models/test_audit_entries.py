"""A change leaves one entry with its reason, and a refused one leaves none."""

from __future__ import annotations

from typing import Any

import pytest
from auditlog.context import set_actor
from auditlog.models import LogEntry
from django.db import IntegrityError, models, transaction

from evidence.ledger.audit import NOT_FOLLOWED
from evidence.ledger.reasons import because
from evidence.models import Arm, Condition, Finding, Trial
from tests.models.rows import BUILDERS, make, someone
from tests.models.violations import VIOLATIONS
from tests.models.violations.kit import Check

FOLLOWED = [model for model in BUILDERS if model._meta.label_lower not in NOT_FOLLOWED]


def spoil(row: Any) -> None:
    """Set the first thing that a CHECK of its table refuses and that takes nobody else."""
    wrongs = (VIOLATIONS[each.name] for each in row._meta.constraints)
    wrong = next(
        columns
        for violation in wrongs
        if isinstance(violation, Check)
        for columns in violation.refused
        if not any(callable(value) for value in columns.values())
    )
    for column, value in wrong.items():
        setattr(row, column, value)


@pytest.mark.django_db(transaction=True)
def test_a_save_that_the_database_refuses_leaves_no_entry():
    # Without a transaction around it: the entry is written before the row.
    rows = [make(model) for model in FOLLOWED]
    before = LogEntry.objects.count()
    for row in rows:
        spoil(row)
        with pytest.raises(IntegrityError):
            row.save()
        assert LogEntry.objects.count() == before, row


@pytest.mark.django_db
@pytest.mark.parametrize("model", FOLLOWED)
def test_a_refused_save_inside_a_longer_transaction_leaves_no_entry(model: type[models.Model]):
    row = make(model)
    before = LogEntry.objects.count()
    spoil(row)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    assert LogEntry.objects.count() == before


@pytest.mark.django_db
def test_a_refused_first_save_leaves_no_entry():
    before = LogEntry.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        Trial(title="", slug="x").save()
    assert LogEntry.objects.count() == before


@pytest.mark.django_db
@pytest.mark.parametrize("model", FOLLOWED)
def test_an_entry_carries_the_reason_in_force(model: type[models.Model]):
    with because("Table 2 was misread."):
        row = make(model)
    entry = LogEntry.objects.get_for_object(row).get()
    assert entry.additional_data == {"reason": "Table 2 was misread."}


@pytest.mark.django_db
def test_a_change_is_kept_as_it_was_and_as_it_is():
    condition = make(Condition, name="phthisis")
    condition.name = "tuberculosis"
    condition.save()
    entry = LogEntry.objects.get_for_object(condition).latest()
    assert entry.changes == {"name": ["phthisis", "tuberculosis"]}
    assert entry.additional_data is None


@pytest.mark.django_db
def test_a_link_between_rows_is_kept_too():
    trial, condition = make(Trial), make(Condition, name="tuberculosis")
    trial.conditions.add(condition)
    changes = LogEntry.objects.get_for_object(trial).latest().changes["conditions"]
    assert (changes["operation"], changes["objects"]) == ("add", ["tuberculosis"])


@pytest.mark.django_db
def test_saving_what_has_not_changed_leaves_no_entry():
    for row in (make(Finding), make(Arm), make(Condition)):
        before = LogEntry.objects.count()
        type(row).objects.get(pk=row.pk).save()
        assert LogEntry.objects.count() == before


@pytest.mark.django_db
def test_who_changed_it_is_kept():
    person = someone()
    with set_actor(person):
        row = make(Condition)
    assert LogEntry.objects.get_for_object(row).get().actor == person
