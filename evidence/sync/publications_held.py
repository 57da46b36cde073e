"""What is held of publications and of their records, read for a whole batch at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Protocol

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from evidence.models import Drift, Publication, RegistryRecord
from evidence.registries.records import PublicationRecord, Unreadable
from evidence.sync.comparing import Card, Decision, Meeting, card
from evidence.sync.publication_fields import SOURCES, STANDING
from evidence.sync.publications_log import Log
from evidence.sync.publications_same import (
    NUMBERS,
    numbers_of,
    refuse_another_number,
    refuse_another_title,
)
from evidence.sync.snapshots import Kept
from evidence.vocab import Source, Standing

TWICE = "It gives numbers of two of ours, {ours}: look at both."


class Incoming(Protocol):
    """What came in, as far as finding it asks."""

    @property
    def kept(self) -> Kept:
        """Its payload."""

    @property
    def record(self) -> PublicationRecord:
        """What the payload says."""


class Held:
    """The records, publications and open cards that a batch may touch."""

    def __init__(
        self,
        records: Iterable[RegistryRecord],
        publications: Iterable[Publication],
        cards: Iterable[Drift],
    ) -> None:
        self.records = {(row.source, row.value): row for row in records}
        self.publications = {row.pk: row for row in publications}
        self.cards = {(row.record_id, row.field): row for row in cards}
        self.by_number: dict[tuple[str, str], int] = {}
        self.log = Log(self.publications)
        self.of_publication: dict[int, list[RegistryRecord]] = defaultdict(list)
        for publication in self.publications.values():
            self._number(publication)
        for row in self.records.values():
            if row.publication_id:
                self.of_publication[row.publication_id].append(row)

    def _number(self, publication: Publication) -> None:
        for key in _numbers(publication):
            self.by_number[key] = publication.pk

    def add(self, publication: Publication, row: RegistryRecord) -> None:
        """Know a publication and a record from now on, for what follows in the batch."""
        self.publications[publication.pk] = publication
        self._number(publication)
        self.records[row.source, row.value] = row
        if row not in self.of_publication[publication.pk]:
            self.of_publication[publication.pk].append(row)

    def forget(self, one: Incoming) -> None:
        """Read a record again whose change was undone, with its publication and cards."""
        row = self.records.pop(one.kept.key, None)
        if row is None or (found := _rows().filter(pk=row.pk).first()) is None:
            return
        self.records[one.kept.key] = found
        if (publication := self.publications.get(found.publication_id or 0)) is not None:
            publication.refresh_from_db()
        self.read_cards(found)

    def read_cards(self, row: RegistryRecord) -> None:
        """Read the open cards of a record again."""
        self.cards = {key: it for key, it in self.cards.items() if key[0] != row.pk}
        for it in Drift.objects.filter(record=row, decided_at=None):
            self.cards[row.pk, it.field] = it

    def find(
        self, one: Incoming, row: RegistryRecord | None, *, by_own_number: bool = False
    ) -> Publication | None:
        """Return the publication that a record is of; Unreadable where it is two of ours.

        Nor is it one whose other numbers, or without any its title, differ; but by its source's
        own number alone it always is.
        """
        numbers = _numbers(one.record)
        if by_own_number:
            own = "pmid" if one.record.source == Source.PUBMED else "doi"
            numbers = {each for each in numbers if each[0] == own}
        found = {self.by_number.get(key) for key in numbers}
        if row is not None and row.publication_id is not None and row.snapshot is not None:
            found = {row.publication_id}
        keys = sorted(key for key in found if key is not None)
        if len(keys) > 1:
            ours = " and ".join(self._told(key, one.record) for key in keys)
            raise Unreadable(TWICE.format(ours=ours))
        publication = self.publications[keys[0]] if keys else None
        if publication is not None and not by_own_number:
            refuse_another_number(one.record, publication, row)
        refuse_another_title(one.record, publication, row)
        return publication

    def _told(self, key: int, record: PublicationRecord) -> str:
        same = {name for name, _ in _numbers(record) & _numbers(self.publications[key])}
        by = ", ".join(label for name, label in NUMBERS if name in same)
        return f"P{key} (by its {by})" if by else f"P{key}"

    def is_left_out(self, one: Incoming) -> bool:
        """Say whether a person deleted or turned down what has one of a record's numbers."""
        rows = (self.records.get((source, key)) for source in SOURCES for key in _keys(one))
        return any(row is not None and row.publication_id is None for row in rows)

    def other_sources(self, row: RegistryRecord) -> list[str]:
        """Return whose other records have been read for the fields of its publication."""
        return [other.source for other in self._others(row) if other.reader]

    def other_standings(self, row: RegistryRecord) -> list[str]:
        """Return what the other records of its publication make of that."""
        return [other.values.get(STANDING, Standing.CURRENT) for other in self._others(row)]

    def _others(self, row: RegistryRecord) -> list[RegistryRecord]:
        rows = self.of_publication.get(row.publication_id or 0, ())
        return [other for other in rows if other.pk != row.pk and other.vanished_on is None]

    def has_card(self, row: RegistryRecord, name: str) -> bool:
        """Say whether a change of a field waits for a person."""
        return (row.pk, name) in self.cards

    def keep_card(
        self,
        row: RegistryRecord,
        publication: Publication,
        name: str,
        met: Meeting,
        decision: Decision,
    ) -> None:
        """Open, change or close the card of a field."""
        drift = self.cards.get((row.pk, name))
        told = ("ours", "before", "after", "applied")
        open_one = Card(**{part: getattr(drift, part) for part in told}) if drift else None
        wanted = card(open_one, met, decision)
        if wanted == open_one:
            return
        if wanted is None:
            if drift is not None:
                drift.delete()
            self.cards.pop((row.pk, name), None)
            return
        drift = drift or Drift(
            record=row, publication=publication, field=name, opened_at=timezone.now()
        )
        for part in told:
            setattr(drift, part, getattr(wanted, part))
        drift.save()
        self.cards[row.pk, name] = drift


