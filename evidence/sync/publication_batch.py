"""Publications of one transaction: found here or made, compared, and written down."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction

from evidence.ledger import derivation, reasons
from evidence.models import Publication, RegistryRecord
from evidence.registries import literature
from evidence.registries.records import Fault, PublicationRecord, Unreadable
from evidence.sync import notices, publication_fields, snapshots
from evidence.sync.comparing import Meeting
from evidence.sync.publication_fields import OWNED, STANDING
from evidence.sync.publications_held import Held
from evidence.sync.publications_same import numbers_of
from evidence.sync.refusals import in_words
from evidence.sync.snapshots import Kept
from evidence.sync.tally import Counts
from evidence.vocab import Origin, Source

SAME, CHANGED, CREATED = Counts(same=1), Counts(changed=1), Counts(created=1)
MOST_OF_TITLE = 200
"""So many characters of a title say of what a fault is."""
REFUSED = (ValidationError, IntegrityError, DataError, OverflowError, UnicodeError)


@dataclass(frozen=True, kw_only=True, slots=True)
class News:
    """A payload, read: `values` by field, `day` that of the source's data."""

    kept: Kept
    record: PublicationRecord
    values: dict[str, str]
    standing: str
    day: dt.date | None

    @property
    def about(self) -> str:
        """Its number, as people write it, or else its title."""
        if not numbers_of(self.record):
            return f"“{self.record.title[:MOST_OF_TITLE]}”"
        number = self.kept.payload.value
        return f"PMID {number}" if self.kept.payload.source == Source.PUBMED else number


class Batch:
    """Publications under way in one transaction."""

    def __init__(self, *, held: Held, standing_only: bool) -> None:
        self.held = held
        self.standing_only = standing_only
        self.faults: list[Fault] = []
        self.seen: set[str] = set()  # hashes of payloads that were kept before this batch
        self.touched: set[int] = set()
        self.looked_at: dict[dt.date, list[int]] = {}

    def take(self, one: News) -> Counts:
        """Bring one in; what cannot be is a fault, and the others go on."""
        row = self.held.records.get(one.kept.key)
        if row is not None and row.publication_id and self._is_same(row, one):
            self._look(row, one)
            return SAME
        faults = len(self.faults)
        try:
            with transaction.atomic():
                counts = self._take(one, row)
        except (Unreadable, *REFUSED) as error:
            self.faults.append(Fault(about=one.about, sentence=_in_words(error)))
            self.held.forget(one)
            return Counts(failed=1)
        return Counts(failed=1) if len(self.faults) > faults else counts

    def _is_same(self, row: RegistryRecord, one: News) -> bool:
        """Say whether a payload says nothing new: it was read, or another one since."""
        if row.snapshot is None:
            return False
        only_standing = self.standing_only and not row.reader
        if not only_standing and row.reader != literature.READER:
            return False
        return row.snapshot.sha256 == one.kept.sha256 or self._is_older(row, one)

    def _is_older(self, row: RegistryRecord, one: News) -> bool:
        """Say whether a payload is what its source said once, such as that of an old file."""
        seen = one.kept.sha256 in self.seen
        if one.day is None or row.checked_on is None:
            return seen
        return one.day < row.checked_on or (seen and one.day == row.checked_on)

    def _look(self, row: RegistryRecord, one: News) -> None:
        older = row.checked_on is None or (one.day is not None and row.checked_on < one.day)
        if one.day is not None and (older or row.vanished_on is not None):
            self.looked_at.setdefault(one.day, []).append(row.pk)

    def _take(self, one: News, row: RegistryRecord | None) -> Counts:
        publication = self.held.find(one, row, by_own_number=self.standing_only)
        if publication is None:
            if self.standing_only or self.held.is_left_out(one):
                return Counts(left_out=1)
            row = row or _row_of(one)
            made = make_publication(row, one.record)
            self.held.add(made, row)
            _keep(row, one, {**one.values, STANDING: one.standing}, reader=literature.READER)
            return CREATED
        row = row or _row_of(one)
        row.publication = publication
        if row._state.adding:
            row.save()
        self._meet_standing(one, row, publication)
        values = {**row.values, STANDING: one.standing}
        if self.standing_only and not row.reader:
            _keep(row, one, values, reader=0)
        elif self._meet_fields(one, row, publication):
            _keep(row, one, {**values, **one.values}, reader=literature.READER)
        else:
            _keep(row, one, values, reader=row.reader, whole=False)
        self.held.add(publication, row)
        return CHANGED

    def _meet_standing(self, one: News, row: RegistryRecord, publication: Publication) -> None:
        last = publication_fields.said_before(row.values, STANDING)
        met = Meeting(ours=publication.standing, last=last, new=one.standing)
        decision = notices.decide(
            ours=met.ours,
            last=last,
            new=met.new,
            others=self.held.other_standings(row),
            by_a_person=met.new != met.ours and self.held.log.is_standing_a_persons(publication.pk),
            seen=publication.accepted_at is not None,
        )
        if decision.put:
            changed = {STANDING}
            publication.standing = one.standing
            if notices.is_ours(publication.standing_note):
                publication.standing_note = notices.note_of(one.record)
                changed.add("standing_note")
            _save(publication, one, changed)
            self._touch(publication, changed)
        self.held.keep_card(row, publication, STANDING, met, decision)

    def _meet_fields(self, one: News, row: RegistryRecord, publication: Publication) -> bool:
        """Put and compare the other fields; False where that was refused, which is a fault."""
        try:
            with transaction.atomic():
                changed = self._compare(one, row, publication)
                if changed:
                    _save(publication, one, changed)
        except REFUSED as error:
            self.faults.append(Fault(about=one.about, sentence=_why_not(publication, error)))
            publication.refresh_from_db()
            self.held.read_cards(row)
            return False
        self._touch(publication, changed)
        return True

    def _compare(self, one: News, row: RegistryRecord, publication: Publication) -> set[str]:
        changed = set()
        for name in OWNED:
            ours = publication_fields.text_of(publication, name)
            last = publication_fields.said_before(row.values, name)
            if one.values[name] in {ours, last, ""} and not self.held.has_card(row, name):
                continue
            met, decision = publication_fields.compare(
                name,
                ours=ours,
                last=last,
                new=one.values[name],
                source=one.record.source,
                others=self.held.other_sources(row),
                by_a_person=self.held.log.is_a_persons(publication, name, first=last is None),
                seen=publication.accepted_at is not None,
            )
            if decision.put:
                publication_fields.put(publication, name, met.new)
                changed.add(name)
            self.held.keep_card(row, publication, name, met, decision)
        return changed

    def _touch(self, publication: Publication, changed: set[str]) -> None:
        if changed and publication.accepted_at is not None:
            self.touched.add(publication.pk)

    def end(self) -> None:
        """Write down what was only looked at, and work out again what readers see of the rest."""
        for day, keys in self.looked_at.items():
            RegistryRecord.objects.filter(pk__in=keys).update(checked_on=day, vanished_on=None)
        if self.touched:
            derivation.after_sync(publications=sorted(self.touched))


