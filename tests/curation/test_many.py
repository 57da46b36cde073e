"""Moves of many: each by itself, and what cannot be moved says why."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from evidence.curation import many, moves
from evidence.models import Assessment, Finding
from evidence.vocab import State
from tests.curation.conftest import accepted
from tests.models.rows import make

pytestmark = pytest.mark.django_db

STARTER = {
    "origin": "starter",
    "state": "published",
    "published_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
}


def test_starter_evidence_is_taken_over_where_it_is_ready(topic, ann) -> None:
    ready = make(Finding, topic=topic, publication=accepted(), **STARTER)
    unready = make(Finding, topic=topic, publication=accepted(), locator="", **STARTER)
    done = many.take_over([ready, unready], by=ann, note="Read.")
    (mine,) = done.moved
    assert (mine.code, mine.number, mine.state) == (ready.code, 2, State.IN_REVIEW)
    ((left, reason),) = done.refused
    assert left == unready
    assert "table, page or paragraph" in reason
    assert Finding.objects.filter(record=unready.record).count() == 1


def test_what_is_ours_is_not_taken_over(shown, ann) -> None:
    ((_, reason),) = many.take_over([shown], by=ann).refused
    assert "no starter evidence" in reason


def test_a_review_date_is_set_on_drafts_and_begins_the_next_edition_of_the_published(
    topic, ann, ben
) -> None:
    published = Assessment.objects.get()
    draft = make(Assessment, author=ann)
    waiting = moves.submit(make(Assessment, author=ann), by=ann)
    day = dt.date(2107, 6, 1)
    done = many.set_review_date([published, draft, waiting], on=day, by=ann)
    assert [(row.code, row.number, row.next_review) for row in done.moved] == [
        (published.code, 2, day),
        (draft.code, 1, day),
    ]
    ((_, reason),) = done.refused
    assert "with a second reader" in reason
    published.refresh_from_db()
    assert published.next_review is None


def test_a_past_day_and_the_words_of_the_starter_evidence_are_refused(topic, ann) -> None:
    draft = make(Assessment, author=ann)
    ((_, reason),) = many.set_review_date([draft], on=dt.date(2020, 6, 1), by=ann).refused
    assert "past" in reason
    starter = make(Assessment, **STARTER)
    ((_, reason),) = many.set_review_date([starter], on=dt.date(2107, 6, 1), by=ann).refused
    assert reason.startswith(f"Take {starter.code} over first")
    assert Assessment.objects.filter(record=starter.record).count() == 1


def test_only_a_draft_or_the_current_edition_gets_a_review_date(topic, ann, ben) -> None:
    before = Assessment.objects.get()
    moves.publish(moves.submit(moves.revise(before, by=ann), by=ann), by=ben)
    before.refresh_from_db()
    day = timezone.localdate() + dt.timedelta(days=100)
    ((_, reason),) = many.set_review_date([before], on=day, by=ann).refused
    assert "is superseded" in reason
