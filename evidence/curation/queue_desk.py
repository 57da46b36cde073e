"""What a person has on her desk: the keys of all that may wait for her, read once.

Keys come first and rows later, so that a queue of thousands costs no more than its first page.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from evidence.curation.duties import permission
from evidence.models import (
    Assessment,
    Consideration,
    Finding,
    HarmReport,
    Record,
    SourcedEdition,
    Step,
    Term,
    Topic,
)
from evidence.models.base import OPEN_STATES
from evidence.models.topics import AGREES
from evidence.vocab import Origin, Standing, State, Verb

JUDGEMENTS: tuple[type[Any], ...] = (Assessment, Finding, HarmReport, Consideration)
PEOPLE = ("author", "last_editor", "assignee", "withdrawal_proposed_by")
# A reason that was written when the rule said something else, by another line.
MOVED_ON = (
    ~Q(reason="")
    & ~Q(rule_answered="")
    & ~Q(topic__rule="")
    & ~Q(rule_answered=F("topic__rule"))
    & ~AGREES
)
# Steps that move nothing: a word after a return leaves the edition returned.
MOVE_NOTHING = (Verb.COMMENTED, Verb.ASSIGNED)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A thing that waits, by its key (0: all of a list), and since when."""

    model: type[Any]
    pk: int
    since: dt.date | None
    # How much it stands for where it is counted.
    stands_for: int = 1


@dataclass(frozen=True, kw_only=True)
class Open:
    """What sorts a draft, or what is in review, into a queue."""

    model: type[Any]
    pk: int
    state: str
    author_id: int | None
    last_editor_id: int | None
    submitted_by_id: int | None
    submitted_at: dt.datetime | None
    assignee_id: int | None
    modified_at: dt.datetime
    unchecked: bool
    last_move: str | None
    moved_by: int | None

    def is_of(self, person: int) -> bool:
        """Say whether a person writes it: its author, its last editor, or given to her."""
        return person in (self.author_id, self.last_editor_id, self.assignee_id)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What sorts a published edition into a queue."""

    model: type[Any]
    pk: int
    published_at: dt.datetime
    withdrawal_proposed_by_id: int | None
    withdrawal_proposed_at: dt.datetime | None
    standing: str
    noted_at: dt.datetime | None
    rule_status: str
    agrees: bool
    moved_on: bool
    reason: str
    review_by: dt.date | None
    next_review: dt.date | None


class Desk:
    """One person's view of what is open and of what is published, on one day."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.today = timezone.now().date()
        self.writes = tuple(model for model in JUDGEMENTS if self.may("change", model))
        self.reads = tuple(model for model in JUDGEMENTS if self.may("publish", model))

    def may(self, verb: str, model: type[Any]) -> bool:
        """Say whether a duty of hers includes something."""
        return bool(self.user.has_perm(permission(verb, model._meta.label_lower)))

    @cached_property
    def open(self) -> list[Open]:
        """All that is being worked on and may concern her; one query for each kind."""
        names = [name for name in Open.__dataclass_fields__ if name != "model"]
        return [
            Open(model=model, **values)
            for model in JUDGEMENTS
            if model in self.writes or model in self.reads
            for values in model._default_manager.filter(self._concerns(model))
            .annotate(
                unchecked=_unchecked(model),
                last_move=_last_move("verb"),
                moved_by=_last_move("by"),
            )
            .order_by("pk")
            .values(*names)
        ]

    def _concerns(self, model: type[Any]) -> Q:
        nothing = Q(pk__in=())
        draft = Q(state=State.DRAFT)
        writing = draft & hers(self.user.pk) if model in self.writes else nothing
        if model in self.writes and issubclass(model, SourcedEdition):
            writing |= draft & Q(figures_unchecked=True)
        return writing | (to_read(self.user.pk) if model in self.reads else nothing)

    @cached_property
    def shown(self) -> list[Shown]:
        """All that is published and waits for something; one query for each kind."""
        names = [name for name in Shown.__dataclass_fields__ if name != "model"]
        return [
            Shown(model=model, **values)
            for model in JUDGEMENTS
            if model in self.writes or model in self.reads
            for values in model._default_manager.public()
            .filter(self._waits(model))
            .annotate(**_told_of(model))
            .order_by("pk")
            .values(*names)
        ]

    def _waits(self, model: type[Any]) -> Q:
        waits = Q(withdrawal_proposed_by__isnull=False)
        if not issubclass(model, Assessment):
            noted = Q(publication__standing_noted_at__gt=F("published_at"))
            return waits | (noted & ~Q(publication__standing=Standing.CURRENT))
        parted = Q(reason="") & ~Q(topic__rule_status="") & ~AGREES
        met = ~Q(reason="") & AGREES
        due = Q(review_by__lt=self.today) | Q(next_review__lt=self.today)
        return waits | due | parted | met | MOVED_ON

    @cached_property
    def turned_down(self) -> list[Entry]:
        """Her proposals to withdraw that were turned down, till something else happens to them."""
        kinds = {str(model.KIND): model for model in {*self.writes, *self.reads}}
        found = turned_down(self.user.pk).filter(record__kind__in=kinds)
        return [
            Entry(model=kinds[kind], pk=edition, since=at)
            for kind, edition, at in found.annotate(edition=_edition()).values_list(
                "record__kind", "edition", "at"
            )
        ]

    def fetch(self, entries: Iterable[Entry]) -> dict[tuple[type[Any], int], Any]:
        """Read the things themselves, with all that is told of them; by kind and key."""
        keys: dict[type[Any], set[int]] = defaultdict(set)
        for entry in entries:
            keys[entry.model].add(entry.pk)
        return {
            (model, row.pk): row
            for model, wanted in keys.items()
            if wanted - {0}
            for row in _with_relations(model).filter(pk__in=wanted)
        }

    @cached_property
    def next_editions(self) -> dict[int, tuple[int, str]]:
        """By record: key and state of the edition on which somebody works."""
        return {
            record: (pk, state)
            for model in self.writes
            for record, pk, state in model._default_manager.filter(
                state__in=OPEN_STATES, number__gt=1
            ).values_list("record_id", "pk", "state")
        }

    @cached_property
    def starter(self) -> dict[type[Any], tuple[int, dt.datetime]]:
        """By kind: how much starter evidence nobody has taken over yet, and since when."""
        found = {}
        for model in self.writes:
            begun = model._default_manager.filter(record=OuterRef("record"), state__in=OPEN_STATES)
            rows = model._default_manager.public().filter(~Exists(begun), origin=Origin.STARTER)
            told = rows.aggregate(count=Count("pk"), since=Min("published_at"))
            if told["count"]:
                found[model] = (told["count"], told["since"])
        return found


