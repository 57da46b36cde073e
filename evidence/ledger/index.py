"""The search: entries of what readers see, written with every change, and asked in one place."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import connection, transaction
from django.db.models import Model
from django.db.models.expressions import RawSQL

from evidence.ledger import engines, entries, version
from evidence.ledger.engines import Condition, Phrase, Row
from evidence.ledger.entries import KINDS, kind_token
from evidence.ledger.reach import Reach, reach_of
from evidence.ledger.widening import Terms, trees_of
from evidence.listing.spelling import stem
from evidence.listing.tokens import Query, Word
from evidence.models import DataVersion

__all__ = [
    "KINDS",
    "VERSION",
    "Answer",
    "Overtaken",
    "after_change",
    "answers",
    "is_built",
    "matching",
    "rebuild",
    "write",
]

VERSION = 1
"""Another one whenever entries, or the tokens that they are made of, are made otherwise."""

BATCH = 200
BATCH_OF_TOPICS = 40
"""So many entries are written in one go; a topic's holds the words of all its findings."""

NOTHING = Phrase(("_nothing",))
"""What no entry holds."""


def is_built() -> bool:
    """Say whether the whole index was built, and as this version builds it."""
    return DataVersion.objects.filter(search_version=VERSION).exists()


# --- Writing --------------------------------------------------------------------------------------


def after_change(instance: Model) -> None:
    """Write the entries of a changed row, and those that hold words of it; in its transaction."""
    write_all(reach_of(instance))


def write_all(reach: Reach) -> None:
    """Write the entries of things of several kinds again, or take them out."""
    for kind in KINDS:
        if keys := reach.get(kind):
            write(kind, keys)


def write(kind: str, keys: Collection[int]) -> None:
    """Write the entries of these things again; those that readers do not see are taken out.

    Call it in the transaction of the change, which holds the data version.
    """
    if not keys:
        return
    # A rebuild under way holds entries that it has written already: they change with the others.
    tables = [table for table in (engines.TABLE, engines.NEXT) if engines.is_there(table)]
    for some in _batches(kind, sorted(keys)):
        _write(tables, kind, some)


def _write(tables: Sequence[str], kind: str, keys: Sequence[int]) -> None:
    rows = list(entries.rows(kind, keys))
    for table in tables:
        engines.replace(table, [entries.row_id(kind, key) for key in keys], rows)


class Overtaken(Exception):
    """Another rebuild has begun since, and goes on in place of this one."""

    def __init__(self) -> None:
        super().__init__(
            "Another rebuild of the search began after this one and goes on in its place; "
            "searches find what that one makes."
        )


def rebuild(*, told: Callable[[str, int, int], None] | None = None) -> Mapping[str, int]:
    """Build the whole index anew; return how many entries each kind has.

    Whoever searches finds the old one until all is there, and others write meanwhile: so many
    entries at a time are read and written in a transaction of their own. Inside a transaction all
    of it is part of that. Of several at once the last to begin goes on, and the others raise
    Overtaken. `told` hears of the kind, how many are done and how many there are.
    """
    inside = connection.in_atomic_block
    run = _Run(table=engines.TABLE if inside else engines.NEXT, mark=-1 - secrets.randbits(62))
    # Whoever changes something has ended by now, or finds the table and writes to it too.
    with transaction.atomic():
        version.hold()
        engines.drop(engines.NEXT)
        if inside:
            engines.empty(run.table)
        else:
            engines.make(run.table)
        engines.replace(run.table, [], [Row(run.mark, (), ())])
    for kind in KINDS:
        _fill(run, kind, told)
    with transaction.atomic():
        row = run.hold()
        engines.replace(run.table, [run.mark], [])
        counts = _mend(run.table)
        if not inside:
            engines.finish(run.table)
            engines.put_in_place()
        row.search_version = VERSION
        if row.token:  # pages that were kept may show what the old one found
            row.token = secrets.token_hex(16)
        row.save()
    return counts


@dataclass(frozen=True, kw_only=True, slots=True)
class _Run:
    """A rebuild under way: its table, and the entry that says that the table is still its own.

    The mark goes with the table: a run that was killed leaves nothing that another waits for.
    """

    table: str
    mark: int

    def hold(self) -> DataVersion:
        """Hold the data version; raise Overtaken where another run has taken the table's place."""
        row = version.hold()
        if not engines.holds(self.table, self.mark):
            raise Overtaken
        return row


def _fill(run: _Run, kind: str, told: Callable[[str, int, int], None] | None) -> None:
    with transaction.atomic():
        run.hold()
        keys = list(entries.public_keys(kind))
    done = 0
    for some in _batches(kind, keys):
        with transaction.atomic():
            run.hold()  # a change between reading and writing would be overwritten
            _write([run.table], kind, some)
        done += len(some)
        if told is not None:
            told(kind, done, len(keys))


