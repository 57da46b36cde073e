"""What a second reader needs on one screen before she decides, and what an author is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_safe

from evidence.admin import preview
from evidence.admin.beside import (
    last_return,
    likenesses,
    not_public,
    odd_figures,
    proposal_of,
    published_before,
    source_of,
    steps_of,
    url_of,
    word_of_the_rule,
)
from evidence.admin.deciding import (
    DECISIONS,
    DecidingPages,
    DecisionForm,
    decisions,
    together,
)
from evidence.admin.moves import buttons, reasons, safe_next
from evidence.admin.panels import Panel, address
from evidence.admin.returned import since_return
from evidence.curation import ready
from evidence.curation.allowed import Move, name, open_edition, why_not
from evidence.ledger.differences import content_fields, differences, label_of, nothing
from evidence.models import Edition, Finding, HarmReport
from evidence.models.base import OPEN_STATES
from evidence.vocab import State


@dataclass(frozen=True, kw_only=True)
class Part:
    """A titled group of what an edition says: labels with words."""

    title: str
    rows: tuple[tuple[str, object], ...]


class ReviewPages(DecidingPages):
    """An admin of editions with the screen of the second reader and a preview."""

    def get_urls(self) -> list[URLPattern]:
        """Add `<key>/review/` and `<key>/preview/`."""
        wrap = self.admin_site.admin_view
        review = require_http_methods(["GET", "HEAD", "POST"])(self.review_page)
        shown = require_safe(self.preview_page)
        return [
            path("<str:object_id>/review/", wrap(review), name=self._url_name("review")),
            path("<str:object_id>/preview/", wrap(shown), name=self._url_name("preview")),
            *super().get_urls(),
        ]

    # --- Beside the form ------------------------------------------------------------------------

    def beside(self, request: HttpRequest, edition: Edition) -> dict[str, Any]:
        """Return what stands around an edition's form: its moves, what would follow, its past."""
        is_draft = edition.state == State.DRAFT
        writes = is_draft and self.has_change_permission(request, edition)
        # On a draft's own form these are buttons that save as well.
        on_form = (Move.SUBMIT, Move.DISCARD) if writes else ()
        return {
            "buttons": buttons(edition, by=request.user, leave_out=on_form),
            "withheld": reasons(edition, by=request.user),
            "may_submit": writes and not why_not(Move.SUBMIT, edition, by=request.user),
            "may_discard": writes and not why_not(Move.DISCARD, edition, by=request.user),
            "may_comment": not why_not(Move.COMMENT, edition, by=request.user),
            "being_worked_on": self._being_worked_on(edition),
            "missing": self.lacks(edition) if is_draft else (),
            "proposal": proposal_of(edition),
            "word": word_of_the_rule(edition),
            "not_public": not_public(edition),
            # What looks alike is shown in this panel, and not once more above the form.
            "likenesses": True,
            "returned": last_return(edition),
            "steps": steps_of(edition.record_id),
            "review_url": address(self.model, "review", args=[edition.pk]),
            "preview_url": address(self.model, "preview", args=[edition.pk]),
            "comment_url": address(self.model, "comment", args=[edition.pk]),
        }

    def lacks(self, edition: Edition) -> tuple[ready.Fault, ...]:
        """Say what a draft lacks before it is submitted from its form."""
        return ready.faults(edition)

    def _being_worked_on(self, edition: Edition) -> tuple[Edition, str] | None:
        if edition.state in OPEN_STATES:
            return None
        found = open_edition(edition)
        return None if found is None else (found, url_of(found))

    # --- The second reader's screen -------------------------------------------------------------

    def review_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show an edition with all that bears on its publication or withdrawal, or decide."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        edition = self.edition_or_none(request, object_id)
        if edition is None:
            return self.not_there(request)
        if request.method == "POST":
            return self.decide(request, edition)
        return self.show_review(request, edition)

    def show_review(
        self, request: HttpRequest, edition: Any, form: Any = None, status: int = 200
    ) -> HttpResponse:
        """Show an edition with all that bears on the decision, and what was typed so far."""
        by = request.user
        before = published_before(edition)
        offered = decisions(edition, by=by)
        beside = self.beside(request, edition)
        context = self.page_context(
            request,
            edition,
            title=f"Review of {name(edition).rstrip(',')}: {self.review_title(edition)}",
            words="Review",
            **beside
            | {
                "buttons": buttons(edition, by=by, leave_out=tuple(DECISIONS)),
                # A comment is a button of the one form, where there is one.
                "may_comment": beside["may_comment"] and not offered and form is None,
            },
            parts=self.parts(request, edition),
            source=source_of(edition),
            before=before,
            differences=differences(before, edition) if before is not None else (),
            since_return=since_return(edition, by=by),
            review_panels=self.review_panels(request, edition),
            alike=likenesses(edition),
            odd=odd_figures(edition),
            together=together(edition, by=by),
            chosen=request.POST.getlist("with"),
            decisions=offered,
            decision_form=form or DecisionForm(edition=edition, by=by),
            decides=bool(offered) or form is not None,
            next=safe_next(request, ""),
            errors=bool(form is not None and form.errors),
        )
        return TemplateResponse(request, "admin/evidence/review.html", context, status=status)

    def review_title(self, edition: Any) -> str:
        """Say in a few words what is reviewed."""
        return str(edition).partition(": ")[2] or str(edition)

    def review_panels(self, request: HttpRequest, edition: Any) -> Sequence[Panel]:
        """Return the tables of what speaks against an edition, and of what stands beside it."""
        return ()

    def parts(self, request: HttpRequest, edition: Any) -> tuple[Part, ...]:
        """Return what an edition says, in the order of its form."""
        said = {one.field: one.after for one in differences(None, edition)}
        fields = {field.name: field for field in content_fields(type(edition))}
        # What a source could have printed and did not is worth seeing; of our own words it is not.
        named = fields if isinstance(edition, Finding | HarmReport) else said
        found = []
        for title, options in self.fieldsets or ():
            names = [n for n in _flat(options["fields"]) if n in named and n != "statement"]
            rows = tuple((label_of(fields[n]), said.get(n, nothing(fields[n]))) for n in names)
            if rows:
                found.append(Part(title=str(title), rows=rows))
        return tuple(found)

    # --- What readers would see -----------------------------------------------------------------

    def preview_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the readers' page of an edition as if it were published."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        edition = self.edition_or_none(request, object_id)
        if edition is None:
            return self.not_there(request)
        return HttpResponse(preview.render(edition, by=request.user, back=url_of(edition)))


def _flat(fields: Iterable[Any]) -> list[str]:
    return [name for one in fields for name in ([one] if isinstance(one, str) else list(one))]
