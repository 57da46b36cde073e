"""Faults speak our words, as a page or as plain text, and the last of them needs nothing at all."""

from __future__ import annotations

import json
import logging

import pytest
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_safe

from evidence.web import errors
from il2tracker.urls import handler400, handler403, handler404, handler500  # noqa: F401
from il2tracker.urls import urlpatterns as site


def raising(exception: Exception):
    def view(request: HttpRequest) -> HttpResponse:
        raise exception

    return view


@csrf_protect
def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse("saved")


@require_safe
def reading(request: HttpRequest) -> HttpResponse:
    return HttpResponse("read")


FAULTS = {
    "bad": BadRequest("“neonat” is not a population."),
    "odd": SuspiciousOperation("a secret detail"),
    "forbidden": PermissionDenied("Someone other than the author must publish this."),
    "forbidden-silently": PermissionDenied(),
    "missing": Http404("There is no topic T99."),
    "broken": RuntimeError("the reason, for the log alone"),
    "database": DatabaseError("server closed the connection"),
}
urlpatterns = [
    *(path(f"faults/{name}/", raising(fault)) for name, fault in FAULTS.items()),
    *(path(f"faults/{name}.csv", raising(fault)) for name, fault in FAULTS.items()),
    path("admin/faults/form/", form),
    path("faults/reading/", reading),
    path("", include(site)),
]


@pytest.fixture
def lenient() -> Client:
    """A client that, like a browser, sees the page of a fault and not its exception."""
    return Client(raise_request_exception=False)


pytestmark = pytest.mark.urls(__name__)


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("bad", 400, "“neonat” is not a population."),
        ("odd", 400, "it was not carried out"),
        ("forbidden", 403, "Someone other than the author must publish this."),
        ("forbidden-silently", 403, "An administrator can give it."),
        ("missing", 404, "There is no topic T99."),
        ("broken", 500, "Something broke here"),
        ("database", 500, "It has been logged as"),
    ],
)
def test_a_fault_is_a_page_and_for_csv_plain_text(
    lenient: Client, name: str, status: int, words: str
):
    page, text = lenient.get(f"/faults/{name}/"), lenient.get(f"/faults/{name}.csv")
    assert (page.status_code, text.status_code) == (status, status)
    assert page["Content-Type"] == "text/html; charset=utf-8"
    assert text["Content-Type"] == "text/plain; charset=utf-8"
    assert words in page.text
    assert words in text.text
    assert "<h1>" in page.text
    assert "<" not in text.text
    assert page["Cache-Control"] == text["Cache-Control"] == "no-store"


def test_what_is_suspicious_is_logged_and_not_repeated(lenient: Client):
    assert "a secret detail" not in lenient.get("/faults/odd/").text


def test_an_address_that_is_not_there_is_named_without_becoming_markup(lenient: Client):
    answer = lenient.get("/<b>nowhere")
    assert answer.status_code == 404
    assert "There is no page at /&lt;b&gt;nowhere" in answer.text
    assert len(lenient.get("/" + "a" * 3_000).text) < len(answer.text) + 300


def test_a_host_name_that_is_not_ours_is_a_400_in_our_words(lenient: Client):
    answer = lenient.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "This site does not answer to that host name." in answer.text
    assert "evil.example" not in answer.text


def test_a_405_says_what_the_address_does_answer(lenient: Client):
    answer = lenient.post("/faults/reading/")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"
    assert "The method POST is not used here. Used: GET, HEAD." in answer.text


def test_a_form_without_its_token_says_that_nothing_was_saved():
    answer = Client(enforce_csrf_checks=True).post("/admin/faults/form/", {"a": "b"})
    assert answer.status_code == 403
    assert "Nothing was saved." in answer.text


def test_what_was_withdrawn_answers_410_with_title_reason_and_successor():
    request = RequestFactory().get("/findings/F34/")
    answer = errors.gone(
        request,
        "Withdrawn on 3 May 2026, because the paper was retracted.",
        title="Finding F34",
        details=["See F51."],
    )
    assert answer.status_code == 410
    for words in ("Finding F34", "because the paper was retracted", "See F51."):
        assert words in answer.text


def test_plain_text_carries_the_details_one_per_line():
    request = RequestFactory().get("/evidence.csv")
    answer = errors.bad_request(request, "There is no filter called “x”.", details=["role", "area"])
    assert answer.text.splitlines()[1:] == ["There is no filter called “x”.", "role", "area"]


def test_a_500_names_its_request_and_writes_exactly_one_record_of_it(
    lenient: Client, caplog: pytest.LogCaptureFixture
):
    caplog.handler.setFormatter(logging.getLogger().handlers[0].formatter)
    with caplog.at_level(logging.INFO):
        answer = lenient.get("/faults/broken/?q=private")
    name = answer["X-Request-ID"]
    assert f"It has been logged as {name}." in answer.text
    assert "the reason, for the log alone" not in answer.text
    (record,) = caplog.records
    line = json.loads(caplog.handler.format(record))
    assert line["request_id"] == name
    assert (line["status"], line["path"]) == (500, "/faults/broken/")
    assert "RuntimeError: the reason, for the log alone" in line["traceback"]
    assert "private" not in json.dumps(line)


def test_the_500_page_needs_neither_database_nor_collected_files(
    lenient: Client, monkeypatch: pytest.MonkeyPatch
):
    # No database mark: whatever touched it would fail here.
    def missing(name: str) -> str:
        raise ValueError(f"Missing staticfiles manifest entry for {name}")

    monkeypatch.setattr(errors, "static", missing)
    answer = lenient.get("/faults/database/")
    assert answer.status_code == 500
    assert "Something broke here" in answer.text
    assert "stylesheet" not in answer.text


def test_error_pages_set_no_cookie_and_ask_nobody_who_they_are(lenient: Client):
    answer = lenient.get("/faults/missing/")
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
