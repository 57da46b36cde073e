"""Setting somebody's password anew, which also ends what wrong ones before it have locked."""

from __future__ import annotations

from typing import Any

from axes.utils import reset
from django.db import transaction


def lift_locks(person: Any) -> None:
    """Forget the failed sign-ins under a person's name, from wherever they came."""
    reset(username=person.get_username())


def set_anew(person: Any, password: str) -> None:
    """Give an account another password and lift its locks, both or neither."""
    with transaction.atomic():
        person.set_password(password)
        person.save()
        lift_locks(person)