def _mend(table: str) -> dict[str, int]:
    """Write what is missing, take out what is nothing; return how many entries each kind has."""
    counts: dict[str, int] = {}
    for kind, shown, here in _compared(engines.held(table)):
        engines.replace(table, sorted(here - shown), [])
        for some in _batches(kind, sorted(key >> engines.KIND_BITS for key in shown - here)):
            _write([table], kind, some)
        counts[kind] = len(shown)
    return counts


def faults() -> Iterator[str]:
    """Say how many entries of each kind are missing, or are of nothing that readers see."""
    held = engines.held()
    if held and not is_built():
        yield "The search was built by another version of the program."
    for kind, shown, here in _compared(held):
        for said, several in (("lacks", shown - here), ("holds too many", here - shown)):
            if several:
                yield f"The search {said} entries of this kind: {kind} ({len(several):,})."


def _compared(held: Collection[int]) -> Iterator[tuple[str, set[int], set[int]]]:
    """Give each kind with the entries that it should have, and those that it has."""
    for kind in KINDS:
        shown = {entries.row_id(kind, key) for key in entries.public_keys(kind)}
        number = entries.NUMBERS[kind]
        yield kind, shown, {key for key in held if key % (1 << engines.KIND_BITS) == number}


def _batches(kind: str, keys: Sequence[int]) -> Iterator[Sequence[int]]:
    size = BATCH_OF_TOPICS if kind == "topic" else BATCH
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


# --- Asking ---------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What of a kind answers a query: the keys of all of it, and of what says so in its title."""

    keys: RawSQL
    in_title: RawSQL
    is_empty: bool


def matching(query: Query, kind: str, *, in_title: bool = False) -> RawSQL:
    """Return the keys of the things of a kind that answer a query, for `key__in=…`.

    Topics by their key, findings and harms by their record's. A word that nothing of the kind
    holds is looked for as the beginning of one. A query without words is answered by nothing.
    `in_title`: those alone whose title holds all that is wanted.
    """
    (condition,) = _conditions(query, [kind])
    return engines.keys(replace(condition, in_title=in_title))


def answers(query: Query, kinds: Sequence[str] = KINDS) -> Mapping[str, Answer]:
    """Return what `matching` does for several kinds, in as many queries as for one and one more."""
    conditions = _conditions(query, kinds)
    held = engines.any_of(conditions)
    return {
        kind: Answer(
            keys=engines.keys(condition),
            in_title=engines.keys(replace(condition, in_title=True)),
            is_empty=not is_held,
        )
        for kind, condition, is_held in zip(kinds, conditions, held, strict=True)
    }


def _conditions(query: Query, kinds: Sequence[str]) -> list[Condition]:
    """Return what entries of each kind must hold to answer a query."""
    trees = trees_of(kinds)
    terms = {kind: Terms(kind, trees) for kind in kinds}
    first = [
        Condition(
            kind=kind_token(kind),
            wanted=tuple(_spelt(word, terms[kind]) for word in query.wanted)
            or (() if query else ((NOTHING,),)),
            unwanted=tuple(one for word in query.unwanted for one in _spelt(word, terms[kind])),
        )
        for kind in kinds
    ]
    asked = [
        (place, at)
        for place in range(len(kinds))
        for at, word in enumerate(query.wanted)
        if word.prefix
    ]
    found = engines.any_of(
        [
            replace(first[place], wanted=(first[place].wanted[at],), unwanted=())
            for place, at in asked
        ]
    )
    begun = {one for one, is_held in zip(asked, found, strict=True) if not is_held}
    return [
        replace(
            condition,
            wanted=tuple(
                _begun(query.wanted[at], terms[kind]) if (place, at) in begun else phrases
                for at, phrases in enumerate(condition.wanted)
            ),
        )
        for place, (kind, condition) in enumerate(zip(kinds, first, strict=True))
    ]


def _spelt(word: Word, terms: Terms) -> tuple[Phrase, ...]:
    """Return what a word is found by: its tokens, and the terms that it names."""
    phrases = [Phrase(tokens) for tokens in word.alternatives]
    return (*phrases, *terms.named(phrases))


def _begun(word: Word, terms: Terms) -> tuple[Phrase, ...]:
    """Return what a word that is found nowhere is found by: whatever begins so."""
    begun = [Phrase((one,), open=True) for one in dict.fromkeys((word.prefix, stem(word.prefix)))]
    return (*begun, *terms.named(begun))
