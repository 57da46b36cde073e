"""What the database holds already, and what people have taken out of it.

A curator's work stands: whatever can be found here is neither changed nor brought back.
"""

from __future__ import annotations

from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models

from evidence.models import (
    Approval,
    Assessment,
    Publication,
    Record,
    Topic,
    Trial,
    TrialIdentifier,
)
from evidence.starter.entries import Entry, Link
from evidence.starter.schema import ASSESSMENT, KIND_OF, KINDS, Kind

Names = tuple[str, ...]


class Known:
    """The rows that entries stand for, by kind and name: those found and those created."""

    def __init__(self) -> None:
        self._rows: dict[tuple[Kind, str], models.Model] = {}
        self._terms = {kind: _by_slug(kind) for kind in KINDS if kind.named == ("slug",)}
        self._deleted = {kind: _deleted(kind) for kind in KINDS if not kind.is_judgement}
        self._publications = _publications()
        self._identifiers = {
            (row.registry, row.value): row.trial
            for row in TrialIdentifier.objects.select_related("trial")
        }
        self._approvals = _by_fields(Approval, "intervention", "condition", "population", "agency")
        self._topics = _by_fields(Topic, "condition", "intervention", "role", "population")
        self._public_topics = set(Topic.objects.public().values_list("pk", flat=True))
        self._assessed = set(Assessment.objects.values_list("topic_id", flat=True))
        self._records = {
            record.starter_key: record for record in Record.objects.exclude(starter_key=None)
        }

    @property
    def has_peoples_work(self) -> bool:
        """Whether the database held any topic, trial, publication or approval before the load."""
        trials = self._terms[KIND_OF[Trial]]
        return bool(self._topics or trials or self._publications or self._approvals)

    def is_taken_out(self, entry: Entry) -> bool:
        """Say whether somebody has deleted what the entry stands for."""
        names = entry.names
        if len(names) > 1:
            names = tuple(self._name(entry, key, heirs=False) for key in entry.kind.named)
        return names in self._deleted.get(entry.kind, ())

    def existing(self, entry: Entry) -> models.Model | None:
        """Return the row that the entry stands for, if the database has it."""
        if entry.kind.is_judgement:
            return self._records.get(entry.key)
        if entry.kind.model is Publication:
            return self._publication(entry)
        if entry.kind.model is Trial:
            return self._trial(entry)
        if entry.kind.model is Approval:
            return self._by_names(self._approvals, entry)
        if entry.kind.model is Topic:
            return self._by_names(self._topics, entry) or self._topic_of_record(entry)
        return self._terms[entry.kind].get(entry.key)

    def keep(self, entry: Entry, row: models.Model) -> None:
        """Remember the row, so that other entries can name it."""
        self._rows[entry.kind, entry.key] = row

    def row(self, link: Link) -> Any:
        """Return the row that a link leads to (a merged term's heir), or None."""
        row: Any = self._rows.get((link.kind, link.name))
        while (heir := getattr(row, "merged_into", None)) is not None:
            row = heir
        return row

    def is_public(self, row: models.Model) -> bool:
        """Say whether readers see a topic or a fact."""
        if isinstance(row, Topic):
            return row.pk in self._public_topics
        return getattr(row, "accepted_at", True) is not None

    def now_public(self, topic: Topic) -> None:
        """Remember that an assessment of the topic has been published."""
        self._public_topics.add(topic.pk)

    def is_assessed(self, topic: Topic) -> bool:
        """Say whether the topic had an assessment, in any state, before the load."""
        return topic.pk in self._assessed

    def _publication(self, entry: Entry) -> models.Model | None:
        marks = [("starter_key", entry.key)]
        marks += [(name, str(entry.values.get(name) or "")) for name in ("pmid", "doi", "pmcid")]
        for name, value in marks:
            if row := self._publications.get((name, value.lower())):
                return row
        return None

    def _trial(self, entry: Entry) -> models.Model | None:
        if row := self._terms[entry.kind].get(entry.key):
            return row
        for identifier in entry.inside.get("identifiers", ()):
            values = identifier.values
            if row := self._identifiers.get((values.get("registry", ""), values.get("value", ""))):
                return row
        return None

    def _by_names(self, rows: dict[Names, models.Model], entry: Entry) -> models.Model | None:
        """Find what is named by several things, a merged term's own row before its heir's."""
        for heirs in (False, True):
            names = tuple(self._name(entry, key, heirs=heirs) for key in entry.kind.named)
            if row := rows.get(names):
                return row
        return None

    def _name(self, entry: Entry, key: str, *, heirs: bool) -> str:
        link = entry.links.get(key)
        if link is None:
            return str(entry.values.get(key))
        row = self.row(link) if heirs else self._rows.get((link.kind, link.name))
        return str(row.pk) if row is not None else ""

    def _topic_of_record(self, entry: Entry) -> models.Model | None:
        """Find a topic that a curator has changed, by the record of its assessment."""
        for assessment in entry.inside.get("assessment", ()):
            record = self._records.get(assessment.key)
            edition = Assessment.objects.filter(record=record).last() if record else None
            if edition is not None:
                return edition.topic
        return None


def is_discarded(entry: Entry, known: Known) -> bool:
    """Say whether a topic was removed after the draft of its assessment was discarded."""
    return any(
        child.kind is ASSESSMENT and known.existing(child) is not None
        for child in entry.inside.get("assessment", ())
    )


def _by_slug(kind: Kind) -> dict[str, models.Model]:
    rows: Any = kind.model._default_manager.all()
    if any(field.name == "merged_into" for field in kind.model._meta.fields):
        rows = rows.select_related("merged_into")
    return {row.slug: row for row in rows}


def _by_fields(model: type[models.Model], *names: str) -> dict[Names, models.Model]:
    found = {}
    for row in model._default_manager.all():
        values = (row.serializable_value(name) for name in names)
        found[tuple(str(value) for value in values)] = row
    return found


def _publications() -> dict[Names, models.Model]:
    found: dict[Names, models.Model] = {}
    for row in Publication.objects.all():
        for name in ("starter_key", "pmid", "doi", "pmcid"):
            if value := getattr(row, name):
                found[name, str(value).lower()] = row
    return found


def _deleted(kind: Kind) -> frozenset[Names]:
    """Return the names of deleted rows, as the audit log remembers them."""
    fields = ["starter_key" if name == "key" else name for name in kind.named]
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(kind.model),
        action=LogEntry.Action.DELETE,
    )
    changes = [change or {} for change in entries.values_list("changes", flat=True)]
    # A change is a pair of the old value and the new one.
    return frozenset(
        tuple(str(change[field][0]) for field in fields)
        for change in changes
        if all(field in change for field in fields)
    )
