"""Runs that bring records in: what each did, what went wrong, and what is due."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import truncatechars
from django.utils import timezone
from django.utils.formats import date_format

from evidence.admin.panels import address
from evidence.admin.people import ReadOnly
from evidence.models import Publication, SyncFault, SyncRun, Trial
from evidence.sync import due

TALLY = ("created", "changed", "same", "not_il2", "left_out", "vanished", "failed")
MOST_FAULTS = 1_000
MINUTE = "j M Y, H:i"


@admin.register(SyncRun)
class SyncRunAdmin(ReadOnly):
    """What the commands that bring records in have done."""

    change_list_template = "admin/evidence/runs.html"
    change_form_template = "admin/evidence/run.html"
    list_display = ("kind", "asked", "state", "began", *TALLY, "why")
    list_display_links = ("kind",)
    # No filters beside the list: its columns need the room.
    linked_by = ("kind__exact", "state__exact")
    search_fields = ("arguments", "sentence", "faults__about", "faults__sentence")
    ordering = ("-started_at", "-pk")
    fields = (
        "kind",
        "arguments",
        "state",
        ("started_at", "last_step_at", "finished_at"),
        "sentence",
        ("created", "changed", "same"),
        ("not_il2", "left_out", "vanished", "failed"),
    )
    readonly_fields = (
        *("kind", "arguments", "state", "sentence", *TALLY),
        *("started_at", "last_step_at", "finished_at"),
    )

    @admin.display(description="arguments", ordering="arguments")
    def asked(self, obj: SyncRun) -> str:
        """Give as much of the arguments as tells runs apart."""
        return truncatechars(obj.arguments, 60)

    @admin.display(description="began", ordering="started_at")
    def began(self, obj: SyncRun) -> str:
        """Give the minute."""
        return date_format(timezone.localtime(obj.started_at), MINUTE)

    @admin.display(description="why it stopped", ordering="sentence")
    def why(self, obj: SyncRun) -> str:
        """Give the beginning of the sentence; the whole stands on its page."""
        return truncatechars(obj.sentence, 90)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the runs, and above them what is due."""
        told = {"title": "Runs", "kinds": due.kinds(), "overdue": _overdue()}
        return super().changelist_view(request, {**(extra_context or {}), **told})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Show a run with its faults."""
        faults = SyncFault.objects.filter(run=kwargs["obj"]).order_by("pk")
        context["faults"] = list(faults[:MOST_FAULTS])
        return super().render_change_form(request, context, *args, **kwargs)


def _overdue() -> list[dict[str, Any]]:
    """Give what was not looked at for long: how many, in which list, by which command."""
    return [
        {
            "words": words,
            "count": rows.count(),
            "url": address(model, "changelist", query={"checked": "due"}),
            "command": command,
        }
        for words, model, rows, command in (
            (
                f"trials not looked at in the registry for {due.DAYS} days",
                Trial,
                due.trials(),
                "sync_trials",
            ),
            (
                f"publications whose standing was not looked up for {due.DAYS} days",
                Publication,
                due.publications(),
                "check_standing",
            ),
        )
    ]
