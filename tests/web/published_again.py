"""Editions that replace one another, as the moves leave them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from evidence import vocab
from evidence.models import Record
from tests.web import examples

NOT_WITHDRAWN = {
    "withdrawal_proposed_by": None,
    "withdrawal_proposed_at": None,
    "withdrawal_reason": "",
    "withdrawn_by": None,
    "withdrawn_at": None,
    "successor": None,
}
FIRST_DAY = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)


def two_people() -> dict[str, Any]:
    """An author with a name and a second reader without one."""
    ada = User.objects.get_or_create(
        username="moss-a", defaults={"first_name": "Ada", "last_name": "Moss"}
    )[0]
    ben, now = examples.person("roe-b"), timezone.now()
    return {
        "origin": vocab.Origin.CURATOR,
        "author": ada,
        "submitted_by": ada,
        "submitted_at": now,
        "reviewer": ben,
        "reviewed_at": now,
        "conflict_of_interest": "none",
    }


def replace(edition: Any, *, number: int = 0, days: int = 2, **changed: Any) -> Any:
    """Publish the next edition of a record, which supersedes this one; days from FIRST_DAY on."""
    model = type(edition)
    published = model.objects.filter(pk=edition.pk, state=vocab.State.PUBLISHED)
    published.update(state=vocab.State.SUPERSEDED)
    later = model.objects.get(pk=edition.pk)
    later.pk, later._state.adding = None, True
    given = {
        **two_people(),
        **NOT_WITHDRAWN,
        "number": number or edition.number + 1,
        "state": vocab.State.PUBLISHED,
        "published_at": FIRST_DAY + dt.timedelta(days=days),
    }
    if hasattr(later, "locator"):
        given["locator"] = "Table 2"
    for name, value in (given | changed).items():
        setattr(later, name, value)
    later.save()
    return later


def begin(edition: Any, **changed: Any) -> Any:
    """Begin the next edition of a record as a draft, which no reader may see."""
    draft = type(edition).objects.get(pk=edition.pk)
    draft.pk, draft._state.adding = None, True
    ada = two_people()["author"]
    given = {
        "number": edition.number + 1,
        "state": vocab.State.DRAFT,
        "origin": vocab.Origin.CURATOR,
        "author": ada,
        "reviewer": None,
        "reviewed_at": None,
        "published_at": None,
    }
    for name, value in (given | changed).items():
        setattr(draft, name, value)
    draft.save()
    return draft


def withdraw(edition: Any, *, successor: Record | None = None) -> None:
    """Store a confirmed withdrawal."""
    type(edition).objects.filter(pk=edition.pk).update(
        state=vocab.State.WITHDRAWN,
        withdrawal_proposed_by=examples.person("ada"),
        withdrawal_proposed_at=timezone.now(),
        withdrawal_reason="The figures were of another trial.",
        withdrawn_by=examples.person("ben"),
        withdrawn_at=timezone.now(),
        successor=successor,
    )