def make_publication(row: RegistryRecord, record: PublicationRecord) -> Publication:
    """Make the publication of a record, which waits for a person, in the caller's transaction.

    Unreadable where it cannot be one here, in the words for that.
    """
    publication = Publication(
        origin=Origin.IMPORT,
        kind=record.kind,
        standing=notices.standing_of(record),
        standing_note=notices.note_of(record),
    )
    values = publication_fields.values_of(record)
    for name, text in values.items():
        publication_fields.put(publication, name, text)
    try:
        with reasons.because(_because(record)), transaction.atomic():
            publication.clean_fields()
            publication.save()
    except REFUSED as error:
        raise Unreadable(_why_not(publication, error)) from error
    row.publication = publication
    row.values = {**values, STANDING: publication.standing}
    row.title, row.reader = values["title"], literature.READER
    row.save()
    return publication


def _save(publication: Publication, one: News, changed: set[str]) -> None:
    publication.clean_fields()
    with reasons.because(_because(one.record)):
        publication.save(update_fields=changed)


def _because(record: PublicationRecord) -> str:
    return f"As {Source(record.source).label} says."


def _row_of(one: News) -> RegistryRecord:
    source, value = one.kept.key
    return RegistryRecord(source=source, value=value)


def _keep(
    row: RegistryRecord, one: News, values: dict[str, str], *, reader: int, whole: bool = True
) -> None:
    """Keep what was read; what is not `whole` is read again when it next comes in."""
    if whole:
        row.snapshot_id = snapshots.keep([one.kept])[one.kept.sha256]
    row.title = one.values["title"]
    row.values = values
    row.reader = reader
    row.vanished_on = None
    row.checked_on = max(filter(None, (row.checked_on, one.day)), default=None)
    row.save()


def _why_not(publication: Publication, error: Exception) -> str:
    """Say why a publication cannot be kept so.

    Its constraints are asked one by one only then: that takes longer than to save it.
    """
    try:
        publication.full_clean()
    except ValidationError as told:
        return _in_words(told)
    return _in_words(error)


def _in_words(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return " ".join(dict.fromkeys(error.messages))
    return str(error) if isinstance(error, Unreadable) else in_words(error)
