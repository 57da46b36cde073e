"""Which moves a person may make of an edition now, and why not the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from evidence.curation.duties import permission
from evidence.models import Edition
from evidence.models.base import OPEN_STATES
from evidence.vocab import State


class Move(StrEnum):
    """What can be done with an edition; a comment counts as one."""

    SUBMIT = "submit"
    RETURN = "return"
    PUBLISH = "publish"
    REVISE = "revise"
    DISCARD = "discard"
    ASSIGN = "assign"
    PROPOSE_WITHDRAWAL = "propose_withdrawal"
    WITHDRAW = "withdraw"
    KEEP = "keep"
    COMMENT = "comment"


WORDS: Mapping[Move, str] = MappingProxyType(
    {
        Move.SUBMIT: "Submit for a second reader",
        Move.RETURN: "Return to the author",
        Move.PUBLISH: "Publish",
        Move.REVISE: "Start a new edition",
        Move.DISCARD: "Discard this draft",
        Move.ASSIGN: "Assign",
        Move.PROPOSE_WITHDRAWAL: "Propose to withdraw",
        Move.WITHDRAW: "Confirm the withdrawal",
        Move.KEEP: "Turn the withdrawal down",
        Move.COMMENT: "Comment",
    }
)
BRING_BACK = "Bring this edition back as a new draft"
EVERY = tuple(State)
STATES: Mapping[Move, tuple[State, ...]] = MappingProxyType(
    {
        Move.SUBMIT: (State.DRAFT,),
        Move.RETURN: (State.IN_REVIEW,),
        Move.PUBLISH: (State.IN_REVIEW,),
        Move.REVISE: (State.PUBLISHED, State.SUPERSEDED, State.WITHDRAWN),
        Move.DISCARD: (State.DRAFT,),
        Move.ASSIGN: OPEN_STATES,
        Move.PROPOSE_WITHDRAWAL: (State.PUBLISHED,),
        Move.WITHDRAW: (State.PUBLISHED,),
        Move.KEEP: (State.PUBLISHED,),
        Move.COMMENT: EVERY,
    }
)
WRONG_STATE: Mapping[Move, str] = MappingProxyType(
    {
        Move.SUBMIT: "Only a draft can be submitted",
        Move.RETURN: "Only what is in review can be returned to its author",
        Move.PUBLISH: "Only what is in review can be published",
        Move.REVISE: "A new edition starts from one that is or was published",
        Move.DISCARD: "Only a draft can be discarded",
        Move.ASSIGN: "Only a draft or what is in review can be assigned",
        Move.PROPOSE_WITHDRAWAL: "Only what is published can be withdrawn",
        Move.WITHDRAW: "Only what is published can be withdrawn",
        Move.KEEP: "Only of what is published can a withdrawal be turned down",
    }
)
# One of these permissions is needed; publishing is the second reader's, without writing.
DUTIES: Mapping[Move, tuple[str, ...]] = MappingProxyType(
    {
        Move.SUBMIT: ("change",),
        Move.RETURN: ("publish", "change"),
        Move.PUBLISH: ("publish",),
        Move.REVISE: ("change",),
        Move.DISCARD: ("delete",),
        Move.ASSIGN: ("change", "publish"),
        Move.PROPOSE_WITHDRAWAL: ("change", "publish"),
        Move.WITHDRAW: ("publish",),
        Move.KEEP: ("publish", "change"),
        Move.COMMENT: ("change", "publish"),
    }
)


def why_not(move: Move, edition: Edition, *, by: Any) -> str:
    """Say why a person may not make a move of an edition as it stands; nothing where she may.

    Reads the edition that it is given: the moves ask again under the lock.
    """
    if not has_duty(edition, *DUTIES[move], by=by):
        return f"Your duties do not include this: {WORDS[move].lower()}."
    if edition.state not in STATES[move]:
        state = State(edition.state).label
        return f"{WRONG_STATE[move]}; {name(edition)} is {state}."
    further = FURTHER.get(move)
    return further(edition, by) if further is not None else ""


def has_duty(edition: Edition, *verbs: str, by: Any) -> bool:
    """Say whether a person has one of the permissions on this kind of judgement."""
    label = edition._meta.label_lower
    return any(by.has_perm(permission(verb, label)) for verb in verbs)


def words_for(move: Move, edition: Edition) -> str:
    """Name a move on its button; what readers no longer see is brought back, not gone on with."""
    gone = edition.state in (State.SUPERSEDED, State.WITHDRAWN)
    return BRING_BACK if move == Move.REVISE and gone else WORDS[move]


def name(edition: Edition) -> str:
    """Name an edition in a sentence: `F34`, or `F34, edition 2,`."""
    return edition.code if edition.number == 1 else f"{edition.code}, edition {edition.number},"


def why_no_reader(edition: Edition, *, person: Any) -> str:
    """Say why a person cannot be the second reader of an edition; nothing where she can."""
    if edition.author_id == person.pk:
        return "You wrote this. Someone other than the author must publish it."
    if edition.last_editor_id == person.pk:
        return "You changed this last. Someone other than its last editor must publish it."
    if edition.submitted_by_id == person.pk:
        return "You submitted this. Someone other than the submitter must publish it."
    return ""


def open_edition(edition: Edition) -> Edition | None:
    """Return the edition of the same record that is being worked on, if there is one."""
    editions = type(edition)._default_manager.filter(record=edition.record_id)
    found: Edition | None = editions.filter(state__in=OPEN_STATES).first()
    return found


def _return(edition: Edition, by: Any) -> str:
    if has_duty(edition, "publish", by=by) or _is_hers(edition, by):
        return ""
    return "Only a second reader, or whoever wrote or submitted it, sends it back."


def _is_hers(edition: Edition, by: Any) -> bool:
    return by.pk in {edition.author_id, edition.last_editor_id, edition.submitted_by_id}


def _publish(edition: Edition, by: Any) -> str:
    return why_no_reader(edition, person=by)


def _revise(edition: Edition, by: Any) -> str:
    busy = open_edition(edition)
    if busy is None:
        return ""
    state = State(busy.state).label
    who = f" by {busy.last_editor or busy.author}" if busy.last_editor or busy.author else ""
    return (
        f"Edition {busy.number} of {edition.code} is being worked on already{who}; it is {state}."
    )


def _propose(edition: Edition, by: Any) -> str:
    if edition.withdrawal_proposed_by_id is None:
        return ""
    return f"{edition.withdrawal_proposed_by} has proposed to withdraw this already."


def _withdraw(edition: Edition, by: Any) -> str:
    if edition.withdrawal_proposed_by_id is None:
        return "Nobody has proposed to withdraw this; another person does that first."
    if edition.withdrawal_proposed_by_id == by.pk:
        return "You proposed this. Someone other than the proposer must confirm the withdrawal."
    return ""


def _keep(edition: Edition, by: Any) -> str:
    if edition.withdrawal_proposed_by_id is None:
        return "Nobody has proposed to withdraw this."
    if edition.withdrawal_proposed_by_id == by.pk or has_duty(edition, "publish", by=by):
        return ""
    return "Only a second reader, or whoever proposed the withdrawal, turns it down."


FURTHER: Mapping[Move, Callable[[Edition, Any], str]] = MappingProxyType(
    {
        Move.RETURN: _return,
        Move.PUBLISH: _publish,
        Move.REVISE: _revise,
        Move.PROPOSE_WITHDRAWAL: _propose,
        Move.WITHDRAW: _withdraw,
        Move.KEEP: _keep,
    }
)
