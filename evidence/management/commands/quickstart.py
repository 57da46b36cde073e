"""From a fresh checkout to a page in a browser, in one command."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.management import first_run
from evidence.starter.faults import StarterFault


class Command(BaseCommand):
    """Prepare the database, the evidence and two people, then serve."""

    help = "Migrate, load the starter evidence, make demo people and serve. Safe to run again."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Read whether to serve at the end."""
        parser.add_argument("--no-serve", action="store_true", help="stop before serving")

    def handle(self, *args: Any, no_serve: bool, **options: Any) -> None:
        """Do what is missing, say what was done, and serve."""
        port = first_run.port_to_serve()
        if not no_serve and not first_run.is_free(port):
            raise CommandError(
                f"Port {port} is taken by another program. Choose one: "
                f"PORT={port + 1} python manage.py quickstart"
            )
        call_command("migrate", interactive=False, verbosity=0)
        try:
            self.stdout.write(first_run.load_evidence())
        except StarterFault as faults:
            raise CommandError(f"The starter evidence was not loaded:\n{faults}") from faults
        self.introduce_people()
        call_command("collectstatic", interactive=False, verbosity=0)
        if no_serve:
            return
        self.stdout.write(f"Serving on http://{first_run.HOST}:{port}/ (Ctrl+C stops it)")
        self.stdout.flush()
        first_run.serve()

    def introduce_people(self) -> None:
        """Make the demo people and print their passwords, which are kept nowhere else."""
        if settings.PRODUCTION:
            self.stdout.write(first_run.FIRST_ADMINISTRATOR)
            return
        for name, password in first_run.make_demo_people().items():
            self.stdout.write(f"Sign in at /admin/ as {name} with the password {password}")
