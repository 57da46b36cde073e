"""The cards of trials that came in, with the terms that are suggested for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from evidence.admin import inbox_ground
from evidence.admin.inbox_alike import looks_like
from evidence.admin.inbox_cards import (
    MOST_SHOWN,
    Card,
    Choice,
    Deck,
    Done,
    LooksLike,
    Sent,
    Terms,
    said,
)
from evidence.admin.inbox_ground import named_first
from evidence.admin.panels import address
from evidence.admin.registry_records import link_of
from evidence.models import Condition, Intervention, RegistryRecord, Trial
from evidence.models.fields import lines
from evidence.registries.records import TrialRecord
from evidence.sync import inbox, payloads
from evidence.sync.errors import Refused
from evidence.sync.suggest import Suggester
from evidence.vocab import Verdict

UNKNOWN_TERM = "There is no {kind} “{text}”. Write its name as the list has it, or add it first."
NOT_MAPPED = " It is not mapped to a condition yet: the queue holds it until it is."
MERGED = "A term that you ticked was merged into another one meanwhile."


class TrialDeck(Deck):
    """Trials that came in."""

    model = Trial
    title = "Inbox: trials that came in"
    empty = "No trial waits. New ones come in with import_trials and sync_trials."
    wait = ("trial waits", "trials wait")
    join_words = "It is another number of"
    join_help = (
        "The same study under another number: its numbers and records go there. It cannot be "
        "undone."
    )
    down_words = "Not IL-2"
    down_help = "Remembered with its reason, so that nobody is asked again."
    with_terms = True

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.alike: Mapping[int, tuple[LooksLike, ...]] = {}

    def searched(self, words: str) -> Q:
        """Find words in its title, and its number."""
        numbers = Trial.objects.filter(identifiers__value__icontains=words).values("pk")
        return Q(title__icontains=words) | Q(acronym__icontains=words) | Q(pk__in=numbers)

    def grey(self) -> int:
        """Return how many may not give IL-2 after all."""
        return self.waiting(verdict=Verdict.GREY.value, words="").count()

    @cached_property
    def suggester(self) -> Suggester:
        """All terms, read once for a page."""
        return Suggester()

    @cached_property
    def all_terms(self) -> dict[str, list[Any]]:
        """All terms by kind, for whoever chooses another one."""
        return {
            "conditions": list(Condition.objects.public().order_by("name")),
            "interventions": list(Intervention.objects.public().order_by("name")),
        }

    def cards(self, rows: Sequence[Any], sent: Sent | None) -> list[Card]:
        """Return the cards; the number of queries does not depend on how many there are."""
        keys = [row.pk for row in rows]
        asked = self.model.objects.filter(pk__in=keys).order_by("-pk")
        full = asked.prefetch_related(
            "identifiers",
            "phase_rows",
            "conditions",
            "interventions",
            "registry_records__snapshot",
            "registry_records__decided_by",
        )
        trials = list(full)
        self.alike = looks_like(trials)
        return super().cards(trials, sent)

    def card(self, row: Any, after: int | None, sent: Sent | None) -> Card:
        """Return the card of one trial, its record read again from its payload."""
        records = tuple(row.registry_records.all())
        read = [found for one in records if (found := payloads.record_of(one)) is not None]
        return Card(
            thing=row,
            url=address(Trial, "change", args=[row.pk]),
            name=row.slug,
            records=records,
            links=tuple(link_of(one) for one in records),
            facts=_facts(row),
            lists=_lists(read, [one.reason for one in records]),
            looks_like=self.alike.get(row.pk, ()),
            terms=tuple(self._terms(name, row, read, sent) for name in self.all_terms),
            verdicts=tuple(_verdict(one) for one in records),
            after=after,
            sent=sent,
        )

    def _terms(self, name: str, row: Any, read: Sequence[TrialRecord], sent: Sent | None) -> Terms:
        """Return the terms of a kind that can be ticked: those mapped, and those suggested."""
        found: dict[int, tuple[Any, str]] = {
            term.pk: (term, "Mapped already.") for term in getattr(row, name).all()
        }
        for record in read:
            for one in getattr(self.suggester.of(record), name):
                found.setdefault(one.term.pk, (one.term, one.because))
        ticked = set(found) if sent is None else set(sent.ticked[name])
        return Terms(
            name=name,
            label=name.capitalize(),
            choices=tuple(
                Choice(term=term, because=because, ticked=pk in ticked)
                for pk, (term, because) in found.items()
            ),
            others="" if sent is None else sent.others[name],
        )

    def accept(self, thing: Any, sent: Sent) -> Done:
        """Accept it under the terms that were ticked and named."""
        terms = {name: self._chosen(name, sent) for name in self.all_terms}
        changes = inbox.accept(
            thing,
            by=self.request.user,
            conditions=terms["conditions"],
            interventions=terms["interventions"],
        )
        under = " and ".join(
            ", ".join(str(term) for term in some) for some in terms.values() if some
        )
        left = "" if terms["conditions"] else NOT_MAPPED
        return Done(
            said=said(thing, f"is accepted, under {under}.{left}"),
            changes=changes,
            accepted=thing.pk,
        )

    def take_back(self, thing: Any, sent: Sent) -> Done:
        """Put it back among what waits."""
        changes = inbox.take_back(thing, by=self.request.user)
        return Done(said=said(thing, "waits in the inbox again."), changes=changes, at=thing.pk)

    def join(self, thing: Any, sent: Sent) -> Done:
        """Give its numbers to another trial."""
        other = self.other(sent.into)
        changes = inbox.join(thing, into=other, by=self.request.user)
        return Done(said=said(other, f"has {thing.slug} among its numbers now."), changes=changes)

    def turn_down(self, thing: Any, sent: Sent) -> Done:
        """Remember that it does not give IL-2."""
        records = inbox.turn_down(thing, by=self.request.user, reason=sent.reason)
        return Done(
            said=said(records[0], "does not give IL-2: remembered."), turned_down=records[0]
        )

    def _chosen(self, name: str, sent: Sent) -> list[Any]:
        """Return the terms that were ticked, and those that were named beside."""
        known = {term.pk: term for term in self.all_terms[name]}
        chosen = [known[pk] for pk in sent.ticked[name] if pk in known]
        if len(chosen) < len(set(sent.ticked[name])):
            raise Refused(MERGED)
        return [*dict.fromkeys([*chosen, *_named(self.all_terms[name], sent.others[name])])]


def _verdict(record: RegistryRecord) -> tuple[str, str, str]:
    """Give a verdict, who gave it in words, and what it rests on."""
    words = record.get_verdict_display()
    if record.decided_by is not None:
        words = f"taken in by {record.decided_by}"
    return record.verdict, words, record.reason


def _facts(trial: Any) -> tuple[tuple[str, str], ...]:
    """Give what tells trials apart, as registered."""
    phases = ", ".join(row.get_phase_display() for row in trial.phase_rows.all())
    people = "" if trial.enrolment is None else f"{trial.enrolment:,}"
    if people and trial.enrolment_type:
        people += f", {trial.get_enrolment_type_display()}"
    return (
        ("Status", trial.get_recruitment_status_display() or "not reported"),
        ("Phase", phases or "not reported"),
        ("People", people or "not reported"),
        ("Start", trial.start or "not reported"),
        ("Sponsor", trial.sponsor or "not reported"),
    )


def _lists(
    read: Iterable[TrialRecord], reasons: Sequence[str]
) -> tuple[tuple[str, tuple[str, ...], int], ...]:
    """Give the interventions, arms and conditions as registered, what a verdict names first."""
    found: dict[str, list[str]] = {}
    for record in read:
        for title, some in (
            ("Interventions", named_first(inbox_ground.interventions(record), reasons)),
            ("Arms", named_first(inbox_ground.arms(record), reasons)),
            ("Conditions", list(record.conditions)),
        ):
            found.setdefault(title, []).extend(some)
    return tuple(
        (title, tuple(some[:MOST_SHOWN]), max(0, len(some) - MOST_SHOWN))
        for title, some in found.items()
        if some
    )


def _named(terms: Sequence[Any], text: str) -> list[Any]:
    """Return the terms that are named, by their names, words in addresses or synonyms."""
    wanted = [part.strip() for part in text.replace("\n", ";").split(";") if part.strip()]
    if not wanted:
        return []
    known: dict[str, Any] = {}
    for term in terms:
        for name in (*lines(term.synonyms), term.slug):
            known.setdefault(name.casefold(), term)
    known |= {term.name.casefold(): term for term in terms}
    missing = next((name for name in wanted if name.casefold() not in known), "")
    if missing:
        kind = terms[0]._meta.verbose_name if terms else "term"
        raise Refused(UNKNOWN_TERM.format(kind=kind, text=missing))
    return [known[name.casefold()] for name in wanted]
