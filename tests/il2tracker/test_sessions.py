"""A session ends after 30 idle minutes and after 8 hours, and nothing typed ends with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.test import Client

from evidence.curation import duties
from evidence.models import Condition
from tests.admin.conftest import PASSWORD
from tests.admin.devices import code_of, device_for
from tests.admin.pages import form_of

pytestmark = pytest.mark.django_db
ADD = "/admin/evidence/condition/add/"
OURS = {"origin": "http://testserver"}
MINUTE = 60
ODD = 'Is it "safe" <b>in</b> children?\r\nAnd & how long?'


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel("2026-11-21T09:00:00Z", tick=False) as clock:
        yield clock


@pytest.fixture
def anna(db: None) -> User:
    user = get_user_model().objects.create_user("anna", password=PASSWORD, is_staff=True)
    user.groups.set(Group.objects.filter(name=duties.CURATOR))
    return user


@pytest.fixture
def browser(anna: User, clock: Any) -> Client:
    """A browser that checks tokens as a real one is checked, signed in at the form."""
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client).status_code == 302
    return client


def token_in(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found, page
    return found[1]


def sign_in(client: Client) -> Any:
    token = token_in(client.get("/admin/login/").text)
    sent = {"username": "anna", "password": PASSWORD, "csrfmiddlewaretoken": token}
    return client.post("/admin/login/", sent, headers=OURS)


def held(answer: Any) -> dict[str, list[str]]:
    """Give what a page that hands a form back would send again."""
    values: dict[str, list[str]] = {}
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', answer.text)
    for name, value in found:
        values.setdefault(unescape(name), []).append(unescape(value))
    return values


def filled(client: Client, **values: Any) -> dict[str, Any]:
    """Fill in the form of a new condition."""
    given = {"name": "Leprosy", "slug": "leprosy", "area": "infectious"}
    form: dict[str, Any] = form_of(client, ADD)
    return form | given | {"csrfmiddlewaretoken": client.cookies["csrftoken"].value} | values


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def test_a_session_ends_after_thirty_minutes_without_a_request(browser: Client, clock: Any) -> None:
    clock.shift(29 * MINUTE)
    assert is_in(browser)
    clock.shift(29 * MINUTE)
    assert is_in(browser)
    clock.shift(30 * MINUTE)
    answer = browser.get("/admin/", follow=True)
    assert answer.redirect_chain[0][0].startswith("/admin/login/?next=")
    assert "You were signed out after 30 minutes without a request." in answer.text


def test_a_session_ends_after_eight_hours_of_work(browser: Client, clock: Any) -> None:
    for _ in range(23):
        clock.shift(20 * MINUTE)
        assert is_in(browser)
    clock.shift(20 * MINUTE)
    answer = browser.get("/admin/", follow=True)
    assert "You were signed out: a session lasts 8 hours at most." in answer.text


def test_signing_in_again_begins_a_session_anew(browser: Client, clock: Any) -> None:
    for _ in range(23):
        clock.shift(20 * MINUTE)
        assert is_in(browser)
    token = browser.cookies["csrftoken"].value
    sent = {"username": "anna", "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert browser.post("/admin/login/", sent, headers=OURS).status_code == 302
    for _ in range(3):
        clock.shift(25 * MINUTE)
        assert is_in(browser)


def test_the_times_are_settings(browser: Client, clock: Any, settings: Any) -> None:
    settings.IL2TRACKER_SESSION_IDLE_MINUTES = 1
    clock.shift(61)
    assert "after 1 minute without" in browser.get("/admin/", follow=True).text


def test_a_session_is_not_written_at_every_request(browser: Client, clock: Any) -> None:
    browser.get("/admin/second-factor/")
    before = dict(browser.session.items())
    clock.shift(59)
    browser.get("/admin/second-factor/")
    assert dict(browser.session.items()) == before
    clock.shift(2)
    browser.get("/admin/second-factor/")
    assert dict(browser.session.items()) != before


def test_a_form_sent_too_late_is_handed_back_and_saved_after_signing_in_in_another_tab(
    browser: Client, clock: Any
) -> None:
    form = filled(browser, unknowns=ODD, more=["Abrams", "Lévy"])
    clock.shift(31 * MINUTE)

    late = browser.post(f"{ADD}?_popup=0", form, headers=OURS)
    assert late.status_code == 403
    assert late["Cache-Control"] == "no-store"
    assert "You were signed out after 30 minutes without a request." in late.text
    assert 'target="_blank" rel="noopener"' in late.text
    assert f'action="{ADD}?_popup=0"' in late.text
    again = held(late)
    assert again["unknowns"] == [ODD]
    assert again["more"] == ["Abrams", "Lévy"]
    assert form["csrfmiddlewaretoken"] not in late.text

    sign_in(browser)
    stale = browser.post(ADD, again, headers=OURS)
    assert stale.status_code == 403
    assert "Send again" in stale.text
    once_more = held(stale)
    assert {**once_more, "csrfmiddlewaretoken": ""} == {**again, "csrfmiddlewaretoken": ""}
    assert not Condition.objects.exists()

    saved = browser.post(ADD, once_more, headers=OURS)
    assert saved.status_code == 302, saved.text
    assert Condition.objects.get().unknowns == ODD


def test_a_form_sent_before_the_second_factor_is_handed_back_too(
    anna: User, browser: Client, clock: Any
) -> None:
    form = filled(browser)
    device = device_for(anna)
    late = browser.post(ADD, form, headers=OURS)
    assert late.status_code == 403
    assert 'href="/admin/second-factor/check/"' in late.text
    page = browser.get("/admin/second-factor/check/").text
    sent = {"code": code_of(device), "csrfmiddlewaretoken": token_in(page)}
    browser.post("/admin/second-factor/check/", sent, headers=OURS)
    saved = browser.post(ADD, held(late), headers=OURS)
    assert saved.status_code == 302, saved.text
    assert Condition.objects.exists()


def test_passwords_and_files_are_not_handed_back(browser: Client, clock: Any) -> None:
    clock.shift(31 * MINUTE)
    sent = {"username": "berta", "password1": "a-secret-of-hers", "password2": "a-secret-of-hers"}
    late = browser.post("/admin/auth/user/add/", sent, headers=OURS)
    assert held(late)["username"] == ["berta"]
    assert "a-secret-of-hers" not in late.text
    assert "Passwords have to be given again." in late.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://testserver.evil.example"},
        {"origin": "http://[bad"},
        {"referer": "https://evil.example/http://testserver/"},
        {"origin": "https://evil.example", "referer": "http://testserver/admin/"},
    ],
)
@pytest.mark.parametrize("signed_out", [True, False])
def test_another_sites_form_is_never_offered_to_be_sent_again(
    browser: Client, clock: Any, headers: dict[str, str], signed_out: bool
) -> None:
    if signed_out:
        clock.shift(31 * MINUTE)
    answer = browser.post(ADD, {"title": "Planted"}, headers=headers)
    assert answer.status_code == 403
    assert "Planted" not in answer.text
    assert "Send again" not in answer.text
    assert "Go back, load the page again" in answer.text


def test_a_referer_of_our_own_is_as_good_as_an_origin(browser: Client, clock: Any) -> None:
    clock.shift(31 * MINUTE)
    headers = {"referer": f"http://testserver{ADD}"}
    assert "Send again" in browser.post(ADD, {"title": "Mine"}, headers=headers).text


@pytest.mark.parametrize("page", ["login/", "password_change/", "second-factor/check/"])
def test_where_passwords_and_codes_are_typed_nothing_is_handed_back(
    browser: Client, clock: Any, page: str
) -> None:
    clock.shift(31 * MINUTE)
    answer = browser.post(f"/admin/{page}", {"code": "123456", "username": "anna"}, headers=OURS)
    assert "Send again" not in answer.text
    assert "123456" not in answer.text


def test_a_reader_is_asked_nothing_and_given_nothing(client: Client) -> None:
    for address in ("/", "/evidence/", "/trials.csv"):
        answer = client.get(address)
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")
