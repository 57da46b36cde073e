"""A lost phone: take a person's second factor away, so that a new one can be set up."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.curation import second_factor
from evidence.curation.errors import NotAllowed
from evidence.management.typed import refuse_broken


class Command(BaseCommand):
    """Remove the app and the recovery codes of one account; the audit log keeps why."""

    help = "Take a person's second factor away, for a lost phone; she sets up a new one."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the name and the reason."""
        parser.add_argument("name", help="the name that the person signs in with")
        parser.add_argument("--reason", default="Reset by command.", help="why, for the audit log")

    def handle(self, *, name: str, reason: str, **_: Any) -> None:
        """Remove it, and say what follows."""
        refuse_broken(name=name, reason=reason)
        person = get_user_model().objects.filter(username=name).first()
        if person is None:
            raise CommandError(f"There is no account called “{name}”.")
        try:
            second_factor.remove(person, reason=reason)
        except NotAllowed as fault:
            raise CommandError(str(fault)) from None
        follows = (
            "A new one must be set up at the next sign-in."
            if second_factor.is_required(person)
            else "The password alone signs in until a new one is set up."
        )
        self.stdout.write(f"The second factor of {name} is removed. {follows}")
