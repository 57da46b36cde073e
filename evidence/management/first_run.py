"""What a fresh checkout needs before it can be looked at: evidence, two people, a free port."""

from __future__ import annotations

import os
import secrets
import socket
import sys
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from evidence import starter
from evidence.ledger import index
from evidence.ledger.reasons import via
from evidence.ledger.whole import rederive_all

# Two, because nobody may publish what they wrote themselves.
DEMO_PEOPLE = {"demo-curator": "Curator", "demo-reviewer": "Reviewer"}
HOST = "127.0.0.1"
FIRST_ADMINISTRATOR = (
    "In production no demo people are made. The first account: "
    "python manage.py create_curator NAME --duty Administrator"
)


def load_evidence() -> str:
    """Load the starter evidence into a database that holds none; say what was done.

    What is held already is brought up to date with this version of the rule.
    """
    if not starter.is_empty():
        differing = len(rederive_all().topics)
        search = "" if index.is_built() else _build_search()
        said = "The database holds evidence already; the starter evidence was left aside."
        if differing:
            said += f" The rule was worked out again for {differing:,} topics."
        return said + search
    return starter.load_starter().summary


def _build_search() -> str:
    """Build the search, unless another instance that starts now does; say which."""
    try:
        index.rebuild()
    except index.Overtaken:
        return " The search is being built by another instance."
    return " The search was built."


def make_demo_people() -> dict[str, str]:
    """Make the demo curator and reviewer where they are missing; return their new passwords."""
    people = get_user_model().objects
    passwords: dict[str, str] = {}
    for name, group in DEMO_PEOPLE.items():
        if people.filter(username=name).exists():
            continue
        passwords[name] = secrets.token_urlsafe(12)
        with via("quickstart"):
            person = people.create_user(username=name, password=passwords[name], is_staff=True)
            person.groups.set(Group.objects.filter(name=group))
    return passwords


def port_to_serve() -> int:
    """Return the port named in the environment, as gunicorn's settings read it."""
    return int(os.environ.get("PORT") or 8000)


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this port of this machine."""
    with socket.socket() as probe:
        # As a server does: a port whose last connections are still closing is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def serve() -> None:
    """Become the production server; does not return."""
    os.chdir(Path(settings.BASE_DIR))
    arguments = ["-m", "gunicorn", "-c", "python:il2tracker.gunicorn", "il2tracker.wsgi"]
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 - no shell is meant
