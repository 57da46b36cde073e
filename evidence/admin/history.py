"""The history of a thing: who did what to it, when, via what and why; nothing is written here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from auditlog.models import LogEntry
from django import forms
from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.defaultfilters import truncatechars
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch
from django.utils.text import capfirst

from evidence.admin.changes import model_of
from evidence.admin.panels import address
from evidence.admin.past import Happening, Thing, happenings, thing_of
from evidence.admin.relations import is_key
from evidence.admin.told import THE_PROGRAM, told
from evidence.curation.allowed import Move, why_not
from evidence.models import Edition

PER_PAGE = 50
READ = ("GET", "HEAD")
FILTERS = ("by", "from", "to", "page")
# What Django's own pages put behind a link to this one.
CARRIED = ("_changelist_filters", "_popup", "_to_field")
# No name of an account has brackets.
PROGRAM = "(program)"
LONGEST_ECHO = 40


class Day(forms.DateField):
    """A day, written as ISO 8601 does and in no other way."""

    def __init__(self, label: str) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(label=label, required=False, widget=widget, input_formats=["%Y-%m-%d"])

    def to_python(self, value: Any) -> dt.date | None:
        """Return the day, or say what was written in its place."""
        try:
            return super().to_python(value)
        except ValidationError as error:
            said = truncatechars(value, LONGEST_ECHO)
            raise ValidationError(f"“{said}” is no day. Write it like 2026-03-31.") from error


class Asked(forms.Form):
    """Whose doings of which days are asked for."""

    def __init__(self, *args: Any, people: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by"] = forms.ChoiceField(
            label="By",
            required=False,
            choices=[("", "anybody"), *people.items()],
            error_messages={"invalid_choice": "Nobody of that name has done anything here."},
        )
        self.fields["from"] = Day("From")
        self.fields["to"] = Day("To")

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order."""
        first, last = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        if first and last and first > last:
            self.add_error("to", "The last day lies before the first one.")
        return self.cleaned_data


def page(model_admin: ModelAdmin[Any], request: HttpRequest, object_id: str) -> HttpResponse:
    """Show the history of a thing, also of one that has been deleted, to whoever may view it."""
    if request.method not in READ:
        return HttpResponseNotAllowed(READ)
    number = _number(request)
    key = unquote(object_id)
    obj = model_admin.get_object(request, key) if is_key(key) else None
    if not model_admin.has_view_or_change_permission(request, obj):
        raise PermissionDenied
    opts = model_admin.model._meta
    missing = f"There is no {opts.verbose_name} “{truncatechars(key, LONGEST_ECHO)}”."
    if not is_key(key):
        raise Http404(missing)
    thing = thing_of(model_admin.model, int(key), obj)
    found = happenings(thing, page=model_admin, request=request, obj=obj)
    if obj is None and not found:
        raise Http404(missing)
    people = _people(found)
    form = Asked(request.GET, people=_choices(found, people))
    chosen = _chosen(found, form, people) if form.is_valid() else []
    if (number - 1) * PER_PAGE >= max(len(chosen), 1):
        raise Http404(f"This history has no page {number}.")
    shown = chosen[(number - 1) * PER_PAGE : number * PER_PAGE]
    events = told(shown, thing, people)
    name = _name(thing, obj)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"History of {name}",
        "name": name,
        "opts": opts,
        "module_name": capfirst(str(opts.verbose_name_plural)),
        "object": obj,
        "gone": "" if obj is not None else _gone(thing, str(opts.verbose_name)),
        "form": form,
        "events": events,
        "any": bool(found),
        "is_filtered": bool(form.changed_data),
        "total": len(chosen),
        "first": (number - 1) * PER_PAGE + 1,
        "last": (number - 1) * PER_PAGE + len(events),
        "newer_url": _page_url(request, number - 1) if number > 1 else "",
        "older_url": _page_url(request, number + 1) if number * PER_PAGE < len(chosen) else "",
        "revise_url": _revise_url(obj, request.user),
    }
    request.current_app = model_admin.admin_site.name
    status = 200 if form.is_valid() else 400
    return TemplateResponse(request, "admin/evidence/history.html", context, status=status)


def address_of(entry: LogEntry, model_admins: Mapping[Any, Any]) -> str:
    """Return where the history of what an entry is about is read; "" where it has no page."""
    model = model_of(entry)
    if model is None or model not in model_admins:
        return ""
    return address(model, "history", args=[entry.object_pk])


# --- What is asked --------------------------------------------------------------------------------


def _number(request: HttpRequest) -> int:
    for name, values in request.GET.lists():
        if name not in FILTERS and name not in CARRIED:
            raise BadRequest(
                f"A history has no filter “{truncatechars(name, LONGEST_ECHO)}”. It has: "
                f"{', '.join(FILTERS)}."
            )
        if len(values) > 1:
            raise BadRequest(f"“{name}” is given more than once.")
    number = request.GET.get("page", "1")
    if not is_key(number) or int(number) < 1:
        raise BadRequest(f"“{truncatechars(number, LONGEST_ECHO)}” is no number of a page.")
    return int(number)


def _people(found: Sequence[Happening]) -> Mapping[int, str]:
    people = get_user_model()._default_manager.in_bulk({one.who for one in found if one.who})
    return {key: person.get_username() for key, person in people.items()}


def _choices(found: Sequence[Happening], people: Mapping[int, str]) -> dict[str, str]:
    names = {name: name for name in sorted(people.values())}
    return names | ({PROGRAM: THE_PROGRAM} if any(one.who is None for one in found) else {})


def _chosen(found: Sequence[Happening], form: Asked, people: Mapping[int, str]) -> list[Happening]:
    by = form.cleaned_data["by"]
    first = form.cleaned_data["from"] or dt.date.min
    last = form.cleaned_data["to"] or dt.date.max
    return [
        one
        for one in found
        if first <= one.at.date() <= last
        and (not by or (PROGRAM if one.who is None else people.get(one.who)) == by)
    ]


def _page_url(request: HttpRequest, number: int) -> str:
    asked = {name: request.GET[name] for name in FILTERS[:-1] if request.GET.get(name)}
    return f"?{urlencode(asked | {'page': number})}"


# --- What is shown --------------------------------------------------------------------------------


def _name(thing: Thing, obj: Any) -> str:
    if thing.record is not None:
        return f"{thing.model.KIND}{thing.record}"  # type: ignore[attr-defined]
    if obj is not None:
        return str(obj)
    entry = LogEntry.objects.get_for_model(thing.model).filter(object_id=thing.pk).first()
    return entry.object_repr if entry else f"{thing.model._meta.verbose_name} {thing.pk}"


def _gone(thing: Thing, kind: str) -> str:
    if thing.record is None:
        return f"This {kind} has been deleted. What happened to it is still here."
    return "This draft has been discarded. What happened to it and to its record is still here."


def _revise_url(obj: Any, person: Any) -> str:
    if not isinstance(obj, Edition) or why_not(Move.REVISE, obj, by=person):
        return ""
    try:
        return address(type(obj), "revise", args=[obj.pk])
    except NoReverseMatch:
        return ""
