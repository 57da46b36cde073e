"""Where a second reader decides: one form for all that she may do, so that no word is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.safestring import SafeString

from evidence.admin import rule_moved
from evidence.admin.beside import url_of, word
from evidence.admin.move_forms import MoveForm, PublishForm
from evidence.admin.moves import (
    CALLS,
    DONE_ALREADY,
    NOT_THERE,
    WHAT_HAPPENED,
    MovePages,
    safe_next,
)
from evidence.admin.panels import address
from evidence.assess.words import joined
from evidence.curation import NotAllowed, moves, ready
from evidence.curation.allowed import DUTIES, WORDS, Move, has_duty, why_not
from evidence.curation.forecasts import PUBLISHING, rule_word
from evidence.ledger import version
from evidence.ledger.what_if import Forecast, Forecasts, if_all_published, if_published
from evidence.models import Assessment, Edition, Finding, HarmReport
from evidence.vocab import State

CHANGED_TOGETHER = "{name} was changed meanwhile, so nothing was published. Look at it again."
TOGETHER = "Publish together with it"
MISSING = {
    Move.RETURN: "Say what is to be mended, so that the author can.",
    Move.KEEP: "Say why it stays, so that whoever proposed the withdrawal knows.",
    Move.COMMENT: "Write what you want to say.",
}
# In the order of the buttons, each with its words where it is made beside the others.
DECISIONS = {
    move: WORDS[move] for move in (Move.PUBLISH, Move.RETURN, Move.WITHDRAW, Move.KEEP)
} | {Move.COMMENT: "Only comment"}
HELP = {
    State.IN_REVIEW: "To return it, say here what is to be mended. With a publication it is "
    "optional. Kept with its history, for colleagues.",
    State.PUBLISHED: "To turn the withdrawal down, say here why it stays. With a withdrawal it is "
    "optional. Kept with its history, for colleagues.",
}
STATEMENT = ("conflict", "conflict_words")


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One button of the form: the move, its words, and whether it is a grave one."""

    move: str
    words: str
    grave: bool


@dataclass(frozen=True, kw_only=True)
class Together:
    """What may be published in one go with an assessment, or why it may not."""

    edition: Edition
    value: str
    why_not: str
    url: str
    # What publishing it alone would make of the rule, in sentences.
    follows: tuple[SafeString, ...]


class DecisionForm(PublishForm):
    """One note, and a statement of interests where publishing is a choice."""

    def __init__(
        self, *args: Any, edition: Edition, move: Move | None = None, by: Any, **kwargs: Any
    ) -> None:
        self.move = move
        self.note_needed = move in MISSING
        self.note_missing = MISSING.get(move, "") if move is not None else ""
        super().__init__(*args, edition=edition, auto_id="decide_%s", **kwargs)
        note = self.fields["note"]
        note.label = "Note"
        note.help_text = HELP.get(State(edition.state), note.help_text)
        if move != Move.PUBLISH:
            self.fields["conflict"].required = False
            if why_not(Move.PUBLISH, edition, by=by) and not any(
                self.data.get(name) for name in STATEMENT
            ):
                for name in STATEMENT:
                    del self.fields[name]

    def clean(self) -> dict[str, Any] | None:
        """Look at the statement of interests only where something is published."""
        if self.move == Move.PUBLISH:
            return super().clean()
        for name in STATEMENT:
            self.errors.pop(name, None)
        return MoveForm.clean(self)

    def given(self) -> dict[str, Any]:
        """Return what the move is called with, beside who and on what."""
        if self.move == Move.PUBLISH:
            return super().given()
        if self.move == Move.COMMENT:
            return {"note": self.cleaned_data["note"]}
        return MoveForm.given(self)


class DecidingPages(MovePages):
    """An admin of editions whose review screen takes every decision from one form."""

    def show_review(
        self, request: HttpRequest, edition: Any, form: Any = None, status: int = 200
    ) -> HttpResponse:
        """Show an edition with all that bears on the decision, and what was typed so far."""
        raise NotImplementedError

    def decide(self, request: HttpRequest, edition: Any) -> HttpResponse:
        """Make the move whose button was pressed, or give everything back with the reason."""
        move = _pressed(request)
        by = request.user
        form = DecisionForm(request.POST, edition=edition, move=move, by=by)
        why = why_not(move, edition, by=by)
        if why and self._was_hers(request, edition, move, form):
            said = WHAT_HAPPENED[move].format(name=edition.code)
            messages.info(request, DONE_ALREADY.format(what=said))
            return HttpResponseRedirect(url_of(edition))
        if not has_duty(edition, *DUTIES[move], by=by):
            raise PermissionDenied(why)
        if why:
            form.is_valid()
            form.add_error(None, why)
            return self.show_review(request, edition, form, status=409)
        if not form.is_valid():
            form.opened_now()
            return self.show_review(request, edition, form)
        with rule_moved.told_of(request, edition):
            return self._carry_out(request, edition, move, form)

    def _was_hers(self, request: HttpRequest, edition: Any, move: Move, form: Any) -> bool:
        published = move == Move.PUBLISH and edition.reviewer_id == request.user.pk
        return published or self.is_done_already(request, edition, move, form)

    def _carry_out(self, request: HttpRequest, edition: Any, move: Move, form: Any) -> HttpResponse:
        try:
            if move == Move.PUBLISH:
                chosen = set(request.POST.getlist("with"))
                done = _publish_with(edition, chosen, form=form, by=request.user)
                codes = ", ".join(one.code for one in done)
                said = f"{codes} {'is' if len(done) == 1 else 'are'} published."
            elif move == Move.COMMENT and self.is_done_already(request, edition, move, form):
                said = DONE_ALREADY.format(what=WHAT_HAPPENED[move])
            else:
                CALLS[move](edition, by=request.user, **form.given())
                said = WHAT_HAPPENED[move].format(name=edition.code)
        except NotAllowed as reason:
            why = str(reason)
            if move == Move.PUBLISH:
                why += _would_help(edition, {*request.POST.getlist("with")}, by=request.user)
            return self._refused(request, edition, move, why)
        messages.success(request, said)
        if move == Move.COMMENT:
            return HttpResponseRedirect(f"{request.get_full_path()}#history-of-steps")
        return HttpResponseRedirect(safe_next(request, url_of(edition)))

    def _refused(self, request: HttpRequest, edition: Any, move: Move, why: str) -> HttpResponse:
        edition = self.edition_or_none(request, str(edition.pk))
        if edition is None:
            return self.not_there(request)
        again = DecisionForm(request.POST, edition=edition, move=move, by=request.user)
        again.is_valid()
        again.add_error(None, why)
        again.opened_now()
        return self.show_review(request, edition, again, status=409)