def hers(person: int) -> Q:
    """Return what a person writes: its author, its last editor, or given to her."""
    return Q(author=person) | Q(last_editor=person) | Q(assignee=person)


def to_read(person: int) -> Q:
    """Return what is in review and to which a person can be the second reader."""
    own = Q(author=person) | Q(last_editor=person) | Q(submitted_by=person)
    return Q(state=State.IN_REVIEW) & ~own


def turned_down(person: int) -> Any:
    """Return the last steps of records by which others turned a person's withdrawals down."""
    steps = Step.objects.filter(record=OuterRef("record"))
    proposals = steps.filter(verb=Verb.PROPOSED_WITHDRAWAL, pk__lt=OuterRef("pk"))
    return (
        Step.objects.filter(~Exists(steps.filter(pk__gt=OuterRef("pk"))), verb=Verb.KEPT)
        .annotate(proposer=Subquery(proposals.order_by("-pk").values("by")[:1]))
        .filter(proposer=person)
        .exclude(by=person)
    )


def _edition() -> Coalesce:
    """Return the key of the edition that a step is about."""
    own = {"record": OuterRef("record"), "number": OuterRef("number")}
    rows = [model._default_manager.filter(**own).values("pk")[:1] for model in JUDGEMENTS]
    return Coalesce(*(Subquery(row) for row in rows))


def _unchecked(model: type[Any]) -> Any:
    return F("figures_unchecked") if issubclass(model, SourcedEdition) else Value(False)


def _last_move(what: str) -> Subquery:
    steps = Step.objects.filter(record=OuterRef("record"), number=OuterRef("number"))
    return Subquery(steps.exclude(verb__in=MOVE_NOTHING).order_by("-pk").values(what)[:1])


def _told_of(model: type[Any]) -> dict[str, Any]:
    """Give what is read of a published edition's neighbours, empty where it has none."""
    if issubclass(model, Assessment):
        none = {"standing": Value(""), "noted_at": Value(None, output_field=_date_time())}
        return none | {
            "rule_status": F("topic__rule_status"),
            "agrees": _is(AGREES),
            "moved_on": _is(MOVED_ON),
        }
    day = Value(None, output_field=Assessment._meta.get_field("review_by"))
    own = {"rule_status": Value(""), "reason": Value("")}
    return own | {
        "agrees": Value(False),
        "moved_on": Value(False),
        "review_by": day,
        "next_review": day,
        "standing": F("publication__standing"),
        "noted_at": F("publication__standing_noted_at"),
    }


def _is(holds: Q) -> Case:
    return Case(When(holds, then=Value(True)), default=Value(False))


def _date_time() -> Any:
    return Record._meta.get_field("created_at")


def _with_relations(model: type[Any]) -> Any:
    """Return the rows of a kind with all that their names and faults are made of."""
    if model not in JUDGEMENTS:
        return model._default_manager.all()
    joined = [*PEOPLE]
    for relation in model._meta.fields:
        if relation.is_relation and relation.editable:
            joined.append(relation.name)
            if issubclass(relation.related_model, Term):
                joined.append(f"{relation.name}__merged_into")
            if relation.related_model is Topic:
                joined += [f"{relation.name}__condition", f"{relation.name}__intervention"]
    many = [f"{relation.name}__merged_into" for relation in model._meta.local_many_to_many]
    return model._default_manager.select_related(*joined).prefetch_related(*many)
