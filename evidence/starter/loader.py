"""Read the starter evidence, look at all of it, and load what the database lacks.

All of it is one transaction of a few seconds, before anybody works with the copy. Rows are saved
one by one, not in bulk: each then has its entry in the audit log, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from evidence.ledger import derivation, index, version
from evidence.ledger.reasons import because, via
from evidence.models import Record, Topic
from evidence.starter.checking import entry_of
from evidence.starter.claims import FILES as CLAIM_FILES
from evidence.starter.claims import look_at_claims, read_claims
from evidence.starter.consistency import Book, look_at_all, parent_of
from evidence.starter.entries import Entry
from evidence.starter.faults import Faults, Place
from evidence.starter.known import Known
from evidence.starter.reading import read_file
from evidence.starter.schema import KINDS
from evidence.starter.tally import Tally
from evidence.starter.writing import Writer

DATA = Path(__file__).parent / "data"
REASON = "Starter evidence"


def is_empty() -> bool:
    """Say whether the database has no public topic and nothing of the starter evidence."""
    started = Record.objects.filter(starter_key__isnull=False)
    return not started.exists() and not Topic.objects.public().exists()


def load_starter(folder: Path | None = None) -> Tally:
    """Load what the database lacks of the starter evidence; raise StarterFault or do all of it.

    Whatever is there already, and whatever people have deleted, stays as it is.
    """
    return _load(folder or DATA, keep=True)


def check_starter(folder: Path | None = None) -> Tally:
    """Do what `load_starter` does, raise what it raises, and keep nothing."""
    return _load(folder or DATA, keep=False)


def read_starter(folder: Path, faults: Faults) -> Book:
    """Return the entries of a starter folder; what is wrong with them goes to `faults`."""
    entries: list[Entry] = []
    for kind in KINDS:
        for path in sorted(folder.glob(kind.files)):
            name = path.relative_to(folder).as_posix()
            nodes = read_file(path, name, faults)
            found = [entry_of(kind, node, faults) for node in nodes]
            entries += [entry for entry in found if entry]
    _strange_files(folder, faults)
    book = Book(entries)
    look_at_all(book, faults)
    look_at_claims(read_claims(folder, faults), book, faults)
    return book


def _strange_files(folder: Path, faults: Faults) -> None:
    """A misspelt file name would silently leave its entries out."""
    patterns = [*(kind.files for kind in KINDS), CLAIM_FILES]
    known = {path for pattern in patterns for path in folder.glob(pattern)}
    if not known:
        faults.add(Place(str(folder), 1), "There is no starter evidence in this folder.")
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".yaml", ".yml"} and path not in known:
            place = Place(path.relative_to(folder).as_posix(), 1)
            faults.add(place, f"A file here is called one of: {', '.join(patterns)}.")


def _load(folder: Path, *, keep: bool) -> Tally:
    faults = Faults()
    book = read_starter(folder, faults)
    faults.stop()
    with transaction.atomic(), because(REASON), via("load_starter"):
        version.hold()
        writer = Writer(known=Known(), faults=faults, now=timezone.now())
        for entry in _in_order(book):
            writer.bring_in(entry)
        writer.finish()
        faults.stop()
        if writer.counts.created:
            derivation.rederive()
            _look_at_reasons(writer, faults)
            faults.stop()
        if writer.is_public:
            index.rebuild()
            version.bump()
        if not keep:
            transaction.set_rollback(True)
    return writer.counts.tally()


def _look_at_reasons(writer: Writer, faults: Faults) -> None:
    """Refuse a published word that is not the rule's and gives no reason."""
    if writer.known.has_peoples_work:
        return  # the rule has read people's work too, for which these files cannot answer
    for entry, assessment in writer.assessments:
        assessment.topic.refresh_from_db()
        rule = assessment.topic
        if not assessment.agrees and not assessment.reason:
            faults.add(
                entry.place_of("status"),
                f"{entry}: The rule says {rule.rule_status} ({rule.rule}), and this "
                f"{assessment.status}: give the reason, and review_by.",
            )
        elif assessment.reason and assessment.rule_answered != rule.rule:
            assessment.rule_answered = rule.rule
            assessment.save(update_fields=["rule_answered"])


def _in_order(book: Book) -> Iterable[Entry]:
    """Return the entries so that what is named comes before what names it."""
    for kind in KINDS:
        yield from sorted(book.of(kind), key=lambda entry: _depth(entry, book))


def _depth(entry: Entry, book: Book) -> int:
    link = parent_of(entry)
    wider = book.find(link.kind, link.name) if link else None
    return _depth(wider, book) + 1 if wider else 0
