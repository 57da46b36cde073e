"""The rule worked out again for every topic: after an upgrade, and once a day, as trials begin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from evidence.ledger.storing import Change
from evidence.ledger.whole import rederive_all
from evidence.models import Assessment, Topic


class Command(BaseCommand):
    """Print which topics' words change, with what we say of them, and store the new ones."""

    help = "Work the rule out again for every topic; --dry-run shows what would change."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare --dry-run."""
        parser.add_argument(
            "--dry-run", action="store_true", help="show what would change, and store nothing"
        )

    def handle(self, *, dry_run: bool, **_: Any) -> None:
        """Work it out, and print each change and a tally."""
        written = rederive_all(dry_run=dry_run)
        for sentence in _told(written.changes):
            self.stdout.write(sentence)
        would = "would change" if dry_run else "changed"
        words = len(written.changes)
        reasons = len(written.topics) - words
        self.stdout.write(
            f"{Topic.objects.count():,} topics: the rule's word {would} of {words:,}, its "
            f"reasons or counts alone of {reasons:,}."
        )


def _told(changes: Iterable[Change]) -> Iterator[str]:
    """Say of each topic which word gives way to which, and what we say there."""
    by_key = {change.topic: change for change in changes}
    ours = dict(Assessment.objects.public().values_list("topic_id", "status"))
    topics = Topic.objects.select_related("condition", "intervention")
    for topic in topics.filter(pk__in=by_key).order_by("pk"):
        one = by_key[topic.pk]
        before = f"{one.before} ({one.before_rule})" if one.before_rule else "nothing yet"
        we_say = f"; we say {ours[topic.pk]}" if topic.pk in ours else ""
        yield f"{topic.code} {topic}: {before} -> {one.after} ({one.after_rule}){we_say}"
