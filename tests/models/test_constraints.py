"""The database itself refuses what must never be, whoever writes, and says so in a sentence."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import CheckConstraint, UniqueConstraint

from evidence.models import Publication
from tests.models.conftest import Pairs
from tests.models.rows import BUILDERS
from tests.models.violations import VIOLATIONS
from tests.models.violations.kit import Check, Pair, Twice

CONSTRAINTS: dict[str, tuple[type[models.Model], Any]] = {
    constraint.name: (model, constraint)
    for model in BUILDERS
    for constraint in model._meta.constraints
}
CHECKS = [name for name, row in VIOLATIONS.items() if isinstance(row, Check)]
TWICES = [name for name, row in VIOLATIONS.items() if isinstance(row, Twice)]
ONLY_ONE = [
    (model, field.name)
    for model in BUILDERS
    for field in model._meta.concrete_fields
    if field.unique and not field.primary_key
]

pytestmark = pytest.mark.django_db


def write(row: Any, columns: dict[str, Any]) -> None:
    """Write columns past Python, in a savepoint of their own."""
    with transaction.atomic():
        type(row)._base_manager.filter(pk=row.pk).update(**columns)


def blamed(error: IntegrityError) -> str:
    """Return what the database names: the constraint, or for SQLite's unique ones the columns."""
    if connection.vendor == "postgresql":
        return error.__cause__.diag.constraint_name
    return str(error).split(": ", 1)[1]


def named(constraint: UniqueConstraint, model: type[models.Model]) -> str:
    """Return how the database names a unique constraint when it is broken."""
    if connection.vendor == "postgresql":
        return constraint.name
    if constraint.expressions:
        return f"index '{constraint.name}'"
    columns = [model._meta.get_field(name).column for name in constraint.fields]
    return ", ".join(f"{model._meta.db_table}.{column}" for column in columns)


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_refuses_the_violation_and_allows_its_nearest_neighbour(name: str, pairs: Pairs):
    model, _ = CONSTRAINTS[name]
    pair, row = pairs[model], VIOLATIONS[name]
    expected = {name, *(f"evidence_{model._meta.model_name}_{other}" for other in row.also)}
    for columns in row.refused:
        with pytest.raises(IntegrityError) as refusal:
            write(pair.first, pair.filled_in(columns))
        assert blamed(refusal.value) in expected, columns
    for columns in row.allowed:
        with transaction.atomic():
            write(pair.first, pair.filled_in(columns))
            transaction.set_rollback(True)


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_tells_a_person_in_its_own_sentence(name: str, pairs: Pairs):
    model, constraint = CONSTRAINTS[name]
    sentence = f"^{re.escape(repr([constraint.violation_error_message]))}$"
    for columns in VIOLATIONS[name].refused:
        with pytest.raises(ValidationError, match=sentence):
            constraint.validate(model, changed(pairs[model], columns))
    for columns in VIOLATIONS[name].allowed:
        constraint.validate(model, changed(pairs[model], columns))


def changed(pair: Pair, columns: Any) -> Any:
    """Return a copy of the first row with other columns, not saved."""
    row = copy.copy(pair.first)
    row._state = copy.deepcopy(pair.first._state)
    for column, value in pair.filled_in(columns).items():
        setattr(row, column, value)
    return row


@pytest.mark.parametrize("name", TWICES)
def test_there_is_no_second_row_unless_it_differs(name: str, pairs: Pairs):
    model, constraint = CONSTRAINTS[name]
    pair, row = pairs[model], VIOLATIONS[name]
    write(pair.first, pair.filled_in(row.first))
    pair.first.refresh_from_db()
    columns = pair.filled_in(row.second) | {each: getattr(pair.first, each) for each in row.same}
    with pytest.raises(IntegrityError) as refusal:
        write(pair.second, columns)
    assert blamed(refusal.value) == named(constraint, model)
    for difference in row.unless:
        with transaction.atomic():
            write(pair.second, columns | pair.filled_in(difference))
            transaction.set_rollback(True)


@pytest.mark.parametrize(("model", "column"), ONLY_ONE)
def test_names_are_given_once(model: type[models.Model], column: str, pairs: Pairs):
    first, second = pairs[model].first, pairs[model].second
    value = getattr(first, column) or "x"
    write(first, {column: value})
    with pytest.raises(IntegrityError, match=column):
        write(second, {column: value})


def test_many_rows_at_once_pass_no_check_either(pairs: Pairs):
    twin = copy.copy(pairs[Publication].first)
    twin.pk, twin.pmid, twin.pmcid = None, None, "2869083"
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.bulk_create([twin])
    twin.pmcid = "PMC2869083"
    Publication.objects.bulk_create([twin])


def test_a_doi_is_the_same_in_any_case(pairs: Pairs):
    pair = pairs[Publication]
    write(pair.first, {"doi": "10.1056/NEJMoa0903175"})
    with pytest.raises(IntegrityError):
        write(pair.second, {"doi": "10.1056/nejmoa0903175"})


def test_every_kind_of_constraint_is_tried():
    kinds = {type(constraint) for _, constraint in CONSTRAINTS.values()}
    assert kinds == {CheckConstraint, UniqueConstraint}
