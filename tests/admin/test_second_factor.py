"""The second factor: nothing opens before it, nobody is locked out by it, no code serves twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from auditlog.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from evidence.curation import duties, second_factor
from evidence.curation.errors import NotAllowed
from tests.admin.conftest import PASSWORD
from tests.admin.devices import STEP, code_of, device_for, wrong_code_of
from tests.models.together import at_once

pytestmark = pytest.mark.django_db
STATE, CHECK = "/admin/second-factor/", "/admin/second-factor/check/"
PAGES = (
    "/admin/",
    "/admin/evidence/finding/",
    "/admin/evidence/finding/add/",
    "/admin/password_change/",
    "/admin/autocomplete/",
    "/admin/jsi18n/",
    "/admin/nowhere/",
    STATE,
)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel("2026-11-21T09:00:00Z", tick=False) as clock:
        yield clock


@pytest.fixture
def required(settings: Any) -> None:
    settings.IL2TRACKER_SECOND_FACTOR = True


@pytest.fixture
def anna(person: Callable[..., User]) -> User:
    """A curator with an app and recovery codes."""
    anna = person("anna", duties.CURATOR)
    device_for(anna)
    return anna


@pytest.fixture
def browser(anna: User) -> Client:
    """Her browser once the password was right."""
    client = Client()
    client.force_login(anna)
    return client


def app_of(person: User) -> Any:
    return TOTPDevice.objects.get(user=person)


def last_entry(person: User) -> LogEntry:
    return LogEntry.objects.get_for_object(person).order_by("pk").last()


def type_code(client: Client, code: str, address: str = CHECK, **sent: str) -> Any:
    return client.post(address, {"code": code, **sent})


def recovery_codes(answer: Any) -> list[str]:
    return re.findall(r"<code>([a-z2-7]{4}-[a-z2-7]{4})</code>", answer.text)


# --- At sign-in -------------------------------------------------------------------------------


def test_the_password_alone_opens_no_page_for_who_has_a_second_factor(
    anna: User, client: Client
) -> None:
    client.post("/admin/login/", {"username": "anna", "password": PASSWORD})
    for page in PAGES:
        answer = client.get(page, {"q": "1"})
        assert answer.status_code == 302, page
        assert answer["Location"].startswith(f"{CHECK}?next=%2Fadmin%2F"), page
        assert client.post(page).status_code == 302, page


def test_the_page_that_asks_for_the_code_shows_nothing_of_the_admin(browser: Client) -> None:
    page = browser.get(CHECK)
    assert page.status_code == 200
    assert "finding" not in page.text.lower()
    assert "no-store" in page["Cache-Control"]


def test_a_code_of_the_app_opens_the_admin_where_the_person_wanted_to_go(
    anna: User, browser: Client
) -> None:
    answer = type_code(browser, code_of(app_of(anna)), next="/admin/evidence/finding/")
    assert answer["Location"] == "/admin/evidence/finding/"
    assert browser.get("/admin/").status_code == 200


def test_a_code_may_be_typed_as_the_app_shows_it(anna: User, browser: Client) -> None:
    code = code_of(app_of(anna))
    assert type_code(browser, f" {code[:3]} {code[3:]} ").status_code == 302


def test_a_recovery_code_opens_the_admin_once(anna: User, browser: Client) -> None:
    code = second_factor.new_recovery_codes(anna)[0]
    assert type_code(browser, code.upper()).status_code == 302
    assert "9 left" in browser.get("/admin/").text
    other = Client()
    other.force_login(anna)
    assert "Each serves once." in type_code(other, code).text
    assert other.get("/admin/").status_code == 302


def test_a_code_cannot_be_replayed(anna: User, browser: Client, clock: Any) -> None:
    code = code_of(app_of(anna))
    assert type_code(browser, code).status_code == 302
    other = Client()
    other.force_login(anna)
    clock.shift(5)
    assert "was used before" in type_code(other, code).text
    assert other.get("/admin/").status_code == 302


def test_wrong_codes_wait_longer_and_longer_and_the_right_one_waits_too(
    anna: User, browser: Client, clock: Any
) -> None:
    for wait in (1, 2, 4, 8):
        assert "is not right" in type_code(browser, wrong_code_of(app_of(anna))).text
        plural = "s" if wait > 1 else ""
        said = f"Try again in {wait} second{plural}."
        assert said in type_code(browser, code_of(app_of(anna))).text
        clock.shift(wait + 1)
    assert type_code(browser, code_of(app_of(anna))).status_code == 302


@pytest.mark.parametrize(
    "code",
    [
        "",
        "x",
        "1234567",
        "\uff11\uff12\uff13\uff14\uff15\uff16",
        "٣٣٣٣٣٣",
        "9" * 5000,
        "-12345",
        "0x1234",
        "e" * 16,
    ],
)
def test_what_is_no_code_gets_a_sentence_and_no_wait(
    anna: User, browser: Client, code: str
) -> None:
    assert type_code(browser, code).status_code == 200
    assert browser.get("/admin/").status_code == 302
    assert app_of(anna).throttling_failure_count == 0


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_the_code_leads_to_no_other_site(anna: User, browser: Client, there: str) -> None:
    assert type_code(browser, code_of(app_of(anna)), next=there)["Location"] == "/admin/"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_of_several_that_type_the_same_code_at_once_one_is_let_in(anna: User, kind: str) -> None:
    recovery = second_factor.new_recovery_codes(anna)[0]
    code = code_of(app_of(anna)) if kind == "app" else recovery
    raised = at_once(*[lambda: second_factor.check(anna, code)] * 4)
    assert [type(fault) for fault in raised if fault] == [NotAllowed] * 3


def test_somebody_elses_code_opens_nothing(browser: Client, person: Callable[..., User]) -> None:
    other = device_for(person("berta", duties.CURATOR))
    assert type_code(browser, code_of(other)).status_code == 200
    assert browser.get("/admin/").status_code == 302


def test_signing_out_is_possible_without_the_code(browser: Client) -> None:
    assert browser.post("/admin/logout/").status_code == 200
    assert browser.get(CHECK)["Location"].startswith("/admin/login/")


def test_who_is_through_is_not_asked_again(anna: User, browser: Client) -> None:
    type_code(browser, code_of(app_of(anna)))
    assert browser.get(CHECK)["Location"] == "/admin/"
    assert browser.get("/admin/login/")["Location"] == "/admin/"


# --- Set-up -----------------------------------------------------------------------------------


def test_the_first_administrator_sets_one_up_and_is_let_in(
    required: None, administrator: Client, clock: Any
) -> None:
    ada = get_user_model().objects.get(username="ada")
    assert administrator.get("/admin/")["Location"].startswith(STATE)
    assert "Your duties need a second factor." in administrator.get(STATE).text
    assert administrator.post(STATE, {"action": "begin"})["Location"] == STATE
    page = administrator.get(STATE).text
    assert "<svg" in page
    assert "style=" not in page.partition("<svg")[2].partition("</svg>")[0]
    assert administrator.get("/admin/").status_code == 302
    wrong = wrong_code_of(app_of(ada))
    assert "is not right" in type_code(administrator, wrong, STATE, action="confirm").text
    clock.shift(2)
    done = type_code(administrator, code_of(app_of(ada)), STATE, action="confirm")
    codes = recovery_codes(done)
    assert len(set(codes)) == 10
    assert administrator.get("/admin/").status_code == 200
    assert not any(code in administrator.get(STATE).text for code in codes)
    assert last_entry(ada).changes_dict == {"second factor": ["", "in use"]}


def test_the_secret_in_text_is_the_apps(administrator: Client) -> None:
    administrator.post(STATE, {"action": "begin"})
    page = administrator.get(STATE).text
    device = TOTPDevice.objects.get()
    shown = re.search(r'class="secret">([^<]+)<', page)
    assert shown
    assert shown[1].replace(" ", "") in device.config_url
    assert "issuer=il2tracker" in device.config_url


@pytest.mark.parametrize(
    ("groups", "fields", "must"),
    [
        ((duties.CURATOR,), {}, False),
        ((duties.VIEWER,), {}, False),
        ((duties.REVIEWER,), {}, True),
        ((duties.CURATOR, duties.REVIEWER), {}, True),
        ((duties.ADMINISTRATOR,), {}, True),
        ((), {"is_superuser": True}, True),
    ],
)
@pytest.mark.parametrize("asked", [True, False])
def test_who_must_have_one_is_led_to_it_where_the_setting_says_so(
    settings: Any,
    signed_in: Callable[..., Client],
    groups: tuple[str, ...],
    fields: dict[str, bool],
    must: bool,
    asked: bool,
) -> None:
    settings.IL2TRACKER_SECOND_FACTOR = asked
    client = signed_in("somebody", *groups, **fields)
    for page in ("/admin/", "/admin/evidence/finding/"):
        assert client.get(page).status_code == (302 if must and asked else 200)
    assert client.get(STATE).status_code == 200


def test_who_has_one_cannot_begin_another_without_a_code(
    anna: User, browser: Client, clock: Any
) -> None:
    type_code(browser, code_of(app_of(anna)))
    assert browser.post(STATE, {"action": "begin"}).status_code == 400
    assert type_code(browser, "000000", STATE, action="replace").status_code == 200
    assert TOTPDevice.objects.filter(user=anna).count() == 1


def test_another_app_takes_the_place_of_the_first(anna: User, browser: Client, clock: Any) -> None:
    first = app_of(anna)
    type_code(browser, code_of(first))
    clock.shift(STEP)
    type_code(browser, code_of(first), STATE, action="replace")
    second = TOTPDevice.objects.get(user=anna, confirmed=False)
    type_code(browser, code_of(second), STATE, action="confirm")
    assert app_of(anna) == second
    assert browser.get("/admin/").status_code == 200


def opened_by(person: User, code: str) -> Client:
    """A browser elsewhere that a password and a code have opened."""
    client = Client()
    client.force_login(person)
    assert type_code(client, code).status_code == 302
    assert client.get("/admin/").status_code == 200
    return client


@pytest.mark.parametrize("kind", ["app", "recovery"])
@pytest.mark.parametrize("how", ["replace", "codes", "reset"])
def test_whatever_stolen_codes_have_opened_ends_with_new_ones(
    anna: User, browser: Client, clock: Any, how: str, kind: str
) -> None:
    stolen = code_of(app_of(anna))
    thief = opened_by(anna, stolen if kind == "app" else second_factor.new_recovery_codes(anna)[0])
    clock.shift(STEP)
    type_code(browser, code_of(app_of(anna)))
    clock.shift(STEP)
    if how == "codes":
        type_code(browser, code_of(app_of(anna)), STATE, action="codes")
    else:
        if how == "replace":
            type_code(browser, code_of(app_of(anna)), STATE, action="replace")
        else:
            second_factor.remove(anna)
            browser.post(STATE, {"action": "begin"})
        new = TOTPDevice.objects.get(user=anna, confirmed=False)
        assert recovery_codes(type_code(browser, code_of(new), STATE, action="confirm"))
    assert browser.get("/admin/").status_code == 200
    for page in PAGES:
        assert thief.get(page)["Location"].startswith(CHECK), page


def test_only_the_session_that_began_sees_the_new_secret_and_confirms_it(
    anna: User, browser: Client, clock: Any
) -> None:
    first = app_of(anna)
    other = opened_by(anna, second_factor.new_recovery_codes(anna)[0])
    type_code(browser, code_of(first))
    clock.shift(STEP)
    type_code(browser, code_of(first), STATE, action="replace")
    new = TOTPDevice.objects.get(user=anna, confirmed=False)
    assert 'class="qr-code"' in browser.get(STATE).text
    page = other.get(STATE).text
    assert 'class="qr-code"' not in page
    assert 'class="secret"' not in page
    refused = type_code(other, code_of(new), STATE, action="confirm")
    assert "There is no set-up to confirm." in refused.text
    other.post(STATE, {"action": "cancel"})
    assert recovery_codes(type_code(browser, code_of(new), STATE, action="confirm"))
    assert other.get("/admin/").status_code == 302


def test_with_new_recovery_codes_the_app_stays_as_it_was(anna: User, clock: Any) -> None:
    before, used = app_of(anna), code_of(app_of(anna))
    second_factor.check(anna, used)
    clock.shift(5)
    second_factor.new_recovery_codes(anna)
    after = app_of(anna)
    assert after.pk != before.pk
    assert (after.key, after.created_at) == (before.key, before.created_at)
    with pytest.raises(NotAllowed):
        second_factor.check(anna, used)
    clock.shift(STEP)
    assert second_factor.check(anna, code_of(before)) == after


def test_a_set_up_that_is_given_up_changes_nothing(anna: User, browser: Client, clock: Any) -> None:
    first = app_of(anna)
    type_code(browser, code_of(first))
    clock.shift(STEP)
    type_code(browser, code_of(first), STATE, action="replace")
    browser.post(STATE, {"action": "cancel"})
    assert app_of(anna) == first


def test_new_recovery_codes_take_the_place_of_the_old(
    anna: User, browser: Client, clock: Any
) -> None:
    old = second_factor.new_recovery_codes(anna)
    type_code(browser, code_of(app_of(anna)))
    clock.shift(STEP)
    codes = recovery_codes(type_code(browser, code_of(app_of(anna)), STATE, action="codes"))
    assert len(codes) == 10
    with pytest.raises(NotAllowed):
        second_factor.check(anna, old[0])


def test_removing_ones_own_needs_a_code(anna: User, browser: Client, clock: Any) -> None:
    type_code(browser, code_of(app_of(anna)))
    clock.shift(STEP)
    wrong = wrong_code_of(app_of(anna))
    assert type_code(browser, wrong, STATE, action="remove").status_code == 200
    clock.shift(2)
    assert type_code(browser, code_of(app_of(anna)), STATE, action="remove").status_code == 302
    assert not TOTPDevice.objects.exists()
    assert browser.get("/admin/").status_code == 200


def test_who_must_have_one_cannot_remove_it(
    required: None, person: Callable[..., User], clock: Any
) -> None:
    reviewer = person("rita", duties.REVIEWER)
    device, client = device_for(reviewer), Client()
    client.force_login(reviewer)
    type_code(client, code_of(device))
    clock.shift(STEP)
    answer = type_code(client, code_of(app_of(reviewer)), STATE, action="remove")
    assert "set up another app instead" in answer.text
    assert TOTPDevice.objects.exists()


@pytest.mark.parametrize("action", ["", "nonsense", "delete"])
def test_a_button_that_does_not_exist_is_refused(curator: Client, action: str) -> None:
    assert curator.post(STATE, {"action": action, "code": "123456"}).status_code == 400


@pytest.mark.parametrize("action", ["confirm", "codes", "replace", "remove"])
def test_a_button_that_does_not_fit_gets_a_sentence(curator: Client, action: str) -> None:
    answer = type_code(curator, "123456", STATE, action=action)
    assert answer.status_code == 200
    assert "errorlist" in answer.text or "code" in answer.text


# --- Reset ------------------------------------------------------------------------------------


def reset(client: Client, person: User, reason: str = "Lost phone; called back.") -> Any:
    return client.post(f"/admin/auth/user/{person.pk}/second-factor/", {"reason": reason})


def test_an_administrator_resets_one_and_says_why(anna: User, administrator: Client) -> None:
    address = f"/admin/auth/user/{anna.pk}/second-factor/"
    assert address in administrator.get(f"/admin/auth/user/{anna.pk}/change/").text
    assert "no longer be accepted" in administrator.get(address).text
    assert reset(administrator, anna, "").status_code == 200
    assert TOTPDevice.objects.filter(user=anna).exists()
    assert reset(administrator, anna).status_code == 302
    assert second_factor.device_of(anna) is None
    assert second_factor.recovery_codes_left(anna) == 0
    entry = last_entry(anna)
    assert entry.actor.username == "ada"
    assert entry.additional_data == {"reason": "Lost phone; called back."}
    assert (
        "in use → (empty)" in administrator.get(f"/admin/auditlog/logentry/{entry.pk}/change/").text
    )


def test_a_reset_ends_what_the_lost_phone_had_opened(
    required: None, person: Callable[..., User]
) -> None:
    reviewer = person("rita", duties.REVIEWER)
    device, client = device_for(reviewer), Client()
    client.force_login(reviewer)
    type_code(client, code_of(device))
    second_factor.remove(reviewer)
    assert client.get("/admin/")["Location"].startswith(STATE)


def test_a_superusers_is_not_an_administrators_to_reset(
    administrator: Client, person: Callable[..., User]
) -> None:
    root = person("root", is_superuser=True)
    device_for(root)
    assert administrator.get(f"/admin/auth/user/{root.pk}/second-factor/").status_code == 403
    assert reset(administrator, root).status_code == 403
    assert TOTPDevice.objects.filter(user=root).exists()


@pytest.mark.parametrize("who", ["curator", "viewer"])
def test_a_curator_resets_nobodys(
    who: str, person: Callable[..., User], request: pytest.FixtureRequest
) -> None:
    berta = person("berta", duties.CURATOR)
    device_for(berta)
    assert reset(request.getfixturevalue(who), berta).status_code == 403
    assert TOTPDevice.objects.filter(user=berta).exists()


def test_an_administrators_own_needs_her_code(administrator: Client) -> None:
    ada = get_user_model().objects.get(username="ada")
    assert reset(administrator, ada).status_code == 403


@pytest.mark.parametrize("key", ["0", "9" * 20, "abc", "%00"])
def test_there_is_no_reset_of_nobody(administrator: Client, key: str) -> None:
    assert administrator.get(f"/admin/auth/user/{key}/second-factor/").status_code in (400, 404)


def test_a_command_resets_one_and_the_log_says_why(anna: User, capsys: Any) -> None:
    call_command("reset_second_factor", "anna", reason="Lost phone.")
    assert "The second factor of anna is removed." in capsys.readouterr().out
    assert second_factor.device_of(anna) is None
    assert last_entry(anna).additional_data == {"reason": "Lost phone."}
    with pytest.raises(CommandError, match="anna has no second factor"):
        call_command("reset_second_factor", "anna")
    with pytest.raises(CommandError, match="There is no account called “nobody”"):
        call_command("reset_second_factor", "nobody")
    with pytest.raises(CommandError, match="The name is not valid UTF-8"):
        call_command("reset_second_factor", "\udcff")
    with pytest.raises(CommandError, match="The reason is not valid UTF-8"):
        call_command("reset_second_factor", "anna", reason="\udcff")


def test_no_code_or_secret_stands_in_the_audit_log(anna: User) -> None:
    codes = second_factor.new_recovery_codes(anna)
    said = str(list(LogEntry.objects.values_list("changes", "additional_data")))
    assert app_of(anna).key not in said
    assert not any(code in said or code.replace("-", "") in said for code in codes)
