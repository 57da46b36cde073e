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

# Eighteen digits stay below what a database holds in a key.
KEY = re.compile(r"[0-9]{1,18}", re.ASCII)


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
            kwargs.setdefault("widget", OneByTyping(db_field, self.admin_site))
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
            kwargs.setdefault("widget", SeveralByTyping(db_field, self.admin_site))
            kwargs.setdefault("queryset", self._rows(db_field, request))
            kwargs.setdefault("form_class", SeveralRows)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def _rows(self, db_field: Any, request: HttpRequest) -> models.QuerySet[Any]:
        # The other admin's rows come with what their names are made of: one query, not three.
        return self.admin_site._registry[db_field.related_model].get_queryset(request)

    def _sites_models(self) -> Any:
        return self.admin_site._registry
