"""Moves of many editions, each by itself: what cannot be moved says why and stops no other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from evidence.curation import moves, ready
from evidence.curation.allowed import Move, name
from evidence.curation.errors import NotAllowed
from evidence.curation.handling import handled
from evidence.models import Assessment, Edition
from evidence.vocab import Origin, State

NOT_STARTER = "{code} is no starter evidence that readers see."
NOT_CURRENT = "A draft or what is published gets a review date; {name} is {state}."
IN_REVIEW = "{code} is with a second reader, so it cannot be changed now."
STARTER_FIRST = "Take {code} over first: setting a date would make its words yours."
PAST = "That day is past: give one from today on."


@dataclass(frozen=True, kw_only=True)
class Done:
    """What was moved, and what was not with the reason."""

    moved: tuple[Edition, ...]
    refused: tuple[tuple[Edition, str], ...]


def each(editions: Iterable[Edition], act: Callable[[Edition], Edition]) -> Done:
    """Do one thing with each edition, in a transaction of its own."""
    moved: list[Edition] = []
    refused: list[tuple[Edition, str]] = []
    for edition in editions:
        try:
            moved.append(act(edition))
        except NotAllowed as reason:
            refused.append((edition, str(reason)))
    return Done(moved=tuple(moved), refused=tuple(refused))


def take_over(editions: Iterable[Edition], *, by: Any, note: str = "") -> Done:
    """Make starter evidence ours: revised and submitted by one person, to be published by another.

    What is not ready stays as it is. Returned are the new editions.
    """
    return each(editions, lambda edition: _take_over(edition, by=by, note=note))


def why_no_date(edition: Edition) -> str:
    """Say why no review date is set on an edition as it stands; nothing where one can be."""
    if edition.state == State.IN_REVIEW:
        return IN_REVIEW.format(code=edition.code)
    if edition.state == State.PUBLISHED and edition.origin == Origin.STARTER:
        return STARTER_FIRST.format(code=edition.code)
    if edition.state not in (State.DRAFT, State.PUBLISHED):
        return NOT_CURRENT.format(name=name(edition), state=State(edition.state).label)
    return ""


def set_review_date(
    assessments: Iterable[Assessment], *, on: dt.date, by: Any, note: str = ""
) -> Done:
    """Set the date of the next review: on a draft, or on the next edition of a published one.

    Published starter evidence is refused, for its next edition would say that somebody read it.
    """
    return each(assessments, lambda edition: _set_review_date(edition, on=on, by=by, note=note))


@transaction.atomic
def _take_over(edition: Edition, *, by: Any, note: str) -> Edition:
    if edition.origin != Origin.STARTER or edition.state != State.PUBLISHED:
        raise NotAllowed(NOT_STARTER.format(code=edition.code))
    moves.refuse(ready.faults(edition))  # the copy would lack the same
    return moves.submit(moves.revise(edition, by=by, note=note), by=by, note=note)


@transaction.atomic
def _set_review_date(edition: Any, *, on: dt.date, by: Any, note: str) -> Edition:
    if on < timezone.localdate():
        raise NotAllowed(PAST)
    if why := why_no_date(edition):
        raise NotAllowed(why)
    draft = edition
    if edition.state != State.DRAFT:
        draft = moves.revise(edition, by=by, note=note)
    with handled(draft, move=Move.SUBMIT, by=by, note=note) as (row,):
        row.next_review, row.last_editor = on, by
        row.lock_version += 1
        row.save()
    draft.refresh_from_db()
    found: Edition = draft
    return found
