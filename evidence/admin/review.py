"""What a second reader needs on one screen before she decides, and what an author is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_safe

from evidence.admin import preview
from evidence.admin.beside import (
    last_return,
    likenesses,
    odd_figures,
    published_before,
    rules_word_against,
    source_of,
    steps_of,
    url_of,
    word_of_the_rule,
)
from evidence.admin.move_forms import PublishForm, form_for
from evidence.admin.moves import NOT_THERE, MovePages, buttons, reasons, safe_next
from evidence.admin.panels import Panel, address
from evidence.curation import NotAllowed, moves, ready
from evidence.curation.allowed import Move, name, open_edition, why_not
from evidence.ledger.differences import content_fields, differences, label_of
from evidence.models import Assessment, Edition, Finding, HarmReport, Record
from evidence.models.base import OPEN_STATES
from evidence.templatetags.words import NOT_REPORTED
from evidence.vocab import State

CHANGED_TOGETHER = "{name} was changed meanwhile, so nothing was published. Look at it again."


@dataclass(frozen=True, kw_only=True)
class Part:
    """A titled group of what an edition says: labels with words."""

    title: str
    rows: tuple[tuple[str, object], ...]


@dataclass(frozen=True, kw_only=True)
class Together:
    """What may be published in one go with an assessment, or why it may not."""

    edition: Edition
    value: str
    why_not: str
    url: str


class ReviewPages(MovePages):
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
            "missing": ready.faults(edition) if is_draft else (),
            "word": word_of_the_rule(edition),
            "against_the_rule": rules_word_against(edition),
            # What looks alike is shown in this panel, and not once more above the form.
            "likenesses": True,
            "returned": last_return(edition),
            "steps": steps_of(edition.record_id),
            "review_url": address(self.model, "review", args=[edition.pk]),
            "preview_url": address(self.model, "preview", args=[edition.pk]),
            "comment_url": address(self.model, "comment", args=[edition.pk]),
        }

    def _being_worked_on(self, edition: Edition) -> tuple[Edition, str] | None:
        if edition.state in OPEN_STATES:
            return None
        found = open_edition(edition)
        return None if found is None else (found, url_of(found))

    # --- The second reader's screen -------------------------------------------------------------

    def review_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show an edition with all that bears on its publication, or publish it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        edition = self.edition_or_none(request, object_id)
        if edition is None:
            messages.warning(request, NOT_THERE)
            return HttpResponseRedirect(address(self.model, "changelist"))
        if request.method != "POST":
            return self._show_review(request, edition)
        why = why_not(Move.PUBLISH, edition, by=request.user)
        if why and edition.reviewer_id == request.user.pk:
            messages.info(request, f"You have done that already. {edition.code} is published.")
            return HttpResponseRedirect(url_of(edition))
        form = PublishForm(request.POST, edition=edition, auto_id="publish_%s")
        if why:
            if not request.user.has_perm(f"evidence.publish_{self.opts.model_name}"):
                raise PermissionDenied(why)
            form.is_valid()
            form.add_error(None, why)
            return self._show_review(request, edition, form, status=409)
        if not form.is_valid():
            form.opened_now()
            return self._show_review(request, edition, form)
        return self._publish(request, edition, form)

    def _publish(self, request: HttpRequest, edition: Any, form: PublishForm) -> HttpResponse:
        chosen = set(request.POST.getlist("with"))
        try:
            done = _publish_with(edition, chosen, form=form, by=request.user)
        except NotAllowed as reason:
            edition = self.edition_or_none(request, str(edition.pk))
            if edition is None:
                messages.warning(request, NOT_THERE)
                return HttpResponseRedirect(address(self.model, "changelist"))
            again = PublishForm(request.POST, edition=edition, auto_id="publish_%s")
            again.is_valid()
            again.add_error(None, str(reason))
            again.opened_now()
            return self._show_review(request, edition, again, status=409)
        codes = ", ".join(one.code for one in done)
        verb = "is" if len(done) == 1 else "are"
        messages.success(request, f"{codes} {verb} published.")
        return HttpResponseRedirect(safe_next(request, url_of(edition)))

    def _show_review(
        self, request: HttpRequest, edition: Any, form: Any = None, status: int = 200
    ) -> HttpResponse:
        by = request.user
        before = published_before(edition)
        may_publish = not why_not(Move.PUBLISH, edition, by=by)
        shown = form or PublishForm(edition=edition, auto_id="publish_%s")
        back = form_for(Move.RETURN, edition, by=by)
        back.auto_id = "return_%s"
        context = self.page_context(
            request,
            edition,
            title=f"Review of {name(edition).rstrip(',')}: {self.review_title(edition)}",
            words="Review",
            **self.beside(request, edition),
            parts=self.parts(request, edition),
            source=source_of(edition),
            before=before,
            differences=differences(before, edition) if before is not None else (),
            review_panels=self.review_panels(request, edition),
            alike=likenesses(edition),
            odd=odd_figures(edition),
            together=together(edition, by=by),
            chosen=request.POST.getlist("with"),
            may_publish=may_publish or form is not None,
            publish_form=shown,
            may_return=not why_not(Move.RETURN, edition, by=by),
            return_form=back,
            return_url=address(self.model, Move.RETURN, args=[edition.pk]),
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
            rows = tuple((label_of(fields[n]), said.get(n, NOT_REPORTED)) for n in names)
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
            messages.warning(request, NOT_THERE)
            return HttpResponseRedirect(address(self.model, "changelist"))
        return HttpResponse(preview.render(edition, by=request.user, back=url_of(edition)))


def together(edition: Edition, *, by: Any) -> tuple[Together, ...]:
    """Return what is in review on an assessment's topic and may be published with it."""
    if not isinstance(edition, Assessment) or edition.state != State.IN_REVIEW:
        return ()
    rows: list[Edition] = []
    for model in (Finding, HarmReport):
        rows += model.objects.filter(topic=edition.topic_id, state=State.IN_REVIEW)
    return tuple(
        Together(
            edition=row,
            value=f"{row.code}-{row.number}-{row.lock_version}",
            why_not=why_not(Move.PUBLISH, row, by=by),
            url=address(type(row), "review", args=[row.pk]),
        )
        for row in rows
    )


def _publish_with(
    edition: Any, chosen: set[str], *, form: PublishForm, by: Any
) -> Sequence[Edition]:
    """Publish an edition, and what was chosen with it, all or nothing."""
    given = form.given()
    if not chosen:
        return [moves.publish(edition, by=by, **given)]
    seen = given.pop("seen")
    with transaction.atomic():
        others = together(edition, by=by)
        records = sorted([edition.record_id, *(one.edition.record_id for one in others)])
        list(Record.objects.select_for_update().filter(pk__in=records).order_by("pk"))
        edition.refresh_from_db()
        known = {one.value: one.edition for one in together(edition, by=by)}
        if edition.lock_version != seen:
            raise NotAllowed(CHANGED_TOGETHER.format(name=edition.code))
        for value in sorted(chosen - known.keys()):
            raise NotAllowed(CHANGED_TOGETHER.format(name=value.partition("-")[0][:20]))
        return moves.publish_together(
            [edition, *(known[value] for value in sorted(chosen))], by=by, **given
        )


def _flat(fields: Iterable[Any]) -> list[str]:
    return [name for one in fields for name in ([one] if isinstance(one, str) else list(one))]
