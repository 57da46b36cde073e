"""Moves of many editions at once, with one note: a page that lists them, then each by itself."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import escape
from django.views.decorators.http import require_http_methods

from evidence.admin import rule_moved
from evidence.admin.beside import Word, word
from evidence.admin.bulk_jobs import FOR_ALL, JOBS, Bulk, Job
from evidence.admin.bulk_rows import Row, described
from evidence.admin.moves import safe_next
from evidence.admin.panels import address
from evidence.curation import forecasts
from evidence.curation.allowed import has_duty, name
from evidence.ledger.what_if import if_all_published
from evidence.models import Edition, Finding

# So many at once; a list may hold more.
MOST_AT_ONCE = 1000
# "12:3 13:0": keys with the save at which each was read.
ROWS = re.compile(r"(?:[0-9]{1,18}:[0-9]{1,9}(?: |$))+", re.ASCII)
# A person waits for an answer; what is left then goes on at a click.
PATIENCE = 15.0  # seconds
TOO_MANY = f"At most {MOST_AT_ONCE:,} rows are moved at once. Filter the list, then choose again."
CHANGED = (
    "Nothing was done: {names} {verb} changed meanwhile. The list below is how things stand now."
)
MOST_NAMES = 5
NOTHING_CHANGES = "Publishing these leaves all that the rule says as it is."


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What was done, what was left out and why, and what there was no time for."""

    done: Sequence[Edition]
    refused: Sequence[Row]
    left: Sequence[Edition]


