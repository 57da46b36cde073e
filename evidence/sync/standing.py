"""What has become of every publication held here, asked of PubMed and of Crossref."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from django.db.models import Q

from evidence.ledger import version
from evidence.models import Publication, RegistryRecord
from evidence.registries import ids, literature
from evidence.registries.crossref_client import Crossref
from evidence.registries.pubmed_client import PubMed
from evidence.registries.records import Fault, Payload, Unreadable
from evidence.sync import notices, publications
from evidence.sync.census import is_too_few
from evidence.sync.file_by_file import Told
from evidence.sync.literature import AT_A_TIME, IN_ONE_GO, fetched, work
from evidence.sync.runs import Run
from evidence.sync.tally import Counts
from evidence.vocab import Source, Standing

MOST_RAISED_AT_ONCE = 3
"""So many papers of which a source tells something new are written in one transaction.

What readers see of their topics is worked out again in it.
"""
GONE = "PubMed does not know it any more."
TOO_FEW = (
    "PubMed returned {now:,} of {of:,} articles that are held here; no more was changed. Look "
    "again later."
)

Asked = list[tuple[int, str]]
"""Keys of publications, each with the number that its source is asked for."""


@dataclass(kw_only=True, slots=True)
class Looked:
    """What a source said of some publications, by their keys: payloads, and what went wrong.

    `gone` are those that it does not know any more, and `fresh` those of them that it did.
    """

    payloads: dict[int, Payload] = field(default_factory=dict)
    faults: dict[int, Fault] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    fresh: set[int] = field(default_factory=set)


def check(run: Run, *, pubmed: PubMed, crossref: Crossref, today: dt.date, told: Told) -> None:
    """Look up every publication with a PMID and then every one with a DOI, from the run's cursor.

    A retraction, a concern or a correction that is new stands here afterwards, or waits for a
    person where one had said otherwise. What PubMed does not know any more is marked, once.
    """
    phase, _, last = run.cursor.partition(":")
    after = int(last) if last.isascii() and last.isdigit() else 0
    if phase != Source.CROSSREF:
        _check(
            _asked("pmid"),
            after if phase == Source.PUBMED else 0,
            lambda batch: _look_at_pubmed(run, pubmed, batch, today),
            lambda done, of: told("PubMed", done, of),
            size=AT_A_TIME,
        )
    _check(
        _asked("doi"),
        after if phase == Source.CROSSREF else 0,
        lambda batch: _look_at_crossref(run, crossref, batch, today),
        lambda done, of: told("Crossref", done, of),
        size=IN_ONE_GO,
    )


def _check(
    several: Asked,
    after: int,
    look: Callable[[Asked], None],
    told: Callable[[int, int], None],
    *,
    size: int,
) -> None:
    """Look at what comes after a key, so many at a time."""
    left = [one for one in several if one[0] > after]
    for start in range(0, len(left), size):
        batch = left[start : start + size]
        look(batch)
        told(len(several) - len(left) + start + len(batch), len(several))


def _asked(name: str) -> Asked:
    rows = Publication.objects.exclude(**{name: None if name == "pmid" else ""}).order_by("pk")
    matches = ids.pmid if name == "pmid" else ids.doi
    numbers = ((key, str(number)) for key, number in rows.values_list("pk", name))
    return [(key, number) for key, number in numbers if matches(number) is not None]


# --- PubMed ---


def _look_at_pubmed(run: Run, client: PubMed, batch: Asked, today: dt.date) -> None:
    found, faults = fetched(client, [int(number) for _, number in batch])
    told = {one.value: one for one in found}
    unread = {fault.about.removeprefix("PMID "): fault for fault in faults}
    asked = {number for _, number in batch}
    # Of an article that could not be read nobody knows whether it is one of these.
    gone = asked - {*told, *unread} if unread.keys() <= asked else set()
    fresh = gone - _vanished_before(gone)
    known = len(batch) - len(gone) + len(fresh)
    if is_too_few(known - len(fresh), of=known):
        run.stop(TOO_FEW.format(now=known - len(fresh), of=known))
    looked = Looked(
        payloads={key: told[number] for key, number in batch if number in told},
        faults={key: unread[number] for key, number in batch if number in unread},
        gone={key for key, number in batch if number in gone},
        fresh={key for key, number in batch if number in fresh},
    )
    _write(run, Source.PUBMED, batch, looked, today=today)


def _vanished_before(numbers: Collection[str]) -> set[str]:
    rows = RegistryRecord.objects.filter(
        source=Source.PUBMED, value__in=numbers, vanished_on__isnull=False
    )
    return {*rows.order_by().values_list("value", flat=True)}


# --- Crossref ---


def _look_at_crossref(run: Run, client: Crossref, batch: Asked, today: dt.date) -> None:
    """Look up works one by one; a DOI that Crossref does not know is another agency's."""
    looked = Looked()
    for key, number in batch:
        one = work(client, number)
        if isinstance(one, Fault):
            looked.faults[key] = one
        elif one is not None:
            looked.payloads[key] = one
    _write(run, Source.CROSSREF, batch, looked, today=today)


