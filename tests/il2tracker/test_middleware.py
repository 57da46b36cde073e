"""What every answer carries, and what a public one never does."""

from __future__ import annotations

import re

import pytest
from auditlog.models import LogEntry
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path, reverse

from evidence.models import Condition
from il2tracker.urls import urlpatterns as site


def test_every_answer_names_its_request_and_no_two_share_a_name(client: Client):
    names = {client.get("/healthz")["X-Request-ID"] for _ in range(20)}
    assert len(names) == 20
    assert all(re.fullmatch(r"[0-9a-f]{8}", name) for name in names)


def test_a_client_cannot_choose_the_request_id(client: Client):
    answer = client.get("/healthz", headers={"x-request-id": "mine", "x-correlation-id": "mine"})
    assert answer["X-Request-ID"] != "mine"


@pytest.mark.parametrize("address", ["/healthz", "/nowhere/", "/%00", "/admin/login/"])
@pytest.mark.django_db
def test_every_answer_has_the_security_headers(client: Client, address: str):
    answer = client.get(address)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]


@pytest.mark.django_db
def test_the_sign_in_page_has_nothing_that_the_policy_forbids(client: Client):
    page = client.get(reverse("admin:login")).text
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", page)
    assert not re.search(r"\son\w+=|\sstyle=|<style", page)


def test_a_page_that_only_reads_has_no_session_and_does_not_vary_by_cookie(client: Client):
    # No database is allowed here, so asking who the reader is would fail as well.
    client.cookies["sessionid"] = "a" * 32
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "Cookie" not in answer.get("Vary", "")
    assert not answer.cookies


def save_condition(request: HttpRequest) -> HttpResponse:
    """A view that writes, as the admin does."""
    with transaction.atomic():
        Condition.objects.create(name="Leprosy", slug="leprosy", area="infectious")
    return HttpResponse("saved")


urlpatterns = [path("admin/save/", save_condition), path("", include(site))]


@pytest.mark.urls(__name__)
@pytest.mark.django_db
def test_the_audit_log_names_who_wrote_and_in_which_request_but_not_from_where(client: Client):
    curator = get_user_model().objects.create_user("curator")
    client.force_login(curator)
    claimed = {"x-correlation-id": "mine", "x-forwarded-for": "192.0.2.7"}
    answer = client.post("/admin/save/", headers=claimed | {"x-forwarded-port": "9" * 20})
    entry = LogEntry.objects.get_for_object(Condition.objects.get(slug="leprosy")).get()
    assert entry.actor == curator
    assert entry.cid == answer["X-Request-ID"]
    assert entry.remote_addr is None
    assert entry.remote_port is None


@pytest.mark.parametrize("cookie", ["csrftoken=abc", "sessionid=stale"])
@pytest.mark.django_db
def test_a_cookie_that_a_reader_brings_is_neither_read_nor_answered(client: Client, cookie: str):
    response = client.get("/evidence/", headers={"cookie": cookie})
    assert response.status_code == 200
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("method", ["post", "put", "delete", "options", "trace"])
def test_a_page_for_readers_answers_reading_alone(client: Client, method: str):
    response = getattr(client, method)("/evidence/")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
