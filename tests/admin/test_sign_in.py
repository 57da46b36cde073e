"""Signing in: a lock for who guesses, and never a fault for what is typed."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory

from evidence.admin.sign_in import address_of
from evidence.curation import duties
from tests.admin.conftest import PASSWORD
from tests.models.together import at_once

pytestmark = pytest.mark.django_db
LOGIN = "/admin/login/"
ANEW = "correct-horse-battery"
NOW = "2026-11-21T09:00:00Z"


def sign_in(client: Client, name: str, password: str = PASSWORD, **sent: Any) -> Any:
    return client.post(LOGIN, {"username": name, "password": password}, **sent)


def fail(client: Client, name: str, times: int, **sent: Any) -> Any:
    for _ in range(times):
        answer = sign_in(client, name, "not-the-password", **sent)
    return answer


@pytest.fixture
def anna(person: Callable[..., User]) -> User:
    return person("anna", duties.CURATOR)


# --- The lock ---------------------------------------------------------------------------------


def test_after_five_failures_the_name_is_locked_even_for_the_right_password(
    anna: User, client: Client
) -> None:
    assert fail(client, "anna", 4).status_code == 200
    locked = fail(client, "anna", 1)
    assert locked.status_code == 429
    assert "It is locked here for 15 minutes" in locked.text
    assert locked["Retry-After"] == "900"
    assert sign_in(client, "anna").status_code == 429
    assert not Session.objects.exists()


def test_the_lock_ends_by_itself_and_knocking_does_not_prolong_it(
    anna: User, client: Client
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        fail(client, "anna", 5)
        clock.shift(14 * 60)
        assert fail(client, "anna", 1).status_code == 429
        clock.shift(2 * 60)
        assert sign_in(client, "anna").status_code == 302


def test_the_lock_is_for_that_name_at_that_address_alone(
    anna: User, person: Callable[..., User], client: Client
) -> None:
    person("berta", duties.CURATOR)
    fail(client, "anna", 5)
    assert sign_in(Client(), "berta").status_code == 302
    assert sign_in(Client(), "anna", REMOTE_ADDR="192.0.2.7").status_code == 302
    assert sign_in(Client(), "anna").status_code == 429


def test_another_browser_does_not_open_the_lock(anna: User, client: Client) -> None:
    for number in range(5):
        fail(client, "anna", 1, headers={"user-agent": f"browser {number}"})
    assert sign_in(client, "anna", headers={"user-agent": "another"}).status_code == 429


@pytest.mark.django_db(transaction=True)
def test_failures_at_the_same_moment_are_all_counted_and_none_is_a_fault(
    anna: User, client: Client
) -> None:
    assert at_once(*[lambda: fail(Client(), "anna", 1)] * 8) == [None] * 8
    assert sign_in(client, "anna").status_code == 429


def test_a_successful_sign_in_forgets_the_failures_before_it(anna: User, client: Client) -> None:
    fail(client, "anna", 4)
    assert sign_in(client, "anna").status_code == 302
    assert fail(Client(), "anna", 4).status_code == 200


def test_before_the_lock_it_is_said_how_many_tries_are_left(anna: User, client: Client) -> None:
    for name in ("anna", "nobody"):
        assert "more tries" not in fail(client, name, 2).text
        assert "2 more tries, then this name is locked here" in fail(client, name, 1).text
        assert "One more try, then this name is locked here" in fail(client, name, 1).text


def test_a_password_that_an_administrator_sets_lifts_the_lock(
    anna: User, person: Callable[..., User], administrator: Client, client: Client
) -> None:
    person("berta", duties.CURATOR)
    fail(client, "anna", 5)
    fail(client, "anna", 5, REMOTE_ADDR="192.0.2.7")
    fail(client, "berta", 5)
    page = f"/admin/auth/user/{anna.pk}/password/"
    sent = {"password1": ANEW, "password2": "another one", "set-password": "1"}
    administrator.post(page, sent)
    assert sign_in(client, "anna").status_code == 429
    assert administrator.post(page, sent | {"password2": ANEW}).status_code == 302
    assert sign_in(Client(), "anna", ANEW).status_code == 302
    assert sign_in(Client(), "anna", ANEW, REMOTE_ADDR="192.0.2.7").status_code == 302
    assert sign_in(client, "berta").status_code == 429


def test_a_password_that_is_set_by_command_lifts_the_lock(anna: User, client: Client) -> None:
    fail(client, "anna", 5)
    said = StringIO()
    call_command("set_password", "anna", stdout=said)
    password = re.findall(r"with the password (\S+)\n", said.getvalue())[0]
    assert sign_in(client, "anna", password).status_code == 302
    with pytest.raises(CommandError, match="no account called “nobody”"):
        call_command("set_password", "nobody")


def test_an_invented_forwarded_address_does_not_open_the_lock(anna: User, client: Client) -> None:
    fail(client, "anna", 5)
    assert sign_in(client, "anna", headers={"x-forwarded-for": "192.0.2.7"}).status_code == 429


@pytest.mark.parametrize(
    ("remote", "forwarded", "behind_proxy", "counted"),
    [
        ("192.0.2.7", "198.51.100.1", False, "192.0.2.7"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.1", True, "198.51.100.1"),
        ("127.0.0.1", "", True, "127.0.0.1"),
        ("127.0.0.1", "unknown", True, None),
        ("2001:db8:1:2:3:4:5:6", "", False, "2001:db8:1:2::"),
        ("fe80::1%eth0", "", False, "fe80::"),
        ("::ffff:192.0.2.7", "", False, "192.0.2.7"),
        ("", "", False, None),
    ],
)
def test_failures_are_counted_by_the_address_that_nobody_can_choose(
    settings: Any, remote: str, forwarded: str, behind_proxy: bool, counted: str | None
) -> None:
    settings.IL2TRACKER_BEHIND_PROXY = behind_proxy
    given = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert address_of(RequestFactory().get("/", REMOTE_ADDR=remote, **given)) == counted


@pytest.mark.parametrize("remote", ["", "fe80::1%eth0", "::1"])
def test_a_failure_from_any_kind_of_address_is_counted(
    anna: User, client: Client, remote: str
) -> None:
    fail(client, "anna", 4, REMOTE_ADDR=remote)
    assert fail(client, "anna", 1, REMOTE_ADDR=remote).status_code == 429


# --- What is typed ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "password", "status"),
    [
        ("a" * 100_000, "x", 200),
        ("a" * 151, "x", 200),
        ("ﷺ" * 150, "x", 200),
        ("anna", "x" * 1_000_000, 200),
        ("an\0na", "x", 400),
        ("anna", "x\0y", 400),
        ("", "", 200),
        ("😀" * 150, "😀", 200),
        ("'; drop table auth_user; --", "%s%s", 200),
    ],
)
def test_whatever_is_typed_gets_a_sentence(
    anna: User, client: Client, name: str, password: str, status: int
) -> None:
    assert sign_in(client, name, password).status_code == status


def test_a_name_that_is_too_long_is_said_to_be(client: Client) -> None:
    assert "No username is longer than 150 characters." in sign_in(client, "a" * 151).text


def test_a_wrong_password_and_an_unknown_name_look_alike(anna: User, client: Client) -> None:
    wrong, unknown = sign_in(client, "anna", "nonsense"), sign_in(client, "nobody", "nonsense")
    said = "This name and this password do not belong together"
    assert said in wrong.text
    assert said in unknown.text


def test_who_signs_in_from_where_is_kept_nowhere_and_no_password_is(
    anna: User, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        sign_in(client, "anna", "a-secret-that-was-mistyped")
        kept = AccessAttempt.objects.get()
        assert "a-secret-that-was-mistyped" not in str(vars(kept))
        sign_in(client, "anna")
    assert not AccessAttempt.objects.exists()
    assert not AccessLog.objects.exists()
    assert "a-secret-that-was-mistyped" not in caplog.text
    assert "127.0.0.1" not in caplog.text


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_to_no_other_site(anna: User, client: Client, there: str) -> None:
    answer = client.post(LOGIN, {"username": "anna", "password": PASSWORD, "next": there})
    assert answer["Location"] == "/admin/"


def test_nothing_of_the_lock_or_the_devices_stands_in_the_admin(root: Client) -> None:
    page = root.get("/admin/").text
    for word in ("axes", "otp_", "attempt"):
        assert word not in page.lower()
    for address in ("axes/accessattempt/", "otp_totp/totpdevice/", "otp_static/staticdevice/"):
        assert root.get(f"/admin/{address}").status_code == 404


# --- Passwords --------------------------------------------------------------------------------


def change_password(client: Client, new: str) -> Any:
    sent = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    return client.post("/admin/password_change/", sent)


def test_a_password_has_twelve_characters(curator: Client) -> None:
    short = change_password(curator, "elevenchars")
    assert "at least 12 characters" in short.text
    assert change_password(curator, "twelve-chars").status_code == 302


def test_who_changes_her_password_stays_signed_in_and_is_signed_out_elsewhere(
    anna: User, client: Client
) -> None:
    elsewhere = Client()
    for browser in (client, elsewhere):
        sign_in(browser, "anna")
    change_password(client, "another-long-password")
    assert client.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302
