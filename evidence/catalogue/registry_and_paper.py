"""Where the registry and a paper say different things of one trial: set beside each other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import eq
from typing import Any

from django.utils.safestring import SafeString

from evidence.models import Publication, Trial, TrialPublication
from evidence.templatetags.words import day, number, unbroken
from evidence.vocab import EnrolmentType, PublicationRelation, Source

REGISTRY_AND_PAPER = "Registry and paper"
NOTED = "That they differ is noted here, not judged: each stands as its source gives it."
# Reviews and mentions say of a trial what others said before.
OF_THE_TRIAL = frozenset(
    {
        PublicationRelation.REPORTS,
        PublicationRelation.PROTOCOL,
        PublicationRelation.SECONDARY,
        PublicationRelation.FOLLOW_UP,
    }
)


def same_day(one: str, other: str) -> bool:
    """Say whether two dates may be one, as far as the less precise of them goes."""
    precision = min(len(one), len(other))
    return one[:precision] == other[:precision]


def same_words(one: str, other: str) -> bool:
    """Say whether two texts have the same words, or one is not given."""
    mine, theirs = _words(one), _words(other)
    return not mine or not theirs or mine == theirs


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold())


@dataclass(frozen=True, kw_only=True)
class Thing:
    """One thing that a registry and a publication may both say of a trial.

    `published` is the field of what the publication says, `registered` of what the registry does;
    `written` writes a value for a page. Of `wording` only the words are compared, and a table says
    no more than that they are others.
    """

    name: str
    published: str
    registered: str
    same: Callable[[Any, Any], bool]
    written: Callable[[Any], SafeString]
    wording: bool = False


THINGS = (
    Thing(
        name="people",
        published="people",
        registered="enrolment",
        same=eq,
        written=lambda value: SafeString(number(value)),
    ),
    Thing(name="start", published="start", registered="start", same=same_day, written=day),
    Thing(
        name="completion",
        published="completion",
        registered="completion",
        same=same_day,
        written=day,
    ),
    Thing(
        name="primary outcome",
        published="primary_outcome",
        registered="primary_outcome",
        same=same_words,
        written=unbroken,
        wording=True,
    ),
)


@dataclass(frozen=True, kw_only=True)
class Pair:
    """What a publication says of one thing, beside what the registry says; "" or None: nothing."""

    thing: Thing
    registered: Any
    published: Any
    enrolment_type: str
    row: TrialPublication

    @property
    def comparable(self) -> bool:
        """Whether the registry says anything of it."""
        return _said(self.registered)

    @property
    def differs(self) -> bool:
        """Whether both say something, and not the same."""
        return self.comparable and not self.thing.same(self.registered, self.published)

    @property
    def planned(self) -> str:
        """What follows the registry's number of people where it is planned."""
        estimated = self.enrolment_type == EnrolmentType.ESTIMATED
        return " planned" if estimated and self.thing.registered == "enrolment" else ""


def registered(trial: Trial) -> Mapping[str, Any]:
    """Return what the registry says of a trial, by field: as last read, or else as it is here.

    What a curator corrected here is ours, and nothing that the registry says.
    """
    names = (*(thing.registered for thing in THINGS), "enrolment_type")
    records = trial.registry_records.all() if trial.pk else ()
    read = [one for one in records if one.snapshot_id is not None and one.values]
    # ClinicalTrials.gov first, as its record leads where there are several.
    record = min(read, key=lambda one: (one.source != Source.CTGOV, one.pk), default=None)
    if record is None:
        return {name: getattr(trial, name) for name in names}
    said = {name: record.values.get(name, "") for name in names}
    return said | {"enrolment": int(said["enrolment"]) if said["enrolment"] else None}


def pairs(trial: Trial, rows: Iterable[TrialPublication]) -> Iterator[Pair]:
    """Give what is entered of a trial's publications beside what the registry says, in order."""
    said = registered(trial)
    for row in rows:
        if row.relation in OF_THE_TRIAL:
            for thing in THINGS:
                published = getattr(row, thing.published)
                if _said(published):
                    yield Pair(
                        thing=thing,
                        registered=said[thing.registered],
                        published=published,
                        enrolment_type=said["enrolment_type"],
                        row=row,
                    )


def _said(value: object) -> bool:
    return value is not None and value != ""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that the registry and a publication of the trial say otherwise."""

    what: str
    registry: SafeString
    paper: SafeString
    publication: Publication


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What came of setting a trial's publications beside its registry.

    `agreeing` are the things, with what the registry says of them, of which all that is entered
    agrees; `unanswered` those of which the registry says nothing. `lacking` says that there are
    papers of the trial, and nothing is entered of any.
    """

    differences: tuple[Difference, ...]
    agreeing: tuple[SafeString, ...]
    unanswered: tuple[str, ...]
    lacking: bool


def compare(trial: Trial, rows: Iterable[TrialPublication]) -> Comparison:
    """Set beside the registry what is entered of the publications of a trial, in their order.

    `rows` with their publications, those that whoever asks may see.
    """
    rows = list(rows)
    found = list(pairs(trial, rows))
    apart = {pair.thing for pair in found if pair.differs}
    both = {pair.thing: pair for pair in found if pair.comparable and pair.thing not in apart}
    alone = {pair.thing for pair in found if not pair.comparable}
    return Comparison(
        differences=tuple(_difference(pair) for pair in found if pair.differs),
        agreeing=tuple(_agreement(both[thing]) for thing in THINGS if thing in both),
        unanswered=tuple(thing.name for thing in THINGS if thing in alone),
        lacking=not found and any(row.relation in OF_THE_TRIAL for row in rows),
    )


def differences(trial: Trial, rows: Iterable[TrialPublication]) -> tuple[Difference, ...]:
    """Return what the publications of a trial say otherwise than the registry, in their order.

    `rows` with their publications, those that whoever asks may see. What one side does not say
    differs from nothing.
    """
    return compare(trial, rows).differences


def _difference(pair: Pair) -> Difference:
    otherwise = ", worded otherwise" if pair.thing.wording else ""
    return Difference(
        what=pair.thing.name.capitalize() + otherwise,
        registry=_registered(pair),
        paper=pair.thing.written(pair.published),
        publication=pair.row.publication,
    )


def _registered(pair: Pair) -> SafeString:
    return SafeString(pair.thing.written(pair.registered) + pair.planned)


def _agreement(pair: Pair) -> SafeString:
    name = SafeString(pair.thing.name)
    return name if pair.thing.wording else SafeString(f"{name} ({_registered(pair)})")