def decisions(edition: Edition, *, by: Any) -> tuple[Decision, ...]:
    """Return what a person may decide of an edition as it stands; of a comment alone, nothing."""
    may = [move for move in DECISIONS if not why_not(move, edition, by=by)]
    if may == [Move.COMMENT]:
        return ()
    return tuple(
        Decision(move=move, words=DECISIONS[move], grave=move == Move.WITHDRAW) for move in may
    )


def together(edition: Edition, *, by: Any) -> tuple[Together, ...]:
    """Return what is in review on an assessment's topic and may be published with it."""
    if not isinstance(edition, Assessment) or edition.state != State.IN_REVIEW:
        return ()
    rows: list[Edition] = []
    for model in (Finding, HarmReport):
        rows += model.objects.filter(topic=edition.topic_id, state=State.IN_REVIEW)
    forecasts = if_published(row for row in rows if isinstance(row, Finding))
    return tuple(
        Together(
            edition=row,
            value=f"{row.code}-{row.number}-{row.lock_version}",
            why_not=why_not(Move.PUBLISH, row, by=by),
            url=address(type(row), "review", args=[row.pk]),
            follows=_what_follows(row, forecasts),
        )
        for row in rows
    )


def _would_help(edition: Any, chosen: set[str], *, by: Any) -> str:
    """Name the boxes to tick with which the rule would say what an assessment says, if any."""
    if not isinstance(edition, Assessment) or not ready.needs_a_reason(edition):
        return ""
    offered = [
        one
        for one in together(edition, by=by)
        if isinstance(one.edition, Finding) and not one.why_not
    ]
    rest = [one.edition.code for one in offered if one.value not in chosen]
    found = if_all_published([one.edition for one in offered if isinstance(one.edition, Finding)])
    words = {rule_word(one.after_status, one.after_rule) for one in found if _is_of(one, edition)}
    if not rest or (edition.status, edition.ground) not in words:
        return ""
    which = "the box of" if len(rest) == 1 else "the boxes of"
    return (
        f" Tick {which} {joined(rest, named=len(rest))} under “{TOGETHER}”: published with "
        f"{'it' if len(rest) == 1 else 'them'} the rule says the same."
    )


def _is_of(forecast: Forecast, assessment: Assessment) -> bool:
    return forecast.topic.pk == assessment.topic_id


def _what_follows(row: Edition, forecasts: Mapping[int, Forecasts]) -> tuple[SafeString, ...]:
    """Say what publishing a finding would change of the rule; nothing where it changes nothing."""
    told = word(forecasts[row.pk], deed=PUBLISHING) if isinstance(row, Finding) else None
    return told.sentences if told is not None and told.changes else ()


def _pressed(request: HttpRequest) -> Move:
    """Read which button was pressed; a form that does not say so publishes."""
    return next((move for move in DECISIONS if f"_{move}" in request.POST), Move.PUBLISH)


def _publish_with(
    edition: Any, chosen: set[str], *, form: PublishForm, by: Any
) -> Sequence[Edition]:
    """Publish an edition, and what was chosen with it, all or nothing."""
    given = form.given()
    if not chosen:
        return [moves.publish(edition, by=by, **given)]
    seen = given.pop("seen")
    with transaction.atomic():
        version.hold()  # so that nothing is moved between this look and the move
        now = type(edition)._default_manager.filter(pk=edition.pk).first()
        if now is None:
            raise NotAllowed(NOT_THERE)
        edition = now
        known = {one.value: one.edition for one in together(edition, by=by)}
        if edition.lock_version != seen:
            raise NotAllowed(CHANGED_TOGETHER.format(name=edition.code))
        for value in sorted(chosen - known.keys()):
            raise NotAllowed(CHANGED_TOGETHER.format(name=value.partition("-")[0][:20]))
        return moves.publish_together(
            [edition, *(known[value] for value in sorted(chosen))], by=by, **given
        )
