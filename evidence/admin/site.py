"""The admin site: its entities in the order in which curators think of them."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from evidence.admin.queue import queue_context, to_do
from evidence.admin.second_factor import SecondFactorSite
from evidence.admin.start import begin

GROUPS = (
    ("Judgements", ("Topic", "Assessment", "Finding", "HarmReport", "Consideration")),
    ("Facts", ("Trial", "Publication", "Approval")),
    (
        "Terms",
        (
            "Condition",
            "Intervention",
            "AdverseEffect",
            "Outcome",
            "CellTarget",
            "CombinationPartner",
        ),
    ),
    ("At the registries", ("Drift", "RegistryRecord", "SavedSearch", "SyncRun")),
    ("People", ("User", "Group", "LogEntry")),
)
PLACES = {
    model: (place, title, position)
    for place, (title, models) in enumerate(GROUPS)
    for position, model in enumerate(models)
}
LAST = (len(GROUPS), "Other", 0)


class Choices(AutocompleteJsonView):
    """What is offered where a row is chosen by typing, in the words of its own admin."""

    def process_request(self, request: HttpRequest) -> Any:
        """Read what is asked for: a form's own field, never a relation from its other end."""
        found = super().process_request(request)
        if not getattr(found[2], "editable", False):
            raise PermissionDenied
        return found

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        """Give one row's key and label."""
        label = getattr(self.model_admin, "label", str)
        return {"id": str(getattr(obj, to_field_name)), "text": label(obj)}


class CurationSite(SecondFactorSite):
    """Django's admin under our name, with judgements first and people last."""

    site_title = "il2tracker"
    site_header = "il2tracker, for curators"
    index_title = "My queue"
    index_template = "admin/index.html"

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Return what every page's frame needs, with what waits for this person."""
        # Counted where it is shown: a page for strangers, or without a head, asks nothing.
        return {**super().each_context(request), "to_do": partial(to_do, request.user)}

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse | HttpResponseRedirect:
        """Show what waits for this person; lead from an identifier to what is known by it."""
        typed = request.GET.get("identifier", "")
        where, sentence = begin(self, request, typed) if typed.strip() else ("", "")
        if where:
            return HttpResponseRedirect(where)
        told = {"identifier": typed, "not_recognised": sentence}
        return super().index(request, queue_context(request) | told | (extra_context or {}))

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseRedirect:
        """Lead to the queue, which lists all that there is: Django's apps are no places of ours."""
        if not self.get_app_list(request, app_label):
            raise Http404("There is nothing here for you.")
        return HttpResponseRedirect(reverse("admin:index"))

    def get_urls(self) -> list[Any]:
        """Return the admin's addresses, without Django's way from any number to a readers' page.

        Ours are linked directly, and that one would tell which numbers there are.
        """
        return [one for one in super().get_urls() if getattr(one, "name", "") != "view_on_site"]

    def autocomplete_view(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a choice by typing."""
        return Choices.as_view(admin_site=self)(request)

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """Return what this person may see, grouped by family and not by Django's apps."""
        apps = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        placed = sorted(
            (
                (*PLACES.get(model["object_name"], LAST), model, app)
                for app in apps
                for model in app["models"]
            ),
            key=lambda row: (row[0], row[2]),
        )
        groups: dict[str, dict[str, Any]] = {}
        for _, title, _, model, app in placed:
            group = groups.setdefault(
                title, app | {"name": title, "app_label": title.lower(), "models": []}
            )
            group["models"].append(model)
        return list(groups.values())
