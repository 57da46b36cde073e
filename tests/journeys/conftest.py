"""Eight people, a topic that readers see, and programs to be killed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from evidence.curation import duties, moves
from evidence.models import Finding, Publication, Topic
from tests.admin.rows import make_assessment, make_finding
from tests.journeys.browsing import Browser
from tests.journeys.killing import Killer
from tests.models.rows import make
from tests.web.examples import accepted

if TYPE_CHECKING:
    from django.contrib.auth.models import User

EIGHT = 8


@pytest.fixture
def is_long(request: pytest.FixtureRequest) -> bool:
    """Say whether all is to be tried, not a sample."""
    return bool(request.config.getoption("--long"))


@pytest.fixture
def someone_who(transactional_db: None) -> Callable[..., User]:
    """Make a person with some duties."""

    def make_one(name: str, *groups: str) -> User:
        user = get_user_model().objects.create_user(name, is_staff=True)
        user.groups.set(Group.objects.filter(name__in=groups))
        return user

    return make_one


@pytest.fixture
def ann(someone_who: Callable[..., User]) -> User:
    """A curator."""
    return someone_who("ann", duties.CURATOR)


@pytest.fixture
def ben(someone_who: Callable[..., User]) -> User:
    """A second reader."""
    return someone_who("ben", duties.REVIEWER)


@pytest.fixture
def eight(someone_who: Callable[..., User]) -> list[User]:
    """Eight people who write and are second readers of each other."""
    return [someone_who(f"eve-{n}", duties.CURATOR, duties.REVIEWER) for n in range(EIGHT)]


@pytest.fixture
def public_topic(ann: User, ben: User) -> Callable[..., Topic]:
    """Make a question that readers see: its assessment was published by two people."""

    def make_one(**fields: Any) -> Topic:
        topic: Topic = make(Topic, **fields)
        assessment = make_assessment(
            topic,
            author=ann,
            status="investigated",
            ground="no-treatment-found",
            direction="no-data",
        )
        moves.publish(moves.submit(assessment, by=ann, note="An answer."), by=ben, note="Read.")
        return topic

    return make_one


@pytest.fixture
def topic(public_topic: Callable[..., Topic]) -> Topic:
    """One of them."""
    return public_topic()


@pytest.fixture
def paper(transactional_db: None) -> Publication:
    """A publication that readers may see."""
    found: Publication = make(Publication, **accepted())
    return found


@pytest.fixture
def draft(ann: User, topic: Topic, paper: Publication) -> Callable[..., Finding]:
    """Make a finding that lacks nothing, as its author has just saved it."""
    by = {"author": ann, "last_editor": ann}
    return lambda on=topic, source=paper, **fields: make_finding(on, source, **by | fields)


@pytest.fixture
def in_review(draft: Callable[..., Finding], ann: User) -> Callable[..., Finding]:
    """Make one and hand it to a second reader."""
    return lambda **fields: moves.submit(draft(**fields), by=ann, note="Table 2, both arms.")


@pytest.fixture
def shown(in_review: Callable[..., Finding], ben: User) -> Callable[..., Finding]:
    """Make one and publish it."""
    return lambda **fields: moves.publish(in_review(**fields), by=ben, note="Read beside it.")


@pytest.fixture
def browser(live_server: Any) -> Callable[[User], Browser]:
    """Sign somebody in on the running site."""
    return lambda person: Browser(live_server.url, person)


@pytest.fixture(scope="module")
def killer(django_db_setup: None) -> Iterator[Killer]:
    """What forks programs on the tests' database and has them killed."""
    killer = Killer()
    yield killer
    killer.close()
