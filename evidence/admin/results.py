"""A trial's posted adverse events: what each group received, then drafts of what is ticked."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from evidence.admin.base import EvidenceAdmin
from evidence.admin.panels import address
from evidence.admin.relations import is_key
from evidence.admin.results_page import Page
from evidence.models import HarmReport, Trial
from evidence.sync import results

NO_DUTY = "Your duties do not include adding harm reports."
NOT_THERE = "This trial is not there any more."
NONE_POSTED = "No record that is held of this trial has posted adverse events."


class PostedEvents(EvidenceAdmin):
    """An admin of trials with a page of their posted adverse events."""

    def get_urls(self) -> list[URLPattern]:
        """Add `<key>/adverse-events/`."""
        view = require_http_methods(["GET", "HEAD", "POST"])(self.adverse_events)
        name = f"{self.opts.app_label}_{self.opts.model_name}_adverse_events"
        place = "<str:object_id>/adverse-events/"
        return [path(place, self.admin_site.admin_view(view), name=name), *super().get_urls()]

    def way_to_posted(self, request: HttpRequest, trial: Trial) -> SafeString | str:
        """Link to the page where there is something to read and this person may add reports."""
        if not self.may_add(request, HarmReport) or not results.has_posted(trial):
            return ""
        return format_html(
            '<a href="{}">Read the adverse events of its posted results</a>',
            address(Trial, "adverse_events", args=[trial.pk]),
        )

    def adverse_events(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show a trial's posted adverse events, and make drafts of the rows that are ticked."""
        if not self.has_view_permission(request) or not self.may_add(request, HarmReport):
            raise PermissionDenied(NO_DUTY)
        rows = self.get_queryset(request)
        trial = rows.filter(pk=object_id).first() if is_key(object_id) else None
        if trial is None:
            messages.warning(request, NOT_THERE)
            return HttpResponseRedirect(address(Trial, "changelist"))
        posted = results.posted(trial)
        page = Page(trial, posted, request) if posted else None
        if page is not None and request.method == "POST" and (done := page.act()) is not None:
            return done
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Posted adverse events: {trial}",
            "trial": trial,
            "trial_url": address(Trial, "change", args=[trial.pk]),
            "subtitle": None,
            "none_posted": NONE_POSTED,
            "no_day": results.NO_DAY,
            "may_teach": request.user.has_perm("evidence.change_adverseeffect"),
            "page": page,
            "errors": page is not None and bool(page.said),
        }
        # What is typed into a form is mended there; an address that says nonsense is refused.
        status = 400 if context["errors"] and request.method != "POST" else 200
        return TemplateResponse(
            request, "admin/evidence/posted_events.html", context, status=status
        )
