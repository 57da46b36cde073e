"""Entries into rows: the database refuses, and what it refuses becomes a fault with its line."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction

from evidence import vocab
from evidence.models import (
    Assessment,
    Edition,
    Fact,
    Publication,
    Record,
    SourcedEdition,
    Topic,
)
from evidence.starter.entries import Entry, Link
from evidence.starter.faults import Faults
from evidence.starter.known import Known, is_discarded
from evidence.starter.schema import ASSESSMENT
from evidence.starter.tally import Counts

HELD_BACK = "Loaded as a draft: readers do not see its source, its trial or its topic."


class Writer:
    """Creates the entries that the database lacks, each in a savepoint of its own."""

    def __init__(self, *, known: Known, faults: Faults, now: dt.datetime) -> None:
        self.known = known
        self.faults = faults
        self.now = now
        self.counts = Counts()
        # Whether readers see anything that they did not see before.
        self.is_public = False
        # The assessments that were published, with the entries that they come from.
        self.assessments: list[tuple[Entry, Assessment]] = []
        # Links within a kind, which may lead to an entry that comes later.
        self._later: list[tuple[models.Model, str, tuple[Link, ...]]] = []

    def bring_in(self, entry: Entry, parent: models.Model | None = None) -> None:
        """Create what the entry stands for, or find it and leave it as it is."""
        row = self.known.existing(entry)
        if row is not None or self._stands_already(entry, parent):
            self.counts.present[entry.kind.plural] += 1
        elif self._is_out(entry):
            self.counts.left_out[entry.kind.plural] += 1
            return
        else:
            row = self._create(entry, parent)
            if row is None:
                return
            self._count(entry, row)
            self._write_inside(entry, row)
        if row is not None and not entry.kind.is_judgement:
            self.known.keep(entry, row)
        if isinstance(row, Topic):
            self._bring_in_judgements(entry, row)

    def finish(self) -> None:
        """Set the links that had to wait until all entries were there."""
        for row, name, links in self._later:
            self._set_many(row, name, links)

    def _stands_already(self, entry: Entry, parent: models.Model | None) -> bool:
        """A curator's assessment of a topic stands; ours is then not wanted."""
        return (
            entry.kind is ASSESSMENT
            and isinstance(parent, Topic)
            and self.known.is_assessed(parent)
        )

    def _is_out(self, entry: Entry) -> bool:
        gone = self.known.is_taken_out(entry) or is_discarded(entry, self.known)
        return gone or any(self.known.row(link) is None for link in entry.links.values())

    def _bring_in_judgements(self, entry: Entry, topic: Topic) -> None:
        for children in entry.inside.values():
            for child in children:
                self.bring_in(child, topic)

    def _create(self, entry: Entry, parent: models.Model | None) -> Any:
        row: Any = entry.kind.model(**entry.values)
        for name, link in entry.links.items():
            setattr(row, name, self.known.row(link))
        if parent is not None:
            setattr(row, entry.kind.parent, parent)
        if isinstance(row, Fact):
            row.origin, row.accepted_at = vocab.Origin.STARTER, self.now
        if isinstance(row, Publication):
            row.starter_key = entry.key
        if isinstance(row, Edition):
            self._set_state(entry, row)
        return row if self._save(entry, row) else None

    def _set_state(self, entry: Entry, row: Edition) -> None:
        row.origin = vocab.Origin.STARTER
        if not entry.is_published:
            if isinstance(row, SourcedEdition):
                row.figures_unchecked = True  # what was seen in its source is published
            return
        if self._may_be_published(entry, row):
            row.state, row.published_at = vocab.State.PUBLISHED, self.now
        else:
            row.note = f"{row.note}\n{HELD_BACK}".strip()

    def _may_be_published(self, entry: Entry, row: Edition) -> bool:
        """No public row may lead to one that readers do not see."""
        shown = [self.known.row(link) for link in entry.links.values()]
        topic = getattr(row, "topic", None)
        if topic is not None and entry.kind is not ASSESSMENT:
            shown.append(topic)
        return all(self.known.is_public(other) for other in shown)

    def _save(self, entry: Entry, row: models.Model) -> bool:
        try:
            with transaction.atomic():
                row.clean()
                if isinstance(row, Edition):
                    row.record = Record.objects.create(kind=row.KIND, starter_key=entry.key)
                row.save()
                for name, links in entry.many.items():
                    if entry.kind.many[name].related_model is entry.kind.model:
                        self._later.append((row, name, links))
                    else:
                        self._set_many(row, name, links)
        except ValidationError as refusal:
            self._explain(entry, refusal)
        except IntegrityError:
            self._diagnose(entry, row)
        else:
            return True
        return False

    def _set_many(self, row: models.Model, name: str, links: tuple[Link, ...]) -> None:
        rows = [self.known.row(link) for link in links]
        getattr(row, name).add(*(other for other in rows if other is not None))

    def _explain(self, entry: Entry, refusal: ValidationError) -> None:
        for name, messages in refusal.message_dict.items():
            key = "" if name == NON_FIELD_ERRORS else name
            for message in messages:
                words = f"{key}: {message}" if key in entry.places else message
                self.faults.add(entry.place_of(key), f"{entry}: {words}")

    def _diagnose(self, entry: Entry, row: models.Model) -> None:
        """Ask each constraint by itself which of them refused the row."""
        before = len(self.faults.found)
        try:
            row.validate_unique()
        except ValidationError as refusal:
            self._explain(entry, refusal)
        for constraint in row._meta.constraints:
            try:
                constraint.validate(type(row), row)
            except ValidationError as refusal:
                place = entry.place_of(*_fields_of(constraint))
                self.faults.add(place, f"{entry}: {' '.join(refusal.messages)}")
        if len(self.faults.found) == before:
            self.faults.add(entry.place, f"{entry}: The database refuses this.")

    def _write_inside(self, entry: Entry, row: models.Model) -> None:
        """Create what belongs to the row alone: arms, identifiers, phases, papers, partners."""
        for children in entry.inside.values():
            for child in children:
                whole = all(self.known.row(link) is not None for link in child.links.values())
                if not child.kind.is_judgement and whole:
                    self._create(child, row)

    def _count(self, entry: Entry, row: models.Model) -> None:
        self.counts.created[entry.kind.plural] += 1
        if isinstance(row, Topic):
            return
        if not isinstance(row, Edition) or row.state == vocab.State.PUBLISHED:
            self.is_public = True
        else:
            self.counts.drafts[entry.kind.plural] += 1
        if isinstance(row, Assessment) and row.state == vocab.State.PUBLISHED:
            self.known.now_public(row.topic)
            self.assessments.append((entry, row))


def _fields_of(constraint: Any) -> list[str]:
    condition = getattr(constraint, "condition", None)
    named = condition.referenced_base_fields if condition is not None else set()
    return [*getattr(constraint, "fields", ()), *sorted(named)]
