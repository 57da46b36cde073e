"""What becomes of one field when its source says something: put it, leave it, ask a person.

Pure: three texts in (ours, what the source said last, what it says now), one decision out.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Meeting:
    """One field of a thing and of its source; "" is "not given".

    `last` is None where the source was never compared before. `by_a_person` says that somebody
    here wrote ours or emptied it, as far as the log knows, and is asked only then. `seen` says
    that readers, and so people here, know the thing: nobody is told of changes to what still waits.
    """

    ours: str
    last: str | None
    new: str
    by_a_person: bool = False
    watched: bool = False
    seen: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What to do: write the new text, open a card for a person; `agrees` closes an open one."""

    put: bool = False
    card: bool = False
    agrees: bool = False


NOTHING = Decision()
AGREES = Decision(agrees=True)
PUT = Decision(put=True, agrees=True)
PUT_AND_TELL = Decision(put=True, card=True)
LEAVE = Decision(card=True)


def decide(one: Meeting) -> Decision:
    """Return what becomes of a field."""
    if one.new == one.ours:
        return AGREES
    if one.last is None:
        return _at_first(one)
    if one.new == one.last:
        return NOTHING
    if one.ours == one.last:
        return _put(one)
    return LEAVE


def _at_first(one: Meeting) -> Decision:
    if not one.new:
        return NOTHING  # that a registry says nothing corrects nothing
    if not one.ours:
        return LEAVE if one.by_a_person else PUT
    return LEAVE if one.by_a_person else _put(one)


def _put(one: Meeting) -> Decision:
    return PUT_AND_TELL if one.watched and one.seen else PUT


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """A change that waits for a person: the three texts, and whether the new one stands already."""

    ours: str
    before: str
    after: str
    applied: bool


def card(held: Card | None, one: Meeting, decision: Decision) -> Card | None:
    """Return the card that a field has from now on, given the one that is open; None: no card.

    Of several changes in a row the first says what stood here and what the source said before.
    What went back to what was said before is none, unless what had been put by itself stands.
    """
    if not decision.card:
        gone = decision.agrees and not (held is not None and held.applied and not decision.put)
        return None if gone else held
    if held is None:
        return Card(ours=one.ours, before=one.last or "", after=one.new, applied=decision.put)
    was_applied = held.applied and decision.put
    made = Card(
        ours=held.ours if was_applied else one.ours,
        before=held.before,
        after=one.new,
        applied=decision.put,
    )
    if made.applied:
        return None if made.after == made.ours else made
    stands_by_itself = held.applied and one.ours == held.after
    return None if made.after == made.before and not stands_by_itself else made
