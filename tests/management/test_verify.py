"""The check finds what is wrong, and nothing where all is right."""

from __future__ import annotations

import hashlib
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import CharField
from django.db.models.functions import Cast

from evidence.ledger import derivation
from evidence.models import Condition, Finding, Record, Snapshot, Topic
from tests.models.rows import make, published, someone
from tests.web import examples

pytestmark = pytest.mark.django_db

# SQLite forgets its constraints outside a transaction alone.
committed = pytest.mark.django_db(transaction=True)


def found() -> str:
    """What verify says on standard error; it must fail."""
    err = io.StringIO()
    with pytest.raises(CommandError, match=r"faults? found") as refusal:
        call_command("verify", stdout=io.StringIO(), stderr=err)
    assert refusal.value.returncode == 1
    return err.getvalue()


def behind(statement: str, *values: object) -> None:
    """Change the database behind the program's back."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET session_replication_role = replica")
        try:
            cursor.execute(statement, values)
        finally:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA foreign_keys = ON")
                cursor.execute("PRAGMA ignore_check_constraints = OFF")
            else:
                cursor.execute("SET session_replication_role = DEFAULT")


def starter_world() -> None:
    """What readers see, as the starter evidence is loaded."""
    examples.world()
    Record.objects.update(starter_key=Cast("pk", CharField()))
    derivation.rederive()


def test_a_sound_database_has_no_faults_and_says_what_readers_see() -> None:
    starter_world()
    out = io.StringIO()
    call_command("verify", stdout=out)
    assert out.getvalue().startswith("No faults in the database. Readers see ")
    assert f"{Finding.objects.public().count()} findings" in out.getvalue()


def test_names_that_were_written_past_the_moves_are_found() -> None:
    starter_world()
    forged = Finding.objects.public().first()
    make(
        Finding,
        topic=forged.topic,
        publication=forged.publication,
        **published(someone("ann"), someone("ben")),
    )
    Record.objects.filter(pk=forged.record_id).update(starter_key=None)
    said = found()
    assert f"{forged.code} is called starter evidence and is none." in said
    assert "edition 1: nobody is known to have published it." in said


def test_a_rule_that_was_changed_by_hand_is_found_and_left_alone() -> None:
    examples.world()
    derivation.rederive()
    topic = Topic.objects.exclude(findings_count=0).first()
    Topic.objects.filter(pk=topic.pk).update(findings_count=99)
    assert f"T{topic.pk} keeps what its evidence no longer gives: findings_count." in found()
    topic.refresh_from_db()
    assert topic.findings_count == 99


def test_a_payload_that_was_changed_by_hand_is_found() -> None:
    text = '{"title":"ESPRIT"}'
    kept = make(Snapshot, payload=text, sha256=hashlib.sha256(text.encode()).hexdigest())
    sound = make(Snapshot, payload="{}", sha256=hashlib.sha256(b"{}").hexdigest())
    Snapshot.objects.filter(pk=kept.pk).update(payload='{"title":"SILCAAT"}')
    said = found()
    assert f"The payload {kept.sha256[:12]} of {kept.value} is not what came in." in said
    assert sound.sha256[:12] not in said


@committed
def test_a_row_that_names_nothing_is_found() -> None:
    lower = make(Condition, parent=make(Condition))
    behind("DELETE FROM evidence_condition WHERE id = %s", lower.parent_id)
    assert f"Row {lower.pk} of evidence_condition names a row of evidence_condition" in found()
    Condition.objects.filter(pk=lower.pk).update(parent=None)


@committed
def test_a_record_of_another_kind_is_found() -> None:
    finding = make(Finding)
    behind("UPDATE evidence_record SET kind = 'H' WHERE id = %s", finding.record_id)
    assert f"Record {finding.record_id} is not of the kind of its editions" in found()


@committed
def test_migrations_that_are_missing_or_unknown_are_found() -> None:
    change = "UPDATE django_migrations SET name = %s WHERE app = 'sessions' AND name = %s"
    behind(change, "0009_later", "0001_initial")
    try:
        said = found()
    finally:
        behind(change, "0001_initial", "0009_later")
    assert "Migrations are not applied: sessions.0001_initial" in said
    assert "of a newer program are applied: sessions.0009_later" in said


@committed
def test_a_cell_that_its_constraint_forbids_is_found_on_sqlite() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL checks each cell as it is written")
    condition = make(Condition)
    behind("UPDATE evidence_condition SET area = 'nowhere' WHERE id = %s", condition.pk)
    assert "SQLite: CHECK constraint failed in evidence_condition." in found()


@committed
@pytest.mark.usefixtures("postgres")
def test_a_dropped_constraint_and_two_published_editions_are_found() -> None:
    examples.world()
    finding = Finding.objects.public().first()
    name = "evidence_finding_one_published"
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [name])
        (definition,) = cursor.fetchone()
        cursor.execute(f"DROP INDEX {name}")
        try:
            finding.pk, finding.number, finding._state.adding = None, 2, True
            finding.origin, finding.locator = "curator", "Table 1"
            finding.author, finding.reviewer = examples.person("ann"), examples.person("ben")
            finding.reviewed_at = finding.published_at
            finding.save()
            said = found()
            finding.delete()
        finally:
            cursor.execute(definition)
    assert f"The constraint {name} of evidence_finding is missing." in said
    assert f"F{finding.record_id} has 2 published editions." in said


@committed
@pytest.mark.usefixtures("postgres")
def test_a_sequence_that_would_give_a_number_again_is_found() -> None:
    make(Condition)
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM evidence_condition_id_seq")
        (last,) = cursor.fetchone()
        cursor.execute("SELECT setval('evidence_condition_id_seq', 1, false)")
        make(Condition, pk=7_000_000)
        try:
            assert "evidence_condition would give a number that it has given before" in found()
        finally:
            cursor.execute("SELECT setval('evidence_condition_id_seq', %s)", [max(last, 1)])
