"""Who changed what is logged for every model that people edit, on either database."""

from __future__ import annotations

from typing import Any

import pytest
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.apps import apps
from django.contrib import admin
from django.db import IntegrityError, transaction

from evidence import vocab
from evidence.ledger import audit, derivation, reasons
from evidence.models import (
    Condition,
    Drift,
    Intervention,
    RegistryRecord,
    SyncRun,
    Topic,
    Trial,
)

OURS = [*apps.get_app_config("evidence").get_models()]
KEPT_BY_THE_PROGRAM = {
    "evidence.record",
    "evidence.dataversion",
    "evidence.ruleperiod",
    "evidence.step",
    # Their own log: every payload is kept, with who decided what of it.
    "evidence.snapshot",
    "evidence.registryrecord",
    "evidence.drift",
    "evidence.syncrun",
    "evidence.syncfault",
}

followed = pytest.mark.parametrize("model", audit.followed(), ids=lambda m: m._meta.label_lower)


def make_topic() -> Topic:
    condition = Condition.objects.create(name="HIV", slug="hiv", area=vocab.Area.INFECTIOUS)
    intervention = Intervention.objects.create(
        name="IL-2", slug="il-2", kind=vocab.InterventionKind.RECOMBINANT
    )
    return Topic.objects.create(
        condition=condition,
        intervention=intervention,
        role=vocab.Role.TREATMENT,
        population=vocab.Population.ADULT,
    )


def test_every_model_is_followed_or_kept_by_the_program() -> None:
    unfollowed = {m._meta.label_lower for m in OURS if not auditlog.contains(m)}
    assert unfollowed == KEPT_BY_THE_PROGRAM


def test_every_model_of_the_admin_is_followed_and_every_row_inside_one() -> None:
    logs = {LogEntry, Drift, RegistryRecord, SyncRun}
    entities = [entity for entity in admin.site._registry if entity not in logs]
    inside = [i.model for e in entities for i in admin.site._registry[e].inlines]
    assert [m for m in (*entities, *inside) if not auditlog.contains(m)] == []


@followed
def test_every_field_that_a_form_holds_is_followed(model: Any) -> None:
    options = auditlog.get_model_fields(model)
    written = {f.name for f in model._meta.concrete_fields if f.editable and not f.primary_key}
    assert written - {*options["include_fields"]} <= {*audit.BOOKKEEPING}
    relations = {
        field.name
        for field in model._meta.local_many_to_many
        if field.editable and field.remote_field.through._meta.auto_created
    }
    assert {*audit.relations_of(model)} == relations


@followed
def test_who_moved_an_edition_is_followed(model: Any) -> None:
    options = auditlog.get_model_fields(model)
    if hasattr(model, "withdrawn_by"):
        moved = {"state", "author", "last_editor", "reviewer", "submitted_by", "withdrawn_by"}
        assert moved <= {*options["include_fields"]}
        assert "lock_version" not in options["include_fields"]


@pytest.mark.django_db
def test_what_the_program_works_out_is_not_logged() -> None:
    topic = make_topic()
    before = LogEntry.objects.count()
    derivation.rederive()
    topic.refresh_from_db()
    assert topic.rule
    assert LogEntry.objects.count() == before


@pytest.mark.django_db
def test_a_many_to_many_row_is_logged_with_its_name() -> None:
    topic = make_topic()
    topic.trials.add(Trial.objects.create(title="ESPRIT", slug="esprit"))
    change = LogEntry.objects.get_for_object(topic).first().changes_dict
    assert change["trials"]["operation"] == "add"
    assert change["trials"]["objects"] == ["ESPRIT (esprit)"]


@pytest.mark.django_db
def test_a_reason_is_kept_with_every_entry_written_meanwhile() -> None:
    with reasons.because("Merged twice."):
        topic = make_topic()
    assert LogEntry.objects.get_for_object(topic).get().additional_data == {
        "reason": "Merged twice."
    }


@pytest.mark.django_db(transaction=True)
def test_a_save_that_the_database_refuses_leaves_no_entry() -> None:
    topic = make_topic()
    before = LogEntry.objects.count()
    topic.role = "cure"
    with pytest.raises(IntegrityError), transaction.atomic():
        topic.save()
    assert LogEntry.objects.count() == before


def test_a_masked_value_shows_nothing_of_itself() -> None:
    assert audit.hide("pbkdf2_sha256$1000000$salt$hash") == "(hidden)"