def _action(bulk: Bulk) -> Callable[[Any, HttpRequest, QuerySet[Any]], HttpResponse]:
    """Return what Django's list of a kind offers for a job, to those whose duty it is."""

    def act(modeladmin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        answer: HttpResponse = modeladmin.start_bulk(request, queryset, bulk)
        return answer

    act.__name__ = f"bulk_{bulk.replace('-', '_')}"
    return admin.action(description=JOBS[bulk].words, permissions=[act.__name__])(act)


def _permission(bulk: Bulk) -> Callable[[Any, HttpRequest], bool]:
    return lambda modeladmin, request: modeladmin.has_job_permission(request, bulk)


@admin.action(description="Discard the chosen drafts", permissions=["delete"])
def discard_selected(
    modeladmin: Any, request: HttpRequest, queryset: QuerySet[Any]
) -> HttpResponse | None:
    """Ask before discarding the chosen drafts, as Django asks before deleting."""
    return delete_selected(modeladmin, request, queryset)


discard_selected.__name__ = "delete_selected"  # in its place, and guarded like it


class BulkMoves(admin.ModelAdmin):
    """An admin of editions whose actions move many at once."""

    bulk_moves: ClassVar[Sequence[Bulk]] = FOR_ALL
    actions = (*(_action(bulk) for bulk in Bulk), discard_selected)
    # Django asks for the permission of an action by a name of its own.
    has_bulk_assign_permission = _permission(Bulk.ASSIGN)
    has_bulk_submit_permission = _permission(Bulk.SUBMIT)
    has_bulk_publish_permission = _permission(Bulk.PUBLISH)
    has_bulk_take_over_permission = _permission(Bulk.TAKE_OVER)
    has_bulk_revise_permission = _permission(Bulk.REVISE)
    has_bulk_review_date_permission = _permission(Bulk.REVIEW_DATE)

    def get_urls(self) -> list[URLPattern]:
        """Add the page of each job."""
        view = require_http_methods(["GET", "HEAD", "POST"])(self.bulk_page)
        name = f"{self.opts.app_label}_{self.opts.model_name}_bulk"
        return [
            path("bulk/<str:job>/", self.admin_site.admin_view(view), name=name),
            *super().get_urls(),
        ]

    def _may(self, request: HttpRequest, job: Job) -> bool:
        return has_duty(self.model(), *job.duties, by=request.user)

    def has_job_permission(self, request: HttpRequest, bulk: Bulk) -> bool:
        """Say whether a job is among this person's duties here."""
        return bulk in self.bulk_moves and self._may(request, JOBS[bulk])

    def start_bulk(self, request: HttpRequest, queryset: QuerySet[Any], bulk: Bulk) -> HttpResponse:
        """Show what was chosen, with the form of a job."""
        chosen = list(queryset.order_by("record_id", "number")[: MOST_AT_ONCE + 1])
        if len(chosen) > MOST_AT_ONCE:
            raise BadRequest(TOO_MANY)
        form = JOBS[bulk].form(model=self.model)
        return self._show_bulk(request, bulk, chosen, form)

    def bulk_page(self, request: HttpRequest, job: str) -> HttpResponse:
        """Do a job with the rows that its page listed, unless one was changed meanwhile."""
        if job not in self.bulk_moves:
            raise Http404(f"There is no move of many called {job[:40]}.")
        bulk = Bulk(job)
        if not self.has_view_permission(request) or not self._may(request, JOBS[bulk]):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseRedirect(address(self.model, "changelist"))
        seen = _read_rows(request.POST.get("rows", ""))
        found = {one.pk: one for one in self.get_queryset(request).filter(pk__in=seen)}
        chosen = [found[pk] for pk in seen if pk in found]
        form = JOBS[bulk].form(request.POST, model=self.model)
        changed = [one for one in chosen if one.lock_version != seen[one.pk]]
        gone = len(seen) - len(chosen)
        if changed or gone:
            said = _changed(changed, gone)
            form.is_valid()
            form.add_error(None, said)
            return self._show_bulk(request, bulk, chosen, form, status=409)
        if not form.is_valid():
            return self._show_bulk(request, bulk, chosen, form)
        with rule_moved.told_of(request, *chosen):
            outcome = _carry_out(JOBS[bulk], chosen, by=request.user, given=form.given())
            return self._tell(request, bulk, outcome, form)

    def _tell(self, request: HttpRequest, bulk: Bulk, outcome: Outcome, form: Any) -> HttpResponse:
        words = self.opts.verbose_name if len(outcome.done) == 1 else self.opts.verbose_name_plural
        said = f"{len(outcome.done)} {words} {form.told(JOBS[bulk].done)}."
        if not outcome.refused and not outcome.left:
            messages.success(request, said)
            return HttpResponseRedirect(self._list_url(request))
        context = {
            "title": JOBS[bulk].words,
            "said": said,
            "outcome": outcome,
            "form": form,
            "rows_left": _written(outcome.left),
            "page": address(self.model, "bulk", args=[bulk]),
        }
        return self._bulk_answer(request, "bulk_done", context)

    def _show_bulk(
        self, request: HttpRequest, bulk: Bulk, chosen: Sequence[Any], form: Any, status: int = 200
    ) -> HttpResponse:
        job = JOBS[bulk]
        rows = [
            Row(edition=one, url=_url(one), why_not=job.why_not(one, request.user))
            for one in chosen
        ]
        if job.describes:
            rows = described(rows)
        context = {
            "title": job.words,
            "what_happens": job.what_happens,
            "describes": job.describes,
            "word": _what_the_rule_would_say(bulk, rows),
            "rows": rows,
            "left_out": sum(bool(row.why_not) for row in rows),
            "written": _written(chosen),
            "form": form,
            "errors": bool(form.errors),
            "page": address(self.model, "bulk", args=[bulk]),
            "media": self.media + form.media,
        }
        return self._bulk_answer(request, "bulk_confirm", context, status=status)

    def _list_url(self, request: HttpRequest) -> str:
        """Return the list from which the rows were chosen, with its filters."""
        here = address(self.model, "changelist")
        if request.path != here:
            return safe_next(request, here)
        kept = request.GET.copy()
        kept.pop("p", None)  # moved rows may leave the list, and with them its last page
        return f"{here}?{kept.urlencode()}" if kept else here

    def _bulk_answer(
        self, request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        frame = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "subtitle": None,
            "list_url": self._list_url(request),
        }
        return TemplateResponse(
            request, f"admin/evidence/{template}.html", frame | context, status=status
        )


def _what_the_rule_would_say(bulk: Bulk, rows: Sequence[Row]) -> Word | None:
    """Say what the rule would say once all rows that are not left out are published."""
    if bulk != Bulk.PUBLISH:
        return None
    chosen = [row.edition for row in rows if not row.why_not and isinstance(row.edition, Finding)]
    if not chosen:
        return None
    found = word(if_all_published(chosen), deed=forecasts.PUBLISHING_THEM)
    return found or Word(changes=False, sentences=(escape(NOTHING_CHANGES),))


def _carry_out(job: Job, editions: Sequence[Any], *, by: Any, given: Mapping[str, Any]) -> Outcome:
    """Do a job with each edition, in a transaction of its own, for as long as a person waits."""
    until = time.monotonic() + PATIENCE
    done: list[Edition] = []
    refused: list[Row] = []
    for position, edition in enumerate(editions):
        if position and time.monotonic() > until:
            return Outcome(done=done, refused=refused, left=editions[position:])
        each = job.do(edition, by, given)
        done += each.moved
        refused += [Row(edition=one, url=_url(one), why_not=why) for one, why in each.refused]
    return Outcome(done=done, refused=refused, left=())


def _read_rows(written: str) -> dict[int, int]:
    """Read the keys of the chosen rows with the saves at which they were read."""
    if len(written) > MOST_AT_ONCE * 30 or not ROWS.fullmatch(written):
        raise BadRequest("The rows of this form cannot be read. Choose them from the list again.")
    pairs = (pair.split(":") for pair in written.split())
    return {int(key): int(seen) for key, seen in pairs}


def _written(editions: Iterable[Any]) -> str:
    return " ".join(f"{one.pk}:{one.lock_version}" for one in editions)


def _changed(changed: Sequence[Edition], gone: int) -> str:
    names = [name(one).rstrip(",") for one in changed[:MOST_NAMES]]
    more = len(changed) - len(names)
    if more:
        names.append(f"{more} more")
    if gone:
        names.append(f"{gone} that {'is' if gone == 1 else 'are'} not there any more")
    verb = "was" if len(changed) + gone == 1 else "were"
    return CHANGED.format(names=", ".join(names), verb=verb)


def _url(edition: Edition) -> str:
    return address(type(edition), "change", args=[edition.pk])
