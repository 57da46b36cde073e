"""People with duties, and judgements that got where they stand by moves alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone

from evidence.curation import duties, moves
from evidence.models import Assessment, Finding, Publication, Topic
from tests.models.rows import make

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def someone_who(name: str, *groups: str) -> User:
    """Make a person with some duties."""
    user = get_user_model().objects.create_user(name, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def accepted(**fields: Any) -> Publication:
    """Make a publication that readers may see."""
    by = get_user_model().objects.get_or_create(username="librarian")[0]
    return make(Publication, accepted_by=by, accepted_at=timezone.now(), **fields)


@pytest.fixture
def ann(db: None) -> User:
    """A curator."""
    return someone_who("ann", duties.CURATOR)


@pytest.fixture
def cai(db: None) -> User:
    """Another curator."""
    return someone_who("cai", duties.CURATOR)


@pytest.fixture
def ben(db: None) -> User:
    """A second reader."""
    return someone_who("ben", duties.REVIEWER)


@pytest.fixture
def eve(db: None) -> User:
    """A curator who is a second reader too."""
    return someone_who("eve", duties.CURATOR, duties.REVIEWER)


@pytest.fixture
def ada(db: None) -> User:
    """An administrator."""
    return someone_who("ada", duties.ADMINISTRATOR)


@pytest.fixture
def vic(db: None) -> User:
    """A viewer."""
    return someone_who("vic", duties.VIEWER)


@pytest.fixture
def topic(ann: User, ben: User) -> Topic:
    """A question that readers see: its assessment was published by two people."""
    question: Topic = make(Topic)
    assessment = make(
        Assessment,
        topic=question,
        author=ann,
        status="investigated",
        ground="no-treatment-found",
        direction="no-data",
    )
    moves.publish(moves.submit(assessment, by=ann), by=ben)
    return question


@pytest.fixture
def draft(ann: User, topic: Topic) -> Finding:
    """A finding that lacks nothing, as its author has just saved it."""
    return make(Finding, topic=topic, publication=accepted(), author=ann, last_editor=ann)


@pytest.fixture
def in_review(draft: Finding, ann: User) -> Finding:
    """The same, handed to a second reader."""
    return moves.submit(draft, by=ann)


@pytest.fixture
def shown(in_review: Finding, ben: User) -> Finding:
    """The same, published."""
    return moves.publish(in_review, by=ben)


@pytest.fixture
def steps() -> Callable[[Any], list[tuple[str, str, str]]]:
    """Give the steps of an edition's record: verb, person, note."""
    return lambda edition: [
        (step.verb, step.by.username, step.note) for step in edition.record.steps.all()
    ]
