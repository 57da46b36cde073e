"""What is stored on a topic, as these tests compare it."""

from __future__ import annotations

from evidence.models import Topic

RULE = ("rule", "rule_status", "rule_ground", "approved")
COUNTS = ("findings_count", "studies_count", "trials_count", "publications_count", "harms_count")


def stored(topic: Topic, names: tuple[str, ...] = COUNTS) -> tuple[object, ...]:
    topic.refresh_from_db()
    return tuple(getattr(topic, name) for name in names)


def reads(topic: Topic) -> set[int]:
    return set(topic.reads.values_list("pk", flat=True))
