"""Warnings about what looks like the same thing entered twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.html import format_html

from evidence.admin.panels import address
from evidence.curation.alike import alike
from evidence.curation.sameness import Alike

ASKED_ONCE = (
    "This may be there already: see “Looks alike”. Nothing is saved yet. If it is another one, "
    "save once more."
)
SEEN = "alike_seen"


@dataclass(frozen=True)
class Double:
    """What looks alike: where it is, what it is called, in what it is the same."""

    url: str
    name: str
    sentence: str


class MayBeThere(ValidationError):
    """A new row that looks like others: it is saved once a person has seen them."""

    def __init__(self, doubles: Sequence[Alike]) -> None:
        super().__init__(ASKED_ONCE)
        self.doubles = doubles


class WarnsOfDoubles(admin.ModelAdmin):
    """An admin that shows what looks alike, and of new rows may ask before it saves them."""

    # Whether the first save of a new row that looks like another comes back once.
    asks_about_doubles: ClassVar[bool] = False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows inside too; then look for what is alike, with all of it in place."""
        super().save_related(request, form, formsets, change)
        found = alike(form.instance)
        if self.asks_about_doubles:
            if not change and _keys(found) - {*request.POST.get(SEEN, "").split()}:
                raise MayBeThere(found)
            return
        for double in map(_double, found):
            said = format_html(
                'Looks alike: {} <a href="{}">Open {}</a>',
                double.sentence,
                double.url,
                double.name,
            )
            self.message_user(request, said, messages.WARNING)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Show the form with what looks alike now."""
        form = context["adminform"].form
        found: Sequence[Alike] = getattr(request, "doubles", ())
        if not found and (form.is_bound or kwargs.get("obj") is not None):
            found = alike(form.instance)
        context["alike"] = [_double(one) for one in found]
        context[SEEN] = " ".join(sorted(_keys(found))) if hasattr(request, "doubles") else ""
        return super().render_change_form(request, context, *args, **kwargs)


def _double(one: Alike) -> Double:
    row: Any = one.row
    return Double(
        url=address(type(row), "change", args=[row.pk]),
        name=str(getattr(row, "code", row)),
        sentence=one.sentence,
    )


def _keys(found: Sequence[Alike]) -> set[str]:
    return {f"{one.row._meta.model_name}.{one.row.pk}" for one in found}
