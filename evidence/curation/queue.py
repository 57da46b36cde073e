"""My queue: what waits for a person and why, worked out from the data each time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from evidence.curation import queue_facts as facts
from evidence.curation import queue_open as opened
from evidence.curation import queue_registries as registries
from evidence.curation import queue_shown as shown
from evidence.curation.queue_desk import JUDGEMENTS, Desk, Entry, hers, to_read, turned_down
from evidence.curation.queue_rows import Part, Row, Section, Way, Why, told_apart
from evidence.vocab import State

__all__ = ["LONG", "PARTS", "SHORT", "Row", "Section", "Way", "Why", "queue", "to_do"]

# Rows of a section beside the others, and of one by itself.
SHORT = 25
LONG = 100

PARTS: tuple[Part, ...] = (
    Part(
        key="returned",
        title="Returned to me",
        counted=("returned to me", "returned to me"),
        entries=opened.returned,
        tell=opened.tell_returned,
    ),
    Part(
        key="to-read",
        title="Waiting for a second reader, not mine",
        counted=("to read", "to read"),
        entries=opened.in_review,
        tell=opened.tell_in_review,
        note=opened.with_others,
    ),
    Part(
        key="drafts",
        title="My drafts",
        counted=("my draft", "my drafts"),
        entries=opened.drafts,
        tell=opened.tell_drafts,
    ),
    Part(
        key="withdrawals",
        title="Withdrawals to confirm",
        counted=("withdrawal to confirm", "withdrawals to confirm"),
        entries=shown.withdrawals,
        tell=shown.tell_withdrawals,
    ),
    Part(
        key="sources",
        title="Source retracted, corrected or under concern",
        counted=("source changed", "sources changed"),
        entries=shown.fallen,
        tell=shown.tell_fallen,
    ),
    Part(
        key="changes",
        title="Changes at the registries",
        counted=("change at a registry", "changes at the registries"),
        entries=registries.changes,
        tell=registries.tell_changes,
    ),
    Part(
        key="gone",
        title="Gone from the registry",
        counted=("gone from the registry", "gone from the registry"),
        entries=registries.gone,
        tell=registries.tell_gone,
    ),
    Part(
        key="unchecked",
        title="Figures nobody has checked",
        counted=("needs checking", "need checking"),
        entries=opened.unchecked,
        tell=opened.tell_unchecked,
    ),
    Part(
        key="rule",
        title="Where our status, its reason and the rule part, or agree again",
        counted=("status to settle with the rule", "statuses to settle with the rule"),
        entries=shown.parted,
        tell=shown.tell_parted,
    ),
    Part(
        key="reasons",
        title="Status reasons that have run out",
        counted=("reason run out", "reasons run out"),
        entries=shown.reasons,
        tell=shown.tell_reasons,
    ),
    Part(
        key="overdue",
        title="Review overdue",
        counted=("review overdue", "reviews overdue"),
        entries=shown.overdue,
        tell=shown.tell_overdue,
    ),
    Part(
        key="inbox",
        title="Inbox",
        counted=("in the inbox", "in the inbox"),
        entries=registries.inbox,
        tell=registries.tell_inbox,
    ),
    Part(
        key="posted",
        title="Posted results whose harms nobody has read",
        counted=("posted result to read", "posted results to read"),
        entries=registries.posted,
        tell=registries.tell_posted,
    ),
    Part(
        key="trials",
        title="Trials to map",
        counted=("trial to map", "trials to map"),
        entries=facts.trials,
        tell=facts.tell_trials,
    ),
    Part(
        key="starter",
        title="Starter evidence not yet read here",
        counted=("starter set to read", "starter sets to read"),
        entries=facts.starter,
        tell=facts.tell_starter,
    ),
)


def queue(user: Any, *, only: str = "", page: int = 1) -> tuple[Section, ...]:
    """Return what waits for a person, section by section; nothing of what her duties leave out.

    Each section shows its first rows. `only` names one section to be shown alone, by pages. The
    number of queries does not depend on how much waits.
    """
    desk = Desk(user)
    size = LONG if only else SHORT
    start = (page - 1) * size
    wanted = [part for part in PARTS if only in ("", part.key)]
    found = {part.key: part.entries(desk) for part in wanted}
    cut = {key: entries[start : start + size] for key, entries in found.items()}
    things = desk.fetch(entry for entries in cut.values() for entry in entries)
    return tuple(
        Section(
            key=part.key,
            title=part.title,
            counted=part.counted[_count(found[part.key]) != 1],
            rows=told_apart(part.tell(desk, _still_there(cut[part.key], things))),
            total=len(found[part.key]),
            stands_for=_count(found[part.key]),
            note=part.note(desk),
        )
        for part in wanted
        if cut[part.key]
    )


def _count(entries: Iterable[Entry]) -> int:
    return sum(entry.stands_for for entry in entries)


def _still_there(
    entries: Iterable[Entry], things: Mapping[tuple[type[Any], int], Any]
) -> list[Any]:
    """Return the things of some entries, None for a list, without what was discarded meanwhile."""
    keys = [(entry.model, entry.pk) for entry in entries]
    return [things.get(key) for key in keys if key in things or key[1] == 0]


def to_do(user: Any) -> int:
    """Count what waits for this very person: the first four parts of her queue.

    At most one query for each kind of judgement, and one for what was answered to her.
    """
    desk = Desk(user)
    free = Q(assignee__isnull=True) | Q(assignee=user.pk)
    proposed = Q(state=State.PUBLISHED, withdrawal_proposed_by__isnull=False)
    reading = (to_read(user.pk) & free) | (proposed & ~Q(withdrawal_proposed_by=user.pk))
    writing = Q(state=State.DRAFT) & hers(user.pk)
    nothing = Q(pk__in=())
    kinds = {model.KIND for model in (*desk.writes, *desk.reads)}
    answered: int = turned_down(user.pk).filter(record__kind__in=kinds).count() if kinds else 0
    waiting: int = sum(
        model._default_manager.filter(
            (writing if model in desk.writes else nothing)
            | (reading if model in desk.reads else nothing)
        ).count()
        for model in JUDGEMENTS
        if model in desk.writes or model in desk.reads
    )
    return answered + waiting
