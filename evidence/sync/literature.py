"""Publications from files, and over the wire by a search or by their numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from evidence.registries import crossref, ids, pubmed
from evidence.registries.crossref_client import Crossref
from evidence.registries.files import publication_payloads
from evidence.registries.http import NotFound, TooBig
from evidence.registries.pubmed_client import MOST_FOUND, PubMed
from evidence.registries.records import Fault, Payload, Unreadable
from evidence.sync import publications
from evidence.sync.file_by_file import NOBODY_KNOWS, RECORDS, Told, watched
from evidence.sync.runs import Run
from evidence.sync.tally import Counts

AT_A_TIME = 100
"""So many articles are asked for at once; half of that where they are too big together."""
IN_ONE_GO = 10
"""So many are written in one transaction."""
TOO_MANY = "The search finds {of:,} articles, and PubMed gives {most:,} of one search: narrow it."
NOT_THERE = "PubMed does not know this PMID."
NO_WORK = "Crossref does not know this DOI."
ANOTHER = "Crossref answers with another DOI, {doi}."

MOST_OF_SEARCH = 2000
BLANK = "The search names nothing: say what PubMed is to be asked."
TOO_LONG = "The search has {now:,} characters, and PubMed takes {most:,}: shorten it."

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """The PMIDs and DOIs that somebody named."""

    pmids: tuple[int, ...]
    dois: tuple[str, ...]


def asked(numbers: Iterable[str]) -> Asked:
    """Return which are PMIDs and which DOIs, each once; Unreadable where one is neither."""
    pmids, dois = [], []
    for number in numbers:
        bare = number.strip()
        if (found := ids.pmid(bare)) is not None:
            pmids.append(found)
        elif (work := ids.doi(bare)) is not None:
            dois.append(work)
        else:
            raise Unreadable(f"“{number}” is neither a PMID nor a DOI.")
    return Asked(pmids=tuple(dict.fromkeys(pmids)), dois=tuple(dict.fromkeys(dois)))


def refuse_search(term: str) -> None:
    """Raise Unreadable for a search without a letter or digit, and for one that is too long."""
    if not any(map(str.isalnum, term)):
        raise Unreadable(BLANK)
    if len(term) > MOST_OF_SEARCH:
        raise Unreadable(TOO_LONG.format(now=len(term), most=MOST_OF_SEARCH))


def from_files(run: Run, paths: Sequence[Path], *, told: Told) -> None:
    """Bring in what files and folders hold; what cannot be read is a fault for each."""
    read = 0
    for found in watched(paths, publication_payloads, told):
        for several in _batches(found, IN_ONE_GO):
            _bring_in(run, several)
            read += len(several)
            told(RECORDS, read, NOBODY_KNOWS)


def from_search(run: Run, client: PubMed, term: str, *, today: dt.date, told: Told) -> None:
    """Bring in what PubMed finds; a search that finds more than PubMed gives stops the run."""
    found = client.search(term)
    if found.total > len(found.pmids) and found.total > MOST_FOUND:
        run.stop(TOO_MANY.format(of=found.total, most=MOST_FOUND))
    from_pubmed(run, client, found.pmids, today=today, told=told)


def from_pubmed(
    run: Run, client: PubMed, pmids: Sequence[int], *, today: dt.date, told: Told
) -> None:
    """Bring in articles by their PMIDs; one that PubMed does not know is a fault."""
    done = 0
    for some in _batches(pmids, AT_A_TIME):
        found, faults = fetched(client, some)
        there = {one.value for one in found} | {one.about.removeprefix("PMID ") for one in faults}
        lacking = [number for number in some if str(number) not in there]
        faults += [Fault(about=f"PMID {number}", sentence=NOT_THERE) for number in lacking]
        both: list[Payload | Fault] = [*faults, *found]
        for several in _batches(both, IN_ONE_GO):
            _bring_in(run, several, today=today)
        done += len(some)
        told("Articles", done, len(pmids))


def from_crossref(
    run: Run, client: Crossref, dois: Sequence[str], *, today: dt.date, told: Told
) -> None:
    """Bring in works by their DOIs; one that Crossref does not know is a fault."""
    for number, doi in enumerate(dois, start=1):
        _bring_in(run, [work(client, doi) or Fault(about=doi, sentence=NO_WORK)], today=today)
        told("Works", number, len(dois))


def fetched(client: PubMed, pmids: Sequence[int]) -> tuple[list[Payload], list[Fault]]:
    """Ask PubMed for articles; where they are more than is read at once, for each half."""
    try:
        told = [*pubmed.payloads(client.fetch(pmids))]
    except TooBig:
        if len(pmids) == 1:
            raise
        middle = len(pmids) // 2
        first, second = fetched(client, pmids[:middle]), fetched(client, pmids[middle:])
        return [*first[0], *second[0]], [*first[1], *second[1]]
    payloads = [one for one in told if isinstance(one, Payload)]
    return payloads, [one for one in told if isinstance(one, Fault)]


def work(client: Crossref, doi: str) -> Payload | Fault | None:
    """Ask Crossref for one work; None where it knows none."""
    try:
        found = crossref.payload(client.work(doi))
    except NotFound:
        return None
    except Unreadable as error:
        return Fault(about=doi, sentence=str(error))
    if found.value != doi.lower():
        return Fault(about=doi, sentence=ANOTHER.format(doi=found.value))
    return found


def _bring_in(
    run: Run, several: Sequence[Payload | Fault], *, today: dt.date | None = None
) -> None:
    faults = [one for one in several if isinstance(one, Fault)]

    def write_down(counts: Counts, more: list[Fault]) -> None:
        run.step(counts + Counts(failed=len(faults)), faults=[*faults, *more])

    publications.bring_in(
        [one for one in several if isinstance(one, Payload)],
        checked_on=today,
        dry_run=run.dry_run,
        write_down=write_down,
        tell=run.tell,
    )


def _batches(several: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield what comes in, in lists of so many."""
    left = iter(several)
    while some := list(islice(left, size)):
        yield some
