"""Who has had a hand in an edition, as the audit log has it: columns name the last editor alone."""

from __future__ import annotations

from typing import Any

from auditlog.models import LogEntry

from evidence.ledger.differences import content_fields
from evidence.models import Edition


def has_written(edition: Edition, *, person: Any) -> bool:
    """Say whether a person ever entered or changed what an edition says; one query."""
    said = {field.name for field in content_fields(type(edition))}
    entries = LogEntry.objects.get_for_object(edition).filter(actor=person)
    return any(said & {*(changes or ())} for changes in entries.values_list("changes", flat=True))
