"""Forms of what was deleted while they were open: what was typed makes a new one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse

from evidence.admin.meanwhile import last_entry, when, who
from evidence.admin.panels import address
from evidence.admin.relations import is_key
from evidence.curation.errors import TooLate

GONE = (
    "{who} deleted this {word} while you had it open{when}. What you typed is below, not saved: "
    "saving makes a new {word} of it."
)
REMOVED = "This {word} was removed while you had it open."
TO_THE_LIST = "Look at the list in a new tab"
NOT_TYPED = {"csrfmiddlewaretoken"}


class OutlivesDeletion(admin.ModelAdmin):
    """An admin in which no typing is lost because somebody else deleted what it was about."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show or save a form; one of a deleted row comes back as that of a new one."""
        if object_id is not None and self._is_gone(request, unquote(object_id)):
            self._begin_again(request, unquote(object_id))
            object_id, form_url = None, address(self.model, "add")
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        """Lead away from what is not there; what was typed for it is handed back."""
        if {*request.POST} - NOT_TYPED:
            where = address(self.model, "changelist")
            raise TooLate(REMOVED.format(word=opts.verbose_name), then=where, words=TO_THE_LIST)
        return super()._get_obj_does_not_exist_redirect(  # type: ignore[misc]
            request, opts, object_id
        )

    def of_a_new_one(self, sent: Mapping[str, str]) -> Mapping[str, str]:
        """Give what a new row's form holds beside what the form of an old one sends."""
        return {}

    def _is_gone(self, request: HttpRequest, key: str) -> bool:
        if not {*request.POST} - NOT_TYPED or not is_key(key):
            return False
        there = self.model._default_manager.filter(pk=key).exists()
        return not there and self.has_add_permission(request)

    def _begin_again(self, request: HttpRequest, key: str) -> None:
        entry = last_entry(self.model, key)
        word = self.opts.verbose_name
        said = GONE.format(who=who(entry), word=word, when=when(entry))
        request.refused = said  # type: ignore[attr-defined]
        sent = request.POST.copy()
        for name, text in self.of_a_new_one(request.POST).items():
            sent.setdefault(name, text)
        request.POST = sent
