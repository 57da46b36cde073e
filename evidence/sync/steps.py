"""What is new of a record, and what becomes of it: the values between deciding and writing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from evidence import vocab
from evidence.registries.ctgov_sections import not_said
from evidence.registries.il2 import Judged
from evidence.registries.records import Fault, TrialRecord
from evidence.sync import fields
from evidence.sync.comparing import Card
from evidence.sync.held import Held, Here, Number
from evidence.sync.snapshots import Kept
from evidence.sync.tally import Counts

TOGETHER = frozenset({"enrolment", "enrolment_type"})
RESTS_ON = frozenset({"arms", fields.GIVEN})


@dataclass(frozen=True, kw_only=True, slots=True)
class News:
    """A payload that is not the one held, read; `day` is that of its data.

    `fresher` says that its data are of a later day than those last looked at, `staler` that they
    are of an earlier one, `is_held` that the payload is the one that is held, which is read
    otherwise now. It is judged before anything is locked where nothing is held of it; else whether
    it must be is seen by what is.
    """

    kept: Kept
    record: TrialRecord
    values: dict[str, str]
    day: dt.date | None
    fresher: bool
    staler: bool
    is_held: bool
    judged: Judged | None

    @property
    def unread(self) -> frozenset[str]:
        """The fields that stay as they are: it says nothing of them, or nothing understood."""
        odd = {name for name, _ in self.record.unread}
        if self.kept.payload.source == vocab.Source.CTGOV:
            odd |= not_said(self.kept.payload.data)
        for each in (TOGETHER, RESTS_ON):
            if odd & each:
                odd |= each
        return frozenset(odd)

    @property
    def about(self) -> str:
        """The number that a fault names."""
        return self.kept.payload.value


@dataclass(kw_only=True, slots=True)
class Step:
    """What becomes of one record: its verdict, its trial, texts to put there, cards."""

    news: News
    held: Held | None
    here: Here | None
    verdict: str
    reason: str
    begins: bool = False
    put: dict[str, str] = field(default_factory=dict)
    numbers: list[Number] = field(default_factory=list)
    named: list[Number] = field(default_factory=list)
    """Numbers of other trials here that may be of the same study, which a person is asked."""
    arms_out: list[int] = field(default_factory=list)
    """Arms that those to put replace, by their keys."""
    cards: dict[str, Card | None] = field(default_factory=dict)

    @property
    def is_first(self) -> bool:
        """Say whether the record was never compared with its trial."""
        return self.held is None or self.held.trial is None or not self.held.values

    @property
    def says_nothing(self) -> bool:
        """Say whether reading again what is held changes nothing."""
        return self.news.is_held and not self.put and not self.begins

    @property
    def texts_to_keep(self) -> dict[str, str]:
        """What the record says now; of fields that were not understood, what it said before.

        A field of which that is not known is left out, and is met for the first time next time.
        """
        told = self.news.values
        if self.here is None or not self.news.unread:
            return told
        before = self.held.values if self.held is not None else {}
        kept = {name: text for name, text in told.items() if name not in self.news.unread}
        return kept | {name: before[name] for name in self.news.unread if name in before}

    @property
    def is_seen(self) -> bool:
        """Say whether readers see what changes."""
        return self.here is not None and self.here.accepted and bool(self.put or self.numbers)


@dataclass(kw_only=True, slots=True)
class Plan:
    """The steps for several records, what went wrong with others, and the tally."""

    steps: list[Step] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    left: list[tuple[str, str]] = field(default_factory=list)
    """What was left as it was although its payload is another one, and why."""
