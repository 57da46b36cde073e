"""What every model, field and constraint promises; a new one is asked the moment it exists."""

from __future__ import annotations

import inspect
import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
from auditlog.registry import auditlog
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.db.models import CheckConstraint, Field

import evidence.models
from evidence.models.audited import Audited
from tests.models.rows import BUILDERS, make
from tests.models.violations import VIOLATIONS

MODELS = list(apps.get_app_config("evidence").get_models())
CONSTRAINTS = [(model, each) for model in MODELS for each in model._meta.constraints]

# The row that an inline form belongs to: nobody chooses it.
OWNERS = {
    "Arm.trial",
    "InterventionPartner.intervention",
    "TrialIdentifier.trial",
    "TrialPhase.trial",
    "TrialPublication.trial",
}
# Relations that are filled in through the rows of a model of their own.
THROUGH_ROWS = {"Trial.publications"}
# Numbers that the program alone keeps.
KEPT_BY_THE_PROGRAM = {
    *("Record", "DataVersion", "RulePeriod", "Step"),
    *("Snapshot", "RegistryRecord", "Drift", "SyncRun", "SyncFault"),
}
SAID_OF_SEVERAL_COLUMNS = {
    "A percent lies between 0 and 100.",
    "No more people can be affected than were at risk.",
    "Write the date as far as it is known: 2015, 2015-09 or 2015-09-03.",
}
# Null where it must be unique among those that have one; any other text is empty, never null.
NULL_TEXTS = {"Record.starter_key", "Publication.starter_key"}

AMERICAN = re.compile(
    r"\b((?!size)\w+iz(e|ed|es|ing|ation)|\w*color|center(ed)?|edema|tumor|h?ematolog\w+|anemia|"
    r"leukemia|diarrhea|pediatric|behavior|favor\w*|labeled|enrollment|gray|program(?!me)|"
    r"catalog|estrogen|fetus|sulf\w+)\b",
    re.IGNORECASE,
)


def name(model: type[models.Model], field: Field[Any, Any]) -> str:
    return f"{model.__name__}.{field.name}"


def fields_of(model: type[models.Model]) -> list[Any]:
    ours = (*model._meta.local_fields, *model._meta.local_many_to_many)
    return [field for field in ours if not field.auto_created]


def checks_of(model: type[models.Model]) -> list[CheckConstraint]:
    return [each for each in model._meta.constraints if isinstance(each, CheckConstraint)]


# --- Constraints ----------------------------------------------------------------------------------


def test_every_constraint_has_its_violation_and_every_violation_its_constraint():
    assert {each.name for _, each in CONSTRAINTS} == set(VIOLATIONS)


@pytest.mark.parametrize("model", MODELS)
def test_every_constraint_says_its_own_sentence(model: type[models.Model]):
    sentences = [each.violation_error_message for each in model._meta.constraints]
    for constraint, sentence in zip(model._meta.constraints, sentences, strict=True):
        assert sentence != type(constraint).default_violation_error_message, constraint.name
        assert re.fullmatch(r"[A-Z].+\.", sentence), constraint.name
        assert constraint.name not in sentence
        assert sentences.count(sentence) == 1 or sentence in SAID_OF_SEVERAL_COLUMNS


@pytest.mark.parametrize("model", MODELS)
def test_no_name_is_longer_than_postgresql_keeps(model: type[models.Model]):
    # It would cut the name, and a refusal would then carry one that nobody knows.
    assert all(len(each.name) <= 63 for each in model._meta.constraints)


@pytest.mark.parametrize("model", MODELS)
def test_a_child_keeps_the_constraints_of_its_parents(model: type[models.Model]):
    mine = [each.name for each in model._meta.constraints]
    words = {"app_label": model._meta.app_label, "class": model._meta.model_name}
    for parent in inspect.getmro(model)[1:]:
        if not issubclass(parent, models.Model) or parent is models.Model:
            continue
        theirs = [each.name % words for each in parent._meta.constraints]
        assert mine[: len(theirs)] == theirs, parent


@pytest.mark.parametrize("model", MODELS)
def test_every_vocabulary_is_closed_in_the_database(model: type[models.Model]):
    constraints = {each.name: each for each in model._meta.constraints}
    for field in fields_of(model):
        if not getattr(field, "choices", None):
            continue
        words = [value for value, _ in field.flatchoices]
        wanted = [*words, *([""] if field.blank else [])]
        constraint = constraints[f"evidence_{model._meta.model_name}_{field.name}_known"]
        assert constraint.condition.children == [(f"{field.name}__in", wanted)]


def sql_of(model: type[models.Model], check: CheckConstraint) -> str:
    editor = connection.SchemaEditorClass(connection, collect_sql=True)
    return check._get_check_sql(model, editor)


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS)
def test_no_check_needs_more_than_a_bare_database(model: type[models.Model]):
    for check in checks_of(model):
        # REGEXP is Django's own function on SQLite; LIKE takes any case there, and only there.
        assert not re.search(r"REGEXP|LIKE|~|GLOB|django_", sql_of(model, check)), check.name


