"""The people who open the admin, each with one duty and no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from evidence.curation import duties

if TYPE_CHECKING:
    from django.contrib.auth.models import User

PASSWORD = "a-password-that-opens-nothing"


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Make a person with some duties."""

    def make(name: str, *groups: str, **fields: object) -> User:
        user = get_user_model().objects.create_user(
            name, password=PASSWORD, is_staff=True, **fields
        )
        user.groups.set(Group.objects.filter(name__in=groups))
        return user

    return make


@pytest.fixture
def signed_in(person: Callable[..., User]) -> Callable[..., Client]:
    """Sign a new person with some duties in."""

    def make(name: str, *groups: str, **fields: object) -> Client:
        client = Client()
        client.force_login(person(name, *groups, **fields))
        return client

    return make


@pytest.fixture
def curator(signed_in: Callable[..., Client]) -> Client:
    """A curator's browser."""
    return signed_in("anna", duties.CURATOR)


@pytest.fixture
def viewer(signed_in: Callable[..., Client]) -> Client:
    """A viewer's browser."""
    return signed_in("victor", duties.VIEWER)


@pytest.fixture
def administrator(signed_in: Callable[..., Client]) -> Client:
    """An administrator's browser."""
    return signed_in("ada", duties.ADMINISTRATOR)


@pytest.fixture
def root(signed_in: Callable[..., Client]) -> Client:
    """A superuser's browser."""
    return signed_in("root", is_superuser=True)


@pytest.fixture
def stranger() -> Client:
    """A browser that nobody has signed in with."""
    return Client()