def hold(news: Sequence[Incoming]) -> Held:
    """Read what a batch may touch, the publications locked; five queries."""
    values = {key for one in news for key in _keys(one)}
    numbers = {number for one in news for number in _numbers(one.record)}
    named = _rows().filter(source__in=SOURCES, value__in=values)
    keys = {row.publication_id for row in named if row.publication_id}
    asked = _asked(numbers, keys)
    locked = Publication.objects.select_for_update(of=("self",)).annotate(doi_low=Lower("doi"))
    publications = list(locked.filter(asked).order_by("pk")) if news else []
    of_them = _rows().filter(publication__in=[row.pk for row in publications])
    records = {row.pk: row for row in (*named, *of_them)}
    cards = Drift.objects.filter(record__in=records, decided_at=None)
    return Held(records.values(), publications, cards)


def _rows() -> Any:
    rows = RegistryRecord.objects.select_related("snapshot").order_by("pk")
    return rows.defer("snapshot__payload")


def _asked(numbers: Collection[tuple[str, str]], keys: Collection[int]) -> Q:
    by_name: dict[str, list[str]] = defaultdict(list)
    for name, number in numbers:
        by_name[name].append(number)
    return (
        Q(pk__in=keys)
        | Q(pmid__in=[int(number) for number in by_name["pmid"]])
        | Q(doi_low__in=by_name["doi"])
        | Q(pmcid__in=by_name["pmcid"])
    )


def _numbers(row: PublicationRecord | Publication) -> set[tuple[str, str]]:
    return {*numbers_of(row).items()}


def _keys(one: Incoming) -> set[str]:
    """Return the values under which a source may have its record."""
    return {one.kept.payload.value, *(it for _, it in _numbers(one.record))}