def null_cases(model: type[models.Model], sql: str) -> Iterator[str]:
    """Give a row for each mix of nulls in the columns that a CHECK reads."""
    fields = [each for each in model._meta.concrete_fields if f'"{each.column}"' in sql]
    for nulls in itertools.product(*([False, True] if each.null else [False] for each in fields)):
        yield ", ".join(
            f"CAST({'NULL' if is_null else sample(field)} AS {field.rel_db_type(connection)}) "
            f'AS "{field.column}"'
            for field, is_null in zip(fields, nulls, strict=True)
        )


def sample(field: Any) -> str:
    """Give a value of a column's type, as SQL."""
    kind = field.target_field if field.is_relation else field
    if isinstance(kind, models.DateField):
        return "'2025-01-01'"
    return "'x'" if isinstance(kind, models.CharField | models.TextField) else "1"


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS)
def test_no_check_answers_unknown_for_any_mix_of_nulls(model: type[models.Model]):
    with connection.cursor() as cursor:
        for check in checks_of(model):
            sql = sql_of(model, check)
            for row in null_cases(model, sql):
                cursor.execute(f"SELECT ({sql}) IS NULL FROM (SELECT {row}) AS one")  # noqa: S608
                assert not cursor.fetchone()[0], f"{check.name}: {row}"


# --- Fields ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS)
def test_every_field_that_people_fill_in_says_what_it_is_for(model: type[models.Model]):
    if model.__name__ in KEPT_BY_THE_PROGRAM:
        return
    for field in fields_of(model):
        if field.editable and name(model, field) not in OWNERS | THROUGH_ROWS:
            text = str(field.help_text)
            assert re.fullmatch(r"(https|[A-Z]).*[.!?]", text, re.DOTALL), name(model, field)


@pytest.mark.parametrize("model", MODELS)
def test_texts_are_british_and_have_no_stray_blanks(model: type[models.Model]):
    for field in fields_of(model):
        for text in (str(field.help_text), str(field.verbose_name)):
            assert text == " ".join(text.split()), name(model, field)
            assert not AMERICAN.search(text), name(model, field)


def test_american_spellings_would_be_noticed():
    for word in ("randomized", "Edema", "tumor", "leukemia", "enrollment", "color"):
        assert AMERICAN.search(f"The {word} of it.")
    for word in ("randomised", "oedema", "tumour", "size", "programme", "colour"):
        assert not AMERICAN.search(f"The {word} of it.")


@pytest.mark.parametrize("model", MODELS)
def test_an_empty_text_is_never_null(model: type[models.Model]):
    for field in fields_of(model):
        if isinstance(field, models.CharField | models.TextField):
            assert field.null == (name(model, field) in NULL_TEXTS)


@pytest.mark.parametrize("model", MODELS)
def test_what_may_be_null_may_be_left_empty(model: type[models.Model]):
    for field in fields_of(model):
        if field.null and field.editable and model.__name__ not in KEPT_BY_THE_PROGRAM:
            assert field.blank, name(model, field)


# --- Models ---------------------------------------------------------------------------------------


def test_every_model_is_made_and_tried_by_these_tests():
    assert set(BUILDERS) == set(MODELS)


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS)
def test_the_smallest_row_is_one_that_a_form_would_take(model: type[models.Model]):
    row = make(model)
    if model.__name__ not in KEPT_BY_THE_PROGRAM:
        row.full_clean()
    assert str(row)
    assert "object (" not in str(row)


def test_every_model_can_be_imported_from_one_place():
    for model in MODELS:
        assert getattr(evidence.models, model.__name__) is model
        assert model.__name__ in evidence.models.__all__


def test_the_names_that_others_rely_on_are_there():
    promised = (
        "Topic Assessment Finding HarmReport Consideration Trial Publication Condition "
        "Intervention AdverseEffect"
    )
    assert set(promised.split()) <= set(evidence.models.__all__)
    columns = {field.name for field in evidence.models.Trial._meta.get_fields()}
    assert {"title", "recruitment_status", "enrolment", "identifiers"} <= columns
    assert isinstance(evidence.models.Trial.phases, property)
    columns = {field.name for field in evidence.models.TrialIdentifier._meta.get_fields()}
    assert {"registry", "value"} <= columns


@pytest.mark.parametrize("model", MODELS)
def test_every_model_that_people_edit_is_in_the_audit_log(model: type[models.Model]):
    is_followed = auditlog.contains(model)
    assert is_followed == (model.__name__ not in KEPT_BY_THE_PROGRAM)
    # Its entries say why, and go when the database refuses the save.
    assert issubclass(model, Audited) == is_followed


def test_every_family_has_the_gate_to_readers():
    for model in MODELS:
        if issubclass(model, evidence.models.Term | evidence.models.Fact | evidence.models.Edition):
            assert callable(model.objects.public), model
    assert callable(evidence.models.Topic.objects.public)


@pytest.mark.django_db
def test_the_migrations_hold_all_that_the_models_say():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
