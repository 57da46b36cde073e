"""Every topic worked out again at once: read while others write, then stored in one short go."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from typing import IO

from django.db import transaction
from django.utils import timezone

from evidence.ledger import version
from evidence.ledger.derivation import rederive
from evidence.ledger.evidence_of import BATCH, batches, common, gather_topics
from evidence.ledger.readings import Reading, read
from evidence.ledger.storing import Change, change, kept, store
from evidence.models import DataVersion, Topic


def rederive_all(*, dry_run: bool = False) -> tuple[list[Change], int]:
    """Work every topic out again; return the words that change, and how many topics differ at all.

    With `dry_run` nothing is stored. All is stored in one transaction, so that whoever reads, and
    whatever breaks, finds the old words or the new ones. What differs waits in a file until then:
    memory does not grow with the topics, and others write while the rule is worked out.
    """
    before = _turn()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as waiting:
        changes, differing = _work_out(waiting)
        if dry_run or not differing:
            return changes, differing
        with transaction.atomic():
            version.hold()
            if _turn() == before:
                for some in _batched(waiting):
                    topics = Topic.objects.filter(pk__in=[one.topic for one in some])
                    store(list(topics), some)
            else:  # somebody has changed the evidence meanwhile: read it again, undisturbed
                changes = rederive()
            version.bump()
    return changes, differing


def _turn() -> tuple[str, int]:
    """Return what is another after each change of the evidence."""
    row = DataVersion.objects.values_list("token", "derivations").first()
    return row or ("", 0)


def _work_out(waiting: IO[str]) -> tuple[list[Change], int]:
    """Write down the readings that differ from what is stored, and return the words that change."""
    today = timezone.now().date()
    changes: list[Change] = []
    differing = 0
    shared = common()
    for keys in batches(shared):
        gathered = gather_topics(keys, common=shared)
        topics = [topic for group in gathered.topics.values() for topic in group]
        now = kept(topics)
        for topic in topics:
            reading = read(topic, gathered, today=today)
            if now[topic.pk].differing(reading):
                differing += 1
                waiting.write(json.dumps(reading.to_json()) + "\n")
                if (made := change(now[topic.pk], reading)) is not None:
                    changes.append(made)
    return changes, differing


def _batched(waiting: IO[str]) -> Iterator[list[Reading]]:
    waiting.seek(0)
    some: list[Reading] = []
    for line in waiting:
        some.append(Reading.from_json(json.loads(line)))
        if len(some) >= BATCH:
            yield some
            some = []
    if some:
        yield some
