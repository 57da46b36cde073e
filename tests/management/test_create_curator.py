"""An account by command: staff, with its duties and a password that is shown once."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command

from evidence.curation import duties

pytestmark = pytest.mark.django_db


def create(name: str, **options: Any) -> tuple[User, str]:
    out = io.StringIO()
    call_command("create_curator", name, stdout=out, **options)
    return get_user_model().objects.get(username=name), out.getvalue()


def test_the_first_administrator_is_made_with_a_password_that_is_good_enough() -> None:
    ada, said = create("ada", duties=[duties.ADMINISTRATOR], full_name="Ada Maria Berg")
    (line,) = [line for line in said.splitlines() if "password " in line]
    password = line.split()[-1]
    assert ada.check_password(password)
    validate_password(password, ada)
    assert (ada.first_name, ada.last_name) == ("Ada Maria", "Berg")
    assert ada.is_staff
    assert not ada.is_superuser
    assert [group.name for group in ada.groups.all()] == [duties.ADMINISTRATOR]


def test_without_a_duty_it_is_a_curators() -> None:
    assert create("anna")[0].groups.get().name == duties.CURATOR


def test_one_person_may_have_several_duties() -> None:
    both = [duties.CURATOR, duties.REVIEWER]
    groups = create("berta", duties=both)[0].groups.order_by("name")
    assert [group.name for group in groups] == both


def test_no_two_passwords_are_alike() -> None:
    assert len({create(name)[1].split("password ")[1] for name in ("a", "b", "c")}) == 3


@pytest.mark.parametrize("name", ["anna", "Anna"])
def test_a_name_that_is_taken_is_refused_in_words(name: str) -> None:
    before, _ = create("anna")
    with pytest.raises(CommandError, match=f"There is an account called “{name}” already"):
        create(name)
    after = get_user_model().objects.get()
    assert after.password == before.password


@pytest.mark.parametrize(
    ("name", "options", "sentence"),
    [
        ("two words", {}, "username: Enter a valid username"),
        ("", {}, "username: This field cannot be blank"),
        ("a" * 151, {}, "username: Ensure this value has at most 150"),
        ("anna", {"email": "nonsense"}, "email: Enter a valid email"),
        ("anna", {"full_name": "x" * 200}, "first_name: Ensure this value"),
        ("\udcff", {}, "The name is not valid UTF-8"),
        ("anna", {"full_name": "\udcff"}, "The full name is not valid UTF-8"),
        ("anna", {"email": "\udcff@example.org"}, "The email address is not valid UTF-8"),
    ],
)
def test_what_an_account_cannot_have_is_said_and_nothing_is_made(
    name: str, options: dict[str, str], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        create(name, **options)
    assert not get_user_model().objects.exists()


def test_a_duty_that_does_not_exist_is_refused() -> None:
    with pytest.raises(CommandError, match="invalid choice: 'Boss'"):
        call_command("create_curator", "anna", "--duty", "Boss")
