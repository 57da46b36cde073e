"""A forgotten password, or a name locked after too many wrong ones: set a new password."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.curation import passwords
from evidence.management.typed import refuse_broken


class Command(BaseCommand):
    """Set a password of our making, lift the account's locks, and print it once."""

    help = "Give an account a new password, and lift the lock after too many failed sign-ins."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the name; a password is never an argument."""
        parser.add_argument("name", help="the name that the person signs in with")

    def handle(self, *, name: str, **_: Any) -> None:
        """Set it, or say that there is no such account."""
        refuse_broken(name=name)
        person = get_user_model().objects.filter(username=name).first()
        if person is None:
            raise CommandError(f"There is no account called “{name}”.")
        password = secrets.token_urlsafe(12)
        passwords.set_anew(person, password)
        self.stdout.write(
            f"{name} can sign in at /admin/ with the password {password}\n"
            "It is not shown again. Change it after signing in: Change password."
        )
