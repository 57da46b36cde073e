"""What became of a record, in a line for the operator who asks for each."""

from __future__ import annotations

from evidence import vocab
from evidence.sync import fields
from evidence.sync.steps import Step

OLDER = "older than what is held, left"
DELETED = "a person deleted its trial here, left out"
WAITS = "waits in the inbox"
NOT_IL2 = "does not give IL-2 ({reason})"
NOTHING_SHOWN = "changed, though in nothing that is shown here"
UNREAD = "The {label} “{words}” cannot be understood; {what}."
UNKNOWN = "The {label} “{words}” is not one that is known here; {what}."
STAYS, LEFT_OUT = "ours stays", "it is left out"
MOVES_ALWAYS = "registry_updated"
"""Named where nothing else has changed."""
OF_A_VOCABULARY = frozenset({"recruitment_status", "enrolment_type", "phases", "design"})


def of(step: Step) -> str:
    """Say what becomes of a record."""
    if step.verdict == vocab.Verdict.NOT_IL2:
        return NOT_IL2.format(reason=step.reason.rstrip("."))
    if step.begins:
        return WAITS
    put = [one for one in fields.OWNED if one in step.put and one != MOVES_ALWAYS]
    if step.numbers:
        put.append("identifiers")
    if not put and MOVES_ALWAYS in step.put:
        put.append(MOVES_ALWAYS)
    several = [f"{', '.join(map(_name, put))} changed"] if put else []
    if cards := sum(card is not None for card in step.cards.values()):
        several.append("a card waits" if cards == 1 else f"{cards} cards wait")
    return "; ".join(several) or NOTHING_SHOWN


def unread(step: Step, field: str, words: str) -> str:
    """Say that what a record gives for a field cannot be understood, and what stands."""
    sentence = UNKNOWN if field in OF_A_VOCABULARY else UNREAD
    what = LEFT_OUT if step.begins else STAYS
    return sentence.format(label=_name(field), words=words, what=what)


def _name(field: str) -> str:
    name = fields.label(field)
    return name[0].lower() + name[1:]
