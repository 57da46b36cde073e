"""The moves of a judgement as pages: what will happen, a note, and back to where one came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from evidence.admin import rule_moved
from evidence.admin.beside import Word, word_if_published, word_if_withdrawn
from evidence.admin.move_forms import form_for
from evidence.admin.panels import address
from evidence.admin.relations import is_key
from evidence.curation import NotAllowed, moves
from evidence.curation.allowed import (
    DUTIES,
    STATES,
    Move,
    has_duty,
    open_edition,
    why_not,
    words_for,
)
from evidence.curation.errors import TooLate
from evidence.ledger.differences import differences
from evidence.models import Edition, Step
from evidence.vocab import State, Verb

CALLS: Mapping[Move, Callable[..., Any]] = {
    Move.SUBMIT: moves.submit,
    Move.RETURN: moves.return_to_author,
    Move.PUBLISH: moves.publish,
    Move.REVISE: moves.revise,
    Move.DISCARD: moves.discard,
    Move.ASSIGN: moves.assign,
    Move.PROPOSE_WITHDRAWAL: moves.propose_withdrawal,
    Move.WITHDRAW: moves.withdraw,
    Move.KEEP: moves.keep,
    Move.COMMENT: moves.comment,
}
VERBS: Mapping[Move, Verb] = {
    Move.SUBMIT: Verb.SUBMITTED,
    Move.RETURN: Verb.RETURNED,
    Move.PUBLISH: Verb.PUBLISHED,
    Move.REVISE: Verb.BEGAN,
    Move.DISCARD: Verb.DISCARDED,
    Move.ASSIGN: Verb.ASSIGNED,
    Move.PROPOSE_WITHDRAWAL: Verb.PROPOSED_WITHDRAWAL,
    Move.WITHDRAW: Verb.WITHDRAWN,
    Move.KEEP: Verb.KEPT,
    Move.COMMENT: Verb.COMMENTED,
}
WHAT_HAPPENS: Mapping[Move, str] = {
    Move.SUBMIT: "It goes to a second reader. It cannot be changed until it comes back.",
    Move.RETURN: "It becomes a draft again, and its author finds your note beside it.",
    Move.PUBLISH: "Readers see it at once, in place of the edition before it if there is one.",
    Move.REVISE: "The next edition begins as a draft with all that this one says. What readers see "
    "stays as it is until that draft is published by a second person.",
    Move.DISCARD: "The draft is thrown away. Its number is not used again, and what readers see "
    "stays as it is.",
    Move.ASSIGN: "It then stands in that person's queue. Others may still work on it.",
    Move.PROPOSE_WITHDRAWAL: "Another person has to confirm it; until then readers see the edition "
    "as before. Afterwards its address says when it was withdrawn, and your reason.",
    Move.WITHDRAW: "Readers no longer see it: its address says that it was withdrawn today, why, "
    "and what takes its place.",
    Move.KEEP: "The proposal is turned down, and the edition stays published.",
    Move.COMMENT: "Colleagues see it beside the edition. Readers never do.",
}
WHAT_HAPPENED: Mapping[Move, str] = {
    Move.SUBMIT: "{name} is with a second reader now.",
    Move.RETURN: "{name} is back with its author.",
    Move.PUBLISH: "{name} is published.",
    Move.REVISE: "This is the new edition, a draft.",
    Move.DISCARD: "The draft {name} was discarded.",
    Move.ASSIGN: "{name} is assigned.",
    Move.PROPOSE_WITHDRAWAL: "The withdrawal of {name} is proposed. Another person has to "
    "confirm it.",
    Move.WITHDRAW: "{name} is withdrawn.",
    Move.KEEP: "The withdrawal of {name} was turned down. It stays published.",
    Move.COMMENT: "Your comment is there.",
}
BROUGHT_BACK = (
    "The next edition begins as a draft with all that edition {number} says. {seen} until that "
    "draft is published by a second person."
)
DONE_ALREADY = "You have done that already. {what}"
TYPED = ("note", "said", "conflict_words")
NOT_THERE = "This edition is not there any more: its draft was discarded."
# In the order of the buttons; a comment has its box under the form.
BUTTONS = (
    Move.SUBMIT,
    Move.PUBLISH,
    Move.RETURN,
    Move.REVISE,
    Move.WITHDRAW,
    Move.KEEP,
    Move.PROPOSE_WITHDRAWAL,
    Move.ASSIGN,
    Move.DISCARD,
)
# Moves that a person should know the obstacle of where all but that person could make them.
WORTH_SAYING = (Move.PUBLISH, Move.WITHDRAW)


@dataclass(frozen=True, kw_only=True)
class Button:
    """A move with its words, and where its page is."""

    move: str
    words: str
    url: str


def buttons(edition: Edition, *, by: Any, leave_out: tuple[Move, ...] = ()) -> tuple[Button, ...]:
    """Return the moves that a person may make of an edition now."""
    return tuple(
        Button(
            move=move,
            words=words_for(move, edition),
            url=address(type(edition), move, args=[edition.pk]),
        )
        for move in BUTTONS
        if move not in leave_out and not why_not(move, edition, by=by)
    )


def reasons(edition: Edition, *, by: Any) -> tuple[str, ...]:
    """Say which moves are withheld from a person who works on such judgements, and why."""
    if not has_duty(edition, "change", "publish", by=by):
        return ()
    found = [
        why_not(move, edition, by=by)
        for move in WORTH_SAYING
        if edition.state in STATES[move]
        and (move != Move.WITHDRAW or edition.withdrawal_proposed_by_id is not None)
        and has_duty(edition, *DUTIES[move], by=by)
    ]
    if edition.state == State.IN_REVIEW and edition.author_id == by.pk and not any(found):
        found.append("You wrote this, so someone else must publish it.")
    return tuple(reason for reason in found if reason)


def safe_next(request: HttpRequest, otherwise: str) -> str:
    """Return where a person wants to go afterwards, if that is on this site."""
    wanted = str(request.POST.get("next") or request.GET.get("next") or "")
    here = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if here else otherwise


def shown_edition(edition: Edition) -> Any:
    """Return the edition of the same record that readers see, if there is one."""
    return type(edition)._default_manager.public().filter(record=edition.record_id).first()


def what_happened(move: Move, edition: Edition) -> str:
    """Say what a move has done, as it will read once it is done."""
    if move != Move.DISCARD or edition.number == 1:
        return WHAT_HAPPENED[move].format(name=edition.code)
    shown = shown_edition(edition)
    said = f"The draft of edition {edition.number} of {edition.code} was discarded."
    return said if shown is None else f"{said} Readers still see edition {shown.number}."


def _brought_back(edition: Edition, shown: Any) -> str:
    if shown is None:
        seen = f"Readers see no edition of {edition.code}"
    else:
        seen = f"Readers see edition {shown.number}, the current one,"
    return BROUGHT_BACK.format(number=edition.number, seen=seen)


def _what_the_rule_would_say(move: Move, edition: Edition) -> Word | None:
    if move in (Move.SUBMIT, Move.PUBLISH):
        return word_if_published(edition)
    if move in (Move.PROPOSE_WITHDRAWAL, Move.WITHDRAW):
        return word_if_withdrawn(edition)
    return None


class MovePages(admin.ModelAdmin):
    """An admin of editions with one page for each move."""

    def get_urls(self) -> list[URLPattern]:
        """Add `<key>/<move>/` for each move."""
        own = []
        for move in Move:
            view = self.admin_site.admin_view(self._page_of(move))
            place = f"<str:object_id>/{move.replace('_', '-')}/"
            own.append(path(place, view, name=self._url_name(move)))
        return [*own, *super().get_urls()]

    def not_there(self, request: HttpRequest) -> HttpResponse:
        """Lead to the list from an edition that is gone; a note typed for it is handed back."""
        where = address(self.model, "changelist")
        if any(request.POST.get(name, "").strip() for name in TYPED):
            raise TooLate(NOT_THERE, then=where, words="Look at the list in a new tab")
        messages.warning(request, NOT_THERE)
        return HttpResponseRedirect(where)

    def edition_or_none(self, request: HttpRequest, object_id: str) -> Any:
        """Return the edition of an address, if there is one and this person may see it."""
        rows = self.get_queryset(request)
        edition = rows.filter(pk=object_id).first() if is_key(object_id) else None
        if edition is not None and not self.has_view_permission(request, edition):
            raise PermissionDenied
        return edition

    def page_context(self, request: HttpRequest, edition: Edition, **more: Any) -> dict[str, Any]:
        """Return what the frame of every page about an edition needs."""
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": edition,
            "edition": edition,
            "subtitle": None,
            "change_url": address(self.model, "change", args=[edition.pk]),
            **more,
        }

    def _url_name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def _page_of(self, move: Move) -> Callable[..., HttpResponse]:
        @require_http_methods(["GET", "HEAD", "POST"])
        def page(request: HttpRequest, object_id: str) -> HttpResponse:
            return self.move_page(request, object_id, move)

        return page

    def move_page(self, request: HttpRequest, object_id: str, move: Move) -> HttpResponse:
        """Show what a move will do, or make it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        edition = self.edition_or_none(request, object_id)
        if edition is None:
            return self.not_there(request)
        why = why_not(move, edition, by=request.user)
        if request.method != "POST":
            if why:
                raise PermissionDenied(why)
            form = form_for(move, edition, by=request.user)
            return self._show(request, edition, move, form)
        if not has_duty(edition, *DUTIES[move], by=request.user):
            raise PermissionDenied(why)
        form = form_for(move, edition, by=request.user, data=request.POST)
        if self.is_done_already(request, edition, move, form):
            said = what_happened(move, edition)
            messages.info(request, DONE_ALREADY.format(what=said))
            return HttpResponseRedirect(self._afterwards(request, edition, move, None))
        if not form.is_valid():
            if hasattr(form, "opened_now"):
                form.opened_now()
            return self._show(request, edition, move, form)
        with rule_moved.told_of(request, edition):
            return self._make(request, edition, move, form)

    def _make(self, request: HttpRequest, edition: Any, move: Move, form: Any) -> HttpResponse:
        said = what_happened(move, edition)
        try:
            made = CALLS[move](edition, by=request.user, **form.given())
        except NotAllowed as reason:
            edition = self.edition_or_none(request, str(edition.pk)) if edition.pk else None
            if edition is None:
                return self.not_there(request)
            again = form_for(move, edition, by=request.user, data=request.POST)
            again.is_valid()
            again.add_error(None, str(reason))
            if hasattr(again, "opened_now"):
                again.opened_now()
            return self._show(request, edition, move, again, status=409)
        messages.success(request, said)
        return HttpResponseRedirect(self._afterwards(request, edition, move, made))

    def _afterwards(self, request: HttpRequest, edition: Any, move: Move, made: Any) -> str:
        """Say where a move leads: the new edition, the list, or back."""
        if move == Move.REVISE:
            begun = made if made is not None else open_edition(edition)
            return address(self.model, "change", args=[(begun or edition).pk])
        if move == Move.DISCARD:
            return safe_next(request, address(self.model, "changelist"))
        return safe_next(request, address(self.model, "change", args=[edition.pk]))

    def is_done_already(
        self, request: HttpRequest, edition: Edition, move: Move, form: Any
    ) -> bool:
        """Say whether this person's last step with this record was this very move."""
        last = Step.objects.filter(record=edition.record_id).last()
        if last is None or last.verb != VERBS[move] or last.by_id != request.user.pk:
            return False
        if move == Move.DISCARD and last.number != edition.number:
            return False  # that was another edition: of this one the row is still there
        if move == Move.COMMENT:
            return form.is_valid() and form.given()["note"].strip() == last.note
        return bool(why_not(move, edition, by=request.user))

    def _show(
        self, request: HttpRequest, edition: Edition, move: Move, form: Any, status: int = 200
    ) -> HttpResponse:
        words = words_for(move, edition)
        back = move == Move.REVISE and edition.state != State.PUBLISHED
        shown = shown_edition(edition) if back else None
        context = self.page_context(
            request,
            edition,
            title=f"{words}: {edition}",
            move=move,
            words=words,
            what_happens=_brought_back(edition, shown) if back else WHAT_HAPPENS[move],
            shown=shown,
            differences=differences(shown, edition) if shown is not None else (),
            word=_what_the_rule_would_say(move, edition),
            form=form,
            next=safe_next(request, ""),
            errors=bool(form.errors),
        )
        return TemplateResponse(request, "admin/evidence/move.html", context, status=status)
