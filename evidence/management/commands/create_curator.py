"""An account for somebody who curates, with a first password."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, transaction

from evidence.curation.duties import CURATOR, DUTIES
from evidence.management.typed import refuse_broken


class Command(BaseCommand):
    """Make the account and print its password, which is kept nowhere else."""

    help = "Make an account for a curator, a reviewer, a viewer or the first administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the name and what is known of the person; a password is never an argument."""
        parser.add_argument("name", help="the name to sign in with")
        parser.add_argument(
            "--duty",
            action="append",
            choices=[*DUTIES],
            dest="duties",
            help=f"what the person may do; repeat it for several (default: {CURATOR})",
        )
        parser.add_argument("--email", default="", help="an e-mail address")
        parser.add_argument("--full-name", default="", help='as "Anna Berg": shown beside her work')

    def handle(
        self, *, name: str, duties: list[str] | None, email: str, full_name: str, **_: Any
    ) -> None:
        """Make the account, or say why not."""
        refuse_broken(name=name, email_address=email, full_name=full_name)
        given, _space, family = full_name.strip().rpartition(" ")
        password = secrets.token_urlsafe(12)
        person = get_user_model()(
            username=name,
            email=email,
            first_name=given or family,
            last_name=family if given else "",
            is_staff=True,
        )
        person.set_password(password)
        duties = sorted({*(duties or [CURATOR])})
        try:
            _save(person, duties)
        except ValidationError as error:
            raise CommandError(_in_words(error)) from None
        except IntegrityError:
            raise CommandError(f"There is an account called “{name}” already.") from None
        self.stdout.write(
            f"{name} can sign in at /admin/ ({', '.join(duties)}) with the password {password}\n"
            "It is not shown again. Change it after signing in: Change password."
        )


def _save(person: Any, duties: list[str]) -> None:
    with transaction.atomic():
        if get_user_model().objects.filter(username__iexact=person.username).exists():
            raise IntegrityError
        person.full_clean()
        person.save()
        person.groups.set(Group.objects.filter(name__in=duties))


def _in_words(error: ValidationError) -> str:
    return "\n".join(
        f"{name}: {sentence}" for name, said in error.message_dict.items() for sentence in said
    )
