"""A record against its trial: which numbers, fields and cards come of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evidence import vocab
from evidence.registries.records import Fault
from evidence.sync import comparing, fields, finding, together, told
from evidence.sync.comparing import Meeting
from evidence.sync.held import Here, Number
from evidence.sync.steps import Plan, Step

TAKEN = "Its number {number} belongs to another trial here, and stays there."
MADE_NOW = 0
"""Stands for a trial that is being made, where a key would."""


def numbers(step: Step, made: Plan, asked: Sequence[Number], owners: dict[Number, int]) -> None:
    """Find the numbers to add; what another trial has stays there, and what was taken away, away.

    What the record named before and is not here any more was taken away by a person.
    """
    own = finding.own_numbers(step.news.record)
    before = step.held.values.get("identifiers", "") if step.held is not None else ""
    is_known = step.here is not None and not step.is_first
    named_before = {*fields.identifiers_in(before)} if is_known else set()
    mine = step.here.pk if step.here is not None else None
    for one in asked:
        owner = owners.get(one)
        if owner is None and one in named_before:
            continue
        if owner is None or (one in own and owner == MADE_NOW):
            step.numbers.append(one)
            owners[one] = MADE_NOW
        elif owner != mine and one[0] != vocab.Registry.OTHER and one not in step.named:
            sentence = TAKEN.format(number=one[1])
            made.faults.append(Fault(about=step.news.about, sentence=sentence))


def unread(step: Step, made: Plan) -> None:
    """Tell of what a record gives but nobody understands; it goes in without."""
    for name, words in step.news.record.unread:
        sentence = told.unread(step, name, words)
        made.faults.append(Fault(about=step.news.about, sentence=sentence))


def compare(step: Step, here: Here) -> None:
    """Decide, field by field, what of a record goes into the trial that is here."""
    cards = step.held.cards if step.held is not None else {}
    owns, unread = _owns(step, here), step.news.unread
    for name in together.ASKED:
        before, new = _said(step, name)
        if unread & {*together.parts(name)} or (before == new and name not in cards):
            continue
        one = _meeting(step, here, name)
        if not owns and (one.ours or one.by_a_person):
            continue
        if name == "arms" and one.ours:
            _compare_arms(step, here, one)
            continue
        decision = comparing.decide(one)
        if decision.put:
            step.put |= together.parted(name, one.new)
        _card(step, name, one, decision)
    _settle_ages(step, here)


def _owns(step: Step, here: Here) -> bool:
    """Say whether a trial has its fields from this record; any other only fills what is empty."""
    record = step.held.pk if step.held is not None else None
    return here.is_owned_by(step.news.kept.payload.source, record)


def only_fills(step: Step) -> bool:
    """Say whether a record only fills what is empty, unless a person emptied it."""
    return step.here is not None and not _owns(step, step.here)


def _said(step: Step, name: str) -> tuple[str | None, str]:
    """Return what a record said last, None where it was never compared, and what it says now."""
    last = {} if step.held is None or step.is_first else step.held.values
    is_known = all(each in last for each in together.parts(name))
    before = together.joined(name, last) if is_known else None
    return before, together.joined(name, step.news.values)


def _meeting(step: Step, here: Here, name: str) -> Meeting:
    """Set what stands here beside what the record said and says."""
    before, new = _said(step, name)
    one = Meeting(
        ours=together.joined(name, here.texts),
        last=before,
        new=new,
        by_a_person=not here.typed_by_people.isdisjoint(together.parts(name)),
        watched=name in fields.WATCHED and not step.news.is_held,
        seen=here.accepted,
    )
    return replace(one, by_a_person=False, watched=False) if _adds(one, name, here) else one


def _adds(one: Meeting, name: str, here: Here) -> bool:
    """Say whether all that a first meeting adds is how the number that stands here was counted."""
    if name != "enrolment" or one.last is not None or "enrolment_type" in here.typed_by_people:
        return False
    return bool(one.ours) and one.new.startswith(f"{one.ours} ")


def _card(step: Step, name: str, one: Meeting, decision: comparing.Decision) -> None:
    """Open, change or close the card of a field."""
    there = step.held.cards.get(name) if step.held is not None else None
    card = comparing.card(there[1] if there else None, one, decision)
    if card is not None or there:
        step.cards[name] = card


def _compare_arms(step: Step, here: Here, one: Meeting) -> None:
    """Arms that readers see are told of, and never changed: doses and routes hang on them."""
    if one.last is None:
        return
    if not one.seen:
        if one.new != one.last:
            _follow_arms(step, here, one)
        return
    decision = comparing.NOTHING if one.new == one.last else comparing.LEAVE
    _card(step, "arms", one, comparing.AGREES if one.new == one.ours else decision)


def _follow_arms(step: Step, here: Here, one: Meeting) -> None:
    """Let arms be those of the record, but for those that a person changed or took away."""
    said = {*(one.last or "").split("\n")}
    ours = one.ours.split("\n")
    free = [line for line in ours if line in said and line in here.bare_arms]
    touched = {_label(line) for line in ours if line not in free}
    taken_away = {*map(_label, said)} - {*map(_label, ours)}
    step.arms_out = [here.bare_arms[line] for line in free]
    lines = (line for line in one.new.split("\n") if line)
    left = touched | taken_away
    step.put["arms"] = "\n".join(line for line in lines if _label(line) not in left)


def _label(line: str) -> str:
    return line.partition(fields.TAB)[0]


def _settle_ages(step: Step, here: Here) -> None:
    """Ask a person of both ages where what would be put contradicts what stands here."""
    low, high = ((here.texts | step.put)[name] for name in together.AGES)
    if not (low and high and int(low) > int(high)):
        return
    for name in together.AGES:
        step.put.pop(name, None)
        one = _meeting(step, here, name)
        if one.new != one.ours and name not in step.news.unread and _owns(step, here):
            _card(step, name, one, comparing.LEAVE)
