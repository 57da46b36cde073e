"""Every topic worked out again at once: read while others write, then stored in one short go."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from typing import IO

from django.db import transaction
from django.utils import timezone

from evidence.ledger import index, version
from evidence.ledger.evidence_of import BATCH, batches, common, gather_topics
from evidence.ledger.readings import Reading, read
from evidence.ledger.storing import Change, Written, change, kept, store
from evidence.models import Topic


def rederive_all(*, dry_run: bool = False) -> Written:
    """Work every topic out again, and say what was written; with `dry_run`, what would be.

    All is stored in one transaction, so that whoever reads, and whatever breaks, finds the old
    words or the new ones. What differs waits in a file until then: memory does not grow with the
    topics, and others write while the rule is worked out.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8") as waiting:
        found = _work_out(waiting)
        if dry_run or not found.topics:
            return found
        written = Written()
        with transaction.atomic():
            version.hold()
            for readings, marks in _batched(waiting):
                topics = Topic.objects.filter(pk__in=[one.topic for one in readings])
                written += store(list(topics), readings, marks=marks)
            if written.topics:
                if index.is_built():  # else all of it waits for a rebuild
                    index.write("topic", written.topics)
                version.bump()
        return written


def _work_out(waiting: IO[str]) -> Written:
    """Write down the readings that differ from what is stored, with the mark of what that was."""
    today = timezone.now().date()
    differing: list[int] = []
    changes: list[Change] = []
    shared = common()
    for keys in batches(shared):
        # What is stored comes first: a change of the evidence after that changes it too, and then
        # this reading is not stored.
        now = kept(Topic.objects.filter(pk__in=keys))
        gathered = gather_topics(keys, common=shared)
        for topic in gathered.asked:
            reading = read(topic, gathered, today=today)
            before = now.get(topic.pk)
            if before is not None and before.differing(reading):
                waiting.write(json.dumps([before.mark(), reading.to_json()]) + "\n")
                differing.append(topic.pk)
                if (made := change(before, reading)) is not None:
                    changes.append(made)
    return Written(topics=frozenset(differing), changes=changes)


def _batched(waiting: IO[str]) -> Iterator[tuple[list[Reading], dict[int, int]]]:
    """Give the readings that wait, so many at a time, with their marks."""
    waiting.seek(0)
    readings: list[Reading] = []
    marks: dict[int, int] = {}
    for line in waiting:
        mark, told = json.loads(line)
        readings.append(Reading.from_json(told))
        marks[readings[-1].topic] = mark
        if len(readings) >= BATCH:
            yield readings, marks
            readings, marks = [], {}
    if readings:
        yield readings, marks