# --- Writing ---


def _write(run: Run, source: Source, batch: Asked, looked: Looked, *, today: dt.date) -> None:
    """Write what a source said of some publications, few in a transaction."""
    for part in _parts(batch, _raised(looked.payloads)):
        _write_part(run, source, part, looked, today=today)


def _parts(batch: Asked, raised: Collection[int]) -> Iterator[Asked]:
    """Part what was asked into what is written in one transaction."""
    some: Asked = []
    several = 0
    for one in batch:
        some.append(one)
        several += one[0] in raised
        if len(some) == IN_ONE_GO or several == MOST_RAISED_AT_ONCE:
            yield some
            some, several = [], 0
    if some:
        yield some


def _raised(payloads: Mapping[int, Payload]) -> set[int]:
    """Return the publications that readers see of which a source tells what does not stand here."""
    told = {}
    for key, one in payloads.items():
        with suppress(Unreadable):  # a fault, where it is written
            told[key] = notices.standing_of(literature.read(one.source, one.data))
    telling = [key for key, standing in told.items() if standing != Standing.CURRENT]
    rows = Publication.objects.public().filter(pk__in=telling).order_by()
    return {key for key, ours in rows.values_list("pk", "standing") if ours != told[key]}


def _write_part(run: Run, source: Source, part: Asked, looked: Looked, *, today: dt.date) -> None:
    """Write what was said of some, and where to go on, in one transaction."""
    keys = [key for key, _ in part if key in looked.payloads]
    wrong = [looked.faults[key] for key, _ in part if key in looked.faults]
    fresh = {number: key for key, number in part if key in looked.fresh}
    own = Counts(
        vanished=len(fresh),
        same=sum(key in looked.gone - looked.fresh for key, _ in part),
        failed=len(wrong),
    )

    def write_down(counts: Counts, faults: list[Fault]) -> None:
        _mark_vanished(fresh, today)
        _mark_checked(keys, today)
        lines = [Fault(about=f"PMID {number}", sentence=GONE) for number in fresh]
        run.step(counts + own, cursor=f"{source}:{part[-1][0]}", faults=[*wrong, *faults, *lines])

    publications.look_at_standing(
        [looked.payloads[key] for key in keys],
        today=today,
        dry_run=run.dry_run,
        write_down=write_down,
        tell=run.tell,
    )


def _mark_vanished(gone: Mapping[str, int], today: dt.date) -> None:
    """Note of articles that PubMed does not know them any more."""
    for number, key in gone.items():
        RegistryRecord.objects.update_or_create(
            source=Source.PUBMED,
            value=number,
            defaults={"vanished_on": today},
            create_defaults={"vanished_on": today, "publication_id": key},
        )


def _mark_checked(keys: Collection[int], today: dt.date) -> None:
    """Note when publications were looked up: the log of what people changed is not for that."""
    older = Q(standing_checked_on__isnull=True) | Q(standing_checked_on__lt=today)
    rows = Publication.objects.filter(older, pk__in=keys)
    shown = rows.filter(accepted_at__isnull=False).exists()
    if rows.update(standing_checked_on=today) and shown:
        version.touch()
