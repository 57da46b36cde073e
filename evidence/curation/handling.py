"""What every move shares: one transaction, the record locked first, a name and a reason logged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.deletion import ProtectedError

from evidence.curation.allowed import Move, name, why_not
from evidence.curation.errors import NotAllowed, in_words
from evidence.ledger import version
from evidence.ledger.actors import acting
from evidence.ledger.reasons import because
from evidence.models import Edition, Record, Step
from evidence.models.steps import NOTE_LENGTH
from evidence.vocab import Verb

GONE = "This edition is not there any more: its draft was discarded."
CHANGED = (
    "{name} was changed meanwhile, so nothing was done. Look at it as it stands now, then decide "
    "again."
)
WITHOUT_A_NOTE = "Say why: a note is needed here."


@contextmanager
def handled(
    *editions: Edition, move: Move, by: Any, note: str, seen: int | None = None
) -> Iterator[list[Any]]:
    """Lock the records of some editions, check the move of each, and give them as they now stand.

    Everything inside the block is one transaction: what raises leaves nothing behind. Raises
    NotAllowed in words for the person, also for what only the database refuses.
    """
    if len(note) > NOTE_LENGTH:
        raise NotAllowed(f"A note has at most {NOTE_LENGTH:,} characters; this has {len(note):,}.")
    try:
        with transaction.atomic(), acting(by), because(note):
            fresh = _locked(editions)
            for edition in fresh:
                _check(edition, move=move, by=by, seen=seen)
            yield fresh
    except IntegrityError as error:
        # ProtectedError is one too, and names no constraint.
        said = str(error.args[0]) if isinstance(error, ProtectedError) else in_words(error)
        raise NotAllowed(said) from error


def needed(note: str) -> str:
    """Return a note without the blanks around it; raise NotAllowed where none is left."""
    if not note.strip():
        raise NotAllowed(WITHOUT_A_NOTE)
    return note.strip()


def keep_step(edition: Edition, verb: Verb, *, by: Any, note: str, to: Any = None) -> None:
    """Write down what was done to a record."""
    Step.objects.create(
        record_id=edition.record_id, number=edition.number, verb=verb, by=by, note=note, to=to
    )


def _locked(editions: Sequence[Edition]) -> list[Any]:
    if any(edition.pk is None for edition in editions):
        raise NotAllowed(GONE)
    version.hold()
    records = sorted({edition.record_id for edition in editions})
    list(Record.objects.select_for_update().filter(pk__in=records).order_by("pk"))
    fresh = []
    for edition in editions:
        rows = type(edition)._default_manager.select_for_update(of=("self",))
        row = rows.filter(pk=edition.pk).first()
        if row is None:
            raise NotAllowed(GONE)
        fresh.append(row)
    return fresh


def _check(edition: Edition, *, move: Move, by: Any, seen: int | None) -> None:
    if seen is not None and seen != edition.lock_version:
        raise NotAllowed(CHANGED.format(name=name(edition).rstrip(",")))
    reason = why_not(move, edition, by=by)
    if reason:
        raise NotAllowed(reason)
