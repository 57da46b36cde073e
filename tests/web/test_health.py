"""The probes: alive without asking anything, ready only with a database that is up to date."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from evidence.ledger import derivation, index
from evidence.models import DataVersion
from evidence.web import health
from tests.web import examples


@pytest.mark.parametrize("method", ["get", "head"])
def test_alive_asks_neither_the_database_nor_for_a_host_name(client: Client, method: str):
    answer = getattr(client, method)("/healthz", headers={"host": "10.1.2.3"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    assert answer["Cache-Control"] == "no-store"
    assert answer.content == (b"ok\n" if method == "get" else b"")


def test_probes_are_not_redirected_to_https(client: Client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_ready_with_every_migration_applied(client: Client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(client: Client):
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.text == "1 migration is not applied: sessions.0001_initial.\n"


@pytest.mark.django_db
def test_not_ready_while_the_rule_has_not_been_worked_out_since_an_upgrade(client: Client):
    topic = examples.world()
    derivation.rederive()
    assert client.get("/readyz").status_code == 200
    topic.rule_periods.all().delete()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.text == "The rule has not been worked out: run manage.py rederive.\n"
    derivation.rederive()
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_not_ready_while_the_search_has_not_been_built_since_an_upgrade(client: Client):
    examples.world()
    DataVersion.objects.update(search_version=index.VERSION - 1)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.text == ("The search has not been built: run manage.py rebuild_search.\n")
    index.rebuild()
    assert client.get("/readyz").status_code == 200


def test_not_ready_without_its_database(client: Client, monkeypatch):
    def refuse(_connection):
        raise DatabaseError("connection refused")

    monkeypatch.setattr(health, "MigrationExecutor", refuse)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.text == "The database cannot be reached.\n"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_probe_only_reads(client: Client, path: str):
    answer = client.post(path)
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"
