"""The cards of the inbox: what each shows of a trial or a publication, and what can be sent."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from evidence.admin.cards import LONGEST_WORDS, key_of, typed
from evidence.admin.panels import address
from evidence.admin.relations import is_key
from evidence.admin.start import find
from evidence.ledger.derivation import Change
from evidence.models import RegistryRecord
from evidence.sync.errors import Refused
from evidence.sync.waiting import GONE, refuse_if_accepted, what_became_of
from evidence.vocab import Origin, Verdict

# A record may have a thousand arms: a card shows so many, and says how many more there are.
MOST_SHOWN = 10
MOST_TICKED = 200
DECISIONS = ("accept", "join", "turn_down", "take_back")
CHOOSE = "Choose one of the three: accept it, “{join}” or “{down}”."
EMPTY_FIRST = (
    "“{label}” holds “{text}”. Empty it, or press the button beside it: which of the two is meant?"
)
NAME_IT = "Name the entry that it belongs to: its number, its code or a trial's acronym."
NOT_FOUND = "No one {kind} is known by “{text}”. Give its number, its code or a trial's acronym."


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A term that can be ticked, and why it is there."""

    term: Any
    because: str
    ticked: bool


@dataclass(frozen=True, kw_only=True)
class Terms:
    """One kind of terms on a card."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    others: str
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class LooksLike:
    """Something held that may be the same: where it is, its number, in what it is the same."""

    url: str
    name: str
    because: str


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What somebody sent of one card."""

    key: int
    name: str
    action: str
    after: int | None
    ticked: Mapping[str, tuple[int, ...]]
    others: Mapping[str, str]
    into: str
    reason: str
    error: str = ""

    @property
    def typed(self) -> str:
        """What was typed, for whoever has lost its card."""
        said = (*self.others.values(), self.into, self.reason)
        return "; ".join(f"“{text}”" for text in said if text)

    def refused(self, why: str) -> Sent:
        """Return it with the sentence for whoever sent it."""
        return replace(self, error=why)


@dataclass(frozen=True, kw_only=True)
class Done:
    """What was carried out, in words, with what moved and what can be undone."""

    said: SafeString
    changes: Collection[Change] = ()
    turned_down: RegistryRecord | None = None
    accepted: int | None = None
    at: int | None = None


@dataclass(frozen=True, kw_only=True)
class Card:
    """What a page shows of one entry that waits."""

    thing: Any
    url: str
    name: str
    records: tuple[RegistryRecord, ...]
    links: tuple[SafeString | str, ...]
    facts: tuple[tuple[str, str], ...]
    lists: tuple[tuple[str, tuple[str, ...], int], ...] = ()
    terms: tuple[Terms, ...] = ()
    verdicts: tuple[tuple[str, str, str], ...] = ()
    looks_like: tuple[LooksLike, ...] = ()
    after: int | None = None
    sent: Sent | None = None

    @property
    def key(self) -> str:
        """Its name within the page."""
        return str(self.thing.pk)

    @property
    def is_grey(self) -> bool:
        """Whether it may not give IL-2 after all."""
        return any(verdict == Verdict.GREY for verdict, _, _ in self.verdicts)


