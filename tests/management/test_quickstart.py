"""One command from a fresh checkout to a page; the second time it changes nothing."""

from __future__ import annotations

import io
import socket

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from evidence.assess import RULE_VERSION
from evidence.ledger import index
from evidence.management import first_run
from evidence.management.commands.quickstart import Command
from evidence.models import DataVersion, Topic
from tests.web import examples


def quickstart(**options) -> str:
    out = io.StringIO()
    call_command("quickstart", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def prepared(settings, tmp_path) -> None:
    settings.STATIC_ROOT = tmp_path / "static"


@pytest.mark.django_db
def test_it_loads_evidence_makes_two_people_and_tells_their_passwords_once(
    prepared: None, tmp_path
):
    first = quickstart(no_serve=True)
    topics = Topic.objects.count()
    assert topics > 0
    people = get_user_model().objects.in_bulk(
        ["demo-curator", "demo-reviewer"], field_name="username"
    )
    for name, person in people.items():
        (line,) = [line for line in first.splitlines() if f" as {name} " in line]
        assert person.check_password(line.split()[-1])
        assert person.is_staff
        assert not person.is_superuser
    assert [person.groups.get().name for person in people.values()] == ["Curator", "Reviewer"]
    assert (tmp_path / "static" / "evidence" / "site.css").exists()

    again = quickstart(no_serve=True)
    assert "password" not in again
    assert again.startswith("The database holds evidence already; the starter evidence was left")
    assert "worked out again" not in again
    assert Topic.objects.count() == topics
    kept = get_user_model().objects.in_bulk([*people], field_name="username")
    assert {name: person.password for name, person in kept.items()} == {
        name: person.password for name, person in people.items()
    }


@pytest.mark.django_db
def test_what_an_older_version_worked_out_is_brought_up_to_date():
    topic = examples.world()
    Topic.objects.update(rule_version=0)
    assert first_run.load_evidence().endswith("The rule was worked out again for 1 topics.")
    topic.refresh_from_db()
    assert topic.rule_version == RULE_VERSION


@pytest.mark.django_db
def test_a_search_that_an_older_version_built_is_built_anew():
    examples.world()
    DataVersion.objects.update(search_version=0)
    assert first_run.load_evidence().endswith("The search was built.")
    assert index.is_built()
    assert "search" not in first_run.load_evidence()


@pytest.mark.django_db
def test_in_production_nobody_is_made_with_a_printed_password(settings):
    settings.PRODUCTION = True
    out = io.StringIO()
    Command(stdout=out).introduce_people()
    assert "create_curator NAME --duty Administrator" in out.getvalue()
    assert not get_user_model().objects.exists()


def test_a_port_that_is_taken_is_named_before_anything_is_done(monkeypatch: pytest.MonkeyPatch):
    # No database mark: the fault comes before the first query.
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        assert not first_run.is_free(port)
        with pytest.raises(CommandError, match=f"Port {port} is taken by another program"):
            quickstart()
    assert first_run.is_free(port)
