"""Relations in forms: chosen by typing, never from a long list, and proof against any value.

Django's own autocomplete answers 500 to a value that is no key, both when a form is opened with
one in its address and when it is sent with one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest

# In an address: choose from plain lists, for whoever has no scripts.
LISTS = "_lists"
# A list of more rows than this is no list any more; what is chosen already is always in it.
MOST_LISTED = 2_000
# Eighteen digits stay below what a database holds in a key.
KEY = re.compile(r"[0-9]{1,18}", re.ASCII)


def address_with_lists(request: HttpRequest) -> str:
    """Return the query under which this very form offers lists; empty where it does already."""
    if LISTS in request.GET:
        return ""
    query = request.GET.copy()
    query[LISTS] = "1"
    return f"?{query.urlencode()}"


def is_key(value: object) -> bool:
    """Say whether a text can be a row's key."""
    return KEY.fullmatch(str(value)) is not None


class _OnlyKeys:
    """Leave what is no key out of the options; the field's own check then says what is wrong."""

    def optgroups(self, name: str, value: Iterable[Any], attr: Any = None) -> Any:
        return super().optgroups(name, [v for v in value if is_key(v)], attr)  # type: ignore[misc]


class OneByTyping(_OnlyKeys, AutocompleteSelect):
    """A choice of one row, found by typing."""


class SeveralByTyping(_OnlyKeys, AutocompleteSelectMultiple):
    """A choice of several rows, found by typing."""


class _FromList:
    """Offer every row in the order of its own list, as typing would, and what is chosen already."""

    choices: Any

    def optgroups(self, name: str, value: Iterable[Any], attrs: Any = None) -> Any:
        chosen = [one for one in value if is_key(one)]
        rows, field = self.choices.queryset, self.choices.field
        merged = any(one.name == "merged_into" for one in rows.model._meta.fields)
        offered = list((rows.filter(merged_into=None) if merged else rows)[:MOST_LISTED])
        there = {row.pk for row in offered}
        # Bounded as what is sent is: a form has at most a thousand values.
        offered += [row for row in rows.filter(pk__in=chosen) if row.pk not in there]
        empty = [] if field.empty_label is None else [("", field.empty_label)]
        self.choices = [*empty, *((row.pk, field.label_from_instance(row)) for row in offered)]
        try:
            return super().optgroups(name, chosen or [""], attrs)  # type: ignore[misc]
        finally:
            self.choices = field.choices


class OneFromList(_FromList, forms.Select):
    """A choice of one row out of all."""


class SeveralFromList(_FromList, forms.SelectMultiple):
    """A choice of several rows out of all."""


class SeveralRows(forms.ModelMultipleChoiceField):
    """Several rows, refusing what cannot be a key before the database sees it."""

    def clean(self, value: Any) -> Any:
        """Return the chosen rows, or say which value is none."""
        for one in value or ():
            if not is_key(one):
                raise ValidationError(
                    self.error_messages["invalid_pk_value"],
                    code="invalid_pk_value",
                    params={"pk": one},
                )
        return super().clean(value)


class ByTyping(BaseModelAdmin):
    """An admin, or a table inside one, whose every relation is chosen by typing."""

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        """Return every relation that a form can hold, so that none can be forgotten."""
        return [
            field.name
            for field in (*self.opts.fields, *self.opts.local_many_to_many)
            if field.is_relation and field.editable and field.related_model in self._sites_models()
        ]

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Offer to add and to change beside a relation, never to delete."""
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if hasattr(getattr(formfield, "widget", None), "can_delete_related"):
            formfield.widget.can_delete_related = False  # type: ignore[union-attr]
        return formfield

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Choose one row by typing."""
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", self._choice(db_field, request))
            kwargs.setdefault("queryset", self._rows(db_field, request))
        formfield: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        label = getattr(self._sites_models().get(db_field.related_model), "label", None)
        if formfield is not None and label is not None:
            formfield.label_from_instance = label
        return formfield

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Choose several rows by typing."""
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", self._choice(db_field, request))
            kwargs.setdefault("queryset", self._rows(db_field, request))
            kwargs.setdefault("form_class", SeveralRows)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def _choice(self, db_field: Any, request: HttpRequest) -> forms.Widget:
        if LISTS in request.GET:
            return SeveralFromList() if db_field.many_to_many else OneFromList()
        by_typing = SeveralByTyping if db_field.many_to_many else OneByTyping
        return by_typing(db_field, self.admin_site)

    def _rows(self, db_field: Any, request: HttpRequest) -> models.QuerySet[Any]:
        # The other admin's rows come with what their names are made of: one query, not three.
        return self.admin_site._registry[db_field.related_model].get_queryset(request)

    def _sites_models(self) -> Any:
        return self.admin_site._registry
