"""The cards of publications that came in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from evidence.admin.inbox_cards import MOST_SHOWN, Card, Deck, Done, Sent, said
from evidence.admin.panels import address
from evidence.admin.registry_records import link_of
from evidence.models import Publication
from evidence.sync import inbox_publications

CODE = re.compile(r"[Pp]([1-9][0-9]{0,17})", re.ASCII)
MOST_AUTHORS = 3
# A PMID has at most eight digits.
LONGEST_PMID = 8


class PublicationDeck(Deck):
    """Publications that came in."""

    model = Publication
    title = "Inbox: publications that came in"
    empty = "No publication waits. New ones come in with import_publications."
    wait = ("publication waits", "publications wait")
    join_words = "It is the same text as"
    join_help = "Its numbers, trials and records go there. It cannot be undone."
    down_words = "Not wanted here"
    down_help = "Remembered with its reason, so that nobody is asked again."

    def searched(self, words: str) -> Q:
        """Find words in its title and numbers."""
        is_number = words.isascii() and words.isdigit() and len(words) <= LONGEST_PMID
        number = Q(pmid=int(words)) if is_number else Q(pk__in=())
        return Q(title__icontains=words) | Q(authors__icontains=words) | Q(doi=words) | number

    def cards(self, rows: Sequence[Any], sent: Sent | None) -> list[Card]:
        """Return the cards; the number of queries does not depend on how many there are."""
        full = self.model.objects.filter(pk__in=[row.pk for row in rows]).order_by("-pk")
        full = full.prefetch_related("trial_rows__trial", "registry_records")
        return super().cards(list(full), sent)

    def card(self, row: Any, after: int | None, sent: Sent | None) -> Card:
        """Return the card of one publication."""
        records = tuple(row.registry_records.all())
        ties = tuple(f"{tie.trial}, {tie.get_relation_display()}" for tie in row.trial_rows.all())
        return Card(
            thing=row,
            url=address(Publication, "change", args=[row.pk]),
            name=row.code,
            records=records,
            links=tuple(link_of(one) for one in records),
            facts=_facts_of_text(row),
            lists=(("Trials", ties[:MOST_SHOWN], max(0, len(ties) - MOST_SHOWN)),) if ties else (),
            after=after,
            sent=sent,
        )

    def by_code(self, text: str) -> Any:
        """Return the publication of a code such as P7."""
        code = CODE.fullmatch(text)
        return None if code is None else Publication.objects.filter(pk=int(code[1])).first()

    def accept(self, thing: Any, sent: Sent) -> Done:
        """Let readers see it."""
        changes = inbox_publications.accept_publication(thing, by=self.request.user)
        return Done(said=said(thing, "is accepted."), changes=changes, accepted=thing.pk)

    def take_back(self, thing: Any, sent: Sent) -> Done:
        """Put it back among what waits."""
        changes = inbox_publications.take_back_publication(thing, by=self.request.user)
        return Done(said=said(thing, "waits in the inbox again."), changes=changes, at=thing.pk)

    def join(self, thing: Any, sent: Sent) -> Done:
        """Give its numbers to another publication."""
        other = self.other(sent.into)
        changes = inbox_publications.join_publication(thing, into=other, by=self.request.user)
        return Done(said=said(other, f"takes the place of {thing.title}."), changes=changes)

    def turn_down(self, thing: Any, sent: Sent) -> Done:
        """Remember that it is not wanted."""
        records = inbox_publications.turn_down_publication(
            thing, by=self.request.user, reason=sent.reason
        )
        return Done(said=said(records[0], "is left out: remembered."), turned_down=records[0])


def _facts_of_text(row: Any) -> tuple[tuple[str, str], ...]:
    where = ", ".join(part for part in (row.container, str(row.year or "")) if part)
    authors = row.author_list
    others = len(authors) - MOST_AUTHORS
    more = f" and {others} more" if others > 0 else ""
    return (
        ("What it is", row.get_kind_display()),
        ("Authors", f"{'; '.join(authors[:MOST_AUTHORS])}{more}" or "not seen"),
        ("Where", where or "not seen"),
        ("PMID", str(row.pmid or "none")),
        ("DOI", row.doi or "none"),
        ("Standing", row.get_standing_display()),
    )
