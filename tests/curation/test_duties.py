"""The groups hold exactly what the table says, however often they are granted."""

from __future__ import annotations

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from evidence.curation import duties

pytestmark = pytest.mark.django_db
# The program's own rows, which nobody opens in the admin.
KEPT_BY_THE_PROGRAM = {
    "evidence.record",
    "evidence.dataversion",
    "evidence.ruleperiod",
    "evidence.step",
    "evidence.snapshot",
    "evidence.syncfault",
}


def holds(group: str) -> set[str]:
    """Give the names of a group's permissions."""
    rows = Permission.objects.filter(group__name=group).select_related("content_type")
    return {f"{row.content_type.app_label}.{row.codename}" for row in rows}


def says(group: str) -> set[str]:
    """Give the names of the permissions that the table gives a group."""
    return {
        duties.permission(verb, model)
        for verb, models in duties.DUTIES[group].items()
        for model in models
    }


@pytest.mark.parametrize("group", [*duties.DUTIES])
def test_a_group_holds_what_the_table_says_after_migrating(group: str) -> None:
    assert holds(group) == says(group)


def test_every_entity_stands_in_the_table() -> None:
    entities = {
        model._meta.label_lower
        for model in apps.get_app_config("evidence").get_models()
        if not model._meta.auto_created
    }
    held = {*duties.EVIDENCE, *duties.SEARCHES, *duties.REGISTRIES}
    assert held == entities - KEPT_BY_THE_PROGRAM


def test_granting_again_changes_nothing() -> None:
    before = {(group.pk, *sorted(holds(group.name))) for group in Group.objects.all()}
    duties.grant()
    duties.grant()
    assert {(group.pk, *sorted(holds(group.name))) for group in Group.objects.all()} == before


def test_granting_mends_a_group_and_leaves_others_alone() -> None:
    viewer, own = Group.objects.get(name=duties.VIEWER), Group.objects.create(name="Guests")
    more = Permission.objects.get(codename="delete_finding")
    viewer.permissions.add(more)
    own.permissions.add(more)
    person = get_user_model().objects.create_user("anna")
    person.groups.add(viewer)
    duties.grant()
    assert holds(duties.VIEWER) == says(duties.VIEWER)
    assert holds("Guests") == {"evidence.delete_finding"}
    assert [*person.groups.all()] == [viewer]


def test_granting_after_a_migration_writes_nothing_into_the_audit_log() -> None:
    Group.objects.all().delete()
    before = LogEntry.objects.count()
    call_command("migrate", verbosity=0)
    assert holds(duties.CURATOR) == says(duties.CURATOR)
    assert LogEntry.objects.count() == before


def test_granting_waits_for_the_tables_that_it_needs() -> None:
    executor = MigrationExecutor(connection)
    early = executor.loader.project_state([("auth", "0001_initial")]).apps
    Group.objects.all().delete()
    duties.grant_after_migrate(apps=early)
    assert not Group.objects.exists()


def test_writing_and_publishing_are_different_duties() -> None:
    curator, reviewer = holds(duties.CURATOR), holds(duties.REVIEWER)
    assert "evidence.publish_finding" in reviewer - curator
    assert "evidence.change_finding" in curator - reviewer
    assert not any(name.split(".")[1].startswith(("add", "change", "delete")) for name in reviewer)


def test_a_viewer_only_views() -> None:
    assert {name.split(".")[1].partition("_")[0] for name in holds(duties.VIEWER)} == {"view"}


@pytest.mark.parametrize("group", [*duties.DUTIES])
def test_what_came_from_the_registries_is_seen_by_all_and_written_by_nobody(group: str) -> None:
    held = {name for name in holds(group) if name.endswith(("_drift", "_registryrecord"))}
    assert held == {"evidence.view_drift", "evidence.view_registryrecord"}


@pytest.mark.parametrize("group", [*duties.DUTIES])
def test_nobody_may_delete_people_or_write_the_log(group: str) -> None:
    forbidden = {"auth.delete_user", "auditlog.add_logentry", "auditlog.change_logentry"}
    assert not holds(group) & (forbidden | {"auditlog.delete_logentry", "auth.change_group"})
