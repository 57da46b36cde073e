"""Accounts: deactivated and never deleted, and nobody raises herself above her duties."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from auditlog.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.test import Client

from evidence.curation import duties
from evidence.models import Publication
from tests.admin.pages import faults, form_of, send, url
from tests.admin.rows import make_publication

pytestmark = pytest.mark.django_db
LONG = "correct-horse-battery"


def test_an_administrator_makes_a_curator_who_can_sign_in(
    administrator: Client, stranger: Client
) -> None:
    group = Group.objects.get(name=duties.CURATOR)
    answer = send(
        administrator,
        url(User, "add"),
        username="berta",
        groups=[group.pk],
        password1=LONG,
        password2=LONG,
        usable_password="true",
    )
    assert answer.status_code == 302
    stranger.post("/admin/login/", {"username": "berta", "password": LONG})
    assert stranger.get(url(Publication, "add")).status_code == 200


@pytest.mark.parametrize("who", ["administrator", "root"])
def test_nobody_is_deleted(who: str, request: pytest.FixtureRequest, person: object) -> None:
    client: Client = request.getfixturevalue(who)
    leaver = get_user_model().objects.create_user("leaver")
    page = url(User, "delete", leaver.pk)
    assert client.get(page).status_code == 403
    assert client.post(page, {"post": "yes"}).status_code == 403
    rows = {"action": "delete_selected", "post": "yes", "_selected_action": [leaver.pk]}
    client.post(url(User, "changelist"), rows)
    assert "delete_selected" not in client.get(url(User, "changelist")).text
    assert get_user_model().objects.filter(pk=leaver.pk).exists()


def test_an_administrator_deactivates_an_account(
    administrator: Client, signed_in: Callable[..., Client]
) -> None:
    leaver = signed_in("leaver", duties.CURATOR)
    account = get_user_model().objects.get(username="leaver")
    values = form_of(administrator, url(User, "change", account.pk))
    values.pop("is_active")
    administrator.post(url(User, "change", account.pk), values)
    account.refresh_from_db()
    assert not account.is_active
    assert leaver.get(url(Publication, "changelist")).status_code == 302


def test_an_administrator_makes_no_superuser(administrator: Client) -> None:
    me = get_user_model().objects.get(username="ada")
    send(administrator, url(User, "change", me.pk), is_superuser="on", email="a@example.org")
    me.refresh_from_db()
    assert me.email == "a@example.org"
    assert not me.is_superuser


def test_an_administrator_touches_no_superuser(
    administrator: Client, signed_in: Callable[..., Client]
) -> None:
    signed_in("root", is_superuser=True)
    root = get_user_model().objects.get(username="root")
    before = root.password
    assert administrator.post(url(User, "change", root.pk), {"username": "x"}).status_code == 403
    page = f"/admin/auth/user/{root.pk}/password/"
    sent = {"password1": LONG, "password2": LONG, "set-password": "1", "usable_password": "true"}
    assert administrator.post(page, sent).status_code == 403
    root.refresh_from_db()
    assert root.password == before


@pytest.mark.parametrize("who", ["curator", "viewer"])
@pytest.mark.parametrize("model", [User, Group, LogEntry])
def test_people_and_log_are_an_administrators(
    model: type, who: str, request: pytest.FixtureRequest
) -> None:
    client: Client = request.getfixturevalue(who)
    for page in (url(model, "changelist"), url(model, "add")):
        assert client.get(page).status_code == 403


@pytest.mark.parametrize("model", [Group, LogEntry])
def test_duties_and_log_are_read_and_not_written_even_by_a_superuser(
    model: type, root: Client
) -> None:
    make_publication()
    row = model.objects.order_by("pk").first()
    assert root.get(url(model, "change", row.pk)).status_code == 200
    assert root.get(url(model, "add")).status_code == 403
    assert root.post(url(model, "change", row.pk), {"name": "x"}).status_code == 403
    assert root.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_the_log_shows_what_was_changed_before_and_after(
    curator: Client, administrator: Client
) -> None:
    paper = make_publication()
    send(curator, url(Publication, "change", paper.pk), title="A better title")
    entry = LogEntry.objects.get_for_object(paper).first()
    page = administrator.get(url(LogEntry, "change", entry.pk)).text
    assert "Paper 1 → A better title" in page
    assert "anna" in page


def test_an_account_s_page_shows_no_hash_and_leads_to_a_new_password(administrator: Client) -> None:
    berta = get_user_model().objects.create_user("berta", password="something-else-1")
    page = administrator.get(url(User, "change", berta.pk)).text
    for word in ("algorithm", "pbkdf2", "Raw passwords", "Designates whether"):
        assert word not in page
    assert f'href="/admin/auth/user/{berta.pk}/password/"' in page


def test_a_changed_password_is_logged_and_not_shown(administrator: Client) -> None:
    person = get_user_model().objects.create_user("berta", password="something-else-1")
    page = f"/admin/auth/user/{person.pk}/password/"
    sent = {"password1": LONG, "password2": LONG, "set-password": "1", "usable_password": "true"}
    assert administrator.post(page, sent).status_code == 302
    entry = LogEntry.objects.get_for_object(person).first()
    assert entry.changes_dict == {"password": ["(hidden)", "(hidden)"]}
    assert entry.actor.username == "ada"


def test_an_old_tab_gives_nobody_a_duty_back(administrator: Client) -> None:
    berta = get_user_model().objects.create_user("berta", password=LONG, is_staff=True)
    berta.groups.set(Group.objects.filter(name=duties.CURATOR))
    page = url(User, "change", berta.pk)
    late = form_of(administrator, page)
    now = {name: text for name, text in late.items() if name not in {"is_active", "groups"}}
    assert administrator.post(page, now).status_code == 302
    answer = administrator.post(page, late | {"email": "berta@example.org"})
    assert "Somebody" in str(faults(answer)) or "ada" in str(faults(answer))
    berta.refresh_from_db()
    assert (berta.is_active, berta.groups.count()) == (False, 0)


def test_nobody_takes_her_own_account_out_of_use(administrator: Client) -> None:
    ada = get_user_model().objects.get(username="ada")
    send(administrator, url(User, "change", ada.pk), email="ada@example.org", is_active="")
    ada.refresh_from_db()
    assert (ada.email, ada.is_active, ada.is_staff) == ("ada@example.org", True, True)