class Deck:
    """The cards of one kind."""

    model: ClassVar[type[Any]]
    title: ClassVar[str]
    empty: ClassVar[str]
    wait: ClassVar[tuple[str, str]]
    join_words: ClassVar[str]
    join_help: ClassVar[str]
    down_words: ClassVar[str]
    down_help: ClassVar[str]
    with_terms: ClassVar[bool] = False

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    # --- What waits ---

    def waiting(self, *, verdict: str, words: str) -> QuerySet[Any]:
        """Return what waits, the newest first."""
        rows = self.model._default_manager.filter(origin=Origin.IMPORT, accepted_at=None)
        if verdict:
            asked = RegistryRecord.objects.filter(verdict=verdict).values("trial")
            rows = rows.filter(pk__in=asked)
        if words:
            rows = rows.filter(self.searched(words))
        return rows.order_by("-pk")

    def searched(self, words: str) -> Q:
        """Return what finds words in what waits."""
        raise NotImplementedError

    def grey(self) -> int:
        """Return how many may not give IL-2 after all."""
        return 0

    def cards(self, rows: Sequence[Any], sent: Sent | None) -> list[Card]:
        """Return the cards of some rows."""
        return [
            self.card(row, after, sent if sent is not None and sent.key == row.pk else None)
            for row, after in zip_longest(rows, [row.pk for row in rows[1:]])
        ]

    def card(self, row: Any, after: int | None, sent: Sent | None) -> Card:
        """Return the card of one row."""
        raise NotImplementedError

    # --- What is sent ---

    def sent(self) -> Sent:
        """Read what somebody sent."""
        post = self.request.POST
        actions = [name for name in DECISIONS if f"_{name}" in post]
        after = post.get("after", "")
        return Sent(
            key=key_of(post.get("card", ""), what="card"),
            name=typed(self.request, "name", longest=LONGEST_WORDS),
            action=actions[0] if len(actions) == 1 else "",
            after=int(after) if is_key(after) else None,
            ticked={
                name: tuple(key_of(one, what="term") for one in post.getlist(name)[:MOST_TICKED])
                for name in ("conditions", "interventions")
            },
            others={
                name: typed(self.request, f"other_{name}")
                for name in ("conditions", "interventions")
            },
            into=typed(self.request, "into", longest=LONGEST_WORDS),
            reason=typed(self.request, "reason"),
        )

    def what_became_of(self, sent: Sent) -> str:
        """Say who decided what of a card that does not wait any more."""
        return (what_became_of(sent.name) if sent.name else "") or GONE

    def carry_out(self, thing: Any, sent: Sent) -> Done:
        """Do what was decided; raises Refused, also where the card is not there any more (None)."""
        if thing is None:
            raise Refused(self.what_became_of(sent))
        if sent.action != "take_back":
            refuse_if_accepted(thing)  # first of all: its card is not shown any more
        self.refuse_if_unclear(sent)
        decide: Mapping[str, Callable[[Any, Sent], Done]] = {
            "accept": self.accept,
            "join": self.join,
            "turn_down": self.turn_down,
            "take_back": self.take_back,
        }
        return decide[sent.action](thing, sent)

    def refuse_if_unclear(self, sent: Sent) -> None:
        """Refuse what no button was pressed for, or what another box speaks against."""
        if not sent.action:
            raise Refused(CHOOSE.format(join=self.join_words, down=self.down_words))
        boxes = {
            "join": (self.join_words, sent.into),
            "turn_down": (f"{self.down_words}, because", sent.reason),
        }
        for action, (label, text) in boxes.items():
            if text and action != sent.action:
                raise Refused(EMPTY_FIRST.format(label=label, text=text))

    def accept(self, thing: Any, sent: Sent) -> Done:
        """Let readers see it."""
        raise NotImplementedError

    def take_back(self, thing: Any, sent: Sent) -> Done:
        """Put it back among what waits."""
        raise NotImplementedError

    def join(self, thing: Any, sent: Sent) -> Done:
        """Give what is known of it to another one."""
        raise NotImplementedError

    def turn_down(self, thing: Any, sent: Sent) -> Done:
        """Remember that it is not wanted, and why."""
        raise NotImplementedError

    def other(self, text: str) -> Any:
        """Return the one entry that is meant by a number, a code or an acronym."""
        if not text:
            raise Refused(NAME_IT)
        found = self.by_code(text) or find(text)
        if not isinstance(found, self.model):
            kind = self.model._meta.verbose_name
            raise Refused(NOT_FOUND.format(kind=kind, text=text))
        return found

    def by_code(self, text: str) -> Any:
        """Return what a code of ours names; None where it is none."""
        return None


def said(thing: Any, words: str) -> SafeString:
    """Say what was done with a thing, which the words lead to."""
    url = address(type(thing), "change", args=[thing.pk])
    name = getattr(thing, "slug", "") or getattr(thing, "value", "") or thing.title
    return format_html('<a href="{}">{}</a> {}', url, name, words)
