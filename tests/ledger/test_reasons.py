"""Why and via what a change was made stands in the audit log beside what was changed."""

from __future__ import annotations

import pytest
from auditlog.models import LogEntry
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from evidence.ledger.reasons import because, via
from evidence.models.audited import REASON, VIA
from il2tracker.middleware import name_actor
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


def test_a_way_reaches_every_entry_written_meanwhile_beside_the_reason() -> None:
    with via("load_starter"), because("Starter evidence"):
        condition = examples.condition()
    assert why(condition) == [{"reason": "Starter evidence", "via": "load_starter"}]


def test_an_inner_way_goes_before_the_outer_one_and_leaves_it_standing() -> None:
    with via("quickstart"):
        with via("load_starter"):
            inner = examples.condition("A", "a")
        outer = examples.condition("B", "b")
    assert why(inner) == [{"via": "load_starter"}]
    assert why(outer) == [{"via": "quickstart"}]


def test_a_way_ends_with_its_block_even_when_that_fails() -> None:
    with pytest.raises(RuntimeError), via("load_starter"):
        raise RuntimeError
    assert VIA.get() == ""


def test_an_account_is_logged_with_reason_and_way_too() -> None:
    with via("create_curator"), because("Began in May."):
        person = User.objects.create(username="berta")
    assert why(person) == [{"reason": "Began in May.", "via": "create_curator"}]


def test_what_the_admin_writes_names_its_page_without_the_query(client: Client) -> None:
    client.force_login(User.objects.create(username="root", is_staff=True, is_superuser=True))
    page = reverse("admin:evidence_outcome_add")
    sent = {"name": "Survival", "slug": "survival", "kind": "clinical", "synonyms": ""}
    assert client.post(f"{page}?_popup=1", sent).status_code == 302
    entry = LogEntry.objects.filter(content_type__model="outcome").latest()
    assert entry.additional_data == {"via": "admin: /admin/evidence/outcome/add/"}
    assert VIA.get() == ""


def test_the_address_of_a_page_is_kept_at_a_sensible_length(client: Client) -> None:
    seen: list[str] = []

    def view(_: HttpRequest) -> HttpResponse:
        seen.append(VIA.get())
        return HttpResponse()

    name_actor(view)(RequestFactory().post("/admin/" + 3000 * "x"))
    name_actor(view)(RequestFactory().get("/admin/"))
    assert [len(way) for way in seen] == [len("admin: ") + 200, 0]
