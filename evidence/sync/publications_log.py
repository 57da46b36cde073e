"""Who changed what of publications, as the audit log has it, read for a whole batch at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType

from evidence.models import Publication
from evidence.sync.publication_fields import STANDING, text_of
from evidence.vocab import Origin, Standing

NOTHING = (None, "None", "")
"""What the log has of an empty field."""

Change = tuple[Any, Any, int | None]
"""What stood in a field before and after, and who changed it; None is no person."""


class Log:
    """The changes of some publications, oldest first; read when first asked, in one query."""

    def __init__(self, keys: Iterable[int]) -> None:
        self._asked = [*keys]

    def is_a_persons(self, publication: Publication, name: str, *, first: bool) -> bool:
        """Say whether a person here emptied a field, or wrote it, which is asked at `first`."""
        if not text_of(publication, name):
            return self._is_emptied(publication.pk, name)
        return first and (
            publication.origin == Origin.CURATOR
            or any(actor is not None for *_, actor in self._of(publication.pk, name))
        )

    def _is_emptied(self, key: int, name: str) -> bool:
        for before, after, actor in self._of(key, name)[-1:]:
            return actor is not None and after in NOTHING and before not in NOTHING
        return False

    def is_standing_a_persons(self, key: int) -> bool:
        """Say whether the standing of a publication was last set by a person.

        Entering a publication sets it to `current` unasked, which is nobody's word.
        """
        for before, after, actor in self._of(key, STANDING)[-1:]:
            entered = before in NOTHING and after == Standing.CURRENT
            return actor is not None and not entered
        return False

    def _of(self, key: int, name: str) -> list[Change]:
        told = self._changes.get(key, ())
        return [(*changes[name], actor) for changes, actor in told if name in changes]

    @cached_property
    def _changes(self) -> dict[int, list[tuple[dict[str, Any], int | None]]]:
        rows = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(Publication), object_id__in=self._asked
        ).order_by("pk")
        found: dict[int, list[tuple[dict[str, Any], int | None]]] = defaultdict(list)
        for key, changes, actor in rows.values_list("object_id", "changes", "actor"):
            found[key].append((changes or {}, actor))
        return found
