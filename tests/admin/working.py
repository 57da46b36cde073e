"""Two people at work on one judgement, as the admin's tests need them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client

from evidence.curation import moves
from evidence.models import Edition, Finding, Publication, Topic
from tests.admin.pages import url
from tests.admin.rows import make_finding


def user(name: str) -> Any:
    """Give a person by name."""
    return get_user_model().objects.get(username=name)


def hers(name: str = "anna", **fields: Any) -> Finding:
    """Give a draft that a person has written."""
    by = user(name)
    topic, paper = Topic.objects.order_by("pk")[0], Publication.objects.order_by("pk")[0]
    return make_finding(topic, paper, author=by, last_editor=by, **fields)


def submitted(name: str = "anna", **fields: Any) -> Finding:
    """Give a finding that a person has written and submitted."""
    return moves.submit(hers(name, **fields), by=user(name))


def move(client: Client, edition: Edition, name: str, **sent: Any) -> Any:
    """Send the form of a move, opened at the edition as it stands."""
    said = {"seen": edition.lock_version, "note": ""} | sent
    return client.post(url(type(edition), name, edition.pk), said)


def said(client: Client, answer: Any) -> str:
    """Give what the site says on the page that an answer leads to."""
    assert answer.status_code == 302, answer
    return " ".join(str(message) for message in client.get(answer.url).context["messages"])


def published() -> Finding:
    """Give the finding that readers see."""
    found: Finding = Finding.objects.public().get()
    return found
