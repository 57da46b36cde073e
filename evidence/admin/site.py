"""The admin site: its entities in the order in which curators think of them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

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
    ("People", ("User", "Group", "LogEntry")),
)
PLACES = {
    model: (place, title, position)
    for place, (title, models) in enumerate(GROUPS)
    for position, model in enumerate(models)
}
LAST = (len(GROUPS), "Other", 0)


class CurationSite(admin.AdminSite):
    """Django's admin under our name, with judgements first and people last."""

    site_title = "il2tracker"
    site_header = "il2tracker, for curators"
    index_title = "Curation"

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
